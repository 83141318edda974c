//! Recipients and contents of notifications.

use campfire::core::ids::UserId;
use campfire::jobs::Jobs;
use campfire::rooms::memberships::presence::Presence;
use serde_json::json;

use super::{Fixture, PRESENCE, ROOM, set};
use crate::support::Reply;

#[tokio::test]
async fn notifications_have_author_text_path_and_a_signed_sender() {
    let mut fixture = Fixture::new().await;
    fixture.ada.post_message("Hello <there> 😀\nand here").await;
    let push = fixture.push.next().await;
    let options = json!({ "body": "Ada Lovelace: Hello <there> 😀\nand here", "icon": "/account/logo", "data": { "path": "/rooms/1", "badge": 1 } });
    assert_eq!(push.notification, json!({ "title": "All Talk", "options": options }));
    assert_eq!(
        (&push.headers["ttl"], &push.headers["urgency"]),
        (&"2419200".parse().expect("a header"), &"high".parse().expect("a header"))
    );
    assert_eq!(
        (&push.sender.claims["aud"], &push.sender.claims["sub"]),
        (&json!(fixture.push.origin()), &json!("mailto:ada@example.com"))
    );
    let hours = (push.sender.claims["exp"].as_i64().expect("a timestamp")
        - jiff::Timestamp::now().as_second())
        / 3600;
    assert!((11..=12).contains(&hours), "{hours} hours");
    let status = fixture.server.anonymous().get("/api/v1/status").await.json(200);
    assert_eq!(
        (&status["vapid_public_key"], &status["features"]["push"]),
        (&json!(push.sender.key), &json!(true))
    );
    fixture.ada.post_message("again").await;
    assert_eq!(
        fixture.push.next().await.sender.token,
        push.sender.token,
        "a token is valid for hours"
    );
}

#[tokio::test]
async fn involvement_selects_recipients() {
    let mut fixture = Fixture::without_devices().await;
    for (id, name) in [(3, "everything"), (4, "mentions"), (5, "nothing"), (6, "invisible")] {
        let person = fixture.server.join(&fixture.ada, name).await;
        fixture.subscribe(&person, name).await;
        fixture.set_involvement(id, name).await;
    }
    fixture.subscribe(&fixture.ada.clone(), "author").await;
    fixture.set_involvement(1, "everything").await;
    fixture.ada.post_message("without a mention").await;
    assert_eq!(fixture.notified_browsers().await, set(&["everything"]));
    fixture.mention(4, None).await;
    assert_eq!(fixture.notified_browsers().await, set(&["everything", "mentions"]));
    for user in [5, 6] {
        fixture.mention(user, None).await;
        assert_eq!(fixture.notified_browsers().await, set(&["everything"]));
    }
    let forged = fixture.app().secret.sign_global_id("User", "avatar", 4);
    fixture.mention(4, Some(&forged)).await;
    assert_eq!(fixture.notified_browsers().await, set(&["everything"]));
}

#[tokio::test]
async fn present_people_are_not_notified_until_they_leave() {
    let mut fixture = Fixture::new().await;
    let mut socket = fixture.grace.subscribe(&[PRESENCE]).await;
    fixture
        .wait_until(|app| {
            app.state::<Presence>().present(ROOM, app.clock.now()).contains(&UserId(2))
        })
        .await;
    let before = fixture.app().state::<Jobs>().status();
    fixture.ada.post_message("you see this").await;
    assert_eq!(
        fixture.app().state::<Jobs>().status(),
        before,
        "a message without recipients enqueues no job"
    );
    socket.command("unsubscribe", PRESENCE).await;
    fixture
        .wait_until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).is_empty())
        .await;
    fixture.ada.post_message("you do not see this").await;
    assert_eq!(
        fixture.push.next().await.notification["options"]["body"],
        "Ada Lovelace: you do not see this"
    );
}

#[tokio::test]
async fn messages_without_recipients_enqueue_no_jobs() {
    let fixture = Fixture::without_devices().await;
    let idle = fixture.app().state::<Jobs>().status();
    fixture.set_involvement(2, "everything").await;
    fixture.ada.post_message("no recipient has a device").await;
    let phone = fixture.subscribe(&fixture.grace, "phone").await;
    fixture.grace.post_message("the author is not notified").await;
    fixture.set_involvement(2, "mentions").await;
    fixture.ada.post_message("Grace wants mentions only").await;
    fixture.mention(1, None).await;
    fixture.set_involvement(2, "everything").await;
    assert_eq!(
        fixture.grace.delete(&format!("/api/v1/push_subscriptions/{phone}")).await.status,
        204
    );
    fixture.ada.post_message("the device is gone").await;
    assert_eq!(fixture.app().state::<Jobs>().status(), idle);
}

#[tokio::test]
async fn devices_are_notified_while_subscribed() {
    let mut fixture = Fixture::without_devices().await;
    fixture.set_involvement(2, "everything").await;
    fixture.ada.post_message("no recipient has a device").await;
    let phone = fixture.subscribe(&fixture.grace, "phone").await;
    fixture.ada.post_message("Grace has one").await;
    assert_eq!(fixture.notified_browsers().await, set(&["phone"]));
    let before = fixture.app().state::<Jobs>().status();
    assert_eq!(
        fixture.grace.delete(&format!("/api/v1/push_subscriptions/{phone}")).await.status,
        204
    );
    fixture.ada.post_message("Grace has none any more").await;
    assert_eq!(fixture.app().state::<Jobs>().status(), before);
}

#[tokio::test]
async fn the_author_and_present_people_are_not_notified() {
    let mut fixture = Fixture::new().await;
    let linus = fixture.server.join(&fixture.ada, "Linus").await;
    for (id, person, browser) in [(1, fixture.ada.clone(), "author"), (3, linus.clone(), "looks")] {
        fixture.subscribe(&person, browser).await;
        fixture.set_involvement(id, "everything").await;
    }
    let _socket = linus.subscribe(&[PRESENCE]).await;
    fixture
        .wait_until(|app| {
            app.state::<Presence>().present(ROOM, app.clock.now()).contains(&UserId(3))
        })
        .await;
    fixture.execute_sql("UPDATE memberships SET unread_at = '2026-01-01 00:00:00.000000'").await;
    fixture.ada.post_message("hello").await;
    assert_eq!(fixture.notified_browsers().await, set(&["phone"]));
}

#[tokio::test]
async fn notifications_of_direct_rooms_are_titled_with_the_author() {
    let mut fixture = Fixture::new().await;
    fixture
        .execute_sql(
            "INSERT INTO rooms (id, type, creator_id, created_at, updated_at) VALUES (7, 'Rooms::Direct', 1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
             INSERT INTO memberships (room_id, user_id, involvement, connections, created_at, updated_at)
             SELECT 7, id, 'everything', 0, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM users WHERE id IN (1, 2)",
        )
        .await;
    fixture.ada.post("/api/v1/rooms/7/messages", json!({ "text": "between us" })).await.json(201);
    let notification = fixture.push.next().await.notification;
    assert_eq!(
        (notification["title"].as_str(), notification["options"]["body"].as_str()),
        (Some("Ada Lovelace"), Some("between us"))
    );
    assert_eq!(notification["options"]["data"], json!({ "path": "/rooms/7", "badge": 1 }));
    fixture.ada.post_message("and to all").await;
    assert_eq!(fixture.push.next().await.notification["options"]["data"]["badge"], 2);
    fixture.wait_for_jobs().await;
    fixture.set_involvement(2, "nothing").await;
    fixture.ada.post("/api/v1/rooms/7/messages", json!({ "text": "still there?" })).await.json(201);
    assert_eq!(
        fixture.push.next().await.notification["options"]["data"]["badge"],
        1,
        "a muted room does not count"
    );
}

#[tokio::test]
async fn deactivated_and_banned_people_are_not_notified() {
    let mut fixture = Fixture::new().await;
    for status in [1, 2] {
        fixture.execute_sql(&format!("UPDATE users SET status = {status} WHERE id = 2")).await;
        fixture.ada.post_message("a secret").await;
        assert_eq!(fixture.notified_browsers().await, set(&[]));
    }
    fixture.execute_sql("UPDATE users SET status = 0 WHERE id = 2").await;
    fixture.ada.post_message("welcome back").await;
    assert_eq!(fixture.notified_browsers().await, set(&["phone"]));
    fixture.execute_sql("DELETE FROM memberships WHERE user_id = 2").await;
    fixture.ada.post_message("not for you").await;
    assert_eq!(fixture.notified_browsers().await, set(&[]));
}

#[tokio::test]
async fn queued_notifications_are_current_or_discarded() {
    let mut fixture = Fixture::new().await;
    let tablet = fixture.subscribe(&fixture.grace.clone(), "tablet").await;
    for browser in ["phone", "tablet"] {
        fixture
            .push
            .reply_with(browser, [Reply::Status(503), Reply::Status(503), Reply::Status(503)]);
    }
    let deleted = fixture.ada.post_message("to be deleted").await["id"].clone();
    let read = fixture.ada.post_message("to be changed").await["id"].clone();
    fixture
        .wait_for_table(|table| {
            table.iter().filter(|job| job.state == "waiting" && job.attempts == 1).count() == 4
        })
        .await;
    fixture.push.pending();
    fixture
        .execute_sql(&format!("DELETE FROM action_text_rich_texts WHERE record_id = {deleted}; DELETE FROM messages WHERE id = {deleted}"))
        .await;
    fixture
        .execute_sql(&format!(
            "UPDATE action_text_rich_texts SET body = '<div>changed</div>' WHERE record_id = {read}"
        ))
        .await;
    fixture
        .execute_sql(&format!(
            "UPDATE push_subscriptions SET auth_key = 'broken' WHERE id = {tablet}"
        ))
        .await;
    for browser in ["phone", "tablet"] {
        fixture.push.reply_with(browser, []);
    }
    fixture.advance_clock(60);
    fixture.wait_for_jobs().await;
    let bodies = fixture
        .push
        .pending()
        .into_iter()
        .map(|push| push.notification["options"]["body"].clone())
        .collect::<Vec<_>>();
    assert_eq!(bodies, ["Ada Lovelace: changed"]);
    assert_eq!(
        fixture.devices(&fixture.grace.clone()).await.len(),
        1,
        "a subscription with invalid keys is deleted"
    );
    let linus = fixture.server.join(&fixture.ada, "Linus").await;
    fixture.subscribe(&linus, "other").await;
    fixture.set_involvement(3, "everything").await;
    fixture.push.reply_with("phone", [Reply::Status(503)]);
    fixture.ada.post_message("read on another device meanwhile").await;
    fixture.wait_for_table(|table| table.len() == 1 && table[0].attempts == 1).await;
    fixture.push.pending();
    fixture.execute_sql("UPDATE memberships SET unread_at = NULL WHERE user_id = 2").await;
    fixture.advance_clock(60);
    assert_eq!(fixture.notified_browsers().await, set(&[]));
}

#[tokio::test]
async fn long_messages_are_truncated_to_the_push_limit() {
    let mut fixture = Fixture::new().await;
    let text = "\"😀\" ".repeat(5000);
    fixture.ada.post_message(&text).await;
    let push = fixture.push.next().await;
    assert!((4000..=4096).contains(&push.size), "{} bytes", push.size);
    let body = push.notification["options"]["body"]
        .as_str()
        .expect("text")
        .strip_suffix('…')
        .expect("an ellipsis")
        .to_owned();
    assert!(format!("Ada Lovelace: {text}").starts_with(&body));
}
