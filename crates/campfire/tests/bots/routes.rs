//! The routes for bots: bodies, rooms, permissions and errors.

use serde_json::json;

use super::support::{ROOM, TestServer, eventually};
use super::{create_bot, create_closed_room, curl, database, request_as_bot};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_are_text_regardless_of_content_type() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let path = format!("/rooms/1/{}/messages", bot.key);
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "100% done & dusted"),
        ("application/x-www-form-urlencoded", "attachment=none"),
        ("application/json", "{\"not\": \"parsed"),
        ("text/plain; charset=iso-8859-1", "größer"),
        ("", "without a type"),
    ] {
        let response = server
            .anonymous()
            .request(
                "POST",
                &path,
                Some(body.to_owned()),
                &[("content-type", kind), ("sec-fetch-site", "")],
            )
            .await;
        assert_eq!(response.status, 201, "{kind}: {}", response.text());
        assert_eq!(ada.message_texts("?limit=1").await, [body]);
    }
    assert_eq!(request_as_bot(&server, "POST", &path, "").await.status, 422);
    assert_eq!(request_as_bot(&server, "POST", &path, " \n\u{200b}").await.status, 422);
    assert_eq!(request_as_bot(&server, "POST", &path, "<div><br></div>").await.status, 422);
    assert_eq!(request_as_bot(&server, "POST", &path, &"x".repeat(64 * 1024)).await.status, 201);
    let large = request_as_bot(&server, "POST", &path, &"x".repeat(64 * 1024 + 1)).await;
    assert_eq!((large.status, large.header("content-type")), (413, "application/problem+json"));
    let file = server.storage.path().join("latin1");
    std::fs::write(&file, b"gr\xf6\xdfer").expect("written");
    let broken = curl(&[
        "--data-binary",
        &format!("@{}", file.display()),
        &format!("http://{}{path}", server.address()),
    ])
    .await;
    assert_eq!(broken.status, 400);
    assert_eq!(
        ada.get("/api/v1/rooms/1/messages").await.json(200).as_array().map(Vec::len),
        Some(6)
    );
}

#[tokio::test]
async fn markup_is_kept_and_mentions_are_rendered() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let path = format!("/rooms/1/{}/messages", bot.key);
    let users = ada.get("/api/v1/users?query=Ada").await.json(200);
    let sgid = users[0]["sgid"].as_str().expect("a signed id");
    let html = format!(
        "<b onclick=\"x()\">Deployed</b> to www.example.com <img src=\"https://example.com/x.png\"><u>for</u> \
         <action-text-attachment sgid=\"{sgid}\" content-type=\"application/vnd.campfire.mention\"></action-text-attachment><script>alert(1)</script>"
    );
    assert_eq!(request_as_bot(&server, "POST", &path, &html).await.status, 201);
    let page = request_as_bot(&server, "GET", &path, "").await.json(200);
    assert_eq!(page[0]["body"]["plain_text"], "Deployed to www.example.com for @Ada Lovelace");
    let avatar = &users[0]["avatar_url"].as_str().expect("an address");
    let expected = format!(
        "<div class=\"trix-content\">\n  <b>Deployed</b> to www.example.com <img src=\"https://example.com/x.png\">for \
         <action-text-attachment sgid=\"{sgid}\" content-type=\"application/vnd.campfire.mention\">\
         <a class=\"mention\" href=\"/users/1\" title=\"Ada Lovelace\"><img class=\"mention__avatar\" alt=\"\" src=\"{avatar}\">Ada Lovelace</a>\
         </action-text-attachment>\n</div>\n"
    );
    assert_eq!(page[0]["body"]["html"], expected);
    let seen = ada.get("/api/v1/rooms/1/messages").await.json(200);
    assert_eq!((&seen[0]["mentions"], &seen[0]["creator"]["id"]), (&json!([1]), &json!(bot.id)));
    assert_eq!(
        ada.get("/api/v1/inbox/count").await.json(200)["unread"],
        1,
        "the mention reaches her"
    );
}

#[tokio::test]
async fn wrong_and_revoked_keys_are_rejected_first() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    give_person_a_bot_token(&server);
    let post = async |key: &str| {
        request_as_bot(&server, "POST", &format!("/rooms/1/{key}/messages"), "hello").await
    };
    for wrong in [
        &format!("{}-wrongToken00", bot.id),
        &format!("{}-", bot.id),
        "1-",
        "1-personToken1",
        "x-y",
        "-",
        "99-botToken0001",
    ] {
        let response = post(wrong).await;
        assert_eq!(
            (response.status, response.header("content-type")),
            (401, "application/problem+json"),
            "{wrong}"
        );
    }
    let cased = if bot.key.ends_with(char::is_lowercase) {
        bot.key.to_uppercase()
    } else {
        bot.key.to_lowercase()
    };
    assert_eq!(post(&cased).await.status, if cased == bot.key { 201 } else { 401 });
    assert_eq!(
        post(&format!("%20{}%20", bot.key)).await.status,
        201,
        "surrounding white space is ignored"
    );
    // An administrator's cookie does not replace a key.
    let with_cookie = ada.post("/rooms/1/1-nothing/messages", json!({})).await;
    assert_eq!(with_cookie.status, 401);
    let renewed = ada.post(&format!("/api/v1/bots/{}/key", bot.id), json!({})).await.json(200);
    assert_eq!(post(&bot.key).await.status, 401);
    let key = renewed["key"].as_str().expect("a key");
    assert_eq!(post(key).await.status, 201);
    assert_eq!(ada.delete(&format!("/api/v1/bots/{}", bot.id)).await.status, 204);
    assert_eq!(post(key).await.status, 401);
    for rest in ["messages", "messages/1", "messages/1/boosts", "hook", "anything"] {
        assert_eq!(
            request_as_bot(&server, "POST", &format!("/rooms/1/{key}/{rest}"), "x").await.status,
            if rest == "messages/1" { 405 } else { 401 },
            "{rest}"
        );
    }
}

/// Gives a person a bot token, which must not work as a key.
fn give_person_a_bot_token(server: &TestServer) {
    super::database(server)
        .execute("UPDATE users SET bot_token = 'personToken1' WHERE id = 1", [])
        .expect("set");
}

#[tokio::test]
async fn bots_act_only_in_their_rooms_and_on_their_own_messages() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let message = ada.post_message("from a person").await["id"].clone();
    let annex = create_closed_room(&ada, &[]).await;
    let other_message = ada
        .post(&format!("/api/v1/rooms/{annex}/messages"), json!({ "text": "inside" }))
        .await
        .json(201)["id"]
        .clone();
    let to = |rest: &str| format!("/rooms/1/{}/{rest}", bot.key);
    for room in [annex, 99] {
        assert_eq!(
            request_as_bot(&server, "GET", &format!("/rooms/{room}/{}/messages", bot.key), "")
                .await
                .status,
            404
        );
        assert_eq!(
            request_as_bot(&server, "POST", &format!("/rooms/{room}/{}/messages", bot.key), "x")
                .await
                .status,
            404
        );
    }
    assert_eq!(
        request_as_bot(&server, "PATCH", &to(&format!("messages/{message}")), "mine now")
            .await
            .status,
        403
    );
    assert_eq!(
        request_as_bot(&server, "DELETE", &to(&format!("messages/{message}")), "").await.status,
        403
    );
    assert_eq!(
        request_as_bot(&server, "PATCH", &to(&format!("messages/{other_message}")), "x")
            .await
            .status,
        404
    );
    assert_eq!(request_as_bot(&server, "DELETE", &to("messages/99"), "").await.status, 404);
    assert_eq!(
        request_as_bot(&server, "POST", &to(&format!("messages/{other_message}/boosts")), "👀")
            .await
            .status,
        404,
        "the message is in another room"
    );
    let own = request_as_bot(&server, "POST", &to("messages"), "mine").await;
    let own = own.header("location").rsplit('/').next().expect("its ID").to_owned();
    assert_eq!(
        request_as_bot(&server, "PATCH", &to(&format!("messages/{own}")), " ").await.status,
        422,
        "blank"
    );
    assert_eq!(
        request_as_bot(
            &server,
            "PATCH",
            &to(&format!("messages/{own}")),
            &"x".repeat(64 * 1024 + 1)
        )
        .await
        .status,
        413
    );
    let boosts = to(&format!("messages/{message}/boosts"));
    for (content, status) in
        [("", 422), (" \n", 422), ("12345678901234567", 422), ("1234567890123456", 201)]
    {
        assert_eq!(
            request_as_bot(&server, "POST", &boosts, content).await.status,
            status,
            "{content:?}"
        );
    }
    let hers = ada
        .post(&format!("/api/v1/messages/{message}/boosts"), json!({ "content": "👍" }))
        .await
        .json(201)["id"]
        .clone();
    assert_eq!(
        request_as_bot(&server, "DELETE", &format!("{boosts}/{hers}"), "").await.status,
        404,
        "the boost is someone else's"
    );
    // As a member of closed and direct rooms a bot acts like a person.
    let annex = create_closed_room(&ada, &[bot.id]).await;
    assert_eq!(
        request_as_bot(&server, "POST", &format!("/rooms/{annex}/{}/messages", bot.key), "let in")
            .await
            .status,
        201
    );
    let direct = ada
        .post("/api/v1/rooms", json!({ "type": "direct", "user_ids": [bot.id] }))
        .await
        .json(201)["id"]
        .clone();
    assert_eq!(
        request_as_bot(&server, "POST", &format!("/rooms/{direct}/{}/messages", bot.key), "hello")
            .await
            .status,
        201
    );
    assert_eq!(ada.put(&format!("/api/v1/users/{}/block", bot.id), json!({})).await.status, 204);
    assert_eq!(
        request_as_bot(&server, "POST", &format!("/rooms/{direct}/{}/messages", bot.key), "hello?")
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn bot_keys_give_no_access_to_other_routes() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    for rest in ["settings", "involvement", "messages/1/edit", "refresh"] {
        assert_eq!(
            request_as_bot(&server, "GET", &format!("/rooms/1/{}/{rest}", bot.key), "")
                .await
                .status,
            403,
            "{rest}"
        );
    }
    for path in ["/api/v1/me", "/api/v1/bots", "/api/v1/users"] {
        assert_eq!(
            request_as_bot(&server, "GET", &format!("{path}?bot_key={}", bot.key), "").await.status,
            401,
            "{path}"
        );
    }
    let page = [("accept", "text/html"), ("sec-fetch-site", "")];
    let lost = server.anonymous().request("GET", "/rooms/1/@5/edit", None, &page).await;
    assert!(
        matches!(lost.status, 404 | 503),
        "people get the client's page, or no client is embedded: {}",
        lost.status
    );
    assert_eq!(request_as_bot(&server, "GET", "/rooms/1/@5/edit", "").await.status, 404);
    // A message's URL redirects people to it in its room.
    let response = request_as_bot(&server, "GET", "/rooms/1/messages/1", "").await;
    assert_eq!((response.status, response.header("location")), (303, "/rooms/1/@1"));
    assert_eq!(request_as_bot(&server, "GET", "/rooms/1/messages/x", "").await.status, 404);
}

#[tokio::test]
async fn bot_routes_accept_cross_site_requests_and_ignore_cookies() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let cross_site = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://status.example.com"),
        ("content-type", "text/plain"),
    ];
    let path = format!("/rooms/1/{}/messages", bot.key);
    assert_eq!(
        ada.request("POST", &path, Some("from a dashboard".into()), &cross_site).await.status,
        201
    );
    let latest = ada.get("/api/v1/rooms/1/messages?limit=1").await.json(200);
    assert_eq!(latest[0]["creator"]["id"], bot.id);
    let with_cookie_only = ada.request("POST", "/rooms/1/1-x/messages", None, &cross_site).await;
    assert_eq!(with_cookie_only.status, 401);
    assert_eq!(
        ada.request("POST", "/api/v1/rooms/1/messages", Some("{}".into()), &cross_site)
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn the_message_count_is_always_current() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let path = format!("/rooms/1/{}/messages", bot.key);
    let total =
        async || request_as_bot(&server, "GET", &path, "").await.header("x-total-count").to_owned();
    let fill = |count: i64, name: &str| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO messages (room_id, creator_id, client_message_id, created_at, updated_at)
             SELECT 1, 1, '{name}' || i, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM n"
        )
    };
    assert_eq!(total().await, "0");
    database(&server).execute_batch(&fill(9_998, "first")).expect("an external write");
    eventually("external writes are counted", async || total().await == "9998").await;
    for count in ["9999", "10000", "10001"] {
        ada.post_message(count).await;
        assert_eq!(total().await, count);
    }
    let last = ada.post_message("10002").await["id"].clone();
    let path = format!("/api/v1/rooms/1/messages/{last}");
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(total().await, "10001");
    ada.post(&format!("{path}/restore"), json!({})).await.json(200);
    assert_eq!(total().await, "10002");
}

#[tokio::test]
async fn bot_messages_are_unread_searchable_and_published() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let mut socket = ada.subscribe(&[ROOM]).await;
    assert_eq!(
        request_as_bot(
            &server,
            "POST",
            &format!("/rooms/1/{}/messages", bot.key),
            "rocketship launched"
        )
        .await
        .status,
        201
    );
    assert_eq!(socket.next().await["message"]["message"]["creator"]["role"], "bot");
    assert_eq!(ada.get("/api/v1/rooms/1").await.json(200)["unread"], true);
    let found = ada.get("/api/v1/searches?q=rocketship").await.json(200);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
}

#[tokio::test]
async fn banned_addresses_can_read_but_not_write() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    server.join(&ada, "grace").await;
    super::database(&server)
        .execute("UPDATE sessions SET ip_address = '203.0.113.9' WHERE user_id <> 1", [])
        .expect("her IP address is set");
    assert_eq!(ada.post(&format!("/api/v1/users/{}/ban", bot.id + 1), json!({})).await.status, 204);
    let from = [("x-forwarded-for", "203.0.113.9"), ("sec-fetch-site", "")];
    for (method, rest) in [
        ("POST", "messages"),
        ("PATCH", "messages/1"),
        ("DELETE", "messages/1"),
        ("POST", "messages/1/boosts"),
        ("POST", "hook"),
    ] {
        let response = server
            .anonymous()
            .request(method, &format!("/rooms/1/{}/{rest}", bot.key), Some("x".into()), &from)
            .await;
        assert_eq!(
            (response.status, response.header("retry-after")),
            (429, "3600"),
            "{method} {rest}"
        );
    }
    let looks = server
        .anonymous()
        .request("GET", &format!("/rooms/1/{}/messages", bot.key), None, &from)
        .await;
    assert_eq!(looks.status, 200);
}

#[tokio::test]
async fn every_bot_route_reports_disabled_integrations() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    assert_eq!(ada.get("/api/v1/status").await.json(200)["features"]["bots"], true);
    let storage = server.stop().await;
    let server =
        TestServer::start_with_config(storage, |config| config.bot_integrations = false).await;
    let ada = super::support::Client { address: server.address(), cookie: ada.cookie };
    assert_eq!(ada.get("/api/v1/status").await.json(200)["features"]["bots"], false);
    for (method, rest) in [
        ("GET", "messages"),
        ("POST", "messages"),
        ("POST", "messages/1/boosts"),
        ("POST", "hook"),
        ("GET", "else"),
    ] {
        let response =
            request_as_bot(&server, method, &format!("/rooms/1/{}/{rest}", bot.key), "x").await;
        assert_eq!(response.status, 403, "{method} {rest}");
        assert!(response.text().contains("turned off"), "{method} {rest}: {}", response.text());
    }
    let bearer = format!("Bearer {}", bot.key);
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(
        server.anonymous().request("GET", "/api/v1/rooms", None, &headers).await.status,
        403
    );
    assert_eq!(ada.get("/api/v1/bots").await.status, 403);
    assert_eq!(ada.post("/api/v1/bots", json!({ "name": "x" })).await.status, 403);
    assert_eq!(server.anonymous().get("/api/v1/bots").await.status, 401);
}
