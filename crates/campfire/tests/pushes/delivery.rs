//! The way to the device: what fails, hangs or is in trouble loses nothing and stops nobody.

use std::collections::BTreeSet;
use std::sync::Arc;

use campfire::core::app::App;
use campfire::jobs::Jobs;
use campfire::jobs::store as jobs;

use super::{Stage, calling, set};
use crate::support::Client;
use crate::support::Reply;

#[tokio::test]
async fn a_device_that_is_gone_is_forgotten_and_any_other_failure_forgets_none() {
    let mut stage = Stage::bare().await;
    stage.involve(2, "everything").await;
    for (browser, status) in
        [("gone", 410), ("unknown", 404), ("odd", 400), ("large", 413), ("locked", 403)]
    {
        stage.subscribe(&stage.grace.clone(), browser).await;
        stage.push.reply_with(browser, [Reply::Status(status)]);
    }
    stage.ada.post_message("hello").await;
    let given_up =
        stage.table(|table| table.len() == 3 && table.iter().all(|job| job.state == "dead")).await;
    assert_eq!(given_up[0].failure.as_deref(), Some("the push service answered 400 Bad Request"));
    assert_eq!(stage.push.pending().len(), 5);
    assert_eq!(stage.devices(&stage.grace.clone()).await.len(), 3);
    stage.ada.post_message("once more").await;
    let mut second = Vec::new();
    for _ in 0..3 {
        second.push(stage.push.next().await.browser);
    }
    assert_eq!(second.into_iter().collect::<BTreeSet<_>>(), set(&["odd", "large", "locked"]));
}

#[tokio::test]
async fn a_failing_service_is_tried_again_and_one_that_asks_for_a_pause_gets_it() {
    let mut stage = Stage::set().await;
    stage.push.reply_with("phone", [Reply::Status(500), Reply::RetryAfter(600), Reply::Truncate]);
    stage.ada.post_message("persistent").await;
    stage.push.next().await;
    stage.table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting")).await;
    stage.later(60);
    stage.push.next().await;
    let waiting = stage
        .table(|table| table.iter().any(|job| job.attempts == 2 && job.state == "waiting"))
        .await;
    let at = campfire::core::clock::Time::from_rails(&waiting[0].run_at).expect("a moment");
    let pause = at.seconds_since(stage.app().clock.now());
    assert!((590..=600).contains(&pause), "{pause} seconds");
    stage.later(600);
    stage.push.next().await;
    // The service took it, but broke off: at least once means that it comes again.
    stage.table(|table| table.iter().any(|job| job.attempts == 3 && job.state == "waiting")).await;
    stage.later(600);
    assert_eq!(stage.push.next().await.notification["options"]["body"], "Ada Lovelace: persistent");
    stage.done().await;
}

#[tokio::test]
async fn what_is_not_sent_any_more_does_not_speak_for_the_service() {
    let mut stage = Stage::set().await;
    stage.push.reply_with("phone", std::iter::repeat_n(Reply::Status(503), 5));
    let mut messages = Vec::new();
    for number in 0..5 {
        messages.push(stage.ada.post_message(&number.to_string()).await["id"].clone());
        stage.push.next().await;
    }
    let left_in_peace = |app: &App| app.state::<Jobs>().status().open_circuits.len() == 1;
    stage.until(left_in_peace).await;
    for id in messages {
        assert_eq!(stage.ada.delete(&format!("/api/v1/rooms/1/messages/{id}")).await.status, 204);
    }
    let done = stage.app().state::<Jobs>().status().done;
    stage.later(60);
    stage.until(|app| app.state::<Jobs>().status().done == done + 5).await;
    assert!(stage.push.pending().is_empty());
    assert!(left_in_peace(stage.app()), "nobody asked whether it is well again");
}

#[tokio::test]
async fn our_own_trouble_is_not_the_push_services() {
    let mut stage = Stage::set().await;
    stage.push.reply_with("phone", [Reply::Status(503)]);
    stage.ada.post_message("hello").await;
    stage.push.next().await;
    stage.table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting")).await;
    // Each time it can be read less of what a notification is made of: first for whom it is, then
    // of what.
    for (times, hidden) in [(1, "push_subscriptions"), (2, "rooms")] {
        stage.store(&format!("ALTER TABLE {hidden} RENAME TO hidden")).await;
        stage.later(60);
        stage.until(|app| app.state::<Jobs>().status().interrupted == times).await;
        let table = stage.table(|table| table.iter().all(|job| job.state == "waiting")).await;
        assert_eq!(table.iter().map(|job| job.attempts).collect::<Vec<_>>(), [1], "{hidden}");
        stage.store(&format!("ALTER TABLE hidden RENAME TO {hidden}")).await;
    }
    stage.later(60);
    assert_eq!(stage.push.next().await.notification["options"]["body"], "Ada Lovelace: hello");
    stage.done().await;
    assert!(stage.app().state::<Jobs>().status().open_circuits.is_empty());
}

#[tokio::test]
async fn who_is_to_be_notified_is_asked_again_after_our_own_trouble() {
    let mut stage = Stage::set().await;
    stage.store("ALTER TABLE push_subscriptions RENAME TO hidden").await;
    stage.ada.post_message("hello").await;
    stage.until(|app| app.state::<Jobs>().status().interrupted == 1).await;
    let table = stage.table(|table| table.iter().all(|job| job.state == "waiting")).await;
    assert_eq!((table[0].kind.as_str(), table[0].attempts), ("push", 0));
    stage.store("ALTER TABLE hidden RENAME TO push_subscriptions").await;
    stage.later(10);
    assert_eq!(stage.push.next().await.browser, "phone");
}

#[tokio::test]
async fn a_server_that_is_killed_on_the_way_delivers_when_it_is_back() {
    let mut stage = Stage::set().await;
    stage.push.reply_with("phone", [Reply::Hang, Reply::Hang]);
    stage.ada.post_message("survives").await;
    stage.push.next().await;
    // What a killed process leaves on disk at this moment: the message is acknowledged, its
    // delivery is under way.
    let copy = Arc::new(tempfile::tempdir().expect("a directory"));
    std::fs::create_dir_all(copy.path().join("db")).expect("a directory");
    std::fs::copy(
        stage.server.storage.path().join("vapid_private_key"),
        copy.path().join("vapid_private_key"),
    )
    .expect("copied");
    let original =
        rusqlite::Connection::open(stage.server.storage.path().join("db/production.sqlite3"))
            .expect("opens");
    original
        .execute(
            "VACUUM INTO ?1",
            [copy.path().join("db/production.sqlite3").to_str().expect("text")],
        )
        .expect("copied");
    let killed = calling(&stage.push, copy).await;
    assert_eq!(stage.push.next().await.notification["options"]["body"], "Ada Lovelace: survives");
    // The same for one that is stopped in an orderly way, while the service keeps it waiting.
    let storage = stage.server.stop().await;
    let stopped = calling(&stage.push, storage).await;
    assert_eq!(stage.push.next().await.notification["options"]["body"], "Ada Lovelace: survives");
    killed.stop().await;
    stopped.stop().await;
}

#[tokio::test]
async fn notifications_give_way_when_too_much_is_waiting() {
    let stage = Stage::set().await;
    stage
        .store(
            "INSERT INTO campfire_jobs (key, kind, destination, payload, state, run_at, created_at, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 50000)
             SELECT 'n' || i, 'of another version', 'there', '', 'waiting', '9999-01-01 00:00:00.000000', '', '' FROM n",
        )
        .await;
    let Stage { server, push, ada, grace } = stage;
    let server = calling(&push, server.stop().await).await;
    let ada = Client { address: server.address(), ..ada };
    let mut stage = Stage { server, push, ada, grace };
    stage.ada.post_message("one of very many").await;
    let given_up =
        |app: &App| app.db.read(|reader| jobs::list(reader, Some("dead"), 10)).expect("reads");
    stage.until(|app| given_up(app).len() == 1).await;
    assert_eq!(given_up(stage.app())[0].kind, "push");
    assert!(stage.push.pending().is_empty());
}
