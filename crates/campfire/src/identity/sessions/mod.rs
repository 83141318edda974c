//! Signing in and staying signed in: one session per device, known by a signed cookie or a bearer
//! token.

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

/// A device that is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// The row in `sessions`.
    pub id: SessionId,
    /// What the cookie carries.
    pub token: String,
    /// Who signed in.
    pub user: Arc<User>,
    /// When it was last seen, to the hour.
    pub last_active_at: Time,
}

/// What a device says of itself when it signs in.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its network address.
    pub ip_address: String,
    /// Its browser, cut to [`MAX_USER_AGENT`] bytes.
    pub user_agent: String,
}

/// Longer descriptions of browsers are cut.
pub const MAX_USER_AGENT: usize = 512;

/// After so many seconds a session's "last active" is written again.
pub const REFRESH_AFTER: i64 = 3600;

/// Sessions remembered, about half a kilobyte each.
const CACHE_CAPACITY: usize = 20_000;

/// Sessions that were read, by their token.
pub struct Sessions(VersionedCache<(String, UsersVersion), Arc<Session>>);

/// See [`Users::version`].
type UsersVersion = u64;

impl Default for Sessions {
    fn default() -> Self {
        Self(VersionedCache::new(CACHE_CAPACITY))
    }
}

impl Sessions {
    /// The session with this token whose person may still come in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn find(&self, app: &App, token: &str) -> Result<Option<Arc<Session>>, db::Error> {
        // One group for all: sessions end seldom, and reading one again costs microseconds. A
        // session holds its user, so that any change of a user makes a new key.
        let key = (token.to_owned(), app.state::<Users>().version());
        self.0.get(0, &key, || {
            let session = app.db.read(|reader| store::find(reader, token, &app.secret))?;
            Ok(session.map(Arc::new))
        })
    }

    /// Some session ended or some person changed.
    pub fn invalidate_all(&self) {
        self.0.invalidate(0);
    }
}

/// Why somebody is not, or not any more, signed in.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No valid cookie or token.
    #[error("You are not signed in. Please sign in and try again.")]
    NotSignedIn,
    /// Only administrators may do this.
    #[error("Only administrators may do this.")]
    NotAdministrator,
    /// A bot's key opens only some doors.
    #[error(
        "A bot may read rooms and messages, post, change its own messages, and boost. This is for people."
    )]
    NotForBots,
    /// No active bot has this key.
    #[error(
        "This bot key is wrong or was revoked. An administrator can look up the key as it is now."
    )]
    WrongKey,
    /// The operator wants no bots.
    #[error("Bots are switched off on this server.")]
    BotsSwitchedOff,
    /// Wrong address or password; which of the two stays a secret.
    #[error("That e-mail address and password do not match. Check both and try again.")]
    WrongCredentials,
    /// Too many tries from one address.
    #[error("Too many tries. Please wait {seconds} seconds and try again.")]
    RateLimited {
        /// Until the next try is accepted.
        seconds: u32,
    },
    /// More passwords are being checked than the machine can bear.
    #[error("Too many people are signing in at once. Please try again in a moment.")]
    Busy,
    /// Not one's own session, or none at all.
    #[error("There is no such device.")]
    NoSuchSession,
    /// A digest could not be made.
    #[error("The password could not be checked.")]
    Password(#[from] bcrypt::BcryptError),
    /// The database.
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
            | SessionError::BotsSwitchedOff => Self::new(StatusCode::FORBIDDEN, text),
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
