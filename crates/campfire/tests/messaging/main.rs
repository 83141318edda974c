//! Everything that can be done with a message after it was said, through the real router, database
//! and sockets.

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

/// A person's own news.
const PERSONAL: &str = r#"{"channel":"RoomsChannel"}"#;

/// The address of a message of the first room.
fn path(message: &Value) -> String {
    format!("/api/v1/rooms/1/messages/{}", message["id"])
}

/// A body in the editor's HTML that mentions somebody.
async fn mention(of: &Client, name: &str) -> String {
    let found = of.get(&format!("/api/v1/users?query={name}")).await.json(200);
    let sgid = found[0]["sgid"].as_str().expect("a signed id");
    let attachment = json!({ "sgid": sgid, "contentType": "application/vnd.campfire.mention", "content": "<span>x</span>" }).to_string();
    format!("<div>hello <figure data-trix-attachment='{attachment}'></figure></div>")
}

/// A body that answers a message of the first room.
fn reply_to(message: &Value, words: &str) -> String {
    let id = &message["id"];
    format!(
        "<blockquote>what was said</blockquote><cite>Somebody <a href=\"/rooms/1/@{id}\">#</a></cite><br>{words}"
    )
}

async fn post_html(person: &Client, body: &str) -> Value {
    person.post("/api/v1/rooms/1/messages", json!({ "body": body })).await.json(201)
}

/// What the next event on this socket says. Who joined just now is let pass: it may still be told
/// when the socket is open.
async fn next_event(socket: &mut CableClient) -> Value {
    loop {
        let event = socket.next().await["message"].take();
        if event["type"] != "user.updated" && event["type"] != "room.updated" {
            return event;
        }
    }
}

/// The next event of this type. A socket that was opened just now may still hear of what was
/// answered before.
async fn next_event_of_type(socket: &mut CableClient, kind: &str) -> Value {
    loop {
        let event = next_event(socket).await;
        if event["type"] == kind {
            return event;
        }
    }
}

/// The database after the server has let go of it.
async fn database(server: TestServer) -> (rusqlite::Connection, std::sync::Arc<tempfile::TempDir>) {
    let storage = server.stop().await;
    (
        rusqlite::Connection::open(storage.path().join("db/production.sqlite3")).expect("opens"),
        storage,
    )
}
