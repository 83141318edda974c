//! Push subscriptions and the operator's settings.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Fixture, set};
use crate::support::{Client, TestServer};
use test_support::push_service::PushService;

#[tokio::test]
async fn devices_are_listed_deduplicated_and_limited() {
    let mut fixture = Fixture::without_devices().await;
    let form = fixture.push.subscription("phone");
    let agent = [("user-agent", "Browser 1.0")];
    let first = fixture
        .grace
        .request("POST", "/api/v1/push_subscriptions", Some(form.to_string()), &agent)
        .await;
    assert_eq!(first.header("location"), "/api/v1/push_subscriptions/1");
    let first = first.json(201);
    assert_eq!(
        (&first["endpoint_host"], &first["user_agent"]),
        (&json!("127.0.0.1"), &json!("Browser 1.0"))
    );
    assert!(!first.to_string().contains("phone"), "the endpoint is a secret");
    let flat = json!({ "endpoint": form["endpoint"], "p256dh_key": form["keys"]["p256dh"], "auth_key": form["keys"]["auth"] });
    fixture.advance_clock(60);
    // Campfire may have stored a subscription several times.
    fixture.execute_sql("INSERT INTO push_subscriptions SELECT 7, user_id, endpoint, 'old', 'old', NULL, created_at, updated_at FROM push_subscriptions").await;
    let again = fixture.grace.post("/api/v1/push_subscriptions", flat).await.json(200);
    assert_eq!(again["id"], first["id"]);
    assert_ne!(again["updated_at"], first["updated_at"]);
    assert_eq!(fixture.devices(&fixture.grace.clone()).await.len(), 1);
    for number in 1..20 {
        fixture.subscribe(&fixture.grace.clone(), &format!("device{number}")).await;
    }
    let response = fixture
        .grace
        .post("/api/v1/push_subscriptions", fixture.push.subscription("one-too-many"))
        .await;
    assert_eq!(response.status, 422);
    let path = format!("/api/v1/push_subscriptions?endpoint={}", fixture.push.endpoint("device7"));
    let listed = fixture.grace.get(&path).await.json(200);
    let listed = listed.as_array().expect("a list");
    assert_eq!(
        (listed.len(), listed.iter().filter(|device| device["current"] == true).count()),
        (20, 1)
    );
    assert!(fixture.devices(&fixture.ada.clone()).await.is_empty());
    assert_eq!(fixture.ada.delete("/api/v1/push_subscriptions/1").await.status, 404);
    assert_eq!(fixture.server.anonymous().get("/api/v1/push_subscriptions").await.status, 401);
    // When another person signs in with a browser, its subscription becomes theirs.
    fixture.ada.post("/api/v1/push_subscriptions", form).await.json(201);
    assert_eq!(fixture.devices(&fixture.grace.clone()).await.len(), 19);
    fixture.set_involvement(1, "everything").await;
    fixture.set_involvement(2, "everything").await;
    fixture.grace.post_message("whose phone is it?").await;
    assert_eq!(fixture.notified_browsers().await, set(&["phone"]));
}

#[tokio::test]
async fn owners_can_send_a_test_push() {
    let mut fixture = Fixture::new().await;
    assert_eq!(fixture.ada.post("/api/v1/push_subscriptions/1/test", json!({})).await.status, 404);
    assert_eq!(
        fixture.grace.post("/api/v1/push_subscriptions/1/test", json!({})).await.status,
        202
    );
    let notification = fixture.push.next().await.notification;
    assert_eq!(
        (notification["title"].as_str(), &notification["options"]["data"]),
        (Some("Campfire"), &json!({ "path": "/", "badge": 0 }))
    );
    let response = fixture.grace.post("/api/v1/push_subscriptions/1/test", json!({})).await;
    assert_eq!((response.status, response.header("retry-after")), (429, "5"));
}

#[tokio::test]
async fn signing_out_deletes_the_subscription() {
    let mut fixture = Fixture::new().await;
    let tablet_client = fixture.sign_in_grace().await;
    fixture.subscribe(&tablet_client, "tablet").await;
    let sign_out = json!({ "push_endpoint": fixture.push.endpoint("phone") }).to_string();
    assert_eq!(
        fixture.grace.request("DELETE", "/api/v1/session", Some(sign_out), &[]).await.status,
        204
    );
    fixture.ada.post_message("hello").await;
    assert_eq!(fixture.notified_browsers().await, set(&["tablet"]));
}

#[tokio::test]
async fn devices_are_notified_while_signed_in() {
    let mut fixture = Fixture::new().await;
    let tablet_client = fixture.sign_in_grace().await;
    fixture.subscribe(&tablet_client, "tablet").await;
    // Campfire's subscriptions have no session and are kept.
    fixture
        .execute_sql(&format!(
            "INSERT INTO push_subscriptions (user_id, endpoint, p256dh_key, auth_key, user_agent, created_at, updated_at)
             SELECT user_id, '{}', p256dh_key, auth_key, '', created_at, updated_at FROM push_subscriptions LIMIT 1",
            fixture.push.endpoint("old one")
        ))
        .await;
    let devices = async |who: &Client| {
        who.get("/api/v1/push_subscriptions").await.json(200).as_array().expect("a list").len()
    };
    assert_eq!(devices(&tablet_client).await, 3);
    // The phone is signed out from the tablet.
    let sessions = tablet_client.get("/api/v1/sessions").await.json(200);
    let phone = sessions
        .as_array()
        .expect("a list")
        .iter()
        .find(|session| session["current"] == false)
        .expect("the phone")["id"]
        .clone();
    assert_eq!(
        tablet_client
            .request("DELETE", &format!("/api/v1/sessions/{phone}"), None, &[])
            .await
            .status,
        204
    );
    assert_eq!(devices(&tablet_client).await, 2);
    // Subscribing again moves the subscription to the current session, so it survives the end of
    // the earlier one.
    let new_session = fixture.sign_in_grace().await;
    let tablet = fixture.push.subscription("tablet");
    assert_eq!(new_session.post("/api/v1/push_subscriptions", tablet).await.status, 200);
    assert_eq!(
        tablet_client.request("DELETE", "/api/v1/session", Some("{}".into()), &[]).await.status,
        204
    );
    assert_eq!(devices(&new_session).await, 2);
    fixture.execute_sql("DELETE FROM push_subscriptions WHERE endpoint LIKE '%old one'").await;
    fixture.ada.post_message("hello").await;
    assert_eq!(fixture.notified_browsers().await, set(&["tablet"]));
    // Another program may end a session too.
    fixture.execute_sql("DELETE FROM sessions WHERE user_id = 2").await;
    fixture.ada.post_message("anybody?").await;
    assert_eq!(fixture.notified_browsers().await, set(&[]));
}

#[tokio::test]
async fn members_may_subscribe_public_push_services_only() {
    let server = TestServer::start().await;
    let push = PushService::start().await;
    let ada = server.first_run().await;
    let response = ada.post("/api/v1/push_subscriptions", push.subscription("inside")).await;
    assert!(response.json(422)["errors"]["endpoint"][0].is_string());
    let mut form = push.subscription("outside");
    form["endpoint"] = json!("https://push.example.com/outside");
    form["keys"]["auth"] = json!("short");
    assert!(
        ada.post("/api/v1/push_subscriptions", form).await.json(422)["errors"]["keys"][0]
            .is_string()
    );
}

#[tokio::test]
async fn disabled_features_are_disabled_everywhere() {
    let storage = Arc::new(tempfile::tempdir().expect("a directory"));
    let server =
        TestServer::start_with_config(storage, |config| config.push_notifications = false).await;
    let ada = server.first_run().await;
    let status = ada.get("/api/v1/status").await.json(200);
    assert_eq!(
        (&status["features"]["push"], &status["vapid_public_key"]),
        (&json!(false), &Value::Null)
    );
    for (method, path) in [("GET", ""), ("POST", ""), ("DELETE", "/1"), ("POST", "/1/test")] {
        let path = format!("/api/v1/push_subscriptions{path}");
        assert_eq!(
            ada.request(method, &path, Some("{}".into()), &[]).await.status,
            403,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn the_vapid_key_is_created_once_with_owner_only_permissions() {
    let server = TestServer::start().await;
    let key = async |server: &TestServer| {
        server.anonymous().get("/api/v1/status").await.json(200)["vapid_public_key"].clone()
    };
    let first = key(&server).await;
    assert!(first.is_string());
    let storage = server.stop().await;
    let path = storage.path().join("vapid_private_key");
    assert_eq!(std::fs::metadata(&path).expect("is there").permissions().mode() & 0o777, 0o600);
    let server = TestServer::start_on(storage).await;
    assert_eq!(key(&server).await, first);
    let storage = server.stop().await;
    std::fs::write(&path, "damaged").expect("written");
    let config = crate::support::config(storage.path());
    let error = campfire::server::Server::start(config, campfire::core::clock::Clock::system())
        .await
        .err()
        .expect("does not start");
    assert!(error.to_string().contains("vapid_private_key"), "{error}");
}
