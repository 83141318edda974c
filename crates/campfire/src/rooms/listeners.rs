//! Domains that react when a user loses access to a room. The server lists them: they know rooms,
//! rooms know none of them.

use crate::core::app::Tx;
use crate::core::ids::UserId;

/// Runs in the transaction in which the user loses access to a room.
pub type AccessListener = fn(&mut Tx<'_>, UserId);

pub struct AccessListeners(pub &'static [AccessListener]);
