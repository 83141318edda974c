//! A small application on a real server, and clients that read what it says.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cable::{Application, Cable, Channel, ConnectionId, Keys, Limits, Refused};
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Longer than anything here takes; whoever waits so long has found a fault.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the application was told, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Subscribed(ConnectionId, String),
    Unsubscribed(ConnectionId, String),
    Performed(ConnectionId, String, String),
}

type Hook = Box<dyn Fn(&str) + Send + Sync>;

/// Anybody may follow any stream of the channel `News`, unless it was forbidden them.
#[derive(Clone)]
pub struct Paper(Arc<Desk>);

struct Desk {
    forbidden: Mutex<HashSet<(i64, String)>>,
    banned: Mutex<HashSet<i64>>,
    told: UnboundedSender<Told>,
    /// Done when a subscription stands, before it is written down.
    when_subscribed: Mutex<Option<Hook>>,
}

impl Paper {
    pub fn forbid(&self, who: i64, about: &str) {
        self.0.forbidden.lock().expect("unpoisoned").insert((who, about.to_owned()));
    }

    pub fn ban(&self, who: i64) {
        self.0.banned.lock().expect("unpoisoned").insert(who);
    }

    pub fn when_subscribed(&self, hook: impl Fn(&str) + Send + Sync + 'static) {
        *self.0.when_subscribed.lock().expect("unpoisoned") = Some(Box::new(hook));
    }

    fn note(&self, told: Told) {
        // A test that is over does not listen any more.
        drop(self.0.told.send(told));
    }
}

impl Application for Paper {
    type Identity = i64;

    fn keys(&self, who: &i64) -> Keys {
        Keys { user: *who, session: *who * 10 }
    }

    fn admits(&self, who: &i64) -> Option<bool> {
        Some(!self.0.banned.lock().expect("unpoisoned").contains(who))
    }

    fn subscribe(&self, who: &i64, channel: &Channel<'_>) -> Result<Vec<String>, Refused> {
        let about = channel.params.get("about").and_then(Value::as_str).ok_or(Refused)?.to_owned();
        let forbidden =
            self.0.forbidden.lock().expect("unpoisoned").contains(&(*who, about.clone()));
        if channel.name == "News" && !forbidden { Ok(vec![about]) } else { Err(Refused) }
    }

    fn subscribed(&self, _: &i64, channel: &Channel<'_>, connection: ConnectionId) {
        if let Some(hook) = &*self.0.when_subscribed.lock().expect("unpoisoned") {
            hook(channel.params["about"].as_str().expect("a subject"));
        }
        self.note(Told::Subscribed(connection, channel.identifier.to_owned()));
    }

    fn unsubscribed(&self, _: &i64, channel: &Channel<'_>, connection: ConnectionId) {
        self.note(Told::Unsubscribed(connection, channel.identifier.to_owned()));
    }

    fn perform(&self, _: &i64, channel: &Channel<'_>, connection: ConnectionId, action: &str) {
        self.note(Told::Performed(connection, channel.identifier.to_owned(), action.to_owned()));
    }
}

pub struct Office {
    pub cable: Cable<Paper>,
    pub paper: Paper,
    pub address: SocketAddr,
    told: UnboundedReceiver<Told>,
    /// While this is `false`, handshakes are decided but not answered.
    pub answering: watch::Sender<bool>,
    /// How many handshakes were decided.
    pub decided: watch::Receiver<usize>,
}

/// A server whose caller is the number in the path.
pub async fn office(limits: Limits) -> Office {
    let (tell, told) = unbounded_channel();
    let desk = Desk {
        forbidden: Mutex::default(),
        banned: Mutex::default(),
        told: tell,
        when_subscribed: Mutex::default(),
    };
    let paper = Paper(Arc::new(desk));
    let cable = Cable::new(limits, paper.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("an address");
    let (answering, answer) = watch::channel(true);
    let (deciding, decided) = watch::channel(0);
    let (served, deciding) = (cable.clone(), Arc::new(deciding));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (cable, answer, deciding) = (served.clone(), answer.clone(), deciding.clone());
            let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                let who = request
                    .uri()
                    .path()
                    .trim_start_matches('/')
                    .parse()
                    .map_err(|_| cable::Unauthorized);
                let response = cable.accept(&mut request, who);
                deciding.send_modify(|count| *count += 1);
                let mut answer = answer.clone();
                async move {
                    answer.wait_for(|answering| *answering).await.expect("the office is open");
                    Ok::<_, Infallible>(response.map(|text| Full::new(Bytes::from(text))))
                }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades(),
            );
        }
    });
    Office { cable, paper, address, told, answering, decided }
}

pub struct Reader(pub tokio_tungstenite::WebSocketStream<TcpStream>);

impl Office {
    pub async fn reader(&self, who: i64, protocol: &str, sid: &str) -> Reader {
        let mut request = format!("ws://{}/{who}?sid={sid}", self.address)
            .into_client_request()
            .expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a header"));
        let stream = TcpStream::connect(self.address).await.expect("connects");
        Reader(tokio_tungstenite::client_async(request, stream).await.expect("a socket").0)
    }

    /// A client of the extended protocol that was welcomed anew, and its session.
    pub async fn newcomer(&self, who: i64) -> (Reader, String) {
        let mut reader = self.reader(who, "actioncable-v1-ext-json", "").await;
        let sid = reader.next().await["sid"].as_str().expect("a session").to_owned();
        (reader, sid)
    }

    /// One that comes back with this session, and the identifiers that were restored; `None` if it
    /// is unknown.
    pub async fn returning(&self, who: i64, sid: &str) -> (Reader, Option<Vec<String>>) {
        let mut reader = self.reader(who, "actioncable-v1-ext-json", sid).await;
        let welcome = reader.next().await;
        assert_eq!(welcome["type"], "welcome");
        let ids = welcome["restored_ids"].as_array();
        (
            reader,
            ids.map(|ids| ids.iter().map(|id| id.as_str().expect("text").to_owned()).collect()),
        )
    }

    /// A plain socket after the handshake, for saying what no client library would.
    pub async fn raw(&self, path: &str, then: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        let request = format!(
            "GET /{path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: actioncable-v1-json\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        stream.write_all(then).await.expect("sent");
        stream
    }

    pub fn print(&self, about: &str, number: usize) {
        self.cable.broadcast(about, json!({ "n": number }).to_string().into());
    }

    /// The next thing that the application was told.
    pub async fn told(&mut self) -> Told {
        tokio::time::timeout(PATIENCE, self.told.recv())
            .await
            .expect("something in time")
            .expect("the office is open")
    }

    /// Loses a reader and waits until the server knows: so many subscriptions have ended.
    pub async fn lose(&mut self, reader: Reader, subscriptions: usize) {
        drop(reader);
        let mut ended = 0;
        while ended < subscriptions {
            ended += usize::from(matches!(self.told().await, Told::Unsubscribed(..)));
        }
    }

    /// What the application was told and nobody has heard yet.
    pub fn untold(&mut self) -> Vec<Told> {
        std::iter::from_fn(|| self.told.try_recv().ok()).collect()
    }
}

impl Reader {
    pub async fn send(&mut self, command: Value) {
        self.say(&command.to_string()).await;
    }

    pub async fn say(&mut self, text: &str) {
        self.0.send(Frame::text(text)).await.expect("sent");
    }

    /// The next message but pings; null when the socket has ended.
    pub async fn next(&mut self) -> Value {
        let next = async {
            loop {
                match self.0.next().await {
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
        };
        tokio::time::timeout(PATIENCE, next).await.expect("something in time")
    }

    pub async fn subscribe(&mut self, about: &str) {
        self.send(subscribe(about)).await;
        assert_eq!(self.next().await, verdict(about, "confirm_subscription"));
    }
}

pub fn news(about: &str) -> String {
    json!({ "channel": "News", "about": about }).to_string()
}

pub fn subscribe(about: &str) -> Value {
    json!({ "command": "subscribe", "identifier": news(about) })
}

pub fn perform(about: &str, action: &str) -> Value {
    json!({ "command": "message", "identifier": news(about), "data": json!({ "action": action }).to_string() })
}

/// What the server says about a subscription.
pub fn verdict(about: &str, kind: &str) -> Value {
    json!({ "identifier": news(about), "type": kind })
}

/// The last words before the end.
pub fn goodbye(reason: &str, reconnect: bool) -> Value {
    json!({ "type": "disconnect", "reason": reason, "reconnect": reconnect })
}
