//! Sign-up: the first run, which creates the account, its administrator and the first room, and
//! joining by invitation.

pub mod routes;

use std::sync::Arc;

use http::StatusCode;

use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::core::ids::{RoomId, UserId};
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::accounts;
use crate::identity::accounts::events::AccountChanged;
use crate::identity::audit::{self, Actor, Subject};
use crate::identity::sessions::{self, Device, SessionError};
use crate::identity::users::events::UserChanged;
use crate::identity::users::fields::NewUser;
use crate::identity::users::{self, Role};
use crate::rooms::events::RoomChanged;
use crate::rooms::memberships::{self, Involvement};
use crate::rooms::{self, RoomType};

#[derive(Debug, thiserror::Error)]
pub enum SignupError {
    #[error("Campfire is already set up. Sign in, or ask for an invitation link.")]
    AlreadySetUp,
    #[error("This invitation link is no longer valid. Ask for a new one.")]
    WrongCode,
    #[error("That email address is already in use. Sign in instead?")]
    EmailTaken,
    #[error("Some fields are invalid.")]
    Rejected(Errors),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<SignupError> for Problem {
    fn from(error: SignupError) -> Self {
        let text = error.to_string();
        match error {
            SignupError::AlreadySetUp => Self::new(StatusCode::CONFLICT, text),
            SignupError::WrongCode => Self::new(StatusCode::NOT_FOUND, text),
            SignupError::EmailTaken => {
                let mut problem = Self::new(StatusCode::CONFLICT, text.clone());
                problem.reject("email_address", text);
                problem
            }
            SignupError::Rejected(errors) => Self::rejected(errors),
            SignupError::Session(error) => error.into(),
            SignupError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(SignupError);

/// A user who signed up.
pub struct SignedUp {
    pub user: UserId,
    /// The room that the first run created.
    pub room: Option<RoomId>,
}

/// The password digest and the session of a new user.
pub struct NewSession {
    pub digest: String,
    pub token: String,
    pub device: Device,
}

/// The first run: creates the account, its administrator, the first room and a session.
///
/// # Errors
/// [`SignupError::AlreadySetUp`] if there is an account.
pub fn set_up(
    app: &App,
    tx: &mut Tx<'_>,
    new_user: &NewUser,
    new_session: &NewSession,
) -> Result<SignedUp, SignupError> {
    let now = app.clock.now();
    let join_code = rails_compat::tokens::join_code(&mut rand::rng());
    if !accounts::store::insert(tx, accounts::DEFAULT_NAME, &join_code, now)? {
        return Err(SignupError::AlreadySetUp);
    }
    let user = users::store::insert(
        tx,
        &new_user.name,
        &new_user.email_address,
        &new_session.digest,
        Role::Administrator,
        now,
    )?;
    let room = rooms::store::insert(tx, RoomType::Open, Some(rooms::DEFAULT_ROOM_NAME), user, now)?;
    memberships::store::grant(tx, room, user, Involvement::Mentions, now)?;
    sessions::store::insert(tx, user, &new_session.token, &new_session.device, now)?;
    record_signup(tx, user, new_user, new_session, now)?;
    tx.publish(Arc::new(AccountChanged { base: None }));
    Ok(SignedUp { user, room: Some(room) })
}

fn record_signup(
    tx: &Tx<'_>,
    user: UserId,
    new_user: &NewUser,
    new_session: &NewSession,
    now: Time,
) -> Result<(), db::Error> {
    let by = Actor { user: Some(user), ip_address: Some(new_session.device.ip_address.clone()) };
    audit::record(
        tx,
        &by,
        "user.joined",
        Some(&Subject::user(user, new_user.name.as_str())),
        "",
        now,
    )
}

/// Joins by invitation: creates a member of all open rooms and a session.
///
/// # Errors
/// [`SignupError::WrongCode`] and [`SignupError::EmailTaken`].
pub fn join(
    app: &App,
    tx: &mut Tx<'_>,
    code: &str,
    new_user: &NewUser,
    new_session: &NewSession,
) -> Result<SignedUp, SignupError> {
    let now = app.clock.now();
    if !accounts::store::is_join_code(tx, code)? {
        return Err(SignupError::WrongCode);
    }
    if users::store::is_email_taken(tx, &new_user.email_address)? {
        return Err(SignupError::EmailTaken);
    }
    let user = users::store::insert(
        tx,
        &new_user.name,
        &new_user.email_address,
        &new_session.digest,
        Role::Member,
        now,
    )?;
    let rooms = memberships::store::grant_open_rooms(tx, user, now)?;
    sessions::store::insert(tx, user, &new_session.token, &new_session.device, now)?;
    record_signup(tx, user, new_user, new_session, now)?;
    tx.publish(Arc::new(UserChanged { user }));
    rooms
        .into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(SignedUp { user, room: None })
}
