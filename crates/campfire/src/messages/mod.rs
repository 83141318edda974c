//! Messages: what a message is, which ones are valid, and how they are rendered.

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

/// Maximum bytes of a message's text or HTML.
pub const MAX_BODY: usize = 64 * 1024;

/// Maximum characters of a client message id.
const MAX_CLIENT_ID: usize = 64;

/// Type of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A text.
    Text,
    /// A sound: the text is `/play NAME` with a known name.
    Sound,
    /// A file.
    Attachment,
}

/// Text of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Body {
    /// Sanitized HTML with links and rendered mentions, safe to insert into a page.
    pub html: String,
    /// The text without markup; for a file without text, its name.
    pub plain: String,
}

/// File of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attachment {
    /// File name.
    pub filename: String,
    /// Media type.
    pub content_type: String,
    /// Size in bytes.
    pub byte_size: u64,
    /// URL to display the file.
    pub url: String,
    /// URL to download the file under its name.
    pub download_url: String,
    /// URL of a preview image.
    #[schema(required)]
    pub preview_url: Option<String>,
    /// URL of a thumbnail image.
    #[schema(required)]
    pub thumbnail_url: Option<String>,
    /// Width in pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// Height in pixels.
    #[schema(required)]
    pub height: Option<u32>,
    /// Duration in seconds.
    #[schema(required)]
    pub duration: Option<f64>,
}

/// The message that a message replies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplyTo {
    /// ID of a message in the same room.
    pub message_id: MessageId,
    /// Author of that message.
    pub user_id: UserId,
}

/// A short reaction to a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Boost {
    /// ID of the boost.
    pub id: i64,
    /// The boosted message.
    pub message_id: MessageId,
    /// Who added the boost.
    pub booster: Arc<User>,
    /// Up to 16 characters; boosts imported from Campfire may be longer.
    pub content: String,
    /// When it was added.
    pub created_at: Time,
}

/// A message as the members of its room see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    /// ID of the message.
    pub id: MessageId,
    /// ID chosen by the author's client. Unique in its room for messages stored by this server.
    pub client_message_id: String,
    /// The room it was posted in.
    pub room_id: RoomId,
    /// Author of the message.
    pub creator: Arc<User>,
    /// Type of the message.
    pub kind: Kind,
    /// Text of the message.
    pub body: Body,
    /// Whether the text consists of emoji only.
    pub emoji_only: bool,
    /// IDs of the mentioned members of the room.
    pub mentions: Vec<UserId>,
    /// The sound it plays, if it is one.
    #[schema(required)]
    pub sound: Option<SoundView>,
    /// Its file. Always null for now, also for attachments: files are not served yet.
    #[schema(required)]
    pub attachment: Option<Attachment>,
    /// The message it replies to, unless that was deleted.
    #[schema(required)]
    pub reply_to: Option<ReplyTo>,
    /// Boosts, oldest first.
    pub boosts: Vec<Boost>,
    /// When it was posted. Messages are ordered by this time, then by ID.
    pub created_at: Time,
    /// When the message, its text or its boosts last changed.
    pub updated_at: Time,
    /// Whether the text was edited.
    pub edited: bool,
    /// Path of the page that shows the message.
    pub url: String,
}

/// An id that the author's client gives a message, so that it can be sent again safely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMessageId(String);

impl ClientMessageId {
    /// Validates an id: 1 to 64 visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty()
            || text.len() > MAX_CLIENT_ID
            || !text.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(format!("must be 1 to {MAX_CLIENT_ID} visible ASCII characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// For clients that sent no id.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A validated message to post.
#[derive(Debug, Clone)]
pub struct Draft {
    pub client_message_id: ClientMessageId,
    /// The HTML to store.
    pub html: String,
}

impl Draft {
    /// Validates a message: `body` is the editor's HTML, `text` is plain text.
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

/// Validates a text, given as the editor's HTML in `body` or as plain text in `text`, and returns
/// the HTML to store.
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
        rich_text::canonicalize(source)
    } else {
        rich_text::from_plain_text(source)
    };
    if rich_text::is_blank(html.as_str()) {
        return Err(MessageError::rejected(field, "Write something first."));
    }
    Ok(html.into_string())
}

/// Why a message request failed.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    #[error("The message is invalid.")]
    Rejected(Errors),
    /// The message or the page's cursor is not in this room.
    #[error("Message not found or inaccessible.")]
    NotFound,
    #[error("Room not found or inaccessible.")]
    NotAMember,
    /// The other person in a direct room has blocked the author.
    #[error("This person doesn't accept direct messages from you.")]
    Blocked,
    /// Another author used this client message id in this room.
    #[error(
        "Someone else already used this client_message_id in this room. Send the message with a new one."
    )]
    ClientIdTaken,
    #[error("{0}")]
    BadQuery(String),
    #[error(transparent)]
    Session(#[from] crate::identity::sessions::SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl MessageError {
    /// Rejects one field with 422.
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
    fn blank_messages_are_rejected() {
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
    fn plain_text_becomes_the_editors_html() {
        let draft = Draft::parse(None, Some("a < b\nc"), Some("x1")).expect("a draft");
        assert_eq!(draft.html, "<div>a &lt; b<br>c</div>");
        assert_eq!(draft.client_message_id.as_str(), "x1");
    }

    #[test]
    fn long_texts_and_invalid_client_ids_are_rejected() {
        assert!(Draft::parse(None, Some(&"a".repeat(MAX_BODY + 1)), None).is_err());
        assert!(Draft::parse(None, Some("hi"), Some("with space")).is_err());
        assert!(Draft::parse(None, Some("hi"), Some(&"x".repeat(65))).is_err());
    }
}
