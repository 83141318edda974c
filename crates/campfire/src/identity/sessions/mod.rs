//! Sessions: one per device, identified by a signed cookie or a bearer token.

pub mod cookie;
pub mod events;
pub mod extractors;
pub mod passwords;
pub mod rate_limit;
pub mod routes;
pub mod store;

use std::sync::Arc;

use http::StatusCode;

use crate::core::app::{App, DomainState};
use crate::core::cache::VersionedCache;
use crate::core::clock::Time;
use crate::core::ids::SessionId;
use crate::http::problem::{Problem, respond_as_problem};
use crate::identity::users::{User, Users};

#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub token: String,
    pub user: Arc<User>,
    /// Accurate to [`REFRESH_AFTER`].
    pub last_active_at: Time,
}

/// The client of a request, as stored with its session.
#[derive(Debug, Clone)]
pub struct Device {
    pub ip_address: String,
    /// At most [`MAX_USER_AGENT`] bytes.
    pub user_agent: String,
}

/// Bytes; longer values are truncated.
pub const MAX_USER_AGENT: usize = 512;

/// Seconds until `last_active_at` is updated.
pub const REFRESH_AFTER: i64 = 3600;

/// Cached sessions, about half a kilobyte each.
const CACHE_CAPACITY: usize = 20_000;

/// The session cache, by token.
pub struct Sessions(VersionedCache<(String, UsersVersion), Arc<Session>>);

/// See [`Users::version`]. A session contains its user, so any change of a user makes a new key.
type UsersVersion = u64;

impl Default for Sessions {
    fn default() -> Self {
        Self(VersionedCache::new(CACHE_CAPACITY))
    }
}

impl Sessions {
    /// The session with this token, if its user is active.
    pub fn find(&self, app: &App, token: &str) -> Result<Option<Arc<Session>>, db::Error> {
        // All sessions share one invalidation group: they end rarely, and reading one again takes
        // microseconds.
        let key = (token.to_owned(), app.state::<Users>().version());
        self.0.get(0, &key, || {
            let session = app.db.read(|reader| store::find(reader, token, &app.secret))?;
            Ok(session.map(Arc::new))
        })
    }

    pub fn invalidate_all(&self) {
        self.0.invalidate(0);
    }
}

/// Why a request is not authenticated or not allowed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("You're not signed in. Sign in and try again.")]
    NotSignedIn,
    #[error("Only administrators can do this.")]
    NotAdministrator,
    #[error(
        "Bots can read rooms and messages, post, edit their own messages, and boost. This requires a person."
    )]
    NotForBots,
    #[error("This bot key is wrong or was revoked. An administrator can look up the current key.")]
    WrongKey,
    #[error("Bots are turned off on this server.")]
    BotsDisabled,
    #[error("That email address and password don't match. Check both and try again.")]
    WrongCredentials,
    #[error("Too many attempts. Try again in {seconds} seconds.")]
    RateLimited { seconds: u32 },
    /// The queue of the password hasher is full.
    #[error("Too many people are signing in at once. Try again in a few seconds.")]
    Busy,
    #[error("Device not found. You may have signed it out already.")]
    NoSuchSession,
    #[error("The password could not be hashed.")]
    Password(#[from] bcrypt::BcryptError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        let text = error.to_string();
        match error {
            SessionError::NotSignedIn | SessionError::WrongKey | SessionError::WrongCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, text)
            }
            SessionError::NotAdministrator
            | SessionError::NotForBots
            | SessionError::BotsDisabled => Self::new(StatusCode::FORBIDDEN, text),
            SessionError::RateLimited { seconds } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, text).retry_after(seconds)
            }
            SessionError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, text).retry_after(2),
            SessionError::NoSuchSession => Self::new(StatusCode::NOT_FOUND, text),
            SessionError::Password(error) => Self::unexpected(&error),
            SessionError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(SessionError);

impl DomainState for Sessions {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}
