//! Response times in a large account: five thousand people and five hundred rooms, as seen by
//! a person who is in all of them.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::Result;
use crate::client::Client;
use crate::fixture::{Fixture, sentence};
use crate::server::Server;
use crate::statistics::percentile;

pub const PEOPLE: usize = 5_000;
/// Rooms besides the first: open to all, of forty people each, direct.
const OPEN: i64 = 100;
const CLOSED: i64 = 300;
const DIRECT: i64 = 100;
/// Messages in each room, a little more than two pages.
const MESSAGES: u32 = 100;
/// Requests of each kind.
const REQUESTS: usize = 200;

/// The response times of one kind of request.
pub struct ResponseTimes {
    pub what: &'static str,
    pub p50: Duration,
    pub p99: Duration,
    /// Bytes of the largest response body.
    pub bytes: usize,
}

/// Builds the account and requests what a person sees in it, one request after the other. In the
/// paths `{room}` is one of the person's rooms and `{open}` an open one.
pub async fn run(program: &Path) -> Result<Vec<ResponseTimes>> {
    let fixture = Fixture::create(program, PEOPLE).await?;
    fill(&fixture)?;
    let server = Server::start(program, fixture.storage.path()).await?;
    let mut client = Client::connect(server.address, &fixture.tokens[1]).await?;
    let mut administrator = Client::connect(server.address, &fixture.tokens[0]).await?;
    let mut times = Vec::new();
    for (what, path, at_least) in [
        ("sidebar: 501 rooms", "/api/v1/rooms", 100_000),
        ("switching rooms: page of messages", "/api/v1/rooms/{room}/messages", 10_000),
        ("switching rooms: room", "/api/v1/rooms/{room}", 100),
        ("mention suggestions, nothing typed", "/api/v1/users?room_id=1&limit=20", 1_000),
        (
            "mention suggestions, two letters typed",
            "/api/v1/users?room_id=1&query=n%20{digit}&limit=20",
            1_000,
        ),
        ("members of an open room: 5000", "/api/v1/rooms/{open}/members", 500_000),
    ] {
        times.push(measure(&mut client, what, at_least, path).await?);
    }
    let people = "/api/v1/users?limit=100&status=all&query={digit}";
    times.push(
        measure(&mut administrator, "page of the user list for administrators", 10_000, people)
            .await?,
    );
    server.stop().await?;
    Ok(times)
}

async fn measure(
    client: &mut Client,
    what: &'static str,
    at_least: usize,
    path: &str,
) -> Result<ResponseTimes> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for index in 0..REQUESTS as i64 {
        let path = path
            .replace("{room}", &(2 + index * 7 % (OPEN + CLOSED)).to_string())
            .replace("{open}", &(2 + index % OPEN).to_string())
            .replace("{digit}", &(index % 10).to_string());
        let start = Instant::now();
        let response = client.get(&path).await?;
        times.push(start.elapsed());
        bytes = bytes.max(response.body.len());
        if response.status != 200 {
            return Err(format!("{what}: {path} has status {}", response.status).into());
        }
    }
    if bytes < at_least {
        return Err(format!("{what}: only {bytes} bytes").into());
    }
    times.sort_unstable();
    Ok(ResponseTimes { what, p50: percentile(&times, 50), p99: percentile(&times, 99), bytes })
}

/// Adds the rooms with their members and messages.
fn fill(fixture: &Fixture) -> Result<()> {
    let mut conn = Connection::open(fixture.database())?;
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
            let (class, is_named) = match kind {
                _ if kind < OPEN => ("Rooms::Open", true),
                _ if kind < OPEN + CLOSED => ("Rooms::Closed", true),
                _ => ("Rooms::Direct", false),
            };
            room.execute(params![id, is_named.then(|| format!("Room {id}")), class, at])?;
            let members: Vec<i64> = match class {
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
                    format!("large-{id}-{number}"),
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
