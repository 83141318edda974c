//! A stream: its subscribers, the position of its last message, and a short history for clients
//! that reconnect.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::application::{ConnectionId, Shared};
use crate::limits::Limits;
use crate::protocol::{self, HistoryRequest, Protocol};
use crate::send_queue::SendQueue;

pub(crate) struct Stream {
    pub(crate) name: Shared,
    state: Mutex<State>,
}

struct State {
    /// The position of the last message in the history; positions only increase within an epoch.
    position: u64,
    history: VecDeque<HistoryEntry>,
    history_bytes: usize,
    /// Unix milliseconds: all messages kept since then are still in the history.
    complete_since: u64,
    groups: Vec<Group>,
    last_used: Instant,
}

struct HistoryEntry {
    position: u64,
    at: u64,
    payload: Bytes,
}

/// Subscribers with the same identifier and protocol, which receive identical frames.
struct Group {
    identifier: Shared,
    quoted: String,
    protocol: Protocol,
    members: HashMap<ConnectionId, Arc<SendQueue>>,
}

pub(crate) struct Subscriber<'a> {
    pub(crate) id: ConnectionId,
    pub(crate) send_queue: &'a Arc<SendQueue>,
    pub(crate) protocol: Protocol,
    pub(crate) identifier: &'a Shared,
}

/// Counts of one broadcast.
#[derive(Default)]
pub(crate) struct Delivered {
    pub(crate) frames: u64,
    pub(crate) slow: usize,
}

impl Stream {
    pub(crate) fn new(name: Shared, position: u64, complete_since: u64) -> Self {
        let state = State {
            position,
            history: VecDeque::new(),
            history_bytes: 0,
            complete_since,
            groups: Vec::new(),
            last_used: Instant::now(),
        };
        Self { name, state: Mutex::new(state) }
    }

    /// Adds a subscriber. Requested history is queued under the same lock, before any new message,
    /// so that nothing is lost or sent twice. `Some(false)` if the history is incomplete.
    pub(crate) fn subscribe(
        &self,
        subscriber: &Subscriber<'_>,
        request: Option<&HistoryRequest>,
        epoch: &str,
        limits: &Limits,
    ) -> Option<bool> {
        let mut state = self.state.lock();
        let complete =
            request.map(|request| self.replay(&state, subscriber, request, epoch, limits));
        let group = state.groups.iter_mut().find(|group| {
            group.protocol == subscriber.protocol && group.identifier == *subscriber.identifier
        });
        let group = match group {
            Some(group) => group,
            None => {
                let (identifier, quoted) =
                    (subscriber.identifier.clone(), protocol::json_string(subscriber.identifier));
                state.groups.push(Group {
                    identifier,
                    quoted,
                    protocol: subscriber.protocol,
                    members: HashMap::new(),
                });
                state.groups.last_mut().expect("a group was pushed")
            }
        };
        group.members.insert(subscriber.id, subscriber.send_queue.clone());
        complete
    }

    /// Removes the subscription under this identifier.
    pub(crate) fn unsubscribe(&self, id: ConnectionId, identifier: &Shared) {
        let mut state = self.state.lock();
        for group in state.groups.iter_mut().filter(|group| group.identifier == *identifier) {
            group.members.remove(&id);
        }
        state.groups.retain(|group| !group.members.is_empty());
        state.last_used = Instant::now();
    }

    /// Queues the missed messages. Returns `false` and queues nothing if some have been evicted or
    /// they do not fit in the send queue.
    fn replay(
        &self,
        state: &State,
        subscriber: &Subscriber<'_>,
        request: &HistoryRequest,
        epoch: &str,
        limits: &Limits,
    ) -> bool {
        let missed: Box<dyn Fn(&&HistoryEntry) -> bool> = match request.streams.get(&*self.name) {
            Some(last_seen) => {
                let oldest =
                    state.history.front().map_or(state.position + 1, |entry| entry.position);
                if last_seen.epoch != epoch
                    || last_seen.offset > state.position
                    || last_seen.offset + 1 < oldest
                {
                    return false;
                }
                let offset = last_seen.offset;
                Box::new(move |entry| entry.position > offset)
            }
            None => {
                let since = request.since.unwrap_or(0).saturating_mul(1000);
                if since < state.complete_since {
                    return false;
                }
                Box::new(move |entry| entry.at >= since)
            }
        };
        let missed = || state.history.iter().filter(&missed);
        if !subscriber.send_queue.has_room_for_history(
            missed().count(),
            missed().map(|entry| entry.payload.len()).sum(),
            limits,
        ) {
            return false;
        }
        let quoted = protocol::json_string(subscriber.identifier);
        let frames = missed()
            .map(|entry| {
                protocol::message(
                    &quoted,
                    &entry.payload,
                    Some((&*self.name, epoch, entry.position)),
                )
            })
            .collect();
        subscriber.send_queue.push_history(frames, limits)
    }

    /// Queues a message for all subscribers. Kept messages get a position and can be requested
    /// later.
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
            let position_fields = (keep && group.protocol == Protocol::Extended).then_some((
                &*self.name,
                epoch,
                position,
            ));
            let frame = protocol::message(&group.quoted, payload, position_fields);
            delivered.frames += group.members.len() as u64;
            delivered.slow += group
                .members
                .values()
                .filter(|send_queue| !send_queue.push(frame.clone(), limits))
                .count();
        }
        delivered
    }

    /// Evicts expired history. `Some(position)` if the stream is unused: no subscribers, no
    /// history.
    pub(crate) fn evict_expired(&self, now: Instant, limits: &Limits) -> Option<u64> {
        let mut state = self.state.lock();
        let oldest = unix_millis()
            .saturating_sub(u64::try_from(limits.history_age.as_millis()).unwrap_or(u64::MAX));
        while state.history.front().is_some_and(|entry| entry.at < oldest) {
            state.evict_oldest();
        }
        let unused = now.duration_since(state.last_used) > limits.history_age;
        (state.groups.is_empty() && state.history.is_empty() && unused).then_some(state.position)
    }
}

impl State {
    fn keep(&mut self, payload: &Bytes, limits: &Limits) {
        self.position += 1;
        self.history_bytes += payload.len();
        self.history.push_back(HistoryEntry {
            position: self.position,
            at: unix_millis(),
            payload: payload.clone(),
        });
        while self.history.len() > limits.history_messages
            || self.history_bytes > limits.history_bytes
        {
            self.evict_oldest();
        }
    }

    fn evict_oldest(&mut self) {
        if let Some(entry) = self.history.pop_front() {
            self.history_bytes = self.history_bytes.saturating_sub(entry.payload.len());
            self.complete_since = self.complete_since.max(entry.at + 1);
        }
    }
}

/// The current time in Unix milliseconds, the clock of history requests.
pub(crate) fn unix_millis() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
