//! Endpoints that fail, hang, send too much and recover.

use std::sync::Arc;
use std::time::Duration;

use campfire::http::network_policy::NetworkPolicy;
use campfire::jobs::Jobs;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use test_support::webhook_endpoint::WebhookEndpoint;

use crate::support::Reply;
use crate::{Fixture, HELPER, outcomes};

fn statuses(delivery: &Value) -> Vec<Value> {
    delivery["attempts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|attempt| attempt["status"].clone())
        .collect()
}

#[tokio::test]
async fn temporary_failures_are_retried_and_logged() {
    let mut fixture = Fixture::new().await;
    fixture
        .endpoint
        .reply_with("helper", [Reply::Status(500), Reply::Truncate, Reply::Status(408)]);
    fixture.mention_helper("persistent").await;
    let first = fixture.endpoint.next().await;
    for (times, pause) in [(1, 60), (2, 120), (3, 240)] {
        fixture.wait_for_failures(times).await;
        assert_eq!(fixture.deliveries(HELPER).await[0]["state"], "waiting");
        fixture.advance_clock(pause);
        let again = fixture.endpoint.next().await;
        assert_eq!(
            (again.header("webhook-id"), &again.bytes),
            (first.header("webhook-id"), &first.bytes)
        );
        assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
    }
    let delivery = fixture.last_delivery().await;
    assert_eq!(
        (&delivery["state"], statuses(&delivery)),
        (&json!("done"), vec![json!(500), Value::Null, json!(408), json!(204)])
    );
    assert_eq!(outcomes(&delivery)[0], "answered 500 Internal Server Error");
    assert_eq!(
        (&delivery["webhook_id"], &delivery["url_host"]),
        (&json!(first.header("webhook-id")), &json!(fixture.endpoint.host()))
    );
}

#[tokio::test]
async fn internal_errors_do_not_count_against_the_endpoint() {
    let mut fixture = Fixture::new().await;
    let permits = Arc::new(Semaphore::new(0));
    fixture.endpoint.reply_with(
        "helper",
        [Reply::Status(500), Reply::WaitFor(permits.clone(), Reply::Status(204).into())],
    );
    fixture.mention_helper("hello").await;
    fixture.endpoint.next().await;
    fixture.wait_for_failures(1).await;
    let interrupted = |times| {
        move |app: &campfire::core::app::App| app.state::<Jobs>().status().interrupted == times
    };
    // The data for the call cannot be read.
    fixture.execute_sql("ALTER TABLE campfire_webhook_settings RENAME TO hidden").await;
    fixture.advance_clock(60);
    fixture.wait_until(interrupted(1)).await;
    fixture.wait_for_failures(1).await;
    assert!(fixture.endpoint.pending().is_empty());
    fixture.execute_sql("ALTER TABLE hidden RENAME TO campfire_webhook_settings").await;
    fixture.advance_clock(10);
    let first = fixture.endpoint.next().await;
    // The outcome cannot be stored.
    fixture.execute_sql("ALTER TABLE campfire_webhook_attempts RENAME TO hidden").await;
    permits.add_permits(1);
    fixture.wait_until(interrupted(2)).await;
    fixture.wait_for_failures(1).await;
    fixture.execute_sql("ALTER TABLE hidden RENAME TO campfire_webhook_attempts").await;
    assert!(fixture.endpoint.pending().is_empty(), "it is not called again immediately");
    fixture.advance_clock(30);
    assert_eq!(fixture.endpoint.next().await.header("webhook-id"), first.header("webhook-id"));
    let delivery = fixture.last_delivery().await;
    assert_eq!(
        (&delivery["state"], statuses(&delivery)),
        (&json!("done"), vec![json!(500), json!(204)])
    );
    let status = fixture.app().state::<Jobs>().status();
    assert_eq!((status.failed, status.open_circuits.len()), (1, 0));
}

#[tokio::test]
async fn a_call_is_given_up_after_five_attempts() {
    let mut fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", std::iter::repeat_n(Reply::Status(503), 5));
    fixture.mention_helper("hopeless").await;
    fixture.mention_helper("behind it").await;
    for times in 1..=5 {
        assert_eq!(fixture.endpoint.next().await.plain(), "Hey  hopeless");
        fixture
            .wait_until(|app| {
                let status = app.state::<Jobs>().status();
                status.failed + status.given_up == times
            })
            .await;
        // The last retry delay is the longest, and the circuit's cool-down is added.
        fixture.advance_clock(900);
    }
    assert_eq!(fixture.endpoint.next().await.plain(), "Hey  behind it");
    fixture.wait_for_jobs().await;
    let log = fixture.deliveries(HELPER).await;
    assert_eq!(
        (&log[0]["state"], &log[1]["state"], statuses(&log[1]).len()),
        (&json!("done"), &json!("failed"), 5)
    );
    assert_eq!(fixture.message_texts().await.len(), 2, "errors are not posted");
}

#[tokio::test]
async fn permanent_failures_end_the_delivery() {
    let fixture = Fixture::new().await;
    let other_url = fixture.endpoint.url("elsewhere");
    for (reply, outcome) in [
        (Reply::Status(404), "answered 404 Not Found"),
        (Reply::Status(410), "answered 410 Gone"),
        (Reply::Endless(403), "answered 403 Forbidden"),
        (Reply::Redirect(other_url), "answered 307 Temporary Redirect; redirects are not followed"),
    ] {
        fixture.endpoint.reply_with("helper", [reply]);
        fixture.mention_helper("hello").await;
        let delivery = fixture.last_delivery().await;
        assert_eq!(
            (&delivery["state"], outcomes(&delivery)),
            (&json!("failed"), vec![outcome.to_owned()])
        );
    }
    let mut fixture = fixture;
    assert!(fixture.endpoint.pending().iter().all(|call| call.path == "helper"));
}

#[tokio::test]
async fn retry_after_is_respected_up_to_a_limit() {
    let mut fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [Reply::RetryAfter(300), Reply::RetryAfter(100_000)]);
    fixture.mention_helper("later").await;
    fixture.endpoint.next().await;
    let pause = |fixture: &Fixture| {
        let at = campfire::core::clock::Time::from_rails(&fixture.jobs()[0].run_at)
            .expect("a timestamp");
        at.seconds_since(fixture.app().clock.now())
    };
    fixture.wait_for_failures(1).await;
    assert!((290..=300).contains(&pause(&fixture)), "{}", pause(&fixture));
    fixture.advance_clock(300);
    fixture.endpoint.next().await;
    fixture.wait_for_failures(2).await;
    assert!((590..=600).contains(&pause(&fixture)), "{}", pause(&fixture));
    fixture.advance_clock(600);
    fixture.endpoint.next().await;
    assert_eq!(fixture.last_delivery().await["state"], "done");
}

#[tokio::test]
async fn a_timeout_is_posted_after_the_last_attempt_only() {
    let fixture =
        Fixture::without_bot(|config| config.webhook_timeout = Duration::from_millis(50)).await;
    fixture.insert_bot(HELPER, "Helper").await;
    fixture.set_webhook(HELPER, "helper").await;
    // On a busy machine the time may be over before a call arrives, which is a timeout as well.
    fixture
        .endpoint
        .reply_with("helper", [Reply::Hang, Reply::Stall, Reply::Hang, Reply::Stall, Reply::Hang]);
    fixture.mention_helper("hello?").await;
    for times in 1..=4 {
        fixture.wait_for_failures(times).await;
        assert_eq!(fixture.message_texts().await, ["Hey @Helper hello?"]);
        fixture.advance_clock(900);
    }
    let delivery = fixture.last_delivery().await;
    assert_eq!(
        fixture.message_texts().await,
        ["Hey @Helper hello?", "Failed to respond within 7 seconds"]
    );
    assert_eq!(
        (&delivery["state"], &delivery["reply"], statuses(&delivery)),
        (&json!("failed"), &json!("posted"), vec![Value::Null; 5])
    );
    assert!(delivery["attempts"][0]["duration_ms"].as_i64().expect("an integer") >= 50);
}

#[tokio::test]
async fn unreachable_endpoints_are_retried_without_a_message() {
    let fixture = Fixture::without_bot(|_| {}).await;
    fixture.insert_bot(HELPER, "Helper").await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("listens")
        .local_addr()
        .expect("an address");
    let plain = fixture.endpoint.url("helper").replace("http://", "https://");
    for (number, url) in
        [format!("http://{closed}/"), plain, "http://unknown-host.invalid/".to_owned()]
            .into_iter()
            .enumerate()
    {
        fixture.set_webhook_url(HELPER, &url).await;
        fixture.mention_helper("hello").await;
        fixture.wait_for_failures(1).await;
        let delivery = fixture.deliveries(HELPER).await[0].clone();
        assert_eq!(
            (&delivery["state"], statuses(&delivery)),
            (&json!("waiting"), vec![Value::Null]),
            "{url}"
        );
        assert!(!outcomes(&delivery)[0].is_empty());
        fixture.execute_sql("DELETE FROM campfire_jobs").await;
        assert_eq!(
            fixture.deliveries(HELPER).await[0]["state"],
            "failed",
            "without its job the delivery does not wait"
        );
        assert_eq!(fixture.message_texts().await.len(), number + 1);
    }
}

#[tokio::test]
async fn calls_stay_in_order_when_the_first_attempt_fails() {
    let mut fixture = Fixture::new().await;
    let permits = Arc::new(Semaphore::new(0));
    let slow = Reply::WaitFor(permits.clone(), Box::new(Reply::Status(500)));
    fixture.endpoint.reply_with("helper", [slow]);
    for text in ["one", "two", "three"] {
        fixture.mention_helper(text).await;
    }
    assert_eq!(fixture.endpoint.next().await.plain(), "Hey  one");
    permits.add_permits(1);
    fixture.wait_until(|app| app.state::<Jobs>().status().failed == 1).await;
    fixture.advance_clock(60);
    fixture.wait_for_jobs().await;
    let texts =
        fixture.endpoint.pending().iter().map(|call| call.plain().to_owned()).collect::<Vec<_>>();
    assert_eq!(texts, ["Hey  one", "Hey  two", "Hey  three"]);
}

#[tokio::test]
async fn a_dead_endpoint_delays_only_its_own_bot() {
    let mut fixture = Fixture::new().await;
    for id in [3, 4] {
        fixture.insert_bot(id, &format!("Bot {id}")).await;
        fixture.set_webhook(id, &format!("bot{id}")).await;
    }
    fixture.endpoint.reply_with("helper", std::iter::repeat_n(Reply::Hang, 5));
    fixture.endpoint.reply_with("bot3", [Reply::Status(404)]);
    for _ in 0..20 {
        fixture.mention(&fixture.ada.clone(), &[2, 3, 4], "all of you").await;
    }
    let waiting = |app: &campfire::core::app::App| app.state::<Jobs>().status().unfinished;
    fixture.wait_until(|app| waiting(app) == 20).await;
    let calls = fixture.endpoint.pending();
    let count = |path: &str| calls.iter().filter(|call| call.path == path).count();
    assert_eq!((count("helper"), count("bot3"), count("bot4")), (1, 20, 20));
}

#[tokio::test]
async fn a_new_url_takes_over_waiting_calls() {
    let mut fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [Reply::Status(500)]);
    fixture.mention_helper("one").await;
    fixture.wait_for_failures(1).await;
    fixture.endpoint.next().await;
    fixture.mention_helper("two").await;
    let other = WebhookEndpoint::start().await;
    let old = std::mem::replace(&mut fixture.endpoint, other);
    fixture.set_webhook(HELPER, "moved").await;
    for text in ["Hey  one", "Hey  two"] {
        let call = fixture.endpoint.next().await;
        assert_eq!((call.path.as_str(), call.plain()), ("moved", text));
    }
    fixture.wait_for_jobs().await;
    let log = fixture.deliveries(HELPER).await;
    assert!(
        log.iter().all(|delivery| delivery["url_host"] == fixture.endpoint.host()
            && delivery["state"] == "done"),
        "{log:?}"
    );
    drop(old);
}

#[tokio::test]
async fn a_new_url_takes_over_running_calls() {
    let mut fixture = Fixture::new().await;
    let permits = Arc::new(Semaphore::new(0));
    fixture
        .endpoint
        .reply_with("helper", [Reply::WaitFor(permits.clone(), Reply::Status(500).into())]);
    fixture.mention_helper("hello").await;
    fixture.endpoint.next().await;
    let other = WebhookEndpoint::start().await;
    let old = std::mem::replace(&mut fixture.endpoint, other);
    fixture.set_webhook(HELPER, "moved").await;
    permits.add_permits(1);
    fixture.wait_for_failures(1).await;
    assert_eq!(
        fixture.jobs()[0].destination,
        fixture.endpoint.host(),
        "the reply to the old URL is ignored"
    );
    fixture.advance_clock(60);
    assert_eq!(fixture.endpoint.next().await.path, "moved");
    drop(old);
}

#[tokio::test]
async fn calls_without_message_bot_or_membership_are_discarded() {
    let mut fixture = Fixture::new().await;
    let me = &fixture.ada.clone();
    let delete = async |fixture: &Fixture, message: &Value| {
        me.delete(&format!("/api/v1/rooms/1/messages/{}", message["id"])).await;
        fixture.clear_caches();
    };
    let cases = [
        ("the message was deleted", ""),
        ("the bot is not in the room any more", "DELETE FROM memberships WHERE user_id = 2"),
        ("the bot has no webhook any more", "DELETE FROM webhooks"),
        ("the bot was removed", "UPDATE users SET status = 1 WHERE id = 2"),
    ];
    for (reason, sql) in cases {
        fixture.endpoint.reply_with("helper", [Reply::Status(500)]);
        let message = fixture.mention_helper("hello").await;
        fixture.wait_for_failures(1).await;
        fixture.endpoint.next().await;
        if sql.is_empty() {
            delete(&fixture, &message).await
        } else {
            fixture.execute_sql(sql).await
        }
        fixture.advance_clock(60);
        fixture.wait_for_jobs().await;
        assert!(fixture.endpoint.pending().is_empty(), "{reason}");
        fixture.execute_sql("UPDATE users SET status = 0 WHERE id = 2").await;
        let delivery = fixture.last_delivery().await;
        assert_eq!(
            (&delivery["state"], &outcomes(&delivery)[1]),
            (&json!("failed"), &format!("not sent: {reason}"))
        );
        fixture
            .execute_sql(
                "INSERT OR IGNORE INTO memberships (room_id, user_id, created_at, updated_at) VALUES (1, 2, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
            )
            .await;
        fixture.set_webhook(HELPER, "helper").await;
    }
}

#[tokio::test]
async fn calls_contain_the_current_text() {
    let mut fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [Reply::Status(500)]);
    let id = fixture.mention_helper("before").await["id"].clone();
    fixture.wait_for_failures(1).await;
    fixture.endpoint.next().await;
    fixture
        .ada
        .patch(&format!("/api/v1/rooms/1/messages/{id}"), json!({ "text": "after" }))
        .await
        .json(200);
    fixture.advance_clock(60);
    assert_eq!(fixture.endpoint.next().await.plain(), "after");
}

#[tokio::test]
async fn private_addresses_require_permission() {
    let mut fixture =
        Fixture::without_bot(|config| config.webhook_policy = NetworkPolicy::PublicOnly).await;
    fixture.insert_bot(HELPER, "Helper").await;
    for url in [
        fixture.endpoint.url("helper"),
        fixture.endpoint.url("helper").replace("127.0.0.1", "localhost"),
    ] {
        fixture.set_webhook_url(HELPER, &url).await;
        fixture.mention_helper("hello").await;
        let delivery = fixture.last_delivery().await;
        assert_eq!(
            (&delivery["state"], outcomes(&delivery)),
            (&json!("failed"), vec!["the address is not on the public internet".to_owned()])
        );
    }
    assert!(fixture.endpoint.pending().is_empty());
}

#[tokio::test]
async fn the_queue_per_endpoint_is_limited() {
    let mut fixture = Fixture::new().await;
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
    // A delivery that was discarded without an attempt does not wait.
    fixture.execute_sql(&waiting("dead")).await;
    fixture.mention_helper("heard").await;
    assert_eq!(fixture.endpoint.next().await.plain(), "Hey  heard");
    fixture.execute_sql(&waiting("waiting")).await;
    fixture.mention_helper("one too many").await;
    let delivery = fixture.deliveries(HELPER).await[0].clone();
    assert_eq!(delivery["state"], "failed");
    assert_eq!(
        outcomes(&delivery),
        ["not sent: 5000 deliveries are waiting for this bot's receiver"]
    );
    assert!(fixture.endpoint.pending().is_empty());
}
