//! The cable's promises, over real sockets.

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cable::{Application, Cable, Channel, Keys, Limits, Refused, Whom};
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Anybody may follow any stream of the channel `News`, unless it was forbidden them.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<HashSet<(i64, String)>>>);

impl Application for Paper {
    type Identity = i64;

    fn keys(&self, who: &i64) -> Keys {
        Keys { user: *who, session: *who * 10 }
    }

    fn admits(&self, _: &i64) -> bool {
        true
    }

    fn subscribe(&self, who: &i64, channel: &Channel<'_>) -> Result<Vec<String>, Refused> {
        let about = channel.params.get("about").and_then(Value::as_str).ok_or(Refused)?.to_owned();
        let forbidden = self.0.lock().expect("unpoisoned").contains(&(*who, about.clone()));
        if channel.name == "News" && !forbidden { Ok(vec![about]) } else { Err(Refused) }
    }
}

struct Office {
    cable: Cable<Paper>,
    paper: Paper,
    address: SocketAddr,
}

/// A server whose caller is the number in the path.
async fn office(limits: Limits) -> Office {
    let paper = Paper::default();
    let cable = Cable::new(limits, paper.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("an address");
    let served = cable.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let cable = served.clone();
            let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                let who = request.uri().path().trim_start_matches('/').parse().map_err(|_| cable::Unauthorized);
                let response = cable.accept(&mut request, who);
                async move { Ok::<_, Infallible>(response.map(|text| Full::new(Bytes::from(text)))) }
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades());
        }
    });
    Office { cable, paper, address }
}

struct Reader(tokio_tungstenite::WebSocketStream<TcpStream>);

impl Office {
    async fn reader(&self, who: i64, protocol: &str, sid: &str) -> Reader {
        let mut request = format!("ws://{}/{who}?sid={sid}", self.address).into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a header"));
        let stream = TcpStream::connect(self.address).await.expect("connects");
        Reader(tokio_tungstenite::client_async(request, stream).await.expect("a socket").0)
    }

    fn print(&self, about: &str, number: usize) {
        self.cable.broadcast(about, json!({ "n": number }).to_string().into());
    }
}

impl Reader {
    async fn send(&mut self, command: Value) {
        self.0.send(Frame::text(command.to_string())).await.expect("sent");
    }

    async fn next(&mut self) -> Value {
        loop {
            match tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.expect("something in time") {
                Some(Ok(Frame::Text(text))) => {
                    let value: Value = serde_json::from_str(&text).expect("JSON");
                    if value["type"] != "ping" {
                        return value;
                    }
                }
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return Value::Null,
                Some(Ok(_)) => {}
            }
        }
    }
}

fn news(about: &str) -> String {
    json!({ "channel": "News", "about": about }).to_string()
}

fn subscribe(about: &str) -> Value {
    json!({ "command": "subscribe", "identifier": news(about) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_client_resumes_and_gets_what_it_missed_while_more_is_printed() {
    let office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-ext-json", "").await;
    let sid = reader.next().await["sid"].as_str().expect("a session").to_owned();
    reader.send(subscribe("rust")).await;
    assert_eq!(reader.next().await["type"], "confirm_subscription");
    office.print("rust", 0);
    let first = reader.next().await;
    assert_eq!((first["message"]["n"].as_u64(), first["stream_id"].as_str()), (Some(0), Some("rust")));
    drop(reader);
    for number in 1..50 {
        office.print("rust", number);
    }
    let mut reader = office.reader(1, "actioncable-v1-ext-json", &sid).await;
    let welcome = reader.next().await;
    assert_eq!((&welcome["restored"], &welcome["restored_ids"]), (&json!(true), &json!([news("rust")])));
    let cable = office.cable.clone();
    let printing =
        std::thread::spawn(move || (50..100).for_each(|number| cable.broadcast("rust", json!({ "n": number }).to_string().into())));
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
            paper.0.lock().expect("unpoisoned").insert((1, stream.clone()));
            cable.revoke(1, &stream);
            cable.broadcast(&stream, Bytes::from_static(br#"{"n":"leaked"}"#));
        });
        // The subscription races the revocation; whichever comes first, nothing printed after it may arrive.
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
    assert_eq!(reader.next().await, json!({ "type": "disconnect", "reason": "remote", "reconnect": false }));
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
        let mut stream = TcpStream::connect(office.address).await.expect("connects");
        let request = "GET /1 HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: actioncable-v1-json\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("sent");
        stream.write_all(&bytes).await.expect("sent");
        let mut all = Vec::new();
        // The server closes; an answer to a violation must not take longer.
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut all)).await;
        assert!(read.is_ok(), "the socket stays open after {bytes:?}");
        assert_eq!(all[all.len() - 4..], [&[0x88, 0x02][..], &code.to_be_bytes()].concat(), "{bytes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_says_goodbye_and_takes_nobody_new() {
    let office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-json", "").await;
    reader.next().await;
    let cable = office.cable.clone();
    let draining = tokio::spawn(async move { cable.drain(Duration::from_secs(10)).await });
    assert_eq!(reader.next().await, json!({ "type": "disconnect", "reason": "server_restart", "reconnect": true }));
    assert_eq!(reader.next().await, Value::Null);
    draining.await.expect("no panic");
    assert_eq!(office.cable.stats().connections, 0);
    let request = format!("ws://{}/1", office.address).into_client_request().expect("a request");
    let stream = TcpStream::connect(office.address).await.expect("connects");
    assert!(tokio_tungstenite::client_async(request, stream).await.is_err());
}
