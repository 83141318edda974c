//! Links with which a person sets a new password: made by an administrator or the operator, valid
//! once and for a day.

pub mod routes;
pub mod store;

use http::StatusCode;
use sha2::{Digest, Sha256};

use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::sessions::SessionError;

/// Seconds for which a link is valid.
pub const LIFETIME: i64 = 24 * 60 * 60;

/// A token longer than any that was ever made is not looked at.
const MAX_TOKEN: usize = 128;

/// Why a link could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// Wrong, used or expired.
    #[error("This link is not valid any more. Ask an administrator for a new one.")]
    Invalid,
    /// Nobody active has this number.
    #[error("User not found or inaccessible.")]
    NotFound,
    /// Bots have keys.
    #[error("A bot has no password.")]
    Bot,
    /// The new password.
    #[error("The password is not accepted.")]
    Rejected(Errors),
    /// Signing in.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
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

/// A new token and what is stored of it.
pub fn token() -> (String, String) {
    let token = format!(
        "{}{}",
        rails_compat::tokens::session_token(&mut rand::rng()),
        rails_compat::tokens::session_token(&mut rand::rng())
    );
    let digest = digest(&token);
    (token, digest)
}

/// What is stored of a token: who reads the database cannot use the link. Tokens are long and
/// random, so a plain digest will do.
pub fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The page of a link.
pub fn path(token: &str) -> String {
    format!("/password_resets/{token}")
}
