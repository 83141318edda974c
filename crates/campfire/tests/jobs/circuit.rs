//! The circuit breaker of each destination.

use std::time::Duration;

use campfire::jobs::Jobs;
use serde_json::json;

use crate::{Fixture, retry};

#[tokio::test]
async fn the_circuit_opens_after_failures_and_probes_with_one_job() {
    let mut fixture = Fixture::new(1000).await;
    for number in 0..8 {
        let payload = format!("dead {number}");
        fixture.set_verdicts(&payload, [retry("refused")]);
        fixture.enqueue("dead", None, &payload).await;
    }
    while fixture.app().state::<Jobs>().status().open_circuits.is_empty() {
        tokio::task::yield_now().await;
    }
    // One more attempt may have been in flight when the circuit opened.
    let table =
        fixture.wait_for_table(|table| table.iter().all(|job| job.state == "waiting")).await;
    let tried = table.iter().filter(|job| job.attempts == 1).count();
    assert!((5..=6).contains(&tried), "{tried} jobs were attempted");
    for _ in 0..tried {
        fixture.next().await;
    }
    fixture.assert_no_job_starts().await;
    // Another kind of job for the same destination still runs, and does not close the circuit.
    fixture.enqueue_kind("other", "dead", None, "succeeds").await;
    assert_eq!(fixture.next().await.payload, "succeeds");
    fixture.wait_for_table(|table| table.iter().all(|job| job.kind == "test")).await;
    let health = fixture.server.anonymous().get("/health/detailed").await.json(200);
    let problem = "the circuit to dead is open for test jobs: the last attempts failed";
    assert_eq!((&health["status"], &health["complaints"]), (&json!("degraded"), &json!([problem])));
    assert_eq!(
        health["jobs"]["circuits_open"],
        json!([{ "destination": "dead", "kind": "test", "pause_seconds": 30 }])
    );
    fixture.assert_no_job_starts().await;
    // After the cool-down one job succeeds as a probe and closes the circuit.
    fixture.handler.verdicts.lock().clear();
    fixture.advance_clock(60);
    fixture.wait_for_table(<[_]>::is_empty).await;
    assert!(fixture.app().state::<Jobs>().status().open_circuits.is_empty());
}

#[tokio::test]
async fn jobs_without_a_request_do_not_affect_the_circuit() {
    let mut fixture = Fixture::new(1000).await;
    // Five consecutive failures open the circuit, even with jobs between them that send no request.
    for number in 0..5 {
        let payload = format!("dead {number}");
        fixture.set_verdicts(&payload, [retry("refused")]);
        for payload in [format!("idle {number}"), payload] {
            fixture.enqueue("dead", None, &payload).await;
            assert_eq!(fixture.next().await.payload, payload);
        }
    }
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while fixture.app().state::<Jobs>().status().open_circuits.is_empty() {
        assert!(std::time::Instant::now() < deadline, "the circuit stays closed");
        tokio::task::yield_now().await;
    }
}
