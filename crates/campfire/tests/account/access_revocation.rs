//! People who lose access can neither receive nor post messages, even with requests in flight.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::support::{CableClient, Client, TestServer};
use super::{
    BlockedWriter, PERSONAL, another_device, count, create_closed_room, events_until,
    next_event_of_type, post_in,
};

fn messages_channel(room: i64) -> String {
    channel_of_room("RoomMessagesChannel", room)
}

fn channel_of_room(channel: &str, room: i64) -> String {
    json!({ "channel": channel, "room_id": room }).to_string()
}

/// A hundred concurrent posts.
fn posts(person: &Client, room: i64) -> JoinSet<u16> {
    let mut posts = JoinSet::new();
    for turn in 0..100 {
        let person = person.clone();
        posts.spawn(
            async move { post_in(&person, room, &format!("in flight {turn}")).await.status },
        );
    }
    posts
}

/// All events until the connection closes.
async fn until_closed(socket: &mut CableClient) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        match socket.next().await {
            Value::Null => return events,
            event => events.push(event),
        }
    }
}

#[tokio::test]
async fn no_concurrent_post_is_stored_after_removal_from_the_room() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let room = create_closed_room(&ada, "Annex", &[2]).await;
    let mut inside = ada.subscribe(&[PERSONAL, &messages_channel(room)]).await;
    let mut removed = grace.subscribe(&[PERSONAL, &messages_channel(room)]).await;
    let phone = another_device(&server, "grace@example.com", "correct horse").await;
    let mut other_device = phone
        .subscribe(&[&messages_channel(room), &channel_of_room("TypingNotificationsChannel", room)])
        .await;
    let posts = posts(&grace, room);
    next_event_of_type(&mut inside, "message.created").await;
    ada.patch(&format!("/api/v1/rooms/{room}"), json!({ "user_ids": [1] })).await.json(200);
    let stored = count(&server, "SELECT count(*) FROM messages WHERE creator_id = 2");
    let secret = post_in(&ada, room, "now that she is gone").await.json(201);
    let statuses = posts.join_all().await;
    assert_eq!(
        count(&server, "SELECT count(*) FROM messages WHERE creator_id = 2"),
        stored,
        "no later post was stored"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        usize::try_from(stored).expect("a count")
    );
    assert!(statuses.iter().all(|status| [201, 404].contains(status)), "{statuses:?}");
    // Events are published in commit order: no post by the removed member comes after the removal.
    let events = events_until(&mut inside, |event| event["message"]["id"] == secret["id"]).await;
    let removal = events
        .iter()
        .position(|event| event["type"] == "room.updated" && event["room"]["id"] == room)
        .expect("the removal");
    assert!(
        events[removal..].iter().all(|event| event["message"]["creator"]["id"] != 2),
        "no post is published after the removal"
    );
    let events = until_closed(&mut other_device).await;
    assert_eq!(
        events.last(),
        Some(&json!({ "type": "disconnect", "reason": "remote", "reconnect": true })),
        "on every device of hers"
    );
    assert!(
        events.iter().all(|event| event["message"]["message"]["id"] != secret["id"]),
        "no later message reaches any device"
    );
    let events = until_closed(&mut removed).await;
    let last = events.last().expect("an event");
    assert_eq!(*last, json!({ "type": "disconnect", "reason": "remote", "reconnect": true }));
    assert!(
        events.iter().any(|event| event["message"]["type"] == "room.removed"),
        "her sidebar is updated first"
    );
    assert!(
        events.iter().all(|event| event["message"]["message"]["id"] != secret["id"]),
        "no later message reaches her"
    );
    let mut back = grace.subscribe(&[]).await;
    back.command("subscribe", &messages_channel(room)).await;
    assert_eq!(back.next().await["type"], "reject_subscription");
}

#[tokio::test]
async fn posts_queued_behind_the_removal_are_rejected() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let room = create_closed_room(&ada, "Annex", &[2]).await;
    let blocked = BlockedWriter::block(&server).await;
    let removing = tokio::spawn({
        let ada = ada.clone();
        async move {
            ada.patch(&format!("/api/v1/rooms/{room}"), json!({ "user_ids": [1] })).await.status
        }
    });
    blocked.wait_for_queued(1).await;
    let posts = posts(&grace, room);
    blocked.wait_for_queued(101).await;
    blocked.release();
    assert_eq!(removing.await.expect("answered"), 200);
    assert_eq!(
        posts.join_all().await,
        [404; 100],
        "the sender was a member when the requests arrived"
    );
    assert_eq!(count(&server, "SELECT count(*) FROM messages"), 0);
}

#[tokio::test]
async fn no_concurrent_post_is_stored_after_a_ban_or_deactivation() {
    for path in ["/api/v1/users/2/ban", "/api/v1/users/2"] {
        let server = TestServer::start().await;
        let ada = server.first_run().await;
        let grace = server.join(&ada, "grace").await;
        let mut inside = ada.subscribe(&[super::support::ROOM]).await;
        let mut out = grace.subscribe(&[super::support::ROOM]).await;
        let posts = posts(&grace, 1);
        next_event_of_type(&mut inside, "message.created").await;
        let response = if path.ends_with("ban") {
            ada.post(path, json!({})).await
        } else {
            ada.delete(path).await
        };
        assert_eq!(response.status, 204);
        let newest = count(
            &server,
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)",
        );
        let statuses = posts.join_all().await;
        assert_eq!(
            count(&server, "SELECT seq FROM sqlite_sequence WHERE name = 'messages'"),
            newest,
            "{path}: nothing was stored later"
        );
        assert!(
            statuses.iter().all(|status| [201, 401, 404].contains(status)),
            "{path}: {statuses:?}"
        );
        let events = until_closed(&mut out).await;
        assert_eq!(
            events.last(),
            Some(&json!({ "type": "disconnect", "reason": "remote", "reconnect": false })),
            "{path}"
        );
        assert_eq!(grace.get("/api/v1/me").await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn removed_people_cannot_resume_a_cable_connection() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let room = create_closed_room(&ada, "Annex", &[2]).await;
    let mut socket = grace.connect("actioncable-v1-ext-json").await;
    let welcome = socket.next().await;
    let sid = welcome["sid"].as_str().expect("a session").to_owned();
    socket.command("subscribe", &messages_channel(room)).await;
    assert_eq!(socket.next().await["type"], "confirm_subscription");
    ada.patch(&format!("/api/v1/rooms/{room}"), json!({ "user_ids": [1] })).await.json(200);
    until_closed(&mut socket).await;
    post_in(&ada, room, "now that she is gone").await.json(201);
    let mut back = grace.connect_to("actioncable-v1-ext-json", &format!("/cable?sid={sid}")).await;
    assert_eq!(back.next().await["type"], "welcome");
    let history = json!({ "command": "history", "identifier": messages_channel(room), "history": { "since": 0 } });
    back.send(&history.to_string()).await;
    assert_eq!(back.next().await["type"], "reject_history");
    back.command("subscribe", &messages_channel(room)).await;
    assert_eq!(back.next().await["type"], "reject_subscription");
}
