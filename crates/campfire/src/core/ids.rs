//! Ids of database rows, one type per table, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::path::PathParameter;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident { $parameter:literal, $noun:literal })*) => {
        $(
            $(#[$doc])*
            #[derive(
                Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
            )]
            #[serde(transparent)]
            pub struct $name(pub i64);

            impl PathParameter for $name {
                const NAME: &'static str = $parameter;
                const NOUN: &'static str = $noun;

                fn from_id(id: i64) -> Self {
                    Self(id)
                }
            }
        )*
    };
}

ids! {
    /// A person or bot in `users`.
    UserId { "user_id", "User" }
    /// A room in `rooms`.
    RoomId { "room_id", "Room" }
    /// A message in `messages`.
    MessageId { "message_id", "Message" }
    /// A boost in `boosts`.
    BoostId { "boost_id", "Boost" }
    /// A signed-in device in `sessions`.
    SessionId { "id", "Device" }
}
