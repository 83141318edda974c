//! What bots do with the key in the path: Campfire's own API for bots, and a hook that takes what
//! other services send to Slack. Bots can also use `/api/v1` with the key as a bearer token.

pub mod api;
pub mod extractors;
pub mod hook;
pub mod text;
pub mod views;

use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::messages::listeners::Origin;
use crate::messages::posting::{self, PostOutcome};
use crate::messages::{Draft, MessageError};

/// Posts a message as a bot. It has the same effects as a person's message.
async fn post(
    app: &App,
    room: RoomId,
    bot: UserId,
    draft: Draft,
) -> Result<MessageId, MessageError> {
    let message = posting::prepare_message(app, room, bot, &draft)?;
    let writer = app.clone();
    let outcome = app
        .db
        .write(move |tx| posting::post_message(&writer, tx, message, &draft.html, Origin::Posted))
        .await?;
    Ok(match outcome {
        PostOutcome::Created(created) => created.message.id,
        PostOutcome::Duplicate(id) => id,
    })
}
