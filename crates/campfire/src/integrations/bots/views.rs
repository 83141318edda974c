//! Messages and boosts in the shape in which Campfire's bots get them, field by field in its order.

use serde::Serialize;
use utoipa::ToSchema;

use super::extractors::BaseUrl;
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::identity::users::{Role, User};
use crate::messages::rendering::{MentionResolver, person};
use crate::messages::store::MessageRow;
use crate::messages::{Boost, Message};

/// A message as bots get it.
#[derive(Serialize, ToSchema)]
pub struct BotMessage {
    id: MessageId,
    created_at: Time,
    body: BotMessageBody,
    creator: BotMessageUser,
    room: BotMessageRoom,
    /// Its address.
    url: String,
}

/// The text of a message as bots get it.
#[derive(Serialize, ToSchema)]
pub struct BotMessageBody {
    /// The words; of a file, its name.
    plain_text: String,
    /// What was written, through Rails' safe list, in a `div` of the class `trix-content`. It may
    /// carry classes and pictures, so it is not meant to be put into a page as it is.
    html: String,
}

/// A person or bot as bots get them.
#[derive(Serialize, ToSchema)]
pub struct BotMessageUser {
    id: UserId,
    name: String,
    role: Role,
    /// The picture.
    avatar_url: String,
}

/// Where a message was said.
#[derive(Serialize, ToSchema)]
pub struct BotMessageRoom {
    id: RoomId,
}

/// A boost as bots get it.
#[derive(Serialize, ToSchema)]
pub struct BotBoost {
    id: i64,
    content: String,
    created_at: Time,
    booster: BotMessageUser,
    message: BotBoostMessage,
}

/// What was boosted.
#[derive(Serialize, ToSchema)]
pub struct BotBoostMessage {
    id: MessageId,
    url: String,
}

/// A stored message.
///
/// # Errors
/// When the database does not answer.
pub fn stored(
    app: &App,
    base_url: &BaseUrl,
    room: RoomId,
    row: MessageRow,
) -> Result<BotMessage, db::Error> {
    let html = row.html.unwrap_or_default();
    let text = rich_text::Body::parse(&html);
    let words = text.plain_text(&MentionResolver(app));
    let body = match row.filename {
        Some(filename) => BotMessageBody {
            plain_text: if words.is_empty() { filename } else { words },
            html: String::new(),
        },
        None => BotMessageBody {
            plain_text: words,
            html: laid_out(&text.render_for_programs(&MentionResolver(app))),
        },
    };
    let creator = user(base_url, &*person(app, row.creator_id)?);
    Ok(BotMessage {
        id: row.id,
        created_at: row.created_at,
        body,
        creator,
        room: BotMessageRoom { id: room },
        url: base_url.message(room, row.id),
    })
}

/// A message that was just changed to this markup.
pub fn changed(app: &App, base_url: &BaseUrl, message: &Message, html: &str) -> BotMessage {
    let html = laid_out(&rich_text::Body::parse(html).render_for_programs(&MentionResolver(app)));
    BotMessage {
        id: message.id,
        created_at: message.created_at,
        body: BotMessageBody { plain_text: message.body.plain.clone(), html },
        creator: user(base_url, &message.creator),
        room: BotMessageRoom { id: message.room_id },
        url: base_url.message(message.room_id, message.id),
    }
}

/// A boost of a message in this room.
pub fn boost(base_url: &BaseUrl, room: RoomId, boost: &Boost) -> BotBoost {
    BotBoost {
        id: boost.id,
        content: boost.content.clone(),
        created_at: boost.created_at,
        booster: user(base_url, &boost.booster),
        message: BotBoostMessage {
            id: boost.message_id,
            url: base_url.message(room, boost.message_id),
        },
    }
}

fn user(base_url: &BaseUrl, user: &User) -> BotMessageUser {
    BotMessageUser {
        id: user.id,
        name: user.name.clone(),
        role: user.role,
        avatar_url: format!("{}{}", base_url.0, user.avatar_url),
    }
}

/// Rails' frame around a text, with its white space: programs may have learned to cut it off.
fn laid_out(html: &str) -> String {
    format!("<div class=\"trix-content\">\n  {html}\n</div>\n")
}
