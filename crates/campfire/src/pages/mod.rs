//! What browsers load: the shell that starts the web client at every address of Campfire's, its assets, and the interface's
//! documentation.

pub mod assets;
pub mod docs;
pub mod shell;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// This build's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// This build's revision, if it was built with `GIT_REVISION`.
pub const REVISION: Option<&str> = option_env!("GIT_REVISION");

/// The pages of people, at Campfire's own addresses.
pub fn routes() -> Router<App> {
    let mut router = Router::new().route("/assets/{*path}", get(assets::show)).route("/favicon.svg", get(assets::favicon));
    for address in ["/", "/first_run", "/session/new", "/rooms", "/rooms/{id}", "/rooms/{id}/{at}", "/join/{code}"] {
        router = router.route(address, get(shell::show));
    }
    router.fallback(shell::missing)
}
