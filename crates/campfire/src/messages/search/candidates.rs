//! SQL for the executor: IDs of messages that may match, from the newest down, what it takes to
//! check one, and what a prefix costs.

use db::Reader;
use rusqlite::{CachedStatement, OptionalExtension, Statement, named_params};

use crate::core::ids::{MessageId, RoomId, UserId};

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

/// Prepares a source's statement; [`seek`] sets its parameters.
pub fn open<'c>(reader: &'c Reader<'_>, source: &Source) -> Result<CachedStatement<'c>, db::Error> {
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
pub fn seek<'s>(
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
pub fn find(reader: &Reader<'_>, id: MessageId) -> Result<Option<Candidate>, db::Error> {
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
