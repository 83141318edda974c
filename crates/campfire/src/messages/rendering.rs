//! From stored rows to messages as people see them.

use std::collections::HashMap;
use std::sync::Arc;

use rich_text::{Mentioned, Mentions};

use super::store::{self, BoostRow, MessageRow};
use super::{Body, Boost, Kind, Message, MessageError, ReplyTo};
use crate::core::app::App;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::problem::chain;
use crate::identity::users::{People, Status, User, avatar};
use crate::messages::sounds::{self, Sounds};
use crate::rooms::memberships::Memberships;

/// Looks mentioned people up while a text is rendered.
pub struct MentionResolver<'a>(pub &'a App);

impl Mentions for MentionResolver<'_> {
    fn user(&self, sgid: &str) -> Option<Mentioned> {
        // A name is shown for any well-formed mention, also one signed with an earlier secret.
        let id = rails_compat::read_unverified_user_gid(sgid)?;
        let user = match self.0.state::<People>().find(self.0, UserId(id)) {
            Ok(user) => user?,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a mention could not be looked up");
                return None;
            }
        };
        let title = [Some(user.name.as_str()), user.bio.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" – ");
        Some(Mentioned { id, name: user.name.clone(), title, avatar_url: user.avatar_url.clone() })
    }
}

/// Renders one message.
///
/// # Errors
/// When the database does not answer.
pub fn message(
    app: &App,
    room: RoomId,
    row: MessageRow,
    boosts: Vec<BoostRow>,
) -> Result<Message, db::Error> {
    let directory = MentionResolver(app);
    let html = row.html.unwrap_or_default();
    let text = rich_text::Body::parse(&html);
    let (html, text, sgids, answered) =
        (text.render(&directory), text.plain_text(&directory), text.mentions(), text.reply_to());
    let (kind, sound, plain) = match (row.filename, sounds::of(&text)) {
        (Some(filename), _) => {
            (Kind::Attachment, None, if text.is_empty() { filename } else { text })
        }
        (None, Some(sound)) => (Kind::Sound, Some(app.state::<Sounds>().view(sound)), text),
        (None, None) => (Kind::Text, None, text),
    };
    Ok(Message {
        id: row.id,
        client_message_id: row.client_message_id,
        room_id: room,
        creator: person(app, row.creator_id)?,
        kind,
        emoji_only: rich_text::is_emoji_only(&plain),
        mentions: mentions(app, room, &sgids)?,
        sound,
        attachment: None,
        reply_to: answered.map(|answered| reply_to(app, room, &answered)).transpose()?.flatten(),
        body: Body { html, plain },
        boosts: boosts.into_iter().map(|row| boost(app, row)).collect::<Result<_, _>>()?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        edited: row.edited,
        url: format!("/rooms/{}/@{}", room.0, row.id.0),
    })
}

/// Sorts boosts to their messages.
pub fn by_message(boosts: Vec<BoostRow>) -> HashMap<MessageId, Vec<BoostRow>> {
    let mut sorted: HashMap<MessageId, Vec<BoostRow>> = HashMap::new();
    for boost in boosts {
        sorted.entry(boost.message_id).or_default().push(boost);
    }
    sorted
}

/// One message of a room as it is now.
///
/// # Errors
/// [`MessageError::NotFound`] when it is not in the room.
pub fn load(app: &App, room: RoomId, id: MessageId) -> Result<Message, MessageError> {
    let (row, boosts) = app.db.read(|reader| {
        let row = store::find(reader, room, id)?.ok_or(MessageError::NotFound)?;
        let boosts = store::boosts(reader, std::slice::from_ref(&row))?;
        Ok::<_, MessageError>((row, boosts))
    })?;
    Ok(message(app, room, row, boosts)?)
}

/// A boost as people see it.
///
/// # Errors
/// When the database does not answer.
pub fn boost(app: &App, row: BoostRow) -> Result<Boost, db::Error> {
    Ok(Boost {
        id: row.id,
        message_id: row.message_id,
        booster: person(app, row.booster_id)?,
        content: row.content,
        created_at: row.created_at,
    })
}

/// The members of the room whom the text mentions with a valid signature; nobody else can be called
/// by it.
pub fn mentions(app: &App, room: RoomId, sgids: &[String]) -> Result<Vec<UserId>, db::Error> {
    let mut mentioned = Vec::new();
    for sgid in sgids {
        let Some(id) = app.secret.verify_global_id("User", "attachable", sgid).map(UserId) else {
            continue;
        };
        if !mentioned.contains(&id) && app.state::<Memberships>().is_member(app, room, id)? {
            mentioned.push(id);
        }
    }
    Ok(mentioned)
}

/// What the text answers, if that is a message of the same room and still there; who said it is not
/// taken from the text.
fn reply_to(
    app: &App,
    room: RoomId,
    answered: &rich_text::ReplyTo,
) -> Result<Option<ReplyTo>, db::Error> {
    if answered.room_id != room.0 {
        return Ok(None);
    }
    let message_id = MessageId(answered.message_id);
    let author = app.db.read(|reader| store::author(reader, room, message_id))?;
    Ok(author.map(|user_id| ReplyTo { message_id, user_id }))
}

/// A user, also one whose row is gone: their messages stay readable.
///
/// # Errors
/// When the database does not answer.
pub fn person(app: &App, id: UserId) -> Result<Arc<User>, db::Error> {
    let known = app.state::<People>().find(app, id)?;
    Ok(known.unwrap_or_else(|| {
        Arc::new(User {
            id,
            name: "Unknown".into(),
            role: crate::identity::users::Role::Member,
            status: Status::Deactivated,
            bio: None,
            avatar_url: String::new(),
            initials: "?".into(),
            color: avatar::color(id),
        })
    }))
}
