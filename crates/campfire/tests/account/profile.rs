//! Profiles and the directory.

use serde_json::{Value, json};

use super::support::{Client, TestServer};
use super::{BlockedWriter, PERSONAL, another_device, events_until};

#[tokio::test]
async fn profile_changes_are_published_to_everyone() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    grace.post_message("hello").await;
    assert_eq!(ada.get("/api/v1/rooms/1/messages").await.json(200)[0]["creator"]["name"], "grace");
    let mut events = ada.subscribe(&[PERSONAL]).await;
    let change = json!({ "name": " Grace Hopper ", "bio": "One\r\ntwo", "email_address": " Grace@Example.com " });
    let me = grace.patch("/api/v1/me", change).await.json(200);
    assert_eq!(
        (&me["name"], &me["bio"], &me["email_address"]),
        (&json!("Grace Hopper"), &json!("One\ntwo"), &json!("Grace@Example.com"))
    );
    let events = events_until(&mut events, |event| {
        event["type"] == "user.updated" && event["user"]["name"] == "Grace Hopper"
    })
    .await;
    let event = events.last().expect("an event");
    assert!(event["user"].get("email_address").is_none());
    assert_eq!(
        ada.get("/api/v1/rooms/1/messages").await.json(200)[0]["creator"]["name"],
        "Grace Hopper"
    );
    assert_eq!(grace.patch("/api/v1/me", json!({ "bio": "" })).await.json(200)["bio"], Value::Null);
    assert_eq!(grace.patch("/api/v1/me", json!({})).await.json(200)["name"], "Grace Hopper");
}

#[tokio::test]
async fn invalid_profiles_get_errors_per_field_and_change_nothing() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    let wrong = json!({ "name": "a\u{0}", "email_address": "nowhere", "password": "short", "bio": "x".repeat(2001) });
    let problem = ada.patch("/api/v1/me", wrong).await.json(422);
    for field in ["name", "email_address", "password", "bio"] {
        assert!(problem["errors"][field][0].is_string(), "{field}: {problem}");
    }
    let taken = ada
        .patch("/api/v1/me", json!({ "name": "Eve", "email_address": "GRACE@example.com" }))
        .await
        .json(409);
    assert!(taken["errors"]["email_address"][0].is_string());
    assert_eq!(
        ada.patch("/api/v1/me", json!({ "role": "bot" })).await.json(200)["role"],
        "administrator",
        "users cannot set their own role"
    );
    assert_eq!(ada.get("/api/v1/me").await.json(200)["name"], "Ada Lovelace");
    assert_eq!(
        ada.patch("/api/v1/me", json!({ "email_address": "ADA@example.com" })).await.status,
        200,
        "the user's own address may change its case"
    );
}

#[tokio::test]
async fn changing_the_password_signs_out_other_devices() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let phone = another_device(&server, "ada@example.com", "correct horse").await;
    let (mut here, mut there) = (ada.subscribe(&[]).await, phone.subscribe(&[]).await);
    ada.patch("/api/v1/me", json!({ "password": "another horse" })).await.json(200);
    assert_eq!(
        there.next().await,
        json!({ "type": "disconnect", "reason": "remote", "reconnect": false })
    );
    assert_eq!(phone.get("/api/v1/me").await.status, 401);
    assert_eq!(ada.get("/api/v1/me").await.status, 200);
    here.command("subscribe", PERSONAL).await;
    assert_eq!(here.next().await["type"], "confirm_subscription");
    let old = json!({ "email_address": "ada@example.com", "password": "correct horse" });
    assert_eq!(server.anonymous().post("/api/v1/session", old).await.status, 401);
    another_device(&server, "ada@example.com", "another horse").await;
    assert_eq!(ada.get("/api/v1/audit").await.json(200)[0]["action"], "session.revoked");
}

#[tokio::test]
async fn the_directory_is_paged_and_complete_for_administrators() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for name in ["berta", "carl", "dora"] {
        server.join(&ada, name).await;
    }
    let dora = another_device(&server, "dora@example.com", "correct horse").await;
    ada.delete("/api/v1/users/3").await;
    let names = |response: &Value| {
        response
            .as_array()
            .expect("a list")
            .iter()
            .map(|user| user["name"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    let first = ada.get("/api/v1/users?limit=2&status=all").await;
    assert_eq!(names(&first.json(200)), ["Ada Lovelace", "berta"]);
    let next = first
        .header("link")
        .strip_prefix('<')
        .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        .expect("a link")
        .to_owned();
    let second = ada.get(&next).await;
    assert_eq!(names(&second.json(200)), ["carl", "dora"]);
    assert_eq!(second.header("link"), "");
    assert_eq!(second.json(200)[0]["status"], "deactivated");
    assert_eq!(names(&ada.get("/api/v1/users?limit=1&before=4").await.json(200)), ["berta"]);
    assert_eq!(
        names(&dora.get("/api/v1/users").await.json(200)),
        ["Ada Lovelace", "berta", "dora"]
    );
    assert_eq!(dora.get("/api/v1/users?status=all").await.status, 403);
    assert_eq!(dora.get("/api/v1/users?after=99").await.status, 404);
    assert_eq!(dora.get("/api/v1/users?after=1&before=2").await.status, 422);
    assert_eq!(dora.get("/api/v1/users?status=banned").await.status, 422);
}

#[tokio::test]
async fn members_see_only_their_own_email_address() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let sign_in = json!({ "email_address": "grace@example.com", "password": "correct horse" });
    assert_eq!(
        server.anonymous().post("/api/v1/session", sign_in).await.json(201)["user"]["email_address"],
        "grace@example.com"
    );
    let addresses = async |person: &Client| {
        let users = person.get("/api/v1/users").await.json(200);
        let address = |user: &Value| user["email_address"].as_str().map(str::to_owned);
        users.as_array().expect("a list").iter().filter_map(address).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&grace).await, ["grace@example.com"]);
    assert_eq!(addresses(&ada).await, ["ada@example.com", "grace@example.com"]);
    let changed = ada.patch("/api/v1/users/2", json!({ "role": "administrator" })).await.json(200);
    assert_eq!(
        (&changed["role"], &changed["email_address"]),
        (&json!("administrator"), &json!("grace@example.com"))
    );
}

#[tokio::test]
async fn a_signed_out_device_cannot_change_the_profile() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let lost = another_device(&server, "ada@example.com", "correct horse").await;
    let devices = ada.get("/api/v1/sessions").await.json(200);
    let other = devices
        .as_array()
        .expect("a list")
        .iter()
        .find(|device| device["current"] == false)
        .expect("the lost one")["id"]
        .clone();
    let blocked = BlockedWriter::block(&server).await;
    let revoking = tokio::spawn({
        let ada = ada.clone();
        async move { ada.delete(&format!("/api/v1/sessions/{other}")).await.status }
    });
    blocked.wait_for_queued(1).await;
    let mut changes = tokio::task::JoinSet::new();
    for change in [
        json!({ "name": "Eve" }),
        json!({ "email_address": "eve@example.com" }),
        json!({ "password": "another horse" }),
    ] {
        let lost = lost.clone();
        changes.spawn(async move { lost.patch("/api/v1/me", change).await.status });
    }
    blocked.wait_for_queued(4).await;
    blocked.release();
    assert_eq!(revoking.await.expect("answered"), 204);
    assert_eq!(
        changes.join_all().await,
        [401; 3],
        "the device was signed in when it sent the request"
    );
    let me = ada.get("/api/v1/me").await.json(200);
    assert_eq!(
        (&me["name"], &me["email_address"]),
        (&json!("Ada Lovelace"), &json!("ada@example.com"))
    );
}
