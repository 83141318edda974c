//! Resuming sessions: who may resume, what is restored, and what is delivered.

mod support;

use bytes::Bytes;
use cable::{Limits, Target};
use futures_util::SinkExt;
use serde_json::{Value, json};
use support::{Call, disconnect_message, identifier, reply, start_server, subscribe};
use tokio_tungstenite::tungstenite::Message as Frame;

const EXTENDED: &str = "actioncable-v1-ext-json";

#[tokio::test(flavor = "multi_thread")]
async fn a_resumable_session_ends_when_its_session_or_user_is_disconnected() {
    let mut server = start_server(Limits::default()).await;
    for target in [Target::Session(10), Target::User(1)] {
        let (mut client, sid) = server.connect_new(1).await;
        client.subscribe("rust").await;
        server.drop_client(client, 1).await;
        assert_eq!(server.cable.stats().resumable, 1);
        server.cable.disconnect(Target::User(2), "remote", true);
        assert_eq!(server.cable.stats().resumable, 1);
        server.cable.disconnect(target, "remote", false);
        assert_eq!(server.cable.stats().resumable, 0);
        assert_eq!(server.resume(1, &sid).await.1, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnect_racing_a_lost_socket_leaves_no_session() {
    let server = start_server(Limits::default()).await;
    for _ in 0..200 {
        let (mut client, _) = server.connect_new(1).await;
        client.subscribe("rust").await;
        let cable = server.cable.clone();
        let revoking =
            std::thread::spawn(move || cable.disconnect(Target::User(1), "remote", false));
        drop(client);
        revoking.join().expect("no panic");
        assert_eq!(server.cable.stats().resumable, 0, "no session may remain after the call");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnect_racing_a_resume_delivers_nothing() {
    let mut server = start_server(Limits::default()).await;
    for identity in 1..100 {
        let (mut client, sid) = server.connect_new(identity).await;
        client.subscribe("rust").await;
        server.drop_client(client, 1).await;
        let (cable, app) = (server.cable.clone(), server.app.clone());
        let revoking = std::thread::spawn(move || {
            app.deauthorize(identity);
            cable.disconnect(Target::User(identity), "remote", false);
            cable.broadcast("rust", Bytes::from_static(br#"{"n":"leaked"}"#));
        });
        let mut client = server.connect(identity, EXTENDED, &sid).await;
        drop(
            client
                .0
                .send(Frame::text(
                    json!({ "command": "history", "identifier": identifier("rust") }).to_string(),
                ))
                .await,
        );
        revoking.join().expect("no panic");
        client.assert_nothing_leaked().await;
        assert_eq!(server.cable.stats().resumable, 0);
    }
    assert_eq!(server.cable.stats().subscriptions, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn resuming_checks_authorization_and_each_subscription_again() {
    let mut server = start_server(Limits::default()).await;
    let (mut client, sid) = server.connect_new(1).await;
    client.subscribe("rust").await;
    client.subscribe("secret").await;
    server.drop_client(client, 2).await;
    server.app.forbid(1, "secret");
    let (client, restored) = server.resume(1, &sid).await;
    assert_eq!(restored, Some(vec![identifier("rust")]));
    assert_eq!(server.cable.stats().subscriptions, 1);
    let sid = {
        server.drop_client(client, 1).await;
        server.cable.disconnect(Target::User(1), "remote", true);
        let (mut client, sid) = server.connect_new(1).await;
        client.subscribe("rust").await;
        server.drop_client(client, 1).await;
        sid
    };
    server.app.deauthorize(1);
    let mut deauthorized = server.connect(1, EXTENDED, &sid).await;
    assert_eq!(deauthorized.next().await, disconnect_message("unauthorized", false));
    assert_eq!(deauthorized.next().await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_sessions_per_user_are_kept() {
    let mut server = start_server(Limits { resumable_per_user: 2, ..Limits::default() }).await;
    let mut sids = Vec::new();
    for _ in 0..3 {
        let (mut client, sid) = server.connect_new(1).await;
        client.subscribe("rust").await;
        server.drop_client(client, 1).await;
        sids.push(sid);
    }
    assert_eq!(server.cable.stats().resumable, 2);
    assert_eq!(server.resume(1, &sids[0]).await.1, None);
    assert_eq!(server.resume(1, &sids[2]).await.1, Some(vec![identifier("rust")]));
}

/// What AnyCable's client does when it loses its socket before it reads the confirmation: it
/// requests the history of all restored subscriptions, then subscribes again to those that were not
/// confirmed.
#[tokio::test(flavor = "multi_thread")]
async fn subscribing_again_after_a_resume_confirms_once_and_delivers_once() {
    for requests_first in [true, false] {
        let mut server = start_server(Limits::default()).await;
        let (mut client, sid) = server.connect_new(1).await;
        client.subscribe("rust").await;
        server.broadcast("rust", 0);
        let last_seen = client.next().await;
        let last_seen = json!({ "since": false, "streams": { "rust": { "epoch": last_seen["epoch"], "offset": last_seen["offset"] } } });
        server.drop_client(client, 1).await;
        server.broadcast("rust", 1);
        let (mut client, restored) = server.resume(1, &sid).await;
        assert_eq!(restored, Some(vec![identifier("rust")]));
        if requests_first {
            client
                .send(json!({ "command": "history", "identifier": identifier("rust"), "history": last_seen }))
                .await;
            assert_eq!(client.next().await["message"]["n"], 1);
            assert_eq!(client.next().await, reply("rust", "confirm_history"));
        }
        let mut again = subscribe("rust");
        again["history"] = last_seen;
        client.send(again).await;
        assert_eq!(client.next().await, reply("rust", "confirm_subscription"));
        if !requests_first {
            assert_eq!(client.next().await["message"]["n"], 1);
        }
        assert_eq!(client.next().await, reply("rust", "confirm_history"));
        // A second confirmation would make AnyCable's client unsubscribe.
        client.send(subscribe("rust")).await;
        client.subscribe("other").await;
        server.broadcast("rust", 2);
        assert_eq!(client.next().await["message"]["n"], 2);
        let subscribed = server.pending_calls().into_iter().filter(
            |calls| matches!(calls, Call::Subscribed(_, topic) if *topic == identifier("rust")),
        );
        assert_eq!(
            subscribed.count(),
            1,
            "subscribing again must not create a second subscription"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_history_reply_is_repeated() {
    let mut server = start_server(Limits::default()).await;
    let (mut client, sid) = server.connect_new(1).await;
    client.subscribe("rust").await;
    server.drop_client(client, 1).await;
    let (mut client, _) = server.resume(1, &sid).await;
    client.send(json!({ "command": "history", "identifier": identifier("rust") })).await;
    assert_eq!(client.next().await, reply("rust", "reject_history"));
    let mut again = subscribe("rust");
    again["history"] = json!({ "streams": {} });
    client.send(again).await;
    assert_eq!(client.next().await, reply("rust", "confirm_subscription"));
    assert_eq!(client.next().await, reply("rust", "reject_history"));
}
