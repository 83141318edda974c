//! Clients that say something odd.

mod support;

use cable::Limits;
use serde_json::{Value, json};
use support::{Told, goodbye, news, office, perform, subscribe, verdict};

#[tokio::test(flavor = "multi_thread")]
async fn odd_fields_disconnect_nobody() {
    let mut office = office(Limits::default()).await;
    let (mut reader, _) = office.newcomer(1).await;
    reader.subscribe("rust").await;
    let id = news("rust");
    for odd in [
        json!({ "command": "history", "identifier": id, "history": { "since": false, "streams": {} } }),
        json!({ "command": "history", "identifier": id, "history": { "since": "yesterday", "streams": { "rust": 5 } } }),
        json!({ "command": "history", "identifier": id }),
    ] {
        reader.send(odd).await;
        assert_eq!(reader.next().await, verdict("rust", "reject_history"));
    }
    for odd in [
        json!({ "command": "whisper", "identifier": id, "data": { "typing": true } }),
        json!({ "command": "join", "identifier": id, "presence": { "id": 1 } }),
        json!({ "command": "message", "identifier": id, "data": { "action": "x" } }),
        json!({ "command": "message", "identifier": id, "data": "no JSON" }),
        json!({ "command": "subscribe", "identifier": { "channel": "News" } }),
        json!({ "command": 7 }),
        json!({}),
    ] {
        reader.send(odd).await;
    }
    reader.send(perform("rust", "y")).await;
    assert!(matches!(office.told().await, Told::Subscribed(..)));
    assert!(matches!(office.told().await, Told::Performed(_, _, action) if action == "y"));
    office.print("rust", 1);
    assert_eq!(reader.next().await["message"]["n"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_only_what_cannot_be_read_is_let_go() {
    let office = office(Limits { unreadable: 3, ..Limits::default() }).await;
    let mut reader = office.reader(1, "actioncable-v1-json", "").await;
    reader.next().await;
    for _ in 0..3 {
        // A command that can be read in between counts as a good sign.
        for _ in 0..3 {
            reader.send(json!({ "command": [] })).await;
        }
        reader.send(json!({ "command": "pong" })).await;
    }
    reader.send(subscribe("rust")).await;
    assert_eq!(reader.next().await, verdict("rust", "confirm_subscription"));
    for _ in 0..4 {
        reader.send(json!({ "command": [] })).await;
    }
    assert_eq!(reader.next().await, goodbye("invalid_request", false));
    assert_eq!(reader.next().await, Value::Null);
    let mut alien = office.reader(1, "actioncable-v1-json", "").await;
    alien.next().await;
    alien.say("EHLO there").await;
    assert_eq!(alien.next().await, goodbye("invalid_request", false));
    assert_eq!(alien.next().await, Value::Null);
}
