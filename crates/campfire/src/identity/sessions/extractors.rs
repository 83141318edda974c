//! Authentication. A handler with [`SignedIn`], [`Administrator`] or [`Caller`] in its signature only
//! runs for such callers.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, header};
use subtle::ConstantTimeEq;

use super::{
    Device, MAX_USER_AGENT, REFRESH_AFTER, Session, SessionError, Sessions, cookie, store,
};
use crate::core::app::App;
use crate::core::ids::UserId;
use crate::http::client_ip::Peer;
use crate::http::origin::is_bearer;
use crate::identity::users::{Role, User, Users, store as user_store};

/// Bytes; longer than any issued bearer token.
const MAX_TOKEN: usize = 128;

/// A signed-in person.
#[derive(Clone)]
pub struct SignedIn(Arc<Session>);

impl Deref for SignedIn {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let bearer = bearer(&parts.headers);
        // Bot keys contain a hyphen, session tokens do not.
        if let Some(key) = bearer.as_deref().filter(|token| token.contains('-')) {
            return Err(if find_bot_by_key(app, key)?.is_some() {
                SessionError::NotForBots
            } else {
                SessionError::NotSignedIn
            });
        }
        let token = bearer
            .or_else(|| cookie::token(app, &parts.headers))
            .ok_or(SessionError::NotSignedIn)?;
        let session =
            app.state::<Sessions>().find(app, &token)?.ok_or(SessionError::NotSignedIn)?;
        if app.clock.now().seconds_since(session.last_active_at) > REFRESH_AFTER {
            refresh(app, &session, parts);
        }
        let caller = Self(session);
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// A signed-in administrator.
#[derive(Clone)]
pub struct Administrator(pub SignedIn);

impl FromRequestParts<App> for Administrator {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        let caller = SignedIn::from_request_parts(parts, app).await?;
        if caller.user.role == Role::Administrator {
            Ok(Self(caller))
        } else {
            Err(SessionError::NotAdministrator)
        }
    }
}

/// A signed-in person, or a bot with its key: for the routes that bots can use.
#[derive(Clone)]
pub struct Caller {
    pub user: Arc<User>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SessionError> {
        let bot = bearer(&parts.headers).map_or(Ok(None), |key| find_bot_by_key(app, &key))?;
        match bot {
            Some(user) => Ok(Self { user }),
            None => SignedIn::from_request_parts(parts, app)
                .await
                .map(|caller| Self { user: caller.user.clone() }),
        }
    }
}

/// An extractor that authenticates the caller. Extractors for rooms and messages are generic over it,
/// because some routes allow bots and others do not.
pub trait AuthenticatedUser: FromRequestParts<App, Rejection = SessionError> + Send + Sync {
    fn user(&self) -> &Arc<User>;
}

impl AuthenticatedUser for SignedIn {
    fn user(&self) -> &Arc<User> {
        &self.user
    }
}

impl AuthenticatedUser for Caller {
    fn user(&self) -> &Arc<User> {
        &self.user
    }
}

/// The active bot with this key, `ID-TOKEN`. Ignores surrounding whitespace.
///
/// # Errors
/// [`SessionError::BotsDisabled`] for anything with a hyphen if bots are turned off.
pub fn find_bot_by_key(app: &App, key: &str) -> Result<Option<Arc<User>>, SessionError> {
    let Some((id, token)) = key.trim().split_once('-') else { return Ok(None) };
    if !app.config.bot_integrations {
        return Err(SessionError::BotsDisabled);
    }
    let Ok(id) = id.parse().map(UserId) else { return Ok(None) };
    let Some(known) = app.db.read(|reader| user_store::bot_token(reader, id))? else {
        return Ok(None);
    };
    if !bool::from(known.as_bytes().ct_eq(token.as_bytes())) {
        return Ok(None);
    }
    Ok(app.state::<Users>().find(app, id)?)
}

/// Checks inside a transaction that the actor is still an administrator: of two administrators who
/// remove each other at once, the second fails. Always passes without an actor (command line).
pub fn require_administrator(
    conn: &db::Connection,
    actor: Option<UserId>,
) -> Result<(), SessionError> {
    match actor {
        Some(actor) if !user_store::is_administrator(conn, actor)? => {
            Err(SessionError::NotAdministrator)
        }
        _ => Ok(()),
    }
}

/// The client that sent the request.
pub struct ClientInfo {
    /// For rate limits.
    pub address: IpAddr,
    /// For a new session.
    pub device: Device,
}

impl<S: Send + Sync> FromRequestParts<S> for ClientInfo
where
    App: axum::extract::FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let app: App = axum::extract::FromRef::from_ref(state);
        let address = address(&app, parts);
        Ok(Self {
            address,
            device: Device {
                ip_address: address.to_string(),
                user_agent: user_agent(&parts.headers),
            },
        })
    }
}

fn address(app: &App, parts: &Parts) -> IpAddr {
    // The server adds the peer to every request. A request without one is never trusted.
    let peer =
        parts.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    app.config.trusted_proxies.client(peer, &parts.headers)
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers
        .get(header::USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    text.char_indices().take_while(|(at, _)| *at < MAX_USER_AGENT).map(|(_, c)| c).collect()
}

/// The bearer token of a request. An invalid one is returned as an empty string, so that the cookie
/// is not used instead.
fn bearer(headers: &HeaderMap) -> Option<String> {
    if !is_bearer(headers) {
        return None;
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.get(7..))
        .unwrap_or_default()
        .trim();
    Some(if token.len() <= MAX_TOKEN { token.to_owned() } else { String::new() })
}

/// Updates the session in the background. The request does not wait for it.
fn refresh(app: &App, session: &Arc<Session>, parts: &Parts) {
    let device = Device {
        ip_address: address(app, parts).to_string(),
        user_agent: user_agent(&parts.headers),
    };
    let (writer, id, now) = (app.clone(), session.id, app.clock.now());
    drop(app.tasks.spawn(async move {
        if let Err(error) = writer.db.write(move |tx| store::refresh(tx, id, &device, now)).await {
            tracing::warn!(%error, "failed to update a session's last activity; the next request retries");
        }
    }));
}
