//! Push notifications: recipients, contents, subscriptions and delivery.

mod delivery;
mod recipients;
mod subscriptions;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use campfire::core::app::App;
use campfire::core::ids::RoomId;
use campfire::http::private_origins::PrivateOrigins;
use campfire::jobs::Jobs;
use campfire::jobs::store::{self as jobs, ListedJob};
use campfire::rooms::memberships::Memberships;
use serde_json::{Value, json};
use support::{Client, TestServer};
use test_support::push_service::PushService;

const ROOM: RoomId = RoomId(1);
const PRESENCE: &str = r#"{"channel":"PresenceChannel","room_id":1}"#;

struct Fixture {
    server: TestServer,
    push: PushService,
    ada: Client,
    grace: Client,
}

/// Starts a server that allows this push service.
async fn start_with_push_service(
    push: &PushService,
    storage: Arc<tempfile::TempDir>,
) -> TestServer {
    let own = PrivateOrigins::parse(&push.origin()).expect("an origin");
    TestServer::start_with_config(storage, |config| config.push_services = own).await
}

impl Fixture {
    /// Ada and Grace in a room; Grace has a phone and the involvement "everything".
    async fn new() -> Self {
        let fixture = Self::without_devices().await;
        fixture.subscribe(&fixture.grace, "phone").await;
        fixture.set_involvement(2, "everything").await;
        fixture
    }

    async fn without_devices() -> Self {
        let push = PushService::start().await;
        let server =
            start_with_push_service(&push, Arc::new(tempfile::tempdir().expect("a directory")))
                .await;
        let ada = server.first_run().await;
        let grace = server.join(&ada, "Grace").await;
        Self { server, push, ada, grace }
    }

    /// Signs Grace in on another device.
    async fn sign_in_grace(&self) -> Client {
        let form = json!({ "email_address": "Grace@example.com", "password": "correct horse" });
        let response = self.server.anonymous().post("/api/v1/session", form).await;
        assert_eq!(response.status, 201, "{}", response.text());
        let cookie = response.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        Client { address: self.server.address(), cookie }
    }

    fn app(&self) -> &App {
        self.server.server.app()
    }

    async fn subscribe(&self, who: &Client, browser: &str) -> i64 {
        let response =
            who.post("/api/v1/push_subscriptions", self.push.subscription(browser)).await;
        response.json(201)["id"].as_i64().expect("an integer")
    }

    /// Executes SQL as another part of the server would.
    async fn execute_sql(&self, sql: &str) {
        let sql = sql.to_owned();
        self.app()
            .db
            .write(move |tx| tx.execute_batch(&sql).map_err(db::Error::from))
            .await
            .expect("stored");
        self.app().state::<Memberships>().invalidate_all();
    }

    async fn set_involvement(&self, user: i64, involvement: &str) {
        self.execute_sql(&format!("UPDATE memberships SET involvement = '{involvement}' WHERE user_id = {user} AND room_id = 1")).await;
    }

    async fn mention(&self, user: i64, sgid: Option<&str>) -> Value {
        let signed = self.app().secret.sign_global_id("User", "attachable", user);
        let sgid = sgid.unwrap_or(&signed);
        let body = format!(
            r#"<div><action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment> look</div>"#
        );
        self.ada.post("/api/v1/rooms/1/messages", json!({ "body": body })).await.json(201)
    }

    /// Waits until every job is done.
    async fn wait_for_jobs(&self) {
        self.wait_for_table(<[_]>::is_empty).await;
        self.wait_until(|app| app.state::<Jobs>().status().unfinished == 0).await;
    }

    /// The browsers that were notified, once every job is done.
    async fn notified_browsers(&mut self) -> BTreeSet<String> {
        self.wait_for_jobs().await;
        self.push.pending().into_iter().map(|push| push.browser).collect()
    }

    async fn wait_until(&self, what: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !what(self.app()) {
            assert!(Instant::now() < deadline, "timed out");
            tokio::task::yield_now().await;
        }
    }

    async fn wait_for_table(&self, what: impl Fn(&[ListedJob]) -> bool) -> Vec<ListedJob> {
        let read = |app: &App| app.db.read(|reader| jobs::list(reader, None, 100)).expect("reads");
        self.wait_until(|app| what(&read(app))).await;
        read(self.app())
    }

    fn advance_clock(&self, seconds: i64) {
        self.server.advance_clock(seconds);
        self.app().state::<Jobs>().wake();
    }

    async fn devices(&self, who: &Client) -> Vec<Value> {
        who.get("/api/v1/push_subscriptions").await.json(200).as_array().expect("a list").clone()
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
