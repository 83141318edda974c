//! What browsers load: the shell that starts the web client at every address of Campfire's, its
//! assets, what makes it an app, and the interface's documentation.

pub mod assets;
pub mod docs;
pub mod installable;
pub mod shell;

use axum::Router;
use axum::routing::get;

use crate::core::app::App;

/// The pages of people: Campfire's own addresses, and some of ours.
pub const ADDRESSES: [&str; 24] = [
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

/// The pages of people.
pub fn routes() -> Router<App> {
    let mut router = Router::new()
        .route("/assets/{*path}", get(assets::show))
        .route("/favicon.svg", get(assets::favicon))
        .route("/icons/{name}", get(installable::show_icon))
        .route("/account/logo", get(installable::logo))
        .route("/webmanifest", get(installable::manifest))
        .route("/webmanifest.json", get(installable::manifest))
        .route("/service-worker", get(installable::worker))
        .route("/service-worker.js", get(installable::worker));
    for address in ADDRESSES {
        router = router.route(address, get(shell::show));
    }
    router.fallback(shell::missing)
}
