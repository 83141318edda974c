//! Recent searches.

use serde_json::json;

use crate::support::TestServer;

const RECENT: &str = "/api/v1/searches/recent";

#[tokio::test]
async fn the_last_ten_searches_are_kept_without_duplicates() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    let grace = server.join(&ada, "grace").await;
    for number in 1..=12 {
        ada.post(RECENT, json!({ "query": format!(" query {number}\n") })).await.json(201);
        server.advance_clock(1);
    }
    let again = ada.post(RECENT, json!({ "query": "query 5" })).await.json(200);
    let listed = ada.get(RECENT).await.json(200);
    assert_eq!(listed[0], again);
    let queries = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry["query"].as_str().expect("text"))
        .collect::<Vec<_>>();
    let expected = ["5", "12", "11", "10", "9", "8", "7", "6", "4", "3"]
        .map(|number| format!("query {number}"));
    assert_eq!(queries, expected);
    assert_eq!(grace.get(RECENT).await.json(200), json!([]), "only the person's own searches");
    grace.post(RECENT, json!({ "query": "mine" })).await.json(201);
    assert_eq!(ada.delete(RECENT).await.status, 204);
    assert_eq!(ada.get(RECENT).await.json(200), json!([]));
    assert_eq!(grace.get(RECENT).await.json(200)[0]["query"], "mine");
    for wrong in [json!({ "query": " \n" }), json!({ "query": "x".repeat(513) })] {
        let problem = ada.post(RECENT, wrong).await.json(422);
        assert!(problem["errors"]["query"][0].is_string(), "{problem}");
    }
}
