//! Roles, deactivation, bans and the audit log.

use serde_json::json;

use super::support::{Client, TestServer};
use super::{
    BlockedWriter, PERSONAL, another_device, count, create_closed_room, database,
    next_event_of_type, post_in, rooms_of,
};

async fn writes_from(person: &Client, address: &str) -> u16 {
    let body = json!({ "text": "hi" }).to_string();
    person
        .request("POST", "/api/v1/rooms/1/messages", Some(body), &[("x-forwarded-for", address)])
        .await
        .status
}

#[tokio::test]
async fn roles_change_but_one_administrator_always_remains() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    assert_eq!(grace.patch("/api/v1/users/1", json!({ "role": "member" })).await.status, 403);
    assert_eq!(ada.patch("/api/v1/users/1", json!({ "role": "member" })).await.status, 409);
    assert_eq!(ada.delete("/api/v1/users/1").await.status, 409);
    assert_eq!(ada.patch("/api/v1/users/2", json!({ "role": "bot" })).await.status, 422);
    assert_eq!(ada.patch("/api/v1/users/2", json!({ "role": "owner" })).await.status, 422);
    assert_eq!(ada.patch("/api/v1/users/99", json!({ "role": "member" })).await.status, 404);
    assert_eq!(
        ada.patch("/api/v1/users/2", json!({ "role": "administrator" })).await.json(200)["role"],
        "administrator"
    );
    assert_eq!(
        grace.get("/api/v1/me").await.json(200)["role"],
        "administrator",
        "immediately, in the same session"
    );
    assert_eq!(grace.patch("/api/v1/users/1", json!({ "role": "member" })).await.status, 200);
    assert_eq!(ada.get("/api/v1/audit").await.status, 403);
    let audit = grace.get("/api/v1/audit").await.json(200);
    assert_eq!(
        (&audit[0]["action"], &audit[0]["detail"]),
        (&json!("user.role_changed"), &json!("administrator → member"))
    );
    assert_eq!(
        (&audit[0]["actor"]["id"], &audit[0]["subject"]["name"]),
        (&json!(2), &json!("Ada Lovelace"))
    );
    assert_eq!(audit[0]["ip_address"], "127.0.0.1");
}

#[tokio::test]
async fn two_administrators_removing_each_other_leave_one() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    ada.patch("/api/v1/users/2", json!({ "role": "administrator" })).await.json(200);
    let (one, two) = tokio::join!(ada.delete("/api/v1/users/2"), grace.delete("/api/v1/users/1"));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert!(statuses[0] == 204 && [401, 403].contains(&statuses[1]), "{statuses:?}");
    assert_eq!(count(&server, "SELECT count(*) FROM users WHERE role = 1 AND status = 0"), 1);
}

#[tokio::test]
async fn bots_cannot_change_role_or_be_banned() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    super::bot_keys::bot(&server, "helper", "botToken0001");
    assert_eq!(ada.patch("/api/v1/users/2", json!({ "role": "administrator" })).await.status, 422);
    assert_eq!(ada.post("/api/v1/users/2/ban", json!({})).await.status, 422);
    assert_eq!(ada.post("/api/v1/users/2/password_reset", json!({})).await.status, 422);
    assert_eq!(ada.delete("/api/v1/users/2").await.status, 204, "bots can be deleted");
}

#[tokio::test]
async fn deactivation_matches_campfire() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let room = create_closed_room(&ada, "Annex", &[2]).await;
    ada.post("/api/v1/rooms", json!({ "type": "direct", "user_ids": [2] })).await.json(201);
    grace.post_message("my messages stay").await;
    let mut events = ada.subscribe(&[PERSONAL]).await;
    assert_eq!(ada.delete("/api/v1/users/2").await.status, 204);
    assert_eq!(
        next_event_of_type(&mut events, "user.updated").await["user"]["status"],
        "deactivated"
    );
    assert_eq!(next_event_of_type(&mut events, "room.updated").await["room"]["members_count"], 1);
    assert_eq!(grace.get("/api/v1/me").await.status, 401);
    assert_eq!(ada.get(&format!("/api/v1/rooms/{room}")).await.json(200)["members_count"], 1);
    assert_eq!(
        ada.get("/api/v1/rooms/3").await.json(200)["members_count"],
        2,
        "direct rooms are kept"
    );
    assert_eq!(ada.message_texts("").await, ["my messages stay"]);
    let address: String = database(&server)
        .query_row("SELECT email_address FROM users WHERE id = 2", [], |row| row.get(0))
        .expect("an address");
    let uuid = address
        .strip_prefix("grace-deactivated-")
        .and_then(|rest| rest.strip_suffix("@example.com"))
        .expect("freed");
    assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
    let left = "SELECT (SELECT count(*) FROM sessions WHERE user_id = 2) + (SELECT count(*) FROM memberships WHERE user_id = 2 AND room_id <> 3)";
    assert_eq!(count(&server, left), 0);
    server.join(&ada, "grace").await;
    assert_eq!(ada.delete("/api/v1/users/2").await.status, 404, "once");
    assert_eq!(
        ada.post("/api/v1/rooms", json!({ "type": "closed", "name": "x", "user_ids": [2] }))
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn bans_block_writes_from_public_addresses_only() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    database(&server)
        .execute_batch(
            "INSERT INTO sessions (user_id, token, ip_address, last_active_at, created_at, updated_at)
             SELECT 2, 'from-' || value, value, '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00'
             FROM json_each('[\"203.0.113.9\", \"2001:db8::9\", \"10.0.0.9\", \"\", \"nonsense\"]')",
        )
        .expect("devices");
    assert_eq!(grace.post("/api/v1/users/1/ban", json!({})).await.status, 403);
    assert_eq!(ada.post("/api/v1/users/1/ban", json!({})).await.status, 409, "not themselves");
    assert_eq!(writes_from(&ada, "203.0.113.9").await, 201);
    assert_eq!(ada.post("/api/v1/users/2/ban", json!({})).await.status, 204);
    assert_eq!(ada.post("/api/v1/users/2/ban", json!({})).await.status, 409, "once");
    assert_eq!(count(&server, "SELECT count(*) FROM bans"), 2);
    for barred in ["203.0.113.9", "2001:db8::9"] {
        assert_eq!(writes_from(&ada, barred).await, 429, "{barred}");
    }
    for free in ["10.0.0.9", "203.0.113.10", "2001:db8::a"] {
        assert_eq!(writes_from(&ada, free).await, 201, "{free}");
    }
    let looks =
        ada.request("GET", "/api/v1/rooms", None, &[("x-forwarded-for", "203.0.113.9")]).await;
    assert_eq!(looks.status, 200, "reading is allowed");
    let refused =
        ada.request("DELETE", "/api/v1/rooms/1", None, &[("x-forwarded-for", "203.0.113.9")]).await;
    assert_eq!(
        (refused.status, refused.header("content-type"), refused.header("retry-after")),
        (429, "application/problem+json", "3600")
    );
    let sign_in = json!({ "email_address": "grace@example.com", "password": "correct horse" });
    assert_eq!(server.anonymous().post("/api/v1/session", sign_in).await.status, 401);
    assert_eq!(ada.delete("/api/v1/users/2/ban").await.status, 204);
    assert_eq!(ada.delete("/api/v1/users/2/ban").await.status, 409);
    assert_eq!(writes_from(&ada, "203.0.113.9").await, 201);
    let grace = another_device(&server, "grace@example.com", "correct horse").await;
    assert_eq!(rooms_of(&grace).await, [1]);
    assert_eq!(post_in(&grace, 1, "I am back").await.status, 201);
    let actions = ada.get("/api/v1/audit?limit=2").await.json(200);
    assert_eq!(
        (&actions[0]["action"], &actions[1]["action"]),
        (&json!("user.unbanned"), &json!("user.banned"))
    );
    assert_eq!(actions[1]["detail"], "2 addresses banned");
}

#[tokio::test]
async fn the_audit_log_is_paged_newest_first() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for name in ["One", "Two", "Three"] {
        ada.patch("/api/v1/account", json!({ "name": name })).await.json(200);
    }
    let first = ada.get("/api/v1/audit?limit=2").await;
    assert_eq!(first.json(200)[0]["detail"], "Two → Three");
    let next = first
        .header("link")
        .strip_prefix('<')
        .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        .expect("a link")
        .to_owned();
    let second = ada.get(&next).await;
    assert_eq!(second.header("link"), "", "there is no next page");
    let second = second.json(200);
    for (limit, goes_on) in [(3, true), (4, false), (5, false)] {
        assert_eq!(
            !ada.get(&format!("/api/v1/audit?limit={limit}")).await.header("link").is_empty(),
            goes_on,
            "{limit}"
        );
    }
    assert_eq!(
        (&second[0]["detail"], &second[1]["action"]),
        (&json!("Campfire → One"), &json!("user.joined"))
    );
    assert_eq!(ada.get("/api/v1/audit?limit=0").await.status, 422);
    assert_eq!(ada.get("/api/v1/audit?before=x").await.status, 422);
}

#[tokio::test]
async fn demoted_administrators_cannot_change_messages_of_others() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    ada.patch("/api/v1/users/2", json!({ "role": "administrator" })).await.json(200);
    let path = format!("/api/v1/rooms/1/messages/{}", ada.post_message("mine").await["id"]);
    let blocked = BlockedWriter::block(&server).await;
    let demoting = tokio::spawn({
        let ada = ada.clone();
        async move { ada.patch("/api/v1/users/2", json!({ "role": "member" })).await.status }
    });
    blocked.wait_for_queued(1).await;
    let editing = tokio::spawn({
        let (grace, path) = (grace.clone(), path.clone());
        async move { grace.patch(&path, json!({ "text": "hers" })).await.status }
    });
    let deleting = tokio::spawn(async move { grace.delete(&path).await.status });
    blocked.wait_for_queued(3).await;
    blocked.release();
    assert_eq!(demoting.await.expect("answered"), 200);
    assert_eq!((editing.await.expect("answered"), deleting.await.expect("answered")), (403, 403));
    assert_eq!(ada.message_texts("").await, ["mine"]);
}
