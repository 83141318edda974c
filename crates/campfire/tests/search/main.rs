//! Search on the running server.

mod indexing;
mod permissions;
mod queries;
mod recent_searches;
mod results;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use support::{Client, TestServer};

/// The path of a search.
fn search_path(query: &str) -> String {
    let mut encoded = String::new();
    for byte in query.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("/api/v1/searches?q={encoded}")
}

async fn search(person: &Client, query: &str) -> Vec<Value> {
    person.get(&search_path(query)).await.json(200).as_array().expect("a list").clone()
}

/// The texts of the results, oldest first.
async fn texts(person: &Client, query: &str) -> Vec<String> {
    search(person, query)
        .await
        .iter()
        .map(|found| found["body"]["plain"].as_str().expect("text").to_owned())
        .collect()
}

/// Another program's connection to the running server's database.
fn external_connection(server: &TestServer) -> rusqlite::Connection {
    rusqlite::Connection::open(server.storage.path().join("db/production.sqlite3")).expect("opens")
}

/// Stores a message as Campfire (Rails) would.
fn store_message(conn: &rusqlite::Connection, room: i64, author: i64, at: &str, text: &str) -> i64 {
    conn.execute(
        "INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at) VALUES (?1, ?2, hex(randomblob(8)), ?3, ?3)",
        (room, author, at),
    )
    .expect("stored");
    let id = conn.last_insert_rowid();
    conn.execute(
        "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at) VALUES ('body', ?1, 'Message', ?2, ?3, ?3)",
        (format!("<div>{text}</div>"), id, at),
    )
    .expect("stored");
    conn.execute("INSERT INTO message_search_index (rowid, body) VALUES (?1, ?2)", (id, text))
        .expect("stored");
    id
}

/// Stores a closed room with these members.
fn store_room(conn: &rusqlite::Connection, name: &str, members: &[i64]) -> i64 {
    let at = "2026-01-01 00:00:00.000000";
    conn.execute("INSERT INTO rooms (name, type, creator_id, created_at, updated_at) VALUES (?1, 'Rooms::Closed', 1, ?2, ?2)", (name, at))
        .expect("stored");
    let room = conn.last_insert_rowid();
    for member in members {
        conn.execute("INSERT INTO memberships (room_id, user_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)", (room, member, at))
            .expect("stored");
    }
    room
}
