//! The inbox: messages that mention one or answer one, newest first.

pub mod routes;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::paging;
use crate::ids::MessageId;
use crate::messages::places::Places;
use crate::messages::{Message, MessageError};
use crate::notices::{Reason, store};
use crate::rooms::views::RoomLabel;
use crate::users::User;

/// A message in one's inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InboxItem {
    /// The message.
    pub message: Message,
    /// Where it was said.
    pub room: RoomLabel,
    /// Why it is here.
    pub reason: Reason,
    /// Whether it came since one last looked.
    pub unread: bool,
}

/// A part of the inbox, and the cursor of the next one if there is more.
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
    let goes_on = paging::cut(&mut rows, limit);
    let next = rows.last().filter(|_| goes_on).map(|row| row.message);
    let mut places = Places::new(app, viewer);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some((message, room)) = places.find(row.room, row.message)? {
            items.push(InboxItem { message, room, reason: row.reason, unread: row.unread });
        }
    }
    Ok((items, next))
}
