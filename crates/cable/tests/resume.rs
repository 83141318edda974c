//! Sessions of lost sockets: who may take them up again, what is restored, and that it flows.

mod support;

use bytes::Bytes;
use cable::{Limits, Whom};
use futures_util::SinkExt;
use serde_json::{Value, json};
use support::{Told, goodbye, news, office, subscribe, verdict};
use tokio_tungstenite::tungstenite::Message as Frame;

const EXTENDED: &str = "actioncable-v1-ext-json";

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_session_ends_with_the_sign_out_of_its_device_or_person() {
    let mut office = office(Limits::default()).await;
    for whom in [Whom::Session(10), Whom::User(1)] {
        let (mut reader, sid) = office.newcomer(1).await;
        reader.subscribe("rust").await;
        office.lose(reader, 1).await;
        assert_eq!(office.cable.stats().resumable, 1);
        office.cable.disconnect(Whom::User(2), "remote", true);
        assert_eq!(office.cable.stats().resumable, 1);
        office.cable.disconnect(whom, "remote", false);
        assert_eq!(office.cable.stats().resumable, 0);
        assert_eq!(office.returning(1, &sid).await.1, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_while_their_socket_is_being_lost_leaves_no_session() {
    let office = office(Limits::default()).await;
    for _ in 0..200 {
        let (mut reader, _) = office.newcomer(1).await;
        reader.subscribe("rust").await;
        let cable = office.cable.clone();
        let revoking = std::thread::spawn(move || cable.disconnect(Whom::User(1), "remote", false));
        drop(reader);
        revoking.join().expect("no panic");
        assert_eq!(
            office.cable.stats().resumable,
            0,
            "nothing may be resumed once the call has returned"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_out_while_their_session_is_being_resumed_gets_nothing_of_it() {
    let mut office = office(Limits::default()).await;
    for who in 1..100 {
        let (mut reader, sid) = office.newcomer(who).await;
        reader.subscribe("rust").await;
        office.lose(reader, 1).await;
        let (cable, paper) = (office.cable.clone(), office.paper.clone());
        let revoking = std::thread::spawn(move || {
            paper.ban(who);
            cable.disconnect(Whom::User(who), "remote", false);
            cable.broadcast("rust", Bytes::from_static(br#"{"n":"leaked"}"#));
        });
        let mut reader = office.reader(who, EXTENDED, &sid).await;
        drop(
            reader
                .0
                .send(Frame::text(
                    json!({ "command": "history", "identifier": news("rust") }).to_string(),
                ))
                .await,
        );
        revoking.join().expect("no panic");
        loop {
            let said = reader.next().await;
            assert_ne!(said["message"]["n"], "leaked");
            if said.is_null() {
                break;
            }
        }
        assert_eq!(office.cable.stats().resumable, 0);
    }
    assert_eq!(office.cable.stats().subscriptions, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returning_client_is_asked_again_for_admission_and_each_subscription() {
    let mut office = office(Limits::default()).await;
    let (mut reader, sid) = office.newcomer(1).await;
    reader.subscribe("rust").await;
    reader.subscribe("secret").await;
    office.lose(reader, 2).await;
    office.paper.forbid(1, "secret");
    let (reader, restored) = office.returning(1, &sid).await;
    assert_eq!(restored, Some(vec![news("rust")]));
    assert_eq!(office.cable.stats().subscriptions, 1);
    let sid = {
        office.lose(reader, 1).await;
        office.cable.disconnect(Whom::User(1), "remote", true);
        let (mut reader, sid) = office.newcomer(1).await;
        reader.subscribe("rust").await;
        office.lose(reader, 1).await;
        sid
    };
    office.paper.ban(1);
    let mut banned = office.reader(1, EXTENDED, &sid).await;
    assert_eq!(banned.next().await, goodbye("unauthorized", false));
    assert_eq!(banned.next().await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_so_many_sessions_and_the_newest_are_kept() {
    let mut office = office(Limits { resumable_per_user: 2, ..Limits::default() }).await;
    let mut sids = Vec::new();
    for _ in 0..3 {
        let (mut reader, sid) = office.newcomer(1).await;
        reader.subscribe("rust").await;
        office.lose(reader, 1).await;
        sids.push(sid);
    }
    assert_eq!(office.cable.stats().resumable, 2);
    assert_eq!(office.returning(1, &sids[0]).await.1, None);
    assert_eq!(office.returning(1, &sids[2]).await.1, Some(vec![news("rust")]));
}

/// The published client, when it lost its socket before it had read the confirmation: it asks for
/// the history of everything that was restored, then subscribes to what it does not know to be
/// confirmed.
#[tokio::test(flavor = "multi_thread")]
async fn who_subscribes_again_to_what_was_restored_is_confirmed_once_and_gets_everything_once() {
    for asks_first in [true, false] {
        let mut office = office(Limits::default()).await;
        let (mut reader, sid) = office.newcomer(1).await;
        reader.subscribe("rust").await;
        office.print("rust", 0);
        let known = reader.next().await;
        let known = json!({ "since": false, "streams": { "rust": { "epoch": known["epoch"], "offset": known["offset"] } } });
        office.lose(reader, 1).await;
        office.print("rust", 1);
        let (mut reader, restored) = office.returning(1, &sid).await;
        assert_eq!(restored, Some(vec![news("rust")]));
        if asks_first {
            reader
                .send(json!({ "command": "history", "identifier": news("rust"), "history": known }))
                .await;
            assert_eq!(reader.next().await["message"]["n"], 1);
            assert_eq!(reader.next().await, verdict("rust", "confirm_history"));
        }
        let mut again = subscribe("rust");
        again["history"] = known;
        reader.send(again).await;
        assert_eq!(reader.next().await, verdict("rust", "confirm_subscription"));
        if !asks_first {
            assert_eq!(reader.next().await["message"]["n"], 1);
        }
        assert_eq!(reader.next().await, verdict("rust", "confirm_history"));
        // A second confirmation would make the published client unsubscribe.
        reader.send(subscribe("rust")).await;
        reader.subscribe("other").await;
        office.print("rust", 2);
        assert_eq!(reader.next().await["message"]["n"], 2);
        let stands = office
            .untold()
            .into_iter()
            .filter(|told| matches!(told, Told::Subscribed(_, about) if *about == news("rust")));
        assert_eq!(stands.count(), 1, "subscribing again is no new subscription");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_nobody_heard_is_repeated() {
    let mut office = office(Limits::default()).await;
    let (mut reader, sid) = office.newcomer(1).await;
    reader.subscribe("rust").await;
    office.lose(reader, 1).await;
    let (mut reader, _) = office.returning(1, &sid).await;
    reader.send(json!({ "command": "history", "identifier": news("rust") })).await;
    assert_eq!(reader.next().await, verdict("rust", "reject_history"));
    let mut again = subscribe("rust");
    again["history"] = json!({ "streams": {} });
    reader.send(again).await;
    assert_eq!(reader.next().await, verdict("rust", "confirm_subscription"));
    assert_eq!(reader.next().await, verdict("rust", "reject_history"));
}
