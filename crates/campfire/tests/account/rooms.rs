//! Creating and changing rooms.

use serde_json::{Value, json};

use super::support::TestServer;
use super::{
    PERSONAL, create_closed_room, events_until, next_event, next_event_of_type, post_in, rooms_of,
};

#[tokio::test]
async fn open_rooms_include_everyone_and_later_members() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut events = grace.subscribe(&[PERSONAL]).await;
    let room =
        ada.post("/api/v1/rooms", json!({ "type": "open", "name": " Kitchen " })).await.json(201);
    assert_eq!(
        (&room["name"], &room["type"], &room["members_count"]),
        (&json!("Kitchen"), &json!("open"), &json!(2))
    );
    assert_eq!(
        (&room["involvement"], &room["unread"], &room["unread_since"]),
        (&json!("mentions"), &json!(false), &Value::Null)
    );
    assert!(room.get("members").is_none());
    let event = next_event_of_type(&mut events, "room.created").await;
    assert_eq!(
        (&event["type"], &event["room"]["id"], &event["room"]["involvement"]),
        (&json!("room.created"), &room["id"], &json!("mentions"))
    );
    let alan = server.join(&ada, "alan").await;
    assert_eq!(rooms_of(&alan).await.len(), 2);
    assert_eq!(next_event_of_type(&mut events, "user.updated").await["user"]["name"], "alan");
    assert_eq!(next_event_of_type(&mut events, "room.updated").await["room"]["members_count"], 3);
}

#[tokio::test]
async fn closed_rooms_include_only_the_creator_and_selected_people() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (grace, alan) = (server.join(&ada, "grace").await, server.join(&ada, "alan").await);
    let mut outside = alan.subscribe(&[PERSONAL]).await;
    let room = create_closed_room(&grace, "Annex", &[1]).await;
    assert_eq!(rooms_of(&ada).await, [1, room]);
    assert_eq!(rooms_of(&alan).await, [1]);
    assert_eq!(alan.get(&format!("/api/v1/rooms/{room}")).await.status, 404);
    assert_eq!(post_in(&alan, room, "let me in").await.status, 404);
    // A non-member's next event is about another room.
    ada.post("/api/v1/rooms", json!({ "type": "open", "name": "Later" })).await.json(201);
    let events = events_until(&mut outside, |event| event["room"]["name"] == "Later").await;
    assert!(events.iter().all(|event| event["room"]["id"] != room), "{events:?}");
}

#[tokio::test]
async fn invalid_rooms_get_errors_per_field() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for (body, field) in [
        (json!({ "type": "open" }), "name"),
        (json!({ "type": "open", "name": "  " }), "name"),
        (json!({ "type": "open", "name": "a\u{7}b" }), "name"),
        (json!({ "type": "closed", "name": "x".repeat(101) }), "name"),
        (json!({ "type": "secret", "name": "x" }), "type"),
        (json!({ "name": "x" }), "body"),
        (json!({ "type": "closed", "name": "x", "user_ids": [99] }), "user_ids"),
        (json!({ "type": "closed", "name": "x", "user_ids": "all" }), "user_ids"),
        (json!({ "type": "direct", "user_ids": (1..=1001).collect::<Vec<_>>() }), "user_ids"),
        (json!({ "type": "direct", "user_ids": [99] }), "user_ids"),
    ] {
        let problem = ada.post("/api/v1/rooms", body.clone()).await.json(422);
        assert!(problem["errors"][field][0].is_string(), "{body}: {problem}");
    }
    assert_eq!(rooms_of(&ada).await, [1], "nothing was created");
}

#[tokio::test]
async fn restricted_room_creation_still_allows_pings() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    ada.patch(
        "/api/v1/account",
        json!({ "settings": { "restrict_room_creation_to_administrators": true } }),
    )
    .await
    .json(200);
    for kind in ["open", "closed"] {
        assert_eq!(
            grace.post("/api/v1/rooms", json!({ "type": kind, "name": "x" })).await.status,
            403
        );
        assert_eq!(
            ada.post("/api/v1/rooms", json!({ "type": kind, "name": "x" })).await.status,
            201
        );
    }
    assert_eq!(
        grace.post("/api/v1/rooms", json!({ "type": "direct", "user_ids": [1] })).await.status,
        201
    );
}

#[tokio::test]
async fn converting_a_room_adds_everyone_or_keeps_selected_people() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (grace, alan) = (server.join(&ada, "grace").await, server.join(&ada, "alan").await);
    let room = create_closed_room(&grace, "Annex", &[]).await;
    let path = format!("/api/v1/rooms/{room}");
    let mut outside = alan.subscribe(&[PERSONAL]).await;
    let opened = grace.patch(&path, json!({ "type": "open" })).await.json(200);
    assert_eq!(
        (&opened["type"], &opened["name"], &opened["members_count"]),
        (&json!("open"), &json!("Annex"), &json!(3))
    );
    assert_eq!(next_event_of_type(&mut outside, "room.created").await["room"]["id"], room);
    grace.patch(&path, json!({ "type": "closed" })).await.json(200);
    assert_eq!(
        alan.get(&path).await.json(200)["members_count"],
        3,
        "without a selection all members stay"
    );
    assert_eq!(next_event(&mut outside).await["room"]["type"], "closed");
    grace.patch(&path, json!({ "type": "open" })).await.json(200);
    grace
        .patch(&path, json!({ "type": "closed", "name": "Cellar", "user_ids": [1, 2] }))
        .await
        .json(200);
    assert_eq!(next_event_of_type(&mut outside, "room.removed").await["room_id"], room);
    assert_eq!(alan.get(&path).await.status, 404);
    assert_eq!(ada.get(&path).await.json(200)["name"], "Cellar");
    assert_eq!(
        ada.patch(&path, json!({ "type": "direct" })).await.status,
        422,
        "shared rooms cannot become direct"
    );
}

#[tokio::test]
async fn revising_members_keeps_their_involvement() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let room = create_closed_room(&ada, "Annex", &[2]).await;
    let path = format!("/api/v1/rooms/{room}");
    grace
        .put(&format!("{path}/involvement"), json!({ "involvement": "everything" }))
        .await
        .json(200);
    ada.patch(&path, json!({ "user_ids": [2, 1, 2] })).await.json(200);
    assert_eq!(grace.get(&path).await.json(200)["involvement"], "everything");
    assert_eq!(ada.patch(&path, json!({ "user_ids": [] })).await.status, 422);
    assert_eq!(ada.patch(&path, json!({ "user_ids": [1, 99] })).await.status, 422);
    assert_eq!(grace.get(&path).await.status, 200, "the rejected change had no effect");
    assert_eq!(
        ada.patch(&path, json!({ "user_ids": [2] })).await.status,
        204,
        "members may remove themselves"
    );
    assert_eq!(ada.get(&path).await.status, 404);
}

#[tokio::test]
async fn only_the_creator_and_member_administrators_change_a_room() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let (grace, alan) = (server.join(&ada, "grace").await, server.join(&ada, "alan").await);
    let room = create_closed_room(&grace, "Annex", &[3]).await;
    let path = format!("/api/v1/rooms/{room}");
    assert_eq!(alan.patch(&path, json!({ "name": "Mine" })).await.status, 403);
    assert_eq!(alan.delete(&path).await.status, 403);
    assert_eq!(
        ada.patch(&path, json!({ "name": "Mine" })).await.status,
        404,
        "administrators who are not members do not find it"
    );
    assert_eq!(ada.delete(&path).await.status, 404);
    grace.patch(&path, json!({ "user_ids": [1, 2, 3] })).await.json(200);
    assert_eq!(ada.patch(&path, json!({ "name": "Ours" })).await.json(200)["name"], "Ours");
}

#[tokio::test]
async fn closed_rooms_can_be_left_but_open_ones_cannot() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let room = create_closed_room(&ada, "Annex", &[2]).await;
    let mut stays = ada.subscribe(&[PERSONAL]).await;
    assert_eq!(grace.delete("/api/v1/rooms/1/membership").await.status, 422);
    assert_eq!(grace.delete(&format!("/api/v1/rooms/{room}/membership")).await.status, 204);
    assert_eq!(grace.delete(&format!("/api/v1/rooms/{room}/membership")).await.status, 404);
    assert_eq!(rooms_of(&grace).await, [1]);
    let event = next_event_of_type(&mut stays, "room.updated").await;
    assert_eq!((&event["room"]["id"], &event["room"]["members_count"]), (&json!(room), &json!(1)));
    let last = ada.delete(&format!("/api/v1/rooms/{room}/membership")).await.json(422);
    assert!(
        last["detail"].as_str().expect("a reason").contains("last member"),
        "the room has no members: {last}"
    );
}
