//! The API documentation: the OpenAPI document as JSON and as a page.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use crate::core::app::App;

/// `/api/openapi.json` and `/api/docs` for this document.
pub fn routes(document: &utoipa::openapi::OpenApi) -> Router<App> {
    let json = serde_json::to_value(document).unwrap_or_default();
    let page = page(&json);
    Router::new()
        .route("/api/openapi.json", get(move || async move { Json(json) }))
        .route("/api/docs", get(move || async move { html(page) }))
}

fn html(page: String) -> Response {
    Html(page).into_response()
}

fn page(document: &Value) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Campfire API</title><h1>Campfire API</h1><p>For programs: <a href=\"/api/openapi.json\">openapi.json</a></p>",
    );
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            operation_to(&mut out, path, method, operation);
        }
    }
    out.push_str("<h2>Schemas</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let json = serde_json::to_string_pretty(schema).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(out, "<h3 id=\"{0}\">{0}</h3><pre>{1}</pre>", escape(name), escape(&json));
    }
    out
}

fn operation_to(out: &mut String, path: &str, method: &str, operation: &Value) {
    let text = |key: &str| escape(operation[key].as_str().unwrap_or_default());
    let _ = write!(
        out,
        "<h2><code>{} {}</code></h2><p>{}</p><p>{}</p>",
        method.to_uppercase(),
        escape(path),
        text("summary"),
        text("description")
    );
    out.push_str("<ul>");
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let _ = write!(
            out,
            "<li>{}: {}</li>",
            escape(status),
            escape(response["description"].as_str().unwrap_or_default())
        );
    }
    out.push_str("</ul>");
    if let Some(body) = operation.get("requestBody") {
        let json = serde_json::to_string_pretty(body).unwrap_or_default();
        let _ = write!(out, "<pre>{}</pre>", escape(&json));
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
