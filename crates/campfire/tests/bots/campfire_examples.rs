//! Campfire's own examples for bots, sent with curl; the responses are compared byte for byte.

use serde_json::json;

use super::support::{ROOM, TestServer};
use super::{CurlResponse, create_bot, curl};

/// Headers of a reverse proxy, so that responses contain the public URL.
const PROXY: [&str; 4] = ["-H", "Host: chat.example.com", "-H", "X-Forwarded-Proto: https"];

async fn behind_proxy(arguments: &[&str]) -> CurlResponse {
    curl(&[&PROXY, arguments].concat()).await
}

/// The bot's JSON in messages. Its avatar URL is signed and versioned with the time of the last
/// change.
fn creator(server: &TestServer, id: i64) -> String {
    let token = server.server.app().secret.sign_id("user", "avatar", id, None);
    format!(
        r#"{{"id":{id},"name":"Deploy Bot","role":"bot","avatar_url":"https://chat.example.com/users/{token}/avatar?v=20260130120000"}}"#
    )
}

/// Fixes the version of the avatar URL.
fn set_version(server: &TestServer, id: i64) {
    let conn = super::database(server);
    conn.execute("UPDATE users SET updated_at = '2026-01-30 12:00:00.000000' WHERE id = ?1", [id])
        .expect("set");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn campfires_examples_get_campfires_responses() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    set_version(&server, bot.id);
    let base = format!("http://{}/rooms/1/{}/messages", server.address(), bot.key);
    let mut socket = ada.subscribe(&[ROOM]).await;

    // curl -i -d 'Build 812 is green' …/messages
    let posted = behind_proxy(&["-d", "Build 812 is green", &base]).await;
    assert_eq!(
        (posted.status, posted.body.as_str(), posted.header("location")),
        (201, "", "https://chat.example.com/rooms/1/messages/1")
    );
    let event = socket.next().await;
    assert_eq!(
        (&event["message"]["type"], &event["message"]["message"]["body"]["plain"]),
        (&json!("message.created"), &json!("Build 812 is green"))
    );
    let page = behind_proxy(&[&base]).await;
    let created_at = page.json()[0]["created_at"].as_str().expect("a time").to_owned();
    assert!(
        created_at.len() == "2026-01-31T09:30:00.123Z".len() && created_at.ends_with('Z'),
        "{created_at}"
    );
    let message = |text: &str| {
        format!(
            r#"{{"id":1,"created_at":"{created_at}","body":{{"plain_text":"{text}","html":"<div class=\"trix-content\">\n  {text}\n</div>\n"}},"creator":{},"room":{{"id":1}},"url":"https://chat.example.com/rooms/1/messages/1"}}"#,
            creator(&server, bot.id)
        )
    };
    assert_eq!(
        (page.status, page.body.clone()),
        (200, format!("[{}]", message("Build 812 is green")))
    );
    assert_eq!(
        (page.header("x-total-count"), page.header("link"), page.header("content-type")),
        ("1", "", "application/json")
    );

    // curl -X PATCH -H 'Content-Type: text/plain' --data-binary 'Build 812 is 100% green'
    // …/messages/4712
    for method in ["PATCH", "PUT"] {
        let to = format!("{base}/1");
        let edited = behind_proxy(&[
            "-X",
            method,
            "-H",
            "Content-Type: text/plain",
            "--data-binary",
            "Build 812 is 100% green",
            &to,
        ])
        .await;
        assert_eq!(
            (edited.status, edited.body),
            (200, message("Build 812 is 100% green")),
            "{method}"
        );
        assert_eq!(socket.next().await["message"]["type"], "message.updated");
    }

    // curl -i -d '👀' …/messages/4700/boosts
    let boosted = behind_proxy(&["-d", "👀", &format!("{base}/1/boosts")]).await;
    let at = boosted.json()["created_at"].as_str().expect("a time").to_owned();
    let expected = format!(
        r#"{{"id":1,"content":"👀","created_at":"{at}","booster":{},"message":{{"id":1,"url":"https://chat.example.com/rooms/1/messages/1"}}}}"#,
        creator(&server, bot.id)
    );
    assert_eq!((boosted.status, boosted.body), (201, expected));
    assert_eq!(socket.next().await["message"]["type"], "boost.created");
    let unboosted = behind_proxy(&["-X", "DELETE", &format!("{base}/1/boosts/1")]).await;
    assert_eq!((unboosted.status, unboosted.body.as_str()), (204, ""));
    assert_eq!(socket.next().await["message"]["type"], "boost.removed");

    // curl -i -X DELETE …/messages/4712
    let deleted = behind_proxy(&["-X", "DELETE", &format!("{base}/1")]).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    assert_eq!(socket.next().await["message"]["type"], "message.removed");

    // An empty room has a count and no next page.
    let empty = behind_proxy(&[&base]).await;
    assert_eq!(
        (empty.status, empty.body.as_str(), empty.header("x-total-count"), empty.header("link")),
        (200, "[]", "0", "")
    );

    // Files are not supported; the request is rejected instead of posting the file's bytes.
    let file = behind_proxy(&["-F", "attachment=report;filename=report.pdf", &base]).await;
    assert_eq!((file.status, file.header("content-type")), (415, "application/problem+json"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_link_to_the_next_in_the_same_direction() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let bot = create_bot(&ada, "Deploy Bot").await;
    for number in 1..=85 {
        ada.post_message(&format!("number {number}")).await;
    }
    let base = format!("http://{}/rooms/1/{}/messages", server.address(), bot.key);
    let link = |query: &str| {
        format!("<https://chat.example.com/rooms/1/{}/messages?{query}>; rel=\"next\"", bot.key)
    };
    let ids = |response: &CurlResponse| {
        response
            .json()
            .as_array()
            .expect("a list")
            .iter()
            .map(|message| message["id"].as_i64().expect("an integer"))
            .collect::<Vec<_>>()
    };
    for (query, from, to, next) in [
        ("", 46, 85, "before=46"),
        ("?before=46", 6, 45, "before=6"),
        ("?before=6", 1, 5, ""),
        ("?after=1", 2, 41, "after=41"),
        ("?after=45", 46, 85, ""),
        ("?before=41", 1, 40, ""),
        ("?before=1", 1, 0, ""),
        ("?after=85", 1, 0, ""),
    ] {
        let page = behind_proxy(&[&format!("{base}{query}")]).await;
        assert_eq!((page.status, ids(&page)), (200, (from..=to).collect()), "{query}");
        assert_eq!(
            (page.header("x-total-count"), page.header("link")),
            ("85", if next.is_empty() { String::new() } else { link(next) }.as_str()),
            "{query}"
        );
    }
    for query in ["?before=86", "?after=0", "?before=x", "?after="] {
        assert_eq!(behind_proxy(&[&format!("{base}{query}")]).await.status, 404, "{query}");
    }
}
