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
use crate::identity::audit::{self, By, Subject};
use crate::identity::sessions::{self, Device, SessionError};
use crate::identity::users::events::UserChanged;
use crate::identity::users::fields::Newcomer;
use crate::identity::users::{self, Role};
use crate::rooms::events::RoomChanged;
use crate::rooms::memberships::{self, Involvement};
use crate::rooms::{self, RoomType};

/// Why somebody could not get in.
#[derive(Debug, thiserror::Error)]
pub enum ArrivalError {
    /// The first run has happened.
    #[error("Campfire is set up already. Sign in, or ask for an invitation link.")]
    AlreadySetUp,
    /// No invitation with this code.
    #[error("This invitation link is not valid any more. Ask for a new one.")]
    WrongCode,
    /// Somebody has this address.
    #[error("This e-mail address is taken. Sign in with it instead.")]
    AddressTaken,
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

impl From<ArrivalError> for Problem {
    fn from(error: ArrivalError) -> Self {
        let text = error.to_string();
        match error {
            ArrivalError::AlreadySetUp => Self::new(StatusCode::CONFLICT, text),
            ArrivalError::WrongCode => Self::new(StatusCode::NOT_FOUND, text),
            ArrivalError::AddressTaken => {
                let mut problem = Self::new(StatusCode::CONFLICT, text.clone());
                problem.reject("email_address", text);
                problem
            }
            ArrivalError::Rejected(errors) => Self::rejected(errors),
            ArrivalError::Session(error) => error.into(),
            ArrivalError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(ArrivalError);

/// Somebody who is in, on the device they came with.
pub struct Arrived {
    /// Who.
    pub user: UserId,
    /// The first room, if the first run made it.
    pub room: Option<RoomId>,
}

/// What a newcomer brings besides what they typed.
pub struct Luggage {
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
/// [`ArrivalError::AlreadySetUp`] when somebody was first.
pub fn set_up(
    app: &App,
    tx: &mut Tx<'_>,
    newcomer: &Newcomer,
    luggage: &Luggage,
) -> Result<Arrived, ArrivalError> {
    let now = app.clock.now();
    let join_code = rails_compat::tokens::join_code(&mut rand::rng());
    if !accounts::store::insert(tx, accounts::FIRST_NAME, &join_code, now)? {
        return Err(ArrivalError::AlreadySetUp);
    }
    let user = users::store::insert(
        tx,
        &newcomer.name,
        &newcomer.email_address,
        &luggage.digest,
        Role::Administrator,
        now,
    )?;
    let room = rooms::store::insert(tx, RoomType::Open, Some(rooms::DEFAULT_ROOM_NAME), user, now)?;
    memberships::store::grant(tx, room, user, Involvement::Mentions, now)?;
    sessions::store::insert(tx, user, &luggage.token, &luggage.device, now)?;
    note(tx, user, newcomer, luggage, now)?;
    tx.publish(Arc::new(AccountChanged { base: None }));
    Ok(Arrived { user, room: Some(room) })
}

fn note(
    tx: &Tx<'_>,
    user: UserId,
    newcomer: &Newcomer,
    luggage: &Luggage,
    now: Time,
) -> Result<(), db::Error> {
    let by = By { actor: Some(user), ip_address: Some(luggage.device.ip_address.clone()) };
    audit::record(
        tx,
        &by,
        "user.joined",
        Some(&Subject::user(user, newcomer.name.as_str())),
        "",
        now,
    )
}

/// A newcomer joins, whole or not at all: member, memberships in all open rooms, session.
///
/// # Errors
/// [`ArrivalError::WrongCode`] and [`ArrivalError::AddressTaken`].
pub fn join(
    app: &App,
    tx: &mut Tx<'_>,
    code: &str,
    newcomer: &Newcomer,
    luggage: &Luggage,
) -> Result<Arrived, ArrivalError> {
    let now = app.clock.now();
    if !accounts::store::is_join_code(tx, code)? {
        return Err(ArrivalError::WrongCode);
    }
    if users::store::is_taken(tx, &newcomer.email_address)? {
        return Err(ArrivalError::AddressTaken);
    }
    let user = users::store::insert(
        tx,
        &newcomer.name,
        &newcomer.email_address,
        &luggage.digest,
        Role::Member,
        now,
    )?;
    let rooms = memberships::store::grant_open_rooms(tx, user, now)?;
    sessions::store::insert(tx, user, &luggage.token, &luggage.device, now)?;
    note(tx, user, newcomer, luggage, now)?;
    tx.publish(Arc::new(UserChanged { user }));
    rooms
        .into_iter()
        .for_each(|room| tx.publish(Arc::new(RoomChanged { room, except: Arc::default() })));
    Ok(Arrived { user, room: None })
}
