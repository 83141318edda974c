//! Which channels there are, who may follow them, and what happens when somebody does.

use std::sync::mpsc::SyncSender;

use bytes::Bytes;
use cable::{Application, Cable, Channel, ConnectionId, Keys, Refused};
use serde_json::json;

use super::queue::Job;
use super::typing::Typing;
use crate::core::app::{App, DomainState};
use crate::core::ids::{RoomId, UserId};
use crate::core::streams;
use crate::http::problem::chain;
use crate::identity::sessions::Sessions;
use crate::identity::sessions::extractors::SignedIn;
use crate::identity::users::People;
use crate::rooms::memberships::presence::Presence;
use crate::rooms::memberships::{Memberships, store as membership_store};

/// The cable, as the rest of the program finds it in the state.
pub struct Live(std::sync::OnceLock<Cable<Channels>>);

impl Live {
    /// Not connected yet; see [`Live::connect`].
    pub fn new() -> Self {
        Self(std::sync::OnceLock::new())
    }

    /// Puts the cable in its place, once, while the server is assembled.
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
    out: SyncSender<Job>,
}

/// Says something that is true only now. When the way out is full, it is not worth waiting for.
fn say(out: &SyncSender<Job>, stream: String, payload: Bytes) {
    if out.try_send(Job::Notify(stream, payload)).is_err() {
        tracing::debug!("a live sign was dropped");
    }
}

/// The words for it.
pub fn presence_changed(user: UserId, connected: bool) -> Bytes {
    json!({ "type": "presence.changed", "user_id": user, "connected": connected })
        .to_string()
        .into()
}

impl Channels {
    /// Channels whose own announcements go out through `out`.
    pub fn new(app: App, out: SyncSender<Job>) -> Self {
        Self { app, out }
    }

    /// The room in the parameters, if this person is in it.
    fn room(&self, who: &SignedIn, channel: &Channel<'_>) -> Result<RoomId, Refused> {
        let room = RoomId(channel.number("room_id").ok_or(Refused)?);
        match self.app.state::<Memberships>().is_member(&self.app, room, who.user.id) {
            Ok(true) => Ok(room),
            Ok(false) => Err(Refused),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a subscription could not be checked and was refused");
                Err(Refused)
            }
        }
    }

    fn say(&self, stream: String, payload: Bytes) {
        say(&self.out, stream, payload);
    }

    fn arrive(&self, who: &SignedIn, room: RoomId, page: ConnectionId) {
        if self.app.state::<Presence>().join(room, who.user.id, page, self.app.clock.now()) {
            self.say(streams::presence(room), presence_changed(who.user.id, true));
        }
    }

    fn leave(&self, who: &SignedIn, room: RoomId, page: ConnectionId) {
        if self.app.state::<Presence>().leave(room, who.user.id, page, self.app.clock.now()) {
            self.say(streams::presence(room), presence_changed(who.user.id, false));
        }
    }

    /// Who looks at a room has read it, on all their devices. The writer is always asked: only it
    /// knows what is about to be unread.
    fn read(&self, who: &SignedIn, room: RoomId) {
        let (user, app, out) = (who.user.id, self.app.clone(), self.out.clone());
        tokio::spawn(async move {
            let now = app.clock.now();
            match app.db.write(move |tx| membership_store::mark_read(tx, room, user, now)).await {
                // What changed is announced with its commit.
                Ok(true) => {}
                Ok(false) => {
                    say(&out, streams::reads(user), json!({ "room_id": room }).to_string().into())
                }
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "a room could not be marked read")
                }
            }
        });
    }

    fn type_in(&self, who: &SignedIn, room: RoomId, action: &str) {
        let typing = self.app.state::<Typing>();
        let worth_saying = match action {
            "start" => typing.start(room, who.user.id, self.app.clock.now()),
            _ => typing.stop(room, who.user.id),
        };
        if !worth_saying {
            return;
        }
        // The name as it is now; who connected long ago may have changed it since.
        let now = self.app.state::<People>().find(&self.app, who.user.id).ok().flatten();
        let user = json!({ "id": who.user.id, "name": now.as_ref().map_or(&who.user.name, |user| &user.name) });
        self.say(
            streams::typing(room),
            json!({ "action": action, "user": user }).to_string().into(),
        );
    }
}

impl Application for Channels {
    type Identity = SignedIn;

    fn keys(&self, who: &SignedIn) -> Keys {
        Keys { user: who.user.id.0, session: who.id.0 }
    }

    fn admits(&self, who: &SignedIn) -> Option<bool> {
        match self.app.state::<Sessions>().find(&self.app, &who.token) {
            Ok(session) => Some(session.is_some_and(|session| session.id == who.id)),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a socket's session could not be looked up; its client is told to come back");
                None
            }
        }
    }

    fn subscribe(&self, who: &SignedIn, channel: &Channel<'_>) -> Result<Vec<String>, Refused> {
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
            _ => Err(Refused),
        }
    }

    fn subscribed(&self, who: &SignedIn, channel: &Channel<'_>, connection: ConnectionId) {
        if let ("PresenceChannel", Some(room)) =
            (channel.name.as_str(), channel.number("room_id").map(RoomId))
        {
            self.arrive(who, room, connection);
            self.read(who, room);
        }
    }

    fn unsubscribed(&self, who: &SignedIn, channel: &Channel<'_>, connection: ConnectionId) {
        let Some(room) = channel.number("room_id").map(RoomId) else { return };
        match channel.name.as_str() {
            "PresenceChannel" => self.leave(who, room, connection),
            // Whoever goes away while typing types no more.
            "TypingNotificationsChannel" => self.type_in(who, room, "stop"),
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
        let Some(room) = channel.number("room_id").map(RoomId) else { return };
        match (channel.name.as_str(), action) {
            ("PresenceChannel", "present") => {
                self.arrive(who, room, connection);
                self.read(who, room);
            }
            ("PresenceChannel", "refresh") => self.arrive(who, room, connection),
            ("PresenceChannel", "absent") => self.leave(who, room, connection),
            ("TypingNotificationsChannel", "start" | "stop") => self.type_in(who, room, action),
            _ => {}
        }
    }
}

impl DomainState for Live {
    fn on_external_write(&self, _: &App) {}
}
