//! Boosts.

use serde_json::json;

use crate::support::{ROOM, TestServer};
use crate::{next_event, next_event_of_type, path};

#[tokio::test]
async fn boosts_are_published_when_added_and_removed() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let message = ada.post_message("good news").await;
    let boosts = format!("/api/v1/messages/{}/boosts", message["id"]);
    ada.get("/api/v1/rooms/1/messages").await.json(200);
    let mut listening = ada.subscribe(&[ROOM]).await;
    let first = grace.post(&boosts, json!({ "content": " 👍 " })).await.json(201);
    assert_eq!(
        (&first["content"], &first["message_id"], &first["booster"]["name"]),
        (&json!("👍"), &message["id"], &json!("grace"))
    );
    assert_eq!(
        next_event_of_type(&mut listening, "boost.created").await,
        json!({ "type": "boost.created", "boost": first })
    );
    let second = grace.post(&boosts, json!({ "content": "👍" })).await.json(201);
    assert_eq!(
        next_event(&mut listening).await,
        json!({ "type": "boost.created", "boost": second })
    );
    assert_eq!(ada.get(&boosts).await.json(200), json!([first, second]));
    let boosted = ada.get(&path(&message)).await.json(200);
    assert_eq!(boosted["boosts"], json!([first, second]));
    assert_eq!(boosted["edited"], false);
    assert_eq!(ada.get("/api/v1/rooms/1/messages").await.json(200), json!([boosted]));
    let own = format!("{boosts}/{}", first["id"]);
    assert_eq!(ada.delete(&own).await.status, 404, "nor do administrators");
    assert_eq!(grace.delete(&own).await.status, 204);
    assert_eq!(
        next_event(&mut listening).await,
        json!({ "type": "boost.removed", "boost_id": first["id"], "message_id": message["id"] })
    );
    assert_eq!(grace.delete(&own).await.status, 404);
    assert_eq!(ada.get("/api/v1/rooms/1/messages").await.json(200)[0]["boosts"], json!([second]));
    let (conn, _storage) = crate::database(server).await;
    let touched: bool = conn
        .query_row(
            "SELECT m.updated_at > b.created_at AND m.updated_at = r.updated_at
             FROM messages m JOIN boosts b ON b.message_id = m.id JOIN rooms r ON r.id = m.room_id",
            [],
            |row| row.get(0),
        )
        .expect("there");
    assert!(touched, "the removal touched the message and its room");
}

#[tokio::test]
async fn invalid_boosts_are_rejected() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let message = ada.post_message("news").await;
    let boosts = format!("/api/v1/messages/{}/boosts", message["id"]);
    for content in [json!(""), json!("  "), json!("12345678901234567"), json!(5), json!(null)] {
        let problem = ada.post(&boosts, json!({ "content": content })).await.json(422);
        assert!(problem["errors"]["content"][0].is_string(), "{content}: {problem}");
    }
    ada.post(&boosts, json!({ "content": "1234567890123456" })).await.json(201);
    assert_eq!(ada.post("/api/v1/messages/99/boosts", json!({ "content": "x" })).await.status, 404);
    assert_eq!(server.anonymous().post(&boosts, json!({ "content": "x" })).await.status, 401);
    assert_eq!(ada.delete(&format!("{boosts}/x")).await.status, 404);
}

#[tokio::test]
async fn boosts_per_message_are_limited() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let message = ada.post_message("news").await;
    let other = ada.post_message("other").await;
    let (conn, storage) = crate::database(server).await;
    conn.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO boosts (message_id, booster_id, content, created_at, updated_at) SELECT 1, 1, 'x', '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM n WHERE i <= 499;
         PRAGMA foreign_keys = OFF;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
         INSERT INTO campfire_bookmarks (user_id, message_id, created_at) SELECT 1, i + 1000, '2026-01-01 00:00:00' FROM n;",
    )
    .expect("filled");
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let ada = crate::support::Client { address: server.address(), ..ada };
    let boosts = format!("/api/v1/messages/{}/boosts", message["id"]);
    ada.post(&boosts, json!({ "content": "last" })).await.json(201);
    assert_eq!(ada.post(&boosts, json!({ "content": "more" })).await.status, 422);
    let bookmark =
        |message: &serde_json::Value| format!("/api/v1/messages/{}/bookmark", message["id"]);
    ada.put(&bookmark(&message), json!({})).await.json(200);
    ada.put(&bookmark(&message), json!({})).await.json(200);
    assert_eq!(ada.put(&bookmark(&other), json!({})).await.status, 422);
}
