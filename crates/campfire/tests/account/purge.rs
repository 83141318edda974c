//! Purge of deleted rooms and of messages of banned people.

use serde_json::json;

use super::support::TestServer;
use super::{
    PERSONAL, count, create_closed_room, database, eventually, next_event_of_type, post_in,
    rooms_of,
};

/// Inserts more messages than one purge transaction deletes.
fn fill(server: &TestServer, room: i64, author: i64, messages: i64) {
    database(server)
        .execute_batch(&format!(
            "BEGIN;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})
             INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at)
             SELECT {room}, {author}, 'filled-' || i, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM n;
             INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
             SELECT 'body', '<div>filled</div>', 'Message', id, created_at, updated_at FROM messages WHERE client_message_id LIKE 'filled-%';
             INSERT INTO message_search_index (rowid, body) SELECT id, 'filled' FROM messages WHERE client_message_id LIKE 'filled-%';
             COMMIT;"
        ))
        .expect("filled");
}

const LEFT: &str = "SELECT (SELECT count(*) FROM messages WHERE room_id = 2) + (SELECT count(*) FROM memberships WHERE room_id = 2)
    + (SELECT count(*) FROM rooms WHERE id = 2) + (SELECT count(*) FROM campfire_deleted_rooms)
    + (SELECT count(*) FROM action_text_rich_texts) + (SELECT count(*) FROM message_search_index) + (SELECT count(*) FROM boosts)
    + (SELECT count(*) FROM campfire_bookmarks) + (SELECT count(*) FROM campfire_notices) + (SELECT count(*) FROM campfire_deleted_messages)";

#[tokio::test]
async fn deleting_a_room_deletes_its_contents() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (grace, alan) = (server.join(&ada, "grace").await, server.join(&ada, "alan").await);
    let room = create_closed_room(&grace, "Annex", &[1]).await;
    let message = post_in(&ada, room, "to be purged").await.json(201);
    let gone = post_in(&ada, room, "deleted before").await.json(201);
    ada.delete(&format!("/api/v1/rooms/{room}/messages/{}", gone["id"])).await;
    grace
        .post(&format!("/api/v1/messages/{}/boosts", message["id"]), json!({ "content": "👍" }))
        .await
        .json(201);
    grace.put(&format!("/api/v1/messages/{}/bookmark", message["id"]), json!({})).await.json(200);
    let (mut inside, mut outside) =
        (ada.subscribe(&[PERSONAL]).await, alan.subscribe(&[PERSONAL]).await);
    assert_eq!(grace.delete(&format!("/api/v1/rooms/{room}")).await.status, 204);
    assert_eq!(next_event_of_type(&mut inside, "room.removed").await["room_id"], room);
    assert_eq!(count(&server, LEFT), 0);
    assert_eq!(post_in(&ada, room, "too late").await.status, 404);
    assert_eq!(
        ada.post(&format!("/api/v1/rooms/{room}/messages/{}/restore", gone["id"]), json!({}))
            .await
            .status,
        404
    );
    assert_eq!(grace.get("/api/v1/bookmarks").await.json(200), json!([]));
    // Non-members receive no event.
    ada.post("/api/v1/rooms", json!({ "type": "open", "name": "Later" })).await.json(201);
    let events = super::events_until(&mut outside, |event| event["room"]["name"] == "Later").await;
    assert!(
        events.iter().all(|event| event["room"]["id"] != room && event["room_id"] != room),
        "{events:?}"
    );
    let audit = ada.get("/api/v1/audit").await.json(200);
    let entry = audit
        .as_array()
        .expect("a list")
        .iter()
        .find(|entry| entry["action"] == "room.deleted")
        .expect("noted")
        .clone();
    assert_eq!(
        (&entry["actor"]["name"], &entry["subject"]),
        (&json!("grace"), &json!({ "type": "room", "id": room, "name": "Annex" }))
    );
}

#[tokio::test]
async fn a_large_room_disappears_immediately_and_is_purged_later() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    ada.post("/api/v1/rooms", json!({ "type": "open", "name": "Long" })).await.json(201);
    fill(&server, 2, 1, 350);
    assert_eq!(ada.delete("/api/v1/rooms/2").await.status, 204);
    assert_eq!(rooms_of(&ada).await, [1]);
    let grace = server.join(&ada, "grace").await;
    assert_eq!(rooms_of(&grace).await, [1], "new people do not join rooms that are being deleted");
    eventually("all rows are deleted", async || count(&server, LEFT) == 0).await;
}

#[tokio::test]
async fn purging_continues_after_a_restart() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    ada.post("/api/v1/rooms", json!({ "type": "open", "name": "Long" })).await.json(201);
    let grace = server.join(&ada, "grace").await;
    grace.post_message("spam").await;
    let storage = server.stop().await;
    // The state after a crash: marked as deleted, but nothing purged yet.
    rusqlite::Connection::open(storage.path().join("db/production.sqlite3"))
        .expect("opens")
        .execute_batch(
            "UPDATE users SET status = 2 WHERE id = 2;
             INSERT INTO campfire_banned_authors VALUES (2, '2026-01-01 00:00:00.000000');
             DELETE FROM memberships WHERE room_id = 2;
             INSERT INTO campfire_deleted_rooms VALUES (2, '2026-01-01 00:00:00.000000');",
        )
        .expect("decided");
    let server = TestServer::start_on(storage).await;
    eventually("the rest is removed", async || count(&server, LEFT) == 0).await;
    assert_eq!(count(&server, "SELECT count(*) FROM campfire_banned_authors"), 0);
}

#[tokio::test]
async fn banning_deletes_messages_and_publishes_each_deletion() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    fill(&server, 1, 2, 250);
    let last = grace.post_message("the last word").await;
    let kept = ada.post_message("messages of others stay").await;
    let mut room = ada.subscribe(&[super::support::ROOM]).await;
    assert_eq!(ada.post("/api/v1/users/2/ban", json!({})).await.status, 204);
    let mut gone = std::collections::BTreeSet::new();
    while gone.len() < 251 {
        let event = next_event_of_type(&mut room, "message.removed").await;
        assert!(
            gone.insert(event["message_id"].as_i64().expect("an integer")),
            "each deletion is published once"
        );
    }
    assert!(gone.contains(&last["id"].as_i64().expect("an integer")));
    assert_eq!(ada.message_texts("").await, [kept["body"]["plain"].as_str().expect("text")]);
    assert_eq!(count(&server, "SELECT count(*) FROM message_search_index"), 1);
    assert_eq!(count(&server, "SELECT count(*) FROM campfire_banned_authors"), 0);
}
