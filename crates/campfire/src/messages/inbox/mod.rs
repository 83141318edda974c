//! The inbox: messages that mention the user or reply to one of their messages, newest first.

pub mod events;
pub mod listener;
pub mod recipients;
pub mod routes;
pub mod store;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::app::App;
use crate::core::ids::MessageId;
use crate::http::paging;
use crate::identity::users::User;
use crate::messages::inbox::recipients::Reason;
use crate::messages::loader::MessageLoader;
use crate::messages::{Message, MessageError};
use crate::rooms::views::RoomLabel;

/// A message in your inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InboxItem {
    /// The message.
    pub message: Message,
    /// The room it was posted in.
    pub room: RoomLabel,
    /// Why it is in your inbox.
    pub reason: Reason,
    /// Whether it arrived since you last viewed your inbox.
    pub unread: bool,
}

/// A page of the inbox, and the cursor of the next page if there is one.
///
/// # Errors
/// [`MessageError::NotFound`] when the cursor is not in the inbox.
pub fn page(
    app: &App,
    viewer: &Arc<User>,
    before: Option<MessageId>,
    limit: u32,
) -> Result<(Vec<InboxItem>, Option<MessageId>), MessageError> {
    let found =
        app.db.read(|reader| store::page(reader, viewer.id, before, paging::ahead(limit)))?;
    let mut rows = found.ok_or(MessageError::NotFound)?;
    let has_more = paging::cut(&mut rows, limit);
    let next = rows.last().filter(|_| has_more).map(|row| row.message);
    let mut messages = MessageLoader::new(app, viewer);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some((message, room)) = messages.load(row.room, row.message)? {
            items.push(InboxItem { message, room, reason: row.reason, unread: row.unread });
        }
    }
    Ok((items, next))
}
