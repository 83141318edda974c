//! History never drops the one who asked for it.

mod support;

use cable::Limits;
use serde_json::{Value, json};
use support::{Office, Reader, news, office, subscribe, verdict};

const ROOMS: usize = 20;

fn room(number: usize) -> String {
    format!("room {number}")
}

/// Loses a client of all rooms and prints much; answers the client that came back and has asked for
/// everything at once.
async fn behind(office: &mut Office, messages: usize) -> Reader {
    let (mut reader, sid) = office.newcomer(1).await;
    for number in 0..ROOMS {
        reader.subscribe(&room(number)).await;
    }
    let mut known = Value::Null;
    for number in 0..ROOMS {
        office.print(&room(number), 0);
        known = reader.next().await;
    }
    office.lose(reader, ROOMS).await;
    let text = "x".repeat(2_000);
    for number in 0..ROOMS {
        for message in 1..messages {
            office
                .cable
                .broadcast(&room(number), json!({ "n": message, "text": text }).to_string().into());
        }
    }
    let (mut reader, restored) = office.returning(1, &sid).await;
    assert_eq!(restored.expect("a session").len(), ROOMS);
    for number in 0..ROOMS {
        let streams = json!({ room(number): { "epoch": known["epoch"], "offset": 1 } });
        reader.send(json!({ "command": "history", "identifier": news(&room(number)), "history": { "streams": streams } })).await;
    }
    reader
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_from_many_rooms_gets_all_their_history_though_it_is_more_than_may_wait() {
    let mut office = office(Limits::default()).await;
    // 20 rooms of 200 messages of 2 KB: four times the frames and twice the bytes of the queue.
    let mut reader = behind(&mut office, 200).await;
    for number in 0..ROOMS {
        for message in 1..200 {
            let said = reader.next().await;
            assert_eq!(
                (&said["identifier"], &said["message"]["n"]),
                (&json!(news(&room(number))), &json!(message))
            );
        }
        assert_eq!(reader.next().await, verdict(&room(number), "confirm_history"));
    }
    assert_eq!(office.cable.stats().dropped_slow, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_that_can_never_fit_is_refused_and_the_client_stays() {
    let mut office = office(Limits { queued_bytes: 128 * 1024, ..Limits::default() }).await;
    let mut reader = behind(&mut office, 100).await;
    for number in 0..ROOMS {
        assert_eq!(reader.next().await, verdict(&room(number), "reject_history"));
    }
    for number in 0..ROOMS {
        office.print(&room(number), 1000);
        assert_eq!(reader.next().await["message"]["n"], 1000);
    }
    assert_eq!(office.cable.stats().dropped_slow, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_commands_much_before_reading_anything_is_answered_to_the_end() {
    let office = office(Limits { queued_frames: 64, ..Limits::default() }).await;
    let mut reader = office.reader(1, "actioncable-v1-json", "").await;
    reader.next().await;
    for number in 0..500 {
        reader.send(subscribe(&room(number))).await;
    }
    for number in 0..500 {
        assert_eq!(reader.next().await, verdict(&room(number), "confirm_subscription"));
    }
}
