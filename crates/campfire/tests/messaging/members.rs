//! Mentions, suggestions and involvement.

use serde_json::{Value, json};

use crate::support::TestServer;
use crate::{PERSONAL, database, mention, post_html};

fn names(found: &Value) -> Vec<&str> {
    found
        .as_array()
        .expect("a list")
        .iter()
        .map(|user| user["name"].as_str().expect("a name"))
        .collect()
}

#[tokio::test]
async fn people_are_found_by_part_of_their_name() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let zoe = server.join(&ada, "Zoë").await;
    server.join(&ada, "alan").await;
    assert_eq!(names(&ada.get("/api/v1/users").await.json(200)), ["Ada Lovelace", "alan", "Zoë"]);
    assert_eq!(names(&ada.get("/api/v1/users?query=LAN").await.json(200)), ["alan"]);
    assert_eq!(names(&ada.get("/api/v1/users?query=zoe").await.json(200)), ["Zoë"]);
    assert_eq!(names(&ada.get("/api/v1/users?query=%25").await.json(200)), Vec::<&str>::new());
    assert_eq!(names(&ada.get("/api/v1/users?limit=1").await.json(200)), ["Ada Lovelace"]);
    zoe.post_message("I spoke last").await;
    assert_eq!(
        names(&ada.get("/api/v1/users?room_id=1").await.json(200)),
        ["Zoë", "Ada Lovelace", "alan"]
    );
    assert_eq!(ada.get("/api/v1/users?room_id=2").await.status, 404);
    for query in
        ["limit=0", "limit=501", "limit=x", "room_id=x", &format!("query={}", "x".repeat(101))]
    {
        assert_eq!(ada.get(&format!("/api/v1/users?{query}")).await.status, 422, "{query}");
    }
    let found = ada.get("/api/v1/users?query=alan").await.json(200);
    assert_eq!(found[0]["email_address"], "alan@example.com", "administrators see it");
    assert!(zoe.get("/api/v1/users?query=alan").await.json(200)[0].get("email_address").is_none());
    let id = &found[0]["id"];
    assert_eq!(
        ada.get(&format!("/api/v1/users/{id}")).await.json(200)["email_address"],
        "alan@example.com"
    );
    assert!(zoe.get(&format!("/api/v1/users/{id}")).await.json(200).get("email_address").is_none());
    assert_eq!(ada.get("/api/v1/users/99").await.status, 404);
    assert_eq!(ada.get("/api/v1/users/x").await.status, 404);
}

#[tokio::test]
async fn mentions_need_a_valid_signature_and_show_the_current_name() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let message = post_html(&ada, &mention(&ada, "grace").await).await;
    assert_eq!(message["mentions"], json!([2]));
    assert!(
        message["body"]["html"].as_str().expect("HTML").contains("href=\"/users/2\""),
        "{message}"
    );
    assert_eq!(message["body"]["plain"], "hello @grace");
    let forged = post_html(&ada, &mention(&ada, "grace").await.replace("--", "--0")).await;
    assert_eq!(forged["mentions"], json!([]), "rendered, but notifies no one");
    assert_eq!(grace.get("/api/v1/inbox/count").await.json(200), json!({ "unread": 1 }));
    ada.get("/api/v1/rooms/1/messages").await.json(200);
    // Another program renames her; the server notices it with its next write.
    let conn = rusqlite::Connection::open(server.storage.path().join("db/production.sqlite3"))
        .expect("opens");
    conn.execute("UPDATE users SET name = 'Grace Hopper' WHERE id = 2", []).expect("renamed");
    ada.post_message("next").await;
    assert_eq!(ada.message_texts("").await[0], "hello @Grace Hopper");
}

#[tokio::test]
async fn new_members_can_be_mentioned_immediately() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    // The next user will have ID 2; their mention is signed as the server signs it.
    let sgid = rails_compat::Secret::new(crate::support::SECRET).expect("a secret").sign_global_id(
        "User",
        "attachable",
        2,
    );
    let body =
        format!("<div><action-text-attachment sgid=\"{sgid}\"></action-text-attachment> hi</div>");
    assert_eq!(post_html(&ada, &body).await["mentions"], json!([]));
    assert_eq!(ada.get("/api/v1/rooms/1/messages").await.json(200)[0]["mentions"], json!([]));
    server.join(&ada, "grace").await;
    let page = ada.get("/api/v1/rooms/1/messages").await.json(200);
    assert_eq!(
        (&page[0]["mentions"], &page[0]["body"]["plain"]),
        (&json!([2]), &json!("@grace hi"))
    );
}

#[tokio::test]
async fn involvement_can_be_chosen() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut own = grace.subscribe(&[PERSONAL]).await;
    let path = "/api/v1/rooms/1/involvement";
    for involvement in ["everything", "nothing", "mentions", "invisible"] {
        let room = grace.put(path, json!({ "involvement": involvement })).await.json(200);
        assert_eq!(room["involvement"], involvement);
        let wanted = json!({ "type": "room.updated", "room": room });
        // The event of her own sign-up may still arrive.
        while own.next().await["message"] != wanted {}
    }
    assert_eq!(grace.get("/api/v1/rooms").await.json(200), json!([]), "hidden");
    ada.post_message("hello").await;
    assert_eq!(grace.get("/api/v1/rooms/1").await.json(200)["unread"], false);
    let problem = grace.put(path, json!({ "involvement": "loud" })).await.json(422);
    assert!(problem["errors"]["involvement"][0].is_string());
    assert_eq!(
        grace.put("/api/v1/rooms/2/involvement", json!({ "involvement": "nothing" })).await.status,
        404
    );
    let (conn, storage) = database(server).await;
    conn.execute("UPDATE rooms SET type = 'Rooms::Direct'", []).expect("changed");
    drop(conn);
    let server = TestServer::start_on(storage).await;
    let ada = crate::support::Client { address: server.address(), ..ada };
    for (involvement, status) in
        [("mentions", 422), ("invisible", 422), ("nothing", 200), ("everything", 200)]
    {
        assert_eq!(
            ada.put(path, json!({ "involvement": involvement })).await.status,
            status,
            "{involvement}"
        );
    }
}

#[tokio::test]
async fn a_room_can_be_marked_unread_from_a_message() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let (unread, presence) =
        (r#"{"channel":"UnreadRoomsChannel"}"#, r#"{"channel":"PresenceChannel","room_id":1}"#);
    let reads = r#"{"channel":"ReadRoomsChannel"}"#;
    let mut other = grace.subscribe(&[unread, reads]).await;
    let (first, _) = (ada.post_message("one").await, ada.post_message("two").await);
    for _ in 0..2 {
        assert_eq!(other.next().await, json!({ "identifier": unread, "message": { "roomId": 1 } }));
    }
    let mut looking = grace.subscribe(&[presence]).await;
    assert_eq!(other.next().await, json!({ "identifier": reads, "message": { "room_id": 1 } }));
    let path = "/api/v1/rooms/1/unread";
    assert_eq!(grace.put(path, json!({ "message_id": first["id"] })).await.status, 204);
    assert_eq!(other.next().await, json!({ "identifier": unread, "message": { "roomId": 1 } }));
    let room = grace.get("/api/v1/rooms/1").await.json(200);
    assert_eq!((&room["unread"], &room["unread_since"]), (&json!(true), &first["created_at"]));
    assert_eq!(
        ada.get("/api/v1/rooms/1").await.json(200)["unread"],
        false,
        "only for the person who marked it"
    );
    looking.perform(presence, "present").await;
    assert_eq!(other.next().await, json!({ "identifier": reads, "message": { "room_id": 1 } }));
    assert_eq!(grace.get("/api/v1/rooms/1").await.json(200)["unread"], false);
    assert_eq!(grace.put(path, json!({ "message_id": 99 })).await.status, 404);
    assert_eq!(grace.put(path, json!({})).await.status, 422);
    grace.put("/api/v1/rooms/1/involvement", json!({ "involvement": "invisible" })).await.json(200);
    assert_eq!(grace.put(path, json!({ "message_id": first["id"] })).await.status, 422);
}
