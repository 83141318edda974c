//! The installable app (PWA): manifest, service worker and icons.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;

use super::assets;
use crate::core::app::App;
use crate::http::problem::Problem;
use crate::identity::accounts::{Accounts, DEFAULT_NAME};

/// Browsers revalidate each time: an old service worker keeps everything else old.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
const DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// As in Campfire.
const LOGO: HeaderValue =
    HeaderValue::from_static("public, max-age=300, stale-while-revalidate=604800");

/// The app manifest (W3C "Web Application Manifest").
#[derive(Serialize)]
struct Manifest {
    id: &'static str,
    name: String,
    short_name: String,
    description: &'static str,
    lang: &'static str,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    theme_color: &'static str,
    background_color: &'static str,
    categories: [&'static str; 3],
    icons: [Icon; 4],
    shortcuts: [Shortcut; 3],
    screenshots: [Screenshot; 2],
}

#[derive(Clone, Serialize)]
struct Icon {
    src: &'static str,
    sizes: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    purpose: &'static str,
}

#[derive(Serialize)]
struct Shortcut {
    name: &'static str,
    url: &'static str,
    icons: [Icon; 1],
}

#[derive(Serialize)]
struct Screenshot {
    src: &'static str,
    sizes: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    form_factor: &'static str,
    label: &'static str,
}

const fn icon(src: &'static str, sizes: &'static str, purpose: &'static str) -> Icon {
    Icon { src, sizes, kind: "image/png", purpose }
}

const fn shortcut(name: &'static str, url: &'static str) -> Shortcut {
    Shortcut { name, url, icons: [icon("/icons/icon-192.png", "192x192", "any")] }
}

const fn screenshot(
    src: &'static str,
    sizes: &'static str,
    form_factor: &'static str,
) -> Screenshot {
    Screenshot { src, sizes, kind: "image/png", form_factor, label: "A room" }
}

impl Manifest {
    fn of(name: String) -> Self {
        Self {
            id: "/",
            short_name: name.clone(),
            name,
            description: "Chat with your team.",
            lang: "en",
            start_url: "/",
            scope: "/",
            display: "standalone",
            theme_color: "#ffffff",
            background_color: "#ffffff",
            categories: ["social", "business", "productivity"],
            icons: [
                icon("/account/logo?size=small", "192x192", "any"),
                icon("/account/logo", "512x512", "any"),
                icon("/icons/maskable-192.png", "192x192", "maskable"),
                icon("/icons/maskable-512.png", "512x512", "maskable"),
            ],
            shortcuts: [
                shortcut("Inbox", "/inbox"),
                shortcut("New chat room", "/rooms/opens/new"),
                shortcut("My profile", "/users/me/profile"),
            ],
            screenshots: [
                screenshot("/icons/screen-wide.png", "1280x800", "wide"),
                screenshot("/icons/screen-narrow.png", "390x844", "narrow"),
            ],
        }
    }
}

/// The manifest, with the account's name.
pub async fn manifest(State(app): State<App>) -> Result<Response, Problem> {
    let account = app.state::<Accounts>().find(&app)?;
    let name = account.map_or_else(|| DEFAULT_NAME.to_owned(), |account| account.name.clone());
    let kind = HeaderValue::from_static("application/manifest+json");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, REVALIDATE)];
    Ok((headers, Json(Manifest::of(name))).into_response())
}

/// The service worker, at a fixed URL.
pub async fn worker(headers: HeaderMap) -> Response {
    assets::file("service-worker.js", &headers, REVALIDATE)
        .unwrap_or_else(|| Problem::not_found("File").into_response())
}

/// One of the icons.
pub async fn show_icon(Path(name): Path<String>, headers: HeaderMap) -> Response {
    assets::file(&format!("icons/{name}"), &headers, DAY)
        .unwrap_or_else(|| Problem::not_found("Icon").into_response())
}

/// The account's logo for the home screen and notifications; `size=small` is a smaller one.
pub async fn logo(RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let small = query.is_some_and(|query| query.split('&').any(|part| part == "size=small"));
    let name = if small { "icons/icon-192.png" } else { "icons/icon-512.png" };
    assets::file(name, &headers, LOGO).unwrap_or_else(|| Problem::not_found("Logo").into_response())
}
