//! Edits, deletions, restorations and external writes reach the search index.

use serde_json::json;

use crate::support::TestServer;
use crate::{external_connection, search, store_message, texts};

#[tokio::test]
async fn edits_deletions_and_restorations_update_both_indexes() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let message = ada.post_message("lantern 今天天气").await;
    let path = format!("/api/v1/rooms/1/messages/{}", message["id"]);
    let count = async |query: &str| search(&ada, query).await.len();
    assert_eq!((count("lantern").await, count("天气").await), (1, 1));
    ada.patch(&path, json!({ "text": "river 明天下雨" })).await.json(200);
    assert_eq!(
        (count("lantern").await, count("天气").await, count("river").await, count("下雨").await),
        (0, 0, 1, 1)
    );
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!((count("river").await, count("下雨").await, count("from:me").await), (0, 0, 0));
    ada.post(&format!("{path}/restore"), json!({})).await.json(200);
    assert_eq!((count("river").await, count("下雨").await, count("from:me").await), (1, 1, 1));
    ada.patch(&path, json!({ "text": "plain again" })).await.json(200);
    assert_eq!((count("下雨").await, count("plain").await), (0, 1));
    let rows: i64 = external_connection(&server)
        .query_row("SELECT count(*) FROM campfire_search_unspaced", [], |row| row.get(0))
        .expect("counted");
    assert_eq!(rows, 0, "no index rows are left");
}

#[tokio::test]
async fn external_writes_are_searchable() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    ada.post_message("lantern one").await;
    assert_eq!(search(&ada, "lantern").await.len(), 1);
    let conn = external_connection(&server);
    let id = store_message(&conn, 1, 1, "2026-01-01 00:00:00.000000", "lantern two 今天天气");
    assert_eq!(search(&ada, "lantern").await.len(), 2);
    campfire::messages::search::backfill::run_once(server.server.app()).await.expect("backfilled");
    campfire::messages::search::backfill::run_once(server.server.app())
        .await
        .expect("backfilled again, with nothing to do");
    assert_eq!(texts(&ada, "天气").await, ["lantern two 今天天气"]);
    conn.execute("DELETE FROM action_text_rich_texts WHERE record_id = ?1", [id]).expect("deleted");
    conn.execute("DELETE FROM message_search_index WHERE rowid = ?1", [id]).expect("deleted");
    conn.execute("DELETE FROM messages WHERE id = ?1", [id]).expect("deleted");
    assert_eq!((search(&ada, "lantern").await.len(), search(&ada, "天气").await.len()), (1, 0));
}

#[tokio::test]
async fn existing_messages_are_backfilled_at_the_start() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let storage = server.stop().await;
    {
        let conn = rusqlite::Connection::open(storage.path().join("db/production.sqlite3"))
            .expect("opens");
        for number in 0..1_200 {
            let text = if number % 400 == 7 {
                format!("天气 {number}")
            } else {
                format!("plain {number}")
            };
            store_message(&conn, 1, 1, "2026-01-01 00:00:00.000000", &text);
        }
    }
    let server = TestServer::start_on(storage).await;
    let ada = crate::support::Client { address: server.address(), ..ada };
    campfire::messages::search::backfill::run_once(server.server.app()).await.expect("backfilled");
    assert_eq!(texts(&ada, "天气").await, ["天气 7", "天气 407", "天气 807"]);
}
