//! Query syntax and filters.

use serde_json::{Value, json};

use crate::support::TestServer;
use crate::{external_connection, search, search_path, store_message, store_room, texts};

#[tokio::test]
async fn query_syntax_of_fts5_is_treated_as_words() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for text in [
        "cats or dogs",
        "cats and birds",
        "the eels are not here",
        "C++ (near) body: x*",
        "élan & Straße",
    ] {
        ada.post_message(text).await;
    }
    for (query, found) in [
        ("cats", &["cats or dogs", "cats and birds"][..]),
        ("cats OR dogs", &["cats or dogs"]),
        ("cats AND", &["cats and birds"]),
        ("NOT eel", &["the eels are not here"]),
        ("\"cats and\"", &["cats and birds"]),
        ("\"and cats\"", &[]),
        ("bir", &["cats and birds"]),
        ("bir cats", &[]),
        ("body:", &["C++ (near) body: x*"]),
        ("NEAR(x)", &[]),
        ("ELAN", &["élan & Straße"]),
        ("\"", &[]),
        ("'; DROP TABLE messages", &[]),
        ("👍", &[]),
    ] {
        assert_eq!(texts(&ada, query).await, found, "{query}");
    }
    assert_eq!(ada.get("/api/v1/searches").await.json(200), json!([]));
}

#[tokio::test]
async fn filters_work_with_and_without_words() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    ada.post_message("lantern by ada").await;
    grace.post_message("lantern by grace https://example.com").await;
    grace.post_message("/play trombone").await;
    let conn = external_connection(&server);
    let room = store_room(&conn, "Night Watch", &[1]);
    let old = store_message(&conn, room, 1, "2024-05-05 10:00:00.000000", "lantern of old");
    store_message(
        &conn,
        room,
        1,
        "2024-05-06 10:00:00.000000",
        "lantern next day <action-text-attachment content-type=\"application/vnd.campfire.mention\"></action-text-attachment>",
    );
    let file = store_message(&conn, room, 1, "2024-05-07 10:00:00.000000", "report.pdf");
    conn.execute_batch(&format!(
        "INSERT INTO active_storage_blobs (id, key, filename, service_name, byte_size, created_at) VALUES (1, 'k', 'report.pdf', 'local', 1, '2024-05-07');
         INSERT INTO active_storage_attachments (name, record_type, record_id, blob_id, created_at) VALUES ('attachment', 'Message', {file}, 1, '2024-05-07');
         UPDATE action_text_rich_texts SET body = '' WHERE record_id = {file};"
    ))
    .expect("stored");
    let count = async |query: &str| search(&ada, query).await.len();
    assert_eq!(count("lantern").await, 4);
    assert_eq!(texts(&ada, "lantern from:grace").await, ["lantern by grace https://example.com"]);
    assert_eq!(count("from:\"Ada Lovelace\" lantern").await, 3);
    assert_eq!(
        (count("from:love").await, count("from:me lantern").await, count("from:unknown").await),
        (4, 3, 0)
    );
    assert_eq!(count("from:grace from:ada lantern").await, 4);
    assert_eq!(
        (
            count("in:\"night watch\" lantern").await,
            count("in:watch").await,
            count("in:nowhere").await
        ),
        (2, 3, 0)
    );
    assert_eq!(texts(&ada, "before:2024-05-06").await, ["lantern of old"]);
    assert_eq!(
        (
            count("lantern after:2024-05-05 before:2024-05-07").await,
            count("lantern after:2024-05-06").await
        ),
        (1, 2)
    );
    assert_eq!(
        (count("has:link").await, count("has:sound").await, count("has:mention").await),
        (1, 1, 1)
    );
    assert_eq!(texts(&ada, "has:file").await, ["report.pdf"]);
    assert_eq!(
        (count("has:file from:grace").await, count("has:file in:watch report").await),
        (0, 1)
    );
    let found = search(&ada, "old").await;
    assert_eq!(
        (&found[0]["id"], &found[0]["room"]),
        (&json!(old), &json!({ "id": room, "name": "Night Watch", "type": "closed" }))
    );
    // The same filters as separate parameters.
    let listed = async |more: &str| {
        ada.get(&format!("{}{more}", search_path("lantern")))
            .await
            .json(200)
            .as_array()
            .expect("a list")
            .len()
    };
    assert_eq!(
        (
            listed("&from=2").await,
            listed("&from=grace").await,
            listed("&room_id=1").await,
            listed("&room_id=99").await
        ),
        (1, 1, 2, 0)
    );
    assert_eq!(
        (
            listed("&before=2024-05-06").await,
            listed("&after=2024-05-06").await,
            listed("&has=link").await
        ),
        (1, 2, 1)
    );
    assert_eq!(
        (listed(&format!("&after={old}")).await, listed(&format!("&before={old}")).await),
        (1, 2)
    );
    assert_eq!(
        ada.get("/api/v1/searches?room_id=1").await.json(200).as_array().expect("a list").len(),
        3
    );
    for wrong in
        ["&has=fun", "&before=soon", "&after=2024-13-01", "&limit=0", "&limit=101", "&room_id=x"]
    {
        let problem = ada.get(&format!("{}{wrong}", search_path("lantern"))).await.json(422);
        assert!(
            problem["errors"].as_object().is_some_and(|errors| errors.len() == 1),
            "{wrong}: {problem}"
        );
    }
}

#[tokio::test]
async fn direct_rooms_are_named_after_the_other_members() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    server.join(&ada, "grace").await;
    let conn = external_connection(&server);
    let room = store_room(&conn, "", &[1, 2]);
    conn.execute("UPDATE rooms SET name = NULL, type = 'Rooms::Direct' WHERE id = ?1", [room])
        .expect("stored");
    store_message(&conn, room, 2, "2026-01-01 00:00:00.000000", "between us");
    let found = search(&ada, "in:grace between").await;
    assert_eq!(found[0]["room"], json!({ "id": room, "name": "grace", "type": "direct" }));
}

#[tokio::test]
async fn text_without_spaces_is_found_by_substring() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for text in [
        "今天天气很好,deploy了新版本",
        "ภาษาไทยไม่มีช่องว่าง",
        "회의는 내일입니다",
        "カタカナとひらがな",
        "plain deploy",
        "привет мир",
        "שלום עולם",
    ] {
        ada.post_message(text).await;
    }
    for (query, found) in [
        ("天气", &["今天天气很好,deploy了新版本"][..]),
        ("气", &["今天天气很好,deploy了新版本"]),
        ("好", &["今天天气很好,deploy了新版本"]),
        ("天气 deploys", &["今天天气很好,deploy了新版本"]),
        ("气天", &[]),
        ("deploy", &["今天天气很好,deploy了新版本", "plain deploy"]),
        ("ไทย", &["ภาษาไทยไม่มีช่องว่าง"]),
        ("회의", &["회의는 내일입니다"]),
        ("ひら", &["カタカナとひらがな"]),
        ("прив", &["привет мир"]),
        ("עולם", &["שלום עולם"]),
    ] {
        let expected = found.to_vec();
        if query == "deploy" {
            // Campfire's index treats a run of characters as one word, so substrings are found only
            // with characters of the same script.
            assert!(texts(&ada, query).await.contains(&"plain deploy".to_owned()));
        } else {
            assert_eq!(texts(&ada, query).await, expected, "{query}");
        }
    }
    assert!(
        search(&ada, "天气").await[0]["snippet"]
            .as_str()
            .expect("HTML")
            .contains("今天<mark>天气</mark>很好")
    );
}

#[tokio::test]
async fn oversized_queries_are_rejected_and_disabled_search_is_reported() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let problem = ada.get(&search_path(&"a".repeat(513))).await.json(422);
    assert!(problem["errors"]["q"][0].as_str().expect("a sentence").contains("512"));
    assert_eq!(ada.get(&search_path(&"a ".repeat(33))).await.status, 422);
    assert_eq!(server.anonymous().get(&search_path("x")).await.status, 401);
    assert_eq!(ada.get("/api/v1/status").await.json(200)["features"]["search"], true);
    let mut config = crate::support::config(server.storage.path());
    let storage = server.stop().await;
    config.search_enabled = false;
    let server = campfire::server::Server::start(config, campfire::core::clock::Clock::system())
        .await
        .expect("starts");
    let ada = crate::support::Client { address: server.address(), ..ada };
    for path in [search_path("x"), "/api/v1/searches/recent".to_owned()] {
        let problem: Value = ada.get(&path).await.json(403);
        assert_eq!(problem["detail"], "Search is turned off on this server.");
    }
    assert_eq!(ada.get("/api/v1/status").await.json(200)["features"]["search"], false);
    server.stop().await;
    drop(storage);
}
