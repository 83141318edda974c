//! An Action Cable client.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::http_client::Client;

/// A WebSocket to the server's cable.
pub struct CableClient(WebSocketStream<TcpStream>);

impl Client {
    /// Connects to the cable and subscribes to these channels.
    ///
    /// # Panics
    /// The server rejects the connection or a subscription.
    pub async fn subscribe(&self, identifiers: &[&str]) -> CableClient {
        let mut cable = self.connect("actioncable-v1-json").await;
        assert_eq!(cable.next().await["type"], "welcome");
        for identifier in identifiers {
            cable.command("subscribe", identifier).await;
            assert_eq!(cable.next().await["type"], "confirm_subscription");
        }
        cable
    }

    /// Connects to the cable with this subprotocol.
    pub async fn connect(&self, protocol: &str) -> CableClient {
        self.connect_to(protocol, "/cable").await
    }

    /// Connects to this path of the cable.
    pub async fn connect_to(&self, protocol: &str, path: &str) -> CableClient {
        self.connect_with(protocol, path, &[("cookie", &self.cookie)]).await
    }

    /// Connects with these headers only; those with an empty value are left out.
    ///
    /// # Panics
    /// The server rejects the connection.
    pub async fn connect_with(
        &self,
        protocol: &str,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> CableClient {
        let mut request =
            format!("ws://{}{path}", self.address).into_client_request().expect("a request");
        let all = request.headers_mut();
        all.insert("sec-websocket-protocol", protocol.parse().expect("a header"));
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            all.insert(*name, value.parse().expect("a header"));
        }
        let stream = TcpStream::connect(self.address).await.expect("connects");
        let (socket, _) =
            tokio_tungstenite::client_async(request, stream).await.expect("a WebSocket");
        CableClient(socket)
    }
}

impl CableClient {
    /// Sends a command about a channel.
    pub async fn command(&mut self, command: &str, identifier: &str) {
        self.send(&json!({ "command": command, "identifier": identifier }).to_string()).await;
    }

    /// Performs an action of a channel.
    pub async fn perform(&mut self, identifier: &str, action: &str) {
        let data = json!({ "action": action }).to_string();
        self.send(
            &json!({ "command": "message", "identifier": identifier, "data": data }).to_string(),
        )
        .await;
    }

    /// Sends any text frame.
    ///
    /// # Panics
    /// The connection is closed.
    pub async fn send(&mut self, text: &str) {
        self.0.send(Frame::text(text)).await.expect("sent");
    }

    /// Waits for the next message that is not a ping; null when the connection is closed.
    ///
    /// # Panics
    /// Nothing arrives within ten seconds.
    pub async fn next(&mut self) -> Value {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(10), self.0.next())
                .await
                .expect("a frame arrives in time");
            match frame {
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
