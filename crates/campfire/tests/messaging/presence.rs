//! Typing and presence.

use serde_json::json;

use crate::next_event;
use crate::support::TestServer;

const TYPING: &str = r#"{"channel":"TypingNotificationsChannel","room_id":1}"#;
const PRESENCE: &str = r#"{"channel":"PresenceChannel","room_id":1}"#;

#[tokio::test]
async fn typing_events_are_rate_limited() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let (mut listening, mut typing) =
        (ada.subscribe(&[TYPING]).await, grace.subscribe(&[TYPING]).await);
    let writes = server.server.app().db.status().writes;
    for _ in 0..300 {
        typing.perform(TYPING, "start").await;
    }
    typing.perform(TYPING, "stop").await;
    let mut starts = 0;
    loop {
        let sign = next_event(&mut listening).await;
        assert_eq!(sign["user"], json!({ "id": 2, "name": "grace" }));
        if sign["action"] == "stop" {
            break;
        }
        starts += 1;
    }
    assert!((1..=10).contains(&starts), "{starts}");
    assert_eq!(server.server.app().db.status().writes, writes, "no database write");
}

#[tokio::test]
async fn disconnecting_stops_typing() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let (mut listening, mut typing) =
        (ada.subscribe(&[TYPING]).await, grace.subscribe(&[TYPING]).await);
    typing.perform(TYPING, "start").await;
    assert_eq!(next_event(&mut listening).await["action"], "start");
    drop(typing);
    assert_eq!(next_event(&mut listening).await["action"], "stop");
}

#[tokio::test]
async fn presence_expires_without_heartbeats() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut looking = grace.subscribe(&[PRESENCE]).await;
    assert_eq!(
        next_event(&mut looking).await,
        json!({ "type": "presence.changed", "user_id": 2, "connected": true })
    );
    let mut listening = ada.subscribe(&[PRESENCE]).await;
    assert_eq!(
        next_event(&mut looking).await,
        json!({ "type": "presence.changed", "user_id": 1, "connected": true })
    );
    assert_eq!(
        next_event(&mut listening).await,
        json!({ "type": "presence.changed", "user_id": 1, "connected": true })
    );
    server.set_clock_offset(61);
    let mut gone = Vec::new();
    while gone.len() < 2 {
        let sign = next_event(&mut listening).await;
        assert_eq!(
            (&sign["type"], &sign["connected"]),
            (&json!("presence.changed"), &json!(false))
        );
        gone.push(sign["user_id"].as_i64());
    }
    gone.sort_unstable();
    assert_eq!(gone, [Some(1), Some(2)]);
    looking.perform(PRESENCE, "refresh").await;
    assert_eq!(
        next_event(&mut listening).await,
        json!({ "type": "presence.changed", "user_id": 2, "connected": true })
    );
}
