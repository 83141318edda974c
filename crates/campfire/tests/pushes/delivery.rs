//! Delivery of notifications: retries, expired subscriptions, internal errors and crashes.

use std::collections::BTreeSet;
use std::sync::Arc;

use campfire::core::app::App;
use campfire::jobs::Jobs;
use campfire::jobs::store as jobs;

use super::{Fixture, set, start_with_push_service};
use crate::support::Client;
use crate::support::Reply;

#[tokio::test]
async fn expired_subscriptions_are_deleted_and_others_kept() {
    let mut fixture = Fixture::without_devices().await;
    fixture.set_involvement(2, "everything").await;
    for (browser, status) in
        [("gone", 410), ("unknown", 404), ("odd", 400), ("large", 413), ("locked", 403)]
    {
        fixture.subscribe(&fixture.grace.clone(), browser).await;
        fixture.push.reply_with(browser, [Reply::Status(status)]);
    }
    fixture.ada.post_message("hello").await;
    let given_up = fixture
        .wait_for_table(|table| table.len() == 3 && table.iter().all(|job| job.state == "dead"))
        .await;
    assert_eq!(given_up[0].failure.as_deref(), Some("the push service answered 400 Bad Request"));
    assert_eq!(fixture.push.pending().len(), 5);
    assert_eq!(fixture.devices(&fixture.grace.clone()).await.len(), 3);
    fixture.ada.post_message("once more").await;
    let mut second = Vec::new();
    for _ in 0..3 {
        second.push(fixture.push.next().await.browser);
    }
    assert_eq!(second.into_iter().collect::<BTreeSet<_>>(), set(&["odd", "large", "locked"]));
}

#[tokio::test]
async fn failing_services_are_retried_and_retry_after_is_respected() {
    let mut fixture = Fixture::new().await;
    fixture.push.reply_with("phone", [Reply::Status(500), Reply::RetryAfter(600), Reply::Truncate]);
    fixture.ada.post_message("persistent").await;
    fixture.push.next().await;
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting"))
        .await;
    fixture.advance_clock(60);
    fixture.push.next().await;
    let waiting = fixture
        .wait_for_table(|table| table.iter().any(|job| job.attempts == 2 && job.state == "waiting"))
        .await;
    let at = campfire::core::clock::Time::from_rails(&waiting[0].run_at).expect("a timestamp");
    let pause = at.seconds_since(fixture.app().clock.now());
    assert!((590..=600).contains(&pause), "{pause} seconds");
    fixture.advance_clock(600);
    fixture.push.next().await;
    // The service truncated its response. Delivery is at least once, so the push is repeated.
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.attempts == 3 && job.state == "waiting"))
        .await;
    fixture.advance_clock(600);
    assert_eq!(
        fixture.push.next().await.notification["options"]["body"],
        "Ada Lovelace: persistent"
    );
    fixture.wait_for_jobs().await;
}

#[tokio::test]
async fn discarded_notifications_do_not_affect_the_circuit() {
    let mut fixture = Fixture::new().await;
    fixture.push.reply_with("phone", std::iter::repeat_n(Reply::Status(503), 5));
    let mut messages = Vec::new();
    for number in 0..5 {
        messages.push(fixture.ada.post_message(&number.to_string()).await["id"].clone());
        fixture.push.next().await;
    }
    let circuit_is_open = |app: &App| app.state::<Jobs>().status().open_circuits.len() == 1;
    fixture.wait_until(circuit_is_open).await;
    for id in messages {
        assert_eq!(fixture.ada.delete(&format!("/api/v1/rooms/1/messages/{id}")).await.status, 204);
    }
    let done = fixture.app().state::<Jobs>().status().done;
    fixture.advance_clock(60);
    fixture.wait_until(|app| app.state::<Jobs>().status().done == done + 5).await;
    assert!(fixture.push.pending().is_empty());
    assert!(circuit_is_open(fixture.app()), "no probe was sent");
}

#[tokio::test]
async fn internal_errors_do_not_count_against_the_push_service() {
    let mut fixture = Fixture::new().await;
    fixture.push.reply_with("phone", [Reply::Status(503)]);
    fixture.ada.post_message("hello").await;
    fixture.push.next().await;
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting"))
        .await;
    // Makes more and more of a notification's data unreadable: first its recipients, then its
    // message.
    for (times, hidden) in [(1, "push_subscriptions"), (2, "rooms")] {
        fixture.execute_sql(&format!("ALTER TABLE {hidden} RENAME TO hidden")).await;
        fixture.advance_clock(60);
        fixture.wait_until(|app| app.state::<Jobs>().status().interrupted == times).await;
        let table =
            fixture.wait_for_table(|table| table.iter().all(|job| job.state == "waiting")).await;
        assert_eq!(table.iter().map(|job| job.attempts).collect::<Vec<_>>(), [1], "{hidden}");
        fixture.execute_sql(&format!("ALTER TABLE hidden RENAME TO {hidden}")).await;
    }
    fixture.advance_clock(60);
    assert_eq!(fixture.push.next().await.notification["options"]["body"], "Ada Lovelace: hello");
    fixture.wait_for_jobs().await;
    assert!(fixture.app().state::<Jobs>().status().open_circuits.is_empty());
}

#[tokio::test]
async fn recipients_are_reloaded_after_an_internal_error() {
    let mut fixture = Fixture::new().await;
    fixture.execute_sql("ALTER TABLE push_subscriptions RENAME TO hidden").await;
    fixture.ada.post_message("hello").await;
    fixture.wait_until(|app| app.state::<Jobs>().status().interrupted == 1).await;
    let table =
        fixture.wait_for_table(|table| table.iter().all(|job| job.state == "waiting")).await;
    assert_eq!((table[0].kind.as_str(), table[0].attempts), ("push", 0));
    fixture.execute_sql("ALTER TABLE hidden RENAME TO push_subscriptions").await;
    fixture.advance_clock(10);
    assert_eq!(fixture.push.next().await.browser, "phone");
}

#[tokio::test]
async fn notifications_are_delivered_after_a_crash() {
    let mut fixture = Fixture::new().await;
    fixture.push.reply_with("phone", [Reply::Hang, Reply::Hang]);
    fixture.ada.post_message("survives").await;
    fixture.push.next().await;
    // The files that a killed process would leave now: the message is acknowledged and its delivery
    // has started.
    let copy = Arc::new(tempfile::tempdir().expect("a directory"));
    std::fs::create_dir_all(copy.path().join("db")).expect("a directory");
    std::fs::copy(
        fixture.server.storage.path().join("vapid_private_key"),
        copy.path().join("vapid_private_key"),
    )
    .expect("copied");
    let original =
        rusqlite::Connection::open(fixture.server.storage.path().join("db/production.sqlite3"))
            .expect("opens");
    original
        .execute(
            "VACUUM INTO ?1",
            [copy.path().join("db/production.sqlite3").to_str().expect("text")],
        )
        .expect("copied");
    let killed = start_with_push_service(&fixture.push, copy).await;
    assert_eq!(fixture.push.next().await.notification["options"]["body"], "Ada Lovelace: survives");
    // The same after a graceful shutdown, while the service does not reply.
    let storage = fixture.server.stop().await;
    let stopped = start_with_push_service(&fixture.push, storage).await;
    assert_eq!(fixture.push.next().await.notification["options"]["body"], "Ada Lovelace: survives");
    killed.stop().await;
    stopped.stop().await;
}

#[tokio::test]
async fn notifications_are_dropped_when_the_queue_is_full() {
    let fixture = Fixture::new().await;
    fixture
        .execute_sql(
            "INSERT INTO campfire_jobs (key, kind, destination, payload, state, run_at, created_at, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 50000)
             SELECT 'n' || i, 'of another version', 'there', '', 'waiting', '9999-01-01 00:00:00.000000', '', '' FROM n",
        )
        .await;
    let Fixture { server, push, ada, grace } = fixture;
    let server = start_with_push_service(&push, server.stop().await).await;
    let ada = Client { address: server.address(), ..ada };
    let mut fixture = Fixture { server, push, ada, grace };
    fixture.ada.post_message("one of very many").await;
    let given_up =
        |app: &App| app.db.read(|reader| jobs::list(reader, Some("dead"), 10)).expect("reads");
    fixture.wait_until(|app| given_up(app).len() == 1).await;
    assert_eq!(given_up(fixture.app())[0].kind, "push");
    assert!(fixture.push.pending().is_empty());
}
