//! Replies of webhook endpoints.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use campfire::integrations::webhooks::Change;
use serde_json::{Value, json};

use crate::support::Reply;
use crate::support::{ROOM, TestServer};
use crate::{Fixture, HELPER, outcomes};

fn text(text: &str) -> Reply {
    Reply::Content(200, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}

#[tokio::test]
async fn replies_are_posted_as_messages_and_call_no_bot() {
    let mut fixture = Fixture::new().await;
    fixture.insert_bot(3, "Listener").await;
    fixture.set_webhook(3, "listener").await;
    fixture.change(3, Change { subscribe_all: Some(true), ..Change::default() }).await;
    let grace = fixture.server.join(&fixture.ada, "Grace").await;
    let mut socket = grace.subscribe(&[ROOM]).await;
    fixture.endpoint.reply_with("helper", [text("1 < 2\nGreen.")]);
    fixture.mention_helper("deploy").await;
    assert_eq!(socket.next().await["message"]["message"]["creator"]["id"], 1);
    let response = socket.next().await["message"]["message"].clone();
    assert_eq!(
        (&response["creator"]["id"], &response["body"]["plain"]),
        (&json!(HELPER), &json!("1 < 2\nGreen."))
    );
    assert!(
        response["creator"]["role"] == "bot"
            && response["body"]["html"].as_str().expect("text").contains("1 &lt; 2<br>")
    );
    let delivery = fixture.last_delivery().await;
    assert_eq!((&delivery["state"], &delivery["reply"]), (&json!("done"), &json!("posted")));
    assert_eq!(
        (&delivery["attempts"][0]["status"], outcomes(&delivery)),
        (&json!(200), vec!["delivered".to_owned()])
    );
    let calls =
        fixture.endpoint.pending().into_iter().filter(|call| call.path == "listener").count();
    assert_eq!(calls, 1, "of the message, not of the reply");
    let found = fixture.ada.get("/api/v1/searches?q=green").await.json(200);
    assert_eq!(found.as_array().expect("a list").len(), 1);
    let rooms = grace.get("/api/v1/rooms").await.json(200);
    assert_eq!(rooms[0]["unread"], true);
}

#[tokio::test]
async fn html_replies_are_markup_and_text_replies_are_not() {
    let fixture = Fixture::new().await;
    let html = |body: &str| Reply::Content(200, "text/html", body.as_bytes().to_vec());
    fixture.endpoint.reply_with(
        "helper",
        [html("<strong>ok</strong><script>no()</script>"), text("<strong>ok</strong>")],
    );
    fixture.mention_helper("one").await;
    fixture.mention_helper("two").await;
    fixture.wait_for_jobs().await;
    assert_eq!(
        fixture.message_texts().await,
        ["Hey @Helper one", "Hey @Helper two", "ok", "<strong>ok</strong>"]
    );
}

#[tokio::test]
async fn other_replies_are_not_posted() {
    let fixture = Fixture::new().await;
    let reply = |status, kind, body: &[u8]| Reply::Content(status, kind, body.to_vec());
    let cases = [
        (Reply::Status(204), Value::Null, "delivered"),
        (reply(200, "text/plain", b""), Value::Null, "delivered"),
        (reply(200, "text/plain", b"  \n"), Value::Null, "delivered"),
        (reply(201, "text/plain", b"created"), Value::Null, "delivered"),
        (
            reply(200, "image/png", b"\x89PNG"),
            json!("ignored"),
            "delivered; the reply was not posted: a file (image/png) cannot be posted",
        ),
        (
            reply(200, "application/json", b"{}"),
            json!("ignored"),
            "delivered; the reply was not posted: a file (application/json) cannot be posted",
        ),
        (
            reply(200, "text/plain", b"\xff\xfe"),
            json!("ignored"),
            "delivered; the reply was not posted: it is not UTF-8",
        ),
        (
            reply(200, "text/plain", &[b'x'; 64 * 1024 + 1]),
            json!("ignored"),
            "delivered; the reply was not posted: the response is larger than 65536 bytes",
        ),
        (
            Reply::Endless(200),
            json!("ignored"),
            "delivered; the reply was not posted: the response is larger than 65536 bytes",
        ),
    ];
    for (case, (reply, logged_reply, outcome)) in cases.into_iter().enumerate() {
        fixture.endpoint.reply_with("helper", [reply]);
        fixture.mention_helper("hello").await;
        let delivery = fixture.last_delivery().await;
        assert_eq!(
            (&delivery["state"], &delivery["reply"]),
            (&json!("done"), &logged_reply),
            "case {case}"
        );
        assert_eq!(outcomes(&delivery), [outcome], "case {case}");
    }
    fixture.endpoint.reply_with(
        "helper",
        [
            reply(404, "text/html", b"<h1>Not found</h1>"),
            reply(200, "text/plain", &[b'x'; 64 * 1024]),
        ],
    );
    fixture.mention_helper("error page").await;
    assert_eq!(
        (fixture.last_delivery().await["state"].clone(), fixture.message_texts().await.len()),
        (json!("failed"), 10)
    );
    fixture.mention_helper("the longest reply").await;
    assert_eq!(
        (fixture.last_delivery().await["reply"].clone(), fixture.message_texts().await.len()),
        (json!("posted"), 12)
    );
}

#[tokio::test]
async fn replies_of_removed_bots_are_not_posted() {
    let mut fixture = Fixture::new().await;
    let permits = Arc::new(tokio::sync::Semaphore::new(0));
    fixture
        .endpoint
        .reply_with("helper", [Reply::WaitFor(permits.clone(), text("too late").into())]);
    fixture.mention_helper("hello").await;
    fixture.endpoint.next().await;
    fixture.execute_sql("DELETE FROM memberships WHERE user_id = 2").await;
    permits.add_permits(1);
    let delivery = fixture.last_delivery().await;
    assert_eq!((&delivery["state"], &delivery["reply"]), (&json!("done"), &json!("ignored")));
    assert_eq!(fixture.message_texts().await, ["Hey @Helper hello"]);
}

#[tokio::test]
async fn repeated_deliveries_post_one_reply() {
    let mut fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [text("first"), text("second")]);
    fixture.mention_helper("hello").await;
    let id = fixture.last_delivery().await["id"].clone();
    let first = fixture.endpoint.next().await;
    fixture.ada.post(&format!("/api/v1/bots/2/deliveries/{id}/resend"), json!({})).await.json(202);
    let second = fixture.endpoint.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    let delivery = fixture.last_delivery().await;
    assert_eq!(
        (delivery["attempts"].as_array().expect("a list").len(), &delivery["state"]),
        (2, &json!("done"))
    );
    assert_eq!(fixture.message_texts().await, ["Hey @Helper hello", "first"]);
}

#[tokio::test]
async fn a_crash_after_the_call_repeats_it_and_posts_one_reply() {
    let mut fixture = Fixture::new().await;
    let permits = Arc::new(tokio::sync::Semaphore::new(0));
    fixture
        .endpoint
        .reply_with("helper", [Reply::WaitFor(permits.clone(), text("done").into()), text("done")]);
    fixture.mention_helper("survives").await;
    let first = fixture.endpoint.next().await;
    // The files that a killed process would leave now: the endpoint has received the call, but it
    // is not recorded.
    let copy = Arc::new(tempfile::tempdir().expect("a directory"));
    std::fs::create_dir_all(copy.path().join("db")).expect("a directory");
    let original =
        rusqlite::Connection::open(fixture.server.storage.path().join("db/production.sqlite3"))
            .expect("opens");
    original
        .execute(
            "VACUUM INTO ?1",
            [copy.path().join("db/production.sqlite3").to_str().expect("text")],
        )
        .expect("copied");
    let ahead = fixture.server.clock_offset.load(Ordering::SeqCst);
    let revived = TestServer::start_with_clock_offset(copy, ahead).await;
    let second = fixture.endpoint.next().await;
    assert_eq!(
        (first.header("webhook-id"), &first.bytes),
        (second.header("webhook-id"), &second.bytes)
    );
    let (address, cookie) = (revived.address(), fixture.ada.cookie.clone());
    let ada = crate::support::Client { address, cookie };
    let texts = async || ada.message_texts("").await;
    while texts().await.len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(texts().await, ["Hey @Helper survives", "done"]);
    // The same with a database that has the reply but lost the record of the call.
    permits.add_permits(1);
    fixture.wait_for_jobs().await;
    fixture.execute_sql("UPDATE campfire_webhook_deliveries SET state = 'failed'").await;
    fixture.endpoint.reply_with("helper", [text("done")]);
    fixture.ada.post("/api/v1/bots/2/deliveries/1/resend", json!({})).await.json(202);
    fixture.wait_for_jobs().await;
    assert_eq!(fixture.message_texts().await, ["Hey @Helper survives", "done"]);
    revived.stop().await;
}
