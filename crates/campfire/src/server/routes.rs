//! All routes, and the OpenAPI document that is generated from them.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::core::app::App;
use crate::core::version::{REVISION, VERSION};
use crate::http::problem::Problem;
use crate::http::request::{Wrapper, wrap};
use crate::http::{openapi_defaults, origin};
use crate::identity::{
    accounts, audit, bans, blocks, password_resets, profile, sessions, transfers,
};
use crate::integrations::{self, pushes, webhooks};
use crate::messages::{bookmarks, boosts, edits, inbox, purge, search, sounds};
use crate::people::{admin, bots, devices, directory, preferences, signup};
use crate::{frontend, live, messages, ops, rooms};

#[derive(OpenApi)]
#[openapi(
    info(title = "Campfire", description = "The team chat that a company runs itself."),
    components(schemas(Problem))
)]
struct Document;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(signup::routes::routes())
        .merge(accounts::routes::routes())
        .merge(directory::avatar::routes())
        .merge(profile::routes::routes())
        .merge(blocks::routes::routes())
        .merge(admin::routes::routes())
        .merge(password_resets::routes::routes())
        .merge(audit::routes::routes())
        .merge(sessions::routes::routes())
        .merge(devices::routes::routes())
        .merge(transfers::routes::routes())
        .merge(rooms::routes::routes())
        .merge(rooms::settings::routes())
        .merge(rooms::involvement::routes())
        .merge(messages::routes::routes())
        .merge(search::routes::routes())
        .merge(search::recent::routes::routes())
        .merge(messages::unread::routes())
        .merge(edits::routes::routes())
        .merge(boosts::routes::routes())
        .merge(purge::routes::routes())
        .merge(directory::routes::routes())
        .merge(inbox::routes::routes())
        .merge(bookmarks::routes::routes())
        .merge(preferences::routes::routes())
        .merge(sounds::routes::routes())
        .merge(pushes::routes::routes())
        .merge(bots::routes::routes())
        .merge(webhooks::routes::routes())
}

/// The routes with a bot key in the path, the only ones that pages of other sites may call.
fn bot_api() -> OpenApiRouter<App> {
    integrations::bots::api::routes().merge(integrations::bots::hook::routes())
}

/// The OpenAPI document, generated from the handlers.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = api().merge(bot_api()).into_openapi();
    openapi_defaults::complete(&mut document);
    document
}

pub(super) fn router(app: &App) -> Router {
    let wrapper = Wrapper::new(VERSION, REVISION);
    let routes = Router::from(api())
        .merge(integrations::bots::api::permalink())
        .merge(frontend::docs::routes(&openapi()))
        .merge(ops::health::routes())
        .merge(ops::routes::routes())
        .merge(live::routes())
        .merge(frontend::routes())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(origin::require_same_origin));
    let bot_routes = Router::from(bot_api())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(origin::ignore_cookies));
    routes
        .merge(bot_routes)
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            let problem = Problem::unexpected(&std::io::Error::other("a handler panicked"));
            axum::response::IntoResponse::into_response(problem)
        }))
        .layer(from_fn_with_state(app.clone(), bans::middleware::check))
        .layer(from_fn_with_state(wrapper, wrap))
        .with_state(app.clone())
}

async fn method_not_allowed() -> Problem {
    Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "This URL doesn't support that method.")
}
