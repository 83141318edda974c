//! Who is notified, and what it says.

use campfire::core::ids::UserId;
use campfire::jobs::Jobs;
use campfire::rooms::memberships::presence::Presence;
use serde_json::json;

use super::{PRESENCE, ROOM, Stage, set};
use crate::support::Reply;

#[tokio::test]
async fn a_notification_says_who_said_what_where_and_proves_who_sends_it() {
    let mut stage = Stage::set().await;
    stage.ada.post_message("Hello <there> 😀\nand here").await;
    let arrival = stage.push.next().await;
    let options = json!({ "body": "Ada Lovelace: Hello <there> 😀\nand here", "icon": "/account/logo", "data": { "path": "/rooms/1", "badge": 1 } });
    assert_eq!(arrival.notification, json!({ "title": "All Talk", "options": options }));
    assert_eq!(
        (&arrival.headers["ttl"], &arrival.headers["urgency"]),
        (&"2419200".parse().expect("a header"), &"high".parse().expect("a header"))
    );
    assert_eq!(
        (&arrival.sender.claims["aud"], &arrival.sender.claims["sub"]),
        (&json!(stage.push.origin()), &json!("mailto:ada@example.com"))
    );
    let hours = (arrival.sender.claims["exp"].as_i64().expect("a moment")
        - jiff::Timestamp::now().as_second())
        / 3600;
    assert!((11..=12).contains(&hours), "{hours} hours");
    let status = stage.server.anonymous().get("/api/v1/status").await.json(200);
    assert_eq!(
        (&status["vapid_public_key"], &status["features"]["push"]),
        (&json!(arrival.sender.key), &json!(true))
    );
    stage.ada.post_message("again").await;
    assert_eq!(
        stage.push.next().await.sender.token,
        arrival.sender.token,
        "a token is used for hours"
    );
}

#[tokio::test]
async fn involvement_decides() {
    let mut stage = Stage::bare().await;
    for (id, name) in [(3, "everything"), (4, "mentions"), (5, "nothing"), (6, "invisible")] {
        let person = stage.server.join(&stage.ada, name).await;
        stage.subscribe(&person, name).await;
        stage.involve(id, name).await;
    }
    stage.subscribe(&stage.ada.clone(), "author").await;
    stage.involve(1, "everything").await;
    stage.ada.post_message("to nobody in particular").await;
    assert_eq!(stage.notified().await, set(&["everything"]));
    stage.mention(4, None).await;
    assert_eq!(stage.notified().await, set(&["everything", "mentions"]));
    for deaf in [5, 6] {
        stage.mention(deaf, None).await;
        assert_eq!(stage.notified().await, set(&["everything"]));
    }
    let forged = stage.app().secret.sign_global_id("User", "avatar", 4);
    stage.mention(4, Some(&forged)).await;
    assert_eq!(stage.notified().await, set(&["everything"]));
}

#[tokio::test]
async fn who_looks_is_not_notified_until_they_leave() {
    let mut stage = Stage::set().await;
    let mut socket = stage.grace.subscribe(&[PRESENCE]).await;
    stage
        .until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).contains(&UserId(2)))
        .await;
    let before = stage.app().state::<Jobs>().status();
    stage.ada.post_message("you see this").await;
    assert_eq!(
        stage.app().state::<Jobs>().status(),
        before,
        "a message that concerns nobody stores no job"
    );
    socket.command("unsubscribe", PRESENCE).await;
    stage.until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).is_empty()).await;
    stage.ada.post_message("you do not see this").await;
    assert_eq!(
        stage.push.next().await.notification["options"]["body"],
        "Ada Lovelace: you do not see this"
    );
}

#[tokio::test]
async fn nobody_to_notify_costs_nothing() {
    let stage = Stage::bare().await;
    let idle = stage.app().state::<Jobs>().status();
    stage.involve(2, "everything").await;
    stage.ada.post_message("nobody has a device").await;
    let phone = stage.subscribe(&stage.grace, "phone").await;
    stage.grace.post_message("the author is not notified").await;
    stage.involve(2, "mentions").await;
    stage.ada.post_message("Grace wants mentions only").await;
    stage.mention(1, None).await;
    stage.involve(2, "everything").await;
    assert_eq!(
        stage.grace.delete(&format!("/api/v1/push_subscriptions/{phone}")).await.status,
        204
    );
    stage.ada.post_message("the device is gone").await;
    assert_eq!(stage.app().state::<Jobs>().status(), idle);
}

#[tokio::test]
async fn a_device_counts_from_the_moment_it_comes_to_the_moment_it_goes() {
    let mut stage = Stage::bare().await;
    stage.involve(2, "everything").await;
    stage.ada.post_message("nobody has a device").await;
    let phone = stage.subscribe(&stage.grace, "phone").await;
    stage.ada.post_message("Grace has one").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
    let before = stage.app().state::<Jobs>().status();
    assert_eq!(
        stage.grace.delete(&format!("/api/v1/push_subscriptions/{phone}")).await.status,
        204
    );
    stage.ada.post_message("Grace has none any more").await;
    assert_eq!(stage.app().state::<Jobs>().status(), before);
}

#[tokio::test]
async fn neither_the_author_nor_who_looks_is_notified_though_something_is_unread() {
    let mut stage = Stage::set().await;
    let linus = stage.server.join(&stage.ada, "Linus").await;
    for (id, person, browser) in [(1, stage.ada.clone(), "author"), (3, linus.clone(), "looks")] {
        stage.subscribe(&person, browser).await;
        stage.involve(id, "everything").await;
    }
    let _socket = linus.subscribe(&[PRESENCE]).await;
    stage
        .until(|app| app.state::<Presence>().present(ROOM, app.clock.now()).contains(&UserId(3)))
        .await;
    stage.store("UPDATE memberships SET unread_at = '2026-01-01 00:00:00.000000'").await;
    stage.ada.post_message("hello").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
}

#[tokio::test]
async fn a_direct_room_is_called_by_its_author() {
    let mut stage = Stage::set().await;
    stage
        .store(
            "INSERT INTO rooms (id, type, creator_id, created_at, updated_at) VALUES (7, 'Rooms::Direct', 1, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
             INSERT INTO memberships (room_id, user_id, involvement, connections, created_at, updated_at)
             SELECT 7, id, 'everything', 0, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000' FROM users WHERE id IN (1, 2)",
        )
        .await;
    stage.ada.post("/api/v1/rooms/7/messages", json!({ "text": "between us" })).await.json(201);
    let notification = stage.push.next().await.notification;
    assert_eq!(
        (notification["title"].as_str(), notification["options"]["body"].as_str()),
        (Some("Ada Lovelace"), Some("between us"))
    );
    assert_eq!(notification["options"]["data"], json!({ "path": "/rooms/7", "badge": 1 }));
    stage.ada.post_message("and to all").await;
    assert_eq!(stage.push.next().await.notification["options"]["data"]["badge"], 2);
    stage.done().await;
    stage.involve(2, "nothing").await;
    stage.ada.post("/api/v1/rooms/7/messages", json!({ "text": "still there?" })).await.json(201);
    assert_eq!(
        stage.push.next().await.notification["options"]["data"]["badge"],
        1,
        "a silenced room does not count"
    );
}

#[tokio::test]
async fn people_who_may_not_come_in_hear_nothing() {
    let mut stage = Stage::set().await;
    for status in [1, 2] {
        stage.store(&format!("UPDATE users SET status = {status} WHERE id = 2")).await;
        stage.ada.post_message("a secret").await;
        assert_eq!(stage.notified().await, set(&[]));
    }
    stage.store("UPDATE users SET status = 0 WHERE id = 2").await;
    stage.ada.post_message("welcome back").await;
    assert_eq!(stage.notified().await, set(&["phone"]));
    stage.store("DELETE FROM memberships WHERE user_id = 2").await;
    stage.ada.post_message("not for you").await;
    assert_eq!(stage.notified().await, set(&[]));
}

#[tokio::test]
async fn what_waits_is_true_when_it_is_sent_or_not_sent_at_all() {
    let mut stage = Stage::set().await;
    let tablet = stage.subscribe(&stage.grace.clone(), "tablet").await;
    for browser in ["phone", "tablet"] {
        stage
            .push
            .reply_with(browser, [Reply::Status(503), Reply::Status(503), Reply::Status(503)]);
    }
    let deleted = stage.ada.post_message("to be deleted").await["id"].clone();
    let read = stage.ada.post_message("to be changed").await["id"].clone();
    stage
        .table(|table| {
            table.iter().filter(|job| job.state == "waiting" && job.attempts == 1).count() == 4
        })
        .await;
    stage.push.pending();
    stage
        .store(&format!("DELETE FROM action_text_rich_texts WHERE record_id = {deleted}; DELETE FROM messages WHERE id = {deleted}"))
        .await;
    stage
        .store(&format!(
            "UPDATE action_text_rich_texts SET body = '<div>changed</div>' WHERE record_id = {read}"
        ))
        .await;
    stage
        .store(&format!("UPDATE push_subscriptions SET auth_key = 'broken' WHERE id = {tablet}"))
        .await;
    for browser in ["phone", "tablet"] {
        stage.push.reply_with(browser, []);
    }
    stage.later(60);
    stage.done().await;
    let bodies = stage
        .push
        .pending()
        .into_iter()
        .map(|arrival| arrival.notification["options"]["body"].clone())
        .collect::<Vec<_>>();
    assert_eq!(bodies, ["Ada Lovelace: changed"]);
    assert_eq!(
        stage.devices(&stage.grace.clone()).await.len(),
        1,
        "a device whose keys are none is forgotten"
    );
    let linus = stage.server.join(&stage.ada, "Linus").await;
    stage.subscribe(&linus, "other").await;
    stage.involve(3, "everything").await;
    stage.push.reply_with("phone", [Reply::Status(503)]);
    stage.ada.post_message("read on another device meanwhile").await;
    stage.table(|table| table.len() == 1 && table[0].attempts == 1).await;
    stage.push.pending();
    stage.store("UPDATE memberships SET unread_at = NULL WHERE user_id = 2").await;
    stage.later(60);
    assert_eq!(stage.notified().await, set(&[]));
}

#[tokio::test]
async fn a_long_message_is_cut_to_what_a_push_service_takes() {
    let mut stage = Stage::set().await;
    let text = "\"😀\" ".repeat(5000);
    stage.ada.post_message(&text).await;
    let arrival = stage.push.next().await;
    assert!((4000..=4096).contains(&arrival.size), "{} bytes", arrival.size);
    let body = arrival.notification["options"]["body"]
        .as_str()
        .expect("text")
        .strip_suffix('…')
        .expect("it is marked")
        .to_owned();
    assert!(format!("Ada Lovelace: {text}").starts_with(&body));
}
