//! Pages of a room's messages, rendered once per change of the room and shared by all readers.

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
use crate::identity::users::Users;
use crate::rooms::memberships::Memberships;

/// Default number of messages in a page, as in Campfire.
pub const PAGE: u32 = 40;
/// Maximum number of messages in a page.
pub const MAX_PAGE: u32 = 100;

/// Cached pages. A page is about 30 KB, so all of them take about 15 MB.
const CACHED_PAGES: usize = 512;
/// Messages cached as JSON. A message is about 1 KB.
const CACHED_MESSAGES: usize = 8_192;

/// Cached message counts, one per room.
const CACHED_COUNTS: usize = 2_048;
/// Up to this number, messages are counted on the calling thread, which takes at most a
/// millisecond.
const COUNTED_AT_ONCE: i64 = 10_000;
/// Time limit for counting more.
const COUNTING_TIME: Duration = Duration::from_secs(10);

/// Which messages of a room to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    Latest,
    Before(MessageId),
    After(MessageId),
    /// This message and up to a page on both sides of it.
    Around(MessageId),
}

/// The version of users and memberships that a page was rendered with: every message contains names
/// and mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64, u64);

impl Version {
    /// Must be taken before anything is read that is rendered.
    pub fn now(app: &App) -> Self {
        Self(app.state::<Users>().version(), app.state::<Memberships>().version())
    }
}

/// Caches rendered pages and messages.
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
    /// A page, from the cache or rendered.
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
        let render = || self.render(app, room, cursor, limit, version).map(Some);
        let page = self.pages.get(room.0, &(room, cursor, limit, version), render)?;
        page.ok_or(MessageError::NotFound)
    }

    /// The number of messages in a room.
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

    /// Invalidates the room's pages and count. Single messages stay cached: their key contains
    /// `updated_at`, which changes with every edit.
    pub fn invalidate_pages(&self, room: RoomId) {
        self.pages.invalidate(room.0);
        self.counts.invalidate(room.0);
    }

    /// Invalidates all messages of the room as well: messages that reply to a deleted or restored
    /// message render differently, and which ones these are is not known.
    pub fn invalidate_messages(&self, room: RoomId) {
        self.messages.invalidate(room.0);
        self.invalidate_pages(room);
    }

    pub fn invalidate_all(&self) {
        self.pages.invalidate_all();
        self.messages.invalidate_all();
        self.counts.invalidate_all();
    }

    fn render(
        &self,
        app: &App,
        room: RoomId,
        cursor: Cursor,
        limit: u32,
        version: Version,
    ) -> Result<Prepared, MessageError> {
        let (rows, has_more, mut boosts) = app.db.read(|reader| {
            let (rows, has_more) = rows(reader, room, cursor, limit)?;
            let boosts = store::boosts(reader, &rows)?;
            Ok::<_, MessageError>((rows, has_more, rendering::by_message(boosts)))
        })?;
        let link = if has_more { link(room, cursor, limit, &rows) } else { None };
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

    /// A message as JSON, from the cache or rendered.
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

pub fn to_json<T: serde::Serialize>(value: &T) -> Bytes {
    serde_json::to_vec(value).expect("our own types have string keys and finite numbers").into()
}

/// The messages of a page, oldest first, and whether there are more in its direction. A page around
/// a message has no next page.
///
/// # Errors
/// [`MessageError::NotFound`] when the cursor's message is not in the room.
pub fn rows(
    reader: &db::Reader<'_>,
    room: RoomId,
    cursor: Cursor,
    limit: u32,
) -> Result<(Vec<MessageRow>, bool), MessageError> {
    let position = |id| -> Result<Position, MessageError> {
        store::position(reader, room, id)?.ok_or(MessageError::NotFound)
    };
    // A client that was offline continues from the last message it knows, even if that was deleted
    // since.
    let last_known = |id| match position(id) {
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
            let has_more = paging::cut(&mut rows, limit);
            return Ok((rows, has_more));
        }
        Cursor::Around(id) => {
            let position = position(id)?;
            let mut rows = store::after(reader, room, &position, limit)?;
            rows.reverse();
            rows.extend(store::find(reader, room, id)?);
            rows.extend(store::before(reader, room, &position, limit)?);
            rows.reverse();
            return Ok((rows, false));
        }
    };
    let has_more = paging::cut(&mut rows, limit);
    rows.reverse();
    Ok((rows, has_more))
}

/// The `Link` header of the next page.
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
