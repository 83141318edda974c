//! Notifications on devices: who gets one and who does not, what it says, and that none is lost on the way.

#[path = "support/push_service.rs"]
mod push_service;
mod support;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use campfire::app::App;
use campfire::ids::{RoomId, UserId};
use campfire::jobs::Jobs;
use campfire::jobs::store::{self as jobs, Listed};
use campfire::memberships::Memberships;
use campfire::memberships::presence::Presence;
use campfire::pushes::services::OwnServices;
use push_service::{Manner, PushService};
use serde_json::{Value, json};
use support::{Person, TestServer};

const ROOM: RoomId = RoomId(1);
const PRESENCE: &str = r#"{"channel":"PresenceChannel","room_id":1}"#;

struct Stage {
    server: TestServer,
    push: PushService,
    ada: Person,
    grace: Person,
}

/// A server whose operator runs this push service.
async fn calling(push: &PushService, storage: Arc<tempfile::TempDir>) -> TestServer {
    let own = OwnServices::parse(&push.origin()).expect("an origin");
    TestServer::configured(storage, |config| config.push_services = own).await
}

impl Stage {
    /// Ada and Grace in a room; Grace has a phone and wants to hear everything.
    async fn set() -> Self {
        let stage = Self::bare().await;
        stage.subscribe(&stage.grace, "phone").await;
        stage.involve(2, "everything").await;
        stage
    }

    /// Ada and Grace in a room, without devices.
    async fn bare() -> Self {
        let push = PushService::start().await;
        let server = calling(&push, Arc::new(tempfile::tempdir().expect("a directory"))).await;
        let ada = server.first_run().await;
        let grace = server.join(&ada, "Grace").await;
        Self { server, push, ada, grace }
    }

    /// Grace, signed in on another device.
    async fn grace_elsewhere(&self) -> Person {
        let form = json!({ "email_address": "Grace@example.com", "password": "correct horse" });
        let answer = self.server.stranger().post("/api/v1/session", form).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        Person { address: self.server.address(), cookie }
    }

    fn app(&self) -> &App {
        self.server.server.app()
    }

    async fn subscribe(&self, who: &Person, browser: &str) -> i64 {
        let answer = who.post("/api/v1/push_subscriptions", self.push.subscription(browser)).await;
        answer.json(201)["id"].as_i64().expect("a number")
    }

    /// What another program, or another part of this one, stores.
    async fn store(&self, sql: &str) {
        let sql = sql.to_owned();
        self.app().db.write(move |tx| tx.execute_batch(&sql).map_err(db::Error::from)).await.expect("stored");
        self.app().state::<Memberships>().forget_all();
    }

    async fn involve(&self, user: i64, involvement: &str) {
        self.store(&format!("UPDATE memberships SET involvement = '{involvement}' WHERE user_id = {user} AND room_id = 1")).await;
    }

    async fn mention(&self, user: i64, sgid: Option<&str>) -> Value {
        let signed = self.app().secret.sign_global_id("User", "attachable", user);
        let sgid = sgid.unwrap_or(&signed);
        let body = format!(
            r#"<div><action-text-attachment sgid="{sgid}" content-type="application/vnd.campfire.mention"></action-text-attachment> look</div>"#
        );
        self.ada.post("/api/v1/rooms/1/messages", json!({ "body": body })).await.json(201)
    }

    /// Every job has been done.
    async fn done(&self) {
        self.table(<[_]>::is_empty).await;
        self.until(|app| app.state::<Jobs>().status().unfinished == 0).await;
    }

    /// Which browsers have been notified once every job is done.
    async fn notified(&mut self) -> BTreeSet<String> {
        self.done().await;
        self.push.unseen().into_iter().map(|arrival| arrival.browser).collect()
    }

    async fn until(&self, what: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !what(self.app()) {
            assert!(Instant::now() < deadline, "it does not happen");
            tokio::task::yield_now().await;
        }
    }

    async fn table(&self, what: impl Fn(&[Listed]) -> bool) -> Vec<Listed> {
        let read = |app: &App| app.db.read(|reader| jobs::list(reader, None, 100)).expect("reads");
        self.until(|app| what(&read(app))).await;
        read(self.app())
    }

    fn later(&self, seconds: i64) {
        self.server.ahead.fetch_add(seconds, Ordering::SeqCst);
        self.app().state::<Jobs>().ring();
    }

    async fn devices(&self, who: &Person) -> Vec<Value> {
        who.get("/api/v1/push_subscriptions").await.json(200).as_array().expect("a list").clone()
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_notification_says_who_said_what_where_and_proves_who_sends_it() {
    let mut stage = Stage::set().await;
    stage.ada.say("Hello <there> 😀\nand here").await;
    let arrival = stage.push.next().await;
    let options =
        json!({ "body": "Ada Lovelace: Hello <there> 😀\nand here", "icon": "/account/logo", "data": { "path": "/rooms/1", "badge": 1 } });
    assert_eq!(arrival.notification, json!({ "title": "All Talk", "options": options }));
    assert_eq!(
        (&arrival.headers["ttl"], &arrival.headers["urgency"]),
        (&"2419200".parse().expect("a header"), &"high".parse().expect("a header"))
    );
    assert_eq!(
        (&arrival.sender.claims["aud"], &arrival.sender.claims["sub"]),
        (&json!(stage.push.origin()), &json!("mailto:ada@example.com"))
    );
    let hours = (arrival.sender.claims["exp"].as_i64().expect("a moment") - jiff::Timestamp::now().as_second()) / 3600;
    assert!((11..=12).contains(&hours), "{hours} hours");
    let status = stage.server.stranger().get("/api/v1/status").await.json(200);
    assert_eq!((&status["vapid_public_key"], &status["features"]["push"]), (&json!(arrival.sender.key), &json!(true)));
    stage.ada.say("again").await;
    assert_eq!(stage.push.next().await.sender.token, arrival.sender.token, "a token is used for hours");
}

#[tokio::test]
async fn involvement_decides() {
    let mut stage = Stage::bare().await;
    for (id, name) in [(3, "everything"), (4, "mentions"), (5, "nothing"), (6, "invisible")] {
        let person = stage.server.join(&stage.ada, name).await;
        stage.subscribe(&person, name).await;
        stage.involve(id, name).await;
    }
    stage.subscribe(&stage.ada.clone(), "author").await;
    stage.involve(1, "everything").await;
    stage.ada.say("to nobody in particular").await;
    assert_eq!(stage.notified().await, set(&["everything"]));
    stage.mention(4, None).await;
    assert_eq!(stage.notified().await, set(&["everything", "mentions"]));
    for deaf in [5, 6] {
        stage.mention(deaf, None).await;
        assert_eq!(stage.notified().await, set(&["everything"]));
    }
    let forged = stage.app().secret.sign_global_id("User", "avatar", 4);
    stage.mention(4, Some(&forged)).await;
    assert_eq!(stage.notified().await, set(&["everything"]));
}

#[tokio::test]
async fn who_looks_is_not_notified_until_they_leave() {
    let mut stage = Stage::set().await;
    let mut socket = stage.grace.listen(&[PRESENCE]).await;
    stage.until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).contains(&UserId(2))).await;
    let before = stage.app().state::<Jobs>().status();
    stage.ada.say("you see this").await;
    assert_eq!(stage.app().state::<Jobs>().status(), before, "a message that concerns nobody stores no job");
    socket.command("unsubscribe", PRESENCE).await;
    stage.until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).is_empty()).await;
    stage.ada.say("you do not see this").await;
    assert_eq!(stage.push.next().await.notification["options"]["body"], "Ada Lovelace: you do not see this");
}

#[tokio::test]
async fn nobody_to_notify_costs_nothing() {
    let stage = Stage::bare().await;
    let idle = stage.app().state::<Jobs>().status();
    stage.involve(2, "everything").await;
    stage.ada.say("nobody has a device").await;
    let phone = stage.subscribe(&stage.grace, "phone").await;
    stage.grace.say("the author is not notified").await;
    stage.involve(2, "mentions").await;
    stage.ada.say("Grace wants mentions only").await;
    stage.mention(1, None).await;
    stage.involve(2, "everything").await;
    assert_eq!(stage.grace.delete(&format!("/api/v1/push_subscriptions/{phone}")).await.status, 204);
    stage.ada.say("the device is gone").await;
    assert_eq!(stage.app().state::<Jobs>().status(), idle);
}

#[tokio::test]
async fn a_device_counts_from_the_moment_it_comes_to_the_moment_it_goes() {
    let mut stage = Stage::bare().await;
    stage.involve(2, "everything").await;
    stage.ada.say("nobody has a device").await;
    let phone = stage.subscribe(&stage.grace, "phone").await;
    stage.ada.say("Grace has one").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
    let before = stage.app().state::<Jobs>().status();
    assert_eq!(stage.grace.delete(&format!("/api/v1/push_subscriptions/{phone}")).await.status, 204);
    stage.ada.say("Grace has none any more").await;
    assert_eq!(stage.app().state::<Jobs>().status(), before);
}

#[tokio::test]
async fn neither_the_author_nor_who_looks_is_notified_though_something_is_unread() {
    let mut stage = Stage::set().await;
    let linus = stage.server.join(&stage.ada, "Linus").await;
    for (id, person, browser) in [(1, stage.ada.clone(), "author"), (3, linus.clone(), "looks")] {
        stage.subscribe(&person, browser).await;
        stage.involve(id, "everything").await;
    }
    let _socket = linus.listen(&[PRESENCE]).await;
    stage.until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).contains(&UserId(3))).await;
    stage.store("UPDATE memberships SET unread_at = '2026-01-01 00:00:00.000000'").await;
    stage.ada.say("hello").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
}

#[tokio::test]
async fn a_direct_room_is_called_by_its_author() {
    let mut stage = Stage::set().await;
    stage
        .store(
            "INSERT INTO rooms (id, type, creator_id, created_at, updated_at) VALUES (7, 'Rooms::Direct', 1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
             INSERT INTO memberships (room_id, user_id, involvement, connections, created_at, updated_at)
             SELECT 7, id, 'everything', 0, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM users WHERE id IN (1, 2)",
        )
        .await;
    stage.ada.post("/api/v1/rooms/7/messages", json!({ "text": "between us" })).await.json(201);
    let notification = stage.push.next().await.notification;
    assert_eq!((notification["title"].as_str(), notification["options"]["body"].as_str()), (Some("Ada Lovelace"), Some("between us")));
    assert_eq!(notification["options"]["data"], json!({ "path": "/rooms/7", "badge": 1 }));
    stage.ada.say("and to all").await;
    assert_eq!(stage.push.next().await.notification["options"]["data"]["badge"], 2);
    stage.done().await;
    stage.involve(2, "nothing").await;
    stage.ada.post("/api/v1/rooms/7/messages", json!({ "text": "still there?" })).await.json(201);
    assert_eq!(stage.push.next().await.notification["options"]["data"]["badge"], 1, "a silenced room does not count");
}

#[tokio::test]
async fn people_who_may_not_come_in_hear_nothing() {
    let mut stage = Stage::set().await;
    for status in [1, 2] {
        stage.store(&format!("UPDATE users SET status = {status} WHERE id = 2")).await;
        stage.ada.say("a secret").await;
        assert_eq!(stage.notified().await, set(&[]));
    }
    stage.store("UPDATE users SET status = 0 WHERE id = 2").await;
    stage.ada.say("welcome back").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
    stage.store("DELETE FROM memberships WHERE user_id = 2").await;
    stage.ada.say("not for you").await;
    assert_eq!(stage.notified().await, set(&[]));
}

#[tokio::test]
async fn what_waits_is_true_when_it_is_sent_or_not_sent_at_all() {
    let mut stage = Stage::set().await;
    let tablet = stage.subscribe(&stage.grace.clone(), "tablet").await;
    for browser in ["phone", "tablet"] {
        stage.push.treats(browser, [Manner::Status(503), Manner::Status(503), Manner::Status(503)]);
    }
    let deleted = stage.ada.say("to be deleted").await["id"].clone();
    let read = stage.ada.say("to be changed").await["id"].clone();
    stage.table(|table| table.iter().filter(|job| job.state == "waiting" && job.attempts == 1).count() == 4).await;
    stage.push.unseen();
    stage
        .store(&format!("DELETE FROM action_text_rich_texts WHERE record_id = {deleted}; DELETE FROM messages WHERE id = {deleted}"))
        .await;
    stage.store(&format!("UPDATE action_text_rich_texts SET body = '<div>changed</div>' WHERE record_id = {read}")).await;
    stage.store(&format!("UPDATE push_subscriptions SET auth_key = 'broken' WHERE id = {tablet}")).await;
    for browser in ["phone", "tablet"] {
        stage.push.treats(browser, []);
    }
    stage.later(60);
    stage.done().await;
    let bodies = stage.push.unseen().into_iter().map(|arrival| arrival.notification["options"]["body"].clone()).collect::<Vec<_>>();
    assert_eq!(bodies, ["Ada Lovelace: changed"]);
    assert_eq!(stage.devices(&stage.grace.clone()).await.len(), 1, "a device whose keys are none is forgotten");
    let linus = stage.server.join(&stage.ada, "Linus").await;
    stage.subscribe(&linus, "other").await;
    stage.involve(3, "everything").await;
    stage.push.treats("phone", [Manner::Status(503)]);
    stage.ada.say("read on another device meanwhile").await;
    stage.table(|table| table.len() == 1 && table[0].attempts == 1).await;
    stage.push.unseen();
    stage.store("UPDATE memberships SET unread_at = NULL WHERE user_id = 2").await;
    stage.later(60);
    assert_eq!(stage.notified().await, set(&[]));
}

#[tokio::test]
async fn a_long_message_is_cut_to_what_a_push_service_takes() {
    let mut stage = Stage::set().await;
    let text = "\"😀\" ".repeat(5000);
    stage.ada.say(&text).await;
    let arrival = stage.push.next().await;
    assert!((4000..=4096).contains(&arrival.size), "{} bytes", arrival.size);
    let body = arrival.notification["options"]["body"].as_str().expect("text").strip_suffix('…').expect("it is marked").to_owned();
    assert!(format!("Ada Lovelace: {text}").starts_with(&body));
}

#[tokio::test]
async fn a_device_that_is_gone_is_forgotten_and_any_other_failure_forgets_none() {
    let mut stage = Stage::bare().await;
    stage.involve(2, "everything").await;
    for (browser, status) in [("gone", 410), ("unknown", 404), ("odd", 400), ("large", 413), ("locked", 403)] {
        stage.subscribe(&stage.grace.clone(), browser).await;
        stage.push.treats(browser, [Manner::Status(status)]);
    }
    stage.ada.say("hello").await;
    let given_up = stage.table(|table| table.len() == 3 && table.iter().all(|job| job.state == "dead")).await;
    assert_eq!(given_up[0].failure.as_deref(), Some("the push service answered 400 Bad Request"));
    assert_eq!(stage.push.unseen().len(), 5);
    assert_eq!(stage.devices(&stage.grace.clone()).await.len(), 3);
    stage.ada.say("once more").await;
    let mut second = Vec::new();
    for _ in 0..3 {
        second.push(stage.push.next().await.browser);
    }
    assert_eq!(second.into_iter().collect::<BTreeSet<_>>(), set(&["odd", "large", "locked"]));
}

#[tokio::test]
async fn a_failing_service_is_tried_again_and_one_that_asks_for_a_pause_gets_it() {
    let mut stage = Stage::set().await;
    stage.push.treats("phone", [Manner::Status(500), Manner::Pause(600), Manner::BreakOff]);
    stage.ada.say("persistent").await;
    stage.push.next().await;
    stage.table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting")).await;
    stage.later(60);
    stage.push.next().await;
    let waiting = stage.table(|table| table.iter().any(|job| job.attempts == 2 && job.state == "waiting")).await;
    let at = campfire::time::Time::from_rails(&waiting[0].run_at).expect("a moment");
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
    stage.push.treats("phone", std::iter::repeat_n(Manner::Status(503), 5));
    let mut messages = Vec::new();
    for number in 0..5 {
        messages.push(stage.ada.say(&number.to_string()).await["id"].clone());
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
    assert!(stage.push.unseen().is_empty());
    assert!(left_in_peace(stage.app()), "nobody asked whether it is well again");
}

#[tokio::test]
async fn our_own_trouble_is_not_the_push_services() {
    let mut stage = Stage::set().await;
    stage.push.treats("phone", [Manner::Status(503)]);
    stage.ada.say("hello").await;
    stage.push.next().await;
    stage.table(|table| table.iter().any(|job| job.attempts == 1 && job.state == "waiting")).await;
    // Each time it can be read less of what a notification is made of: first for whom it is, then of what.
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
    stage.ada.say("hello").await;
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
    stage.push.treats("phone", [Manner::Hang, Manner::Hang]);
    stage.ada.say("survives").await;
    stage.push.next().await;
    // What a killed process leaves on disk at this moment: the message is acknowledged, its delivery is under way.
    let copy = Arc::new(tempfile::tempdir().expect("a directory"));
    std::fs::create_dir_all(copy.path().join("db")).expect("a directory");
    std::fs::copy(stage.server.storage.path().join("vapid_private_key"), copy.path().join("vapid_private_key")).expect("copied");
    let original = rusqlite::Connection::open(stage.server.storage.path().join("db/production.sqlite3")).expect("opens");
    original.execute("VACUUM INTO ?1", [copy.path().join("db/production.sqlite3").to_str().expect("text")]).expect("copied");
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
    let ada = Person { address: server.address(), ..ada };
    let mut stage = Stage { server, push, ada, grace };
    stage.ada.say("one of very many").await;
    let given_up = |app: &App| app.db.read(|reader| jobs::list(reader, Some("dead"), 10)).expect("reads");
    stage.until(|app| given_up(app).len() == 1).await;
    assert_eq!(given_up(stage.app())[0].kind, "push");
    assert!(stage.push.unseen().is_empty());
}

#[tokio::test]
async fn devices_are_listed_kept_once_and_limited() {
    let mut stage = Stage::bare().await;
    let form = stage.push.subscription("phone");
    let agent = [("user-agent", "Browser 1.0")];
    let first = stage.grace.request("POST", "/api/v1/push_subscriptions", Some(form.to_string()), &agent).await;
    assert_eq!(first.header("location"), "/api/v1/push_subscriptions/1");
    let first = first.json(201);
    assert_eq!((&first["endpoint_host"], &first["user_agent"]), (&json!("127.0.0.1"), &json!("Browser 1.0")));
    assert!(!first.to_string().contains("phone"), "the endpoint is a secret");
    let flat = json!({ "endpoint": form["endpoint"], "p256dh_key": form["keys"]["p256dh"], "auth_key": form["keys"]["auth"] });
    stage.later(60);
    // Campfire may have stored it several times.
    stage.store("INSERT INTO push_subscriptions SELECT 7, user_id, endpoint, 'old', 'old', NULL, created_at, updated_at FROM push_subscriptions").await;
    let again = stage.grace.post("/api/v1/push_subscriptions", flat).await.json(200);
    assert_eq!(again["id"], first["id"]);
    assert_ne!(again["updated_at"], first["updated_at"]);
    assert_eq!(stage.devices(&stage.grace.clone()).await.len(), 1);
    for number in 1..20 {
        stage.subscribe(&stage.grace.clone(), &format!("device{number}")).await;
    }
    let answer = stage.grace.post("/api/v1/push_subscriptions", stage.push.subscription("one-too-many")).await;
    assert_eq!(answer.status, 422);
    let path = format!("/api/v1/push_subscriptions?endpoint={}", stage.push.endpoint("device7"));
    let listed = stage.grace.get(&path).await.json(200);
    let listed = listed.as_array().expect("a list");
    assert_eq!((listed.len(), listed.iter().filter(|device| device["current"] == true).count()), (20, 1));
    assert!(stage.devices(&stage.ada.clone()).await.is_empty());
    assert_eq!(stage.ada.delete("/api/v1/push_subscriptions/1").await.status, 404);
    assert_eq!(stage.server.stranger().get("/api/v1/push_subscriptions").await.status, 401);
    // A browser that another person signs in with is that person's from then on.
    stage.ada.post("/api/v1/push_subscriptions", form).await.json(201);
    assert_eq!(stage.devices(&stage.grace.clone()).await.len(), 19);
    stage.involve(1, "everything").await;
    stage.involve(2, "everything").await;
    stage.grace.say("whose phone is it?").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
}

#[tokio::test]
async fn a_device_can_be_tried_by_its_owner() {
    let mut stage = Stage::set().await;
    assert_eq!(stage.ada.post("/api/v1/push_subscriptions/1/test", json!({})).await.status, 404);
    assert_eq!(stage.grace.post("/api/v1/push_subscriptions/1/test", json!({})).await.status, 202);
    let notification = stage.push.next().await.notification;
    assert_eq!((notification["title"].as_str(), &notification["options"]["data"]), (Some("Campfire"), &json!({ "path": "/", "badge": 0 })));
    let answer = stage.grace.post("/api/v1/push_subscriptions/1/test", json!({})).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "5"));
}

#[tokio::test]
async fn signing_out_forgets_the_browser() {
    let mut stage = Stage::set().await;
    let elsewhere = stage.grace_elsewhere().await;
    stage.subscribe(&elsewhere, "tablet").await;
    let sign_out = json!({ "push_endpoint": stage.push.endpoint("phone") }).to_string();
    assert_eq!(stage.grace.request("DELETE", "/api/v1/session", Some(sign_out), &[]).await.status, 204);
    stage.ada.say("hello").await;
    assert_eq!(stage.notified().await, set(&["tablet"]));
}

#[tokio::test]
async fn a_device_is_notified_as_long_as_it_is_signed_in() {
    let mut stage = Stage::set().await;
    let elsewhere = stage.grace_elsewhere().await;
    stage.subscribe(&elsewhere, "tablet").await;
    // What Campfire stored belongs to no session and stays.
    stage
        .store(&format!(
            "INSERT INTO push_subscriptions (user_id, endpoint, p256dh_key, auth_key, user_agent, created_at, updated_at)
             SELECT user_id, '{}', p256dh_key, auth_key, '', created_at, updated_at FROM push_subscriptions LIMIT 1",
            stage.push.endpoint("old one")
        ))
        .await;
    let devices = async |who: &Person| who.get("/api/v1/push_subscriptions").await.json(200).as_array().expect("a list").len();
    assert_eq!(devices(&elsewhere).await, 3);
    // The phone is lost, and signed out from the tablet.
    let sessions = elsewhere.get("/api/v1/sessions").await.json(200);
    let phone = sessions.as_array().expect("a list").iter().find(|session| session["current"] == false).expect("the phone")["id"].clone();
    assert_eq!(elsewhere.request("DELETE", &format!("/api/v1/sessions/{phone}"), None, &[]).await.status, 204);
    assert_eq!(devices(&elsewhere).await, 2);
    // A browser that asks again belongs to the session that it asks in: signed in anew, it outlives the earlier one.
    let anew = stage.grace_elsewhere().await;
    let tablet = stage.push.subscription("tablet");
    assert_eq!(anew.post("/api/v1/push_subscriptions", tablet).await.status, 200);
    assert_eq!(elsewhere.request("DELETE", "/api/v1/session", Some("{}".into()), &[]).await.status, 204);
    assert_eq!(devices(&anew).await, 2);
    stage.store("DELETE FROM push_subscriptions WHERE endpoint LIKE '%old one'").await;
    stage.ada.say("hello").await;
    assert_eq!(stage.notified().await, set(&["tablet"]));
    // Another program, too, may end a session.
    stage.store("DELETE FROM sessions WHERE user_id = 2").await;
    stage.ada.say("anybody?").await;
    assert_eq!(stage.notified().await, set(&[]));
}

#[tokio::test]
async fn members_reach_public_push_services_only() {
    let server = TestServer::start().await;
    let push = PushService::start().await;
    let ada = server.first_run().await;
    let answer = ada.post("/api/v1/push_subscriptions", push.subscription("inside")).await;
    assert!(answer.json(422)["errors"]["endpoint"][0].is_string());
    let mut form = push.subscription("outside");
    form["endpoint"] = json!("https://push.example.com/outside");
    form["keys"]["auth"] = json!("short");
    assert!(ada.post("/api/v1/push_subscriptions", form).await.json(422)["errors"]["keys"][0].is_string());
}

#[tokio::test]
async fn switched_off_means_off_everywhere() {
    let storage = Arc::new(tempfile::tempdir().expect("a directory"));
    let server = TestServer::configured(storage, |config| config.push_notifications = false).await;
    let ada = server.first_run().await;
    let status = ada.get("/api/v1/status").await.json(200);
    assert_eq!((&status["features"]["push"], &status["vapid_public_key"]), (&json!(false), &Value::Null));
    for (method, path) in [("GET", ""), ("POST", ""), ("DELETE", "/1"), ("POST", "/1/test")] {
        let path = format!("/api/v1/push_subscriptions{path}");
        assert_eq!(ada.request(method, &path, Some("{}".into()), &[]).await.status, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn the_key_is_made_once_and_readable_by_its_owner_alone() {
    let server = TestServer::start().await;
    let key = async |server: &TestServer| server.stranger().get("/api/v1/status").await.json(200)["vapid_public_key"].clone();
    let first = key(&server).await;
    assert!(first.is_string());
    let storage = server.stop().await;
    let path = storage.path().join("vapid_private_key");
    assert_eq!(std::fs::metadata(&path).expect("is there").permissions().mode() & 0o777, 0o600);
    let server = TestServer::on(storage).await;
    assert_eq!(key(&server).await, first);
    let storage = server.stop().await;
    std::fs::write(&path, "damaged").expect("written");
    let config = support::config(storage.path());
    let error = campfire::server::Server::start(config, campfire::time::Clock::system()).await.err().expect("does not start");
    assert!(error.to_string().contains("vapid_private_key"), "{error}");
}
