//! Bookmarks.

use serde_json::{Value, json};

use crate::support::TestServer;
use crate::{PERSONAL, next_event};

#[tokio::test]
async fn bookmarks_are_private() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    let mut messages = Vec::new();
    for number in 1..=3 {
        messages.push(ada.post_message(&format!("m{number}")).await);
    }
    let bookmark = |message: &Value| format!("/api/v1/messages/{}/bookmark", message["id"]);
    let mut own = grace.subscribe(&[PERSONAL]).await;
    let first = grace.put(&bookmark(&messages[0]), json!({})).await.json(200);
    assert_eq!(
        (&first["message"], &first["room"]),
        (&messages[0], &json!({ "id": 1, "name": "All Talk", "type": "open" }))
    );
    assert_eq!(next_event(&mut own).await, json!({ "type": "bookmarks.changed" }));
    assert_eq!(
        grace.put(&bookmark(&messages[0]), json!({})).await.json(200),
        first,
        "adding a bookmark twice changes nothing"
    );
    grace.put(&bookmark(&messages[2]), json!({})).await.json(200);
    assert_eq!(next_event(&mut own).await, json!({ "type": "bookmarks.changed" }));
    let list = grace.get("/api/v1/bookmarks?limit=1").await;
    assert_eq!(list.json(200)[0]["message"]["body"]["plain"], "m3");
    let next = list.header("link").split(['<', '>']).nth(1).expect("a link").to_owned();
    let last = grace.get(&next).await;
    assert_eq!(
        (last.header("link"), last.json(200)),
        ("", json!([first])),
        "there is no next page"
    );
    for (limit, goes_on) in [(1, true), (2, false), (3, false)] {
        assert_eq!(
            !grace.get(&format!("/api/v1/bookmarks?limit={limit}")).await.header("link").is_empty(),
            goes_on,
            "{limit}"
        );
    }
    let ids = json!([messages[0]["id"], messages[2]["id"]]);
    assert_eq!(grace.get("/api/v1/bookmarks/ids?room_id=1").await.json(200), ids);
    assert_eq!(grace.get("/api/v1/bookmarks/ids?room_id=2").await.json(200), json!([]));
    assert_eq!(ada.get("/api/v1/bookmarks").await.json(200), json!([]), "others do not see them");
    assert_eq!(grace.delete(&bookmark(&messages[0])).await.status, 204);
    assert_eq!(next_event(&mut own).await, json!({ "type": "bookmarks.changed" }));
    assert_eq!(grace.delete(&bookmark(&messages[0])).await.status, 204);
    assert_eq!(grace.get("/api/v1/bookmarks").await.json(200).as_array().map(Vec::len), Some(1));
    assert_eq!(grace.put("/api/v1/messages/99/bookmark", json!({})).await.status, 404);
    for query in ["?limit=0", "?limit=101", "?before=x"] {
        assert_eq!(grace.get(&format!("/api/v1/bookmarks{query}")).await.status, 422, "{query}");
    }
}
