//! Who calls: a handler that names [`SignedIn`], [`Administrator`] or [`Caller`] in its signature
//! is never reached by anybody else.

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

/// A bearer token longer than any that was ever issued is not looked at.
const MAX_TOKEN: usize = 128;

/// A person who is signed in on this device.
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
        // No session token holds a hyphen, and every bot key does.
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

/// An administrator who is signed in on this device.
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

/// A person who is signed in, or a bot with its key: for the few routes that bots may use.
#[derive(Clone)]
pub struct Caller {
    /// Who.
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

/// Whoever an extractor that looks at rooms and messages may let in: people only, or bots too.
pub trait AuthenticatedUser: FromRequestParts<App, Rejection = SessionError> + Send + Sync {
    /// Who it is.
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

/// The active bot with this key, `NUMBER-TOKEN`; white space around it means nothing. What has no
/// hyphen is no such key.
///
/// # Errors
/// [`SessionError::BotsSwitchedOff`] for whatever looks like a key, where there are no bots.
pub fn find_bot_by_key(app: &App, key: &str) -> Result<Option<Arc<User>>, SessionError> {
    let Some((id, token)) = key.trim().split_once('-') else { return Ok(None) };
    if !app.config.bot_integrations {
        return Err(SessionError::BotsSwitchedOff);
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

/// Asks again inside the transaction: of two administrators who remove each other at once, one is
/// too late. The command line acts without a person.
///
/// # Errors
/// [`SessionError::NotAdministrator`], and when the database does not answer.
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

/// What a device says of itself, for the list of devices.
pub struct ClientInfo {
    /// Where the request came from.
    pub address: IpAddr,
    /// What is stored with a new session.
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
    // The server puts the peer into every request; a request without one is treated as the least
    // trusted of all.
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

/// The token of a request that brings one. One that cannot be right is an empty one, not none: the
/// cookie does not stand in for it.
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

/// Notes that the device is still in use; the request does not wait for it, and a failure costs
/// nothing but the note.
fn refresh(app: &App, session: &Arc<Session>, parts: &Parts) {
    let device = Device {
        ip_address: address(app, parts).to_string(),
        user_agent: user_agent(&parts.headers),
    };
    let (app, id, now) = (app.clone(), session.id, app.clock.now());
    tokio::spawn(async move {
        if let Err(error) = app.db.write(move |tx| store::refresh(tx, id, &device, now)).await {
            tracing::warn!(%error, "could not note a session's activity");
        }
    });
}
