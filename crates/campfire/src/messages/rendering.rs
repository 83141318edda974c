//! Renders stored rows as messages.

use std::collections::HashMap;
use std::sync::Arc;

use rich_text::{Mentioned, Mentions};

use super::store::{self, BoostRow, MessageRow};
use super::{Body, Boost, Kind, Message, MessageError, ReplyTo};
use crate::core::app::{App, Tx};
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::problem::chain;
use crate::identity::users::{Role, Status, User, Users, avatar};
use crate::messages::sounds::{self, Sounds};
use crate::rooms::memberships::Memberships;

/// Looks up mentioned users while a text is rendered.
pub struct MentionResolver<'a>(pub &'a App);

impl Mentions for MentionResolver<'_> {
    fn user(&self, sgid: &str) -> Option<Mentioned> {
        // Any well-formed mention shows a name, even one signed with an earlier secret.
        let id = rails_compat::read_unverified_user_gid(sgid)?;
        let user = match self.0.state::<Users>().find(self.0, UserId(id)) {
            Ok(user) => user?,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to look up a mentioned user");
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

pub fn message(
    app: &App,
    room: RoomId,
    row: MessageRow,
    boosts: Vec<BoostRow>,
) -> Result<Message, db::Error> {
    let resolver = MentionResolver(app);
    let html = row.html.unwrap_or_default();
    let text = rich_text::Body::parse(&html);
    let (html, text, sgids, reply) =
        (text.render(&resolver), text.plain_text(&resolver), text.mentions(), text.reply_to());
    let (kind, sound, plain) = match (row.filename, sounds::from_text(&text)) {
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
        reply_to: reply.map(|reply| reply_to(app, room, &reply)).transpose()?.flatten(),
        body: Body { html, plain },
        boosts: self::boosts(app, boosts)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        edited: row.edited,
        url: format!("/rooms/{}/@{}", room.0, row.id.0),
    })
}

/// Groups boosts by message.
pub fn by_message(boosts: Vec<BoostRow>) -> HashMap<MessageId, Vec<BoostRow>> {
    let mut sorted: HashMap<MessageId, Vec<BoostRow>> = HashMap::new();
    for boost in boosts {
        sorted.entry(boost.message_id).or_default().push(boost);
    }
    sorted
}

/// One message of a room.
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

fn boost(booster: Arc<User>, row: BoostRow) -> Boost {
    Boost {
        id: row.id,
        message_id: row.message_id,
        booster,
        content: row.content,
        created_at: row.created_at,
    }
}

/// The boosts of a message that was just changed, read inside the transaction that changes it.
pub fn boosts_in(app: &App, tx: &Tx<'_>, id: MessageId) -> Result<Vec<Boost>, db::Error> {
    let rows = store::boosts_of(tx, &[id])?.into_iter();
    rows.map(|row| {
        let known = app.state::<Users>().find_in(app, tx, row.booster_id)?;
        Ok(boost(known.unwrap_or_else(|| placeholder(row.booster_id)), row))
    })
    .collect()
}

pub fn boosts(app: &App, rows: Vec<BoostRow>) -> Result<Vec<Boost>, db::Error> {
    rows.into_iter().map(|row| Ok(boost(person(app, row.booster_id)?, row))).collect()
}

/// The members of the room that the text mentions with a valid signature. No one else is notified.
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

/// The message that the text replies to, if it exists in the same room. Its author comes from the
/// database, not from the text.
fn reply_to(
    app: &App,
    room: RoomId,
    reply: &rich_text::ReplyTo,
) -> Result<Option<ReplyTo>, db::Error> {
    if reply.room_id != room.0 {
        return Ok(None);
    }
    let message_id = MessageId(reply.message_id);
    let author = app.db.read(|reader| store::author(reader, room, message_id))?;
    Ok(author.map(|user_id| ReplyTo { message_id, user_id }))
}

/// A user, or a placeholder if their row is gone: their messages stay readable.
pub fn person(app: &App, id: UserId) -> Result<Arc<User>, db::Error> {
    let known = app.state::<Users>().find(app, id)?;
    Ok(known.unwrap_or_else(|| placeholder(id)))
}

fn placeholder(id: UserId) -> Arc<User> {
    Arc::new(User {
        id,
        name: "Unknown".into(),
        role: Role::Member,
        status: Status::Deactivated,
        bio: None,
        avatar_url: String::new(),
        initials: "?".into(),
        color: avatar::color(id),
    })
}
