//! First run, sign-up, sign-in and sign-out; security headers and metrics.

mod support;

use serde_json::json;
use support::TestServer;

#[tokio::test]
async fn first_run_creates_account_administrator_and_room_once() {
    let server = TestServer::start().await;
    assert_eq!(server.anonymous().get("/api/v1/status").await.json(200)["first_run"], true);
    let ada = server.first_run().await;
    assert_eq!(ada.get("/api/v1/me").await.json(200)["role"], "administrator");
    let rooms = ada.get("/api/v1/rooms").await.json(200);
    assert_eq!(
        (rooms[0]["name"].as_str(), rooms[0]["type"].as_str()),
        (Some("All Talk"), Some("open"))
    );
    let again =
        json!({ "name": "Eve", "email_address": "eve@example.com", "password": "correct horse" });
    assert_eq!(server.anonymous().post("/api/v1/first_run", again).await.status, 409);
}

#[tokio::test]
async fn concurrent_first_runs_create_one_account() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    let run = |name: &str| {
        anonymous
            .post("/api/v1/first_run", json!({ "name": name, "email_address": format!("{name}@example.com"), "password": "correct horse" }))
    };
    let (one, two) = tokio::join!(run("ada"), run("eve"));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn invalid_sign_ups_get_errors_per_field() {
    let server = TestServer::start().await;
    let problem = server
        .anonymous()
        .post(
            "/api/v1/first_run",
            json!({ "name": " ", "email_address": "x", "password": "short" }),
        )
        .await;
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let problem = problem.json(422);
    for field in ["name", "email_address", "password"] {
        assert!(problem["errors"][field][0].is_string(), "{field}: {problem}");
    }
    let wrong_type = server
        .anonymous()
        .post(
            "/api/v1/first_run",
            json!({ "name": 7, "email_address": "a@b", "password": "correct horse" }),
        )
        .await;
    assert!(wrong_type.json(422)["errors"]["name"][0].is_string());
    let broken =
        server.anonymous().request("POST", "/api/v1/first_run", Some("{".into()), &[]).await;
    assert_eq!(broken.status, 400);
    let form = server
        .anonymous()
        .request(
            "POST",
            "/api/v1/first_run",
            Some("name=x".into()),
            &[("content-type", "text/plain")],
        )
        .await;
    assert_eq!(form.status, 415);
    let large = server
        .anonymous()
        .request("POST", "/api/v1/first_run", Some("x".repeat(1024 * 1024 + 1)), &[])
        .await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn joining_requires_the_code_and_an_unused_email_address() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    assert_eq!(grace.get("/api/v1/me").await.json(200)["role"], "member");
    assert_eq!(grace.get("/api/v1/rooms").await.json(200)[0]["members_count"], 2);
    let link =
        ada.get("/api/v1/account").await.json(200)["join_url"].as_str().expect("a link").to_owned();
    let code = link.rsplit('/').next().expect("a code");
    let form =
        |email: &str| json!({ "name": "Eve", "email_address": email, "password": "correct horse" });
    assert_eq!(
        server
            .anonymous()
            .post("/api/v1/join/AAAA-BBBB-CCCC", form("eve@example.com"))
            .await
            .status,
        404
    );
    assert_eq!(
        server.anonymous().get(&format!("/api/v1/join/{code}")).await.json(200)["account_name"],
        "Campfire"
    );
    assert_eq!(
        server.anonymous().get(&format!("/api/v1/join/{}", code.to_lowercase())).await.status,
        404
    );
    let taken = server
        .anonymous()
        .post(&format!("/api/v1/join/{code}"), form("  ADA@example.com "))
        .await
        .json(409);
    assert!(taken["errors"]["email_address"][0].is_string());
}

#[tokio::test]
async fn sign_in_ignores_case_and_is_rate_limited() {
    let server = TestServer::start().await;
    server.first_run().await;
    let sign_in = |email: &'static str, password: &'static str| {
        let anonymous = server.anonymous();
        async move {
            anonymous
                .post("/api/v1/session", json!({ "email_address": email, "password": password }))
                .await
        }
    };
    assert_eq!(sign_in(" ADA@Example.com", "correct horse").await.status, 201);
    assert_eq!(sign_in("ada@example.com", "wrong").await.status, 401);
    assert_eq!(sign_in("nobody@example.com", "correct horse").await.status, 401);
    // Three attempts were made before; the first run does not count.
    for _ in 0..7 {
        assert_eq!(sign_in("ada@example.com", "").await.status, 401);
    }
    let limited = sign_in("ada@example.com", "correct horse").await;
    assert_eq!(limited.status, 429);
    assert!(
        limited
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds > 0 && seconds <= 180)
    );
    server.set_clock_offset(181);
    assert_eq!(sign_in("ada@example.com", "correct horse").await.status, 201);
}

#[tokio::test]
async fn signing_out_ends_only_that_session_and_its_connections() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let response = server
        .anonymous()
        .post(
            "/api/v1/session",
            json!({ "email_address": "ada@example.com", "password": "correct horse" }),
        )
        .await;
    let phone = support::Client {
        cookie: response.header("set-cookie").split(';').next().expect("a cookie").to_owned(),
        ..ada.clone()
    };
    let (mut here, mut there) = (ada.subscribe(&[]).await, phone.subscribe(&[]).await);
    let sessions = ada.get("/api/v1/sessions").await.json(200);
    assert_eq!(sessions.as_array().map(Vec::len), Some(2));
    assert_eq!(phone.delete("/api/v1/session").await.status, 204);
    assert_eq!(
        there.next().await,
        json!({ "type": "disconnect", "reason": "remote", "reconnect": false })
    );
    assert_eq!(phone.get("/api/v1/me").await.status, 401);
    assert_eq!(ada.get("/api/v1/me").await.status, 200);
    here.command("subscribe", support::ROOM).await;
    assert_eq!(here.next().await["type"], "confirm_subscription");
    let own = ada.get("/api/v1/sessions").await.json(200)[0]["id"].clone();
    let grace = server.join(&ada, "grace").await;
    assert_eq!(
        grace.delete(&format!("/api/v1/sessions/{own}")).await.status,
        404,
        "not her own session"
    );
    assert_eq!(ada.delete(&format!("/api/v1/sessions/{own}")).await.status, 204);
    assert_eq!(here.next().await["type"], "disconnect");
}

#[tokio::test]
async fn rails_cookies_are_accepted_and_forged_ones_rejected() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let token = rails_compat::Secret::new(support::SECRET).expect("a secret");
    let stored = ada.cookie.strip_prefix("session_token=").expect("the cookie");
    let plain = rails_compat::percent_decode_cookie(stored).expect("encoded");
    let inside = token
        .verify_cookie("session_token", &plain, jiff::Timestamp::now())
        .expect("signed with our secret");
    let bearer = format!("Bearer {inside}");
    let with = |headers: Vec<(&'static str, String)>| {
        let anonymous = server.anonymous();
        async move {
            let headers =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
            anonymous.request("GET", "/api/v1/me", None, &headers).await.status
        }
    };
    assert_eq!(with(vec![("authorization", bearer)]).await, 200);
    assert_eq!(with(vec![("authorization", "Bearer nonsense".into())]).await, 401);
    let mut forged = ada.cookie.clone();
    forged.replace_range(30..31, if &forged[30..31] == "A" { "B" } else { "A" });
    assert_eq!(with(vec![("cookie", forged)]).await, 401);
    let other = rails_compat::Secret::new(&"x".repeat(64)).expect("a secret");
    let foreign = other.sign_cookie(
        "session_token",
        &inside,
        jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1),
    );
    assert_eq!(
        with(vec![(
            "cookie",
            format!("session_token={}", rails_compat::percent_encode_cookie(&foreign))
        )])
        .await,
        401
    );
}

#[tokio::test]
async fn cross_site_requests_with_cookies_are_rejected() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let body = json!({ "text": "hi" }).to_string();
    let from = |site: &'static str, origin: &'static str| {
        let (ada, body) = (ada.clone(), body.clone());
        async move {
            ada.request(
                "POST",
                "/api/v1/rooms/1/messages",
                Some(body),
                &[("sec-fetch-site", site), ("origin", origin)],
            )
            .await
            .status
        }
    };
    assert_eq!(from("cross-site", "https://evil.example.com").await, 403);
    assert_eq!(from("", "https://evil.example.com").await, 403);
    assert_eq!(from("", "").await, 403);
    assert_eq!(from("same-origin", "").await, 201);
}

#[tokio::test]
async fn responses_have_security_headers() {
    let server = TestServer::start().await;
    let response = server.anonymous().get("/up").await;
    assert_eq!(response.status, 200);
    assert!(response.header("content-security-policy").contains("script-src 'self';"));
    assert!(!response.header("content-security-policy").contains("unsafe"));
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    assert!(!response.header("x-request-id").is_empty());
    assert_eq!(server.anonymous().get("/ready").await.json(200)["ready"], true);
    assert_eq!(server.anonymous().get("/health").await.json(200)["status"], "ok");
    assert_eq!(server.anonymous().get("/api/v1/nowhere").await.json(404)["status"], 404);
    let document = server.anonymous().get("/api/openapi.json").await.json(200);
    assert!(document["paths"]["/api/v1/rooms/{room_id}/messages"]["post"].is_object());
    assert_eq!(server.anonymous().get("/api/docs").await.status, 200);
}

#[tokio::test]
async fn metrics_require_a_local_client_or_the_token() {
    let server = TestServer::start_with_config(
        std::sync::Arc::new(tempfile::tempdir().expect("a directory")),
        |config| {
            config.metrics_token = Some("a long enough token".into());
        },
    )
    .await;
    let ada = server.first_run().await;
    ada.post_message("counted").await;
    let health = server.anonymous().get("/health/detailed").await.json(200);
    assert_eq!((&health["status"], &health["complaints"]), (&json!("ok"), &json!([])));
    assert!(health["database"]["writes"].as_u64().expect("a count") >= 2, "{health}");
    assert_eq!(health["database"]["foreign_writes"], 0, "{health}");
    assert!(health["process"]["resident_bytes"].as_u64().expect("a size") > 1_000_000, "{health}");
    let response = server.anonymous().get("/metrics").await;
    assert!(response.header("content-type").starts_with("application/openmetrics-text"));
    let text = response.text();
    assert!(
        text.contains("campfire_requests_total{status=\"2xx\"} ") && text.ends_with("# EOF\n"),
        "{text}"
    );
    assert!(text.contains("\ncampfire_foreign_writes_total"), "{text}");
    // Through a proxy on this machine, for a remote client.
    let from_remote_client = |more: &'static str, value: &'static str| {
        let anonymous = server.anonymous();
        async move {
            anonymous
                .request(
                    "GET",
                    "/metrics",
                    None,
                    &[("x-forwarded-for", "203.0.113.9"), (more, value)],
                )
                .await
                .status
        }
    };
    assert_eq!(from_remote_client("x-test", "1").await, 403);
    assert_eq!(from_remote_client("authorization", "Bearer a long enough toke").await, 403);
    assert_eq!(from_remote_client("authorization", "Bearer a long enough token").await, 200);
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.9:5060"),
        ("x-forwarded-for", "unknown"),
        ("x-forwarded-proto", "https"),
    ] {
        assert_eq!(
            server.anonymous().request("GET", "/metrics", None, &[(name, value)]).await.status,
            403,
            "{name}: {value}"
        );
    }
    let hidden = server
        .anonymous()
        .request("GET", "/health/detailed", None, &[("forwarded", "for=203.0.113.9")])
        .await;
    assert!(hidden.json(403)["detail"].as_str().expect("a reason").contains("METRICS_TOKEN"));
}

#[tokio::test]
async fn metrics_are_hidden_behind_an_untrusted_proxy() {
    let server = TestServer::start_with_config(
        std::sync::Arc::new(tempfile::tempdir().expect("a directory")),
        |config| {
            config.trusted_proxies =
                campfire::http::client_ip::TrustedProxies::parse("10.0.0.1").expect("an address");
        },
    )
    .await;
    let through = server
        .anonymous()
        .request("GET", "/metrics", None, &[("x-forwarded-for", "203.0.113.9")])
        .await;
    assert_eq!(through.status, 403);
    assert_eq!(server.anonymous().get("/metrics").await.status, 200);
}
