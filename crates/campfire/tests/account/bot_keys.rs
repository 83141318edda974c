//! Bots that authenticate with their key as a bearer token.

use serde_json::{Value, json};

use super::support::{Client, Response, TestServer};
use super::{create_closed_room, database};

/// Inserts a bot into the first room as Campfire would, and returns its key. The server notices
/// external writes.
pub fn bot(server: &TestServer, name: &str, token: &str) -> String {
    let conn = database(server);
    conn.execute(
        "INSERT INTO users (name, role, bot_token, created_at, updated_at)
         VALUES (?1, 2, ?2, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
        [name, token],
    )
    .expect("a bot");
    let id = conn.last_insert_rowid();
    conn.execute(
        "INSERT INTO memberships (room_id, user_id, created_at, updated_at)
         VALUES (1, ?1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')",
        [id],
    )
    .expect("in the room");
    format!("{id}-{token}")
}

/// Sends a request with a bot's key.
pub async fn request_with_key(
    server: &TestServer,
    key: &str,
    method: &str,
    path: &str,
    body: Value,
) -> Response {
    let bearer = format!("Bearer {key}");
    let client = Client { address: server.address(), cookie: String::new() };
    client
        .request(
            method,
            path,
            Some(body.to_string()),
            &[("authorization", &bearer), ("sec-fetch-site", "")],
        )
        .await
}

#[tokio::test]
async fn bots_read_write_and_boost_in_their_rooms() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let key = bot(&server, "helper", "botToken0001");
    let request = async |method: &str, path: &str, body: Value| {
        request_with_key(&server, &key, method, path, body).await
    };
    let message = ada.post_message("hello bot").await;
    assert_eq!(request("GET", "/api/v1/rooms", json!({})).await.json(200)[0]["name"], "All Talk");
    assert_eq!(request("GET", "/api/v1/rooms/1", json!({})).await.status, 200);
    assert_eq!(
        request("GET", "/api/v1/rooms/1/messages", json!({})).await.json(200)[0]["id"],
        message["id"]
    );
    let own =
        request("POST", "/api/v1/rooms/1/messages", json!({ "text": "hello Ada" })).await.json(201);
    assert_eq!(
        (&own["creator"]["role"], &own["creator"]["name"]),
        (&json!("bot"), &json!("helper"))
    );
    let path = format!("/api/v1/rooms/1/messages/{}", own["id"]);
    assert_eq!(
        request("PATCH", &path, json!({ "text": "hello again" })).await.json(200)["edited"],
        true
    );
    assert_eq!(
        request(
            "PATCH",
            &format!("/api/v1/rooms/1/messages/{}", message["id"]),
            json!({ "text": "no" })
        )
        .await
        .status,
        403
    );
    assert_eq!(
        request("DELETE", &format!("/api/v1/rooms/1/messages/{}", message["id"]), json!({}))
            .await
            .status,
        403
    );
    let boosts = format!("/api/v1/messages/{}/boosts", message["id"]);
    let boost = request("POST", &boosts, json!({ "content": "👍" })).await.json(201);
    assert_eq!(request("GET", &boosts, json!({})).await.json(200)[0]["id"], boost["id"]);
    assert_eq!(
        request("DELETE", &format!("{boosts}/{}", boost["id"]), json!({})).await.status,
        204
    );
    assert_eq!(request("DELETE", &path, json!({})).await.status, 204);
    let room = create_closed_room(&ada, "Annex", &[]).await;
    assert_eq!(
        request("GET", &format!("/api/v1/rooms/{room}/messages"), json!({})).await.status,
        404
    );
}

#[tokio::test]
async fn wrong_and_revoked_bot_keys_are_rejected() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let key = bot(&server, "helper", "botToken0001");
    for wrong in ["2-botToken0002", "1-botToken0001", "2-", "-botToken0001", "x-y", "1-"] {
        assert_eq!(
            request_with_key(&server, wrong, "GET", "/api/v1/rooms", json!({})).await.status,
            401,
            "{wrong}"
        );
    }
    assert_eq!(request_with_key(&server, &key, "GET", "/api/v1/me", json!({})).await.status, 403);
    assert_eq!(ada.delete("/api/v1/users/2").await.status, 204);
    for path in ["/api/v1/rooms", "/api/v1/me"] {
        assert_eq!(
            request_with_key(&server, &key, "GET", path, json!({})).await.status,
            401,
            "{path}"
        );
    }
}
