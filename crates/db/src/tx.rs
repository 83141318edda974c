//! What a write sees: the connection inside its savepoint, announcements, and work shared with the
//! rest of the batch.

use std::any::{Any, TypeId};
use std::ops::Deref;

use rusqlite::Connection;

/// Work that a whole batch shares, done once just before its commit.
///
/// A savepoint makes full-text tables write out what they had collected, and ten messages in one
/// room touch the same rows: such work costs far less once per batch. It is part of the same
/// commit, so nothing acknowledged is ever without it.
///
/// Items of closures that fail are never seen. An error or panic here fails the whole batch: nobody
/// is acknowledged.
pub trait BatchWork: 'static {
    /// What one write contributes.
    type Item: Send + 'static;

    /// Does the work for all items, in the order of their writes.
    ///
    /// # Errors
    /// Whatever SQLite answers.
    fn finish(conn: &Connection, items: Vec<Self::Item>) -> rusqlite::Result<()>;
}

/// A write transaction, as one closure of a batch sees it. Other closures of the same batch may
/// have run before it, but their deferred work has not.
///
/// It is a [`Connection`] for everything but beginning and ending transactions, which are the
/// engine's. `PRAGMA defer_foreign_keys` reaches the whole batch: a violation then shows at the
/// commit and fails the neighbours too.
pub struct Tx<'a, E> {
    pub(crate) conn: &'a Connection,
    pub(crate) events: &'a mut Vec<E>,
    pub(crate) deferred: &'a mut Deferred,
}

impl<E> Tx<'_, E> {
    /// Publishes `event` if this closure succeeds and the batch is committed.
    pub fn announce(&mut self, event: E) {
        self.events.push(event);
    }

    /// Leaves `item` to the work that the whole batch shares.
    pub fn defer<W: BatchWork>(&mut self, item: W::Item) {
        self.deferred.push::<W>(item);
    }
}

impl<E> Deref for Tx<'_, E> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

/// The shared work of one batch, in the order in which its kinds were first used.
#[derive(Default)]
pub(crate) struct Deferred {
    queues: Vec<Queue>,
    /// How many items each queue had when the current closure began: where to go back to if it
    /// fails.
    mark: Vec<usize>,
}

struct Queue {
    work: TypeId,
    items: Box<dyn Items>,
}

impl Deferred {
    fn push<W: BatchWork>(&mut self, item: W::Item) {
        let work = TypeId::of::<W>();
        let index = self.queues.iter().position(|queue| queue.work == work).unwrap_or_else(|| {
            self.queues.push(Queue { work, items: Box::new(ItemsOf::<W>(Vec::new())) });
            self.queues.len() - 1
        });
        let items = self.queues[index]
            .items
            .as_any()
            .downcast_mut::<ItemsOf<W>>()
            .expect("a queue holds the items of its work");
        items.0.push(item);
    }

    /// Remembers this point.
    pub(crate) fn mark(&mut self) {
        self.mark.clear();
        self.mark.extend(self.queues.iter().map(|queue| queue.items.len()));
    }

    /// Forgets everything since the last mark.
    pub(crate) fn undo(&mut self) {
        self.queues.truncate(self.mark.len());
        self.queues.iter_mut().zip(&self.mark).for_each(|(queue, len)| queue.items.truncate(*len));
    }

    /// Does all of it.
    pub(crate) fn finish(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        self.queues
            .drain(..)
            .filter(|queue| queue.items.len() > 0)
            .try_for_each(|queue| queue.items.finish(conn))
    }

    pub(crate) fn clear(&mut self) {
        self.queues.clear();
    }
}

struct ItemsOf<W: BatchWork>(Vec<W::Item>);

trait Items: Send {
    fn as_any(&mut self) -> &mut dyn Any;
    fn len(&self) -> usize;
    fn truncate(&mut self, len: usize);
    fn finish(self: Box<Self>, conn: &Connection) -> rusqlite::Result<()>;
}

impl<W: BatchWork> Items for ItemsOf<W> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    fn finish(self: Box<Self>, conn: &Connection) -> rusqlite::Result<()> {
        W::finish(conn, self.0)
    }
}
