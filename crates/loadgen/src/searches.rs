//! Search latency among many messages: in all rooms, in few rooms, and in rooms that the person is
//! not a member of. Compared with the query of Campfire (Rails) on the same database, without HTTP.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, params};

use crate::Result;
use crate::client::Client;
use crate::fixture::{Fixture, sentence};
use crate::server::Server;
use crate::statistics::percentile;

/// Rooms besides the first.
const ROOMS: u32 = 50;
/// Messages per transaction when the database is filled.
const BATCH: u32 = 100_000;
/// Searches of each kind.
const SEARCHES: usize = 200;
/// Runs of Campfire's query, which may take a second each.
const REFERENCE_SEARCHES: usize = 5;
/// Messages with the rare word.
const RARE: u32 = 20;

/// One kind of search.
pub struct Kind {
    pub name: &'static str,
    /// Who searches, as an index of the fixture's tokens. The first is in all rooms, the second in
    /// two small ones, the third in a fifth of all rooms, the fourth in none with messages.
    person: usize,
    words: &'static [&'static str],
    /// The number of messages found.
    finds: usize,
}

const COMMON: &[&str] =
    &["river", "lantern", "quiet", "harbour", "copper", "meadow", "signal", "velvet"];

pub const KINDS: [Kind; 7] = [
    Kind { name: "rare word", person: 0, words: &["quasar"], finds: RARE as usize },
    Kind { name: "common word, in all rooms", person: 0, words: COMMON, finds: 100 },
    Kind {
        name: "prefix of a common word",
        person: 0,
        words: &["lanter", "harbo", "thund", "orcha"],
        finds: 100,
    },
    Kind {
        name: "common word, by a member of two of fifty rooms",
        person: 1,
        words: COMMON,
        finds: 100,
    },
    Kind {
        name: "word in 1 % of all messages, only in other rooms",
        person: 2,
        words: &["obsidian"],
        finds: 0,
    },
    Kind {
        name: "word in a fifth of all messages, only in other rooms",
        person: 2,
        words: &["basalt"],
        finds: 0,
    },
    Kind {
        name: "common word, by a member of no room with messages",
        person: 3,
        words: COMMON,
        finds: 0,
    },
];

/// Adds messages, spread at random over fifty rooms.
pub fn fill(fixture: &Fixture, messages: u32) -> Result<()> {
    let mut conn = Connection::open(fixture.database())?;
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")?;
    let at = "2026-01-01 00:00:00.000000";
    conn.execute("DELETE FROM memberships WHERE user_id IN (2, 3, 4)", [])?;
    let join = "INSERT INTO memberships (room_id, user_id, involvement, created_at, updated_at) VALUES (?1, ?2, 'mentions', ?3, ?3)";
    conn.execute(
        "INSERT INTO rooms (id, name, type, creator_id, created_at, updated_at) VALUES (1000, 'Empty', 'Rooms::Closed', 1, ?1, ?1)",
        [at],
    )?;
    conn.execute(join, params![1000, 4, at])?;
    for room in 2..2 + ROOMS {
        conn.execute(
            "INSERT INTO rooms (id, name, type, creator_id, created_at, updated_at) VALUES (?1, 'Room ' || ?1, 'Rooms::Closed', 1, ?2, ?2)",
            params![room, at],
        )?;
        let members: &[u32] = match room {
            2 | 3 => &[1, 2],
            4..=13 => &[1, 3],
            _ => &[1],
        };
        members
            .iter()
            .try_for_each(|member| conn.execute(join, params![room, member, at]).map(drop))?;
    }
    for start in (0..messages).step_by(BATCH as usize) {
        let tx = conn.transaction()?;
        {
            let mut message = tx.prepare(
                "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at)
                 VALUES (?3, 1, ?1, strftime('%Y-%m-%d %H:%M:%f000', 1600000000 + ?2, 'unixepoch'), '2026-01-01 00:00:00.000000')",
            )?;
            let mut text = tx.prepare(
                "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
                 VALUES ('body', ?1, 'Message', ?2, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
            )?;
            let mut index =
                tx.prepare("INSERT INTO message_search_index (rowid, body) VALUES (?1, ?2)")?;
            for number in start..messages.min(start + BATCH) {
                let random =
                    number.wrapping_mul(2_246_822_519).rotate_left(13).wrapping_mul(3_266_489_917)
                        >> 8;
                let room = 2 + random % ROOMS;
                let mut words = sentence(number);
                if number % (messages / RARE) == 0 {
                    words.push_str(" quasar");
                }
                if room > 13 && random % 100 < 33 {
                    words.push_str(" basalt");
                }
                if room > 13 && (random >> 12) % 100 == 0 {
                    words.push_str(" obsidian");
                }
                message.execute(params![format!("fill-{number}"), number, room])?;
                let id = tx.last_insert_rowid();
                text.execute(params![format!("<div>{words}</div>"), id])?;
                index.execute(params![id, words])?;
            }
        }
        tx.commit()?;
    }
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

/// Response times of one kind of search.
pub struct Latency {
    pub p50: Duration,
    pub p99: Duration,
}

/// Searches over HTTP and checks the number of messages in each response.
pub async fn measure(server: &Server, fixture: &Fixture, kind: &Kind) -> Result<Latency> {
    let mut client = Client::connect(server.address, &fixture.tokens[kind.person]).await?;
    let mut times = Vec::new();
    for index in 0..SEARCHES {
        let path = format!("/api/v1/searches?q={}", kind.words[index % kind.words.len()]);
        let start = Instant::now();
        let response = client.get(&path).await?;
        times.push(start.elapsed());
        let found = response.json(&[200])?.as_array().map_or(0, Vec::len);
        if found != kind.finds {
            return Err(format!(
                "{}: {path} found {found} messages instead of {}",
                kind.name, kind.finds
            )
            .into());
        }
    }
    times.sort_unstable();
    Ok(Latency { p50: percentile(&times, 50), p99: percentile(&times, 99) })
}

/// Runs Campfire's query: all matches joined with the memberships, ordered by timestamp.
pub fn measure_reference(database: &Path, kind: &Kind) -> Result<Duration> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = conn.prepare(
        "SELECT m.id, m.room_id, m.created_at, t.body FROM messages m
         JOIN message_search_index i ON i.rowid = m.id
         JOIN memberships s ON s.room_id = m.room_id AND s.user_id = ?1
         LEFT JOIN action_text_rich_texts t ON t.record_type = 'Message' AND t.record_id = m.id AND t.name = 'body'
         WHERE message_search_index MATCH ?2 ORDER BY m.created_at DESC LIMIT 100",
    )?;
    let mut times = Vec::new();
    for index in 0..REFERENCE_SEARCHES {
        let word = kind.words[index % kind.words.len()];
        let word =
            if kind.name.starts_with("prefix") { format!("{word}*") } else { word.to_owned() };
        let start = Instant::now();
        let found = statement
            .query_map(params![kind.person + 1, word], |row| row.get::<_, i64>(0))?
            .count();
        times.push(start.elapsed());
        if found != kind.finds {
            return Err(format!(
                "{}: Campfire's query found {found} messages instead of {}",
                kind.name, kind.finds
            )
            .into());
        }
    }
    times.sort_unstable();
    Ok(percentile(&times, 50))
}
