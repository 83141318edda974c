//! The delivery log, resending, and test deliveries.

use campfire::integrations::webhooks::log::{self, MAX_KEPT};
use campfire::integrations::webhooks::{Change, State, store};
use serde_json::{Value, json};

use crate::support::BlockedWriter;
use crate::support::Reply;
use crate::{Fixture, HELPER, outcomes};

#[tokio::test]
async fn the_delivery_log_is_paged_newest_first() {
    let fixture = Fixture::new().await;
    for number in 0..5 {
        fixture.mention_helper(&number.to_string()).await;
    }
    fixture.wait_for_jobs().await;
    let page = fixture.ada.get("/api/v1/bots/2/deliveries?limit=2").await;
    assert_eq!(page.header("link"), "</api/v1/bots/2/deliveries?before=4&limit=2>; rel=\"next\"");
    let ids = |page: Value| {
        page.as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry["id"].as_i64().expect("an integer"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(page.json(200)), [5, 4]);
    let last = fixture.ada.get("/api/v1/bots/2/deliveries?limit=2&before=2").await;
    assert_eq!((last.header("link"), ids(last.json(200))), ("", vec![1]));
    for (limit, goes_on) in [(4, true), (5, false), (6, false)] {
        assert_eq!(
            !fixture
                .ada
                .get(&format!("/api/v1/bots/2/deliveries?limit={limit}"))
                .await
                .header("link")
                .is_empty(),
            goes_on,
            "{limit}"
        );
    }
    for query in ["limit=0", "limit=101", "before=x"] {
        assert_eq!(
            fixture.ada.get(&format!("/api/v1/bots/2/deliveries?{query}")).await.status,
            422,
            "{query}"
        );
    }
    for path in
        ["/api/v1/bots/1/deliveries", "/api/v1/bots/77/deliveries", "/api/v1/bots/x/deliveries"]
    {
        assert_eq!(fixture.ada.get(path).await.status, 404, "{path}");
    }
    let brief = fixture
        .app()
        .db
        .read(|reader| store::last_delivery(reader, campfire::core::ids::UserId(HELPER)))
        .expect("reads")
        .expect("one");
    assert_eq!((brief.id, brief.state), (5, State::Done));
}

#[tokio::test]
async fn failed_deliveries_can_be_resent() {
    let mut fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [Reply::Status(500), Reply::Status(404)]);
    let resend = "/api/v1/bots/2/deliveries/1/resend";
    assert_eq!(fixture.ada.post(resend, json!({})).await.status, 404);
    fixture.mention_helper("hello").await;
    fixture.wait_for_failures(1).await;
    assert_eq!(fixture.ada.post(resend, json!({})).await.status, 409);
    fixture.advance_clock(60);
    assert_eq!(fixture.last_delivery().await["state"], "failed");
    assert_eq!(fixture.jobs().len(), 1, "given up");
    let again = fixture.ada.post(resend, json!({})).await.json(202);
    assert_eq!((&again["id"], &again["state"]), (&json!(1), &json!("waiting")));
    let delivery = fixture.last_delivery().await;
    assert_eq!(
        (&delivery["state"], delivery["attempts"].as_array().expect("a list").len()),
        (&json!("done"), 3)
    );
    assert!(fixture.jobs().is_empty(), "no job is left that would call again");
    let calls = fixture.endpoint.pending();
    assert!(
        calls.iter().all(|call| call.header("webhook-id") == delivery["webhook_id"])
            && calls.len() == 3
    );
    fixture.change(HELPER, Change { url: Some(None), ..Change::default() }).await;
    assert_eq!(fixture.ada.post(resend, json!({})).await.status, 422);
    assert_eq!(fixture.ada.post("/api/v1/bots/2/test", json!({})).await.status, 422);
}

#[tokio::test]
async fn jobs_revived_by_an_operator_return_to_the_log() {
    let fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [Reply::Status(404)]);
    fixture.mention_helper("hello").await;
    assert_eq!(fixture.last_delivery().await["state"], "failed");
    let now = fixture.app().clock.now();
    fixture
        .app()
        .db
        .write(move |tx| campfire::jobs::store::retry(tx, None, now))
        .await
        .expect("revived");
    fixture.advance_clock(1);
    fixture
        .wait_until(|app| {
            app.db
                .read(|reader| campfire::jobs::store::list(reader, None, 10))
                .expect("reads")
                .is_empty()
        })
        .await;
    let delivery = fixture.deliveries(HELPER).await[0].clone();
    assert_eq!(
        (&delivery["state"], outcomes(&delivery)),
        (&json!("done"), vec!["answered 404 Not Found".into(), "delivered".into()])
    );
}

#[tokio::test]
async fn test_deliveries_can_be_sent() {
    let mut fixture = Fixture::new().await;
    let secret = fixture.set_webhook(HELPER, "helper").await;
    let permits = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let response = Reply::Content(200, "text/plain", b"not posted".to_vec());
    fixture.endpoint.reply_with("helper", [Reply::WaitFor(permits.clone(), response.into())]);
    let delivery = fixture.ada.post("/api/v1/bots/2/test", json!({})).await.json(202);
    assert_eq!((&delivery["message_id"], &delivery["state"]), (&Value::Null, &json!("waiting")));
    let call = fixture.endpoint.next().await;
    let expected = json!({
        "user": { "id": 1, "name": "Ada Lovelace" },
        "room": { "id": 0, "name": "Test", "path": "/rooms/0/2-token2/messages" },
        "message": { "id": 0, "body": { "html": "<div>This is a test.</div>", "plain": "This is a test." }, "path": "/rooms/0/@0" },
    });
    assert_eq!(call.json, expected);
    assert!(call.is_signed_with(&secret));
    assert_eq!(
        fixture.ada.post("/api/v1/bots/2/test", json!({})).await.status,
        409,
        "only one test delivery at a time"
    );
    permits.add_permits(1);
    let delivery = fixture.last_delivery().await;
    assert_eq!((&delivery["state"], &delivery["reply"]), (&json!("done"), &Value::Null));
    assert!(fixture.message_texts().await.is_empty());
    fixture
        .ada
        .post(&format!("/api/v1/bots/2/deliveries/{}/resend", delivery["id"]), json!({}))
        .await
        .json(202);
    assert_eq!(fixture.endpoint.next().await.json, expected);
}

#[tokio::test]
async fn demoted_administrators_cannot_resend_or_test() {
    let mut fixture = Fixture::new().await;
    let grace = fixture.server.join(&fixture.ada, "grace").await;
    fixture.ada.patch("/api/v1/users/3", json!({ "role": "administrator" })).await.json(200);
    fixture.endpoint.reply_with("helper", [Reply::Status(404)]);
    fixture.mention_helper("hello").await;
    fixture.last_delivery().await;
    fixture.endpoint.pending();
    let blocked = BlockedWriter::block(&fixture.server).await;
    let demoting = tokio::spawn({
        let ada = fixture.ada.clone();
        async move { ada.patch("/api/v1/users/3", json!({ "role": "member" })).await.status }
    });
    blocked.wait_for_queued(1).await;
    let (other, resend, test) =
        (grace.clone(), "/api/v1/bots/2/deliveries/1/resend", "/api/v1/bots/2/test");
    let resending = tokio::spawn(async move { grace.post(resend, json!({})).await.status });
    let testing = tokio::spawn(async move { other.post(test, json!({})).await.status });
    blocked.wait_for_queued(3).await;
    blocked.release();
    assert_eq!(demoting.await.expect("answered"), 200);
    assert_eq!((resending.await.expect("answered"), testing.await.expect("answered")), (403, 403));
    fixture.wait_for_jobs().await;
    assert!(fixture.endpoint.pending().is_empty());
    assert_eq!(fixture.deliveries(HELPER).await.len(), 1);
}

#[tokio::test]
async fn outcomes_are_short_sentences() {
    let fixture = Fixture::new().await;
    fixture.mention_helper("hello").await;
    let id = fixture.last_delivery().await["id"].as_i64().expect("an integer");
    let attempt = log::Attempt {
        at: fixture.app().clock.now(),
        status: None,
        outcome: "é".repeat(100_000),
        duration_ms: 1,
    };
    let now = fixture.app().clock.now();
    fixture
        .app()
        .db
        .write(move |tx| store::record_attempt(tx, id, "there", &attempt, State::Failed, None, now))
        .await
        .expect("stored");
    assert_eq!(outcomes(&fixture.last_delivery().await)[1], "é".repeat(500));
}

#[tokio::test]
async fn old_deliveries_are_deleted_and_waiting_ones_kept() {
    let fixture = Fixture::new().await;
    fixture.endpoint.reply_with("helper", [Reply::Status(500)]);
    fixture.mention_helper("waits").await;
    fixture.wait_for_failures(1).await;
    let insert = |bot: i64, count: i64, at: &str| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO campfire_webhook_deliveries (bot_id, webhook_id, job_key, url_host, state, created_at, updated_at)
             SELECT {bot}, '{bot}-' || i, '{bot}-' || i, 'there', 'done', '{at}', '{at}' FROM n;
             INSERT INTO campfire_webhook_attempts (delivery_id, at, outcome, duration_ms)
             SELECT id, '{at}', 'delivered', 1 FROM campfire_webhook_deliveries WHERE bot_id = {bot} AND state = 'done'"
        )
    };
    let now = fixture.app().clock.now().to_rails();
    fixture.execute_sql(&insert(HELPER, MAX_KEPT + 700, &now)).await;
    fixture.execute_sql(&insert(3, 20, "2020-01-01 00:00:00.000000")).await;
    log::delete_old(fixture.app()).await;
    let count = |sql: &'static str| {
        fixture.app().db.read(|reader| {
            Ok::<_, db::Error>(reader.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        })
    };
    let kept = count(
        "SELECT count(*) FROM campfire_webhook_deliveries WHERE bot_id = 2 AND state = 'done'",
    )
    .expect("counts");
    assert_eq!(kept, MAX_KEPT);
    assert_eq!(
        count("SELECT count(*) FROM campfire_webhook_deliveries WHERE bot_id = 3").expect("counts"),
        0
    );
    assert_eq!(
        count("SELECT count(*) FROM campfire_webhook_deliveries WHERE state = 'waiting'")
            .expect("counts"),
        1
    );
    assert_eq!(
        count("SELECT count(*) FROM campfire_webhook_attempts").expect("counts"),
        MAX_KEPT + 1
    );
    let writes = fixture.app().db.status().writes;
    log::delete_old(fixture.app()).await;
    assert_eq!(
        fixture.app().db.status().writes,
        writes,
        "a clean-up that finds nothing writes nothing"
    );
}

#[tokio::test]
async fn disabled_features_are_disabled_everywhere() {
    let mut fixture = Fixture::without_bot(|config| config.bot_integrations = false).await;
    fixture.insert_bot(HELPER, "Helper").await;
    fixture.set_webhook(HELPER, "helper").await;
    fixture.mention_helper("hello").await;
    fixture.wait_for_jobs().await;
    assert!(fixture.endpoint.pending().is_empty() && fixture.jobs().is_empty());
    for (method, path) in [("GET", "deliveries"), ("POST", "deliveries/1/resend"), ("POST", "test")]
    {
        assert_eq!(
            fixture
                .ada
                .request(method, &format!("/api/v1/bots/2/{path}"), Some("{}".into()), &[])
                .await
                .status,
            403,
            "{path}"
        );
    }
}
