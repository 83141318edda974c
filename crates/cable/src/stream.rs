//! A stream: its subscribers, the position of its last message, and a short memory for those who
//! come back.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::application::{ConnectionId, Shared};
use crate::limits::Limits;
use crate::outbox::Outbox;
use crate::protocol::{self, History, Protocol};

/// Messages in one order for all who follow.
pub(crate) struct Stream {
    pub(crate) name: Shared,
    state: Mutex<State>,
}

struct State {
    /// The position of the last kept message; positions never start again within one epoch.
    position: u64,
    kept: VecDeque<Kept>,
    kept_bytes: usize,
    /// Unix milliseconds: everything kept after this moment is still here.
    complete_since: u64,
    groups: Vec<Group>,
    last_used: Instant,
}

struct Kept {
    position: u64,
    at: u64,
    payload: Bytes,
}

/// Subscribers who get the very same bytes.
struct Group {
    identifier: Shared,
    quoted: String,
    protocol: Protocol,
    members: HashMap<ConnectionId, Arc<Outbox>>,
}

/// Who joins.
pub(crate) struct Follower<'a> {
    pub(crate) id: ConnectionId,
    pub(crate) outbox: &'a Arc<Outbox>,
    pub(crate) protocol: Protocol,
    pub(crate) identifier: &'a Shared,
}

/// What a broadcast did.
#[derive(Default)]
pub(crate) struct Delivered {
    pub(crate) frames: u64,
    pub(crate) slow: usize,
}

impl Stream {
    pub(crate) fn new(name: Shared, position: u64, complete_since: u64) -> Self {
        let state = State {
            position,
            kept: VecDeque::new(),
            kept_bytes: 0,
            complete_since,
            groups: Vec::new(),
            last_used: Instant::now(),
        };
        Self { name, state: Mutex::new(state) }
    }

    /// Adds a follower. What they missed, if they ask, is queued first and under the same lock, so
    /// that nothing falls between and nothing comes twice. `Some(false)`: what they ask for is
    /// not here any more.
    pub(crate) fn follow(
        &self,
        who: &Follower<'_>,
        wanted: Option<&History>,
        epoch: &str,
        limits: &Limits,
    ) -> Option<bool> {
        let mut state = self.state.lock();
        let complete = wanted.map(|wanted| self.replay(&state, who, wanted, epoch, limits));
        let group = state
            .groups
            .iter_mut()
            .find(|group| group.protocol == who.protocol && group.identifier == *who.identifier);
        let group = match group {
            Some(group) => group,
            None => {
                let (identifier, quoted) =
                    (who.identifier.clone(), protocol::quote(who.identifier));
                state.groups.push(Group {
                    identifier,
                    quoted,
                    protocol: who.protocol,
                    members: HashMap::new(),
                });
                state.groups.last_mut().expect("a group was pushed")
            }
        };
        group.members.insert(who.id, who.outbox.clone());
        complete
    }

    /// Removes a follower's subscription under this identifier.
    pub(crate) fn leave(&self, id: ConnectionId, identifier: &Shared) {
        let mut state = self.state.lock();
        for group in state.groups.iter_mut().filter(|group| group.identifier == *identifier) {
            group.members.remove(&id);
        }
        state.groups.retain(|group| !group.members.is_empty());
        state.last_used = Instant::now();
    }

    /// Queues what a follower missed; `false`, and nothing is queued, if some of it is gone or it
    /// is more than may wait.
    fn replay(
        &self,
        state: &State,
        who: &Follower<'_>,
        wanted: &History,
        epoch: &str,
        limits: &Limits,
    ) -> bool {
        let missed: Box<dyn Fn(&&Kept) -> bool> = match wanted.streams.get(&*self.name) {
            Some(known) => {
                let oldest = state.kept.front().map_or(state.position + 1, |kept| kept.position);
                if known.epoch != epoch
                    || known.offset > state.position
                    || known.offset + 1 < oldest
                {
                    return false;
                }
                let offset = known.offset;
                Box::new(move |kept| kept.position > offset)
            }
            None => {
                let since = wanted.since.unwrap_or(0).saturating_mul(1000);
                if since < state.complete_since {
                    return false;
                }
                Box::new(move |kept| kept.at >= since)
            }
        };
        let missed = || state.kept.iter().filter(&missed);
        if !who.outbox.has_room_for_history(
            missed().count(),
            missed().map(|kept| kept.payload.len()).sum(),
            limits,
        ) {
            return false;
        }
        let quoted = protocol::quote(who.identifier);
        let frames = missed()
            .map(|kept| {
                protocol::message(&quoted, &kept.payload, Some((&*self.name, epoch, kept.position)))
            })
            .collect();
        who.outbox.push_history(frames, limits)
    }

    /// To all who follow. Kept messages have a position and can be asked for later.
    pub(crate) fn broadcast(
        &self,
        payload: &Bytes,
        keep: bool,
        epoch: &str,
        limits: &Limits,
    ) -> Delivered {
        let mut state = self.state.lock();
        state.last_used = Instant::now();
        if keep {
            state.keep(payload, limits);
        }
        let position = state.position;
        let mut delivered = Delivered::default();
        for group in &state.groups {
            let place = (keep && group.protocol == Protocol::Extended).then_some((
                &*self.name,
                epoch,
                position,
            ));
            let frame = protocol::message(&group.quoted, payload, place);
            delivered.frames += group.members.len() as u64;
            delivered.slow +=
                group.members.values().filter(|outbox| !outbox.push(frame.clone(), limits)).count();
        }
        delivered
    }

    /// Forgets what is too old. `Some(position)` if nothing and nobody is left.
    pub(crate) fn sweep(&self, now: Instant, limits: &Limits) -> Option<u64> {
        let mut state = self.state.lock();
        let oldest = unix_millis()
            .saturating_sub(u64::try_from(limits.history_age.as_millis()).unwrap_or(u64::MAX));
        while state.kept.front().is_some_and(|kept| kept.at < oldest) {
            state.forget_first();
        }
        let unused = now.duration_since(state.last_used) > limits.history_age;
        (state.groups.is_empty() && state.kept.is_empty() && unused).then_some(state.position)
    }
}

impl State {
    fn keep(&mut self, payload: &Bytes, limits: &Limits) {
        self.position += 1;
        self.kept_bytes += payload.len();
        self.kept.push_back(Kept {
            position: self.position,
            at: unix_millis(),
            payload: payload.clone(),
        });
        while self.kept.len() > limits.history || self.kept_bytes > limits.history_bytes {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some(kept) = self.kept.pop_front() {
            self.kept_bytes = self.kept_bytes.saturating_sub(kept.payload.len());
            self.complete_since = self.complete_since.max(kept.at + 1);
        }
    }
}

/// Now, as clients count.
pub(crate) fn unix_millis() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
