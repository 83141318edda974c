//! Retries, permanent failures and interruptions.

use campfire::jobs::store;
use campfire::jobs::{Jobs, MAX_INTERRUPTIONS, Verdict};

use crate::{Fixture, interrupted, retry};

#[tokio::test]
async fn failures_are_retried_with_growing_delays_until_dead_and_can_be_revived() {
    let mut fixture = Fixture::new(100).await;
    fixture.set_verdicts("flaky", [retry("503"), retry("504"), retry("505")]);
    fixture.enqueue("a", None, "flaky").await;
    let key = fixture.next().await.key;
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.state == "waiting" && job.attempts == 1))
        .await;
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(13);
    let again = fixture.next().await;
    assert_eq!((again.attempts, &again.key), (1, &key));
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.state == "waiting" && job.attempts == 2))
        .await;
    fixture.advance_clock(13);
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(30);
    assert_eq!(fixture.next().await.attempts, 2);
    let table = fixture.wait_for_table(|table| table.iter().any(|job| job.state == "dead")).await;
    assert_eq!(table[0].failure.as_deref(), Some("505"));
    let (id, now) = (table[0].id, fixture.app().clock.now());
    fixture.app().db.write(move |tx| store::retry(tx, Some(id), now)).await.expect("revived");
    fixture.app().state::<Jobs>().wake();
    assert_eq!(fixture.next().await.key, key);
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    let mut fixture = Fixture::new(10).await;
    fixture.set_verdicts("gone", [Verdict::GiveUp("410 Gone".into())]);
    fixture.enqueue("a", None, "gone").await;
    fixture.next().await;
    let table = fixture.wait_for_table(|table| table.iter().any(|job| job.state == "dead")).await;
    assert_eq!(table[0].failure.as_deref(), Some("410 Gone"));
}

#[tokio::test]
async fn ordering_keys_keep_order_through_failures() {
    let mut fixture = Fixture::new(100).await;
    fixture.set_verdicts("1", [retry("once")]);
    for payload in ["1", "2", "3"] {
        fixture.enqueue("a", Some("bot"), payload).await;
    }
    assert_eq!(fixture.next().await.payload, "1");
    fixture.wait_for_table(|table| table.iter().any(|job| job.attempts == 1)).await;
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(13);
    for payload in ["1", "2", "3"] {
        assert_eq!(fixture.next().await.payload, payload);
    }
}

#[tokio::test]
async fn outcomes_that_cannot_be_stored_are_retried() {
    let mut fixture = Fixture::new(1000).await;
    for payload in ["done", "flaky"] {
        fixture.handler.unstorable.lock().insert(payload.to_owned());
        fixture
            .set_verdicts(payload, [if payload == "done" { Verdict::Done } else { retry("503") }]);
        fixture.enqueue("a", None, payload).await;
        assert_eq!(fixture.next().await.payload, payload);
    }
    let table = fixture
        .wait_for_table(|table| {
            table.iter().all(|job| job.state == "waiting" && job.failure.is_some())
        })
        .await;
    assert!(table.len() == 2 && table.iter().all(|job| job.attempts == 0), "{table:?}");
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(10);
    for _ in 0..2 {
        assert_eq!(fixture.next().await.attempts, 0);
    }
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn panicking_handlers_are_retried() {
    let mut fixture = Fixture::new(10).await;
    fixture.set_verdicts("bad", [Verdict::GiveUp("panic".into())]);
    fixture.enqueue("a", None, "bad").await;
    fixture.next().await;
    fixture
        .wait_for_table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting"))
        .await;
    fixture.assert_no_job_starts().await;
}

#[tokio::test]
async fn interruptions_count_neither_as_attempts_nor_as_failures() {
    let mut fixture = Fixture::new(1000).await;
    for number in 0..8 {
        let payload = format!("{number}");
        fixture.set_verdicts(&payload, [interrupted()]);
        fixture.enqueue("a", None, &payload).await;
    }
    for _ in 0..8 {
        fixture.next().await;
    }
    let table = fixture
        .wait_for_table(|table| {
            table.iter().all(|job| job.state == "waiting" && job.failure.is_some())
        })
        .await;
    assert!(
        table
            .iter()
            .all(|job| job.attempts == 0 && job.failure.as_deref() == Some("the disk is full")),
        "{table:?}"
    );
    while fixture.app().state::<Jobs>().status().interrupted < 8 {
        tokio::task::yield_now().await;
    }
    let status = fixture.app().state::<Jobs>().status();
    assert_eq!((status.failed, status.open_circuits.len()), (0, 0), "{status:?}");
    fixture.assert_no_job_starts().await;
    fixture.advance_clock(10);
    for _ in 0..8 {
        assert_eq!(fixture.next().await.attempts, 0);
    }
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn repeated_interruptions_end_in_a_dead_job() {
    let mut fixture = Fixture::new(1000).await;
    fixture.set_verdicts("poison", std::iter::repeat_n(interrupted(), 100));
    fixture.enqueue("a", None, "poison").await;
    for times in 0..=MAX_INTERRUPTIONS {
        assert_eq!((fixture.next().await.interruptions, fixture.table().len()), (times, 1));
        fixture.wait_for_table(|table| table.iter().all(|job| job.state != "leased")).await;
        fixture.advance_clock(400);
    }
    let table = fixture.wait_for_table(|table| table.iter().all(|job| job.state == "dead")).await;
    assert_eq!((table[0].attempts, table[0].failure.as_deref()), (0, Some("the disk is full")));
    fixture.assert_no_job_starts().await;
}
