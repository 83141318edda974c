//! The account's name, settings, custom styles and join link.

use serde_json::{Value, json};

use super::support::TestServer;
use super::{PERSONAL, next_event_of_type};

#[tokio::test]
async fn account_changes_are_published_to_everyone() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut events = grace.subscribe(&[PERSONAL]).await;
    let change = json!({ "name": "The Office", "settings": { "restrict_room_creation_to_administrators": true, "unknown": 1 } });
    assert_eq!(grace.patch("/api/v1/account", change.clone()).await.status, 403);
    assert_eq!(ada.patch("/api/v1/account", change).await.json(200)["name"], "The Office");
    let event = next_event_of_type(&mut events, "account.updated").await;
    assert_eq!(
        (&event["type"], &event["account"]["name"]),
        (&json!("account.updated"), &json!("The Office"))
    );
    assert_eq!(event["account"], grace.get("/api/v1/account").await.json(200));
    assert_eq!(
        event["account"]["settings"],
        json!({ "restrict_room_creation_to_administrators": true })
    );
    assert_eq!(
        server.anonymous().get("/api/v1/status").await.json(200)["account"]["name"],
        "The Office"
    );
    let off = json!({ "settings": { "restrict_room_creation_to_administrators": false } });
    assert_eq!(
        ada.patch("/api/v1/account", off).await.json(200)["settings"]["restrict_room_creation_to_administrators"],
        false
    );
    let wrong = json!({ "settings": { "restrict_room_creation_to_administrators": "yes" } });
    let field = "settings.restrict_room_creation_to_administrators";
    assert!(ada.patch("/api/v1/account", wrong).await.json(422)["errors"][field][0].is_string());
    for wrong in [
        json!({ "name": " " }),
        json!({ "name": "x".repeat(101) }),
        json!({ "custom_styles": "x".repeat(64 * 1024 + 1) }),
    ] {
        assert_eq!(ada.patch("/api/v1/account", wrong).await.status, 422);
    }
    let actions = ada.get("/api/v1/audit").await.json(200);
    let actions = actions
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry["action"].as_str().expect("a word"))
        .collect::<Vec<_>>();
    assert_eq!(
        actions,
        [
            "account.settings_changed",
            "account.settings_changed",
            "account.renamed",
            "user.joined",
            "user.joined"
        ]
    );
}

#[tokio::test]
async fn the_web_app_manifest_has_the_account_name() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    assert_eq!(anonymous.get("/webmanifest.json").await.json(200)["name"], "Campfire");
    let ada = server.first_run().await;
    assert_eq!(ada.patch("/api/v1/account", json!({ "name": "The Office" })).await.status, 200);
    for address in ["/webmanifest", "/webmanifest.json"] {
        let response = anonymous.get(address).await;
        assert_eq!(
            (response.header("content-type"), response.header("cache-control")),
            ("application/manifest+json", "no-cache")
        );
        assert!(
            response
                .header("content-security-policy")
                .contains("manifest-src 'self'; worker-src 'self'")
        );
        let manifest = response.json(200);
        assert_eq!(
            (&manifest["name"], &manifest["short_name"]),
            (&json!("The Office"), &json!("The Office"))
        );
        let (start, scope, display) =
            (&manifest["start_url"], &manifest["scope"], &manifest["display"]);
        assert_eq!((start, scope, display), (&json!("/"), &json!("/"), &json!("standalone")));
        let icons = manifest["icons"].as_array().expect("icons");
        let purposes = icons
            .iter()
            .map(|icon| (icon["sizes"].as_str(), icon["purpose"].as_str()))
            .collect::<Vec<_>>();
        for size in ["192x192", "512x512"] {
            assert!(
                purposes.contains(&(Some(size), Some("any")))
                    && purposes.contains(&(Some(size), Some("maskable"))),
                "{purposes:?}"
            );
        }
    }
}

#[tokio::test]
async fn empty_rails_settings_can_be_changed() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    super::database(&server)
        .execute_batch("UPDATE accounts SET settings = NULL")
        .expect("stored like an old row");
    let on = json!({ "settings": { "restrict_room_creation_to_administrators": true } });
    assert_eq!(
        ada.patch("/api/v1/account", on).await.json(200)["settings"]["restrict_room_creation_to_administrators"],
        true
    );
}

#[tokio::test]
async fn resetting_the_join_code_invalidates_the_old_one() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let path = |account: &Value| {
        account["join_url"]
            .as_str()
            .expect("a link")
            .replace(&format!("http://{}", server.address()), "/api/v1")
    };
    let old = path(&ada.get("/api/v1/account").await.json(200));
    let new = path(&ada.post("/api/v1/account/join_code", json!({})).await.json(201));
    assert_ne!(old, new);
    assert_eq!(server.anonymous().get(&old).await.status, 404);
    assert_eq!(server.anonymous().get(&new).await.status, 200);
    let grace = server.join(&ada, "grace").await;
    assert_eq!(grace.post("/api/v1/account/join_code", json!({})).await.status, 403);
}

#[tokio::test]
async fn custom_styles_are_a_separate_stylesheet_without_scripts() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let empty = server.anonymous().get("/account/styles.css").await;
    assert_eq!((empty.status, empty.text().as_str()), (200, ""));
    let styles = "</style><script>alert(1)</script> .message { color: red }";
    ada.patch("/api/v1/account", json!({ "custom_styles": styles })).await.json(200);
    let sheet = server.anonymous().get("/account/styles.css").await;
    assert_eq!(
        (sheet.header("content-type"), sheet.header("x-content-type-options")),
        ("text/css; charset=utf-8", "nosniff")
    );
    assert_eq!(
        (sheet.text().as_str(), sheet.header("cache-control")),
        (styles, "public, no-cache")
    );
    let etag = sheet.header("etag").to_owned();
    assert_eq!(
        server
            .anonymous()
            .request("GET", "/account/styles.css", None, &[("if-none-match", &etag)])
            .await
            .status,
        304
    );
    let named =
        server.anonymous().get(&format!("/account/styles.css?v={}", etag.trim_matches('"'))).await;
    assert_eq!(named.header("cache-control"), "public, max-age=31536000, immutable");
    // Without an embedded client there is no page that could refer to them.
    let page = ada.get("/").await;
    if page.status == 200 {
        assert!(
            page.text().contains("<link rel=\"stylesheet\" href=\"/account/styles.css?v="),
            "{}",
            page.text()
        );
        assert!(!page.text().contains("alert(1)"));
        assert!(!ada.get("/?safe-styles").await.text().contains("/account/styles.css"));
    }
    assert_eq!(
        ada.patch("/api/v1/account", json!({ "custom_styles": "" })).await.json(200)["custom_styles"],
        Value::Null
    );
}
