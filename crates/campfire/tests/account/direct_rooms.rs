//! Direct rooms: one for each set of people, and blocks.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::support::{Client, TestServer};
use super::{PERSONAL, count, database, next_event_of_type, post_in};

async fn ping(person: &Client, users: &[i64]) -> (u16, i64) {
    let response =
        person.post("/api/v1/rooms", json!({ "type": "direct", "user_ids": users })).await;
    let room: Value = serde_json::from_slice(&response.body).expect("JSON");
    (response.status, room["id"].as_i64().unwrap_or_default())
}

#[tokio::test]
async fn direct_rooms_are_reused_for_exactly_the_same_people() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    server.join(&ada, "alan").await;
    let mut events = grace.subscribe(&[PERSONAL]).await;
    let (status, pair) = ping(&ada, &[2]).await;
    assert_eq!(status, 201);
    let event = next_event_of_type(&mut events, "room.created").await;
    assert_eq!(
        (&event["type"], &event["room"]["name"], &event["room"]["involvement"]),
        (&json!("room.created"), &json!("Ada Lovelace"), &json!("everything"))
    );
    assert_eq!(event["room"]["members"][0]["id"], 1);
    assert_eq!(ping(&grace, &[1]).await, (200, pair));
    assert_eq!(ping(&grace, &[2, 1, 1]).await, (200, pair));
    let (status, three) = ping(&ada, &[2, 3]).await;
    assert_eq!((status, three != pair), (201, true));
    let (status, alone) = ping(&ada, &[]).await;
    assert_eq!((status, ping(&ada, &[1]).await), (201, (200, alone)));
    let shown = ada.get(&format!("/api/v1/rooms/{alone}")).await.json(200);
    assert_eq!((&shown["name"], &shown["members"]), (&json!("Ada Lovelace"), &json!([])));
}

#[tokio::test]
async fn concurrent_pings_share_one_room() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut pings = tokio::task::JoinSet::new();
    for turn in 0..20 {
        let (person, other) = if turn % 2 == 0 { (ada.clone(), 2) } else { (grace.clone(), 1) };
        pings.spawn(async move { ping(&person, &[other]).await });
    }
    let responses = pings.join_all().await;
    assert_eq!(responses.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert_eq!(responses.iter().map(|(_, room)| room).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(count(&server, "SELECT count(*) FROM rooms WHERE type = 'Rooms::Direct'"), 1);
}

#[tokio::test]
async fn direct_room_lookup_starts_with_the_person_in_fewest_rooms() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    let (_, pair) = ping(&ada, &[2]).await;
    database(&server)
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)
             INSERT INTO rooms (id, type, creator_id, created_at, updated_at)
             SELECT i, 'Rooms::Direct', 1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM n;
             INSERT INTO memberships (room_id, user_id, created_at, updated_at)
             SELECT id, 1, created_at, updated_at FROM rooms WHERE id >= 100;",
        )
        .expect("a busy person");
    let rarest = |users: &[i64]| {
        let users = users.iter().map(|id| campfire::core::ids::UserId(*id)).collect::<Vec<_>>();
        campfire::rooms::memberships::store::in_fewest_rooms(&database(&server), &users)
            .expect("reads")
    };
    assert_eq!(rarest(&[1, 2]).map(|user| user.0), Some(2), "not the one with five thousand rooms");
    assert_eq!(rarest(&[1, 2, 99]), None, "a person without rooms shares none");
    assert_eq!(ping(&ada, &[2]).await, (200, pair));
}

#[tokio::test]
async fn direct_rooms_cannot_be_changed() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    server.join(&ada, "alan").await;
    let (_, room) = ping(&ada, &[2]).await;
    let path = format!("/api/v1/rooms/{room}");
    for change in [
        json!({ "type": "open" }),
        json!({ "type": "closed", "user_ids": [1, 2, 3] }),
        json!({ "name": "Us" }),
        json!({ "user_ids": [1, 2, 3] }),
    ] {
        assert_eq!(ada.patch(&path, change.clone()).await.status, 422, "{change}");
    }
    assert_eq!(ada.patch(&path, json!({ "type": "direct" })).await.json(200)["type"], "direct");
    let now = campfire::core::clock::Clock::system().now();
    let changed = server.server.app().db.write(move |tx| {
        let room = campfire::core::ids::RoomId(room);
        let to_open = campfire::rooms::store::update_shared(
            tx,
            room,
            "x",
            campfire::rooms::RoomType::Open,
            now,
        )?;
        let to_direct = campfire::rooms::store::update_shared(
            tx,
            campfire::core::ids::RoomId(1),
            "x",
            campfire::rooms::RoomType::Direct,
            now,
        )?;
        Ok::<_, db::Error>((to_open, to_direct))
    });
    assert_eq!(changed.await.expect("no panic"), (false, false), "the store rejects it too");
    assert_eq!(ada.get(&path).await.json(200)["type"], "direct");
}

#[tokio::test]
async fn group_direct_rooms_can_be_left() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    server.join(&ada, "alan").await;
    let (_, pair) = ping(&ada, &[2]).await;
    let (_, three) = ping(&ada, &[2, 3]).await;
    assert_eq!(grace.delete(&format!("/api/v1/rooms/{pair}/membership")).await.status, 422);
    assert_eq!(grace.delete(&format!("/api/v1/rooms/{three}/membership")).await.status, 204);
    assert_eq!(ada.get(&format!("/api/v1/rooms/{three}")).await.json(200)["members_count"], 2);
}

#[tokio::test]
async fn every_member_may_delete_a_direct_room() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (grace, alan) = (server.join(&ada, "grace").await, server.join(&ada, "alan").await);
    let (_, room) = ping(&ada, &[2]).await;
    post_in(&ada, room, "between us").await.json(201);
    assert_eq!(alan.delete(&format!("/api/v1/rooms/{room}")).await.status, 404);
    assert_eq!(grace.delete(&format!("/api/v1/rooms/{room}")).await.status, 204);
    assert_eq!(ada.get(&format!("/api/v1/rooms/{room}")).await.status, 404);
    let (status, another) = ping(&ada, &[2]).await;
    assert_eq!((status, another != room), (201, true));
}

#[tokio::test]
async fn blocked_people_cannot_ping_or_post_in_the_shared_direct_room() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (grace, alan) = (server.join(&ada, "grace").await, server.join(&ada, "alan").await);
    let (_, pair) = ping(&ada, &[2]).await;
    let (_, three) = ping(&ada, &[2, 3]).await;
    let posted = post_in(&ada, pair, "posted before").await.json(201);
    let message = format!("/api/v1/rooms/{pair}/messages/{}", posted["id"]);
    let boosts = format!("/api/v1/messages/{}/boosts", posted["id"]);
    assert_eq!(grace.put("/api/v1/users/1/block", json!({})).await.status, 204);
    assert_eq!(grace.put("/api/v1/users/1/block", json!({})).await.status, 204);
    assert_eq!(grace.get("/api/v1/me/blocks").await.json(200)[0]["name"], "Ada Lovelace");
    assert_eq!(grace.put("/api/v1/users/2/block", json!({})).await.status, 422, "not themselves");
    assert_eq!(grace.put("/api/v1/users/99/block", json!({})).await.status, 404);
    let refused = post_in(&ada, pair, "hello?").await.json(403);
    assert!(
        refused["detail"].as_str().is_some_and(|words| words.contains("accept direct messages")),
        "{refused}"
    );
    assert_eq!(
        ada.patch(&message, json!({ "text": "hello!" })).await.status,
        403,
        "nor by editing"
    );
    assert_eq!(
        ada.post(&boosts, json!({ "content": "hello!" })).await.status,
        403,
        "nor by boosting"
    );
    assert_eq!(grace.post(&boosts, json!({ "content": "👎" })).await.status, 201);
    assert_eq!(ada.delete(&message).await.status, 204, "deleting is allowed");
    assert_eq!(post_in(&ada, three, "in company").await.status, 201);
    assert_eq!(post_in(&grace, pair, "the other way").await.status, 201);
    assert_eq!(ping(&ada, &[2]).await, (200, pair), "the existing room is found");
    grace.put("/api/v1/users/3/block", json!({})).await;
    assert_eq!(ping(&alan, &[2]).await.0, 403);
    assert_eq!(ping(&alan, &[1]).await.0, 201);
    assert_eq!(ping(&grace, &[3]).await.0, 201, "the blocker can still write");
    assert_eq!(grace.delete("/api/v1/users/1/block").await.status, 204);
    assert_eq!(post_in(&ada, pair, "thank you").await.status, 201);
}
