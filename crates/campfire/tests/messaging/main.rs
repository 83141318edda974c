//! Edits, boosts, bookmarks, mentions and the inbox on the running server.

mod bookmarks;
mod boosts;
mod edits;
mod event_order;
mod inbox;
mod members;
mod presence;
mod restore;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use support::{CableClient, Client, TestServer};

/// The cable identifier of a person's own events.
const PERSONAL: &str = r#"{"channel":"RoomsChannel"}"#;

/// The path of a message in the first room.
fn path(message: &Value) -> String {
    format!("/api/v1/rooms/1/messages/{}", message["id"])
}

/// The editor's HTML of a message that mentions someone.
async fn mention(of: &Client, name: &str) -> String {
    let found = of.get(&format!("/api/v1/users?query={name}")).await.json(200);
    let sgid = found[0]["sgid"].as_str().expect("a signed id");
    let attachment = json!({ "sgid": sgid, "contentType": "application/vnd.campfire.mention", "content": "<span>x</span>" }).to_string();
    format!("<div>hello <figure data-trix-attachment='{attachment}'></figure></div>")
}

/// The HTML of a reply to a message in the first room.
fn reply_to(message: &Value, words: &str) -> String {
    let id = &message["id"];
    format!(
        "<blockquote>the original</blockquote><cite>Someone <a href=\"/rooms/1/@{id}\">#</a></cite><br>{words}"
    )
}

async fn post_html(person: &Client, body: &str) -> Value {
    person.post("/api/v1/rooms/1/messages", json!({ "body": body })).await.json(201)
}

/// The next event. Skips those of people who joined, which may still arrive on a new connection.
async fn next_event(socket: &mut CableClient) -> Value {
    loop {
        let event = socket.next().await["message"].take();
        if event["type"] != "user.updated" && event["type"] != "room.updated" {
            return event;
        }
    }
}

/// The next event of this type. A new connection may still receive events of earlier requests.
async fn next_event_of_type(socket: &mut CableClient, kind: &str) -> Value {
    loop {
        let event = next_event(socket).await;
        if event["type"] == kind {
            return event;
        }
    }
}

/// Stops the server and opens its database.
async fn database(server: TestServer) -> (rusqlite::Connection, std::sync::Arc<tempfile::TempDir>) {
    let storage = server.stop().await;
    (
        rusqlite::Connection::open(storage.path().join("db/production.sqlite3")).expect("opens"),
        storage,
    )
}
