//! What browsers load: the HTML shell of the web client, its assets, the PWA parts and the API
//! documentation.

pub mod assets;
pub mod docs;
pub mod pwa;
pub mod shell;

use axum::Router;
use axum::routing::get;

use crate::core::app::App;

/// Paths of the web client's pages: Campfire's own and some of ours.
pub const PAGES: [&str; 24] = [
    "/",
    "/first_run",
    "/join/{code}",
    "/session/new",
    "/session/transfers/{id}",
    "/password_resets/{token}",
    "/rooms",
    "/rooms/{id}",
    "/rooms/{id}/{at}",
    "/rooms/opens/{id}/edit",
    "/rooms/closeds/{id}/edit",
    "/rooms/directs/{id}/edit",
    "/inbox",
    "/bookmarks",
    "/searches",
    "/users/{id}",
    "/users/me/profile",
    "/account/edit",
    "/account/users",
    "/account/audit",
    "/account/custom_styles/edit",
    "/account/bots",
    "/account/bots/new",
    "/account/bots/{id}/edit",
];

/// The routes of the web client.
pub fn routes() -> Router<App> {
    let mut router = Router::new()
        .route("/assets/{*path}", get(assets::show))
        .route("/favicon.svg", get(assets::favicon))
        .route("/icons/{name}", get(pwa::show_icon))
        .route("/account/logo", get(pwa::logo))
        .route("/webmanifest", get(pwa::manifest))
        .route("/webmanifest.json", get(pwa::manifest))
        .route("/service-worker", get(pwa::worker))
        .route("/service-worker.js", get(pwa::worker));
    for path in PAGES {
        router = router.route(path, get(shell::show));
    }
    router.fallback(shell::missing)
}
