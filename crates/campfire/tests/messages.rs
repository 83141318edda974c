//! Posting and reading messages, and their events.

mod support;

use serde_json::{Value, json};
use support::{ROOM, TestServer};

const MESSAGES: &str = "/api/v1/rooms/1/messages";

#[tokio::test]
async fn resending_a_message_returns_the_first() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let body = json!({ "text": "once", "client_message_id": "abc" });
    let first = ada.post(MESSAGES, body.clone()).await;
    assert_eq!(first.header("location"), "/api/v1/rooms/1/messages/1");
    let first = first.json(201);
    let again = ada
        .post(MESSAGES, json!({ "text": "another text", "client_message_id": "abc" }))
        .await
        .json(200);
    assert_eq!(again, first);
    assert_eq!(grace.post(MESSAGES, body).await.status, 409);
    assert_eq!(ada.message_texts("").await, ["once"]);
}

#[tokio::test]
async fn concurrent_resends_store_one_message() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let sends = (0..20).map(|_| {
        let ada = ada.clone();
        tokio::spawn(async move {
            ada.post(MESSAGES, json!({ "text": "once", "client_message_id": "abc" })).await.status
        })
    });
    let mut created = 0;
    for send in sends.collect::<Vec<_>>() {
        match send.await.expect("no panic") {
            201 => created += 1,
            status => assert_eq!(status, 200),
        }
    }
    assert_eq!((created, ada.message_texts("").await.len()), (1, 1));
}

#[tokio::test]
async fn invalid_messages_get_errors_per_field() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for (body, field) in [
        (json!({ "text": "  " }), "text"),
        (json!({}), "text"),
        (json!({ "body": "<div><br></div>" }), "body"),
        (json!({ "text": 5 }), "text"),
        (json!({ "text": "x".repeat(65 * 1024) }), "text"),
        (json!({ "text": "x", "client_message_id": "a b" }), "client_message_id"),
    ] {
        let problem = ada.post(MESSAGES, body.clone()).await.json(422);
        assert!(problem["errors"][field][0].is_string(), "{body}: {problem}");
    }
    assert_eq!(ada.message_texts("").await, Vec::<String>::new());
}

#[tokio::test]
async fn paging_in_both_directions_skips_nothing() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let mut ids = Vec::new();
    for number in 1..=100 {
        ids.push(ada.post_message(&format!("m{number}")).await["id"].as_i64().expect("an id"));
    }
    let texts =
        |from: usize, to: usize| (from..=to).map(|number| format!("m{number}")).collect::<Vec<_>>();
    assert_eq!(ada.message_texts("").await, texts(61, 100));
    assert_eq!(ada.message_texts(&format!("?before={}", ids[60])).await, texts(21, 60));
    assert_eq!(ada.message_texts(&format!("?before={}", ids[20])).await, texts(1, 20));
    assert_eq!(ada.message_texts(&format!("?after={}", ids[49])).await, texts(51, 90));
    assert_eq!(ada.message_texts(&format!("?around={}&limit=5", ids[49])).await, texts(45, 55));
    assert_eq!(ada.message_texts("?limit=3").await, texts(98, 100));
    let page = ada.get(MESSAGES).await;
    assert_eq!(
        page.header("link"),
        format!("</api/v1/rooms/1/messages?before={}>; rel=\"next\"", ids[60])
    );
    // A page that ends exactly at either end of the room has no next link.
    let has_next = async |query: String| {
        !ada.get(&format!("{MESSAGES}?{query}")).await.header("link").is_empty()
    };
    for (limit, expected) in [(19, true), (20, false), (21, false)] {
        assert_eq!(
            has_next(format!("before={}&limit={limit}", ids[20])).await,
            expected,
            "before, {limit}"
        );
        assert_eq!(
            has_next(format!("after={}&limit={limit}", ids[79])).await,
            expected,
            "after, {limit}"
        );
    }
    assert!(has_next("limit=99".into()).await && !has_next("limit=100".into()).await);
    for query in ["?limit=0", "?limit=101", "?before=x", "?before=1&after=2"] {
        assert_eq!(ada.get(&format!("{MESSAGES}{query}")).await.status, 422, "{query}");
    }
    assert_eq!(ada.get(&format!("{MESSAGES}?before=9999")).await.status, 404);
}

#[tokio::test]
async fn paging_skips_no_messages_with_equal_timestamps() {
    let storage = {
        let server = TestServer::start().await;
        let ada = server.first_run().await;
        for number in 1..=9 {
            ada.post_message(&format!("m{number}")).await;
        }
        server.stop().await
    };
    let conn =
        rusqlite::Connection::open(storage.path().join("db/production.sqlite3")).expect("opens");
    conn.execute("UPDATE messages SET created_at = '2026-01-01 00:00:00.000000'", [])
        .expect("stored");
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let response = server
        .anonymous()
        .post(
            "/api/v1/session",
            json!({ "email_address": "ada@example.com", "password": "correct horse" }),
        )
        .await;
    let cookie = response.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let ada = support::Client { address: server.address(), cookie };
    assert_eq!(ada.message_texts("?before=7&limit=3").await, ["m4", "m5", "m6"]);
    assert_eq!(ada.message_texts("?after=3&limit=3").await, ["m4", "m5", "m6"]);
}

#[tokio::test]
async fn unchanged_pages_get_not_modified() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    ada.post_message("one").await;
    let page = ada.get(MESSAGES).await;
    let tag = page.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    assert_eq!(ada.request("GET", MESSAGES, None, &known).await.status, 304);
    ada.post_message("two").await;
    let fresh = ada.request("GET", MESSAGES, None, &known).await;
    assert_eq!(fresh.status, 200);
    assert_ne!(fresh.header("etag"), tag);
}

#[tokio::test]
async fn rooms_are_not_found_for_non_members() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for path in [
        "/api/v1/rooms/2",
        "/api/v1/rooms/2/messages",
        "/api/v1/rooms/x/messages",
        "/api/v1/rooms/2/members",
        "/api/v1/rooms/1/messages/1",
    ] {
        assert_eq!(ada.get(path).await.status, 404, "{path}");
        assert_eq!(server.anonymous().get(path).await.status, 401, "{path}");
    }
    assert_eq!(ada.post("/api/v1/rooms/2/messages", json!({ "text": "hi" })).await.status, 404);
}

#[tokio::test]
async fn posting_publishes_marks_unread_and_indexes() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let unread = r#"{"channel":"UnreadRoomsChannel"}"#;
    let mut events = grace.subscribe(&[ROOM, unread]).await;
    let message = ada.post_message("<script>alert(1)</script> see https://example.com").await;
    assert_eq!(
        events.next().await,
        json!({ "identifier": ROOM, "message": { "type": "message.created", "message": message } })
    );
    assert_eq!(events.next().await, json!({ "identifier": unread, "message": { "roomId": 1 } }));
    assert!(!message["body"]["html"].as_str().expect("HTML").contains("<script"));
    let room = grace.get("/api/v1/rooms/1").await.json(200);
    assert_eq!(
        (&room["unread"], &room["unread_since"]),
        (&Value::Bool(true), &message["created_at"])
    );
    assert_eq!(
        ada.get("/api/v1/rooms/1").await.json(200)["unread"],
        false,
        "not unread for its author"
    );
    let storage = server.stop().await;
    let conn =
        rusqlite::Connection::open(storage.path().join("db/production.sqlite3")).expect("opens");
    let found: i64 = conn
        .query_row(
            "SELECT rowid FROM message_search_index WHERE message_search_index MATCH 'alerts'",
            [],
            |row| row.get(0),
        )
        .expect("found by its stem");
    assert_eq!(Some(found), message["id"].as_i64());
}

#[tokio::test]
async fn presence_marks_a_room_read_on_every_device() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    ada.post_message("hello").await;
    assert_eq!(grace.get("/api/v1/rooms/1").await.json(200)["unread"], true);
    let (reads, presence) =
        (r#"{"channel":"ReadRoomsChannel"}"#, r#"{"channel":"PresenceChannel","room_id":1}"#);
    let mut other_device = grace.subscribe(&[reads]).await;
    let mut looking = grace.subscribe(&[presence]).await;
    assert_eq!(
        other_device.next().await,
        json!({ "identifier": reads, "message": { "room_id": 1 } })
    );
    assert_eq!(grace.get("/api/v1/rooms/1").await.json(200)["unread"], false);
    ada.post_message("you see this").await;
    assert_eq!(
        grace.get("/api/v1/rooms/1").await.json(200)["unread"],
        false,
        "present people have read the message"
    );
    let members = ada.get("/api/v1/rooms/1/members").await.json(200);
    let connected = |name: &str| {
        members
            .as_array()
            .expect("a list")
            .iter()
            .find(|member| member["name"] == name)
            .expect("a member")["connected"]
            .clone()
    };
    assert_eq!((connected("grace"), connected("Ada Lovelace")), (json!(true), json!(false)));
    looking.perform(presence, "absent").await;
    while looking.next().await["message"]["connected"] != false {}
    ada.post_message("you do not").await;
    assert_eq!(grace.get("/api/v1/rooms/1").await.json(200)["unread"], true);
}

#[tokio::test]
async fn becoming_present_during_posts_leaves_nothing_unread() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let (reads, presence) =
        (r#"{"channel":"ReadRoomsChannel"}"#, r#"{"channel":"PresenceChannel","room_id":1}"#);
    let mut events = grace.subscribe(&[reads]).await;
    let mut looking = grace.subscribe(&[presence]).await;
    events.next().await;
    for round in 0..60 {
        looking.perform(presence, "absent").await;
        while looking.next().await["message"]["connected"] != false {}
        let posts = (0..8).map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move { ada.post_message("meanwhile").await })
        });
        let posts = posts.collect::<Vec<_>>();
        // Some of the posts are in flight at this point.
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        looking.perform(presence, "present").await;
        events.next().await;
        for post in posts {
            post.await.expect("no panic");
        }
        assert_eq!(grace.get("/api/v1/rooms/1").await.json(200)["unread"], false, "round {round}");
    }
}

#[tokio::test]
async fn cable_rejects_anonymous_clients_other_origins_and_invalid_frames() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let mut anonymous = server.anonymous().connect("actioncable-v1-json").await;
    assert_eq!(
        anonymous.next().await,
        json!({ "type": "disconnect", "reason": "unauthorized", "reconnect": false })
    );
    assert_eq!(anonymous.next().await, Value::Null);
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        let (ada, headers) = (ada.clone(), [&upgrade[..], more].concat());
        async move { ada.request("GET", "/cable", None, &headers).await.status }
    };
    let json_protocol = ("sec-websocket-protocol", "actioncable-v1-json");
    assert_eq!(with(&[json_protocol, ("origin", "https://evil.example.com")]).await, 403);
    assert_eq!(with(&[json_protocol, ("origin", "https://elsewhere.example.com")]).await, 101);
    assert_eq!(with(&[("sec-websocket-protocol", "soap")]).await, 400);
    assert_eq!(ada.get("/cable").await.status, 426);
    let mut socket = ada.subscribe(&[]).await;
    socket.command("subscribe", r#"{"channel":"RoomMessagesChannel","room_id":99}"#).await;
    assert_eq!(socket.next().await["type"], "reject_subscription");
    socket.command("subscribe", r#"{"channel":"NoSuchChannel"}"#).await;
    assert_eq!(socket.next().await["type"], "reject_subscription");
    socket.send("not JSON").await;
    assert_eq!(
        socket.next().await,
        json!({ "type": "disconnect", "reason": "invalid_request", "reconnect": false })
    );
    assert_eq!(socket.next().await, Value::Null);
}

#[tokio::test]
async fn all_subscribers_receive_messages_in_the_same_order() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let (mut first, mut second) = (ada.subscribe(&[ROOM]).await, grace.subscribe(&[ROOM]).await);
    let posts = (0..60).map(|number| {
        let author = if number % 2 == 0 { ada.clone() } else { grace.clone() };
        tokio::spawn(async move { author.post_message(&format!("m{number}")).await })
    });
    for post in posts.collect::<Vec<_>>() {
        post.await.expect("no panic");
    }
    let mut events = (Vec::new(), Vec::new());
    for _ in 0..60 {
        events.0.push(first.next().await["message"]["message"]["id"].as_i64());
        events.1.push(second.next().await["message"]["message"]["id"].as_i64());
    }
    assert_eq!(events.0, events.1);
    assert!(events.0.is_sorted());
    let page = ada.get("/api/v1/rooms/1/messages?limit=100").await.json(200);
    let stored = page
        .as_array()
        .expect("a list")
        .iter()
        .map(|message| message["id"].as_i64())
        .collect::<Vec<_>>();
    assert_eq!(events.0, stored);
}

#[tokio::test]
async fn shutdown_disconnects_clients_and_storage_is_exclusive() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let mut socket = ada.subscribe(&[ROOM]).await;
    let second = campfire::server::Server::start(
        support::config(server.storage.path()),
        campfire::core::clock::Clock::system(),
    )
    .await;
    assert!(second.is_err_and(|error| error.to_string().contains("already serves this storage")));
    ada.post_message("kept").await;
    assert_eq!(socket.next().await["message"]["type"], "message.created");
    let stopping = tokio::spawn(server.stop());
    assert_eq!(
        socket.next().await,
        json!({ "type": "disconnect", "reason": "server_restart", "reconnect": true })
    );
    let server = TestServer::start_on(stopping.await.expect("no panic")).await;
    let ada = support::Client { address: server.address(), ..ada };
    assert_eq!(ada.message_texts("").await, ["kept"]);
}
