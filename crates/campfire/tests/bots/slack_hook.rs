//! The Slack-compatible hook: accepts what programs send to Slack's incoming webhooks and returns
//! Slack's errors.

use serde_json::json;

use super::support::TestServer;
use super::{create_bot, create_closed_room, curl};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_and_form_payloads_are_accepted() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let url = format!("http://{}/rooms/1/{}/hook", server.address(), bot.key);
    let payload = r#"{"text":"Build <https://example.com/812|812> is *green* & 100% done","username":"ci","icon_emoji":":tada:"}"#;
    let encoded =
        form_urlencoded::Serializer::new(String::new()).append_pair("payload", payload).finish();
    for sent in [
        vec!["-H", "Content-Type: application/json", "-d", payload],
        vec!["-d", payload],
        vec!["-d", encoded.as_str()],
        vec!["-H", "Content-Type: application/json; charset=utf-8", "--data-binary", payload],
    ] {
        let response = curl(&[&sent[..], &[&url]].concat()).await;
        assert_eq!(
            (response.status, response.body.as_str(), response.header("content-type")),
            (200, "ok", "text/plain; charset=utf-8"),
            "{sent:?}"
        );
        let page = ada.get("/api/v1/rooms/1/messages?limit=1").await.json(200);
        let html = "<div>Build <a href=\"https://example.com/812\">812</a> is <strong>green</strong> &amp; 100% done</div>";
        assert_eq!(
            (&page[0]["body"]["html"], &page[0]["creator"]["name"]),
            (&json!(html), &json!("Deploy Bot"))
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_are_those_of_slack() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    let annex = create_closed_room(&ada, &[]).await;
    let base = format!("http://{}/rooms", server.address());
    let here = format!("{base}/1/{}/hook", bot.key);
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(64 * 1024));
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(256 * 1024));
    let file = |name: &str, content: &str| {
        let path = server.storage.path().join(name);
        std::fs::write(&path, content).expect("written");
        format!("@{}", path.display())
    };
    let (long, large) = (file("long", &long), file("large", &large));
    for (url, body, status, word) in [
        (&here, "", 400, "invalid_payload"),
        (&here, "{", 400, "invalid_payload"),
        (&here, "text=hello", 400, "invalid_payload"),
        (&here, "payload=hello", 400, "invalid_payload"),
        (&here, "{}", 400, "no_text"),
        (&here, r#"{"text":"  "}"#, 400, "no_text"),
        (&here, r#"{"text":"&#8203;\u200b"}"#, 200, "ok"),
        (&here, r#"{"text":"\u200b"}"#, 400, "no_text"),
        (&here, &long, 400, "msg_too_long"),
        (&here, &large, 413, "payload_too_large"),
        (&format!("{base}/{annex}/{}/hook", bot.key), r#"{"text":"x"}"#, 404, "channel_not_found"),
        (&format!("{base}/99/{}/hook", bot.key), r#"{"text":"x"}"#, 404, "channel_not_found"),
        (&format!("{base}/1/{}-wrong/hook", bot.id), r#"{"text":"x"}"#, 401, "invalid_token"),
    ] {
        let response = curl(&["--data-binary", body, url]).await;
        assert_eq!(
            (response.status, response.body.as_str(), response.header("content-type")),
            (status, word, "text/plain; charset=utf-8"),
            "{url} {body}"
        );
    }
    let direct = ada
        .post("/api/v1/rooms", json!({ "type": "direct", "user_ids": [bot.id] }))
        .await
        .json(201)["id"]
        .clone();
    ada.put(&format!("/api/v1/users/{}/block", bot.id), json!({})).await;
    let blocked =
        curl(&["-d", r#"{"text":"x"}"#, &format!("{base}/{direct}/{}/hook", bot.key)]).await;
    assert_eq!((blocked.status, blocked.body.as_str()), (403, "action_prohibited"));
    assert_eq!(ada.message_texts("").await.len(), 1, "only the accepted message is stored");
}
