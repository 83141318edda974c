//! The cable's channels: who may subscribe, and what subscribing and commands do.

use std::sync::mpsc::SyncSender;

use bytes::Bytes;
use cable::{Application, Cable, Channel, ConnectionId, Owner, Rejected};
use serde_json::json;

use super::queue::Job;
use super::typing::Typing;
use crate::core::app::App;
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;
use crate::http::problem::chain;
use crate::identity::sessions::Sessions;
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::users::Users;
use crate::rooms::memberships::presence::Presence;
use crate::rooms::memberships::{Memberships, store as membership_store};

/// The cable in the application state.
pub struct Live(std::sync::OnceLock<Cable<Channels>>);

impl Live {
    /// Without a cable yet; see [`Live::connect`].
    pub fn new() -> Self {
        Self(std::sync::OnceLock::new())
    }

    /// Sets the cable, once, while the server is assembled.
    pub fn connect(&self, cable: Cable<Channels>) {
        assert!(self.0.set(cable).is_ok(), "the cable is connected once");
    }

    /// The cable.
    ///
    /// # Panics
    /// Before the server is assembled.
    pub fn cable(&self) -> &Cable<Channels> {
        self.0.get().expect("the server is assembled before it serves")
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

/// Campfire's channels.
pub struct Channels {
    app: App,
    queue: SyncSender<Job>,
}

/// Publishes something short-lived, such as presence or typing. Dropped if the queue is
/// full.
fn notify(queue: &SyncSender<Job>, stream: String, payload: Bytes) {
    if queue.try_send(Job::Notify(stream, payload)).is_err() {
        tracing::debug!("dispatcher queue is full; dropped a notification");
    }
}

/// The event for a member who starts or stops looking at a room.
pub fn presence_changed(user: UserId, connected: bool) -> Bytes {
    json!({ "type": "presence.changed", "user_id": user, "connected": connected })
        .to_string()
        .into()
}

impl Channels {
    /// Channels that publish presence and typing through `queue`.
    pub fn new(app: App, queue: SyncSender<Job>) -> Self {
        Self { app, queue }
    }

    /// The room in the parameters, if the user is a member.
    fn room(&self, who: &SignedIn, channel: &Channel<'_>) -> Result<RoomId, Rejected> {
        let room = RoomId(channel.integer_param("room_id").ok_or(Rejected)?);
        match self.app.state::<Memberships>().is_member(&self.app, room, who.user.id) {
            Ok(true) => Ok(room),
            Ok(false) => Err(Rejected),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to check a membership; rejected the subscription");
                Err(Rejected)
            }
        }
    }

    fn notify(&self, stream: String, payload: Bytes) {
        notify(&self.queue, stream, payload);
    }

    fn join(&self, who: &SignedIn, room: RoomId, page: ConnectionId) {
        if self.app.state::<Presence>().join(room, who.user.id, page, self.app.clock.now()) {
            self.notify(streams::presence(room), presence_changed(who.user.id, true));
        }
    }

    fn leave(&self, who: &SignedIn, room: RoomId, page: ConnectionId) {
        if self.app.state::<Presence>().leave(room, who.user.id, page, self.app.clock.now()) {
            self.notify(streams::presence(room), presence_changed(who.user.id, false));
        }
    }

    /// Marks the room read on all of the user's devices. This always writes: only the writer knows
    /// which messages are about to mark it unread.
    fn mark_read(&self, who: &SignedIn, room: RoomId) {
        let (user, app, queue) = (who.user.id, self.app.clone(), self.queue.clone());
        drop(self.app.tasks.spawn(async move {
            let now = app.clock.now();
            match app.db.write(move |tx| membership_store::mark_read(tx, room, user, now)).await {
                // The commit announced the change.
                Ok(true) => {}
                Ok(false) => notify(
                    &queue,
                    streams::reads(user),
                    json!({ "room_id": room }).to_string().into(),
                ),
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "failed to mark a room read")
                }
            }
        }));
    }

    fn set_typing(&self, who: &SignedIn, room: RoomId, action: &str) {
        let typing = self.app.state::<Typing>();
        let changed = match action {
            "start" => typing.start(room, who.user.id, self.app.clock.now()),
            _ => typing.stop(room, who.user.id),
        };
        if !changed {
            return;
        }
        // The current name: it may have changed since the socket connected.
        let now = self.app.state::<Users>().find(&self.app, who.user.id).ok().flatten();
        let user = json!({ "id": who.user.id, "name": now.as_ref().map_or(&who.user.name, |user| &user.name) });
        self.notify(
            streams::typing(room),
            json!({ "action": action, "user": user }).to_string().into(),
        );
    }
}

impl Application for Channels {
    type Identity = SignedIn;

    fn owner(&self, who: &SignedIn) -> Owner {
        Owner { user: who.user.id.0, session: who.id.0 }
    }

    fn is_authorized(&self, who: &SignedIn) -> Option<bool> {
        match self.app.state::<Sessions>().find(&self.app, &who.token) {
            Ok(session) => Some(session.is_some_and(|session| session.id == who.id)),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to look up a socket's session; asked the client to reconnect");
                None
            }
        }
    }

    fn subscribe(&self, who: &SignedIn, channel: &Channel<'_>) -> Result<Vec<String>, Rejected> {
        let user = who.user.id;
        match channel.name.as_str() {
            "RoomMessagesChannel" => {
                self.room(who, channel).map(|room| vec![streams::messages(room)])
            }
            "PresenceChannel" => self.room(who, channel).map(|room| vec![streams::presence(room)]),
            "TypingNotificationsChannel" => {
                self.room(who, channel).map(|room| vec![streams::typing(room)])
            }
            "ReadRoomsChannel" => Ok(vec![streams::reads(user)]),
            "UnreadRoomsChannel" => Ok(vec![streams::unreads(user)]),
            "RoomsChannel" => Ok(vec![streams::user(user), streams::ACCOUNT.to_owned()]),
            "HeartbeatChannel" => Ok(Vec::new()),
            _ => Err(Rejected),
        }
    }

    fn subscribed(&self, who: &SignedIn, channel: &Channel<'_>, connection: ConnectionId) {
        if let ("PresenceChannel", Some(room)) =
            (channel.name.as_str(), channel.integer_param("room_id").map(RoomId))
        {
            self.join(who, room, connection);
            self.mark_read(who, room);
        }
    }

    fn unsubscribed(&self, who: &SignedIn, channel: &Channel<'_>, connection: ConnectionId) {
        let Some(room) = channel.integer_param("room_id").map(RoomId) else { return };
        match channel.name.as_str() {
            "PresenceChannel" => self.leave(who, room, connection),
            // A page that closes while someone types sends no stop.
            "TypingNotificationsChannel" => self.set_typing(who, room, "stop"),
            _ => {}
        }
    }

    fn perform(
        &self,
        who: &SignedIn,
        channel: &Channel<'_>,
        connection: ConnectionId,
        action: &str,
    ) {
        let Some(room) = channel.integer_param("room_id").map(RoomId) else { return };
        match (channel.name.as_str(), action) {
            ("PresenceChannel", "present") => {
                self.join(who, room, connection);
                self.mark_read(who, room);
            }
            ("PresenceChannel", "refresh") => self.join(who, room, connection),
            ("PresenceChannel", "absent") => self.leave(who, room, connection),
            ("TypingNotificationsChannel", "start" | "stop") => self.set_typing(who, room, action),
            _ => {}
        }
    }
}
