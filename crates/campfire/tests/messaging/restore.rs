//! Restoring deleted messages.

use serde_json::json;

use crate::support::{Client, ROOM, TestServer};
use crate::{PERSONAL, database, mention, next_event, next_event_of_type, path, post_html};

#[tokio::test]
async fn restoring_returns_the_original_message() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    ada.post_message("before").await;
    let message = post_html(&ada, &mention(&ada, "grace").await).await;
    ada.post_message("after").await;
    ada.patch(
        &path(&message),
        json!({ "body": mention(&ada, "grace").await.replace("hello", "dear") }),
    )
    .await
    .json(200);
    for content in ["👍", "yes"] {
        grace
            .post(
                &format!("/api/v1/messages/{}/boosts", message["id"]),
                json!({ "content": content }),
            )
            .await
            .json(201);
    }
    grace.put(&format!("/api/v1/messages/{}/bookmark", message["id"]), json!({})).await.json(200);
    let whole = ada.get(&path(&message)).await.json(200);
    let page = ada.get("/api/v1/rooms/1/messages").await.json(200);
    let (inbox, bookmarks) = (
        grace.get("/api/v1/inbox").await.json(200),
        grace.get("/api/v1/bookmarks").await.json(200),
    );
    let (mut room, mut own) = (grace.subscribe(&[ROOM]).await, grace.subscribe(&[PERSONAL]).await);
    assert_eq!(ada.delete(&path(&message)).await.status, 204);
    next_event_of_type(&mut room, "message.removed").await;
    while next_event_of_type(&mut own, "inbox.changed").await["unread"] != 0 {}
    assert_eq!(next_event(&mut own).await, json!({ "type": "bookmarks.changed" }));
    assert_eq!(grace.get("/api/v1/inbox").await.json(200), json!([]));
    assert_eq!(grace.get("/api/v1/bookmarks").await.json(200), json!([]));
    let restored = ada.post(&format!("{}/restore", path(&message)), json!({})).await.json(200);
    let timeless = |mut message: serde_json::Value| {
        message["updated_at"] = json!(null);
        message
    };
    assert_eq!(timeless(restored.clone()), timeless(whole.clone()));
    assert!(restored["updated_at"].as_str() >= whole["updated_at"].as_str());
    assert_eq!(
        next_event(&mut room).await,
        json!({ "type": "message.created", "message": restored })
    );
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 1 }));
    assert_eq!(next_event(&mut own).await, json!({ "type": "bookmarks.changed" }));
    let page_now = ada.get("/api/v1/rooms/1/messages").await.json(200);
    assert_eq!(page_now[1], restored);
    assert_eq!((&page_now[0], &page_now[2]), (&page[0], &page[2]), "in its original position");
    assert_eq!(grace.get("/api/v1/inbox").await.json(200)[0]["reason"], inbox[0]["reason"]);
    assert_eq!(grace.get("/api/v1/bookmarks").await.json(200)[0]["id"], bookmarks[0]["id"]);
    assert_eq!(
        ada.post(&format!("{}/restore", path(&message)), json!({})).await.status,
        404,
        "it is already restored"
    );
    let (conn, _storage) = database(server).await;
    let found: i64 = conn
        .query_row(
            "SELECT rowid FROM message_search_index WHERE message_search_index MATCH 'dear'",
            [],
            |row| row.get(0),
        )
        .expect("found");
    assert_eq!(json!(found), message["id"]);
    let check: String =
        conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn only_the_deleter_can_restore_for_a_limited_time() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let (first, second) = (grace.post_message("first").await, grace.post_message("second").await);
    let restore = |message: &serde_json::Value| format!("{}/restore", path(message));
    assert_eq!(ada.delete(&path(&first)).await.status, 204);
    assert_eq!(
        grace.post(&restore(&first), json!({})).await.status,
        404,
        "the administrator deleted it, not the author"
    );
    assert_eq!(grace.post("/api/v1/rooms/1/messages/99/restore", json!({})).await.status, 404);
    server.set_clock_offset(16);
    let late = ada.post(&restore(&first), json!({})).await;
    assert_eq!(late.json(409)["detail"], "It's too late to restore this message.");
    assert_eq!(grace.delete(&path(&second)).await.status, 204);
    assert_eq!(
        ada.post(&restore(&first), json!({})).await.status,
        409,
        "also when the copy was purged"
    );
    assert_eq!(grace.post(&restore(&second), json!({})).await.status, 200);
    let (conn, _storage) = database(server).await;
    let copies: i64 = conn
        .query_row(
            "SELECT count(*) FROM campfire_deleted_messages WHERE snapshot IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .expect("counted");
    assert_eq!(copies, 0, "the later deletion purged the first message's copy");
}

#[tokio::test]
async fn resending_a_deleted_message_creates_no_duplicate() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let body = json!({ "text": "once", "client_message_id": "abc" });
    let first = ada.post("/api/v1/rooms/1/messages", body.clone()).await.json(201);
    assert_eq!(ada.delete(&path(&first)).await.status, 204);
    ada.post("/api/v1/rooms/1/messages", body).await.json(201);
    assert_eq!(ada.post(&format!("{}/restore", path(&first)), json!({})).await.status, 409);
    assert_eq!(ada.message_texts("").await, ["once"]);
}

#[tokio::test]
async fn expired_deletions_are_purged_at_the_start() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (old, new) = (ada.post_message("old").await, ada.post_message("new").await);
    assert_eq!(ada.delete(&path(&old)).await.status, 204);
    assert_eq!(ada.delete(&path(&new)).await.status, 204);
    let (conn, storage) = database(server).await;
    let aged = conn
        .execute(
            "UPDATE campfire_deleted_messages SET deleted_at = '2026-01-01 00:00:00.000000' WHERE message_id = ?1",
            [old["id"].as_i64()],
        )
        .expect("aged");
    assert_eq!(aged, 1);
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let ada = Client { address: server.address(), ..ada };
    assert_eq!(ada.post(&format!("{}/restore", path(&new)), json!({})).await.status, 200);
    let left = |conn: &rusqlite::Connection| -> i64 {
        conn.query_row("SELECT count(*) FROM campfire_deleted_messages", [], |row| row.get(0))
            .expect("counted")
    };
    let (conn, storage) = database(server).await;
    assert_eq!(left(&conn), 0, "the start purged the old deletion");
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let ada = Client { address: server.address(), ..ada };
    assert_eq!(ada.delete(&path(&new)).await.status, 204);
    server.set_clock_offset(16);
    campfire::messages::edits::deletion::purge_expired(server.server.app()).await;
    assert_eq!(ada.post(&format!("{}/restore", path(&new)), json!({})).await.status, 409);
    server.set_clock_offset(25 * 60 * 60);
    campfire::messages::edits::deletion::purge_expired(server.server.app()).await;
    let (conn, _storage) = database(server).await;
    assert_eq!(left(&conn), 0, "the deletion is purged after a day");
}

#[tokio::test]
async fn clients_resume_from_a_message_deleted_meanwhile() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let mut ids = Vec::new();
    for number in 1..=5 {
        ids.push(ada.post_message(&format!("m{number}")).await["id"].clone());
    }
    assert_eq!(ada.delete(&format!("/api/v1/rooms/1/messages/{}", ids[2])).await.status, 204);
    assert_eq!(ada.message_texts(&format!("?after={}", ids[2])).await, ["m4", "m5"]);
    assert_eq!(ada.message_texts(&format!("?before={}", ids[2])).await, ["m1", "m2"]);
    assert_eq!(ada.get(&format!("/api/v1/rooms/1/messages?around={}", ids[2])).await.status, 404);
}
