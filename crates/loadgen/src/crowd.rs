//! What people wait for in a large house: five thousand people and five hundred rooms, of which the
//! one who asks is in all.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::Outcome;
use crate::client::Client;
use crate::numbers::percentile;
use crate::server::Server;
use crate::world::{World, sentence};

/// People on the account.
pub const PEOPLE: usize = 5_000;
/// Rooms besides the first: a hundred open to all, three hundred of forty people, a hundred direct
/// ones.
const OPEN: i64 = 100;
const CLOSED: i64 = 300;
const DIRECT: i64 = 100;
/// Messages in each room, two pages and a bit.
const MESSAGES: u32 = 100;
/// Times each thing is asked for.
const ASKED: usize = 200;

/// How long one thing took.
pub struct Waited {
    /// What was asked for.
    pub what: &'static str,
    /// Half of the answers came within this time.
    pub p50: Duration,
    /// All but one in a hundred did.
    pub p99: Duration,
    /// Bytes of an answer, as they were sent.
    pub bytes: usize,
}

/// Builds the house and asks for what a person sees in it, one request after the other. The one who
/// asks is in all rooms; `{room}` is one of them, `{open}` one that everybody is in.
pub async fn run(program: &Path) -> Outcome<Vec<Waited>> {
    let world = World::create(program, PEOPLE).await?;
    furnish(&world)?;
    let server = Server::start(program, world.storage.path()).await?;
    let mut client = Client::connect(server.address, &world.tokens[1]).await?;
    let mut administrator = Client::connect(server.address, &world.tokens[0]).await?;
    let mut waited = Vec::new();
    for (what, path, at_least) in [
        ("the sidebar: 501 rooms", "/api/v1/rooms", 100_000),
        ("switching to another room: its page", "/api/v1/rooms/{room}/messages", 10_000),
        ("switching to another room: the room itself", "/api/v1/rooms/{room}", 100),
        ("suggestions for a mention, nothing typed", "/api/v1/users?room_id=1&limit=20", 1_000),
        (
            "suggestions for a mention, after two letters",
            "/api/v1/users?room_id=1&query=n%20{digit}&limit=20",
            1_000,
        ),
        ("members of an open room: 5000", "/api/v1/rooms/{open}/members", 500_000),
    ] {
        waited.push(ask(&mut client, what, at_least, path).await?);
    }
    let people = "/api/v1/users?limit=100&status=all&query={digit}";
    waited.push(ask(&mut administrator, "a part of the people list", 10_000, people).await?);
    server.stop().await?;
    Ok(waited)
}

async fn ask(
    client: &mut Client,
    what: &'static str,
    at_least: usize,
    path: &str,
) -> Outcome<Waited> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for number in 0..ASKED as i64 {
        let path = path
            .replace("{room}", &(2 + number * 7 % (OPEN + CLOSED)).to_string())
            .replace("{open}", &(2 + number % OPEN).to_string())
            .replace("{digit}", &(number % 10).to_string());
        let begun = Instant::now();
        let answer = client.get(&path).await?;
        times.push(begun.elapsed());
        bytes = bytes.max(answer.body.len());
        if answer.status != 200 {
            return Err(format!("{what}: {path} answered {}", answer.status).into());
        }
    }
    if bytes < at_least {
        return Err(format!("{what}: at most {bytes} bytes, which cannot be right").into());
    }
    times.sort_unstable();
    Ok(Waited { what, p50: percentile(&times, 50), p99: percentile(&times, 99), bytes })
}

/// Rooms, their people and some messages in each.
fn furnish(world: &World) -> Outcome<()> {
    let mut conn = Connection::open(world.database())?;
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")?;
    let tx = conn.transaction()?;
    let at = "2026-01-01 00:00:00.000000";
    let people = i64::try_from(PEOPLE)?;
    {
        let mut room =
            tx.prepare("INSERT INTO rooms (id, name, type, creator_id, created_at, updated_at) VALUES (?1, ?2, ?3, 1, ?4, ?4)")?;
        let mut join = tx.prepare(
            "INSERT OR IGNORE INTO memberships (room_id, user_id, involvement, created_at, updated_at) VALUES (?1, ?2, 'mentions', ?3, ?3)",
        )?;
        for id in 2..2 + OPEN + CLOSED + DIRECT {
            let kind = id - 2;
            let (word, named) = match kind {
                _ if kind < OPEN => ("Rooms::Open", true),
                _ if kind < OPEN + CLOSED => ("Rooms::Closed", true),
                _ => ("Rooms::Direct", false),
            };
            room.execute(params![id, named.then(|| format!("Room {id}")), word, at])?;
            let members: Vec<i64> = match word {
                "Rooms::Open" => (1..=people).collect(),
                "Rooms::Closed" => {
                    (0..40).map(|n| 1 + (id * 37 + n * 101) % people).chain([1, 2]).collect()
                }
                _ => vec![2, 3 + id],
            };
            for member in members {
                join.execute(params![id, member, at])?;
            }
        }
        let mut message = tx.prepare(
            "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, strftime('%Y-%m-%d %H:%M:%f000', 1700000000 + ?4, 'unixepoch'), ?5)",
        )?;
        let mut text = tx.prepare(
            "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
             VALUES ('body', ?1, 'Message', ?2, ?3, ?3)",
        )?;
        for number in 0..MESSAGES {
            for id in 2..2 + OPEN + CLOSED + DIRECT {
                let author =
                    if id - 2 < OPEN { 1 + (i64::from(number) * 131 + id) % people } else { 2 };
                message.execute(params![
                    id,
                    author,
                    format!("crowd-{id}-{number}"),
                    i64::from(number) * 60 + id,
                    at
                ])?;
                text.execute(params![
                    format!("<div>{}</div>", sentence(number)),
                    tx.last_insert_rowid(),
                    at
                ])?;
            }
        }
    }
    tx.commit()?;
    Ok(())
}
