//! Search results: snippets, order, pages.

use campfire::messages::search::store;
use serde_json::json;

use crate::support::TestServer;
use crate::{external_connection, search, search_path, store_message};

#[tokio::test]
async fn results_have_message_room_and_safe_snippet() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let message = ada.post_message("<b>Eels</b> & \"lanterns\"").await;
    let mut found = search(&ada, "eel lantern").await;
    assert_eq!(found.len(), 1);
    let extra = found[0].as_object_mut().expect("an object");
    assert_eq!(
        extra.remove("snippet"),
        Some(json!("&lt;b&gt;<mark>Eels</mark>&lt;/b&gt; &amp; &quot;<mark>lanterns</mark>&quot;"))
    );
    assert_eq!(extra.remove("room"), Some(json!({ "id": 1, "name": "All Talk", "type": "open" })));
    assert_eq!(found[0], message);
}

#[tokio::test]
async fn results_are_paged_newest_first() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let conn = external_connection(&server);
    conn.execute_batch("BEGIN").expect("started");
    let ids = (0..250)
        .map(|number| {
            store_message(&conn, 1, 1, "2026-01-01 00:00:00.000000", &format!("lantern {number}"))
        })
        .collect::<Vec<_>>();
    conn.execute_batch("COMMIT").expect("done");
    let mut path = search_path("lantern in:\"all talk\"");
    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let response = ada.get(&path).await;
        let page = response
            .json(200)
            .as_array()
            .expect("a list")
            .iter()
            .map(|found| found["id"].as_i64().expect("an id"))
            .collect::<Vec<_>>();
        assert!(page.is_sorted(), "oldest first within a page");
        sizes.push(page.len());
        seen = [page, seen].concat();
        let link = response.header("link");
        let Some(next) =
            link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""))
        else {
            break;
        };
        path = next.to_owned();
    }
    assert_eq!((seen, sizes), (ids, vec![100, 100, 50]));
    let few =
        ada.get(&format!("{}&limit=3&from=1&before=2026-01-02", search_path("lantern"))).await;
    assert_eq!(few.json(200).as_array().expect("a list").len(), 3);
    let next = few
        .header("link")
        .trim_start_matches('<')
        .split('>')
        .next()
        .expect("an address")
        .to_owned();
    assert_eq!(ada.get(&next).await.json(200)[2]["body"]["plain"], "lantern 246");
}

#[tokio::test]
async fn pages_follow_storage_order_and_are_sorted_by_timestamp() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let conn = external_connection(&server);
    // Imported with timestamps in another order.
    for (at, text) in [
        ("2026-03-01", "lantern spring"),
        ("2026-01-01", "lantern winter"),
        ("2026-02-01", "lantern thaw"),
    ] {
        store_message(&conn, 1, 1, &format!("{at} 00:00:00.000000"), text);
    }
    let texts = async |more: &str| {
        let found = ada.get(&format!("{}{more}", search_path("lantern"))).await.json(200);
        found
            .as_array()
            .expect("a list")
            .iter()
            .map(|found| found["body"]["plain"].as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts("").await, ["lantern winter", "lantern thaw", "lantern spring"]);
    assert_eq!(texts("&limit=2").await, ["lantern winter", "lantern thaw"]);
}

#[tokio::test]
async fn prefixes_of_very_many_words_are_found() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let conn = external_connection(&server);
    store_message(&conn, 1, 1, "2026-01-01 00:00:00.000000", "lanterns");
    let pages = || {
        server
            .server
            .app()
            .db
            .read(|reader| store::prefix_pages(reader, false, "lant"))
            .expect("read")
    };
    assert!(pages() < 3, "{}", pages());
    conn.execute_batch("BEGIN").expect("started");
    let filler = "lanternfish ".repeat(30);
    for _ in 0..12_000 {
        store_message(&conn, 1, 1, "2026-01-01 00:00:00.000000", &filler);
    }
    store_message(&conn, 1, 1, "2026-01-01 00:00:00.000000", "lantern");
    conn.execute_batch("COMMIT").expect("done");
    assert!(pages() > 48, "{}", pages());
    let words = |from: &str, most| {
        server
            .server
            .app()
            .db
            .read(|reader| store::prefix_terms(reader, false, from, most))
            .expect("read")
    };
    assert_eq!(words("lant", 2), Some(vec!["lantern".to_owned(), "lanternfish".to_owned()]));
    assert_eq!(words("lant", 1), None);
    assert_eq!(words("lanternfish", 1), Some(vec!["lanternfish".to_owned()]));
    assert_eq!(words("lam", 1), Some(Vec::new()));
    assert_eq!(search(&ada, "lant").await.len(), 100, "no word matches exactly");
    assert_eq!(search(&ada, "lantern").await.len(), 100, "two words match exactly");
    assert_eq!(search(&ada, "lanternfishing boat").await.len(), 0);
}
