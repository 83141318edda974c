//! The order of the application's callbacks.

mod support;

use std::collections::HashMap;
use std::sync::mpsc::channel;
use std::time::Duration;

use cable::{ConnectionId, Limits};
use serde_json::json;
use support::{Call, identifier, perform, start_server, subscribe};

/// Checks that calls are in a valid order and returns the subscriptions that remain active.
fn active(calls: &[Call]) -> Vec<(ConnectionId, String)> {
    let mut active = HashMap::new();
    for call in calls {
        match call.clone() {
            Call::Subscribed(connection, topic) => {
                assert!(active.insert((connection, topic), ()).is_none(), "subscribed twice")
            }
            Call::Unsubscribed(connection, topic) => assert!(
                active.remove(&(connection, topic)).is_some(),
                "unsubscribed before subscribed"
            ),
            Call::Performed(connection, topic, _) => {
                assert!(
                    active.contains_key(&(connection, topic)),
                    "performed without a subscription"
                )
            }
        }
    }
    active.into_keys().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn unsubscribed_follows_subscribed_when_a_revocation_races() {
    let mut server = start_server(Limits::default()).await;
    let cable = server.cable.clone();
    // Revokes access during `subscribed` and gives the revocation time to overtake it.
    server.app.when_subscribed(move |topic| {
        let (started, start) = channel();
        let (cable, topic) = (cable.clone(), topic.to_owned());
        std::thread::spawn(move || {
            started.send(()).expect("receiver dropped");
            cable.revoke(1, &topic);
        });
        start.recv().expect("thread ended");
        (0..1000).for_each(|_| std::thread::yield_now());
    });
    let mut calls = Vec::new();
    for round in 0..20 {
        let mut client = server.connect(1, "actioncable-v1-json", "").await;
        client.next().await;
        client.send(subscribe(&round.to_string())).await;
        while !client.next().await.is_null() {}
        calls.extend([server.next_call().await, server.next_call().await]);
    }
    assert_eq!(active(&calls), []);
    assert_eq!(server.pending_calls(), []);
    assert_eq!(server.cable.stats().subscriptions, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_follow_the_commands_and_each_subscription_ends_once() {
    let mut server = start_server(Limits::default()).await;
    let mut client = server.connect(1, "actioncable-v1-json", "").await;
    client.next().await;
    let unsubscribe =
        |topic: &str| json!({ "command": "unsubscribe", "identifier": identifier(topic) });
    for command in [
        subscribe("a"),
        perform("a", "x"),
        unsubscribe("a"),
        unsubscribe("a"),
        perform("a", "y"),
        subscribe("a"),
        subscribe("b"),
        subscribe("b"),
    ] {
        client.send(command).await;
    }
    let (a, b) = (identifier("a"), identifier("b"));
    let mut received = Vec::new();
    for _ in 0..5 {
        received.push(server.next_call().await);
    }
    let Call::Subscribed(id, _) = received[0] else { panic!("{received:?}") };
    let expected = [
        Call::Subscribed(id, a.clone()),
        Call::Performed(id, a.clone(), "x".into()),
        Call::Unsubscribed(id, a.clone()),
        Call::Subscribed(id, a),
        Call::Subscribed(id, b),
    ];
    assert_eq!(received, expected);
    assert_eq!(server.cable.stats().subscriptions, 2);
    drop(client);
    server.cable.drain(Duration::from_secs(20)).await;
    received.extend(server.pending_calls());
    assert_eq!(active(&received), []);
    assert_eq!(server.cable.stats().subscriptions, 0);
}
