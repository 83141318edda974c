//! What a person changes about themselves.

pub mod routes;

use http::StatusCode;

use crate::core::app::App;
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::sessions::{self, SessionError};
use crate::identity::users::events::UserChanged;
use crate::identity::users::store::{self as user_store, Changes};

/// Why a profile could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Somebody else has this address.
    #[error("This e-mail address is taken.")]
    EmailTaken,
    /// Something that was typed is not accepted.
    #[error("Something is not accepted.")]
    Rejected(Errors),
    /// Who calls, or the password.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
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

/// Changes a person. A new password signs all their other devices out.
///
/// # Errors
/// See [`ProfileError`].
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
            // Asked again: who was signed out or removed a moment ago takes neither an address nor
            // the account.
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
                let detail = format!("{ended} other devices, after a change of the password");
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
