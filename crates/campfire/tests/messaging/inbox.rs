//! The inbox: mentions and replies.

use serde_json::{Value, json};

use crate::support::{Client, TestServer};
use crate::{PERSONAL, mention, next_event, path, post_html, reply_to};

async fn unread(person: &Client) -> Value {
    person.get("/api/v1/inbox/count").await.json(200)["unread"].take()
}

async fn reasons(person: &Client) -> Vec<(String, bool)> {
    let inbox = person.get("/api/v1/inbox").await.json(200);
    let item = |item: &Value| {
        (item["reason"].as_str().expect("a reason").to_owned(), item["unread"] == true)
    };
    inbox.as_array().expect("a list").iter().map(item).collect()
}

#[tokio::test]
async fn mentions_stay_unread_in_the_inbox_until_seen() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut own = grace.subscribe(&[PERSONAL]).await;
    ada.post_message("nothing for her").await;
    let message = post_html(&ada, &mention(&ada, "grace").await).await;
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 1 }));
    let inbox = grace.get("/api/v1/inbox").await.json(200);
    let room = json!({ "id": 1, "name": "All Talk", "type": "open" });
    assert_eq!(
        inbox,
        json!([{ "message": message, "room": room, "reason": "mention", "unread": true }])
    );
    assert_eq!(grace.put("/api/v1/inbox/seen", json!({})).await.status, 204);
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 0 }));
    assert_eq!(unread(&grace).await, 0);
    assert_eq!(reasons(&grace).await, [("mention".to_owned(), false)]);
    post_html(&ada, &mention(&ada, "grace").await).await;
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 1 }));
    assert_eq!(
        reasons(&grace).await,
        [("mention".to_owned(), true), ("mention".to_owned(), false)]
    );
    let first = grace.get("/api/v1/inbox?limit=1").await;
    let next = first.header("link").split(['<', '>']).nth(1).expect("a link").to_owned();
    let last = grace.get(&next).await;
    assert_eq!(
        (last.header("link"), &last.json(200)[0]["message"]["id"]),
        ("", &message["id"]),
        "there is no next page"
    );
    for (limit, goes_on) in [(1, true), (2, false), (3, false)] {
        assert_eq!(
            !grace.get(&format!("/api/v1/inbox?limit={limit}")).await.header("link").is_empty(),
            goes_on,
            "{limit}"
        );
    }
    assert_eq!(unread(&ada).await, 0, "authors do not notify themselves");
    post_html(&grace, &mention(&ada, "grace").await).await;
    assert_eq!(unread(&grace).await, 1, "authors do not notify themselves");
    assert_eq!(grace.get("/api/v1/inbox?before=99").await.status, 404);
    assert_eq!(grace.get("/api/v1/inbox?limit=0").await.status, 422);
    assert_eq!(server.anonymous().get("/api/v1/inbox").await.status, 401);
}

#[tokio::test]
async fn edits_add_and_remove_mention_notifications() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let alan = server.join(&ada, "alan").await;
    let mut own = grace.subscribe(&[PERSONAL]).await;
    let message = ada.post_message("hello").await;
    let edit = async |who: &str| {
        ada.patch(&path(&message), json!({ "body": mention(&ada, who).await })).await.json(200)
    };
    edit("grace").await;
    assert_eq!((unread(&grace).await, unread(&alan).await), (json!(1), json!(0)));
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 1 }));
    grace.put("/api/v1/inbox/seen", json!({})).await;
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 0 }));
    edit("grace").await;
    assert_eq!(unread(&grace).await, 0, "she was notified already");
    edit("alan").await;
    assert_eq!(next_event(&mut own).await, json!({ "type": "inbox.changed", "unread": 0 }));
    assert_eq!((reasons(&grace).await.len(), reasons(&alan).await.len()), (0, 1));
    assert_eq!(ada.delete(&path(&message)).await.status, 204);
    assert_eq!(unread(&alan).await, 0);
    ada.post(&format!("{}/restore", path(&message)), json!({})).await.json(200);
    assert_eq!(unread(&alan).await, 1);
}

#[tokio::test]
async fn replies_notify_the_author_unless_muted() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let question = grace.post_message("why?").await;
    assert_eq!(question["reply_to"], Value::Null);
    let response = post_html(&ada, &reply_to(&question, "because")).await;
    assert_eq!(response["reply_to"], json!({ "message_id": question["id"], "user_id": 2 }));
    assert_eq!(reasons(&grace).await, [("reply".to_owned(), true)]);
    assert_eq!(
        grace.get("/api/v1/me/preferences").await.json(200),
        json!({ "replies_notify": true })
    );
    let off =
        grace.patch("/api/v1/me/preferences", json!({ "replies_notify": false })).await.json(200);
    assert_eq!(
        (off, grace.get("/api/v1/me/preferences").await.json(200)["replies_notify"].clone()),
        (json!({ "replies_notify": false }), json!(false))
    );
    assert_eq!((unread(&grace).await, reasons(&grace).await.len()), (json!(0), 0));
    post_html(&ada, &format!("{} {}", reply_to(&question, ""), mention(&ada, "grace").await)).await;
    assert_eq!(
        reasons(&grace).await,
        [("mention".to_owned(), true)],
        "the mention takes precedence"
    );
    assert_eq!(
        grace.patch("/api/v1/me/preferences", json!({ "replies_notify": "yes" })).await.status,
        422
    );
    assert_eq!(
        grace.patch("/api/v1/me/preferences", json!({})).await.json(200),
        json!({ "replies_notify": false })
    );
    let page = ada.get("/api/v1/rooms/1/messages").await.json(200);
    assert_eq!(page[1]["reply_to"]["message_id"], question["id"]);
    assert_eq!(grace.delete(&path(&question)).await.status, 204);
    let page = ada.get("/api/v1/rooms/1/messages").await.json(200);
    assert_eq!(page[0]["reply_to"], Value::Null, "the original message was deleted");
    let other_room_reply = reply_to(&response, "x").replace("/rooms/1/", "/rooms/2/");
    assert_eq!(post_html(&ada, &other_room_reply).await["reply_to"], Value::Null);
}
