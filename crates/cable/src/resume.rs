//! Sessions of sockets that were lost: what they followed, for a client that comes back in time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::{Keys, Shared};

/// What a lost socket followed.
struct Lost {
    keys: Keys,
    identifiers: Vec<Shared>,
    at: Instant,
}

/// Lost sockets by their session id, for a few minutes.
#[derive(Default)]
pub(crate) struct Resumable(Mutex<HashMap<String, Lost>>);

impl Resumable {
    /// Remembers a lost socket, unless `most` are remembered already: then the client simply subscribes anew.
    pub(crate) fn remember(&self, sid: String, keys: Keys, identifiers: Vec<Shared>, most: usize) {
        let mut lost = self.0.lock();
        if !identifiers.is_empty() && lost.len() < most {
            lost.insert(sid, Lost { keys, identifiers, at: Instant::now() });
        }
    }

    /// What the socket with this session id followed, if it was the same person on the same device.
    pub(crate) fn take(&self, sid: &str, keys: Keys) -> Option<Vec<Shared>> {
        let mut lost = self.0.lock();
        if lost.get(sid)?.keys != keys {
            return None;
        }
        lost.remove(sid).map(|lost| lost.identifiers)
    }

    /// Whoever was disconnected by the server must not come back this way.
    pub(crate) fn forget(&self, of: impl Fn(&Keys) -> bool) {
        self.0.lock().retain(|_, lost| !of(&lost.keys));
    }

    /// Forgets what is older than `age`.
    pub(crate) fn sweep(&self, now: Instant, age: Duration) {
        self.0.lock().retain(|_, lost| now.duration_since(lost.at) <= age);
    }
}
