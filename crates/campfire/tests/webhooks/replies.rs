//! What becomes of a receiver's answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use campfire::integrations::webhooks::Change;
use serde_json::{Value, json};

use crate::support::Reply;
use crate::support::{ROOM, TestServer};
use crate::{HELPER, Stage, outcomes};

fn text(words: &str) -> Reply {
    Reply::Content(200, "text/plain; charset=utf-8", words.as_bytes().to_vec())
}

#[tokio::test]
async fn an_answer_is_said_by_the_bot_like_any_message_and_calls_no_bot() {
    let mut stage = Stage::set().await;
    stage.bot(3, "Listener").await;
    stage.webhook(3, "listener").await;
    stage.change(3, Change { subscribe_all: Some(true), ..Change::default() }).await;
    let grace = stage.server.join(&stage.ada, "Grace").await;
    let mut socket = grace.subscribe(&[ROOM]).await;
    stage.endpoint.reply_with("helper", [text("1 < 2\nGreen.")]);
    stage.call("deploy").await;
    assert_eq!(socket.next().await["message"]["message"]["creator"]["id"], 1);
    let answer = socket.next().await["message"]["message"].clone();
    assert_eq!(
        (&answer["creator"]["id"], &answer["body"]["plain"]),
        (&json!(HELPER), &json!("1 < 2\nGreen."))
    );
    assert!(
        answer["creator"]["role"] == "bot"
            && answer["body"]["html"].as_str().expect("text").contains("1 &lt; 2<br>")
    );
    let delivery = stage.last().await;
    assert_eq!((&delivery["state"], &delivery["reply"]), (&json!("done"), &json!("posted")));
    assert_eq!(
        (&delivery["attempts"][0]["status"], outcomes(&delivery)),
        (&json!(200), vec!["delivered".to_owned()])
    );
    let heard =
        stage.endpoint.pending().into_iter().filter(|arrival| arrival.path == "listener").count();
    assert_eq!(heard, 1, "of the question, not of the answer");
    let found = stage.ada.get("/api/v1/searches?q=green").await.json(200);
    assert_eq!(found.as_array().expect("a list").len(), 1);
    let rooms = grace.get("/api/v1/rooms").await.json(200);
    assert_eq!(rooms[0]["unread"], true);
}

#[tokio::test]
async fn html_is_markup_and_text_is_not() {
    let stage = Stage::set().await;
    let html = |body: &str| Reply::Content(200, "text/html", body.as_bytes().to_vec());
    stage.endpoint.reply_with(
        "helper",
        [html("<strong>ok</strong><script>no()</script>"), text("<strong>ok</strong>")],
    );
    stage.call("one").await;
    stage.call("two").await;
    stage.done().await;
    assert_eq!(
        stage.said().await,
        ["Hey @Helper one", "Hey @Helper two", "ok", "<strong>ok</strong>"]
    );
}

#[tokio::test]
async fn everything_else_is_no_message() {
    let stage = Stage::set().await;
    let manner = |status, kind, body: &[u8]| Reply::Content(status, kind, body.to_vec());
    let cases = [
        (Reply::Status(204), Value::Null, "delivered"),
        (manner(200, "text/plain", b""), Value::Null, "delivered"),
        (manner(200, "text/plain", b"  \n"), Value::Null, "delivered"),
        (manner(201, "text/plain", b"created"), Value::Null, "delivered"),
        (
            manner(200, "image/png", b"\x89PNG"),
            json!("ignored"),
            "delivered; the answer was not posted: a file (image/png) cannot be posted",
        ),
        (
            manner(200, "application/json", b"{}"),
            json!("ignored"),
            "delivered; the answer was not posted: a file (application/json) cannot be posted",
        ),
        (
            manner(200, "text/plain", b"\xff\xfe"),
            json!("ignored"),
            "delivered; the answer was not posted: it is not UTF-8",
        ),
        (
            manner(200, "text/plain", &[b'x'; 64 * 1024 + 1]),
            json!("ignored"),
            "delivered; the answer was not posted: the answer is larger than 65536 bytes",
        ),
        (
            Reply::Endless(200),
            json!("ignored"),
            "delivered; the answer was not posted: the answer is larger than 65536 bytes",
        ),
    ];
    for (number, (manner, reply, outcome)) in cases.into_iter().enumerate() {
        stage.endpoint.reply_with("helper", [manner]);
        stage.call("hello").await;
        let delivery = stage.last().await;
        assert_eq!(
            (&delivery["state"], &delivery["reply"]),
            (&json!("done"), &reply),
            "case {number}"
        );
        assert_eq!(outcomes(&delivery), [outcome], "case {number}");
    }
    stage.endpoint.reply_with(
        "helper",
        [
            manner(404, "text/html", b"<h1>Not found</h1>"),
            manner(200, "text/plain", &[b'x'; 64 * 1024]),
        ],
    );
    stage.call("error page").await;
    assert_eq!(
        (stage.last().await["state"].clone(), stage.said().await.len()),
        (json!("failed"), 10)
    );
    stage.call("the longest answer").await;
    assert_eq!(
        (stage.last().await["reply"].clone(), stage.said().await.len()),
        (json!("posted"), 12)
    );
}

#[tokio::test]
async fn a_bot_that_left_while_it_was_asked_says_nothing_more() {
    let mut stage = Stage::set().await;
    let let_it = Arc::new(tokio::sync::Semaphore::new(0));
    stage.endpoint.reply_with("helper", [Reply::WaitFor(let_it.clone(), text("too late").into())]);
    stage.call("hello").await;
    stage.endpoint.next().await;
    stage.store("DELETE FROM memberships WHERE user_id = 2").await;
    let_it.add_permits(1);
    let delivery = stage.last().await;
    assert_eq!((&delivery["state"], &delivery["reply"]), (&json!("done"), &json!("ignored")));
    assert_eq!(stage.said().await, ["Hey @Helper hello"]);
}

#[tokio::test]
async fn a_delivery_has_one_answer_however_often_it_is_made() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [text("first"), text("second")]);
    stage.call("hello").await;
    let id = stage.last().await["id"].clone();
    let first = stage.endpoint.next().await;
    stage.ada.post(&format!("/api/v1/bots/2/deliveries/{id}/resend"), json!({})).await.json(202);
    let second = stage.endpoint.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    let delivery = stage.last().await;
    assert_eq!(
        (delivery["attempts"].as_array().expect("a list").len(), &delivery["state"]),
        (2, &json!("done"))
    );
    assert_eq!(stage.said().await, ["Hey @Helper hello", "first"]);
}

#[tokio::test]
async fn a_server_that_is_killed_between_the_call_and_its_record_calls_again_and_answers_once() {
    let mut stage = Stage::set().await;
    let let_it = Arc::new(tokio::sync::Semaphore::new(0));
    stage
        .endpoint
        .reply_with("helper", [Reply::WaitFor(let_it.clone(), text("done").into()), text("done")]);
    stage.call("survives").await;
    let first = stage.endpoint.next().await;
    // What a killed process leaves on disk at this moment: the receiver has it, and nobody wrote
    // that down.
    let copy = Arc::new(tempfile::tempdir().expect("a directory"));
    std::fs::create_dir_all(copy.path().join("db")).expect("a directory");
    let original =
        rusqlite::Connection::open(stage.server.storage.path().join("db/production.sqlite3"))
            .expect("opens");
    original
        .execute(
            "VACUUM INTO ?1",
            [copy.path().join("db/production.sqlite3").to_str().expect("text")],
        )
        .expect("copied");
    let ahead = stage.server.clock_offset.load(Ordering::SeqCst);
    let revived = TestServer::start_with_clock_offset(copy, ahead).await;
    let second = stage.endpoint.next().await;
    assert_eq!(
        (first.header("webhook-id"), &first.bytes),
        (second.header("webhook-id"), &second.bytes)
    );
    let (address, cookie) = (revived.address(), stage.ada.cookie.clone());
    let ada = crate::support::Client { address, cookie };
    let texts = async || ada.message_texts("").await;
    while texts().await.len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(texts().await, ["Hey @Helper survives", "done"]);
    // The same in a database that holds the answer already: the record was lost, the answer was
    // not.
    let_it.add_permits(1);
    stage.done().await;
    stage.store("UPDATE campfire_webhook_deliveries SET state = 'failed'").await;
    stage.endpoint.reply_with("helper", [text("done")]);
    stage.ada.post("/api/v1/bots/2/deliveries/1/resend", json!({})).await.json(202);
    stage.done().await;
    assert_eq!(stage.said().await, ["Hey @Helper survives", "done"]);
    revived.stop().await;
}
