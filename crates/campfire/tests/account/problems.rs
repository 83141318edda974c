//! Invalid requests get machine-readable problem responses.

use serde_json::json;

use super::support::TestServer;

#[tokio::test]
async fn invalid_requests_get_problem_responses() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for (method, path, status) in [
        ("DELETE", "/api/v1/sessions/x", 404),
        ("DELETE", "/api/v1/sessions/99999999999999999999", 404),
        ("GET", "/api/v1/users/x", 404),
        ("GET", "/api/v1/users/%FF", 404),
        ("PATCH", "/api/v1/users/-1", 404),
        ("POST", "/api/v1/users/x/ban", 404),
        ("POST", "/api/v1/users/99/ban", 404),
        ("DELETE", "/api/v1/users/99/ban", 404),
        ("GET", "/api/v1/rooms/x", 404),
        ("PATCH", "/api/v1/rooms/99999999999999999999", 404),
        ("DELETE", "/api/v1/rooms/%FF/membership", 404),
        ("GET", "/api/v1/join/%FF", 404),
        ("GET", "/api/v1/password_resets/%FF", 404),
        ("PUT", "/api/v1/session/transfers/%FF", 400),
        ("GET", "/api/v1/nothing", 404),
        ("PUT", "/api/v1/rooms", 405),
        ("DELETE", "/api/v1/account", 405),
        ("GET", "/api/v1/users?limit=x", 422),
        ("GET", "/api/v1/users?limit=501", 422),
        ("GET", "/api/v1/audit?before=x", 422),
    ] {
        let response = ada
            .request(method, path, Some(json!({ "role": "member", "name": "x" }).to_string()), &[])
            .await;
        assert_eq!(response.status, status, "{method} {path}: {}", response.text());
        assert_eq!(
            response.header("content-type"),
            "application/problem+json",
            "{method} {path}: {}",
            response.text()
        );
        let problem = response.json(status);
        assert_eq!(problem["status"], status, "{method} {path}");
        assert_eq!(response.header("allow").is_empty(), status != 405, "{method} {path}");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()),
            "{method} {path}: {problem}"
        );
    }
}

#[tokio::test]
async fn invalid_bodies_get_distinct_statuses() {
    let server = TestServer::start().await;
    let ada = server.first_run().await;
    for (method, path) in [
        ("PATCH", "/api/v1/me"),
        ("PATCH", "/api/v1/account"),
        ("PATCH", "/api/v1/users/1"),
        ("POST", "/api/v1/rooms"),
        ("PATCH", "/api/v1/rooms/1"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/join/x"),
        ("PUT", "/api/v1/password_resets/x"),
    ] {
        let send = async |body: &str, headers: &[(&str, &str)]| {
            ada.request(method, path, Some(body.to_owned()), headers).await.status
        };
        assert_eq!(send("{", &[]).await, 400, "{method} {path}: not JSON");
        assert_eq!(send("[]", &[]).await, 422, "{method} {path}: not an object");
        assert_eq!(
            send("{}", &[("content-type", "text/plain")]).await,
            415,
            "{method} {path}: not declared as JSON"
        );
        let long = format!("{{\"name\": \"{}\"}}", "x".repeat(1024 * 1024));
        assert_eq!(send(&long, &[]).await, 413, "{method} {path}: too long");
        assert_eq!(
            send("{}", &[("sec-fetch-site", "cross-site")]).await,
            403,
            "{method} {path}: another site's"
        );
    }
}
