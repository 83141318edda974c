//! The fixture of the table: a closed room with a message, and one caller of each kind.

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::support::{Client, SECRET, TestServer};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anonymous,
    Member,
    Outsider,
    Author,
    Creator,
    Administrator,
    AdministratorOutside,
    Bot,
    BotOutside,
    Deactivated,
    Banned,
    Revoked,
    BannedAddress,
}

impl Caller {
    /// In the order of the table's columns.
    pub const ALL: [Self; 13] = [
        Self::Anonymous,
        Self::Member,
        Self::Outsider,
        Self::Author,
        Self::Creator,
        Self::Administrator,
        Self::AdministratorOutside,
        Self::Bot,
        Self::BotOutside,
        Self::Deactivated,
        Self::Banned,
        Self::Revoked,
        Self::BannedAddress,
    ];

    /// The heading of its column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anon",
            Self::Member => "member",
            Self::Outsider => "outsider",
            Self::Author => "author",
            Self::Creator => "creator",
            Self::Administrator => "admin",
            Self::AdministratorOutside => "admin-out",
            Self::Bot => "bot",
            Self::BotOutside => "bot-out",
            Self::Deactivated => "deactivated",
            Self::Banned => "banned",
            Self::Revoked => "revoked",
            Self::BannedAddress => "banned-ip",
        }
    }

    /// A session token or a bot key. `BannedAddress` is a member who sends from a banned IP
    /// address.
    fn token(self) -> &'static str {
        match self {
            Self::Anonymous => "",
            Self::AdministratorOutside => "token1",
            Self::Administrator => "token2",
            Self::Creator => "token3",
            Self::Author => "token4",
            Self::Member | Self::BannedAddress => "token5",
            Self::Outsider => "token6",
            Self::Deactivated => "token7",
            Self::Banned => "token8",
            Self::Revoked => "token9",
            Self::Bot => "10-botToken0010",
            Self::BotOutside => "11-botToken0011",
        }
    }
}

/// A banned IP address.
const BANNED_ADDRESS: &str = "203.0.113.66";

/// Users by ID: 1 administrator outside the room, 2 administrator in it, 3 the room's creator, 4
/// the message's author, 5 member, 6 outsider, 7 deactivated, 8 banned, 9 with a revoked session,
/// 10 and 11 bots in and outside the room, 12 the target of requests, 13 banned, to be unbanned.
/// Users 7 and 8 keep their sessions, so that only their status can deny access.
const PEOPLE: &str = "
    UPDATE sessions SET token = 'token1' WHERE user_id = 1;
    WITH people (id, role, status) AS
      (VALUES (2, 1, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0), (7, 0, 1), (8, 0, 2), (9, 0, 0), (10, 2, 0), (11, 2, 0), (12, 0, 0), (13, 0, 2))
    INSERT INTO users (id, name, email_address, role, status, bot_token, created_at, updated_at)
    SELECT id, 'Person ' || id, CASE WHEN role <> 2 THEN 'person' || id || '@example.com' END, role, status,
           CASE WHEN role = 2 THEN printf('botToken%04d', id) END, '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM people;
    UPDATE users SET password_digest = (SELECT password_digest FROM users WHERE id = 1) WHERE id = 12;
    INSERT INTO sessions (user_id, token, last_active_at, created_at, updated_at)
    SELECT id, 'token' || id, '2099-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM users WHERE role <> 2 AND id NOT IN (1, 9);
    INSERT INTO memberships (room_id, user_id, created_at, updated_at)
    SELECT 1, id, created_at, updated_at FROM users WHERE id > 1;
    INSERT INTO rooms (id, name, type, creator_id, created_at, updated_at)
    VALUES (2, 'Annex', 'Rooms::Closed', 3, '2026-01-01 00:00:00', '2026-01-01 00:00:00');
    INSERT INTO memberships (room_id, user_id, created_at, updated_at)
    SELECT 2, id, created_at, updated_at FROM users WHERE id IN (2, 3, 4, 5, 7, 8, 9, 10, 12);
    INSERT INTO webhooks (user_id, url, created_at, updated_at)
    VALUES (10, 'nowhere', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
    INSERT INTO campfire_webhook_deliveries (id, bot_id, webhook_id, job_key, room_id, message_id, url_host, state, created_at, updated_at)
    VALUES (1, 10, 'w1', 'w1', 2, 1, '', 'failed', '2099-01-01 00:00:00', '2099-01-01 00:00:00');
    INSERT INTO bans (user_id, ip_address, created_at, updated_at)
    VALUES (13, '203.0.113.66', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
";

/// The storage directory, and the secrets in its links.
pub struct Fixture {
    storage: Arc<tempfile::TempDir>,
    created: Instant,
    code: String,
    reset: String,
    transfer: String,
    session: String,
    avatar: String,
}

impl Fixture {
    /// Creates it, mostly with requests.
    pub async fn create() -> Self {
        let server = TestServer::start().await;
        let ada = server.first_run().await;
        let storage = server.stop().await;
        let conn = rusqlite::Connection::open(storage.path().join("db/production.sqlite3"))
            .expect("opens");
        conn.execute_batch(PEOPLE).expect("people");
        let session: i64 = conn
            .query_row("SELECT id FROM sessions WHERE user_id = 12", [], |row| row.get(0))
            .expect("a session");
        drop(conn);
        let server = TestServer::start_on(storage).await;
        let by = |caller: Caller| {
            let (address, token) = (server.address(), caller.token());
            async move |method: &str, path: &str, body: serde_json::Value| {
                let person = Client { address, cookie: String::new() };
                let response = person
                    .request(
                        method,
                        path,
                        Some(body.to_string()),
                        &[("authorization", &format!("Bearer {token}"))],
                    )
                    .await;
                assert!(response.status < 300, "{method} {path}: {}", response.text());
                serde_json::from_slice::<serde_json::Value>(&response.body).unwrap_or_default()
            }
        };
        drop(ada);
        let (author, admin) = (by(Caller::Author), by(Caller::AdministratorOutside));
        for text in ["the message", "deleted and to be restored"] {
            author("POST", "/api/v1/rooms/2/messages", json!({ "text": text })).await;
        }
        author("POST", "/api/v1/messages/1/boosts", json!({ "content": "👍" })).await;
        author("DELETE", "/api/v1/rooms/2/messages/2", json!({})).await;
        let last = |url: &serde_json::Value| {
            url.as_str().expect("a link").rsplit('/').next().expect("its end").to_owned()
        };
        let code = last(&admin("GET", "/api/v1/account", json!({})).await["join_url"]);
        let reset = last(&admin("POST", "/api/v1/users/12/password_reset", json!({})).await["url"]);
        let transfer = last(&author("POST", "/api/v1/session/transfer", json!({})).await["url"]);
        let storage = server.stop().await;
        let avatar = rails_compat::Secret::new(SECRET)
            .expect("a secret")
            .sign_id("user", "avatar", 12, None);
        Self {
            storage,
            created: Instant::now(),
            code,
            reset,
            transfer,
            session: session.to_string(),
            avatar,
        }
    }

    /// Starts a server on a copy of the storage, with the clock at the time of its creation.
    pub async fn start_server(&self) -> TestServer {
        let copy = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(copy.path().join("db")).expect("a directory");
        let file = "db/production.sqlite3";
        std::fs::copy(self.storage.path().join(file), copy.path().join(file)).expect("copied");
        // The clock is set before the start, which purges deleted messages that are too old to be
        // restored.
        TestServer::start_with_clock_offset(
            Arc::new(copy),
            -i64::try_from(self.created.elapsed().as_secs()).expect("a while"),
        )
        .await
    }

    /// The response that the caller gets: a status, or `page` for the application shell.
    pub async fn request(
        &self,
        server: &TestServer,
        caller: Caller,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> String {
        let person = server.anonymous();
        let bearer = if caller.token().is_empty() {
            String::new()
        } else {
            format!("Bearer {}", caller.token())
        };
        let from = if caller == Caller::BannedAddress { BANNED_ADDRESS } else { "198.51.100.1" };
        let headers = [("authorization", bearer.as_str()), ("x-forwarded-for", from)];
        let path = self.fill_path(caller, method, path);
        let response =
            person.request(method, &path, Some(body.unwrap_or("").to_owned()), &headers).await;
        // Without an embedded client, its pages contain this text.
        let page = response.header("content-type").starts_with("text/html")
            || response.text().contains("The web client was not built");
        let is_file =
            ["/assets/", "/icons/", "/service-worker"].iter().any(|start| path.starts_with(start));
        if is_file || ["/favicon.svg", "/account/logo"].contains(&path.as_str()) {
            assert!(matches!(response.status, 200 | 404), "{path}: {}", response.status);
            return "asset".to_owned();
        }
        if page && path != "/up" && path != "/api/docs" {
            "page".to_owned()
        } else {
            response.status.to_string()
        }
    }

    /// Replaces the path's parameters by the fixture's IDs and secrets.
    fn fill_path(&self, caller: Caller, method: &str, path: &str) -> String {
        let id = match path {
            _ if path.contains("transfers") => &self.transfer,
            _ if path.starts_with("/qr_code/") => "aHR0cHM6Ly9leGFtcGxlLmNvbQ",
            _ => &self.session,
        };
        let message = if path.ends_with("/restore") { "2" } else { "1" };
        let user =
            if (method, path) == ("DELETE", "/api/v1/users/{user_id}/ban") { "13" } else { "12" };
        [
            ("{room_id}", "2"),
            ("{message_id}", message),
            ("{boost_id}", "1"),
            ("{user_id}", user),
            ("{bot_id}", "10"),
            ("{delivery_id}", "1"),
            // People send their session token in place of a bot key.
            ("{bot_key}", if caller == Caller::Anonymous { "anonymous" } else { caller.token() }),
            ("{code}", &self.code),
            ("{token}", if path.ends_with("/avatar") { &self.avatar } else { &self.reset }),
            ("{file}", if path.contains("/pictures/") { "nyan.svg" } else { "bell.flac" }),
            ("{*path}", "client.js"),
            ("{name}", "icon-192.png"),
            ("{id}", id),
            ("{at}", "@1"),
        ]
        .iter()
        .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }

    /// Whether the caller may subscribe to a channel, written `NAME` or `NAME/ROOM`: `yes`, `no`,
    /// or `out` if the connection is rejected.
    pub async fn subscribe(&self, server: &TestServer, caller: Caller, channel: &str) -> String {
        let bearer = if caller.token().is_empty() {
            String::new()
        } else {
            format!("Bearer {}", caller.token())
        };
        let from = if caller == Caller::BannedAddress { BANNED_ADDRESS } else { "198.51.100.1" };
        let headers = [("authorization", bearer.as_str()), ("x-forwarded-for", from)];
        let mut socket =
            server.anonymous().connect_with("actioncable-v1-json", "/cable", &headers).await;
        if socket.next().await["type"] != "welcome" {
            return "out".to_owned();
        }
        let identifier = match channel.split_once('/') {
            Some((name, room)) => {
                json!({ "channel": name, "room_id": room.parse::<i64>().expect("an integer") })
            }
            None => json!({ "channel": channel }),
        };
        socket.command("subscribe", &identifier.to_string()).await;
        loop {
            match socket.next().await["type"].as_str() {
                Some("confirm_subscription") => return "yes".to_owned(),
                Some("reject_subscription") => return "no".to_owned(),
                Some(_) => {}
                None => return "closed".to_owned(),
            }
        }
    }
}
