//! The `session_token` cookie, signed as Campfire (Rails) signs it, so that people stay signed in
//! when they move from one program to the other.

use http::{HeaderMap, HeaderValue};

use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::client_ip::Peer;
use crate::http::cookies;

/// Also part of the signed text.
pub const NAME: &str = "session_token";

/// Twenty years in seconds, renewed with each page.
const LIFETIME: i64 = 20 * 365 * 24 * 3600 + 5 * 24 * 3600;

/// Longer than any issued cookie; longer ones are ignored.
const MAX_LENGTH: usize = 1024;

/// The token in the request's cookie, if the signature is valid and the cookie has not expired.
pub fn token(app: &App, headers: &HeaderMap) -> Option<String> {
    let raw = cookies::get(headers, NAME).filter(|raw| raw.len() <= MAX_LENGTH)?;
    let value = rails_compat::percent_decode_cookie(raw)?;
    app.secret.verify_cookie(NAME, &value, app.clock.now().timestamp())
}

/// `Set-Cookie` that signs a browser in.
pub fn issue(app: &App, peer: Peer, headers: &HeaderMap, token: &str) -> HeaderValue {
    let expires: Time = app.clock.now().plus_seconds(LIFETIME);
    let value = rails_compat::percent_encode_cookie(&app.secret.sign_cookie(
        NAME,
        token,
        expires.timestamp(),
    ));
    set(app, peer, headers, &value, expires)
}

/// `Set-Cookie` that deletes the cookie.
pub fn clear(app: &App, peer: Peer, headers: &HeaderMap) -> HeaderValue {
    set(app, peer, headers, "", Time::from(jiff::Timestamp::UNIX_EPOCH))
}

fn set(app: &App, peer: Peer, headers: &HeaderMap, value: &str, expires: Time) -> HeaderValue {
    let secure =
        if app.config.trusted_proxies.is_secure(peer.0.ip(), headers) { "; Secure" } else { "" };
    let date = expires.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let cookie = format!("{NAME}={value}; path=/; expires={date}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).expect("a percent-encoded value and a date are plain ASCII")
}
