//! Which bots are told of what.

use std::collections::BTreeSet;

use campfire::core::ids::UserId;
use campfire::integrations::webhooks::{Change, store};
use campfire::jobs::Jobs;
use serde_json::json;

use crate::{HELPER, Stage};

/// The paths that were called once every job is done.
async fn called(stage: &mut Stage) -> BTreeSet<String> {
    stage.done().await;
    stage.endpoint.pending().into_iter().map(|arrival| arrival.path).collect()
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[tokio::test]
async fn a_call_is_campfires_to_the_byte_and_signed() {
    let mut stage = Stage::set().await;
    let secret = stage.webhook(HELPER, "helper").await;
    let said = stage.call("deploy &amp; go").await;
    let arrival = stage.endpoint.next().await;
    let sgid = stage.app().secret.sign_global_id("User", "attachable", HELPER);
    let mention = format!(
        r#"\u003caction-text-attachment sgid=\"{sgid}\" content-type=\"application/vnd.campfire.mention\"\u003e\u003c/action-text-attachment\u003e"#
    );
    let expected = format!(
        r#"{{"user":{{"id":1,"name":"Ada Lovelace"}},"room":{{"id":1,"name":"All Talk","path":"/rooms/1/2-token2/messages"}},"message":{{"id":{0},"body":{{"html":"\u003cdiv\u003eHey {mention} deploy \u0026amp; go\u003c/div\u003e","plain":"Hey  deploy \u0026 go"}},"path":"/rooms/1/@{0}"}}}}"#,
        said["id"]
    );
    assert_eq!(String::from_utf8_lossy(&arrival.bytes), expected);
    assert_eq!(
        (arrival.path.as_str(), arrival.header("content-type")),
        ("helper", "application/json")
    );
    assert!(arrival.header("user-agent").starts_with("Campfire/"));
    assert!(arrival.is_signed_with(&secret));
    let age = jiff::Timestamp::now().as_second()
        - arrival.header("webhook-timestamp").parse::<i64>().expect("seconds");
    assert!((0..60).contains(&age), "{age} seconds old");
    let renewed = stage
        .change(HELPER, Change { new_secret: true, ..Change::default() })
        .await
        .secret
        .expect("a secret");
    stage.call("again").await;
    let again = stage.endpoint.next().await;
    assert!(again.is_signed_with(&renewed) && !again.is_signed_with(&secret));
    assert_ne!(again.header("webhook-id"), arrival.header("webhook-id"));
}

#[tokio::test]
async fn mentions_direct_rooms_and_those_who_hear_everything() {
    let mut stage = Stage::set().await;
    for (id, name) in [(3, "Other"), (4, "Silent"), (5, "Everything"), (6, "Outside")] {
        stage.bot(id, name).await;
    }
    for (id, path) in [(3, "other"), (5, "everything"), (6, "outside")] {
        stage.webhook(id, path).await;
    }
    stage.change(5, Change { subscribe_all: Some(true), ..Change::default() }).await;
    stage.store("DELETE FROM memberships WHERE user_id = 6").await;
    stage.direct(7, &[1, 2, 3, 4]).await;
    stage.ada.post_message("to nobody").await;
    assert_eq!(called(&mut stage).await, set(&["everything"]));
    stage.mention(&stage.ada.clone(), &[2, 4, 6], "both").await;
    assert_eq!(called(&mut stage).await, set(&["everything", "helper"]));
    stage.mention(&stage.ada.clone(), &[2, 3], "all").await;
    assert_eq!(called(&mut stage).await, set(&["everything", "helper", "other"]));
    stage.ada.post("/api/v1/rooms/7/messages", json!({ "text": "between us" })).await.json(201);
    stage.done().await;
    let arrivals = stage.endpoint.pending();
    assert_eq!(
        arrivals.iter().map(|arrival| arrival.path.clone()).collect::<BTreeSet<_>>(),
        set(&["helper", "other"])
    );
    assert!(arrivals[0].json["room"]["name"].is_null(), "a direct room has no name");
    // A name in plain letters calls nobody.
    stage.ada.post_message("@Helper").await;
    assert_eq!(called(&mut stage).await, set(&["everything"]));
}

#[tokio::test]
async fn bots_call_other_bots_and_nobody_calls_themselves() {
    let mut stage = Stage::set().await;
    stage.bot(3, "Other").await;
    stage.webhook(3, "other").await;
    stage.direct(7, &[1, 2, 3]).await;
    stage.change(HELPER, Change { subscribe_all: Some(true), ..Change::default() }).await;
    let mention = |stage: &Stage, bot| {
        let sgid = stage.app().secret.sign_global_id("User", "attachable", bot);
        json!({ "body": format!(r#"<action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment>"#) })
    };
    let (own, theirs) = (mention(&stage, 2), mention(&stage, 3));
    for body in [own, json!({ "text": "hello" })] {
        assert_eq!(stage.by_bot(HELPER, "/api/v1/rooms/1/messages", body).await.status, 201);
        assert_eq!(called(&mut stage).await, set(&[]));
    }
    assert_eq!(stage.by_bot(HELPER, "/api/v1/rooms/1/messages", theirs).await.status, 201);
    assert_eq!(called(&mut stage).await, set(&["other"]));
    assert_eq!(
        stage.by_bot(HELPER, "/api/v1/rooms/7/messages", json!({ "text": "hello" })).await.status,
        201
    );
    assert_eq!(called(&mut stage).await, set(&["other"]));
}

#[tokio::test]
async fn nothing_but_a_new_message_calls() {
    let mut stage = Stage::set().await;
    stage.change(HELPER, Change { subscribe_all: Some(true), ..Change::default() }).await;
    let id = stage.ada.post_message("once").await["id"].clone();
    assert_eq!(called(&mut stage).await, set(&["helper"]));
    let form = json!({ "text": "twice", "client_message_id": "x" });
    stage.ada.patch(&format!("/api/v1/rooms/1/messages/{id}"), form.clone()).await.json(200);
    stage
        .ada
        .post(&format!("/api/v1/messages/{id}/boosts"), json!({ "content": "👍" }))
        .await
        .json(201);
    stage.ada.delete(&format!("/api/v1/rooms/1/messages/{id}")).await;
    stage.ada.post(&format!("/api/v1/rooms/1/messages/{id}/restore"), json!({})).await.json(200);
    assert_eq!(called(&mut stage).await, set(&[]));
    stage.ada.post("/api/v1/rooms/1/messages", form.clone()).await.json(201);
    stage.ada.post("/api/v1/rooms/1/messages", form).await.json(200);
    stage.done().await;
    assert_eq!(stage.endpoint.pending().len(), 1, "what was sent twice is told once");
}

#[tokio::test]
async fn no_webhooks_cost_nothing() {
    let stage = Stage::bare(|_| {}).await;
    stage.bot(HELPER, "Helper").await;
    // Campfire stores an empty address for bots without one.
    stage
        .store("INSERT INTO webhooks (user_id, url, created_at, updated_at) VALUES (2, '', '', '')")
        .await;
    let idle = stage.app().state::<Jobs>().status();
    stage.call("hello").await;
    assert_eq!(stage.app().state::<Jobs>().status(), idle);
    assert!(stage.log(HELPER).await.is_empty());
}

#[tokio::test]
async fn a_webhook_counts_from_the_moment_it_comes_to_the_moment_it_goes() {
    let mut stage = Stage::bare(|_| {}).await;
    stage.bot(HELPER, "Helper").await;
    stage.call("nobody listens").await;
    stage.webhook(HELPER, "helper").await;
    stage.call("somebody does").await;
    assert_eq!(stage.endpoint.next().await.plain(), "Hey  somebody does");
    stage.done().await;
    stage.change(HELPER, Change { url: Some(None), ..Change::default() }).await;
    stage.call("nobody any more").await;
    assert_eq!(called(&mut stage).await, set(&[]));
    assert_eq!(stage.log(HELPER).await.len(), 1);
}

#[tokio::test]
async fn what_campfire_stored_works_and_it_finds_its_own_again() {
    let mut stage = Stage::bare(|_| {}).await;
    stage.bot(HELPER, "Helper").await;
    let url = stage.endpoint.url("old").replace("http://", "http://user:word@");
    stage.store(&format!("INSERT INTO webhooks (user_id, url, created_at, updated_at) VALUES (2, '{url}', '', '')")).await;
    stage.call("hello").await;
    let arrival = stage.endpoint.next().await;
    assert_eq!((arrival.path.as_str(), arrival.header("authorization")), ("old", ""));
    let secret = stage
        .app()
        .db
        .read(|reader| store::settings(reader, UserId(HELPER)))
        .expect("reads")
        .secret
        .expect("it got one");
    assert!(arrival.is_signed_with(&secret));
    stage.webhook(HELPER, "new").await;
    let rows = stage.app().db.read(|reader| {
        let mut select = reader.prepare("SELECT url FROM webhooks WHERE user_id = 2")?;
        let rows =
            select.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok::<_, db::Error>(rows)
    });
    assert_eq!(rows.expect("reads"), [stage.endpoint.url("new")]);
}
