//! A deleted message with everything that belongs to it, kept while it can be restored. Times keep
//! the format of the database, so that a restored row equals the deleted one.

use serde::{Deserialize, Serialize};

use crate::core::clock::Time;
use crate::core::ids::{MessageId, UserId};
use crate::messages::store::{BoostRow, MessageRow};

/// The rows of a message in all tables.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    pub creator_id: i64,
    pub client_message_id: String,
    pub created_at: String,
    pub text: Option<TextCopy>,
    /// The file name, if the message has no text.
    pub filename: Option<String>,
    /// The text in the search index, which may come from another version of Campfire.
    pub indexed: Option<String>,
    pub boosts: Vec<BoostCopy>,
    pub bookmarks: Vec<BookmarkCopy>,
    pub notices: Vec<NoticeCopy>,
    /// The message's own file and the files in its text.
    pub files: Vec<FileCopy>,
}

/// A row of `action_text_rich_texts`.
#[derive(Debug, Serialize, Deserialize)]
pub struct TextCopy {
    pub id: i64,
    pub body: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

/// A row of `boosts`.
#[derive(Debug, Serialize, Deserialize)]
pub struct BoostCopy {
    pub id: i64,
    pub booster_id: i64,
    pub content: String,
    pub created_at: String,
    pub updated_at: String,
}

/// A row of `campfire_bookmarks`.
#[derive(Debug, Serialize, Deserialize)]
pub struct BookmarkCopy {
    pub id: i64,
    pub user_id: i64,
    pub created_at: String,
}

/// A row of `campfire_notices`.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoticeCopy {
    pub user_id: i64,
    pub reason: String,
    pub noticed_at: String,
}

/// A row of `active_storage_attachments`.
#[derive(Debug, Serialize, Deserialize)]
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
