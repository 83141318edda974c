//! Goodbyes arrive, cost little, and nobody slips in after them.

mod support;

use std::pin::pin;
use std::time::{Duration, Instant};

use cable::{Limits, Whom};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::Value;
use support::{PATIENCE, goodbye, office};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

#[tokio::test(flavor = "multi_thread")]
async fn last_words_arrive_though_the_client_has_not_stopped_talking() {
    let office = office(Limits::default()).await;
    // Not text, and far more of it than is ever read.
    let unread = [&[0x82, 0x80, 0, 0, 0, 0][..], &[0; 2 * 1024 * 1024]].concat();
    for (path, end) in [("1", [0x88, 0x02, 0x03, 0xeb]), ("stranger", [0x88, 0x02, 0x03, 0xe8])] {
        let mut stream = office.raw(path, &[]).await;
        let (mut all, mut byte) = (Vec::new(), [0]);
        while !all.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).await.expect("an answer");
            all.extend(byte);
        }
        stream.write_all(&unread).await.expect("taken");
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all))
            .await
            .expect("it is closed");
        read.expect("closed, not reset");
        assert_eq!(all[all.len() - 4..], end);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_closes_their_half_is_not_waited_for_long() {
    let office = office(Limits { linger: Duration::from_millis(20), ..Limits::default() }).await;
    let mut stream = office.raw("1", &[]).await;
    let mut stranger = office.raw("stranger", &[]).await;
    let (mut byte, mut words) = ([0], Vec::new());
    stranger.read_exact(&mut byte).await.expect("an answer");
    while !words.ends_with(br#"{"type":"welcome"}"#) {
        stream.read_exact(&mut byte).await.expect("a welcome");
        words.extend(byte);
    }
    office.cable.disconnect(Whom::User(1), "remote", false);
    let begun = Instant::now();
    office.cable.drain(PATIENCE).await;
    assert!(begun.elapsed() < PATIENCE / 2, "nothing is left of them");
    assert_eq!(office.cable.stats().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goodbye_is_answered_with_its_code_even_to_one_who_hung_up_at_once() {
    let office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-json", "").await;
    reader.next().await;
    let frame = CloseFrame { code: CloseCode::Library(4001), reason: "bye".into() };
    reader.0.send(Frame::Close(Some(frame))).await.expect("sent");
    assert_eq!(close_code(&mut reader.0).await, CloseCode::Library(4001));
    let mut stream = office.raw("1", &[0x88, 0x80, 0, 0, 0, 0]).await;
    stream.shutdown().await.expect("hung up");
    let mut all = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("it is closed")
        .expect("closed, not reset");
    assert_eq!(all[all.len() - 4..], [0x88, 0x02, 0x03, 0xe8]);
}

async fn close_code(
    socket: &mut tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>,
) -> CloseCode {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("something in time") {
            Some(Ok(Frame::Close(Some(frame)))) => return frame.code,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_the_middle_of_their_handshake_at_the_end_is_told_and_waited_for() {
    let office = office(Limits::default()).await;
    office.answering.send_replace(false);
    let (cable, answering) = (office.cable.clone(), office.answering.clone());
    let opening = async { office.reader(1, "actioncable-v1-json", "").await };
    let mut opening = pin!(opening);
    // The handshake is decided, its answer held back.
    let mut decided = office.decided.clone();
    tokio::select! {
        _ = &mut opening => panic!("the answer is held back"),
        decided = decided.wait_for(|count| *count == 1) => drop(decided.expect("the office is open")),
    }
    let mut draining = pin!(cable.drain(PATIENCE));
    assert!((&mut draining).now_or_never().is_none(), "somebody is still to come");
    answering.send_replace(true);
    let mut reader = opening.await;
    let talk = async {
        assert_eq!(reader.next().await, goodbye("server_restart", true));
        assert_eq!(close_code(&mut reader.0).await, CloseCode::Away);
        assert!(reader.0.next().await.is_none_or(|end| end.is_err()));
    };
    let begun = Instant::now();
    tokio::join!(talk, draining);
    assert!(begun.elapsed() < PATIENCE / 2);
    assert_eq!(cable.stats().connections, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_does_not_wait_for_the_deaf() {
    let office = office(Limits::default()).await;
    let mut deaf = office.reader(1, "actioncable-v1-json", "").await;
    assert_eq!(deaf.next().await["type"], "welcome");
    // Neither reads nor closes.
    office.cable.drain(Duration::from_millis(20)).await;
    assert_eq!(deaf.next().await, goodbye("server_restart", true));
    assert_eq!(deaf.next().await, Value::Null);
}
