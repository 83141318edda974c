//! Everything that can be done with a message after it was said, through the real router, database and sockets.

mod bookmarks;
mod boosts;
mod changes;
mod inbox;
mod interleaving;
mod live;
mod people;
mod restoring;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use support::{Person, Socket, TestServer};

/// A person's own news.
const PERSONAL: &str = r#"{"channel":"RoomsChannel"}"#;

/// The address of a message of the first room.
fn path(message: &Value) -> String {
    format!("/api/v1/rooms/1/messages/{}", message["id"])
}

/// A body in the editor's HTML that mentions somebody.
async fn mention(of: &Person, name: &str) -> String {
    let found = of.get(&format!("/api/v1/users?query={name}")).await.json(200);
    let sgid = found[0]["sgid"].as_str().expect("a signed id");
    let attachment = json!({ "sgid": sgid, "contentType": "application/vnd.campfire.mention", "content": "<span>x</span>" }).to_string();
    format!("<div>hello <figure data-trix-attachment='{attachment}'></figure></div>")
}

/// A body that answers a message of the first room.
fn answer_to(message: &Value, words: &str) -> String {
    let id = &message["id"];
    format!("<blockquote>what was said</blockquote><cite>Somebody <a href=\"/rooms/1/@{id}\">#</a></cite><br>{words}")
}

async fn say_html(person: &Person, body: &str) -> Value {
    person.post("/api/v1/rooms/1/messages", json!({ "body": body })).await.json(201)
}

/// What the next event on this socket says.
async fn heard(socket: &mut Socket) -> Value {
    socket.next().await["message"].take()
}

/// The database after the server has let go of it.
async fn database(server: TestServer) -> (rusqlite::Connection, std::sync::Arc<tempfile::TempDir>) {
    let storage = server.stop().await;
    (rusqlite::Connection::open(storage.path().join("db/production.sqlite3")).expect("opens"), storage)
}
