//! SQL for editing, deleting and restoring messages.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::snapshot::{BookmarkCopy, BoostCopy, FileCopy, NoticeCopy, Snapshot, TextCopy};
use crate::core::app::Tx;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::messages::store::find;

/// Stores a message's new text. As in Rails, a message counts as edited when its text row was
/// updated after it was created.
pub fn write_text(tx: &Tx<'_>, id: MessageId, html: &str, at: Time) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT INTO action_text_rich_texts (name, body, record_type, record_id, created_at, updated_at)
         SELECT 'body', :html, 'Message', id, created_at, :at FROM messages WHERE id = :id
         ON CONFLICT (record_type, record_id, name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
    )?
    .execute(named_params! { ":html": html, ":id": id.0, ":at": at.to_rails() })?;
    Ok(())
}

/// Reads all rows of a message, so that [`restore`] can insert them again; `None` if the message is
/// not in the room.
pub fn take_snapshot(
    tx: &Tx<'_>,
    room: RoomId,
    id: MessageId,
) -> Result<Option<Snapshot>, db::Error> {
    let message = tx
        .prepare_cached("SELECT creator_id, client_message_id, created_at FROM messages WHERE id = :id AND room_id = :room")?
        .query_row(named_params! { ":id": id.0, ":room": room.0 }, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((creator_id, client_message_id, created_at)) = message else { return Ok(None) };
    let filename = find(tx, room, id)?.and_then(|row| row.filename);
    let text = tx
        .prepare_cached(
            "SELECT id, body, created_at, updated_at FROM action_text_rich_texts
             WHERE record_type = 'Message' AND record_id = :id AND name = 'body'",
        )?
        .query_row(named_params! { ":id": id.0 }, |row| {
            Ok(TextCopy {
                id: row.get(0)?,
                body: row.get(1)?,
                created_at: row.get(2)?,
                updated_at: row.get(3)?,
            })
        })
        .optional()?;
    Ok(Some(Snapshot {
        creator_id,
        client_message_id,
        created_at,
        files: files(tx, id, text.as_ref().map(|text| text.id))?,
        text,
        filename,
        indexed: indexed(tx, id)?,
        boosts: boosts(tx, id)?,
        bookmarks: bookmarks(tx, id)?,
        notices: notices(tx, id)?,
    }))
}

fn indexed(conn: &Connection, id: MessageId) -> Result<Option<String>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT body FROM message_search_index WHERE rowid = :id")?;
    Ok(statement.query_row(named_params! { ":id": id.0 }, |row| row.get(0)).optional()?)
}

fn boosts(conn: &Connection, id: MessageId) -> Result<Vec<BoostCopy>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, booster_id, content, created_at, updated_at FROM boosts WHERE message_id = :id ORDER BY created_at, id",
    )?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| {
        Ok(BoostCopy {
            id: row.get(0)?,
            booster_id: row.get(1)?,
            content: row.get(2)?,
            created_at: row.get(3)?,
            updated_at: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn bookmarks(conn: &Connection, id: MessageId) -> Result<Vec<BookmarkCopy>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, user_id, created_at FROM campfire_bookmarks WHERE message_id = :id ORDER BY id",
    )?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| {
        Ok(BookmarkCopy { id: row.get(0)?, user_id: row.get(1)?, created_at: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn notices(conn: &Connection, id: MessageId) -> Result<Vec<NoticeCopy>, db::Error> {
    let mut statement =
        conn.prepare_cached("SELECT user_id, reason, noticed_at FROM campfire_notices WHERE message_id = :id ORDER BY user_id")?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| {
        Ok(NoticeCopy { user_id: row.get(0)?, reason: row.get(1)?, noticed_at: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn files(conn: &Connection, id: MessageId, text: Option<i64>) -> Result<Vec<FileCopy>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, record_type, record_id, blob_id, created_at FROM active_storage_attachments
         WHERE record_type = 'Message' AND record_id = :id OR record_type = 'ActionText::RichText' AND record_id = :text ORDER BY id",
    )?;
    let rows = statement.query_map(named_params! { ":id": id.0, ":text": text }, |row| {
        Ok(FileCopy {
            id: row.get(0)?,
            name: row.get(1)?,
            record_type: row.get(2)?,
            record_id: row.get(3)?,
            blob_id: row.get(4)?,
            created_at: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Deletes the rows of a message. Its bookmarks and notifications are deleted by their foreign
/// keys. The blobs of its files stay without an owner, as Active Storage leaves them for its own
/// cleanup: nothing here deletes a file from disk.
pub fn delete(tx: &Tx<'_>, id: MessageId, text: Option<i64>) -> Result<(), db::Error> {
    tx.prepare_cached(
        "DELETE FROM active_storage_attachments
         WHERE record_type = 'Message' AND record_id = :id OR record_type = 'ActionText::RichText' AND record_id = :text",
    )?
    .execute(named_params! { ":id": id.0, ":text": text })?;
    for sql in [
        "DELETE FROM boosts WHERE message_id = :id",
        "DELETE FROM action_text_rich_texts WHERE record_type = 'Message' AND record_id = :id",
        "DELETE FROM messages WHERE id = :id",
    ] {
        tx.prepare_cached(sql)?.execute(named_params! { ":id": id.0 })?;
    }
    Ok(())
}

/// Stores the snapshot of a deleted message.
pub fn insert_snapshot(
    tx: &Tx<'_>,
    room: RoomId,
    id: MessageId,
    deleter: UserId,
    copy: &NewSnapshot<'_>,
    at: Time,
) -> Result<(), db::Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO campfire_deleted_messages (message_id, room_id, said_at, deleter_id, deleted_at, snapshot)
         VALUES (:id, :room, :said_at, :deleter, :at, :snapshot)",
    )?
    .execute(named_params! {
        ":id": id.0, ":room": room.0, ":said_at": copy.said_at, ":deleter": deleter.0, ":at": at.to_rails(), ":snapshot": copy.snapshot,
    })?;
    Ok(())
}

pub struct NewSnapshot<'a> {
    /// The creation time as stored: the former position of the message in its room.
    pub said_at: &'a str,
    /// The [`Snapshot`] as JSON.
    pub snapshot: &'a str,
}

/// When this user deleted this message, and its snapshot unless that has expired.
pub fn find_snapshot(
    conn: &Connection,
    room: RoomId,
    id: MessageId,
    deleter: UserId,
) -> Result<Option<(Time, Option<String>)>, db::Error> {
    let row: Option<(String, Option<String>)> = conn
        .prepare_cached(
            "SELECT deleted_at, snapshot FROM campfire_deleted_messages
             WHERE message_id = :id AND room_id = :room AND deleter_id = :deleter",
        )?
        .query_row(named_params! { ":id": id.0, ":room": room.0, ":deleter": deleter.0 }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(row.and_then(|(at, snapshot)| Some((Time::from_rails(&at)?, snapshot))))
}

pub fn delete_snapshot(tx: &Tx<'_>, id: MessageId) -> Result<(), db::Error> {
    tx.prepare_cached("DELETE FROM campfire_deleted_messages WHERE message_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Whether [`delete_expired`] would delete anything.
pub fn has_expired(conn: &Connection, copies: Time, marks: Time) -> Result<bool, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM campfire_deleted_messages
                        WHERE deleted_at < :copies AND snapshot IS NOT NULL OR deleted_at < :marks)",
    )?;
    Ok(statement.query_row(
        named_params! { ":copies": copies.to_rails(), ":marks": marks.to_rails() },
        |row| row.get(0),
    )?)
}

/// Deletes snapshots of messages deleted before `copies`, and the records of messages deleted
/// before `marks`.
pub fn delete_expired(tx: &Tx<'_>, copies: Time, marks: Time) -> Result<(), db::Error> {
    tx.prepare_cached("UPDATE campfire_deleted_messages SET snapshot = NULL WHERE deleted_at < :before AND snapshot IS NOT NULL")?
        .execute(named_params! { ":before": copies.to_rails() })?;
    tx.prepare_cached("DELETE FROM campfire_deleted_messages WHERE deleted_at < :before")?
        .execute(named_params! { ":before": marks.to_rails() })?;
    Ok(())
}

/// Inserts a deleted message again under its old id; `false` if its author has since posted another
/// message with the same client message id.
pub fn restore(
    tx: &Tx<'_>,
    room: RoomId,
    id: MessageId,
    copy: &Snapshot,
    at: Time,
) -> Result<bool, db::Error> {
    let inserted = tx
        .prepare_cached(
            "INSERT INTO messages (id, room_id, creator_id, client_message_id, created_at, updated_at)
             VALUES (:id, :room, :creator, :client_id, :created_at, :at) ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! {
            ":id": id.0, ":room": room.0, ":creator": copy.creator_id, ":client_id": copy.client_message_id,
            ":created_at": copy.created_at, ":at": at.to_rails(),
        })?;
    if inserted == 0 {
        return Ok(false);
    }
    if let Some(text) = &copy.text {
        tx.prepare_cached(
            "INSERT INTO action_text_rich_texts (id, name, body, record_type, record_id, created_at, updated_at)
             VALUES (:text, 'body', :body, 'Message', :id, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":text": text.id, ":body": text.body, ":id": id.0, ":created_at": text.created_at, ":updated_at": text.updated_at,
        })?;
    }
    insert_related_rows(tx, id, copy)?;
    Ok(true)
}

fn insert_related_rows(tx: &Tx<'_>, id: MessageId, copy: &Snapshot) -> Result<(), db::Error> {
    for boost in &copy.boosts {
        tx.prepare_cached(
            "INSERT INTO boosts (id, message_id, booster_id, content, created_at, updated_at)
             VALUES (:boost, :id, :booster, :content, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":boost": boost.id, ":id": id.0, ":booster": boost.booster_id, ":content": boost.content,
            ":created_at": boost.created_at, ":updated_at": boost.updated_at,
        })?;
    }
    for bookmark in &copy.bookmarks {
        tx.prepare_cached("INSERT INTO campfire_bookmarks (id, user_id, message_id, created_at) VALUES (:bookmark, :user, :id, :at)")?
            .execute(named_params! { ":bookmark": bookmark.id, ":user": bookmark.user_id, ":id": id.0, ":at": bookmark.created_at })?;
    }
    for notice in &copy.notices {
        tx.prepare_cached("INSERT INTO campfire_notices (user_id, message_id, reason, noticed_at) VALUES (:user, :id, :reason, :at)")?
            .execute(named_params! { ":user": notice.user_id, ":id": id.0, ":reason": notice.reason, ":at": notice.noticed_at })?;
    }
    for file in &copy.files {
        // Rails may have cleaned up the blob since; the message is then restored without its file.
        tx.prepare_cached(
            "INSERT INTO active_storage_attachments (id, name, record_type, record_id, blob_id, created_at)
             SELECT :file, :name, :record_type, :record_id, id, :at FROM active_storage_blobs WHERE id = :blob",
        )?
        .execute(named_params! {
            ":file": file.id, ":name": file.name, ":record_type": file.record_type, ":record_id": file.record_id,
            ":blob": file.blob_id, ":at": file.created_at,
        })?;
    }
    Ok(())
}
