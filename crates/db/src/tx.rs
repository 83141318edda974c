//! What a write sees: the connection inside its savepoint, announcements, and work shared with the rest of the batch.

use std::any::{Any, TypeId};
use std::ops::Deref;

use rusqlite::Connection;

/// Work that a whole batch shares, done once just before its commit.
///
/// Items of closures that fail are never seen. An error here fails the whole batch: nobody is acknowledged.
pub trait BatchWork: 'static {
    /// What one write contributes.
    type Item: Send + 'static;

    /// Does the work for all items, in the order of their writes.
    ///
    /// # Errors
    /// Whatever SQLite answers.
    fn finish(conn: &Connection, items: Vec<Self::Item>) -> rusqlite::Result<()>;
}

/// A write transaction, as one closure of a batch sees it. Other closures of the same batch may have run before it, but their
/// deferred work has not.
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

/// The shared work of a batch, in the order in which its kinds were first used.
#[derive(Default)]
pub(crate) struct Deferred {
    queues: Vec<Queue>,
}

struct Queue {
    work: TypeId,
    items: Box<dyn Items>,
}

/// How many items each queue had: a mark to go back to when a closure fails.
pub(crate) struct Mark(Vec<usize>);

impl Deferred {
    fn push<W: BatchWork>(&mut self, item: W::Item) {
        let work = TypeId::of::<W>();
        let index = self.queues.iter().position(|queue| queue.work == work).unwrap_or_else(|| {
            self.queues.push(Queue { work, items: Box::new(ItemsOf::<W>(Vec::new())) });
            self.queues.len() - 1
        });
        let items = self.queues[index].items.as_any().downcast_mut::<ItemsOf<W>>().expect("a queue holds the items of its work");
        items.0.push(item);
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.queues.iter().map(|queue| queue.items.len()).collect())
    }

    pub(crate) fn back_to(&mut self, mark: &Mark) {
        for (index, queue) in self.queues.iter_mut().enumerate() {
            queue.items.truncate(mark.0.get(index).copied().unwrap_or(0));
        }
    }

    pub(crate) fn finish(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        self.queues.iter_mut().filter(|queue| queue.items.len() > 0).try_for_each(|queue| queue.items.finish(conn))
    }

    pub(crate) fn clear(&mut self) {
        self.queues.iter_mut().for_each(|queue| queue.items.truncate(0));
    }
}

struct ItemsOf<W: BatchWork>(Vec<W::Item>);

trait Items: Send {
    fn as_any(&mut self) -> &mut dyn Any;
    fn len(&self) -> usize;
    fn truncate(&mut self, len: usize);
    fn finish(&mut self, conn: &Connection) -> rusqlite::Result<()>;
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

    fn finish(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        W::finish(conn, std::mem::take(&mut self.0))
    }
}
