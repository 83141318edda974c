//! The log, sending again, trying out.

use campfire::integrations::webhooks::log::{self, KEPT};
use campfire::integrations::webhooks::{Change, State, store};
use serde_json::{Value, json};

use crate::support::BlockedWriter;
use crate::support::Reply;
use crate::{HELPER, Stage, outcomes};

#[tokio::test]
async fn the_log_is_paged_newest_first() {
    let stage = Stage::set().await;
    for number in 0..5 {
        stage.call(&number.to_string()).await;
    }
    stage.done().await;
    let page = stage.ada.get("/api/v1/bots/2/deliveries?limit=2").await;
    assert_eq!(page.header("link"), "</api/v1/bots/2/deliveries?before=4&limit=2>; rel=\"next\"");
    let ids = |page: Value| {
        page.as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry["id"].as_i64().expect("a number"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(page.json(200)), [5, 4]);
    let last = stage.ada.get("/api/v1/bots/2/deliveries?limit=2&before=2").await;
    assert_eq!((last.header("link"), ids(last.json(200))), ("", vec![1]));
    for (limit, goes_on) in [(4, true), (5, false), (6, false)] {
        assert_eq!(
            !stage
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
            stage.ada.get(&format!("/api/v1/bots/2/deliveries?{query}")).await.status,
            422,
            "{query}"
        );
    }
    for path in
        ["/api/v1/bots/1/deliveries", "/api/v1/bots/77/deliveries", "/api/v1/bots/x/deliveries"]
    {
        assert_eq!(stage.ada.get(path).await.status, 404, "{path}");
    }
    let brief = stage
        .app()
        .db
        .read(|reader| store::last_delivery(reader, campfire::core::ids::UserId(HELPER)))
        .expect("reads")
        .expect("one");
    assert_eq!((brief.id, brief.state), (5, State::Done));
}

#[tokio::test]
async fn what_failed_can_be_sent_again() {
    let mut stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::Status(500), Reply::Status(404)]);
    let resend = "/api/v1/bots/2/deliveries/1/resend";
    assert_eq!(stage.ada.post(resend, json!({})).await.status, 404);
    stage.call("hello").await;
    stage.failed(1).await;
    assert_eq!(stage.ada.post(resend, json!({})).await.status, 409);
    stage.later(60);
    assert_eq!(stage.last().await["state"], "failed");
    assert_eq!(stage.jobs().len(), 1, "given up");
    let again = stage.ada.post(resend, json!({})).await.json(202);
    assert_eq!((&again["id"], &again["state"]), (&json!(1), &json!("waiting")));
    let delivery = stage.last().await;
    assert_eq!(
        (&delivery["state"], delivery["attempts"].as_array().expect("a list").len()),
        (&json!("done"), 3)
    );
    assert!(stage.jobs().is_empty(), "nothing is left that would do it once more");
    let arrivals = stage.endpoint.pending();
    assert!(
        arrivals.iter().all(|arrival| arrival.header("webhook-id") == delivery["webhook_id"])
            && arrivals.len() == 3
    );
    stage.change(HELPER, Change { url: Some(None), ..Change::default() }).await;
    assert_eq!(stage.ada.post(resend, json!({})).await.status, 422);
    assert_eq!(stage.ada.post("/api/v1/bots/2/test", json!({})).await.status, 422);
}

#[tokio::test]
async fn what_an_operator_revives_is_in_the_log_again() {
    let stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::Status(404)]);
    stage.call("hello").await;
    assert_eq!(stage.last().await["state"], "failed");
    let now = stage.app().clock.now();
    stage
        .app()
        .db
        .write(move |tx| campfire::jobs::store::revive(tx, None, now))
        .await
        .expect("revived");
    stage.later(1);
    stage
        .until(|app| {
            app.db
                .read(|reader| campfire::jobs::store::list(reader, None, 10))
                .expect("reads")
                .is_empty()
        })
        .await;
    let delivery = stage.log(HELPER).await[0].clone();
    assert_eq!(
        (&delivery["state"], outcomes(&delivery)),
        (&json!("done"), vec!["answered 404 Not Found".into(), "delivered".into()])
    );
}

#[tokio::test]
async fn a_webhook_can_be_tried_out() {
    let mut stage = Stage::set().await;
    let secret = stage.webhook(HELPER, "helper").await;
    let let_it = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let answer = Reply::Content(200, "text/plain", b"not said".to_vec());
    stage.endpoint.reply_with("helper", [Reply::WaitFor(let_it.clone(), answer.into())]);
    let delivery = stage.ada.post("/api/v1/bots/2/test", json!({})).await.json(202);
    assert_eq!((&delivery["message_id"], &delivery["state"]), (&Value::Null, &json!("waiting")));
    let arrival = stage.endpoint.next().await;
    let expected = json!({
        "user": { "id": 1, "name": "Ada Lovelace" },
        "room": { "id": 0, "name": "Test", "path": "/rooms/0/2-token2/messages" },
        "message": { "id": 0, "body": { "html": "<div>This is a test.</div>", "plain": "This is a test." }, "path": "/rooms/0/@0" },
    });
    assert_eq!(arrival.json, expected);
    assert!(arrival.is_signed_with(&secret));
    assert_eq!(stage.ada.post("/api/v1/bots/2/test", json!({})).await.status, 409, "one at a time");
    let_it.add_permits(1);
    let delivery = stage.last().await;
    assert_eq!((&delivery["state"], &delivery["reply"]), (&json!("done"), &Value::Null));
    assert!(stage.said().await.is_empty());
    stage
        .ada
        .post(&format!("/api/v1/bots/2/deliveries/{}/resend", delivery["id"]), json!({}))
        .await
        .json(202);
    assert_eq!(stage.endpoint.next().await.json, expected);
}

#[tokio::test]
async fn who_is_no_administrator_any_more_sends_nothing() {
    let mut stage = Stage::set().await;
    let grace = stage.server.join(&stage.ada, "grace").await;
    stage.ada.patch("/api/v1/users/3", json!({ "role": "administrator" })).await.json(200);
    stage.endpoint.reply_with("helper", [Reply::Status(404)]);
    stage.call("hello").await;
    stage.last().await;
    stage.endpoint.pending();
    let blocked = BlockedWriter::block(&stage.server).await;
    let demoting = tokio::spawn({
        let ada = stage.ada.clone();
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
    stage.done().await;
    assert!(stage.endpoint.pending().is_empty());
    assert_eq!(stage.log(HELPER).await.len(), 1);
}

#[tokio::test]
async fn an_outcome_is_a_sentence_not_a_certificate() {
    let stage = Stage::set().await;
    stage.call("hello").await;
    let id = stage.last().await["id"].as_i64().expect("a number");
    let attempt = log::Attempt {
        at: stage.app().clock.now(),
        status: None,
        outcome: "é".repeat(100_000),
        duration_ms: 1,
    };
    let now = stage.app().clock.now();
    stage
        .app()
        .db
        .write(move |tx| log::store::settle(tx, id, "there", &attempt, State::Failed, None, now))
        .await
        .expect("stored");
    assert_eq!(outcomes(&stage.last().await)[1], "é".repeat(500));
}

#[tokio::test]
async fn old_deliveries_are_forgotten_and_waiting_ones_are_not() {
    let stage = Stage::set().await;
    stage.endpoint.reply_with("helper", [Reply::Status(500)]);
    stage.call("waits").await;
    stage.failed(1).await;
    let insert = |bot: i64, count: i64, at: &str| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO campfire_webhook_deliveries (bot_id, webhook_id, job_key, url_host, state, created_at, updated_at)
             SELECT {bot}, '{bot}-' || i, '{bot}-' || i, 'there', 'done', '{at}', '{at}' FROM n;
             INSERT INTO campfire_webhook_attempts (delivery_id, at, outcome, duration_ms)
             SELECT id, '{at}', 'delivered', 1 FROM campfire_webhook_deliveries WHERE bot_id = {bot} AND state = 'done'"
        )
    };
    let now = stage.app().clock.now().to_rails();
    stage.store(&insert(HELPER, KEPT + 700, &now)).await;
    stage.store(&insert(3, 20, "2020-01-01 00:00:00.000000")).await;
    log::forget_old(stage.app()).await;
    let count = |sql: &'static str| {
        stage.app().db.read(|reader| {
            Ok::<_, db::Error>(reader.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        })
    };
    let kept = count(
        "SELECT count(*) FROM campfire_webhook_deliveries WHERE bot_id = 2 AND state = 'done'",
    )
    .expect("counts");
    assert_eq!(kept, KEPT);
    assert_eq!(
        count("SELECT count(*) FROM campfire_webhook_deliveries WHERE bot_id = 3").expect("counts"),
        0
    );
    assert_eq!(
        count("SELECT count(*) FROM campfire_webhook_deliveries WHERE state = 'waiting'")
            .expect("counts"),
        1
    );
    assert_eq!(count("SELECT count(*) FROM campfire_webhook_attempts").expect("counts"), KEPT + 1);
    let writes = stage.app().db.status().writes;
    log::forget_old(stage.app()).await;
    assert_eq!(stage.app().db.status().writes, writes, "a look that finds nothing writes nothing");
}

#[tokio::test]
async fn switched_off_means_off_everywhere() {
    let mut stage = Stage::bare(|config| config.bot_integrations = false).await;
    stage.bot(HELPER, "Helper").await;
    stage.webhook(HELPER, "helper").await;
    stage.call("hello").await;
    stage.done().await;
    assert!(stage.endpoint.pending().is_empty() && stage.jobs().is_empty());
    for (method, path) in [("GET", "deliveries"), ("POST", "deliveries/1/resend"), ("POST", "test")]
    {
        assert_eq!(
            stage
                .ada
                .request(method, &format!("/api/v1/bots/2/{path}"), Some("{}".into()), &[])
                .await
                .status,
            403,
            "{path}"
        );
    }
}
