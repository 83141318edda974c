//! Messages: what people say. What a message is, which ones are accepted, how one is shown.

pub mod bookmarks;
pub mod boosts;
pub mod edits;
pub mod events;
pub mod extractors;
pub mod inbox;
pub mod listeners;
pub mod loader;
pub mod pages;
pub mod posting;
pub mod purge;
pub mod rendering;
pub mod routes;
pub mod search;
pub mod sounds;
pub mod store;
pub mod unread;

use std::sync::Arc;

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::users::User;
use crate::messages::sounds::SoundView;

/// Bytes of a message's text or markup; a longer text belongs into a file.
pub const MAX_BODY: usize = 64 * 1024;

/// Characters of a client's own id for a message.
const MAX_CLIENT_ID: usize = 64;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something written.
    Text,
    /// Something to hear: the text is `/play NAME` and the name is known.
    Sound,
    /// A file.
    Attachment,
}

/// The text of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Body {
    /// Ready to insert into a page: sanitised, links made, mentions rendered.
    pub html: String,
    /// The same without markup; of a file, its name.
    pub plain: String,
}

/// The file of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attachment {
    /// Its name.
    pub filename: String,
    /// Its media type.
    pub content_type: String,
    /// Its size.
    pub byte_size: u64,
    /// Where it is shown.
    pub url: String,
    /// Where it is fetched under its name.
    pub download_url: String,
    /// A picture of it.
    #[schema(required)]
    pub preview_url: Option<String>,
    /// A small picture of it.
    #[schema(required)]
    pub thumbnail_url: Option<String>,
    /// In pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// In pixels.
    #[schema(required)]
    pub height: Option<u32>,
    /// In seconds.
    #[schema(required)]
    pub duration: Option<f64>,
}

/// What a message answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplyTo {
    /// A message of the same room.
    pub message_id: MessageId,
    /// Who said that.
    pub user_id: UserId,
}

/// A short reaction to a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Boost {
    /// The row in `boosts`.
    pub id: i64,
    /// What it reacts to.
    pub message_id: MessageId,
    /// Who reacted.
    pub booster: Arc<User>,
    /// Up to 16 characters; older ones may be longer.
    pub content: String,
    /// When.
    pub created_at: Time,
}

/// A message as every member of its room sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    /// The row in `messages`.
    pub id: MessageId,
    /// The id that its author's program gave it; unique in its room for messages stored by this
    /// server.
    pub client_message_id: String,
    /// Where it was stored.
    pub room_id: RoomId,
    /// Who said it.
    pub creator: Arc<User>,
    /// What kind of message it is.
    pub kind: Kind,
    /// The text.
    pub body: Body,
    /// Whether the text is nothing but emoji.
    pub emoji_only: bool,
    /// The members of the room who are mentioned.
    pub mentions: Vec<UserId>,
    /// What it plays, if it is a sound.
    #[schema(required)]
    pub sound: Option<SoundView>,
    /// Its file; files are not served yet, so for now there is none even where the kind says so.
    #[schema(required)]
    pub attachment: Option<Attachment>,
    /// What it answers, as long as that is there.
    #[schema(required)]
    pub reply_to: Option<ReplyTo>,
    /// Reactions, oldest first.
    pub boosts: Vec<Boost>,
    /// When it was stored; messages are ordered by this and then by id.
    pub created_at: Time,
    /// When it, its text or its boosts last changed.
    pub updated_at: Time,
    /// Whether its text was changed after it was stored.
    pub edited: bool,
    /// Its address for people.
    pub url: String,
}

/// The id that an author's program gives a message, so that sending it again is harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMessageId(String);

impl ClientMessageId {
    /// Checks an id: 1 to 64 visible ASCII characters.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty()
            || text.len() > MAX_CLIENT_ID
            || !text.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(format!("must be 1 to {MAX_CLIENT_ID} visible ASCII characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// A new one, for authors that gave none.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody wants to say, checked and prepared: canonical markup to store, and the plain text
/// for the index.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The author's own id for it.
    pub client_message_id: ClientMessageId,
    /// The markup to store.
    pub html: String,
}

impl Draft {
    /// Checks what came in: `body` is the editor's HTML, `text` is plain.
    ///
    /// # Errors
    /// 422 with the rejected fields.
    pub fn parse(
        body: Option<&str>,
        text: Option<&str>,
        client_message_id: Option<&str>,
    ) -> Result<Self, MessageError> {
        let client_message_id = match client_message_id {
            None => ClientMessageId::random(),
            Some(id) => ClientMessageId::parse(id)
                .map_err(|problem| MessageError::rejected("client_message_id", &problem))?,
        };
        Ok(Self { client_message_id, html: markup(body, text)? })
    }
}

/// Checks what somebody wrote, `body` in the editor's HTML or `text` in plain, and makes of it the
/// markup to store.
///
/// # Errors
/// 422 with the rejected field.
pub fn markup(body: Option<&str>, text: Option<&str>) -> Result<String, MessageError> {
    let (field, source) = match (body, text) {
        (Some(body), _) => ("body", body),
        (None, Some(text)) => ("text", text),
        (None, None) => return Err(MessageError::rejected("text", "Write something first.")),
    };
    if source.len() > MAX_BODY {
        let limit = MAX_BODY / 1024;
        return Err(MessageError::rejected(
            field,
            &format!("The message is too long: at most {limit} KiB."),
        ));
    }
    let html = if body.is_some() {
        rich_text::canonicalise(source)
    } else {
        rich_text::from_plain_text(source)
    };
    if rich_text::is_blank(html.as_str()) {
        return Err(MessageError::rejected(field, "Write something first."));
    }
    Ok(html.into_string())
}

/// Why a message could not be posted or read.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// Something in it was not accepted.
    #[error("The message was not accepted.")]
    Rejected(Errors),
    /// The page's cursor, or the message itself, is not in this room.
    #[error("Message not found or inaccessible.")]
    NotFound,
    /// The author is not, or not any more, in the room.
    #[error("Room not found or inaccessible.")]
    NotAMember,
    /// The other one of a direct room does not want the author's messages.
    #[error("This person does not take direct messages from you at the moment.")]
    Blocked,
    /// Somebody else used this client message id in this room.
    #[error(
        "This client_message_id was already used by somebody else in this room. Send the message with a new one."
    )]
    ClientIdTaken,
    /// The query of a page makes no sense.
    #[error("{0}")]
    BadQuery(String),
    /// Who calls is not signed in.
    #[error(transparent)]
    Session(#[from] crate::identity::sessions::SessionError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl MessageError {
    /// 422: this field was not accepted.
    pub fn rejected(field: &str, message: &str) -> Self {
        Self::Rejected(Errors::from([(field.to_owned(), vec![message.to_owned()])]))
    }
}

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        let text = error.to_string();
        match error {
            MessageError::Rejected(errors) => Self::rejected(errors),
            MessageError::NotFound | MessageError::NotAMember => {
                Self::new(StatusCode::NOT_FOUND, text)
            }
            MessageError::Blocked => Self::new(StatusCode::FORBIDDEN, text),
            MessageError::ClientIdTaken => Self::new(StatusCode::CONFLICT, text),
            MessageError::BadQuery(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            MessageError::Session(error) => error.into(),
            MessageError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(MessageError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_not_a_message() {
        for blank in ["", "  \n ", "\u{a0}\u{200b}"] {
            assert!(
                matches!(Draft::parse(None, Some(blank), None), Err(MessageError::Rejected(_))),
                "{blank:?}"
            );
        }
        assert!(matches!(
            Draft::parse(Some("<div><br></div>"), None, None),
            Err(MessageError::Rejected(_))
        ));
        assert!(matches!(Draft::parse(None, None, None), Err(MessageError::Rejected(_))));
    }

    #[test]
    fn plain_text_is_stored_as_the_editor_would_write_it() {
        let draft = Draft::parse(None, Some("a < b\nc"), Some("x1")).expect("a draft");
        assert_eq!(draft.html, "<div>a &lt; b<br>c</div>");
        assert_eq!(draft.client_message_id.as_str(), "x1");
    }

    #[test]
    fn too_long_and_odd_ids_are_refused() {
        assert!(Draft::parse(None, Some(&"a".repeat(MAX_BODY + 1)), None).is_err());
        assert!(Draft::parse(None, Some("hi"), Some("with space")).is_err());
        assert!(Draft::parse(None, Some("hi"), Some(&"x".repeat(65))).is_err());
    }
}
