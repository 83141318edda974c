//! The WebSocket handshake, RFC 6455 § 4.2.

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
use crate::protocol::{Disconnect, Protocol};
use crate::registry::ConnectionSlot;
use crate::resumable::SessionId;

/// RFC 6455 § 1.3.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

impl<A: Application> Cable<A> {
    /// Answers `GET /cable`. On success the connection becomes a WebSocket served by its own task;
    /// otherwise the response body states the error. Without a valid session the socket is opened
    /// only to send `unauthorized`, because browsers hide failed handshakes from their pages.
    pub fn accept<B>(
        &self,
        request: &mut Request<B>,
        identity: Result<A::Identity, Unauthorized>,
    ) -> Response<String> {
        match self.handshake(request, identity) {
            Ok(response) => response,
            Err((status, text)) => {
                let mut response = Response::new(text.to_owned());
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
        identity: Result<A::Identity, Unauthorized>,
    ) -> Result<Response<String>, (StatusCode, &'static str)> {
        let bad_request = |text| (StatusCode::BAD_REQUEST, text);
        let headers = request.headers();
        if request.method() != Method::GET
            || !contains_token(headers, header::UPGRADE, "websocket")
            || !contains_token(headers, header::CONNECTION, "upgrade")
        {
            return Err((
                StatusCode::UPGRADE_REQUIRED,
                "This endpoint only accepts WebSocket connections.\n",
            ));
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err((
                StatusCode::UPGRADE_REQUIRED,
                "Only WebSocket version 13 is supported.\n",
            ));
        }
        let key = headers
            .get(header::SEC_WEBSOCKET_KEY)
            .filter(|key| STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16));
        let accepted =
            accept_key(key.ok_or(bad_request("Sec-WebSocket-Key is missing or invalid.\n"))?);
        let offered = text(headers, header::SEC_WEBSOCKET_PROTOCOL);
        let protocol = Protocol::choose(&offered)
            .ok_or(bad_request("Offer actioncable-v1-json or actioncable-v1-ext-json.\n"))?;
        let previous = requested_session(request);
        let upgrade = request
            .extensions_mut()
            .remove::<OnUpgrade>()
            .ok_or(bad_request("This connection cannot be upgraded to a WebSocket.\n"))?;
        let user = identity.as_ref().ok().map(|identity| self.engine.app.owner(identity).user);
        let unavailable =
            (StatusCode::SERVICE_UNAVAILABLE, "Too many connections. Please try again later.\n");
        let slot = self.registry.reserve(user, &self.engine.limits).ok_or(unavailable)?;
        tokio::spawn(self.clone().serve(upgrade, slot, identity, protocol, previous));
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
        slot: ConnectionSlot<A>,
        identity: Result<A::Identity, Unauthorized>,
        protocol: Protocol,
        previous: Option<SessionId>,
    ) {
        let Ok(upgraded) = upgrade.await else { return };
        let limit = self.engine.limits.close_timeout;
        let Ok(identity) = identity else {
            return refuse(upgraded, Disconnect::UNAUTHORIZED, limit).await;
        };
        let connection = Arc::new(Connection::new(
            slot.id,
            self.engine.app.owner(&identity),
            identity.clone(),
            protocol,
        ));
        if !slot.register(connection.clone()) {
            return refuse(upgraded, Disconnect::RESTART, limit).await;
        }
        self.welcome(&identity, &connection, previous);
        // A plain TCP connection is served without hyper's buffers; any other (TLS) through hyper's
        // upgraded stream. Both move to a task of their own, because this task is large: it held
        // the handshake.
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => tokio::spawn(Driver::new(
                self.engine,
                connection,
                parts.io.into_inner(),
                slot,
                &parts.read_buf,
            )),
            Err(upgraded) => tokio::spawn(Driver::new(
                self.engine,
                connection,
                TokioIo::new(upgraded),
                slot,
                &[],
            )),
        };
    }
}

/// Sends a `disconnect` message and closes the socket.
async fn refuse(upgraded: Upgraded, reason: Disconnect<'_>, limit: Duration) {
    closing::close_gracefully(TokioIo::new(upgraded), &reason.frames().concat(), limit).await;
}

fn accept_key(key: &HeaderValue) -> HeaderValue {
    let digest = Sha1::new().chain_update(key.as_bytes()).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest)).expect("base64 is plain ASCII")
}

/// The session ID that the client wants to resume: query parameter `sid`, or the header that
/// non-browser clients use.
fn requested_session<B>(request: &Request<B>) -> Option<SessionId> {
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

fn contains_token(headers: &HeaderMap, name: header::HeaderName, wanted: &str) -> bool {
    text(headers, name).split(',').any(|value| value.trim().eq_ignore_ascii_case(wanted))
}
