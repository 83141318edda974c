//! A small application on a real server, and WebSocket clients for it.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::HashSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cable::{Application, Cable, Channel, ConnectionId, Limits, Owner, Rejected};
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

/// Longer than any step of these tests takes.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// A callback that the application received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Subscribed(ConnectionId, String),
    Unsubscribed(ConnectionId, String),
    Performed(ConnectionId, String, String),
}

type Hook = Box<dyn Fn(&str) + Send + Sync>;

/// Every user may subscribe to every topic of the channel `News` that is not forbidden to them.
#[derive(Clone)]
pub struct TestApp(Arc<AppState>);

struct AppState {
    forbidden: Mutex<HashSet<(i64, String)>>,
    deauthorized: Mutex<HashSet<i64>>,
    calls: UnboundedSender<Call>,
    /// Runs in `subscribed`, before the call is recorded.
    when_subscribed: Mutex<Option<Hook>>,
}

impl TestApp {
    pub fn forbid(&self, identity: i64, topic: &str) {
        self.0.forbidden.lock().expect("poisoned").insert((identity, topic.to_owned()));
    }

    pub fn deauthorize(&self, identity: i64) {
        self.0.deauthorized.lock().expect("poisoned").insert(identity);
    }

    pub fn when_subscribed(&self, hook: impl Fn(&str) + Send + Sync + 'static) {
        *self.0.when_subscribed.lock().expect("poisoned") = Some(Box::new(hook));
    }

    fn record(&self, call: Call) {
        // The receiver is gone when the test has ended.
        drop(self.0.calls.send(call));
    }
}

impl Application for TestApp {
    type Identity = i64;

    fn owner(&self, identity: &i64) -> Owner {
        Owner { user: *identity, session: *identity * 10 }
    }

    fn is_authorized(&self, identity: &i64) -> Option<bool> {
        Some(!self.0.deauthorized.lock().expect("poisoned").contains(identity))
    }

    fn subscribe(&self, identity: &i64, channel: &Channel<'_>) -> Result<Vec<String>, Rejected> {
        let topic = channel.params.get("about").and_then(Value::as_str).ok_or(Rejected)?.to_owned();
        let forbidden =
            self.0.forbidden.lock().expect("poisoned").contains(&(*identity, topic.clone()));
        if channel.name == "News" && !forbidden { Ok(vec![topic]) } else { Err(Rejected) }
    }

    fn subscribed(&self, _: &i64, channel: &Channel<'_>, connection: ConnectionId) {
        if let Some(hook) = &*self.0.when_subscribed.lock().expect("poisoned") {
            hook(channel.params["about"].as_str().expect("a topic"));
        }
        self.record(Call::Subscribed(connection, channel.identifier.to_owned()));
    }

    fn unsubscribed(&self, _: &i64, channel: &Channel<'_>, connection: ConnectionId) {
        self.record(Call::Unsubscribed(connection, channel.identifier.to_owned()));
    }

    fn perform(&self, _: &i64, channel: &Channel<'_>, connection: ConnectionId, action: &str) {
        self.record(Call::Performed(connection, channel.identifier.to_owned(), action.to_owned()));
    }
}

pub struct TestServer {
    pub cable: Cable<TestApp>,
    pub app: TestApp,
    pub address: SocketAddr,
    calls: UnboundedReceiver<Call>,
    /// While this is `false`, handshake responses are held back.
    pub respond: watch::Sender<bool>,
    /// The number of handshakes processed so far.
    pub handshakes: watch::Receiver<usize>,
}

/// Starts a server that takes the user's ID from the path.
pub async fn start_server(limits: Limits) -> TestServer {
    let (sender, calls) = unbounded_channel();
    let state = AppState {
        forbidden: Mutex::default(),
        deauthorized: Mutex::default(),
        calls: sender,
        when_subscribed: Mutex::default(),
    };
    let app = TestApp(Arc::new(state));
    let cable = Cable::new(limits, app.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("failed to listen");
    let address = listener.local_addr().expect("an address");
    let (respond, answer) = watch::channel(true);
    let (handshake_count, handshakes) = watch::channel(0);
    let (served, handshake_count) = (cable.clone(), Arc::new(handshake_count));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (cable, answer, handshake_count) =
                (served.clone(), answer.clone(), handshake_count.clone());
            let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                let identity = request
                    .uri()
                    .path()
                    .trim_start_matches('/')
                    .parse()
                    .map_err(|_| cable::Unauthorized);
                let response = cable.accept(&mut request, identity);
                handshake_count.send_modify(|count| *count += 1);
                let mut answer = answer.clone();
                async move {
                    answer.wait_for(|respond| *respond).await.expect("the server is running");
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
    TestServer { cable, app, address, calls, respond, handshakes }
}

pub struct Client(pub tokio_tungstenite::WebSocketStream<TcpStream>);

impl TestServer {
    pub async fn connect(&self, identity: i64, protocol: &str, sid: &str) -> Client {
        let mut request = format!("ws://{}/{identity}?sid={sid}", self.address)
            .into_client_request()
            .expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a header"));
        let stream = TcpStream::connect(self.address).await.expect("failed to connect");
        Client(tokio_tungstenite::client_async(request, stream).await.expect("handshake failed").0)
    }

    /// Connects a client with the extended protocol; returns it and its session ID.
    pub async fn connect_new(&self, identity: i64) -> (Client, String) {
        let mut client = self.connect(identity, "actioncable-v1-ext-json", "").await;
        let sid = client.next().await["sid"].as_str().expect("a session").to_owned();
        (client, sid)
    }

    /// Reconnects with a session ID; returns the restored identifiers, or `None` if the session is
    /// unknown.
    pub async fn resume(&self, identity: i64, sid: &str) -> (Client, Option<Vec<String>>) {
        let mut client = self.connect(identity, "actioncable-v1-ext-json", sid).await;
        let welcome = client.next().await;
        assert_eq!(welcome["type"], "welcome");
        let ids = welcome["restored_ids"].as_array();
        (
            client,
            ids.map(|ids| ids.iter().map(|id| id.as_str().expect("text").to_owned()).collect()),
        )
    }

    /// Opens a TCP connection, sends a handshake request and then arbitrary bytes.
    pub async fn raw(&self, path: &str, then: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("failed to connect");
        let request = format!(
            "GET /{path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: actioncable-v1-json\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("failed to send");
        stream.write_all(then).await.expect("failed to send");
        stream
    }

    pub fn broadcast(&self, topic: &str, number: usize) {
        self.cable.broadcast(topic, json!({ "n": number }).to_string().into());
    }

    /// Waits for the next callback.
    pub async fn next_call(&mut self) -> Call {
        tokio::time::timeout(TIMEOUT, self.calls.recv())
            .await
            .expect("timed out")
            .expect("the server is running")
    }

    /// Drops a client and waits until this many subscriptions have ended.
    pub async fn drop_client(&mut self, client: Client, subscriptions: usize) {
        drop(client);
        let mut ended_count = 0;
        while ended_count < subscriptions {
            ended_count += usize::from(matches!(self.next_call().await, Call::Unsubscribed(..)));
        }
    }

    /// The callbacks that were received and not yet taken.
    pub fn pending_calls(&mut self) -> Vec<Call> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).collect()
    }
}

impl Client {
    pub async fn send(&mut self, command: Value) {
        self.send_text(&command.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.0.send(Frame::text(text)).await.expect("failed to send");
    }

    /// The next message other than a ping; null when the socket has ended.
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
        tokio::time::timeout(TIMEOUT, next).await.expect("timed out")
    }

    /// Reads until the socket ends; the message `{"n":"leaked"}` must not arrive.
    pub async fn assert_nothing_leaked(&mut self) {
        loop {
            let received = self.next().await;
            assert_ne!(received["message"]["n"], "leaked");
            if received.is_null() {
                return;
            }
        }
    }

    pub async fn subscribe(&mut self, topic: &str) {
        self.send(subscribe(topic)).await;
        assert_eq!(self.next().await, reply(topic, "confirm_subscription"));
    }
}

pub fn identifier(topic: &str) -> String {
    json!({ "channel": "News", "about": topic }).to_string()
}

pub fn subscribe(topic: &str) -> Value {
    json!({ "command": "subscribe", "identifier": identifier(topic) })
}

pub fn perform(topic: &str, action: &str) -> Value {
    json!({ "command": "message", "identifier": identifier(topic), "data": json!({ "action": action }).to_string() })
}

/// The server's reply about a subscription.
pub fn reply(topic: &str, kind: &str) -> Value {
    json!({ "identifier": identifier(topic), "type": kind })
}

pub fn disconnect_message(reason: &str, reconnect: bool) -> Value {
    json!({ "type": "disconnect", "reason": reason, "reconnect": reconnect })
}
