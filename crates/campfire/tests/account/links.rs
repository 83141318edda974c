//! Transfer links, password reset links and sign-in limits.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{Client, Response, SECRET, TestServer};
use super::{BlockedWriter, count, with_cookie};

/// The last segment of a link's path.
fn id(link: &Value) -> String {
    link["url"].as_str().expect("a link").rsplit('/').next().expect("an id").to_owned()
}

async fn redeem(server: &TestServer, id: &str) -> Response {
    server.anonymous().request("PUT", &format!("/api/v1/session/transfers/{id}"), None, &[]).await
}

/// A transfer link as Campfire (Rails) signs it, valid for `hours`.
fn rails_transfer_link(user: i64, hours: i64) -> String {
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
    rails_compat::Secret::new(SECRET).expect("a secret").sign_id(
        "user",
        "transfer",
        user,
        Some(expires),
    )
}

#[tokio::test]
async fn transfer_links_sign_in_one_device_once() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let link = ada.post("/api/v1/session/transfer", json!({})).await.json(201);
    let url = link["url"].as_str().expect("a link");
    assert!(url.starts_with(&format!("http://{}/session/transfers/", server.address())), "{url}");
    let response = redeem(&server, &id(&link)).await;
    assert_eq!(response.json(200)["user"]["name"], "Ada Lovelace");
    assert_eq!(with_cookie(&server, &response).get("/api/v1/me").await.status, 200);
    assert_eq!(redeem(&server, &id(&link)).await.status, 400, "once");
    let picture = server.anonymous().get(link["qr_svg_url"].as_str().expect("a picture")).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(picture.header("cache-control"), "public, max-age=31556952");
    assert!(picture.text().contains("viewBox") && !picture.text().contains("<script"));
    for odd in ["%21%21", &"A".repeat(1_401)] {
        assert_eq!(server.anonymous().get(&format!("/qr_code/{odd}")).await.status, 404, "{odd}");
    }
}

#[tokio::test]
async fn valid_rails_transfer_links_are_accepted() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    assert_eq!(
        redeem(&server, &rails_transfer_link(2, 1)).await.json(200)["user"]["name"],
        "grace"
    );
    assert_eq!(redeem(&server, &rails_transfer_link(2, -1)).await.status, 400, "expired");
    assert_eq!(redeem(&server, &rails_transfer_link(99, 1)).await.status, 400, "no such user");
    ada.delete("/api/v1/users/2").await;
    assert_eq!(redeem(&server, &rails_transfer_link(2, 2)).await.status, 400, "not an active user");
}

#[tokio::test]
async fn transfer_links_expire_after_four_hours_or_a_password_change() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let stolen = id(&ada.post("/api/v1/session/transfer", json!({})).await.json(201));
    ada.patch("/api/v1/me", json!({ "password": "another horse" })).await.json(200);
    assert_eq!(redeem(&server, &stolen).await.status, 400, "created before the password changed");
    server.set_clock_offset(1);
    let late = id(&ada.post("/api/v1/session/transfer", json!({})).await.json(201));
    server.set_clock_offset(1 + 4 * 3600);
    assert_eq!(redeem(&server, &late).await.status, 400, "expired");
}

#[tokio::test]
async fn link_attempts_are_rate_limited_per_address() {
    let server = TestServer::start().await;
    server.first_run().await;
    for _ in 0..10 {
        assert_eq!(redeem(&server, "nonsense").await.status, 400);
    }
    assert_eq!(redeem(&server, "nonsense").await.status, 429);
    for _ in 0..10 {
        assert_eq!(
            set_password(&server, "nonsense", "correct horse").await.status,
            404,
            "each kind has its own limit"
        );
    }
    assert_eq!(set_password(&server, "nonsense", "correct horse").await.status, 429);
    let form =
        json!({ "name": "Eve", "email_address": "eve@example.com", "password": "correct horse" });
    for _ in 0..100 {
        assert_eq!(
            server.anonymous().post("/api/v1/join/nonsense", form.clone()).await.status,
            404,
            "the limit allows many people behind one address"
        );
    }
    assert_eq!(server.anonymous().post("/api/v1/join/nonsense", form).await.status, 429);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn modified_links_are_rejected(user in 1i64..1_000_000, at in 0usize..200, other in "[A-Za-z0-9_=+/-]", cut in 1usize..200) {
        let secret = secret();
        let now = jiff::Timestamp::from_second(1_800_000_000).expect("a timestamp");
        let expires = now + jiff::SignedDuration::from_hours(4);
        let signed = secret.sign_id("user", "transfer", user, Some(expires));
        let read = |text: &str, now| secret.verify_expiring_id("user", "transfer", text, now);
        prop_assert_eq!(read(&signed, now), Some((user, expires)));
        prop_assert_eq!(read(&signed, expires), None, "expired");
        let at = at % signed.len();
        let mut tampered = signed.clone();
        tampered.replace_range(at..=at, &other);
        prop_assert_eq!(read(&tampered, now).is_some(), tampered == signed);
        let cut = cut.min(signed.len());
        prop_assert_eq!(read(&signed[..signed.len() - cut], now), None, "truncated");
        prop_assert_eq!(read(&signed[cut..], now), None, "truncated");
        let another = secret.sign_id("user", "transfer", user + 1, Some(expires));
        let swapped = format!("{}--{}", signed.split("--").next().unwrap_or_default(), another.rsplit("--").next().unwrap_or_default());
        prop_assert_eq!(read(&swapped, now), None, "swapped");
        prop_assert_eq!(read(&secret.sign_id("user", "avatar", user, Some(expires)), now), None, "another purpose");
        prop_assert_eq!(read(&secret.sign_id("user", "transfer", user, None), now), None, "without expiry");
    }
}

/// Key derivation is slow, so it is done once.
fn secret() -> &'static rails_compat::Secret {
    static KEYS: std::sync::LazyLock<rails_compat::Secret> =
        std::sync::LazyLock::new(|| rails_compat::Secret::new(SECRET).expect("long enough"));
    &KEYS
}

async fn set_password(server: &TestServer, token: &str, password: &str) -> Response {
    let body = json!({ "password": password }).to_string();
    server
        .anonymous()
        .request("PUT", &format!("/api/v1/password_resets/{token}"), Some(body), &[])
        .await
}

async fn reset_link(admin: &Client, user: i64) -> String {
    id(&admin.post(&format!("/api/v1/users/{user}/password_reset"), json!({})).await.json(201))
}

#[tokio::test]
async fn reset_links_set_a_password_once_and_sign_out_all_devices() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut socket = grace.subscribe(&[]).await;
    assert_eq!(grace.post("/api/v1/users/1/password_reset", json!({})).await.status, 403);
    let token = reset_link(&ada, 2).await;
    assert_eq!(
        server.anonymous().get(&format!("/api/v1/password_resets/{token}")).await.json(200),
        json!({ "name": "grace" })
    );
    assert!(
        set_password(&server, &token, "short").await.json(422)["errors"]["password"][0].is_string()
    );
    let response = set_password(&server, &token, "another horse").await;
    assert_eq!(response.json(200)["user"]["name"], "grace");
    assert_eq!(with_cookie(&server, &response).get("/api/v1/me").await.status, 200);
    assert_eq!(socket.next().await["reconnect"], false);
    assert_eq!(grace.get("/api/v1/me").await.status, 401);
    assert_eq!(set_password(&server, &token, "a third horse").await.status, 404, "once");
    assert_eq!(
        server.anonymous().get(&format!("/api/v1/password_resets/{token}")).await.status,
        404
    );
    assert!(ada.get("/api/v1/audit").await.text().contains("user.password_reset_link"));
    assert_eq!(
        count(
            &server,
            &format!("SELECT count(*) FROM campfire_password_resets WHERE digest = '{token}'")
        ),
        0,
        "only a digest is stored"
    );
}

#[tokio::test]
async fn reset_links_expire_with_time_a_newer_link_and_deactivation() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    let valid = async |token: &str| {
        server.anonymous().get(&format!("/api/v1/password_resets/{token}")).await.status == 200
    };
    let (first, second) = (reset_link(&ada, 2).await, reset_link(&ada, 2).await);
    assert_eq!((valid(&first).await, valid(&second).await), (false, true));
    server.set_clock_offset(24 * 3600);
    assert!(!valid(&second).await);
    let third = reset_link(&ada, 2).await;
    ada.delete("/api/v1/users/2").await;
    assert!(!valid(&third).await);
    assert_eq!(ada.post("/api/v1/users/2/password_reset", json!({})).await.status, 404);
}

#[tokio::test]
async fn revoking_a_device_closes_its_connections_and_is_audited() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let phone = super::another_device(&server, "ada@example.com", "correct horse").await;
    let mut socket = phone.subscribe(&[]).await;
    let sessions = ada.get("/api/v1/sessions").await.json(200);
    let other = sessions
        .as_array()
        .expect("a list")
        .iter()
        .find(|session| session["current"] == false)
        .expect("the phone")["id"]
        .clone();
    assert_eq!(grace.delete(&format!("/api/v1/sessions/{other}")).await.status, 404, "not hers");
    assert_eq!(ada.delete(&format!("/api/v1/sessions/{other}")).await.status, 204);
    assert_eq!(
        socket.next().await,
        json!({ "type": "disconnect", "reason": "remote", "reconnect": false })
    );
    assert_eq!(phone.get("/api/v1/me").await.status, 401);
    assert_eq!(ada.get("/api/v1/audit").await.json(200)[0]["action"], "session.revoked");
}

#[tokio::test]
async fn sign_in_is_rate_limited_per_account_across_addresses() {
    let server = TestServer::start().await;
    server.first_run().await;
    let sign_in = async |email: &str, password: &str, from: &str| {
        let body = json!({ "email_address": email, "password": password }).to_string();
        server
            .anonymous()
            .request("POST", "/api/v1/session", Some(body), &[("x-forwarded-for", from)])
            .await
            .status
    };
    for email in ["ada@example.com", "nobody@example.com"] {
        for turn in 0..20 {
            assert_eq!(
                sign_in(&email.to_uppercase(), "wrong", &format!("203.0.113.{turn}")).await,
                401
            );
        }
        assert_eq!(
            sign_in(email, "correct horse", "203.0.113.99").await,
            429,
            "{email}: the response does not reveal which accounts exist"
        );
    }
    server.set_clock_offset(901);
    assert_eq!(sign_in("ada@example.com", "correct horse", "203.0.113.98").await, 201);
}

#[tokio::test]
async fn concurrent_sign_ins_with_the_old_password_are_rejected() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let blocked = BlockedWriter::block(&server).await;
    let changing = tokio::spawn({
        let ada = ada.clone();
        async move { ada.patch("/api/v1/me", json!({ "password": "another horse" })).await.status }
    });
    blocked.wait_for_queued(1).await;
    let mut signing_in = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let anonymous = server.anonymous();
        let form = json!({ "email_address": "ada@example.com", "password": "correct horse" });
        signing_in.spawn(async move { anonymous.post("/api/v1/session", form).await.status });
    }
    blocked.wait_for_queued(6).await;
    blocked.release();
    assert_eq!(changing.await.expect("answered"), 200);
    assert_eq!(signing_in.join_all().await, [401; 5], "the password was right when it was checked");
    assert_eq!(
        count(&server, "SELECT count(*) FROM sessions"),
        1,
        "only the device that changed it stays signed in"
    );
}

#[tokio::test]
async fn older_password_digests_are_accepted() {
    let server = TestServer::start().await;
    server.first_run().await;
    for (prefix, from) in [("$2a$", 1), ("$2b$", 2), ("$2y$", 3)] {
        let digest =
            bcrypt::hash("correct horse", 5).expect("a digest").replacen("$2b$", prefix, 1);
        super::database(&server)
            .execute("UPDATE users SET password_digest = ?1 WHERE id = 1", [digest])
            .expect("written");
        let body =
            json!({ "email_address": "ada@example.com", "password": "correct horse" }).to_string();
        let from = format!("203.0.113.{from}");
        let response = server
            .anonymous()
            .request("POST", "/api/v1/session", Some(body), &[("x-forwarded-for", &from)])
            .await;
        assert_eq!(response.status, 201, "{prefix}");
    }
}
