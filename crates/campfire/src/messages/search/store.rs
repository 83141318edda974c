//! SQL for the two indexes (Campfire's `message_search_index` and our `campfire_search_unspaced` for
//! CJK text), for the room index, for the rooms and names that a plan needs, and for the executor:
//! IDs of messages that may match, what it takes to check one, and what a prefix costs.

use db::{BatchWork, Reader};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Statement, named_params};

use super::cjk;
use crate::core::app::Tx;
use crate::core::ids::{MessageId, RoomId, UserId};

/// Indexes new messages at the end of a batch: FTS5 writes its pending terms at every savepoint, of
/// which each message has one. The entries are part of the same commit, so no acknowledged message
/// is missing from the index.
pub struct IndexEntries;

impl BatchWork for IndexEntries {
    type Item = (MessageId, String);

    fn finish(conn: &Connection, items: Vec<(MessageId, String)>) -> rusqlite::Result<()> {
        items.iter().try_for_each(|(id, text)| insert(conn, *id, text))
    }
}

fn insert(conn: &Connection, id: MessageId, text: &str) -> rusqlite::Result<()> {
    // A later write of the same batch may have deleted the message. This is a query of its own
    // because SQLite opens a savepoint for INSERT … SELECT, at which FTS5 writes its pending terms.
    if !conn
        .prepare_cached("SELECT 1 FROM messages WHERE id = :id")?
        .exists(named_params! { ":id": id.0 })?
    {
        return Ok(());
    }
    conn.prepare_cached("INSERT INTO message_search_index (rowid, body) VALUES (:id, :body)")?
        .execute(named_params! { ":id": id.0, ":body": text })?;
    insert_cjk(conn, id, text)
}

fn insert_cjk(conn: &Connection, id: MessageId, text: &str) -> rusqlite::Result<()> {
    if let Some(terms) = cjk::index_terms(text) {
        conn.prepare_cached(
            "INSERT INTO campfire_search_unspaced (rowid, body) VALUES (:id, :body)",
        )?
        .execute(named_params! { ":id": id.0, ":body": terms })?;
    }
    Ok(())
}

/// Indexes a message that is not in the index.
pub fn index(tx: &Tx<'_>, id: MessageId, text: &str) -> Result<(), db::Error> {
    Ok(insert(tx, id, text)?)
}

/// Removes a message from the index.
pub fn unindex(tx: &Tx<'_>, id: MessageId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM message_search_index WHERE rowid = :id")?
        .execute(named_params! { ":id": id.0 })?;
    tx.prepare_cached("DELETE FROM campfire_search_unspaced WHERE rowid = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Replaces the indexed text of a message.
pub fn reindex(tx: &Tx<'_>, id: MessageId, text: &str) -> Result<(), db::Error> {
    unindex(tx, id)?;
    index(tx, id, text)
}

/// The message up to which the CJK index was backfilled, and the newest message.
pub fn cjk_progress(reader: &Reader<'_>) -> Result<(i64, i64), db::Error> {
    let progress = reader.query_row(
        "SELECT (SELECT value FROM campfire_facts WHERE name = 'search_unspaced_through'), coalesce(max(id), 0) FROM messages",
        [],
        |row| Ok((row.get::<_, Option<i64>>(0)?.unwrap_or(0), row.get(1)?)),
    )?;
    Ok(progress)
}

/// The messages with CJK text among the next `limit` indexed ones, and the last ID that was checked;
/// `None` if there are no more.
pub fn cjk_messages_after(
    reader: &Reader<'_>,
    after: i64,
    to: i64,
    limit: u32,
) -> Result<Option<(i64, Vec<MessageId>)>, db::Error> {
    let mut statement = reader
        .prepare_cached("SELECT rowid, body FROM message_search_index WHERE rowid > :after AND rowid <= :to ORDER BY rowid LIMIT :limit")?;
    let mut rows =
        statement.query(named_params! { ":after": after, ":to": to, ":limit": limit })?;
    let (mut last, mut with_cjk) = (None, Vec::new());
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        last = Some(id);
        if row.get_ref(1)?.as_str_or_null().ok().flatten().is_some_and(cjk::contains_cjk) {
            with_cjk.push(MessageId(id));
        }
    }
    Ok(last.map(|last| (last, with_cjk)))
}

/// Replaces these messages' entries in the CJK index and saves the progress of the backfill.
pub fn reindex_cjk(tx: &Tx<'_>, messages: &[MessageId], through: i64) -> Result<(), db::Error> {
    for id in messages {
        let text: Option<String> = tx
            .prepare_cached("SELECT body FROM message_search_index WHERE rowid = :id")?
            .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
            .optional()?
            .flatten();
        tx.prepare_cached("DELETE FROM campfire_search_unspaced WHERE rowid = :id")?
            .execute(named_params! { ":id": id.0 })?;
        insert_cjk(tx, *id, &text.unwrap_or_default())?;
    }
    tx.prepare_cached(
        "INSERT INTO campfire_facts (name, value) VALUES ('search_unspaced_through', :through)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(named_params! { ":through": through })?;
    Ok(())
}

/// Calls `visit` with ID, room and timestamp of each message after this one, oldest first.
pub fn rooms_after(
    reader: &Reader<'_>,
    after: i64,
    limit: u32,
    visit: impl FnMut(i64, i64, &str),
) -> Result<(), db::Error> {
    let sql =
        "SELECT id, room_id, created_at FROM messages WHERE id > :from ORDER BY id LIMIT :limit";
    visit_rooms(reader, sql, after, limit, visit)
}

/// Calls `visit` with ID, room and timestamp of each message before this one, newest first.
pub fn rooms_before(
    reader: &Reader<'_>,
    before: i64,
    limit: u32,
    visit: impl FnMut(i64, i64, &str),
) -> Result<(), db::Error> {
    let sql = "SELECT id, room_id, created_at FROM messages WHERE id < :from ORDER BY id DESC LIMIT :limit";
    visit_rooms(reader, sql, before, limit, visit)
}

fn visit_rooms(
    reader: &Reader<'_>,
    sql: &str,
    from: i64,
    limit: u32,
    mut visit: impl FnMut(i64, i64, &str),
) -> Result<(), db::Error> {
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":from": from, ":limit": limit })?;
    while let Some(row) = rows.next()? {
        let created_at = row.get_ref(2)?.as_str_or_null().ok().flatten().unwrap_or_default();
        visit(row.get(0)?, row.get(1)?, created_at);
    }
    Ok(())
}

/// The rooms that a user is a member of.
pub fn rooms_of(reader: &Reader<'_>, user: UserId) -> Result<Vec<RoomId>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT room_id FROM memberships WHERE user_id = :user")?;
    let rooms =
        statement.query_map(named_params! { ":user": user.0 }, |row| Ok(RoomId(row.get(0)?)))?;
    Ok(rooms.collect::<Result<_, _>>()?)
}

/// The names of a user's rooms; a direct room goes by the names of its other members.
pub fn room_names(reader: &Reader<'_>, user: UserId) -> Result<Vec<(RoomId, String)>, db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT r.id, r.name FROM memberships m JOIN rooms r ON r.id = m.room_id
         WHERE m.user_id = :user AND r.type <> 'Rooms::Direct' AND r.name IS NOT NULL
         UNION ALL
         SELECT r.id, u.name FROM memberships m JOIN rooms r ON r.id = m.room_id
         JOIN memberships o ON o.room_id = r.id AND o.user_id <> m.user_id JOIN users u ON u.id = o.user_id
         WHERE m.user_id = :user AND r.type = 'Rooms::Direct'",
    )?;
    let rows = statement.query_map(named_params! { ":user": user.0 }, |row| {
        Ok((RoomId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn user_names(reader: &Reader<'_>) -> Result<Vec<(UserId, String)>, db::Error> {
    let mut statement = reader.prepare_cached("SELECT id, name FROM users")?;
    let rows = statement.query_map([], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The text of a message as it was indexed.
pub fn indexed_text(reader: &Reader<'_>, id: MessageId) -> Result<String, db::Error> {
    let text: Option<Option<String>> = reader
        .prepare_cached("SELECT body FROM message_search_index WHERE rowid = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
        .optional()?;
    Ok(text.flatten().unwrap_or_default())
}

/// A source of message IDs, newest first.
#[derive(Debug, Clone)]
pub enum Source {
    /// Messages that match an FTS5 expression.
    Index(String),
    /// Messages that match an FTS5 expression in the CJK index.
    CjkIndex(String),
    Author(UserId),
    /// Messages with an attachment.
    Files,
}

/// Prepares a source's statement; [`seek_source`] sets its parameters.
pub fn open_source<'c>(
    reader: &'c Reader<'_>,
    source: &Source,
) -> Result<CachedStatement<'c>, db::Error> {
    Ok(reader.prepare_cached(match source {
        Source::Index(_) => {
            "SELECT rowid FROM message_search_index WHERE message_search_index MATCH :value AND rowid <= :from ORDER BY rowid DESC"
        }
        Source::CjkIndex(_) => {
            "SELECT rowid FROM campfire_search_unspaced WHERE campfire_search_unspaced MATCH :value AND rowid <= :from ORDER BY rowid DESC"
        }
        Source::Author(_) => "SELECT id FROM messages WHERE creator_id = :value AND id <= :from ORDER BY id DESC",
        Source::Files => {
            "SELECT DISTINCT record_id FROM active_storage_attachments
             WHERE record_type = :value AND record_id <= :from AND name = 'attachment' ORDER BY record_id DESC"
        }
    })?)
}

/// The source's message IDs from `from` down.
pub fn seek_source<'s>(
    statement: &'s mut Statement<'_>,
    source: &Source,
    from: i64,
) -> Result<rusqlite::Rows<'s>, db::Error> {
    Ok(match source {
        Source::Index(expression) | Source::CjkIndex(expression) => {
            statement.query(named_params! { ":value": expression, ":from": from })
        }
        Source::Author(user) => statement.query(named_params! { ":value": user.0, ":from": from }),
        Source::Files => statement.query(named_params! { ":value": "Message", ":from": from }),
    }?)
}

/// Messages belong to a room and an author.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    Room(RoomId),
    Author(UserId),
}

/// The newest message of a room or author, from the ID `from` down.
pub fn newest_of(reader: &Reader<'_>, owner: Owner, from: i64) -> Result<Option<i64>, db::Error> {
    let (sql, id) = match owner {
        Owner::Room(room) => (
            "SELECT id FROM messages INDEXED BY index_messages_on_room_id WHERE room_id = :owner AND id <= :from ORDER BY id DESC LIMIT 1",
            room.0,
        ),
        Owner::Author(user) => (
            "SELECT id FROM messages INDEXED BY index_messages_on_creator_id WHERE creator_id = :owner AND id <= :from ORDER BY id DESC LIMIT 1",
            user.0,
        ),
    };
    Ok(reader
        .prepare_cached(sql)?
        .query_row(named_params! { ":owner": id, ":from": from }, |row| row.get(0))
        .optional()?)
}

/// A message that may match.
pub struct Candidate {
    pub room: RoomId,
    pub author: UserId,
    /// As stored.
    pub created_at: String,
}

/// Reads a message; `None` if it is gone.
pub fn find_candidate(reader: &Reader<'_>, id: MessageId) -> Result<Option<Candidate>, db::Error> {
    let found = reader
        .prepare_cached("SELECT room_id, creator_id, created_at FROM messages WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| {
            Ok(Candidate {
                room: RoomId(row.get(0)?),
                author: UserId(row.get(1)?),
                created_at: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The HTML of a message, and whether it has an attachment.
pub fn contents(reader: &Reader<'_>, id: MessageId) -> Result<(String, bool), db::Error> {
    let contents = reader
        .prepare_cached(
            "SELECT (SELECT body FROM action_text_rich_texts WHERE record_type = 'Message' AND record_id = :id AND name = 'body'),
                    EXISTS (SELECT 1 FROM active_storage_attachments WHERE record_type = 'Message' AND record_id = :id AND name = 'attachment')",
        )?
        .query_row(named_params! { ":id": id.0 }, |row| {
            Ok((row.get::<_, Option<String>>(0)?.unwrap_or_default(), row.get(1)?))
        })?;
    Ok(contents)
}

/// The pages of the index that hold the terms with this prefix. FTS5 reads all of them before it
/// returns the first match, and cannot be interrupted meanwhile. The count comes from the index's
/// own directory, which lists the first term of each page.
pub fn prefix_pages(reader: &Reader<'_>, uses_cjk: bool, prefix: &str) -> Result<i64, db::Error> {
    // Terms carry a leading zero in the directory, because other kinds of entries share it.
    let from = format!("0{prefix}").into_bytes();
    // Sorts after every term with this prefix: UTF-8 never contains this byte.
    let to = [from.as_slice(), &[0xff]].concat();
    let sql = if uses_cjk { PREFIX_PAGES_CJK } else { PREFIX_PAGES };
    let pages = reader
        .prepare_cached(sql)?
        .query_row(named_params! { ":from": from, ":to": to }, |row| row.get(0))?;
    Ok(pages)
}

/// Sums, over all segments, the pages from the one with the first term of the prefix to the one with
/// the first later term, or to the last page if there is no later term.
macro_rules! prefix_pages {
    ($index:literal) => {
        concat!(
            "WITH RECURSIVE segments (segid) AS (
               SELECT min(segid) FROM ",
            $index,
            "_idx
               UNION ALL SELECT (SELECT min(i.segid) FROM ",
            $index,
            "_idx i WHERE i.segid > segments.segid) FROM segments WHERE segid IS NOT NULL)
             SELECT coalesce(sum(1 + last - first), 0) FROM (
               SELECT coalesce((SELECT pgno / 2 FROM ",
            $index,
            "_idx i WHERE i.segid = s.segid AND term <= :from ORDER BY term DESC LIMIT 1), 1) AS first,
                      coalesce((SELECT pgno / 2 FROM ",
            $index,
            "_idx i WHERE i.segid = s.segid AND term > :to ORDER BY term LIMIT 1),
                               (SELECT max(id) - (s.segid << 37) FROM ",
            $index,
            "_data
                                WHERE id >= s.segid << 37 AND id < (s.segid << 37) + (1 << 31))) AS last
               FROM segments s WHERE s.segid IS NOT NULL)"
        )
    };
}
const PREFIX_PAGES: &str = prefix_pages!("message_search_index");
const PREFIX_PAGES_CJK: &str = prefix_pages!("campfire_search_unspaced");

/// The terms of the index with this prefix; `None` if there are more than `limit`.
pub fn prefix_terms(
    reader: &Reader<'_>,
    uses_cjk: bool,
    prefix: &str,
    limit: usize,
) -> Result<Option<Vec<String>>, db::Error> {
    let sql = if uses_cjk {
        "SELECT term FROM campfire_search_unspaced_words WHERE term >= :from AND term <= :to LIMIT 1"
    } else {
        "SELECT term FROM campfire_search_words WHERE term >= :from AND term <= :to LIMIT 1"
    };
    let mut statement = reader.prepare_cached(sql)?;
    let (mut from, to) = (prefix.to_owned(), format!("{prefix}\u{10ffff}"));
    let mut terms = Vec::new();
    while let Some(term) = statement
        .query_row(named_params! { ":from": from, ":to": to }, |row| row.get::<_, String>(0))
        .optional()?
    {
        if terms.len() == limit {
            return Ok(None);
        }
        // Sorts before every longer term. With `term > :from`, the vocabulary table would first
        // walk every position of the term itself.
        from = format!("{term}\u{1}");
        terms.push(term);
    }
    Ok(Some(terms))
}
