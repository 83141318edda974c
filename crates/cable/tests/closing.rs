//! The last frames arrive, closing is bounded, and no connection opens afterwards.

mod support;

use std::pin::pin;
use std::time::{Duration, Instant};

use cable::{Limits, Target};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::Value;
use support::{TIMEOUT, disconnect_message, start_server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

#[tokio::test(flavor = "multi_thread")]
async fn the_last_frames_arrive_while_the_client_is_still_sending() {
    let server = start_server(Limits::default()).await;
    // A binary frame, which is rejected, followed by more bytes than the server reads.
    let unread = [&[0x82, 0x80, 0, 0, 0, 0][..], &[0; 2 * 1024 * 1024]].concat();
    for (path, end) in [("1", [0x88, 0x02, 0x03, 0xeb]), ("unauthorized", [0x88, 0x02, 0x03, 0xe8])]
    {
        let mut stream = server.raw(path, &[]).await;
        let (mut all, mut byte) = (Vec::new(), [0]);
        while !all.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).await.expect("no response");
            all.extend(byte);
        }
        stream.write_all(&unread).await.expect("failed to send");
        let read =
            tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut all)).await.expect("timed out");
        read.expect("connection was reset");
        assert_eq!(all[all.len() - 4..], end);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_close_are_dropped_after_the_timeout() {
    let server =
        start_server(Limits { close_timeout: Duration::from_millis(20), ..Limits::default() })
            .await;
    let mut stream = server.raw("1", &[]).await;
    let mut unauthorized = server.raw("unauthorized", &[]).await;
    let (mut byte, mut received) = ([0], Vec::new());
    unauthorized.read_exact(&mut byte).await.expect("no response");
    while !received.ends_with(br#"{"type":"welcome"}"#) {
        stream.read_exact(&mut byte).await.expect("no welcome");
        received.extend(byte);
    }
    server.cable.disconnect(Target::User(1), "remote", false);
    let start = Instant::now();
    server.cable.drain(TIMEOUT).await;
    assert!(start.elapsed() < TIMEOUT / 2, "waited for the clients");
    assert_eq!(server.cable.stats().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_frame_is_answered_even_after_the_client_closed_its_half() {
    let server = start_server(Limits::default()).await;
    let mut client = server.connect(1, "actioncable-v1-json", "").await;
    client.next().await;
    let frame = CloseFrame { code: CloseCode::Library(4001), reason: "bye".into() };
    client.0.send(Frame::Close(Some(frame))).await.expect("failed to send");
    assert_eq!(close_code(&mut client.0).await, CloseCode::Library(4001));
    let mut stream = server.raw("1", &[0x88, 0x80, 0, 0, 0, 0]).await;
    stream.shutdown().await.expect("failed to shut down");
    let mut all = Vec::new();
    tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut all))
        .await
        .expect("timed out")
        .expect("connection was reset");
    assert_eq!(all[all.len() - 4..], [0x88, 0x02, 0x03, 0xe8]);
}

async fn close_code(
    socket: &mut tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>,
) -> CloseCode {
    loop {
        match tokio::time::timeout(TIMEOUT, socket.next()).await.expect("timed out") {
            Some(Ok(Frame::Close(Some(frame)))) => return frame.code,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_waits_for_handshakes_in_progress() {
    let server = start_server(Limits::default()).await;
    server.respond.send_replace(false);
    let (cable, respond) = (server.cable.clone(), server.respond.clone());
    let opening = async { server.connect(1, "actioncable-v1-json", "").await };
    let mut opening = pin!(opening);
    // The handshake is processed but its response is held back.
    let mut handshakes = server.handshakes.clone();
    tokio::select! {
        _ = &mut opening => panic!("the response was not held back"),
        handshakes = handshakes.wait_for(|count| *count == 1) => drop(handshakes.expect("the server is running")),
    }
    let mut draining = pin!(cable.drain(TIMEOUT));
    assert!((&mut draining).now_or_never().is_none(), "a handshake is in progress");
    respond.send_replace(true);
    let mut client = opening.await;
    let exchange = async {
        assert_eq!(client.next().await, disconnect_message("server_restart", true));
        assert_eq!(close_code(&mut client.0).await, CloseCode::Away);
        assert!(client.0.next().await.is_none_or(|end| end.is_err()));
    };
    let start = Instant::now();
    tokio::join!(exchange, draining);
    assert!(start.elapsed() < TIMEOUT / 2);
    assert_eq!(cable.stats().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_does_not_wait_for_clients_that_do_not_read() {
    let server = start_server(Limits::default()).await;
    let mut slow = server.connect(1, "actioncable-v1-json", "").await;
    assert_eq!(slow.next().await["type"], "welcome");
    // This client neither reads nor closes.
    server.cable.drain(Duration::from_millis(20)).await;
    assert_eq!(slow.next().await, disconnect_message("server_restart", true));
    assert_eq!(slow.next().await, Value::Null);
}
