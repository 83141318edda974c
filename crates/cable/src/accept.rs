//! The handshake: from an HTTP request to a socket, RFC 6455 § 4.2.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::connection::{Connection, Driver};
use crate::frame::{self, close};
use crate::hub::{Cable, Hub};
use crate::protocol::{self, Protocol};
use crate::{Application, Unauthorized};

/// RFC 6455 § 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

impl<A: Application> Cable<A> {
    /// Answers `GET /cable`. On success the connection becomes a socket served by its own task; otherwise the body says what
    /// was wrong. Without a sign-in the socket is opened only to say so, because browsers show their pages nothing else.
    pub fn accept<B>(&self, request: &mut Request<B>, who: Result<A::Identity, Unauthorized>) -> Response<String> {
        match self.handshake(request, who) {
            Ok(response) => response,
            Err((status, words)) => {
                let mut response = Response::new(words.to_owned());
                *response.status_mut() = status;
                response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
                response
            }
        }
    }

    fn handshake<B>(
        &self,
        request: &mut Request<B>,
        who: Result<A::Identity, Unauthorized>,
    ) -> Result<Response<String>, (StatusCode, &'static str)> {
        let bad = |words| (StatusCode::BAD_REQUEST, words);
        let headers = request.headers();
        if request.method() != Method::GET
            || !names(headers, header::UPGRADE, "websocket")
            || !names(headers, header::CONNECTION, "upgrade")
        {
            return Err((StatusCode::UPGRADE_REQUIRED, "This address speaks WebSocket only.\n"));
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err((StatusCode::UPGRADE_REQUIRED, "Only version 13 of WebSocket is spoken here.\n"));
        }
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16));
        let accepted = accept_key(key.ok_or(bad("The Sec-WebSocket-Key is missing or wrong.\n"))?);
        let offered = text(headers, header::SEC_WEBSOCKET_PROTOCOL);
        let protocol = Protocol::choose(&offered).ok_or(bad("Offer actioncable-v1-json or actioncable-v1-ext-json.\n"))?;
        let busy = (StatusCode::SERVICE_UNAVAILABLE, "Too many connections. Please try again later.\n");
        if self.0.draining.load(std::sync::atomic::Ordering::SeqCst)
            || who.as_ref().is_ok_and(|who| self.0.is_full_for(self.0.app.keys(who).user))
        {
            return Err(busy);
        }
        let earlier = earlier_session(request);
        let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or(bad("This connection cannot become a WebSocket.\n"))?;
        tokio::spawn(serve(self.0.clone(), upgrade, who, protocol, earlier));
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let out = response.headers_mut();
        out.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        out.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        out.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol.name()));
        out.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
        Ok(response)
    }
}

async fn serve<A: Application>(
    hub: Arc<Hub<A>>,
    upgrade: OnUpgrade,
    who: Result<A::Identity, Unauthorized>,
    protocol: Protocol,
    earlier: Option<String>,
) {
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(who) = who else { return refuse(upgraded).await };
    let keys = hub.app.keys(&who);
    let Some(connection) = hub.register(|id| Connection::new(id, keys, who.clone(), protocol)) else { return };
    if hub.app.admits(&who) {
        connection.begin(&hub, earlier.as_deref());
    } else {
        connection.end(&hub, Some(("unauthorized", false)));
    }
    // A plain connection is served directly, without the buffers of HTTP; anything else (TLS) through the general door.
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => {
            let driver = Driver::new(hub, connection, parts.io.into_inner(), &parts.read_buf);
            // A task of its own: this one is large, because it held the handshake.
            tokio::spawn(driver);
        }
        Err(upgraded) => {
            tokio::spawn(Driver::new(hub, connection, TokioIo::new(upgraded), &[]));
        }
    }
}

/// Tells the client that it is not signed in, in its own language, and closes.
async fn refuse(upgraded: Upgraded) {
    let mut socket = TokioIo::new(upgraded);
    for words in [protocol::disconnect("unauthorized", false), frame::closing(close::NORMAL)] {
        if socket.write_all(&words).await.is_err() {
            return;
        }
    }
    // Whether the client still hears the end does not matter to us.
    drop(socket.shutdown().await);
}

fn accept_key(key: &HeaderValue) -> HeaderValue {
    let digest = Sha1::new().chain_update(key.as_bytes()).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest)).expect("base64 is plain ASCII")
}

/// The session that the client wants to resume: parameter `sid`, or the header that programs use.
fn earlier_session<B>(request: &Request<B>) -> Option<String> {
    let query = request.uri().query().unwrap_or("");
    let in_query = query.split('&').find_map(|pair| pair.strip_prefix("sid=")).map(str::to_owned);
    in_query
        .or_else(|| Some(text(request.headers(), header::HeaderName::from_static("x-anycable-restore-sid"))))
        .filter(|sid| !sid.is_empty())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",")
}

fn names(headers: &HeaderMap, name: header::HeaderName, wanted: &str) -> bool {
    text(headers, name).split(',').any(|value| value.trim().eq_ignore_ascii_case(wanted))
}
