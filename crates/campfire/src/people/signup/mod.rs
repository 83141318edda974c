//! How people get in: the first run, which makes account, administrator and first room, and joining
//! by invitation.

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

/// Why somebody could not get in.
#[derive(Debug, thiserror::Error)]
pub enum SignupError {
    /// The first run has happened.
    #[error("Campfire is set up already. Sign in, or ask for an invitation link.")]
    AlreadySetUp,
    /// No invitation with this code.
    #[error("This invitation link is not valid any more. Ask for a new one.")]
    WrongCode,
    /// Somebody has this address.
    #[error("This e-mail address is taken. Sign in with it instead.")]
    EmailTaken,
    /// Something that was typed is not accepted.
    #[error("Something is missing.")]
    Rejected(Errors),
    /// Signing in failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
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

/// Somebody who is in, on the device they came with.
pub struct SignedUp {
    /// Who.
    pub user: UserId,
    /// The first room, if the first run made it.
    pub room: Option<RoomId>,
}

/// What a newcomer brings besides what they typed.
pub struct NewSession {
    /// The password's digest.
    pub digest: String,
    /// The new session's token.
    pub token: String,
    /// The device.
    pub device: Device,
}

/// The first run, whole or not at all: account, administrator, first room, membership, session.
///
/// # Errors
/// [`SignupError::AlreadySetUp`] when somebody was first.
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
    note(tx, user, new_user, new_session, now)?;
    tx.publish(Arc::new(AccountChanged { base: None }));
    Ok(SignedUp { user, room: Some(room) })
}

fn note(
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

/// A newcomer joins, whole or not at all: member, memberships in all open rooms, session.
///
/// # Errors
/// [`SignupError::WrongCode`] and [`SignupError::AddressTaken`].
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
    note(tx, user, new_user, new_session, now)?;
    tx.publish(Arc::new(UserChanged { user }));
    rooms
        .into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(SignedUp { user, room: None })
}
