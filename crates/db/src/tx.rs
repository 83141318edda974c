//! The transaction a write closure sees: the connection inside its savepoint, events, and work
//! shared by the batch.

use std::any::{Any, TypeId};
use std::ops::Deref;

use rusqlite::Connection;

/// Work that is done once for a whole batch, just before its commit.
///
/// A savepoint makes full-text tables write their pending data, and ten messages in one room update
/// the same rows: such work costs far less once per batch. It is part of the same commit, so no
/// acknowledged write is ever without it.
///
/// Items of failed closures are discarded. An error or panic in `finish` fails the whole batch.
pub trait BatchWork: 'static {
    /// The data that one write contributes.
    type Item: Send + 'static;

    /// Processes all items, in the order of their writes.
    ///
    /// # Errors
    /// Any SQLite error; it fails the batch.
    fn finish(conn: &Connection, items: Vec<Self::Item>) -> rusqlite::Result<()>;
}

/// A write transaction as seen by one closure of a batch. It sees the writes of earlier closures of
/// the batch, but not their deferred work.
///
/// It dereferences to a [`Connection`]; only the engine begins and ends transactions. `PRAGMA
/// defer_foreign_keys` affects the whole batch: a violation is detected at the commit and fails all
/// its writes.
pub struct Tx<'a, E> {
    pub(crate) conn: &'a Connection,
    pub(crate) events: &'a mut Vec<E>,
    pub(crate) deferred: &'a mut Deferred,
}

impl<E> Tx<'_, E> {
    /// Publishes `event` after the commit, if this closure succeeds and the batch is committed.
    pub fn publish(&mut self, event: E) {
        self.events.push(event);
    }

    /// Adds `item` to the batch's shared work.
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

/// The shared work of one batch, in order of first use.
#[derive(Default)]
pub(crate) struct Deferred {
    queues: Vec<Queue>,
    /// The length of each queue before the current closure, to roll back to if it fails.
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
            .expect("a queue's items have its work's type");
        items.0.push(item);
    }

    /// Marks the point to which [`Self::undo`] returns.
    pub(crate) fn mark(&mut self) {
        self.mark.clear();
        self.mark.extend(self.queues.iter().map(|queue| queue.items.len()));
    }

    /// Discards the items added since the last mark.
    pub(crate) fn undo(&mut self) {
        self.queues.truncate(self.mark.len());
        self.queues.iter_mut().zip(&self.mark).for_each(|(queue, len)| queue.items.truncate(*len));
    }

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
