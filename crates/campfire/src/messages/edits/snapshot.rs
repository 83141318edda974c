//! A deleted message with everything that hung on it, as it is kept for the seconds in which the
//! deletion can be taken back. Times stay in the database's own spelling, so that what comes back
//! is the same to the last digit.

use serde::{Deserialize, Serialize};

use crate::core::clock::Time;
use crate::core::ids::{MessageId, UserId};
use crate::messages::store::{BoostRow, MessageRow};

/// A message's rows in all tables.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Who said it.
    pub creator_id: i64,
    /// The author's own id for it.
    pub client_message_id: String,
    /// When it was stored.
    pub created_at: String,
    /// The text.
    pub text: Option<TextCopy>,
    /// The name of its file, if it is nothing but a file.
    pub filename: Option<String>,
    /// Reactions.
    pub boosts: Vec<BoostCopy>,
    /// Who keeps it.
    pub bookmarks: Vec<BookmarkCopy>,
    /// Whom it called.
    pub notices: Vec<NoticeCopy>,
    /// Its file, and files in its text.
    pub files: Vec<FileCopy>,
}

/// A row of `action_text_rich_texts`.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the table")]
pub struct TextCopy {
    pub id: i64,
    pub body: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

/// A row of `boosts`.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the table")]
pub struct BoostCopy {
    pub id: i64,
    pub booster_id: i64,
    pub content: String,
    pub created_at: String,
    pub updated_at: String,
}

/// A row of `campfire_bookmarks`.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the table")]
pub struct BookmarkCopy {
    pub id: i64,
    pub user_id: i64,
    pub created_at: String,
}

/// A row of `campfire_notices`.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the table")]
pub struct NoticeCopy {
    pub user_id: i64,
    pub reason: String,
    pub noticed_at: String,
}

/// A row of `active_storage_attachments`.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the table")]
pub struct FileCopy {
    pub id: i64,
    pub name: String,
    pub record_type: String,
    pub record_id: i64,
    pub blob_id: i64,
    pub created_at: String,
}

impl Snapshot {
    /// The message as it was stored.
    pub fn row(&self, id: MessageId) -> MessageRow {
        let text = self.text.as_ref();
        MessageRow {
            id,
            client_message_id: self.client_message_id.clone(),
            creator_id: UserId(self.creator_id),
            created_at: time(&self.created_at),
            updated_at: time(&self.created_at),
            html: text.and_then(|text| text.body.clone()),
            edited: text.is_some_and(|text| text.updated_at != text.created_at),
            filename: self.filename.clone(),
        }
    }

    /// Its boosts as they were stored, oldest first.
    pub fn boost_rows(&self, id: MessageId) -> Vec<BoostRow> {
        let row = |boost: &BoostCopy| BoostRow {
            id: boost.id,
            message_id: id,
            booster_id: UserId(boost.booster_id),
            content: boost.content.clone(),
            created_at: time(&boost.created_at),
        };
        self.boosts.iter().map(row).collect()
    }
}

fn time(text: &str) -> Time {
    Time::from_rails(text).unwrap_or(Time::from(jiff::Timestamp::UNIX_EPOCH))
}
