//! Replaying history never disconnects the client that requested it.

mod support;

use cable::Limits;
use serde_json::{Value, json};
use support::{Client, TestServer, identifier, reply, start_server, subscribe};

const ROOMS: usize = 20;

fn room(number: usize) -> String {
    format!("room {number}")
}

/// Disconnects a client of all rooms, broadcasts to them, and returns the client after it
/// reconnected and requested all missed messages.
async fn reconnect_with_backlog(server: &mut TestServer, messages: usize) -> Client {
    let (mut client, sid) = server.connect_new(1).await;
    for number in 0..ROOMS {
        client.subscribe(&room(number)).await;
    }
    let mut last_seen = Value::Null;
    for number in 0..ROOMS {
        server.broadcast(&room(number), 0);
        last_seen = client.next().await;
    }
    server.drop_client(client, ROOMS).await;
    let text = "x".repeat(2_000);
    for number in 0..ROOMS {
        for message in 1..messages {
            server
                .cable
                .broadcast(&room(number), json!({ "n": message, "text": text }).to_string().into());
        }
    }
    let (mut client, restored) = server.resume(1, &sid).await;
    assert_eq!(restored.expect("a session").len(), ROOMS);
    for number in 0..ROOMS {
        let streams = json!({ room(number): { "epoch": last_seen["epoch"], "offset": 1 } });
        client.send(json!({ "command": "history", "identifier": identifier(&room(number)), "history": { "streams": streams } })).await;
    }
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_larger_than_the_send_queue_arrives_completely() {
    let mut server = start_server(Limits::default()).await;
    // 20 rooms of 200 messages of 2 KB: four times the frames and twice the bytes of the queue.
    let mut client = reconnect_with_backlog(&mut server, 200).await;
    for number in 0..ROOMS {
        for message in 1..200 {
            let received = client.next().await;
            assert_eq!(
                (&received["identifier"], &received["message"]["n"]),
                (&json!(identifier(&room(number))), &json!(message))
            );
        }
        assert_eq!(client.next().await, reply(&room(number), "confirm_history"));
    }
    assert_eq!(server.cable.stats().dropped_slow, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_that_cannot_fit_is_rejected_without_disconnecting() {
    let mut server = start_server(Limits { queued_bytes: 128 * 1024, ..Limits::default() }).await;
    let mut client = reconnect_with_backlog(&mut server, 100).await;
    for number in 0..ROOMS {
        assert_eq!(client.next().await, reply(&room(number), "reject_history"));
    }
    for number in 0..ROOMS {
        server.broadcast(&room(number), 1000);
        assert_eq!(client.next().await["message"]["n"], 1000);
    }
    assert_eq!(server.cable.stats().dropped_slow, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_many_commands_before_reading_gets_all_replies() {
    let server = start_server(Limits { queued_frames: 64, ..Limits::default() }).await;
    let mut client = server.connect(1, "actioncable-v1-json", "").await;
    client.next().await;
    for number in 0..500 {
        client.send(subscribe(&room(number))).await;
    }
    for number in 0..500 {
        assert_eq!(client.next().await, reply(&room(number), "confirm_subscription"));
    }
}
