//! One client's connection: its identity, subscriptions and commands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::application::{Application, Channel, ConnectionId, Owner, Shared};
use crate::engine::Engine;
use crate::protocol::{self, Command, Disconnect, HistoryRequest, Protocol};
use crate::resumable::SessionId;
use crate::send_queue::SendQueue;
use crate::stream::{Stream, Subscriber};

pub(crate) struct Connection<A: Application> {
    pub(crate) id: ConnectionId,
    pub(crate) owner: Owner,
    pub(crate) send_queue: Arc<SendQueue>,
    identity: A::Identity,
    protocol: Protocol,
    secret: u64,
    welcomed: AtomicBool,
    /// `None` after the connection ended: it can have no further subscriptions.
    ///
    /// Code that calls the application about a subscription holds this lock from before the call
    /// until the result is stored here. A revocation therefore comes either before the
    /// authorization check or after the subscription, and the application's callbacks run in the
    /// order of the events.
    subscriptions: Mutex<Option<Subscriptions>>,
}

type Subscriptions = HashMap<Shared, Subscription>;

struct Subscription {
    streams: Box<[Arc<Stream>]>,
    state: SubscriptionState,
}

/// Whether a subscription was confirmed on this socket and delivers messages. A restored one has
/// not been confirmed here: a client that missed the confirmation on its previous socket subscribes
/// again and waits for it. But a second confirmation would make AnyCable's client unsubscribe.
#[derive(Clone, Copy)]
enum SubscriptionState {
    Confirmed,
    /// Restored but not delivering yet. Delivery starts when the client requests the history it
    /// missed; earlier messages would arrive twice or out of order.
    Restored,
    /// Restored and delivering; holds whether the replayed history was complete.
    Replayed(bool),
}

impl<A: Application> Connection<A> {
    /// See [`Application::is_authorized`].
    pub(crate) fn is_authorized(&self, engine: &Engine<A>) -> Option<bool> {
        engine.app.is_authorized(&self.identity)
    }

    pub(crate) fn new(
        id: ConnectionId,
        owner: Owner,
        identity: A::Identity,
        protocol: Protocol,
    ) -> Self {
        Self {
            id,
            owner,
            identity,
            protocol,
            send_queue: Arc::default(),
            secret: rand::random(),
            welcomed: AtomicBool::new(false),
            subscriptions: Mutex::new(Some(HashMap::new())),
        }
    }

    pub(crate) fn session(&self) -> SessionId {
        SessionId { connection: self.id, secret: self.secret }
    }

    /// Whether the protocol supports resuming an earlier session.
    pub(crate) fn can_resume(&self) -> bool {
        self.protocol == Protocol::Extended
    }

    /// Whether the welcome was sent; no other message may precede it.
    pub(crate) fn is_welcomed(&self) -> bool {
        self.welcomed.load(Ordering::Acquire)
    }

    /// Sends the welcome and restores the subscriptions of an earlier socket that are still
    /// allowed.
    pub(crate) fn welcome(&self, engine: &Engine<A>, previous: Option<Vec<Shared>>) {
        let mut subscriptions = self.subscriptions.lock();
        let Some(subscriptions) = subscriptions.as_mut() else { return };
        let restored = previous.map(|mut identifiers| {
            identifiers.retain(|identifier| self.restore(engine, subscriptions, identifier));
            identifiers
        });
        let sid = self.can_resume().then(|| self.session().to_string());
        self.send(engine, protocol::welcome(sid.as_deref(), restored.as_deref()));
        self.welcomed.store(true, Ordering::Release);
    }

    fn restore(
        &self,
        engine: &Engine<A>,
        subscriptions: &mut Subscriptions,
        identifier: &Shared,
    ) -> bool {
        let Some(channel) = Channel::parse(identifier) else { return false };
        let Ok(names) = engine.app.subscribe(&self.identity, &channel) else { return false };
        add_subscription(
            engine,
            subscriptions,
            identifier.clone(),
            &names,
            SubscriptionState::Restored,
        );
        engine.app.subscribed(&self.identity, &channel, self.id);
        true
    }

    /// Ends all subscriptions, sends a `disconnect` message and closes the socket.
    pub(crate) fn disconnect(&self, engine: &Engine<A>, words: Disconnect<'_>) {
        self.close_subscriptions(engine, |_| ());
        self.send_queue.finish(words.frames());
    }

    /// Ends the connection in favor of a new one of the same client and returns its identifiers.
    pub(crate) fn hand_over(&self, engine: &Engine<A>) -> Option<Vec<Shared>> {
        let followed = self
            .close_subscriptions(engine, |subscriptions| subscriptions.keys().cloned().collect());
        self.send_queue.abort();
        followed
    }

    /// Stores the subscriptions for a client that reconnects, unless the server ended the
    /// connection.
    pub(crate) fn connection_lost(&self, engine: &Engine<A>) {
        // Stored under the lock: a revocation either ended this connection before, or finds its
        // session afterwards.
        self.close_subscriptions(engine, |subscriptions| {
            if self.can_resume() {
                engine.resumable.insert(
                    self.session(),
                    self.owner,
                    subscriptions.keys().cloned().collect(),
                    &engine.limits,
                );
            }
        });
    }

    /// Ends all subscriptions for good; `None` if they were ended before.
    fn close_subscriptions<T>(
        &self,
        engine: &Engine<A>,
        read: impl FnOnce(&Subscriptions) -> T,
    ) -> Option<T> {
        let mut subscriptions = self.subscriptions.lock();
        let ended = subscriptions.take()?;
        let result = read(&ended);
        for (identifier, subscription) in ended {
            self.end_subscription(engine, &identifier, &subscription);
        }
        Some(result)
    }

    /// Ends a subscription that the caller removed while holding the lock.
    fn end_subscription(
        &self,
        engine: &Engine<A>,
        identifier: &Shared,
        subscription: &Subscription,
    ) {
        subscription.streams.iter().for_each(|stream| stream.unsubscribe(self.id, identifier));
        engine.subscriptions.fetch_sub(1, Ordering::Relaxed);
        if let Some(channel) = Channel::parse(identifier) {
            engine.app.unsubscribed(&self.identity, &channel, self.id);
        }
    }

    /// Executes a client's command.
    pub(crate) fn receive(&self, engine: &Engine<A>, command: &Command) {
        let mut subscriptions = self.subscriptions.lock();
        let Some(subscriptions) = subscriptions.as_mut() else { return };
        match command {
            Command::Subscribe { identifier, history } => {
                self.subscribe(engine, subscriptions, identifier, history.as_ref())
            }
            Command::Unsubscribe { identifier } => {
                if let Some((identifier, subscription)) =
                    subscriptions.remove_entry(identifier.as_str())
                {
                    self.end_subscription(engine, &identifier, &subscription);
                }
            }
            Command::History { identifier, history } => {
                self.replay(engine, subscriptions, identifier, history)
            }
            Command::Perform { identifier, action } => {
                let is_active = subscriptions.contains_key(identifier.as_str());
                if let Some(channel) = Channel::parse(identifier).filter(|_| is_active) {
                    engine.app.perform(&self.identity, &channel, self.id, action);
                }
            }
            Command::Other => {}
        }
    }

    fn subscribe(
        &self,
        engine: &Engine<A>,
        subscriptions: &mut Subscriptions,
        identifier: &str,
        history: Option<&HistoryRequest>,
    ) {
        if subscriptions.contains_key(identifier) {
            return self.subscribe_again(engine, subscriptions, identifier.into(), history);
        }
        let channel = Channel::parse(identifier)
            .filter(|_| identifier.len() <= engine.limits.identifier_bytes);
        let channel = channel.filter(|_| subscriptions.len() < engine.limits.subscriptions);
        let allowed = channel.and_then(|channel| {
            Some((engine.app.subscribe(&self.identity, &channel).ok()?, channel))
        });
        let Some((names, channel)) = allowed else {
            return self
                .send(engine, protocol::subscription_reply(identifier, "reject_subscription"));
        };
        self.send(engine, protocol::subscription_reply(identifier, "confirm_subscription"));
        let identifier: Shared = identifier.into();
        let streams = add_subscription(
            engine,
            subscriptions,
            identifier.clone(),
            &names,
            SubscriptionState::Confirmed,
        );
        self.join_streams(engine, streams, &identifier, history);
        engine.app.subscribed(&self.identity, &channel, self.id);
    }

    /// Handles a repeated subscription: ignores it as Rails does, unless the client cannot know
    /// that it is subscribed.
    fn subscribe_again(
        &self,
        engine: &Engine<A>,
        subscriptions: &mut Subscriptions,
        identifier: Shared,
        history: Option<&HistoryRequest>,
    ) {
        let Entry::Occupied(mut entry) = subscriptions.entry(identifier.clone()) else { return };
        let Subscription { streams, state } = entry.get_mut();
        let previous = std::mem::replace(state, SubscriptionState::Confirmed);
        if !matches!(previous, SubscriptionState::Confirmed) {
            self.send(engine, protocol::subscription_reply(&identifier, "confirm_subscription"));
        }
        match previous {
            SubscriptionState::Restored => {
                self.join_streams(engine, streams, &identifier, history);
            }
            // Messages since the requested history are already queued; only its confirmation may
            // have been lost.
            SubscriptionState::Replayed(complete) if history.is_some() => {
                self.send_history_result(engine, &identifier, complete)
            }
            SubscriptionState::Replayed(_) | SubscriptionState::Confirmed => {}
        }
    }

    /// Replays missed messages; a restored subscription delivers from here on.
    fn replay(
        &self,
        engine: &Engine<A>,
        subscriptions: &mut Subscriptions,
        identifier: &str,
        history: &HistoryRequest,
    ) {
        let Some(Subscription { streams, state }) = subscriptions.get_mut(identifier) else {
            return self.send_history_result(engine, identifier, false);
        };
        let complete = self.join_streams(engine, streams, &identifier.into(), Some(history));
        if !matches!(state, SubscriptionState::Confirmed) {
            *state = SubscriptionState::Replayed(complete);
        }
    }

    /// Subscribes to the streams. Missed messages are queued before new ones, then the result of
    /// the replay. Returns whether the replay was complete.
    fn join_streams(
        &self,
        engine: &Engine<A>,
        streams: &[Arc<Stream>],
        identifier: &Shared,
        history: Option<&HistoryRequest>,
    ) -> bool {
        let subscriber = Subscriber {
            id: self.id,
            send_queue: &self.send_queue,
            protocol: self.protocol,
            identifier,
        };
        let history = history.filter(|_| self.protocol == Protocol::Extended);
        let mut complete = true;
        for stream in streams {
            // All streams are joined, even if an earlier one could not replay everything.
            complete &= stream
                .subscribe(&subscriber, history, &engine.streams.epoch, &engine.limits)
                .unwrap_or(true);
        }
        if history.is_some() {
            self.send_history_result(engine, identifier, complete);
        }
        complete
    }

    fn send_history_result(&self, engine: &Engine<A>, identifier: &str, complete: bool) {
        self.send(
            engine,
            protocol::subscription_reply(
                identifier,
                if complete { "confirm_history" } else { "reject_history" },
            ),
        );
    }

    fn send(&self, engine: &Engine<A>, frame: Bytes) {
        engine.count_slow_disconnects(usize::from(!self.send_queue.push(frame, &engine.limits)));
    }
}

fn add_subscription<'a, A: Application>(
    engine: &Engine<A>,
    subscriptions: &'a mut Subscriptions,
    identifier: Shared,
    names: &[String],
    state: SubscriptionState,
) -> &'a [Arc<Stream>] {
    let streams = names.iter().map(|name| engine.streams.get(name)).collect();
    engine.subscriptions.fetch_add(1, Ordering::Relaxed);
    &subscriptions
        .entry(identifier)
        .insert_entry(Subscription { streams, state })
        .into_mut()
        .streams
}
