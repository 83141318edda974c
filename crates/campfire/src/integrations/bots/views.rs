//! Messages and boosts in the JSON of Campfire's API for bots, with its fields in its order.

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

/// A message in the API for bots.
#[derive(Serialize, ToSchema)]
pub struct BotMessage {
    id: MessageId,
    created_at: Time,
    body: BotMessageBody,
    creator: BotMessageUser,
    room: BotMessageRoom,
    /// The URL of the message.
    url: String,
}

/// The text of a message in the API for bots.
#[derive(Serialize, ToSchema)]
pub struct BotMessageBody {
    /// The plain text; for a file, its name.
    plain_text: String,
    /// The HTML after Rails' safe list, in a `div` with the class `trix-content`. It may contain
    /// classes and images, so do not put it into a page as it is.
    html: String,
}

/// A user in the API for bots.
#[derive(Serialize, ToSchema)]
pub struct BotMessageUser {
    id: UserId,
    name: String,
    role: Role,
    avatar_url: String,
}

/// The room of a message.
#[derive(Serialize, ToSchema)]
pub struct BotMessageRoom {
    id: RoomId,
}

/// A boost in the API for bots.
#[derive(Serialize, ToSchema)]
pub struct BotBoost {
    id: i64,
    content: String,
    created_at: Time,
    booster: BotMessageUser,
    message: BotBoostMessage,
}

/// The boosted message.
#[derive(Serialize, ToSchema)]
pub struct BotBoostMessage {
    id: MessageId,
    url: String,
}

pub fn stored(
    app: &App,
    base_url: &BaseUrl,
    room: RoomId,
    row: MessageRow,
) -> Result<BotMessage, db::Error> {
    let html = row.html.unwrap_or_default();
    let text = rich_text::Body::parse(&html);
    let plain = text.plain_text(&MentionResolver(app));
    let body = match row.filename {
        Some(filename) => BotMessageBody {
            plain_text: if plain.is_empty() { filename } else { plain },
            html: String::new(),
        },
        None => BotMessageBody {
            plain_text: plain,
            html: trix_content(&text.render_for_programs(&MentionResolver(app))),
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

/// A message that was just edited to this HTML.
pub fn edited(app: &App, base_url: &BaseUrl, message: &Message, html: &str) -> BotMessage {
    let html =
        trix_content(&rich_text::Body::parse(html).render_for_programs(&MentionResolver(app)));
    BotMessage {
        id: message.id,
        created_at: message.created_at,
        body: BotMessageBody { plain_text: message.body.plain.clone(), html },
        creator: user(base_url, &message.creator),
        room: BotMessageRoom { id: message.room_id },
        url: base_url.message(message.room_id, message.id),
    }
}

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

/// Wraps HTML as Rails does, including the white space, which programs may cut off.
fn trix_content(html: &str) -> String {
    format!("<div class=\"trix-content\">\n  {html}\n</div>\n")
}
