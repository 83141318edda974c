//! Which bots have a webhook: asked for every message, so answered from memory.

use std::collections::HashMap;
use std::sync::Arc;

use super::store;
use crate::app::App;
use crate::ids::UserId;
use crate::memory::Memory;

/// The bots that have a webhook, and whether they hear of every message of their rooms.
pub struct Receivers(Memory<(), Arc<HashMap<UserId, bool>>>);

impl Default for Receivers {
    fn default() -> Self {
        // One entry; the cache may not keep the only one of a smaller room.
        Self(Memory::new(8))
    }
}

impl Receivers {
    /// All of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn all(&self, app: &App) -> Result<Arc<HashMap<UserId, bool>>, db::Error> {
        let read = || app.db.read(|reader| Ok::<_, db::Error>(Some(Arc::new(store::receivers(reader)?))));
        Ok(self.0.get(0, &(), read)?.unwrap_or_default())
    }

    /// A webhook or a bot came or went.
    pub fn forget(&self) {
        self.0.forget(0);
    }
}
