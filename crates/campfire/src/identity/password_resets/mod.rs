//! Password reset links, created by an administrator or at the command line. Valid once, for a day.

pub mod routes;
pub mod store;

use http::StatusCode;
use sha2::{Digest, Sha256};

use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::sessions::SessionError;

/// Seconds.
pub const LIFETIME: i64 = 24 * 60 * 60;

/// Bytes; longer than any issued token.
const MAX_TOKEN: usize = 128;

#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    #[error("This link is no longer valid. Ask an administrator for a new one.")]
    Invalid,
    #[error("User not found or inaccessible.")]
    NotFound,
    #[error("Bots don't have passwords.")]
    Bot,
    #[error("The password is invalid.")]
    Rejected(Errors),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        let text = error.to_string();
        match error {
            ResetError::Invalid | ResetError::NotFound => Self::new(StatusCode::NOT_FOUND, text),
            ResetError::Bot => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            ResetError::Rejected(errors) => Self::rejected(errors),
            ResetError::Session(error) => error.into(),
            ResetError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(ResetError);

/// A new token and its digest.
pub fn token() -> (String, String) {
    let token = format!(
        "{}{}",
        rails_compat::tokens::session_token(&mut rand::rng()),
        rails_compat::tokens::session_token(&mut rand::rng())
    );
    let digest = digest(&token);
    (token, digest)
}

/// The stored form of a token, so that read access to the database does not give access to accounts.
/// Tokens are long and random, so a plain hash is enough.
pub fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The path of the page that a link opens.
pub fn path(token: &str) -> String {
    format!("/password_resets/{token}")
}
