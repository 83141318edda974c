//! Which messages trigger which calls.

use std::collections::BTreeSet;

use campfire::core::ids::UserId;
use campfire::integrations::webhooks::{Change, store};
use campfire::jobs::Jobs;
use serde_json::json;

use crate::{Fixture, HELPER};

/// The paths that were called, once every job is done.
async fn called_paths(fixture: &mut Fixture) -> BTreeSet<String> {
    fixture.wait_for_jobs().await;
    fixture.endpoint.pending().into_iter().map(|call| call.path).collect()
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[tokio::test]
async fn calls_equal_campfires_and_are_signed() {
    let mut fixture = Fixture::new().await;
    let secret = fixture.set_webhook(HELPER, "helper").await;
    let message = fixture.mention_helper("deploy &amp; go").await;
    let call = fixture.endpoint.next().await;
    let sgid = fixture.app().secret.sign_global_id("User", "attachable", HELPER);
    let mention = format!(
        r#"\u003caction-text-attachment sgid=\"{sgid}\" content-type=\"application/vnd.campfire.mention\"\u003e\u003c/action-text-attachment\u003e"#
    );
    let expected = format!(
        r#"{{"user":{{"id":1,"name":"Ada Lovelace"}},"room":{{"id":1,"name":"All Talk","path":"/rooms/1/2-token2/messages"}},"message":{{"id":{0},"body":{{"html":"\u003cdiv\u003eHey {mention} deploy \u0026amp; go\u003c/div\u003e","plain":"Hey  deploy \u0026 go"}},"path":"/rooms/1/@{0}"}}}}"#,
        message["id"]
    );
    assert_eq!(String::from_utf8_lossy(&call.bytes), expected);
    assert_eq!((call.path.as_str(), call.header("content-type")), ("helper", "application/json"));
    assert!(call.header("user-agent").starts_with("Campfire/"));
    assert!(call.is_signed_with(&secret));
    let age = jiff::Timestamp::now().as_second()
        - call.header("webhook-timestamp").parse::<i64>().expect("seconds");
    assert!((0..60).contains(&age), "{age} seconds old");
    let renewed = fixture
        .change(HELPER, Change { new_secret: true, ..Change::default() })
        .await
        .secret
        .expect("a secret");
    fixture.mention_helper("again").await;
    let again = fixture.endpoint.next().await;
    assert!(again.is_signed_with(&renewed) && !again.is_signed_with(&secret));
    assert_ne!(again.header("webhook-id"), call.header("webhook-id"));
}

#[tokio::test]
async fn mentions_direct_rooms_and_subscribed_bots_are_called() {
    let mut fixture = Fixture::new().await;
    for (id, name) in [(3, "Other"), (4, "Silent"), (5, "Everything"), (6, "Outside")] {
        fixture.insert_bot(id, name).await;
    }
    for (id, path) in [(3, "other"), (5, "everything"), (6, "outside")] {
        fixture.set_webhook(id, path).await;
    }
    fixture.change(5, Change { subscribe_all: Some(true), ..Change::default() }).await;
    fixture.execute_sql("DELETE FROM memberships WHERE user_id = 6").await;
    fixture.insert_direct_room(7, &[1, 2, 3, 4]).await;
    fixture.ada.post_message("without a mention").await;
    assert_eq!(called_paths(&mut fixture).await, set(&["everything"]));
    fixture.mention(&fixture.ada.clone(), &[2, 4, 6], "both").await;
    assert_eq!(called_paths(&mut fixture).await, set(&["everything", "helper"]));
    fixture.mention(&fixture.ada.clone(), &[2, 3], "all").await;
    assert_eq!(called_paths(&mut fixture).await, set(&["everything", "helper", "other"]));
    fixture.ada.post("/api/v1/rooms/7/messages", json!({ "text": "between us" })).await.json(201);
    fixture.wait_for_jobs().await;
    let calls = fixture.endpoint.pending();
    assert_eq!(
        calls.iter().map(|call| call.path.clone()).collect::<BTreeSet<_>>(),
        set(&["helper", "other"])
    );
    assert!(calls[0].json["room"]["name"].is_null(), "a direct room has no name");
    // A name as plain text is not a mention.
    fixture.ada.post_message("@Helper").await;
    assert_eq!(called_paths(&mut fixture).await, set(&["everything"]));
}

#[tokio::test]
async fn bots_call_other_bots_but_not_themselves() {
    let mut fixture = Fixture::new().await;
    fixture.insert_bot(3, "Other").await;
    fixture.set_webhook(3, "other").await;
    fixture.insert_direct_room(7, &[1, 2, 3]).await;
    fixture.change(HELPER, Change { subscribe_all: Some(true), ..Change::default() }).await;
    let mention = |fixture: &Fixture, bot| {
        let sgid = fixture.app().secret.sign_global_id("User", "attachable", bot);
        json!({ "body": format!(r#"<action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment>"#) })
    };
    let (own, theirs) = (mention(&fixture, 2), mention(&fixture, 3));
    for body in [own, json!({ "text": "hello" })] {
        assert_eq!(fixture.post_as_bot(HELPER, "/api/v1/rooms/1/messages", body).await.status, 201);
        assert_eq!(called_paths(&mut fixture).await, set(&[]));
    }
    assert_eq!(fixture.post_as_bot(HELPER, "/api/v1/rooms/1/messages", theirs).await.status, 201);
    assert_eq!(called_paths(&mut fixture).await, set(&["other"]));
    assert_eq!(
        fixture
            .post_as_bot(HELPER, "/api/v1/rooms/7/messages", json!({ "text": "hello" }))
            .await
            .status,
        201
    );
    assert_eq!(called_paths(&mut fixture).await, set(&["other"]));
}

#[tokio::test]
async fn only_new_messages_trigger_calls() {
    let mut fixture = Fixture::new().await;
    fixture.change(HELPER, Change { subscribe_all: Some(true), ..Change::default() }).await;
    let id = fixture.ada.post_message("once").await["id"].clone();
    assert_eq!(called_paths(&mut fixture).await, set(&["helper"]));
    let form = json!({ "text": "twice", "client_message_id": "x" });
    fixture.ada.patch(&format!("/api/v1/rooms/1/messages/{id}"), form.clone()).await.json(200);
    fixture
        .ada
        .post(&format!("/api/v1/messages/{id}/boosts"), json!({ "content": "👍" }))
        .await
        .json(201);
    fixture.ada.delete(&format!("/api/v1/rooms/1/messages/{id}")).await;
    fixture.ada.post(&format!("/api/v1/rooms/1/messages/{id}/restore"), json!({})).await.json(200);
    assert_eq!(called_paths(&mut fixture).await, set(&[]));
    fixture.ada.post("/api/v1/rooms/1/messages", form.clone()).await.json(201);
    fixture.ada.post("/api/v1/rooms/1/messages", form).await.json(200);
    fixture.wait_for_jobs().await;
    assert_eq!(
        fixture.endpoint.pending().len(),
        1,
        "a message that was sent twice triggers one call"
    );
}

#[tokio::test]
async fn without_webhooks_no_jobs_are_enqueued() {
    let fixture = Fixture::without_bot(|_| {}).await;
    fixture.insert_bot(HELPER, "Helper").await;
    // Campfire stores an empty URL for bots without a webhook.
    fixture
        .execute_sql(
            "INSERT INTO webhooks (user_id, url, created_at, updated_at) VALUES (2, '', '', '')",
        )
        .await;
    let idle = fixture.app().state::<Jobs>().status();
    fixture.mention_helper("hello").await;
    assert_eq!(fixture.app().state::<Jobs>().status(), idle);
    assert!(fixture.deliveries(HELPER).await.is_empty());
}

#[tokio::test]
async fn webhooks_are_called_while_they_exist() {
    let mut fixture = Fixture::without_bot(|_| {}).await;
    fixture.insert_bot(HELPER, "Helper").await;
    fixture.mention_helper("before there is a webhook").await;
    fixture.set_webhook(HELPER, "helper").await;
    fixture.mention_helper("with a webhook").await;
    assert_eq!(fixture.endpoint.next().await.plain(), "Hey  with a webhook");
    fixture.wait_for_jobs().await;
    fixture.change(HELPER, Change { url: Some(None), ..Change::default() }).await;
    fixture.mention_helper("after the webhook was removed").await;
    assert_eq!(called_paths(&mut fixture).await, set(&[]));
    assert_eq!(fixture.deliveries(HELPER).await.len(), 1);
}

#[tokio::test]
async fn campfires_webhooks_work_in_both_directions() {
    let mut fixture = Fixture::without_bot(|_| {}).await;
    fixture.insert_bot(HELPER, "Helper").await;
    let url = fixture.endpoint.url("old").replace("http://", "http://user:word@");
    fixture.execute_sql(&format!("INSERT INTO webhooks (user_id, url, created_at, updated_at) VALUES (2, '{url}', '', '')")).await;
    fixture.mention_helper("hello").await;
    let call = fixture.endpoint.next().await;
    assert_eq!((call.path.as_str(), call.header("authorization")), ("old", ""));
    let secret = fixture
        .app()
        .db
        .read(|reader| store::settings(reader, UserId(HELPER)))
        .expect("reads")
        .secret
        .expect("an ID");
    assert!(call.is_signed_with(&secret));
    fixture.set_webhook(HELPER, "new").await;
    let rows = fixture.app().db.read(|reader| {
        let mut select = reader.prepare("SELECT url FROM webhooks WHERE user_id = 2")?;
        let rows =
            select.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok::<_, db::Error>(rows)
    });
    assert_eq!(rows.expect("reads"), [fixture.endpoint.url("new")]);
}
