//! SQL about searching: Campfire's `message_search_index`, our second table for scripts without
//! spaces, and recent searches.

use db::{BatchWork, Reader};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Statement, named_params};

use super::scripts;
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};

/// Enters messages into the index at the end of a batch: entering them one by one would make the
/// index write its pending terms at every savepoint. They are part of the same commit, so no
/// acknowledged message is ever missing.
pub struct IndexEntries;

impl BatchWork for IndexEntries {
    type Item = (MessageId, String);

    fn finish(conn: &Connection, items: Vec<(MessageId, String)>) -> rusqlite::Result<()> {
        items.iter().try_for_each(|(id, body)| enter(conn, *id, body))
    }
}

fn enter(conn: &Connection, id: MessageId, words: &str) -> rusqlite::Result<()> {
    // A room or an author may have been removed later in the same batch, and their messages with
    // them. Asked apart: an INSERT that selects is a savepoint to SQLite, at which the index
    // would write its pending terms.
    if !conn
        .prepare_cached("SELECT 1 FROM messages WHERE id = :id")?
        .exists(named_params! { ":id": id.0 })?
    {
        return Ok(());
    }
    conn.prepare_cached("INSERT INTO message_search_index (rowid, body) VALUES (:id, :body)")?
        .execute(named_params! { ":id": id.0, ":body": words })?;
    enter_unspaced(conn, id, words)
}

/// Most texts have nothing that the second table holds.
fn enter_unspaced(conn: &Connection, id: MessageId, words: &str) -> rusqlite::Result<()> {
    if let Some(pairs) = scripts::for_table(words) {
        conn.prepare_cached(
            "INSERT INTO campfire_search_unspaced (rowid, body) VALUES (:id, :body)",
        )?
        .execute(named_params! { ":id": id.0, ":body": pairs })?;
    }
    Ok(())
}

/// Enters a message that is not in the index.
pub fn index(tx: &Tx<'_>, id: MessageId, words: &str) -> Result<(), db::Error> {
    Ok(enter(tx, id, words)?)
}

/// Takes a message out of the index.
pub fn unindex(tx: &Tx<'_>, id: MessageId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM message_search_index WHERE rowid = :id")?
        .execute(named_params! { ":id": id.0 })?;
    tx.prepare_cached("DELETE FROM campfire_search_unspaced WHERE rowid = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Enters a message's new words instead of its old ones.
pub fn reindex(tx: &Tx<'_>, id: MessageId, words: &str) -> Result<(), db::Error> {
    unindex(tx, id)?;
    index(tx, id, words)
}

/// Up to which message the second table was brought up to date at some start, and the newest
/// message there is now.
pub fn unspaced_progress(reader: &Reader<'_>) -> Result<(i64, i64), db::Error> {
    let progress = reader.query_row(
        "SELECT (SELECT value FROM campfire_facts WHERE name = 'search_unspaced_through'), coalesce(max(id), 0) FROM messages",
        [],
        |row| Ok((row.get::<_, Option<i64>>(0)?.unwrap_or(0), row.get(1)?)),
    )?;
    Ok(progress)
}

/// The messages of a stretch whose text the second table should hold, and where the stretch ended;
/// `None` behind the last.
pub fn unspaced_after(
    reader: &Reader<'_>,
    after: i64,
    to: i64,
    limit: u32,
) -> Result<Option<(i64, Vec<MessageId>)>, db::Error> {
    let mut statement = reader
        .prepare_cached("SELECT rowid, body FROM message_search_index WHERE rowid > :after AND rowid <= :to ORDER BY rowid LIMIT :limit")?;
    let mut rows =
        statement.query(named_params! { ":after": after, ":to": to, ":limit": limit })?;
    let (mut last, mut found) = (None, Vec::new());
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        last = Some(id);
        if row.get_ref(1)?.as_str_or_null().ok().flatten().is_some_and(scripts::has_unspaced) {
            found.push(MessageId(id));
        }
    }
    Ok(last.map(|last| (last, found)))
}

/// Enters these messages into the second table anew, with the words they have now, and notes how
/// far that went.
pub fn renew_unspaced(tx: &Tx<'_>, messages: &[MessageId], through: i64) -> Result<(), db::Error> {
    for id in messages {
        let words: Option<String> = tx
            .prepare_cached("SELECT body FROM message_search_index WHERE rowid = :id")?
            .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
            .optional()?
            .flatten();
        tx.prepare_cached("DELETE FROM campfire_search_unspaced WHERE rowid = :id")?
            .execute(named_params! { ":id": id.0 })?;
        enter_unspaced(tx, *id, &words.unwrap_or_default())?;
    }
    tx.prepare_cached(
        "INSERT INTO campfire_facts (name, value) VALUES ('search_unspaced_through', :through)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(named_params! { ":through": through })?;
    Ok(())
}

/// Tells the room and the moment of each message after this one, oldest first.
pub fn rooms_after(
    reader: &Reader<'_>,
    after: i64,
    limit: u32,
    mut tell: impl FnMut(i64, i64, &str),
) -> Result<(), db::Error> {
    let mut statement = reader.prepare_cached(
        "SELECT id, room_id, created_at FROM messages WHERE id > :after ORDER BY id LIMIT :limit",
    )?;
    let mut rows = statement.query(named_params! { ":after": after, ":limit": limit })?;
    while let Some(row) = rows.next()? {
        tell(
            row.get(0)?,
            row.get(1)?,
            row.get_ref(2)?.as_str_or_null().ok().flatten().unwrap_or_default(),
        );
    }
    Ok(())
}

/// Tells the room and the moment of each message before this one, newest first.
pub fn rooms_before(
    reader: &Reader<'_>,
    before: i64,
    limit: u32,
    mut tell: impl FnMut(i64, i64, &str),
) -> Result<(), db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT id, room_id, created_at FROM messages WHERE id < :before ORDER BY id DESC LIMIT :limit")?;
    let mut rows = statement.query(named_params! { ":before": before, ":limit": limit })?;
    while let Some(row) = rows.next()? {
        tell(
            row.get(0)?,
            row.get(1)?,
            row.get_ref(2)?.as_str_or_null().ok().flatten().unwrap_or_default(),
        );
    }
    Ok(())
}

/// The rooms that a person is in.
pub fn rooms_of(reader: &Reader<'_>, user: UserId) -> Result<Vec<RoomId>, db::Error> {
    let mut statement =
        reader.prepare_cached("SELECT room_id FROM memberships WHERE user_id = :user")?;
    let rooms =
        statement.query_map(named_params! { ":user": user.0 }, |row| Ok(RoomId(row.get(0)?)))?;
    Ok(rooms.collect::<Result<_, _>>()?)
}

/// The names of a person's rooms; of a direct room, those of the others in it.
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

/// The names of everybody.
pub fn user_names(reader: &Reader<'_>) -> Result<Vec<(UserId, String)>, db::Error> {
    let mut statement = reader.prepare_cached("SELECT id, name FROM users")?;
    let rows = statement.query_map([], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where messages that may match come from, each source by number, newest first.
#[derive(Debug, Clone)]
pub enum Source {
    /// The full-text index.
    Words(String),
    /// The table for scripts without spaces.
    Unspaced(String),
    /// What one person said.
    Author(UserId),
    /// What has a file.
    Files,
}

/// A source's statement; its parameters are set by [`seek`].
pub fn open<'c>(reader: &'c Reader<'_>, source: &Source) -> Result<CachedStatement<'c>, db::Error> {
    Ok(reader.prepare_cached(match source {
        Source::Words(_) => {
            "SELECT rowid FROM message_search_index WHERE message_search_index MATCH :what AND rowid <= :from ORDER BY rowid DESC"
        }
        Source::Unspaced(_) => {
            "SELECT rowid FROM campfire_search_unspaced WHERE campfire_search_unspaced MATCH :what AND rowid <= :from ORDER BY rowid DESC"
        }
        Source::Author(_) => "SELECT id FROM messages WHERE creator_id = :what AND id <= :from ORDER BY id DESC",
        Source::Files => {
            "SELECT DISTINCT record_id FROM active_storage_attachments
             WHERE record_type = :what AND record_id <= :from AND name = 'attachment' ORDER BY record_id DESC"
        }
    })?)
}

/// The source's messages from this number down.
pub fn seek<'s>(
    statement: &'s mut Statement<'_>,
    source: &Source,
    from: i64,
) -> Result<rusqlite::Rows<'s>, db::Error> {
    Ok(match source {
        Source::Words(what) | Source::Unspaced(what) => {
            statement.query(named_params! { ":what": what, ":from": from })
        }
        Source::Author(user) => statement.query(named_params! { ":what": user.0, ":from": from }),
        Source::Files => statement.query(named_params! { ":what": "Message", ":from": from }),
    }?)
}

/// Whose messages.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    /// A room's.
    Room(RoomId),
    /// A person's.
    Author(UserId),
}

/// The newest of these messages up to this number.
pub fn newest_of(reader: &Reader<'_>, owner: Owner, from: i64) -> Result<Option<i64>, db::Error> {
    let (sql, number) = match owner {
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
        .query_row(named_params! { ":owner": number, ":from": from }, |row| row.get(0))
        .optional()?)
}

/// Where and by whom a message was said, and when, as stored.
pub struct Candidate {
    /// Where.
    pub room: RoomId,
    /// By whom.
    pub author: UserId,
    /// When.
    pub said_at: String,
}

/// What a message is, if it is there.
pub fn candidate(reader: &Reader<'_>, id: i64) -> Result<Option<Candidate>, db::Error> {
    let found = reader
        .prepare_cached("SELECT room_id, creator_id, created_at FROM messages WHERE id = :id")?
        .query_row(named_params! { ":id": id }, |row| {
            Ok(Candidate {
                room: RoomId(row.get(0)?),
                author: UserId(row.get(1)?),
                said_at: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The markup of a message, and whether it has a file.
pub fn contents(reader: &Reader<'_>, id: i64) -> Result<(String, bool), db::Error> {
    let contents = reader
        .prepare_cached(
            "SELECT (SELECT body FROM action_text_rich_texts WHERE record_type = 'Message' AND record_id = :id AND name = 'body'),
                    EXISTS (SELECT 1 FROM active_storage_attachments WHERE record_type = 'Message' AND record_id = :id AND name = 'attachment')",
        )?
        .query_row(named_params! { ":id": id }, |row| {
            Ok((row.get::<_, Option<String>>(0)?.unwrap_or_default(), row.get(1)?))
        })?;
    Ok(contents)
}

/// The words of a message as they were entered into the index.
pub fn words(reader: &Reader<'_>, id: MessageId) -> Result<String, db::Error> {
    let words: Option<Option<String>> = reader
        .prepare_cached("SELECT body FROM message_search_index WHERE rowid = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))
        .optional()?;
    Ok(words.flatten().unwrap_or_default())
}

/// How many pages of the index the words with this beginning fill: all of them are read before the
/// first match is known, and no time limit reaches that. The number comes from the index's own
/// directory, which tells on which page of a segment a word begins.
pub fn pages_of_beginning(
    reader: &Reader<'_>,
    unspaced: bool,
    beginning: &str,
) -> Result<i64, db::Error> {
    // Words carry a leading zero in the directory, because other kinds of entries share it.
    let from = format!("0{beginning}").into_bytes();
    // Behind every word with this beginning: no UTF-8 has this byte.
    let to = [from.as_slice(), &[0xff]].concat();
    let sql = if unspaced { PAGES_UNSPACED } else { PAGES };
    let pages = reader
        .prepare_cached(sql)?
        .query_row(named_params! { ":from": from, ":to": to }, |row| row.get(0))?;
    Ok(pages)
}

/// The pages of each segment between the one on which the first word begins and the one on which a
/// later word begins; where there is no later word, up to the last.
macro_rules! pages {
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
const PAGES: &str = pages!("message_search_index");
const PAGES_UNSPACED: &str = pages!("campfire_search_unspaced");

/// The words of the index with this beginning; `None` if there are more than so many.
pub fn words_of_beginning(
    reader: &Reader<'_>,
    unspaced: bool,
    beginning: &str,
    most: usize,
) -> Result<Option<Vec<String>>, db::Error> {
    let mut words = Vec::new();
    let mut from = beginning.to_owned();
    while let Some(word) = first_word(reader, unspaced, &from, beginning)? {
        if words.len() == most {
            return Ok(None);
        }
        // Before every longer word: asked for with "greater than", the index would tell every place
        // of the word itself.
        from = format!("{word}\u{1}");
        words.push(word);
    }
    Ok(Some(words))
}

/// The first word of the index from this one on that has this beginning.
fn first_word(
    reader: &Reader<'_>,
    unspaced: bool,
    from: &str,
    beginning: &str,
) -> Result<Option<String>, db::Error> {
    let to = format!("{beginning}\u{10ffff}");
    let sql = if unspaced {
        "SELECT term FROM campfire_search_unspaced_words WHERE term >= :from AND term <= :to LIMIT 1"
    } else {
        "SELECT term FROM campfire_search_words WHERE term >= :from AND term <= :to LIMIT 1"
    };
    Ok(reader
        .prepare_cached(sql)?
        .query_row(named_params! { ":from": from, ":to": to }, |row| row.get(0))
        .optional()?)
}

/// A search that somebody made before.
pub struct RecentRow {
    /// The row in `searches`.
    pub id: i64,
    /// What was typed.
    pub query: String,
    /// When it was last made.
    pub updated_at: Time,
}

/// A person's recent searches, the latest first.
pub fn recent(conn: &Connection, user: UserId, limit: u32) -> Result<Vec<RecentRow>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, query, updated_at FROM searches WHERE user_id = :user ORDER BY updated_at DESC, id DESC LIMIT :limit",
    )?;
    let epoch = Time::from(jiff::Timestamp::UNIX_EPOCH);
    let rows = statement.query_map(named_params! { ":user": user.0, ":limit": limit }, |row| {
        Ok(RecentRow {
            id: row.get(0)?,
            query: row.get(1)?,
            updated_at: Time::from_rails(&row.get::<_, String>(2)?).unwrap_or(epoch),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes a search; one that was made before moves to the top, and only the latest are kept. `true`
/// if it is a new one.
pub fn note_recent(
    tx: &Tx<'_>,
    user: UserId,
    query: &str,
    now: Time,
    kept: u32,
) -> Result<bool, db::Error> {
    let known = tx
        .prepare_cached(
            "UPDATE searches SET updated_at = :now WHERE user_id = :user AND query = :query",
        )?
        .execute(named_params! { ":now": now.to_rails(), ":user": user.0, ":query": query })?;
    if known > 0 {
        return Ok(false);
    }
    tx.prepare_cached("INSERT INTO searches (user_id, query, created_at, updated_at) VALUES (:user, :query, :now, :now)")?
        .execute(named_params! { ":user": user.0, ":query": query, ":now": now.to_rails() })?;
    tx.prepare_cached(
        "DELETE FROM searches WHERE user_id = :user AND id NOT IN
         (SELECT id FROM searches WHERE user_id = :user ORDER BY updated_at DESC, id DESC LIMIT :kept)",
    )?
    .execute(named_params! { ":user": user.0, ":kept": kept })?;
    Ok(true)
}

/// Forgets a person's recent searches.
pub fn forget_recent(tx: &Tx<'_>, user: UserId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM searches WHERE user_id = :user")?
        .execute(named_params! { ":user": user.0 })?;
    Ok(())
}
