//! One socket's client: who it is, what it follows, what it commands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::application::{Application, Channel, ConnectionId, Keys, Shared};
use crate::engine::Engine;
use crate::outbox::Outbox;
use crate::parked::SessionId;
use crate::protocol::{self, Command, Goodbye, History, Protocol};
use crate::stream::{Follower, Stream};

pub(crate) struct Connection<A: Application> {
    pub(crate) id: ConnectionId,
    pub(crate) keys: Keys,
    pub(crate) outbox: Arc<Outbox>,
    who: A::Identity,
    protocol: Protocol,
    secret: u64,
    welcome: AtomicBool,
    /// `None` once the socket was ended: nothing can be followed any more.
    ///
    /// Whoever asks or tells the application about a subscription holds this lock from the
    /// question until the answer is in here. So a revocation comes either before the question
    /// or after the subscription, and what the application is told comes in the order in which
    /// it happened.
    following: Mutex<Option<Following>>,
}

type Following = HashMap<Shared, Subscription>;

struct Subscription {
    streams: Box<[Arc<Stream>]>,
    flow: Flow,
}

/// How far a subscription is. One that was restored has not been confirmed on this socket; a client
/// that had not heard of the confirmation on the earlier one subscribes again and waits for it. A
/// second confirmation, however, would make the published client unsubscribe.
#[derive(Clone, Copy)]
enum Flow {
    Confirmed,
    /// Restored. It flows when its client asks for the history it missed: what came before that
    /// would come twice or out of order.
    Restored,
    /// Restored and flowing; whether the history was complete.
    Resumed(bool),
}

impl<A: Application> Connection<A> {
    /// See [`Application::admits`].
    pub(crate) fn admitted(&self, engine: &Engine<A>) -> Option<bool> {
        engine.app.admits(&self.who)
    }

    pub(crate) fn new(id: ConnectionId, keys: Keys, who: A::Identity, protocol: Protocol) -> Self {
        Self {
            id,
            keys,
            who,
            protocol,
            outbox: Arc::default(),
            secret: rand::random(),
            welcome: AtomicBool::new(false),
            following: Mutex::new(Some(HashMap::new())),
        }
    }

    pub(crate) fn session(&self) -> SessionId {
        SessionId { connection: self.id, secret: self.secret }
    }

    /// Whether an earlier socket's session can be asked for.
    pub(crate) fn can_resume(&self) -> bool {
        self.protocol == Protocol::Extended
    }

    /// Whether the welcome was sent; nothing may come before it.
    pub(crate) fn is_welcome(&self) -> bool {
        self.welcome.load(Ordering::Acquire)
    }

    /// Says welcome, restoring what an earlier socket followed as far as it is still allowed.
    pub(crate) fn begin(&self, engine: &Engine<A>, earlier: Option<Vec<Shared>>) {
        let mut following = self.following.lock();
        let Some(following) = following.as_mut() else { return };
        let restored = earlier.map(|mut identifiers| {
            identifiers.retain(|identifier| self.restore(engine, following, identifier));
            identifiers
        });
        let sid = self.can_resume().then(|| self.session().to_string());
        self.say(engine, protocol::welcome(sid.as_deref(), restored.as_deref()));
        self.welcome.store(true, Ordering::Release);
    }

    fn restore(&self, engine: &Engine<A>, following: &mut Following, identifier: &Shared) -> bool {
        let Some(channel) = Channel::parse(identifier) else { return false };
        let Ok(names) = engine.app.subscribe(&self.who, &channel) else { return false };
        stand(engine, following, identifier.clone(), &names, Flow::Restored);
        engine.app.subscribed(&self.who, &channel, self.id);
        true
    }

    /// Ends the socket, with words for its client.
    pub(crate) fn end(&self, engine: &Engine<A>, words: Goodbye<'_>) {
        self.leave_all(engine, |_| ());
        self.outbox.finish(words.frames());
    }

    /// Ends the socket in favour of another one of the same client, which gets what it followed.
    pub(crate) fn hand_over(&self, engine: &Engine<A>) -> Option<Vec<Shared>> {
        let followed = self.leave_all(engine, |following| following.keys().cloned().collect());
        self.outbox.abandon();
        followed
    }

    /// The socket is gone: keeps what it followed for a client that returns, unless it was ended
    /// before.
    pub(crate) fn lost(&self, engine: &Engine<A>) {
        // Parked under the lock: a revocation either has ended this socket before or finds its
        // session parked after.
        self.leave_all(engine, |following| {
            if self.can_resume() {
                engine.parked.park(
                    self.session(),
                    self.keys,
                    following.keys().cloned().collect(),
                    &engine.limits,
                );
            }
        });
    }

    /// Ends all subscriptions for good; `None` if that was done before.
    fn leave_all<T>(&self, engine: &Engine<A>, first: impl FnOnce(&Following) -> T) -> Option<T> {
        let mut following = self.following.lock();
        let ended = following.take()?;
        let answer = first(&ended);
        for (identifier, subscription) in ended {
            self.leave(engine, &identifier, &subscription);
        }
        Some(answer)
    }

    /// Ends a subscription that was taken out of `following`, whose lock the caller holds.
    fn leave(&self, engine: &Engine<A>, identifier: &Shared, subscription: &Subscription) {
        subscription.streams.iter().for_each(|stream| stream.leave(self.id, identifier));
        engine.subscriptions.fetch_sub(1, Ordering::Relaxed);
        if let Some(channel) = Channel::parse(identifier) {
            engine.app.unsubscribed(&self.who, &channel, self.id);
        }
    }

    /// Does what the client wants.
    pub(crate) fn receive(&self, engine: &Engine<A>, command: &Command) {
        let mut following = self.following.lock();
        let Some(following) = following.as_mut() else { return };
        match command {
            Command::Subscribe { identifier, history } => {
                self.subscribe(engine, following, identifier, history.as_ref())
            }
            Command::Unsubscribe { identifier } => {
                if let Some((identifier, subscription)) =
                    following.remove_entry(identifier.as_str())
                {
                    self.leave(engine, &identifier, &subscription);
                }
            }
            Command::History { identifier, history } => {
                self.replay(engine, following, identifier, history)
            }
            Command::Perform { identifier, action } => {
                let stands = following.contains_key(identifier.as_str());
                if let Some(channel) = Channel::parse(identifier).filter(|_| stands) {
                    engine.app.perform(&self.who, &channel, self.id, action);
                }
            }
            Command::Other => {}
        }
    }

    fn subscribe(
        &self,
        engine: &Engine<A>,
        following: &mut Following,
        identifier: &str,
        history: Option<&History>,
    ) {
        if following.contains_key(identifier) {
            return self.subscribe_again(engine, following, identifier.into(), history);
        }
        let channel =
            Channel::parse(identifier).filter(|_| identifier.len() <= engine.limits.identifier);
        let channel = channel.filter(|_| following.len() < engine.limits.subscriptions);
        let allowed = channel
            .and_then(|channel| Some((engine.app.subscribe(&self.who, &channel).ok()?, channel)));
        let Some((names, channel)) = allowed else {
            return self.say(engine, protocol::about(identifier, "reject_subscription"));
        };
        self.say(engine, protocol::about(identifier, "confirm_subscription"));
        let identifier: Shared = identifier.into();
        let streams = stand(engine, following, identifier.clone(), &names, Flow::Confirmed);
        self.follow(engine, streams, &identifier, history);
        engine.app.subscribed(&self.who, &channel, self.id);
    }

    /// The client subscribes to what it follows already: ignored, as in the original, unless it
    /// cannot know.
    fn subscribe_again(
        &self,
        engine: &Engine<A>,
        following: &mut Following,
        identifier: Shared,
        history: Option<&History>,
    ) {
        let Entry::Occupied(mut standing) = following.entry(identifier.clone()) else { return };
        let Subscription { streams, flow } = standing.get_mut();
        let before = std::mem::replace(flow, Flow::Confirmed);
        if !matches!(before, Flow::Confirmed) {
            self.say(engine, protocol::about(&identifier, "confirm_subscription"));
        }
        match before {
            Flow::Restored => drop(self.follow(engine, streams, &identifier, history)),
            // Everything since the history it asked for is on its way already; only the verdict may
            // have found nobody.
            Flow::Resumed(complete) if history.is_some() => {
                self.judge(engine, &identifier, complete)
            }
            Flow::Resumed(_) | Flow::Confirmed => {}
        }
    }

    /// The client asks for what it missed; from here on a restored subscription flows.
    fn replay(
        &self,
        engine: &Engine<A>,
        following: &mut Following,
        identifier: &str,
        history: &History,
    ) {
        let Some(Subscription { streams, flow }) = following.get_mut(identifier) else {
            return self.judge(engine, identifier, false);
        };
        let complete = self.follow(engine, streams, &identifier.into(), Some(history));
        if !matches!(flow, Flow::Confirmed) {
            *flow = Flow::Resumed(complete);
        }
    }

    /// Joins the streams; what was missed is queued before anything new, and its completeness told
    /// after it.
    fn follow(
        &self,
        engine: &Engine<A>,
        streams: &[Arc<Stream>],
        identifier: &Shared,
        history: Option<&History>,
    ) -> bool {
        let who =
            Follower { id: self.id, outbox: &self.outbox, protocol: self.protocol, identifier };
        let history = history.filter(|_| self.protocol == Protocol::Extended);
        let mut complete = true;
        for stream in streams {
            // All are joined, whether or not an earlier one could replay everything.
            complete &=
                stream.follow(&who, history, &engine.streams.epoch, &engine.limits).unwrap_or(true);
        }
        if history.is_some() {
            self.judge(engine, identifier, complete);
        }
        complete
    }

    fn judge(&self, engine: &Engine<A>, identifier: &str, complete: bool) {
        self.say(
            engine,
            protocol::about(
                identifier,
                if complete { "confirm_history" } else { "reject_history" },
            ),
        );
    }

    fn say(&self, engine: &Engine<A>, frame: Bytes) {
        engine.count_slow(usize::from(!self.outbox.push(frame, &engine.limits)));
    }
}

/// Writes a new subscription down.
fn stand<'a, A: Application>(
    engine: &Engine<A>,
    following: &'a mut Following,
    identifier: Shared,
    names: &[String],
    flow: Flow,
) -> &'a [Arc<Stream>] {
    let streams = names.iter().map(|name| engine.streams.get(name)).collect();
    engine.subscriptions.fetch_add(1, Ordering::Relaxed);
    &following.entry(identifier).insert_entry(Subscription { streams, flow }).into_mut().streams
}
