//! What the application is told: in the order in which it happened, and each end once.

mod support;

use std::collections::HashMap;
use std::sync::mpsc::channel;
use std::time::Duration;

use cable::{ConnectionId, Limits};
use serde_json::json;
use support::{Told, news, office, perform, subscribe};

/// What stands at the end, if every beginning has at most one end and that comes after it.
fn standing(told: &[Told]) -> Vec<(ConnectionId, String)> {
    let mut standing = HashMap::new();
    for told in told {
        match told.clone() {
            Told::Subscribed(connection, about) => {
                assert!(standing.insert((connection, about), ()).is_none(), "begun twice")
            }
            Told::Unsubscribed(connection, about) => assert!(
                standing.remove(&(connection, about)).is_some(),
                "ended before its beginning"
            ),
            Told::Performed(connection, about, _) => {
                assert!(standing.contains_key(&(connection, about)), "done after the end")
            }
        }
    }
    standing.into_keys().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_subscription_comes_after_its_beginning_however_they_race() {
    let mut office = office(Limits::default()).await;
    let cable = office.cable.clone();
    // Somebody revokes the right just when the subscription stands, and is given time to get ahead
    // of that being told.
    office.paper.when_subscribed(move |about| {
        let (begun, beginning) = channel();
        let (cable, about) = (cable.clone(), about.to_owned());
        std::thread::spawn(move || {
            begun.send(()).expect("somebody waits");
            cable.revoke(1, &about);
        });
        beginning.recv().expect("it begins");
        (0..1000).for_each(|_| std::thread::yield_now());
    });
    let mut told = Vec::new();
    for round in 0..20 {
        let mut reader = office.reader(1, "actioncable-v1-json", "").await;
        reader.next().await;
        reader.send(subscribe(&round.to_string())).await;
        while !reader.next().await.is_null() {}
        told.extend([office.told().await, office.told().await]);
    }
    assert_eq!(standing(&told), []);
    assert_eq!(office.untold(), []);
    assert_eq!(office.cable.stats().subscriptions, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_told_in_their_order_and_every_end_once() {
    let mut office = office(Limits::default()).await;
    let mut reader = office.reader(1, "actioncable-v1-json", "").await;
    reader.next().await;
    let leave = |about: &str| json!({ "command": "unsubscribe", "identifier": news(about) });
    for command in [
        subscribe("a"),
        perform("a", "x"),
        leave("a"),
        leave("a"),
        perform("a", "y"),
        subscribe("a"),
        subscribe("b"),
        subscribe("b"),
    ] {
        reader.send(command).await;
    }
    let (a, b) = (news("a"), news("b"));
    let mut heard = Vec::new();
    for _ in 0..5 {
        heard.push(office.told().await);
    }
    let Told::Subscribed(id, _) = heard[0] else { panic!("{heard:?}") };
    let expected = [
        Told::Subscribed(id, a.clone()),
        Told::Performed(id, a.clone(), "x".into()),
        Told::Unsubscribed(id, a.clone()),
        Told::Subscribed(id, a),
        Told::Subscribed(id, b),
    ];
    assert_eq!(heard, expected);
    assert_eq!(office.cable.stats().subscriptions, 2);
    drop(reader);
    office.cable.drain(Duration::from_secs(20)).await;
    heard.extend(office.untold());
    assert_eq!(standing(&heard), []);
    assert_eq!(office.cable.stats().subscriptions, 0);
}
