//! The account with its people and rooms, on the running server.

mod access_revocation;
mod bot_keys;
mod cli;
mod direct_rooms;
mod links;
mod problems;
mod profile;
mod purge;
mod roles_and_bans;
mod rooms;
mod settings;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use support::{BlockedWriter, CableClient, Client, TestServer, eventually};

/// The cable identifier of a person's own events.
const PERSONAL: &str = r#"{"channel":"RoomsChannel"}"#;

/// Creates a closed room of its creator and these people, and returns its ID.
async fn create_closed_room(creator: &Client, name: &str, users: &[i64]) -> i64 {
    let room = creator
        .post("/api/v1/rooms", json!({ "type": "closed", "name": name, "user_ids": users }))
        .await
        .json(201);
    room["id"].as_i64().expect("an integer")
}

async fn post_in(person: &Client, room: i64, text: &str) -> support::Response {
    person.post(&format!("/api/v1/rooms/{room}/messages"), json!({ "text": text })).await
}

async fn rooms_of(person: &Client) -> Vec<i64> {
    let rooms = person.get("/api/v1/rooms").await.json(200);
    rooms.as_array().expect("a list").iter().filter_map(|room| room["id"].as_i64()).collect()
}

async fn next_event(socket: &mut CableClient) -> Value {
    socket.next().await["message"].take()
}

/// The events up to and including the first one for which `last` is true. A new connection may
/// still receive events of earlier requests, such as of people who joined.
async fn events_until(socket: &mut CableClient, last: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        let event = next_event(socket).await;
        assert!(!event.is_null(), "the socket closed before it: {events:?}");
        let done = last(&event);
        events.push(event);
        if done {
            return events;
        }
    }
}

/// The next event of this type; skips others.
async fn next_event_of_type(socket: &mut CableClient, kind: &str) -> Value {
    loop {
        let event = socket.next().await;
        assert!(!event.is_null(), "the socket closed before {kind}");
        if event["message"]["type"] == kind {
            return event["message"].clone();
        }
        if event["type"] == kind {
            return event;
        }
    }
}

/// Signs in on another device.
async fn another_device(server: &TestServer, email: &str, password: &str) -> Client {
    let response = server
        .anonymous()
        .post("/api/v1/session", json!({ "email_address": email, "password": password }))
        .await;
    assert_eq!(response.status, 201, "{}", response.text());
    with_cookie(server, &response)
}

fn with_cookie(server: &TestServer, response: &support::Response) -> Client {
    let cookie = response.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    Client { address: server.address(), cookie }
}

/// A second connection to the server's database, as another program might have.
fn database(server: &TestServer) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(server.storage.path().join("db/production.sqlite3"))
        .expect("opens");
    conn.busy_timeout(std::time::Duration::from_secs(5)).expect("set");
    conn
}

fn count(server: &TestServer, sql: &str) -> i64 {
    database(server).query_row(sql, [], |row| row.get(0)).expect("counts")
}
