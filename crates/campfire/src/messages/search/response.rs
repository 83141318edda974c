//! Renders a page of search results as JSON.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use bytes::Bytes;

use super::highlight::Highlighter;
use crate::core::app::App;
use crate::core::ids::RoomId;
use crate::identity::users::User;
use crate::messages::pages::{PageCache, Version, to_json};
use crate::messages::rendering::by_message;
use crate::messages::store::{BoostRow, MessageRow};
use crate::rooms::views::{RoomLabel, label};

/// The rows of a page.
pub struct Hits {
    /// Oldest first.
    pub messages: Vec<Hit>,
    pub boosts: Vec<BoostRow>,
    /// The ID below which the next page starts, if there may be one.
    pub next: Option<i64>,
}

/// A message that matches.
pub struct Hit {
    pub room: RoomId,
    pub row: MessageRow,
    /// The text in the index.
    pub text: String,
}

/// A page of search results.
pub struct Page {
    /// An array of [`super::FoundMessage`] as JSON.
    pub body: Bytes,
    /// The ID below which the next page starts, if there may be one.
    pub next: Option<i64>,
}

impl Page {
    pub fn empty() -> Self {
        Self { body: Bytes::from_static(b"[]"), next: None }
    }
}

/// Appends room and snippet to each message's cached JSON.
pub fn render(
    app: &App,
    viewer: &Arc<User>,
    hits: Hits,
    highlighter: &Highlighter,
    version: Version,
) -> Result<Page, db::Error> {
    let mut boosts = by_message(hits.boosts);
    let mut labels: HashMap<RoomId, Option<RoomLabel>> = HashMap::new();
    let mut body = Vec::with_capacity(hits.messages.len() * 1024 + 2);
    body.push(b'[');
    for hit in hits.messages {
        let label = match labels.entry(hit.room) {
            Entry::Occupied(cached) => cached.into_mut(),
            Entry::Vacant(entry) => entry.insert(label(app, viewer, hit.room)?),
        };
        // The viewer was removed from the room after the snapshot was taken.
        let Some(label) = label else { continue };
        let message =
            app.state::<PageCache>().message(app, hit.room, hit.row, &mut boosts, version)?;
        if body.len() > 1 {
            body.push(b',');
        }
        // Reopens the message's object: drops its closing brace.
        body.extend_from_slice(&message[..message.len() - 1]);
        body.extend_from_slice(b",\"room\":");
        body.extend_from_slice(&to_json(label));
        body.extend_from_slice(b",\"snippet\":");
        body.extend_from_slice(&to_json(&highlighter.snippet(&hit.text)));
        body.push(b'}');
    }
    body.push(b']');
    Ok(Page { body: body.into(), next: hits.next })
}
