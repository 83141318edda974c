//! Which job starts next.

use campfire::jobs::NewJob;
use campfire::jobs::store;

use crate::support::TestServer;
use crate::{Fixture, POLICY};

#[tokio::test]
async fn slow_destinations_do_not_block_others() {
    let mut fixture = Fixture::new(0).await;
    for number in 0..20 {
        fixture.enqueue("slow", None, &format!("slow {number}")).await;
    }
    fixture.enqueue("other", None, "other").await;
    let started = [fixture.next().await, fixture.next().await, fixture.next().await];
    assert_eq!(
        started.iter().filter(|job| job.destination == "slow").count(),
        POLICY.per_destination
    );
    assert_eq!(started.iter().filter(|job| job.destination == "other").count(), 1);
    fixture.permits.add_permits(100);
    fixture.wait_for_table(<[_]>::is_empty).await;
}

#[tokio::test]
async fn many_blocked_jobs_do_not_hide_a_runnable_one() {
    let mut fixture = Fixture::new(1).await;
    fixture.enqueue("quick", None, "first").await;
    fixture.next().await;
    fixture.wait_for_table(<[_]>::is_empty).await;
    let app = fixture.app();
    let hang = move |tx: &mut campfire::core::app::Tx<'_>| {
        for number in 0..600 {
            let job = NewJob {
                kind: "test",
                ordering_key: None,
                destination: format!("hangs {number}"),
                payload: String::new(),
            };
            store::enqueue(&app, tx, &job, app.clock.now())?;
        }
        Ok::<_, db::Error>(())
    };
    fixture.app().db.write(hang).await.expect("stored");
    for _ in 1..POLICY.concurrency {
        assert!(fixture.next().await.destination.starts_with("hangs"));
    }
    fixture.enqueue("quick", None, "second").await;
    assert_eq!(fixture.next().await.payload, "second");
}

#[tokio::test]
async fn only_the_first_job_of_each_ordering_key_is_due() {
    let server = TestServer::start().await;
    let app = server.server.app().clone();
    // ID, ordering key, destination, state, hour at which it is due.
    let rows = [
        (1, "'a'", "x", "dead", 1),
        (2, "'a'", "x", "waiting", 15),
        (3, "'a'", "x", "waiting", 1),
        (4, "'b'", "x", "leased", 1),
        (5, "'b'", "x", "waiting", 1),
        (6, "'c'", "x", "dead", 1),
        (7, "'c'", "x", "waiting", 1),
        (8, "'c'", "x", "waiting", 1),
        (9, "NULL", "x", "waiting", 1),
        (10, "NULL", "x", "waiting", 1),
        (11, "NULL", "y", "waiting", 1),
        (12, "NULL", "y", "waiting", 20),
    ];
    let values = rows.map(|(id, lane, destination, state, hour)| {
        format!("({id}, 'k{id}', 'unhandled', {lane}, '{destination}', '', '{state}', '2030-01-01 {hour:02}:00:00.000000', '', '')")
    });
    let sql = format!(
        "INSERT INTO campfire_jobs (id, key, kind, lane, destination, payload, state, run_at, created_at, updated_at) VALUES {}",
        values.join(", ")
    );
    app.db.write(move |tx| tx.execute_batch(&sql).map_err(db::Error::from)).await.expect("stored");
    let noon =
        campfire::core::clock::Time::from_rails("2030-01-01 12:00:00.000000").expect("a timestamp");
    let due = |per_destination, limit| {
        let jobs =
            app.db.read(|reader| store::due(reader, noon, per_destination, limit)).expect("reads");
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(due(16, 100), [7, 11, 9, 10], "the first job of each destination comes first");
    assert_eq!(due(2, 100), [7, 11, 9]);
    assert_eq!(due(16, 2), [7, 11]);
    let next = app
        .db
        .read(|reader| store::next_run_at(reader, noon))
        .expect("reads")
        .map(campfire::core::clock::Time::to_rails);
    assert_eq!(next.as_deref(), Some("2030-01-01 15:00:00.000000"));
}
