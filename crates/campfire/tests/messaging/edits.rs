//! Editing and deleting messages.

use serde_json::{Value, json};

use crate::support::{ROOM, TestServer};
use crate::{database, mention, next_event_of_type, path, post_html, reply_to};

#[tokio::test]
async fn edits_are_published_and_indexed() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let message = grace.post_message("frist").await;
    assert_eq!(
        (&message["edited"], &message["kind"], &message["sound"]),
        (&json!(false), &json!("text"), &Value::Null)
    );
    let before = ada.get("/api/v1/rooms/1").await.json(200)["updated_at"].clone();
    let mut listening = ada.subscribe(&[ROOM]).await;
    let edited = grace.patch(&path(&message), json!({ "text": "first <b>" })).await.json(200);
    assert_eq!((&edited["body"]["plain"], &edited["edited"]), (&json!("first <b>"), &json!(true)));
    for key in ["id", "client_message_id", "created_at", "creator", "url"] {
        assert_eq!(edited[key], message[key], "{key}");
    }
    assert!(edited["updated_at"].as_str() >= message["updated_at"].as_str());
    assert_eq!(
        next_event_of_type(&mut listening, "message.updated").await,
        json!({ "type": "message.updated", "message": edited })
    );
    assert_eq!(ada.get(&path(&message)).await.json(200), edited);
    assert_eq!(
        ada.get("/api/v1/rooms/1/messages").await.json(200),
        json!([edited]),
        "no cached page hides the edit"
    );
    assert!(ada.get("/api/v1/rooms/1").await.json(200)["updated_at"].as_str() >= before.as_str());
    let (conn, _storage) = database(server).await;
    let found = |word: &str| -> i64 {
        let sql = "SELECT count(*) FROM message_search_index WHERE message_search_index MATCH ?1";
        conn.query_row(sql, [word], |row| row.get(0)).expect("searched")
    };
    assert_eq!((found("frist"), found("first")), (0, 1));
    let rows: (i64, String) = conn
        .query_row("SELECT count(*), max(body) FROM action_text_rich_texts", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("there");
    assert_eq!(rows, (1, "<div>first &lt;b&gt;</div>".to_owned()));
    let touched: bool = conn
        .query_row(
            "SELECT m.updated_at > m.created_at AND r.updated_at = m.updated_at FROM messages m JOIN rooms r ON r.id = m.room_id",
            [],
            |row| row.get(0),
        )
        .expect("there");
    assert!(touched, "the edit touched the message and its room");
}

#[tokio::test]
async fn only_authors_and_administrators_change_messages() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let alan = server.join(&ada, "alan").await;
    let message = grace.post_message("mine").await;
    let change = json!({ "text": "theirs" });
    assert_eq!(alan.patch(&path(&message), change.clone()).await.status, 403);
    assert_eq!(alan.delete(&path(&message)).await.status, 403);
    assert_eq!(alan.get(&format!("{}/source", path(&message))).await.status, 403);
    assert_eq!(server.anonymous().delete(&path(&message)).await.status, 401);
    assert_eq!(
        ada.patch(&path(&message), change.clone()).await.json(200)["creator"]["name"],
        "grace"
    );
    assert_eq!(ada.patch("/api/v1/rooms/1/messages/99", change.clone()).await.status, 404);
    assert_eq!(ada.patch("/api/v1/rooms/2/messages/1", change).await.status, 404);
    for (body, field) in
        [(json!({}), "text"), (json!({ "text": " " }), "text"), (json!({ "body": 1 }), "body")]
    {
        let problem = grace.patch(&path(&message), body.clone()).await.json(422);
        assert!(problem["errors"][field][0].is_string(), "{body}: {problem}");
    }
    assert_eq!(ada.delete(&path(&message)).await.status, 204);
    assert_eq!(ada.delete(&path(&message)).await.status, 404);
    assert_eq!(grace.patch(&path(&message), json!({ "text": "late" })).await.status, 404);
}

#[tokio::test]
async fn deleting_a_message_deletes_its_dependents() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (first, second) = (ada.post_message("first").await, ada.post_message("second").await);
    ada.post(&format!("/api/v1/messages/{}/boosts", first["id"]), json!({ "content": "👍" }))
        .await
        .json(201);
    ada.put(&format!("/api/v1/messages/{}/bookmark", first["id"]), json!({})).await.json(200);
    ada.get("/api/v1/rooms/1/messages").await.json(200);
    let mut listening = ada.subscribe(&[ROOM]).await;
    assert_eq!(ada.delete(&path(&first)).await.status, 204);
    let gone = json!({ "type": "message.removed", "message_id": first["id"], "client_message_id": first["client_message_id"] });
    assert_eq!(next_event_of_type(&mut listening, "message.removed").await, gone);
    assert_eq!(ada.message_texts("").await, ["second"]);
    for gone in [
        path(&first),
        format!("/api/v1/messages/{}", first["id"]),
        format!("/api/v1/messages/{}/boosts", first["id"]),
    ] {
        assert_eq!(ada.get(&gone).await.status, 404, "{gone}");
    }
    assert_eq!(ada.get(&format!("/api/v1/messages/{}", second["id"])).await.json(200), second);
    let (conn, _storage) = database(server).await;
    for (table, left) in [
        ("messages", 1),
        ("boosts", 0),
        ("action_text_rich_texts", 1),
        ("message_search_index", 1),
        ("campfire_bookmarks", 0),
    ] {
        let rows: i64 = conn
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .expect("counted");
        assert_eq!(rows, left, "{table}");
    }
}

#[tokio::test]
async fn only_a_play_command_alone_is_a_sound() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let sound = ada.post_message("/play tada").await;
    assert_eq!((&sound["kind"], &sound["sound"]["name"]), (&json!("sound"), &json!("tada")));
    assert!(
        sound["sound"]["url"].as_str().is_some_and(|url| url.starts_with("/sounds/tada.")),
        "{sound}"
    );
    let text = ada.patch(&path(&sound), json!({ "text": "/play tada!" })).await.json(200);
    assert_eq!((&text["kind"], &text["sound"]), (&json!("text"), &Value::Null));
}

#[tokio::test]
async fn only_members_find_a_message_by_id() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let message = ada.post_message("hello").await;
    let path = format!("/api/v1/messages/{}", message["id"]);
    let response = ada.get(&path).await;
    assert_eq!(response.json(200), message);
    let tag = response.header("etag").to_owned();
    assert_eq!(
        ada.request("GET", &path, None, &[("if-none-match", tag.as_str())]).await.status,
        304
    );
    assert_eq!(server.anonymous().get(&path).await.status, 401);
    assert_eq!(ada.get("/api/v1/messages/99").await.status, 404);
    assert_eq!(ada.get("/api/v1/messages/x").await.status, 404);
    let (conn, storage) = database(server).await;
    conn.execute("DELETE FROM memberships", []).expect("left");
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let ada = crate::support::Client { address: server.address(), ..ada };
    assert_eq!(ada.get(&path).await.status, 404, "non-members do not see it");
    assert_eq!(ada.delete(&crate::path(&message)).await.status, 404, "nor do administrators");
}

#[tokio::test]
async fn the_editor_loads_the_original_source() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let question = ada.post_message("why?").await;
    let written = format!(
        "{}<strong>because</strong> {}",
        reply_to(&question, ""),
        mention(&ada, "Ada").await
    );
    let message = post_html(&ada, &written).await;
    let source = ada.get(&format!("{}/source", path(&message))).await.json(200)["body"]
        .as_str()
        .expect("markup")
        .to_owned();
    assert!(
        source.contains("data-trix-attachment") && !source.contains("action-text-attachment"),
        "{source}"
    );
    let again = ada.patch(&path(&message), json!({ "body": source })).await.json(200);
    for key in ["body", "mentions", "reply_to"] {
        assert_eq!(again[key], message[key], "{key}");
    }
    assert_eq!(again["reply_to"]["message_id"], question["id"]);
    assert_eq!(again["mentions"], json!([1]));
}
