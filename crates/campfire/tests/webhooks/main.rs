//! Webhooks: which bots are called with which bytes, their replies, retries and isolation of
//! failing endpoints, and the delivery log.

#[path = "../support/mod.rs"]
mod support;

mod calls;
mod delivery_log;
mod failures;
mod replies;

use std::sync::Arc;
use std::time::{Duration, Instant};

use campfire::core::app::App;
use campfire::core::config::Config;
use campfire::core::ids::UserId;
use campfire::http::network_policy::NetworkPolicy;
use campfire::integrations::webhooks::{Change, Settings, WebhookUrl, store};
use campfire::jobs::Jobs;
use campfire::jobs::store::{self as jobs, ListedJob};
use serde_json::{Value, json};
use support::{Client, Response, TestServer};
use test_support::webhook_endpoint::WebhookEndpoint;

/// The user ID of the bot in most tests, a member of the first room.
const HELPER: i64 = 2;

struct Fixture {
    server: TestServer,
    endpoint: WebhookEndpoint,
    ada: Client,
}

impl Fixture {
    async fn new() -> Self {
        let fixture = Self::without_bot(|_| {}).await;
        fixture.insert_bot(HELPER, "Helper").await;
        fixture.set_webhook(HELPER, "helper").await;
        fixture
    }

    /// Ada in a room, without a bot.
    async fn without_bot(change: impl FnOnce(&mut Config)) -> Self {
        let server = TestServer::start_with_config(
            Arc::new(tempfile::tempdir().expect("a directory")),
            change,
        )
        .await;
        let ada = server.first_run().await;
        Self { server, endpoint: WebhookEndpoint::start().await, ada }
    }

    fn app(&self) -> &App {
        self.server.server.app()
    }

    /// Executes SQL as another program, and clears the server's caches.
    async fn execute_sql(&self, sql: &str) {
        let path = self.server.storage.path().join("db/production.sqlite3");
        let conn = rusqlite::Connection::open(path).expect("opens");
        conn.busy_timeout(Duration::from_secs(10)).expect("set");
        conn.execute_batch(sql).expect("stored");
        self.clear_caches();
    }

    fn clear_caches(&self) {
        self.app().on_external_write();
    }

    /// Inserts a bot into the first room.
    async fn insert_bot(&self, id: i64, name: &str) {
        self.execute_sql(&format!(
            "INSERT INTO users (id, name, role, bot_token, created_at, updated_at)
             VALUES ({id}, '{name}', 2, 'token{id}', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
             INSERT INTO memberships (room_id, user_id, created_at, updated_at)
             VALUES (1, {id}, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')"
        ))
        .await;
    }

    /// Inserts a direct room with these people.
    async fn insert_direct_room(&self, room: i64, people: &[i64]) {
        let list = people.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        self.execute_sql(&format!(
            "INSERT INTO rooms (id, type, creator_id, created_at, updated_at)
             VALUES ({room}, 'Rooms::Direct', 1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
             INSERT INTO memberships (room_id, user_id, involvement, created_at, updated_at)
             SELECT {room}, id, 'everything', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM users WHERE id IN ({list})"
        ))
        .await;
    }

    async fn change(&self, bot: i64, change: Change) -> Settings {
        let now = self.app().clock.now();
        self.app()
            .db
            .write(move |tx| store::set(tx, UserId(bot), &change, now))
            .await
            .expect("stored")
    }

    /// Sets a bot's webhook to this path of the endpoint, and returns its secret.
    async fn set_webhook(&self, bot: i64, path: &str) -> String {
        self.set_webhook_url(bot, &self.endpoint.url(path)).await
    }

    async fn set_webhook_url(&self, bot: i64, url: &str) -> String {
        let url = Some(WebhookUrl::parse(url, NetworkPolicy::Any).expect("an address"));
        self.change(bot, Change { url: Some(url), ..Change::default() })
            .await
            .secret
            .expect("a secret")
    }

    /// Posts a message that mentions these bots.
    async fn mention(&self, who: &Client, bots: &[i64], text: &str) -> Value {
        self.mention_in(1, who, bots, text).await.json(201)
    }

    async fn mention_in(&self, room: i64, who: &Client, bots: &[i64], text: &str) -> Response {
        let mentions = bots.iter().map(|bot| {
            let sgid = self.app().secret.sign_global_id("User", "attachable", *bot);
            format!(r#"<action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment>"#)
        });
        let body = format!("<div>Hey {} {text}</div>", mentions.collect::<String>());
        who.post(&format!("/api/v1/rooms/{room}/messages"), json!({ "body": body })).await
    }

    /// Posts a message that mentions the helper.
    async fn mention_helper(&self, text: &str) -> Value {
        self.mention(&self.ada, &[HELPER], text).await
    }

    /// Sends a request with the bot's key.
    async fn post_as_bot(&self, bot: i64, path: &str, body: Value) -> Response {
        let bearer = format!("Bearer {bot}-token{bot}");
        let headers = [("authorization", bearer.as_str()), ("sec-fetch-site", "")];
        self.server.anonymous().request("POST", path, Some(body.to_string()), &headers).await
    }

    async fn wait_until(&self, what: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !what(self.app()) {
            assert!(Instant::now() < deadline, "it does not happen: {:?}", self.jobs());
            tokio::task::yield_now().await;
        }
    }

    fn jobs(&self) -> Vec<ListedJob> {
        self.app().db.read(|reader| jobs::list(reader, None, 100)).expect("reads")
    }

    /// Waits until every job is done or dead.
    async fn wait_for_jobs(&self) {
        self.wait_until(|app| app.state::<Jobs>().status().unfinished == 0).await;
    }

    /// Waits until the only job has failed this many times and waits for its next attempt.
    async fn wait_for_failures(&self, times: u32) {
        let read = |app: &App| {
            app.db.read(|reader| jobs::list(reader, Some("waiting"), 100)).expect("reads")
        };
        self.wait_until(|app| matches!(&read(app)[..], [job] if job.attempts == times)).await;
    }

    fn advance_clock(&self, seconds: i64) {
        self.server.advance_clock(seconds);
        self.app().state::<Jobs>().wake();
    }

    async fn deliveries(&self, bot: i64) -> Vec<Value> {
        self.ada
            .get(&format!("/api/v1/bots/{bot}/deliveries"))
            .await
            .json(200)
            .as_array()
            .expect("a list")
            .clone()
    }

    /// The helper's latest delivery, once every job is done.
    async fn last_delivery(&self) -> Value {
        self.wait_for_jobs().await;
        self.deliveries(HELPER).await.first().expect("a delivery").clone()
    }

    /// The texts of the first room's messages, newest last.
    async fn message_texts(&self) -> Vec<String> {
        self.ada.message_texts("").await
    }
}

fn outcomes(delivery: &Value) -> Vec<String> {
    let attempts = delivery["attempts"].as_array().expect("a list");
    attempts.iter().map(|attempt| attempt["outcome"].as_str().expect("text").to_owned()).collect()
}
