//! Unexpected and invalid commands.

mod support;

use cable::Limits;
use serde_json::{Value, json};
use support::{Call, disconnect_message, identifier, perform, reply, start_server, subscribe};

#[tokio::test(flavor = "multi_thread")]
async fn unexpected_fields_do_not_disconnect_the_client() {
    let mut server = start_server(Limits::default()).await;
    let (mut client, _) = server.connect_new(1).await;
    client.subscribe("rust").await;
    let id = identifier("rust");
    for message in [
        json!({ "command": "history", "identifier": id, "history": { "since": false, "streams": {} } }),
        json!({ "command": "history", "identifier": id, "history": { "since": "yesterday", "streams": { "rust": 5 } } }),
        json!({ "command": "history", "identifier": id }),
    ] {
        client.send(message).await;
        assert_eq!(client.next().await, reply("rust", "reject_history"));
    }
    for message in [
        json!({ "command": "whisper", "identifier": id, "data": { "typing": true } }),
        json!({ "command": "join", "identifier": id, "presence": { "id": 1 } }),
        json!({ "command": "message", "identifier": id, "data": { "action": "x" } }),
        json!({ "command": "message", "identifier": id, "data": "no JSON" }),
        json!({ "command": "subscribe", "identifier": { "channel": "News" } }),
        json!({ "command": 7 }),
        json!({}),
    ] {
        client.send(message).await;
    }
    client.send(perform("rust", "y")).await;
    assert!(matches!(server.next_call().await, Call::Subscribed(..)));
    assert!(matches!(server.next_call().await, Call::Performed(_, _, action) if action == "y"));
    server.broadcast("rust", 1);
    assert_eq!(client.next().await["message"]["n"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn consecutive_invalid_commands_disconnect_the_client() {
    let server = start_server(Limits { invalid_commands: 3, ..Limits::default() }).await;
    let mut client = server.connect(1, "actioncable-v1-json", "").await;
    client.next().await;
    for _ in 0..3 {
        // A valid command resets the count.
        for _ in 0..3 {
            client.send(json!({ "command": [] })).await;
        }
        client.send(json!({ "command": "pong" })).await;
    }
    client.send(subscribe("rust")).await;
    assert_eq!(client.next().await, reply("rust", "confirm_subscription"));
    for _ in 0..4 {
        client.send(json!({ "command": [] })).await;
    }
    assert_eq!(client.next().await, disconnect_message("invalid_request", false));
    assert_eq!(client.next().await, Value::Null);
    let mut other = server.connect(1, "actioncable-v1-json", "").await;
    other.next().await;
    other.send_text("EHLO there").await;
    assert_eq!(other.next().await, disconnect_message("invalid_request", false));
    assert_eq!(other.next().await, Value::Null);
}
