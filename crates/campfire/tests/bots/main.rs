//! Bots: their administration, Campfire's routes for bots, the Slack-compatible hook, and the
//! guide's examples.

#[path = "../support/mod.rs"]
mod support;

mod administration;
mod campfire_examples;
mod guide;
mod routes;
mod slack_hook;

use std::process::Command;

use serde_json::{Value, json};
use support::{Client, Response, TestServer};

/// A bot that an administrator has created.
struct Bot {
    id: i64,
    key: String,
}

/// Creates a bot as an administrator.
async fn create_bot(admin: &Client, name: &str) -> Bot {
    let bot = admin.post("/api/v1/bots", json!({ "name": name })).await.json(201);
    Bot {
        id: bot["id"].as_i64().expect("an integer"),
        key: bot["key"].as_str().expect("a key").to_owned(),
    }
}

/// Sends a request as programs do: without a cookie and browser headers, with the form content type
/// of `curl -d`.
async fn request_as_bot(server: &TestServer, method: &str, path: &str, body: &str) -> Response {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "")];
    server.anonymous().request(method, path, Some(body.to_owned()), &headers).await
}

/// A response that curl received.
struct CurlResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl CurlResponse {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// Runs curl on another thread, so that it does not block the server.
async fn curl(arguments: &[&str]) -> CurlResponse {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>();
    let run = move || {
        Command::new("curl").args(["-sS", "-i", "--max-time", "20"]).args(arguments).output()
    };
    let output = tokio::task::spawn_blocking(run)
        .await
        .expect("runs")
        .expect("curl is installed; these tests need it");
    assert!(output.status.success(), "curl: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    CurlResponse { status, headers, body: body.to_owned() }
}

/// Creates a closed room with these people besides its creator, and returns its ID.
async fn create_closed_room(person: &Client, ids: &[i64]) -> i64 {
    let room = person
        .post("/api/v1/rooms", json!({ "type": "closed", "name": "Annex", "user_ids": ids }))
        .await
        .json(201);
    room["id"].as_i64().expect("an integer")
}

/// A second connection to the server's database, as another program might have.
fn database(server: &TestServer) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(server.storage.path().join("db/production.sqlite3"))
        .expect("opens");
    conn.busy_timeout(std::time::Duration::from_secs(5)).expect("set");
    conn
}
