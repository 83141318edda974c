//! Pages of a room's messages: made once per change of the room, then shared by all who read it.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;

use super::MessageError;
use super::rendering;
use super::store::{self, MessageRow, Position};
use crate::core::app::{App, DomainState};
use crate::core::cache::VersionedCache;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId};
use crate::http::conditional::Prepared;
use crate::http::paging;
use crate::identity::users::People;
use crate::rooms::memberships::Memberships;

/// Messages in a page unless the reader wants another number, as in Campfire.
pub const PAGE: u32 = 40;
/// Messages in a page at most.
pub const MAX_PAGE: u32 = 100;

/// Cached pages: at about 30 KB each some 15 MB at most.
const CACHED_PAGES: usize = 512;
/// Single messages remembered as JSON: about a kilobyte each.
const CACHED_MESSAGES: usize = 8_192;

/// Rooms of which is remembered how many messages they have.
const CACHED_COUNTS: usize = 2_048;
/// Messages that are counted on the caller's thread: a millisecond at most.
const COUNTED_AT_ONCE: i64 = 10_000;
/// Time to count more.
const COUNTING_TIME: Duration = Duration::from_secs(10);

/// Which part of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// The newest.
    Latest,
    /// Those before this message.
    Before(MessageId),
    /// Those after this message.
    After(MessageId),
    /// Up to a page on both sides of this message, and it.
    Around(MessageId),
}

/// Which state of people and memberships was rendered: names and mentions stand in every message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64, u64);

impl Version {
    /// Taken before anything is read that will be rendered.
    pub fn now(app: &App) -> Self {
        Self(app.state::<People>().version(), app.state::<Memberships>().version())
    }
}

/// What was rendered, remembered until the room changes.
pub struct PageCache {
    pages: VersionedCache<(RoomId, Cursor, u32, Version), Prepared>,
    messages: VersionedCache<(MessageId, Time, Version), Bytes>,
    counts: VersionedCache<RoomId, i64>,
}

impl Default for PageCache {
    fn default() -> Self {
        Self {
            pages: VersionedCache::new(CACHED_PAGES),
            messages: VersionedCache::new(CACHED_MESSAGES),
            counts: VersionedCache::new(CACHED_COUNTS),
        }
    }
}

impl PageCache {
    /// The page, from memory or made anew.
    ///
    /// # Errors
    /// [`MessageError::NotFound`] when the cursor's message is not in the room.
    pub fn get(
        &self,
        app: &App,
        room: RoomId,
        cursor: Cursor,
        limit: u32,
    ) -> Result<Prepared, MessageError> {
        let version = Version::now(app);
        let make = || self.make(app, room, cursor, limit, version).map(Some);
        let page = self.pages.get(room.0, &(room, cursor, limit, version), make)?;
        page.ok_or(MessageError::NotFound)
    }

    /// How many messages a room has, from memory or counted anew.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&self, app: &App, room: RoomId) -> Result<i64, db::Error> {
        let counted = async {
            match app.db.read(|reader| store::count(reader, room, COUNTED_AT_ONCE))? {
                COUNTED_AT_ONCE => {
                    app.db
                        .read_long(COUNTING_TIME, move |reader| {
                            store::count(reader, room, i64::MAX)
                        })
                        .await
                }
                few => Ok(few),
            }
        };
        self.counts.get_async(room.0, &room, counted).await
    }

    /// Something was added to the room, or changed in it. Single messages are remembered by the
    /// moment of their last change, which moves on with every one.
    pub fn invalidate_pages(&self, room: RoomId) {
        self.pages.invalidate(room.0);
        self.counts.invalidate(room.0);
    }

    /// A message of the room is gone, or back: with it, what answers to it look different. Which
    /// those are nobody remembers.
    pub fn invalidate_messages(&self, room: RoomId) {
        self.messages.invalidate(room.0);
        self.invalidate_pages(room);
    }

    /// Nothing remembered is believed any more.
    pub fn invalidate_all(&self) {
        self.pages.invalidate_all();
        self.messages.invalidate_all();
        self.counts.invalidate_all();
    }

    fn make(
        &self,
        app: &App,
        room: RoomId,
        cursor: Cursor,
        limit: u32,
        version: Version,
    ) -> Result<Prepared, MessageError> {
        let (rows, goes_on, mut boosts) = app.db.read(|reader| {
            let (rows, goes_on) = rows(reader, room, cursor, limit)?;
            let boosts = store::boosts(reader, &rows)?;
            Ok::<_, MessageError>((rows, goes_on, rendering::by_message(boosts)))
        })?;
        let link = if goes_on { link(room, cursor, limit, &rows) } else { None };
        let mut body = Vec::with_capacity(rows.len() * 768 + 2);
        body.push(b'[');
        for row in rows {
            if body.len() > 1 {
                body.push(b',');
            }
            body.extend_from_slice(&self.message(app, room, row, &mut boosts, version)?);
        }
        body.push(b']');
        Ok(Prepared::new(body.into(), link))
    }

    /// A message as JSON, from memory or made anew.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn message(
        &self,
        app: &App,
        room: RoomId,
        row: MessageRow,
        boosts: &mut std::collections::HashMap<MessageId, Vec<store::BoostRow>>,
        version: Version,
    ) -> Result<Bytes, db::Error> {
        let id = row.id;
        let boosts = boosts.remove(&id).unwrap_or_default();
        let json = self.messages.get(room.0, &(id, row.updated_at, version), || {
            let message = rendering::message(app, room, row, boosts)?;
            Ok::<_, db::Error>(Some(to_json(&message)))
        })?;
        Ok(json.unwrap_or_default())
    }
}

/// A message as JSON.
pub fn to_json<T: serde::Serialize>(value: &T) -> Bytes {
    serde_json::to_vec(value).expect("our own types have string keys and finite numbers").into()
}

/// The rows of a page, oldest first, and whether there is more in the direction of travel; around a
/// message there is none.
///
/// # Errors
/// [`MessageError::NotFound`] when the cursor's message is not in the room.
pub fn rows(
    reader: &db::Reader<'_>,
    room: RoomId,
    cursor: Cursor,
    limit: u32,
) -> Result<(Vec<MessageRow>, bool), MessageError> {
    let place = |id| -> Result<Position, MessageError> {
        store::position(reader, room, id)?.ok_or(MessageError::NotFound)
    };
    // Who was away goes on from the last message known here, also if that was deleted meanwhile.
    let last_known = |id| match place(id) {
        Err(MessageError::NotFound) => {
            store::former_position(reader, room, id)?.ok_or(MessageError::NotFound)
        }
        found => found,
    };
    let ahead = paging::ahead(limit);
    let mut rows = match cursor {
        Cursor::Latest => store::latest(reader, room, ahead)?,
        Cursor::Before(id) => store::before(reader, room, &last_known(id)?, ahead)?,
        Cursor::After(id) => {
            let mut rows = store::after(reader, room, &last_known(id)?, ahead)?;
            let goes_on = paging::cut(&mut rows, limit);
            return Ok((rows, goes_on));
        }
        Cursor::Around(id) => {
            let place = place(id)?;
            let mut rows = store::after(reader, room, &place, limit)?;
            rows.reverse();
            rows.extend(store::find(reader, room, id)?);
            rows.extend(store::before(reader, room, &place, limit)?);
            rows.reverse();
            return Ok((rows, false));
        }
    };
    let goes_on = paging::cut(&mut rows, limit);
    rows.reverse();
    Ok((rows, goes_on))
}

/// Where the page that follows this one in the direction of travel begins.
fn link(room: RoomId, cursor: Cursor, limit: u32, rows: &[MessageRow]) -> Option<HeaderValue> {
    let mut link = format!("</api/v1/rooms/{}/messages?", room.0);
    let written = match cursor {
        Cursor::After(_) => write!(link, "after={}", rows.last()?.id.0),
        Cursor::Latest | Cursor::Before(_) => write!(link, "before={}", rows.first()?.id.0),
        Cursor::Around(_) => return None,
    };
    written.ok()?;
    if limit != PAGE {
        write!(link, "&limit={limit}").ok()?;
    }
    link.push_str(">; rel=\"next\"");
    HeaderValue::from_str(&link).ok()
}

impl DomainState for PageCache {
    fn on_external_write(&self, _: &App) {
        self.invalidate_all();
    }
}
