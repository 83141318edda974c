//! One socket: what it follows, what its client commands, and the task that moves its bytes.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::frame::{self, Incoming, Parser, close};
use crate::hub::Hub;
use crate::outbox::{Next, Outbox};
use crate::protocol::{self, Command, History, Protocol};
use crate::stream::{Follower, Stream};
use crate::{Application, Channel, ConnectionId, Keys, Shared};

/// Bytes read at once, on the stack: an idle socket needs none.
const CHUNK: usize = 4096;

/// Chunks read before others get their turn.
const CHUNKS_PER_TURN: usize = 16;

pub(crate) struct Connection<A: Application> {
    pub(crate) id: ConnectionId,
    pub(crate) keys: Keys,
    pub(crate) outbox: Arc<Outbox>,
    who: A::Identity,
    protocol: Protocol,
    /// With the number the name of this session: who knows it and is the same device may resume it.
    secret: u64,
    welcome: AtomicBool,
    /// `None` once the socket was ended: nothing can be followed any more. Whoever authorises a subscription holds this lock
    /// until it stands, so that a revocation comes either before the question or after the subscription.
    following: Mutex<Option<HashMap<Shared, Vec<Arc<Stream>>>>>,
}

impl<A: Application> Connection<A> {
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

    fn sid(&self) -> String {
        format!("{}-{:016x}", self.id, self.secret)
    }

    /// Whether the welcome was sent; nothing may come before it.
    pub(crate) fn is_welcome(&self) -> bool {
        self.welcome.load(Ordering::Acquire)
    }

    /// Says welcome, restoring an earlier session if the client names one.
    pub(crate) fn begin(&self, hub: &Hub<A>, earlier: Option<&str>) {
        let sid = (self.protocol == Protocol::Extended).then(|| self.sid());
        let identifiers = earlier.filter(|_| sid.is_some()).and_then(|earlier| self.earlier(hub, earlier));
        // The welcome names what was restored, so it is written first and corrected by what could not be.
        let restored = identifiers.map(|identifiers| {
            let allowed = identifiers.into_iter().filter(|identifier| self.may_follow(hub, identifier));
            allowed.map(|identifier| identifier.to_string()).collect::<Vec<_>>()
        });
        self.outbox.push(protocol::welcome(sid.as_deref(), restored.as_deref()), &hub.limits);
        self.welcome.store(true, Ordering::Release);
        for identifier in restored.unwrap_or_default() {
            self.subscribe(hub, &identifier, None, false);
        }
    }

    /// What an earlier socket of the same device followed, be it lost or not yet known to be lost.
    fn earlier(&self, hub: &Hub<A>, sid: &str) -> Option<Vec<Shared>> {
        let id = sid.split('-').next()?.parse().ok()?;
        if let Some(old) = hub.connection(id).filter(|old| old.sid() == sid && old.keys == self.keys) {
            let followed = old.following.lock().as_ref().map(|following| following.keys().cloned().collect());
            old.end(hub, None);
            return followed;
        }
        hub.resumable.take(sid, self.keys)
    }

    fn may_follow(&self, hub: &Hub<A>, identifier: &str) -> bool {
        Channel::parse(identifier).is_some_and(|channel| hub.app.subscribe(&self.who, &channel).is_ok())
    }

    /// Ends the socket: with words for its client, or silently when it is gone.
    pub(crate) fn end(&self, hub: &Hub<A>, words: Option<(&str, bool)>) {
        let following = self.following.lock().take();
        self.leave_all(hub, following.unwrap_or_default());
        match words {
            Some((reason, reconnect)) => {
                self.outbox.finish([protocol::disconnect(reason, reconnect), frame::closing(close::NORMAL)]);
            }
            None => self.outbox.abandon(),
        }
    }

    /// The socket was lost: remembers what it followed for a client that returns.
    fn lost(&self, hub: &Hub<A>) {
        let following = self.following.lock().take();
        if let Some(following) = following {
            if self.protocol == Protocol::Extended && !hub.draining.load(Ordering::Relaxed) {
                hub.resumable.remember(self.sid(), self.keys, following.keys().cloned().collect(), hub.limits.resumable);
            }
            self.leave_all(hub, following);
        }
        hub.unregister(self);
    }

    fn leave_all(&self, hub: &Hub<A>, following: HashMap<Shared, Vec<Arc<Stream>>>) {
        for (identifier, streams) in following {
            streams.iter().for_each(|stream| stream.leave(self.id, &identifier));
            self.tell_unsubscribed(hub, &identifier);
        }
    }

    fn tell_unsubscribed(&self, hub: &Hub<A>, identifier: &str) {
        if let Some(channel) = Channel::parse(identifier) {
            hub.app.unsubscribed(&self.who, &channel, self.id);
        }
    }

    /// Ends all subscriptions that follow this stream.
    pub(crate) fn unfollow(&self, hub: &Hub<A>, stream: &str) {
        let mut ended = Vec::new();
        if let Some(following) = self.following.lock().as_mut() {
            following.retain(|identifier, streams| {
                let concerned = streams.iter().any(|followed| &*followed.name == stream);
                if concerned {
                    streams.iter().for_each(|followed| followed.leave(self.id, identifier));
                    ended.push(identifier.clone());
                }
                !concerned
            });
        }
        ended.iter().for_each(|identifier| self.tell_unsubscribed(hub, identifier));
    }

    /// A message from the client; `false` ends the socket.
    fn receive(&self, hub: &Hub<A>, text: &str) -> bool {
        let Ok(command) = serde_json::from_str::<Command>(text) else {
            self.end(hub, Some(("invalid_request", false)));
            return false;
        };
        match command.command.as_str() {
            "subscribe" => self.subscribe(hub, &command.identifier, command.history.as_ref(), true),
            "unsubscribe" => self.unsubscribe(hub, &command.identifier),
            "message" => self.perform(hub, &command),
            "history" => self.replay(hub, &command.identifier, &command.history.unwrap_or_default()),
            // `pong`, and whatever other extensions a client may know: nothing to do.
            _ => {}
        }
        true
    }

    fn subscribe(&self, hub: &Hub<A>, identifier: &str, history: Option<&History>, confirm: bool) {
        let channel = Channel::parse(identifier).filter(|_| identifier.len() <= hub.limits.identifier);
        let Some(channel) = channel else { return self.reject(hub, identifier) };
        {
            let mut following = self.following.lock();
            let Some(following) = following.as_mut() else { return };
            // A second subscription to the same is ignored, as in the original.
            if following.contains_key(identifier) {
                return;
            }
            let names = if following.len() < hub.limits.subscriptions { hub.app.subscribe(&self.who, &channel).ok() } else { None };
            let Some(names) = names else { return self.reject(hub, identifier) };
            let identifier: Shared = identifier.into();
            let streams = names.iter().map(|name| hub.stream(name)).collect::<Vec<_>>();
            // A restored subscription flows again when its client asks for the history it missed, as it does at once: what
            // came before that would come twice or out of order.
            if confirm {
                self.outbox.push(protocol::about(&identifier, "confirm_subscription"), &hub.limits);
                self.follow(hub, &streams, &identifier, history);
            }
            following.insert(identifier, streams);
        }
        hub.app.subscribed(&self.who, &channel, self.id);
    }

    /// Joins the streams; what was missed is queued before anything new, and its completeness told after it.
    fn follow(&self, hub: &Hub<A>, streams: &[Arc<Stream>], identifier: &Shared, history: Option<&History>) {
        let who = Follower { id: self.id, outbox: &self.outbox, protocol: self.protocol, identifier };
        let history = history.filter(|_| self.protocol == Protocol::Extended);
        let mut complete = true;
        for stream in streams {
            // All are joined, whether or not an earlier one could replay everything.
            complete &= stream.follow(&who, history, &hub.epoch, &hub.limits).unwrap_or(true);
        }
        if history.is_some() {
            let kind = if complete { "confirm_history" } else { "reject_history" };
            self.outbox.push(protocol::about(identifier, kind), &hub.limits);
        }
    }

    /// The client asks for what it missed. Following under the stream's lock replays without a gap.
    fn replay(&self, hub: &Hub<A>, identifier: &str, history: &History) {
        let following = self.following.lock();
        let found = following.as_ref().and_then(|following| following.get_key_value(identifier));
        match found {
            Some((identifier, streams)) => self.follow(hub, streams, identifier, Some(history)),
            None => {
                self.outbox.push(protocol::about(identifier, "reject_history"), &hub.limits);
            }
        }
    }

    fn reject(&self, hub: &Hub<A>, identifier: &str) {
        self.outbox.push(protocol::about(identifier, "reject_subscription"), &hub.limits);
    }

    fn unsubscribe(&self, hub: &Hub<A>, identifier: &str) {
        let removed = self.following.lock().as_mut().and_then(|following| following.remove_entry(identifier));
        if let Some((identifier, streams)) = removed {
            streams.iter().for_each(|stream| stream.leave(self.id, &identifier));
            self.tell_unsubscribed(hub, &identifier);
        }
    }

    fn perform(&self, hub: &Hub<A>, command: &Command) {
        let stands = self.following.lock().as_ref().is_some_and(|following| following.contains_key(command.identifier.as_str()));
        let data: Option<Value> = command.data.as_deref().and_then(|data| serde_json::from_str(data).ok());
        let action = data.as_ref().and_then(|data| data.get("action")).and_then(Value::as_str);
        if let (true, Some(action), Some(channel)) = (stands, action, Channel::parse(&command.identifier)) {
            hub.app.perform(&self.who, &channel, self.id, action);
        }
    }
}

/// Moves a socket's bytes until it ends.
pub(crate) struct Driver<A: Application, S> {
    hub: Arc<Hub<A>>,
    connection: Arc<Connection<A>>,
    socket: S,
    parser: Parser,
    /// The client will send nothing more that matters; what waits for it is still written.
    deaf: bool,
}

impl<A: Application, S> Driver<A, S> {
    pub(crate) fn new(hub: Arc<Hub<A>>, connection: Arc<Connection<A>>, socket: S, read_ahead: &[u8]) -> Self {
        let mut parser = Parser::default();
        if !read_ahead.is_empty() {
            parser.feed(read_ahead);
        }
        Self { hub, connection, socket, parser, deaf: false }
    }
}

impl<A: Application, S> Drop for Driver<A, S> {
    fn drop(&mut self) {
        self.connection.lost(&self.hub);
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin> Future for Driver<A, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if this.read(cx).is_err() {
            return Poll::Ready(());
        }
        this.write(cx)
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin> Driver<A, S> {
    /// Reads what has come; `Err` when the socket is gone.
    fn read(&mut self, cx: &mut Context<'_>) -> Result<(), ()> {
        self.take_messages();
        for _ in 0..CHUNKS_PER_TURN {
            let mut chunk = [std::mem::MaybeUninit::uninit(); CHUNK];
            let mut chunk = ReadBuf::uninit(&mut chunk);
            match Pin::new(&mut self.socket).poll_read(cx, &mut chunk) {
                Poll::Pending => return Ok(()),
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => {
                    if !self.deaf {
                        self.parser.feed(chunk.filled());
                        self.take_messages();
                    }
                }
                Poll::Ready(_) => return Err(()),
            }
        }
        cx.waker().wake_by_ref();
        Ok(())
    }

    fn take_messages(&mut self) {
        while !self.deaf {
            match self.parser.next() {
                Ok(None) => return,
                Ok(Some(Incoming::Text(text))) => self.deaf = !self.connection.receive(&self.hub, &text),
                Ok(Some(Incoming::Ping(payload))) => {
                    self.connection.outbox.push(frame::pong(&payload), &self.hub.limits);
                }
                Ok(Some(Incoming::Pong)) => {}
                Ok(Some(Incoming::Close)) => self.hang_up(close::NORMAL),
                Err(code) => self.hang_up(code),
            }
        }
    }

    fn hang_up(&mut self, code: u16) {
        self.deaf = true;
        self.connection.outbox.finish([frame::closing(code)]);
    }

    fn write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Self { connection, socket, .. } = self;
        loop {
            match connection.outbox.next(cx.waker()) {
                Next::Wait => return Poll::Pending,
                Next::End => return Pin::new(socket).poll_shutdown(cx).map(drop),
                Next::Write => {}
            }
            match connection.outbox.write_with(|slices| Pin::new(&mut *socket).poll_write_vectored(cx, slices)) {
                Poll::Ready(Ok(count)) if count > 0 => connection.outbox.written(count),
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => {
                    connection.outbox.blocked(cx.waker(), Instant::now());
                    return Poll::Pending;
                }
            }
        }
    }
}
