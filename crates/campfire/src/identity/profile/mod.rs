//! The profile that people edit themselves.

pub mod routes;

use http::StatusCode;

use crate::core::app::App;
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::sessions::{self, SessionError};
use crate::identity::users::events::UserChanged;
use crate::identity::users::store::{self as user_store, Changes};

#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("That email address is already in use.")]
    EmailTaken,
    #[error("Some fields are invalid.")]
    Rejected(Errors),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        let text = error.to_string();
        match error {
            ProfileError::EmailTaken => {
                let mut problem = Self::new(StatusCode::CONFLICT, text.clone());
                problem.reject("email_address", text);
                problem
            }
            ProfileError::Rejected(errors) => Self::rejected(errors),
            ProfileError::Session(error) => error.into(),
            ProfileError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(ProfileError);

/// Updates the caller's profile. A new password ends all their other sessions.
pub async fn change(
    app: &App,
    caller: &SignedIn,
    by: Actor,
    changes: Changes,
) -> Result<(), ProfileError> {
    let (user, session, name, now) =
        (caller.user.id, caller.id, caller.user.name.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            // The session may have ended since the extractor ran.
            if !sessions::store::is_active(tx, session)? {
                return Err(SessionError::NotSignedIn.into());
            }
            if let Some(address) = &changes.email_address
                && user_store::is_email_taken_by_another(tx, address, user)?
            {
                return Err(ProfileError::EmailTaken);
            }
            user_store::update(tx, user, &changes, now)?;
            if changes.digest.is_some() {
                let ended = sessions::store::delete_others(tx, user, Some(session))?;
                let detail = format!("{ended} other devices, after a password change");
                audit::record(
                    tx,
                    &by,
                    "session.revoked",
                    Some(&Subject::user(user, &name)),
                    &detail,
                    now,
                )?;
            }
            tx.publish(std::sync::Arc::new(UserChanged { user }));
            Ok(())
        })
        .await
}
