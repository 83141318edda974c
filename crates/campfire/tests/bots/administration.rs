//! Administration of bots.

use serde_json::json;

use super::support::TestServer;
use super::{create_bot, create_closed_room, database, request_as_bot};

#[tokio::test]
async fn bots_can_be_created_listed_changed_and_deleted() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let form = json!({ "name": " Deploy Bot ", "webhook_url": "https://example.com/hook?x=1", "subscribe_all": true });
    assert_eq!(grace.post("/api/v1/bots", form.clone()).await.status, 403);
    assert_eq!(server.anonymous().post("/api/v1/bots", form.clone()).await.status, 401);
    let bot = ada.post("/api/v1/bots", form).await.json(201);
    let id = bot["id"].as_i64().expect("an integer");
    assert_eq!(
        (&bot["name"], &bot["role"], &bot["status"]),
        (&json!("Deploy Bot"), &json!("bot"), &json!("active"))
    );
    assert_eq!(
        (&bot["webhook_url"], &bot["subscribe_all"], &bot["last_delivery"]),
        (&json!("https://example.com/hook?x=1"), &json!(true), &json!(null))
    );
    let token = bot["key"]
        .as_str()
        .and_then(|key| key.strip_prefix(&format!("{id}-")))
        .expect("the user ID first");
    assert!(token.len() == 12 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
    assert!(bot["webhook_secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    let other = create_bot(&ada, "a helper").await;
    let names = |list: &serde_json::Value| {
        list.as_array().expect("a list").iter().map(|bot| bot["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&ada.get("/api/v1/bots").await.json(200)),
        ["a helper", "Deploy Bot"],
        "sorted by name, ignoring case"
    );
    // Absent fields keep their value; null and empty text remove the URL.
    let path = format!("/api/v1/bots/{id}");
    let renamed = ada.patch(&path, json!({ "name": "Ship It" })).await.json(200);
    assert_eq!(
        (&renamed["name"], &renamed["webhook_url"], &renamed["key"]),
        (&json!("Ship It"), &bot["webhook_url"], &bot["key"])
    );
    assert_eq!(renamed["webhook_secret"], bot["webhook_secret"]);
    for none in [json!(null), json!(""), json!(" ")] {
        ada.patch(&path, json!({ "webhook_url": "http://127.0.0.1:9/" })).await.json(200);
        assert_eq!(
            ada.patch(&path, json!({ "webhook_url": none })).await.json(200)["webhook_url"],
            json!(null)
        );
    }
    let secret = ada.post(&format!("{path}/webhook_secret"), json!({})).await.json(200);
    assert_ne!(secret["webhook_secret"], bot["webhook_secret"]);
    let key = ada.post(&format!("{path}/key"), json!({})).await.json(200);
    assert_ne!(key["key"], bot["key"]);
    assert_eq!(ada.delete(&path).await.status, 204);
    for (method, rest) in
        [("DELETE", ""), ("PATCH", ""), ("POST", "/key"), ("POST", "/webhook_secret")]
    {
        assert_eq!(
            ada.request(method, &format!("{path}{rest}"), Some("{}".into()), &[]).await.status,
            404,
            "{method} {rest}"
        );
    }
    assert_eq!(names(&ada.get("/api/v1/bots").await.json(200)), ["a helper"]);
    let actions = ada.get("/api/v1/audit").await.json(200);
    let actions = actions
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry["action"].as_str().expect("a word"))
        .collect::<Vec<_>>();
    assert_eq!(actions[..4], ["bot.deleted", "bot.key_reset", "bot.secret_reset", "bot.changed"]);
    assert_eq!(actions.iter().filter(|action| **action == "bot.created").count(), 2);
    assert_eq!(other.id, id + 1);
}

#[tokio::test]
async fn bots_without_a_key_can_be_administered() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let at = "'2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'";
    database(&server)
        .execute_batch(&format!(
            "INSERT INTO users (id, name, role, bot_token, created_at, updated_at) VALUES (7, 'Null', 2, NULL, {at}), (8, 'Void', 2, '', {at});
             INSERT INTO memberships (room_id, user_id, created_at, updated_at) VALUES (1, 7, {at}), (1, 8, {at})"
        ))
        .expect("rows as Campfire may have stored them");
    let bots = ada.get("/api/v1/bots").await.json(200);
    assert_eq!(
        bots.as_array().expect("a list").iter().map(|bot| &bot["key"]).collect::<Vec<_>>(),
        [&json!(null), &json!(null)]
    );
    for (id, path) in [(7, "/api/v1/bots/7"), (8, "/api/v1/bots/8")] {
        assert_eq!(
            request_as_bot(&server, "POST", &format!("/rooms/1/{id}-/messages"), "hello")
                .await
                .status,
            401,
            "an empty key is rejected"
        );
        let changed = ada
            .patch(path, json!({ "name": "Renamed", "webhook_url": "https://example.com/" }))
            .await
            .json(200);
        assert_eq!((&changed["name"], &changed["key"]), (&json!("Renamed"), &json!(null)));
        ada.post(&format!("{path}/webhook_secret"), json!({})).await.json(200);
        let key = ada.post(&format!("{path}/key"), json!({})).await.json(200)["key"]
            .as_str()
            .expect("a key")
            .to_owned();
        assert_eq!(
            request_as_bot(&server, "POST", &format!("/rooms/1/{key}/messages"), "hello")
                .await
                .status,
            201
        );
        assert_eq!(ada.delete(path).await.status, 204);
        assert_eq!(ada.patch(path, json!({})).await.status, 404);
    }
}

#[tokio::test]
async fn bots_without_a_key_can_be_deleted() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    database(&server)
        .execute_batch(
            "INSERT INTO users (id, name, role, created_at, updated_at)
             VALUES (7, 'Null', 2, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
        )
        .expect("a row as Campfire may have stored it");
    assert_eq!(ada.delete("/api/v1/bots/7").await.status, 204);
    assert_eq!(ada.get("/api/v1/bots").await.json(200), json!([]));
}

#[tokio::test]
async fn people_cannot_be_administered_as_bots() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    for path in ["/api/v1/bots/1", "/api/v1/bots/2", "/api/v1/bots/x"] {
        assert_eq!(ada.patch(path, json!({ "name": "x" })).await.status, 404, "{path}");
        assert_eq!(ada.delete(path).await.status, 404, "{path}");
        assert_eq!(ada.post(&format!("{path}/key"), json!({})).await.status, 404, "{path}");
    }
    for role in ["member", "administrator"] {
        assert_eq!(
            ada.patch(&format!("/api/v1/users/{}", bot.id), json!({ "role": role })).await.status,
            422,
            "{role}"
        );
    }
    assert_eq!(
        request_as_bot(&server, "GET", &format!("/rooms/1/{}/messages", bot.key), "").await.status,
        200,
        "it is still a bot"
    );
}

#[tokio::test]
async fn invalid_bots_get_errors_per_field() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let response = ada
        .post("/api/v1/bots", json!({ "name": " ", "webhook_url": "ftp://example.com" }))
        .await
        .json(422);
    assert!(
        response["errors"]["name"][0].is_string()
            && response["errors"]["webhook_url"][0].is_string(),
        "{response}"
    );
    assert!(ada.post("/api/v1/bots", json!({ "name": "x".repeat(101) })).await.json(422)["errors"]["name"][0].is_string());
    assert!(ada.post("/api/v1/bots", json!({})).await.json(422)["detail"].is_string());
    let bot = create_bot(&ada, "Deploy Bot").await;
    let path = format!("/api/v1/bots/{}", bot.id);
    for wrong in [
        json!({ "name": 7 }),
        json!({ "webhook_url": 7 }),
        json!({ "subscribe_all": "yes" }),
        json!({ "name": "" }),
    ] {
        assert_eq!(ada.patch(&path, wrong.clone()).await.status, 422, "{wrong}");
    }
    assert_eq!(ada.get("/api/v1/bots").await.json(200).as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn bots_join_and_leave_rooms_like_people() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let annex = create_closed_room(&ada, &[]).await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let is_in = async |room: i64| {
        request_as_bot(&server, "GET", &format!("/rooms/{room}/{}/messages", bot.key), "")
            .await
            .status
            == 200
    };
    assert!(is_in(1).await && !is_in(annex).await);
    let open = ada.post("/api/v1/rooms", json!({ "type": "open", "name": "New" })).await.json(201)
        ["id"]
        .as_i64()
        .expect("an integer");
    assert!(is_in(open).await, "also open rooms created later");
    let chosen = create_closed_room(&ada, &[bot.id]).await;
    assert!(is_in(chosen).await);
    assert_eq!(
        ada.patch(&format!("/api/v1/rooms/{chosen}"), json!({ "user_ids": [1] })).await.status,
        200
    );
    assert!(!is_in(chosen).await);
    let direct = ada
        .post("/api/v1/rooms", json!({ "type": "direct", "user_ids": [bot.id] }))
        .await
        .json(201)["id"]
        .clone();
    request_as_bot(&server, "POST", &format!("/rooms/1/{}/messages", bot.key), "my messages stay")
        .await;
    assert_eq!(ada.delete(&format!("/api/v1/bots/{}", bot.id)).await.status, 204);
    let rooms: i64 = database(&server)
        .query_row(
            "SELECT group_concat(room_id) FROM memberships WHERE user_id = ?1",
            [bot.id],
            |row| row.get::<_, String>(0),
        )
        .map(|rooms| rooms.parse().expect("one room"))
        .expect("counted");
    assert_eq!(Some(rooms), direct.as_i64(), "direct rooms are kept");
    assert_eq!(ada.message_texts("").await, ["my messages stay"]);
}
