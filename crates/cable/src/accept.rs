//! The handshake: from an HTTP request to a socket, RFC 6455 § 4.2.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::net::TcpStream;

use crate::application::{Application, Unauthorized};
use crate::cable::Cable;
use crate::closing;
use crate::connection::Connection;
use crate::driver::Driver;
use crate::parked::SessionId;
use crate::protocol::{Goodbye, Protocol};
use crate::sockets::Seat;

/// RFC 6455 § 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

impl<A: Application> Cable<A> {
    /// Answers `GET /cable`. On success the connection becomes a socket served by its own task;
    /// otherwise the body says what was wrong. Without a sign-in the socket is opened only to
    /// say so, because browsers show their pages nothing else.
    pub fn accept<B>(
        &self,
        request: &mut Request<B>,
        who: Result<A::Identity, Unauthorized>,
    ) -> Response<String> {
        match self.handshake(request, who) {
            Ok(response) => response,
            Err((status, words)) => {
                let mut response = Response::new(words.to_owned());
                *response.status_mut() = status;
                response
                    .headers_mut()
                    .insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
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
            return Err((
                StatusCode::UPGRADE_REQUIRED,
                "Only version 13 of WebSocket is spoken here.\n",
            ));
        }
        let key = headers
            .get(header::SEC_WEBSOCKET_KEY)
            .filter(|key| STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16));
        let accepted = accept_key(key.ok_or(bad("The Sec-WebSocket-Key is missing or wrong.\n"))?);
        let offered = text(headers, header::SEC_WEBSOCKET_PROTOCOL);
        let protocol = Protocol::choose(&offered)
            .ok_or(bad("Offer actioncable-v1-json or actioncable-v1-ext-json.\n"))?;
        let earlier = earlier_session(request);
        let upgrade = request
            .extensions_mut()
            .remove::<OnUpgrade>()
            .ok_or(bad("This connection cannot become a WebSocket.\n"))?;
        let user = who.as_ref().ok().map(|who| self.engine.app.keys(who).user);
        let busy =
            (StatusCode::SERVICE_UNAVAILABLE, "Too many connections. Please try again later.\n");
        let seat = self.sockets.reserve(user, &self.engine.limits).ok_or(busy)?;
        tokio::spawn(self.clone().serve(upgrade, seat, who, protocol, earlier));
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let out = response.headers_mut();
        out.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        out.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        out.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol.name()));
        out.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
        Ok(response)
    }

    async fn serve(
        self,
        upgrade: OnUpgrade,
        seat: Seat<A>,
        who: Result<A::Identity, Unauthorized>,
        protocol: Protocol,
        earlier: Option<SessionId>,
    ) {
        let Ok(upgraded) = upgrade.await else { return };
        let limit = self.engine.limits.linger;
        let Ok(who) = who else { return refuse(upgraded, Goodbye::UNAUTHORIZED, limit).await };
        let connection =
            Arc::new(Connection::new(seat.id, self.engine.app.keys(&who), who.clone(), protocol));
        if !seat.take(connection.clone()) {
            return refuse(upgraded, Goodbye::RESTART, limit).await;
        }
        self.begin(&who, &connection, earlier);
        // A plain connection is served directly, without the buffers of HTTP; anything else (TLS)
        // through the general door. Either gets a task of its own: this one is large,
        // because it held the handshake.
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => tokio::spawn(Driver::new(
                self.engine,
                connection,
                parts.io.into_inner(),
                seat,
                &parts.read_buf,
            )),
            Err(upgraded) => tokio::spawn(Driver::new(
                self.engine,
                connection,
                TokioIo::new(upgraded),
                seat,
                &[],
            )),
        };
    }
}

/// Tells the client in its own language why it cannot stay, and closes.
async fn refuse(upgraded: Upgraded, words: Goodbye<'_>, limit: Duration) {
    closing::close(TokioIo::new(upgraded), &words.frames().concat(), limit).await;
}

fn accept_key(key: &HeaderValue) -> HeaderValue {
    let digest = Sha1::new().chain_update(key.as_bytes()).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest)).expect("base64 is plain ASCII")
}

/// The session that the client wants to resume: parameter `sid`, or the header that programs use.
fn earlier_session<B>(request: &Request<B>) -> Option<SessionId> {
    let in_query =
        request.uri().query().unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("sid="));
    let in_header = || request.headers().get("x-anycable-restore-sid")?.to_str().ok();
    in_query.or_else(in_header).and_then(SessionId::parse)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",")
}

fn names(headers: &HeaderMap, name: header::HeaderName, wanted: &str) -> bool {
    text(headers, name).split(',').any(|value| value.trim().eq_ignore_ascii_case(wanted))
}
