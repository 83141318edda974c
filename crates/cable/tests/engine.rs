//! The cable's promises, over real sockets.

mod support;

use std::time::Duration;

use bytes::Bytes;
use cable::{Limits, Whom};
use futures_util::SinkExt;
use serde_json::{Value, json};
use support::{news, office, subscribe};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_client_resumes_and_gets_what_it_missed_while_more_is_printed() {
    let office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-ext-json", "").await;
    let sid = reader.next().await["sid"].as_str().expect("a session").to_owned();
    reader.send(subscribe("rust")).await;
    assert_eq!(reader.next().await["type"], "confirm_subscription");
    office.print("rust", 0);
    let first = reader.next().await;
    assert_eq!(
        (first["message"]["n"].as_u64(), first["stream_id"].as_str()),
        (Some(0), Some("rust"))
    );
    drop(reader);
    for number in 1..50 {
        office.print("rust", number);
    }
    let mut reader = office.reader(1, "actioncable-v1-ext-json", &sid).await;
    let welcome = reader.next().await;
    assert_eq!(
        (&welcome["restored"], &welcome["restored_ids"]),
        (&json!(true), &json!([news("rust")]))
    );
    let cable = office.cable.clone();
    let printing = std::thread::spawn(move || {
        (50..100)
            .for_each(|number| cable.broadcast("rust", json!({ "n": number }).to_string().into()))
    });
    let known = json!({ "rust": { "offset": first["offset"], "epoch": first["epoch"] } });
    reader.send(json!({ "command": "history", "identifier": news("rust"), "history": { "streams": known } })).await;
    let mut heard = Vec::new();
    while heard.len() < 99 {
        let said = reader.next().await;
        heard.extend(said["message"]["n"].as_u64());
        assert_ne!(said["type"], "reject_history");
    }
    printing.join().expect("no panic");
    assert_eq!(heard, (1..100).collect::<Vec<u64>>(), "each once and in order");
    // The session was used up, and nobody else can take it.
    let mut thief = office.reader(2, "actioncable-v1-ext-json", &sid).await;
    assert!(thief.next().await["restored"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn history_that_is_gone_or_of_another_life_is_refused() {
    let office = office(Limits { history: 10, ..Limits::default() }).await;
    for number in 0..30 {
        office.print("rust", number);
    }
    let ask = |known: Value| json!({ "command": "subscribe", "identifier": news("rust"), "history": known });
    for (known, verdict) in [
        (json!({ "streams": { "rust": { "offset": 5, "epoch": "other" } } }), "reject_history"),
        (json!({ "since": 1 }), "reject_history"),
        (json!({ "streams": { "rust": { "offset": 999, "epoch": "other" } } }), "reject_history"),
    ] {
        let mut reader = office.reader(1, "actioncable-v1-ext-json", "").await;
        reader.next().await;
        reader.send(ask(known.clone())).await;
        assert_eq!(reader.next().await["type"], "confirm_subscription");
        assert_eq!(reader.next().await["type"], verdict, "{known}");
        office.print("rust", 1000);
        assert_eq!(reader.next().await["message"]["n"], 1000, "what is new comes all the same");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_revoked_hears_nothing_more_whatever_was_under_way() {
    let office = office(Limits::default()).await;
    for round in 0..40 {
        let about = format!("secret {round}");
        let mut reader = office.reader(1, "actioncable-v1-json", "").await;
        reader.next().await;
        let (cable, paper, stream) = (office.cable.clone(), office.paper.clone(), about.clone());
        let revoking = std::thread::spawn(move || {
            paper.forbid(1, &stream);
            cable.revoke(1, &stream);
            cable.broadcast(&stream, Bytes::from_static(br#"{"n":"leaked"}"#));
        });
        // The subscription races the revocation; whichever comes first, nothing printed after it
        // may arrive.
        drop(reader.0.send(Frame::text(subscribe(&about).to_string())).await);
        revoking.join().expect("no panic");
        loop {
            let said = reader.next().await;
            assert_ne!(said["message"]["n"], "leaked");
            if said.is_null() {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_is_disconnected_and_cannot_resume() {
    let office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-ext-json", "").await;
    let sid = reader.next().await["sid"].as_str().expect("a session").to_owned();
    let mut other = office.reader(2, "actioncable-v1-ext-json", "").await;
    other.next().await;
    reader.send(subscribe("rust")).await;
    reader.next().await;
    office.cable.disconnect(Whom::Session(10), "remote", false);
    assert_eq!(
        reader.next().await,
        json!({ "type": "disconnect", "reason": "remote", "reconnect": false })
    );
    assert_eq!(reader.next().await, Value::Null);
    let mut again = office.reader(1, "actioncable-v1-ext-json", &sid).await;
    assert!(again.next().await["restored"].is_null());
    other.send(subscribe("rust")).await;
    assert_eq!(other.next().await["type"], "confirm_subscription");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_dropped_and_the_others_go_on() {
    let office = office(Limits { queued_bytes: 256 * 1024, ..Limits::default() }).await;
    let mut deaf = office.reader(1, "actioncable-v1-json", "").await;
    deaf.next().await;
    deaf.send(subscribe("rust")).await;
    assert_eq!(deaf.next().await["type"], "confirm_subscription");
    let mut reader = office.reader(2, "actioncable-v1-json", "").await;
    reader.next().await;
    reader.send(subscribe("rust")).await;
    reader.next().await;
    let text = "x".repeat(64 * 1024);
    for number in 0..400 {
        office.cable.broadcast("rust", json!({ "n": number, "text": text }).to_string().into());
        assert_eq!(reader.next().await["message"]["n"], number);
    }
    assert_eq!(office.cable.stats().dropped_slow, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn violations_are_answered_with_their_close_code() {
    let office = office(Limits::default()).await;
    for (bytes, code) in [
        (vec![0x81, 0x02, b'h', b'i'], 1002u16),
        (vec![0x82, 0x80, 0, 0, 0, 0], 1003),
        (vec![0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
        (vec![0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0], 1009),
    ] {
        let mut stream = office.raw("1", &bytes).await;
        let mut all = Vec::new();
        // The server closes; an answer to a violation must not take longer.
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
async fn draining_says_goodbye_and_takes_nobody_new() {
    let office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-json", "").await;
    reader.next().await;
    let cable = office.cable.clone();
    let draining = tokio::spawn(async move { cable.drain(Duration::from_secs(10)).await });
    assert_eq!(
        reader.next().await,
        json!({ "type": "disconnect", "reason": "server_restart", "reconnect": true })
    );
    assert_eq!(reader.next().await, Value::Null);
    draining.await.expect("no panic");
    assert_eq!(office.cable.stats().connections, 0);
    let request = format!("ws://{}/1", office.address).into_client_request().expect("a request");
    let stream = TcpStream::connect(office.address).await.expect("connects");
    assert!(tokio_tungstenite::client_async(request, stream).await.is_err());
}
