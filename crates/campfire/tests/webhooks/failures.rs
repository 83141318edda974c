//! Receivers that fail, hang, flood and come back.

use std::sync::Arc;
use std::time::Duration;

use campfire::http::network_policy::NetworkPolicy;
use campfire::jobs::Jobs;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use test_support::webhook_endpoint::WebhookEndpoint;

use crate::support::Reply;
use crate::{HELPER, Stage, outcomes};

fn statuses(delivery: &Value) -> Vec<Value> {
    delivery["attempts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|attempt| attempt["status"].clone())
        .collect()
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_the_log_tells() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::Status(500), Reply::Truncate, Reply::Status(408)]);
    stage.call("persistent").await;
    let first = stage.endpoint.next().await;
    for (times, pause) in [(1, 60), (2, 120), (3, 240)] {
        stage.failed(times).await;
        assert_eq!(stage.log(HELPER).await[0]["state"], "waiting");
        stage.later(pause);
        let again = stage.endpoint.next().await;
        assert_eq!(
            (again.header("webhook-id"), &again.bytes),
            (first.header("webhook-id"), &first.bytes)
        );
        assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
    }
    let delivery = stage.last().await;
    assert_eq!(
        (&delivery["state"], statuses(&delivery)),
        (&json!("done"), vec![json!(500), Value::Null, json!(408), json!(204)])
    );
    assert_eq!(outcomes(&delivery)[0], "answered 500 Internal Server Error");
    assert_eq!(
        (&delivery["webhook_id"], &delivery["url_host"]),
        (&json!(first.header("webhook-id")), &json!(stage.endpoint.host()))
    );
}

#[tokio::test]
async fn our_own_trouble_is_not_the_receivers() {
    let mut stage = Stage::set().await;
    let let_it = Arc::new(Semaphore::new(0));
    stage.endpoint.reply_with(
        "helper",
        [Reply::Status(500), Reply::WaitFor(let_it.clone(), Reply::Status(204).into())],
    );
    stage.call("hello").await;
    stage.endpoint.next().await;
    stage.failed(1).await;
    let interrupted = |times| {
        move |app: &campfire::core::app::App| app.state::<Jobs>().status().interrupted == times
    };
    // What is needed to call cannot be read.
    stage.store("ALTER TABLE campfire_webhook_settings RENAME TO hidden").await;
    stage.later(60);
    stage.until(interrupted(1)).await;
    stage.failed(1).await;
    assert!(stage.endpoint.pending().is_empty());
    stage.store("ALTER TABLE hidden RENAME TO campfire_webhook_settings").await;
    stage.later(10);
    let first = stage.endpoint.next().await;
    // What was answered cannot be stored.
    stage.store("ALTER TABLE campfire_webhook_attempts RENAME TO hidden").await;
    let_it.add_permits(1);
    stage.until(interrupted(2)).await;
    stage.failed(1).await;
    stage.store("ALTER TABLE hidden RENAME TO campfire_webhook_attempts").await;
    assert!(stage.endpoint.pending().is_empty(), "it is not called again at once");
    stage.later(30);
    assert_eq!(stage.endpoint.next().await.header("webhook-id"), first.header("webhook-id"));
    let delivery = stage.last().await;
    assert_eq!(
        (&delivery["state"], statuses(&delivery)),
        (&json!("done"), vec![json!(500), json!(204)])
    );
    let status = stage.app().state::<Jobs>().status();
    assert_eq!((status.failed, status.open_circuits.len()), (1, 0));
}

#[tokio::test]
async fn five_tries_and_then_the_next() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", std::iter::repeat_n(Reply::Status(503), 5));
    stage.call("hopeless").await;
    stage.call("behind it").await;
    for times in 1..=5 {
        assert_eq!(stage.endpoint.next().await.plain(), "Hey  hopeless");
        stage
            .until(|app| {
                let status = app.state::<Jobs>().status();
                status.failed + status.given_up == times
            })
            .await;
        // The pause before the last try is the longest, and the breaker's comes on top.
        stage.later(900);
    }
    assert_eq!(stage.endpoint.next().await.plain(), "Hey  behind it");
    stage.done().await;
    let log = stage.log(HELPER).await;
    assert_eq!(
        (&log[0]["state"], &log[1]["state"], statuses(&log[1]).len()),
        (&json!("done"), &json!("failed"), 5)
    );
    assert_eq!(stage.said().await.len(), 2, "an error is not said in the room");
}

#[tokio::test]
async fn what_will_not_pass_ends_at_once() {
    let stage = Stage::set().await;
    let elsewhere = stage.endpoint.url("elsewhere");
    for (manner, outcome) in [
        (Reply::Status(404), "answered 404 Not Found"),
        (Reply::Status(410), "answered 410 Gone"),
        (Reply::Endless(403), "answered 403 Forbidden"),
        (Reply::Redirect(elsewhere), "answered 307 Temporary Redirect; redirects are not followed"),
    ] {
        stage.endpoint.reply_with("helper", [manner]);
        stage.call("hello").await;
        let delivery = stage.last().await;
        assert_eq!(
            (&delivery["state"], outcomes(&delivery)),
            (&json!("failed"), vec![outcome.to_owned()])
        );
    }
    let mut stage = stage;
    assert!(stage.endpoint.pending().iter().all(|arrival| arrival.path == "helper"));
}

#[tokio::test]
async fn a_pause_that_is_asked_for_is_kept_within_reason() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::RetryAfter(300), Reply::RetryAfter(100_000)]);
    stage.call("later").await;
    stage.endpoint.next().await;
    let pause = |stage: &Stage| {
        let at =
            campfire::core::clock::Time::from_rails(&stage.jobs()[0].run_at).expect("a moment");
        at.seconds_since(stage.app().clock.now())
    };
    stage.failed(1).await;
    assert!((290..=300).contains(&pause(&stage)), "{}", pause(&stage));
    stage.later(300);
    stage.endpoint.next().await;
    stage.failed(2).await;
    assert!((590..=600).contains(&pause(&stage)), "{}", pause(&stage));
    stage.later(600);
    stage.endpoint.next().await;
    assert_eq!(stage.last().await["state"], "done");
}

#[tokio::test]
async fn silence_is_said_after_the_last_try_only() {
    let stage = Stage::bare(|config| config.webhook_time = Duration::from_millis(50)).await;
    stage.bot(HELPER, "Helper").await;
    stage.webhook(HELPER, "helper").await;
    // On a busy machine the time may be over before a call arrives; it is silence all the same.
    stage
        .endpoint
        .reply_with("helper", [Reply::Hang, Reply::Stall, Reply::Hang, Reply::Stall, Reply::Hang]);
    stage.call("hello?").await;
    for times in 1..=4 {
        stage.failed(times).await;
        assert_eq!(stage.said().await, ["Hey @Helper hello?"]);
        stage.later(900);
    }
    let delivery = stage.last().await;
    assert_eq!(stage.said().await, ["Hey @Helper hello?", "Failed to respond within 7 seconds"]);
    assert_eq!(
        (&delivery["state"], &delivery["reply"], statuses(&delivery)),
        (&json!("failed"), &json!("posted"), vec![Value::Null; 5])
    );
    assert!(delivery["attempts"][0]["duration_ms"].as_i64().expect("a number") >= 50);
}

#[tokio::test]
async fn who_cannot_be_reached_is_tried_again_in_silence() {
    let stage = Stage::bare(|_| {}).await;
    stage.bot(HELPER, "Helper").await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("listens")
        .local_addr()
        .expect("an address");
    let plain = stage.endpoint.url("helper").replace("http://", "https://");
    for (number, url) in [format!("http://{closed}/"), plain, "http://nobody.invalid/".to_owned()]
        .into_iter()
        .enumerate()
    {
        stage.webhook_at(HELPER, &url).await;
        stage.call("hello").await;
        stage.failed(1).await;
        let delivery = stage.log(HELPER).await[0].clone();
        assert_eq!(
            (&delivery["state"], statuses(&delivery)),
            (&json!("waiting"), vec![Value::Null]),
            "{url}"
        );
        assert!(!outcomes(&delivery)[0].is_empty());
        stage.store("DELETE FROM campfire_jobs").await;
        assert_eq!(stage.log(HELPER).await[0]["state"], "failed", "without its job nothing waits");
        assert_eq!(stage.said().await.len(), number + 1);
    }
}

#[tokio::test]
async fn a_bot_hears_in_order_though_the_first_try_fails() {
    let mut stage = Stage::set().await;
    let let_it = Arc::new(Semaphore::new(0));
    let slow = Reply::WaitFor(let_it.clone(), Box::new(Reply::Status(500)));
    stage.endpoint.reply_with("helper", [slow]);
    for words in ["one", "two", "three"] {
        stage.call(words).await;
    }
    assert_eq!(stage.endpoint.next().await.plain(), "Hey  one");
    let_it.add_permits(1);
    stage.until(|app| app.state::<Jobs>().status().failed == 1).await;
    stage.later(60);
    stage.done().await;
    let heard = stage
        .endpoint
        .pending()
        .iter()
        .map(|arrival| arrival.plain().to_owned())
        .collect::<Vec<_>>();
    assert_eq!(heard, ["Hey  one", "Hey  two", "Hey  three"]);
}

#[tokio::test]
async fn a_dead_receiver_holds_up_only_its_own_bot() {
    let mut stage = Stage::set().await;
    for id in [3, 4] {
        stage.bot(id, &format!("Bot {id}")).await;
        stage.webhook(id, &format!("bot{id}")).await;
    }
    stage.endpoint.reply_with("helper", std::iter::repeat_n(Reply::Hang, 5));
    stage.endpoint.reply_with("bot3", [Reply::Status(404)]);
    for _ in 0..20 {
        stage.mention(&stage.ada.clone(), &[2, 3, 4], "all of you").await;
    }
    let waiting = |app: &campfire::core::app::App| app.state::<Jobs>().status().unfinished;
    stage.until(|app| waiting(app) == 20).await;
    let arrivals = stage.endpoint.pending();
    let count = |path: &str| arrivals.iter().filter(|arrival| arrival.path == path).count();
    assert_eq!((count("helper"), count("bot3"), count("bot4")), (1, 20, 20));
}

#[tokio::test]
async fn another_address_takes_over_what_waits_for_the_old_one() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::Status(500)]);
    stage.call("one").await;
    stage.failed(1).await;
    stage.endpoint.next().await;
    stage.call("two").await;
    let other = WebhookEndpoint::start().await;
    let old = std::mem::replace(&mut stage.endpoint, other);
    stage.webhook(HELPER, "moved").await;
    for words in ["Hey  one", "Hey  two"] {
        let arrival = stage.endpoint.next().await;
        assert_eq!((arrival.path.as_str(), arrival.plain()), ("moved", words));
    }
    stage.done().await;
    let log = stage.log(HELPER).await;
    assert!(
        log.iter()
            .all(|delivery| delivery["url_host"] == stage.endpoint.host()
                && delivery["state"] == "done"),
        "{log:?}"
    );
    drop(old);
}

#[tokio::test]
async fn another_address_takes_over_what_is_under_way_too() {
    let mut stage = Stage::set().await;
    let let_it = Arc::new(Semaphore::new(0));
    stage
        .endpoint
        .reply_with("helper", [Reply::WaitFor(let_it.clone(), Reply::Status(500).into())]);
    stage.call("hello").await;
    stage.endpoint.next().await;
    let other = WebhookEndpoint::start().await;
    let old = std::mem::replace(&mut stage.endpoint, other);
    stage.webhook(HELPER, "moved").await;
    let_it.add_permits(1);
    stage.failed(1).await;
    assert_eq!(
        stage.jobs()[0].destination,
        stage.endpoint.host(),
        "what becomes of the old one is of no interest any more"
    );
    stage.later(60);
    assert_eq!(stage.endpoint.next().await.path, "moved");
    drop(old);
}

#[tokio::test]
async fn what_is_gone_when_its_turn_comes_is_not_sent() {
    let mut stage = Stage::set().await;
    let me = &stage.ada.clone();
    let delete = async |stage: &Stage, message: &Value| {
        me.delete(&format!("/api/v1/rooms/1/messages/{}", message["id"])).await;
        stage.forget();
    };
    let cases = [
        ("the message was deleted", ""),
        ("the bot is not in the room any more", "DELETE FROM memberships WHERE user_id = 2"),
        ("the bot has no webhook any more", "DELETE FROM webhooks"),
        ("the bot was removed", "UPDATE users SET status = 1 WHERE id = 2"),
    ];
    for (reason, sql) in cases {
        stage.endpoint.reply_with("helper", [Reply::Status(500)]);
        let message = stage.call("hello").await;
        stage.failed(1).await;
        stage.endpoint.next().await;
        if sql.is_empty() {
            delete(&stage, &message).await
        } else {
            stage.store(sql).await
        }
        stage.later(60);
        stage.done().await;
        assert!(stage.endpoint.pending().is_empty(), "{reason}");
        stage.store("UPDATE users SET status = 0 WHERE id = 2").await;
        let delivery = stage.last().await;
        assert_eq!(
            (&delivery["state"], &outcomes(&delivery)[1]),
            (&json!("failed"), &format!("not sent: {reason}"))
        );
        stage
            .store(
                "INSERT OR IGNORE INTO memberships (room_id, user_id, created_at, updated_at) VALUES (1, 2, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
            )
            .await;
        stage.webhook(HELPER, "helper").await;
    }
}

#[tokio::test]
async fn an_edited_message_arrives_as_it_is_by_then() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::Status(500)]);
    let id = stage.call("before").await["id"].clone();
    stage.failed(1).await;
    stage.endpoint.next().await;
    stage
        .ada
        .patch(&format!("/api/v1/rooms/1/messages/{id}"), json!({ "text": "after" }))
        .await
        .json(200);
    stage.later(60);
    assert_eq!(stage.endpoint.next().await.plain(), "after");
}

#[tokio::test]
async fn private_addresses_are_called_unless_the_operator_does_not_want_it() {
    let mut stage = Stage::bare(|config| config.webhook_policy = NetworkPolicy::PublicOnly).await;
    stage.bot(HELPER, "Helper").await;
    for url in [
        stage.endpoint.url("helper"),
        stage.endpoint.url("helper").replace("127.0.0.1", "localhost"),
    ] {
        stage.webhook_at(HELPER, &url).await;
        stage.call("hello").await;
        let delivery = stage.last().await;
        assert_eq!(
            (&delivery["state"], outcomes(&delivery)),
            (&json!("failed"), vec!["the address is not on the public internet".to_owned()])
        );
    }
    assert!(stage.endpoint.pending().is_empty());
}

#[tokio::test]
async fn a_receiver_that_is_too_far_behind_does_not_fill_the_outbox() {
    let mut stage = Stage::set().await;
    let waiting = |state: &str| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO campfire_jobs (key, kind, lane, destination, payload, state, run_at, created_at, updated_at)
             SELECT '{state}' || i, 'webhook', 'webhook:2', 'there', '{{}}', '{state}', '2999-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000',
                    '2999-01-01 00:00:00.000000' FROM n;
             INSERT INTO campfire_webhook_deliveries (bot_id, webhook_id, job_key, message_id, room_id, url_host, state, created_at, updated_at)
             SELECT 2, key, key, 1, 1, 'there', 'waiting', created_at, created_at FROM campfire_jobs WHERE state = '{state}'"
        )
    };
    // What was given up without an attempt waits for nothing.
    stage.store(&waiting("dead")).await;
    stage.call("heard").await;
    assert_eq!(stage.endpoint.next().await.plain(), "Hey  heard");
    stage.store(&waiting("waiting")).await;
    stage.call("one too many").await;
    let delivery = stage.log(HELPER).await[0].clone();
    assert_eq!(delivery["state"], "failed");
    assert_eq!(
        outcomes(&delivery),
        ["not sent: 5000 deliveries are waiting for this bot's receiver"]
    );
    assert!(stage.endpoint.pending().is_empty());
}
