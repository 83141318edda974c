//! The guarantees of the crate, over real sockets.

mod support;

use std::time::Duration;

use bytes::Bytes;
use cable::{Limits, Target};
use futures_util::SinkExt;
use serde_json::{Value, json};
use support::{identifier, start_server, subscribe};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

#[tokio::test(flavor = "multi_thread")]
async fn a_reconnected_client_gets_missed_and_new_messages_in_order() {
    let server = start_server(Limits::default()).await;
    let mut client = server.connect(1, "actioncable-v1-ext-json", "").await;
    let sid = client.next().await["sid"].as_str().expect("no session ID").to_owned();
    client.send(subscribe("rust")).await;
    assert_eq!(client.next().await["type"], "confirm_subscription");
    server.broadcast("rust", 0);
    let first = client.next().await;
    assert_eq!(
        (first["message"]["n"].as_u64(), first["stream_id"].as_str()),
        (Some(0), Some("rust"))
    );
    drop(client);
    for number in 1..50 {
        server.broadcast("rust", number);
    }
    let mut client = server.connect(1, "actioncable-v1-ext-json", &sid).await;
    let welcome = client.next().await;
    assert_eq!(
        (&welcome["restored"], &welcome["restored_ids"]),
        (&json!(true), &json!([identifier("rust")]))
    );
    let cable = server.cable.clone();
    let broadcasting = std::thread::spawn(move || {
        (50..100)
            .for_each(|number| cable.broadcast("rust", json!({ "n": number }).to_string().into()))
    });
    let known = json!({ "rust": { "offset": first["offset"], "epoch": first["epoch"] } });
    client.send(json!({ "command": "history", "identifier": identifier("rust"), "history": { "streams": known } })).await;
    let mut received = Vec::new();
    while received.len() < 99 {
        let message = client.next().await;
        received.extend(message["message"]["n"].as_u64());
        assert_ne!(message["type"], "reject_history");
    }
    broadcasting.join().expect("no panic");
    assert_eq!(received, (1..100).collect::<Vec<u64>>(), "each once and in order");
    // A session can be resumed once, and only by its own user.
    let mut other = server.connect(2, "actioncable-v1-ext-json", &sid).await;
    assert!(other.next().await["restored"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn evicted_history_and_unknown_epochs_are_rejected() {
    let server = start_server(Limits { history_messages: 10, ..Limits::default() }).await;
    for number in 0..30 {
        server.broadcast("rust", number);
    }
    let ask = |known: Value| json!({ "command": "subscribe", "identifier": identifier("rust"), "history": known });
    for (known, reply) in [
        (json!({ "streams": { "rust": { "offset": 5, "epoch": "other" } } }), "reject_history"),
        (json!({ "since": 1 }), "reject_history"),
        (json!({ "streams": { "rust": { "offset": 999, "epoch": "other" } } }), "reject_history"),
    ] {
        let mut client = server.connect(1, "actioncable-v1-ext-json", "").await;
        client.next().await;
        client.send(ask(known.clone())).await;
        assert_eq!(client.next().await["type"], "confirm_subscription");
        assert_eq!(client.next().await["type"], reply, "{known}");
        server.broadcast("rust", 1000);
        assert_eq!(client.next().await["message"]["n"], 1000, "new messages still arrive");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_clients_receive_nothing_even_if_they_were_subscribing() {
    let server = start_server(Limits::default()).await;
    for round in 0..40 {
        let topic = format!("secret {round}");
        let mut client = server.connect(1, "actioncable-v1-json", "").await;
        client.next().await;
        let (cable, app, stream) = (server.cable.clone(), server.app.clone(), topic.clone());
        let revoking = std::thread::spawn(move || {
            app.forbid(1, &stream);
            cable.revoke(1, &stream);
            cable.broadcast(&stream, Bytes::from_static(br#"{"n":"leaked"}"#));
        });
        // The subscription races the revocation; in either order, nothing broadcast afterwards may
        // arrive.
        drop(client.0.send(Frame::text(subscribe(&topic).to_string())).await);
        revoking.join().expect("no panic");
        client.assert_nothing_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnected_session_cannot_resume() {
    let server = start_server(Limits::default()).await;
    let mut client = server.connect(1, "actioncable-v1-ext-json", "").await;
    let sid = client.next().await["sid"].as_str().expect("no session ID").to_owned();
    let mut other = server.connect(2, "actioncable-v1-ext-json", "").await;
    other.next().await;
    client.send(subscribe("rust")).await;
    client.next().await;
    server.cable.disconnect(Target::Session(10), "remote", false);
    assert_eq!(
        client.next().await,
        json!({ "type": "disconnect", "reason": "remote", "reconnect": false })
    );
    assert_eq!(client.next().await, Value::Null);
    let mut again = server.connect(1, "actioncable-v1-ext-json", &sid).await;
    assert!(again.next().await["restored"].is_null());
    other.send(subscribe("rust")).await;
    assert_eq!(other.next().await["type"], "confirm_subscription");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_client_is_dropped_without_delaying_others() {
    let server = start_server(Limits { queued_bytes: 256 * 1024, ..Limits::default() }).await;
    let mut slow = server.connect(1, "actioncable-v1-json", "").await;
    slow.next().await;
    slow.send(subscribe("rust")).await;
    assert_eq!(slow.next().await["type"], "confirm_subscription");
    let mut client = server.connect(2, "actioncable-v1-json", "").await;
    client.next().await;
    client.send(subscribe("rust")).await;
    client.next().await;
    let text = "x".repeat(64 * 1024);
    for number in 0..400 {
        server.cable.broadcast("rust", json!({ "n": number, "text": text }).to_string().into());
        assert_eq!(client.next().await["message"]["n"], number);
    }
    assert_eq!(server.cable.stats().dropped_slow, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn protocol_violations_get_their_close_code() {
    let server = start_server(Limits::default()).await;
    for (bytes, code) in [
        (vec![0x81, 0x02, b'h', b'i'], 1002u16),
        (vec![0x82, 0x80, 0, 0, 0, 0], 1003),
        (vec![0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
        (vec![0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0], 1009),
    ] {
        let mut stream = server.raw("1", &bytes).await;
        let mut all = Vec::new();
        let read =
            tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut all)).await;
        assert!(read.is_ok(), "the socket stays open after {bytes:?}");
        assert_eq!(
            all[all.len() - 4..],
            [&[0x88, 0x02][..], &code.to_be_bytes()].concat(),
            "{bytes:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_disconnects_clients_and_rejects_new_ones() {
    let server = start_server(Limits::default()).await;
    let mut client = server.connect(1, "actioncable-v1-json", "").await;
    client.next().await;
    let cable = server.cable.clone();
    let draining = tokio::spawn(async move { cable.drain(Duration::from_secs(10)).await });
    assert_eq!(
        client.next().await,
        json!({ "type": "disconnect", "reason": "server_restart", "reconnect": true })
    );
    assert_eq!(client.next().await, Value::Null);
    draining.await.expect("no panic");
    assert_eq!(server.cable.stats().connections, 0);
    let request = format!("ws://{}/1", server.address).into_client_request().expect("a request");
    let stream = TcpStream::connect(server.address).await.expect("connects");
    assert!(tokio_tungstenite::client_async(request, stream).await.is_err());
}
