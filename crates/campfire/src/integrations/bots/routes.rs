//! Looking after bots over HTTP, for administrators.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::InPath;
use super::{Bot, BotChange, BotError, NewBot, all, find};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::http::json::JsonBody;
use crate::http::problem::Errors;
use crate::identity::audit::By;
use crate::identity::users::fields::{Name, noted};
use crate::integrations::webhooks::extractors::Keeper;
use crate::integrations::webhooks::{Change, WebhookUrl};

/// The routes of looking after bots.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(index, create))
        .routes(routes!(update, destroy))
        .routes(routes!(new_key))
        .routes(routes!(new_secret))
}

/// The active bots, by name
#[utoipa::path(get, operation_id = "list_bots", path = "/api/v1/bots", tag = "bots", responses(
    (status = 200, body = Vec<Bot>),
    (status = 403, description = "Not an administrator, or bots are switched off"),
))]
async fn index(_: Keeper, State(app): State<App>) -> Result<Json<Vec<Bot>>, BotError> {
    Ok(Json(all(&app)?))
}

/// A new bot.
#[derive(Deserialize, ToSchema)]
struct BotForm {
    /// What it is called, at most 100 characters.
    name: String,
    /// Where it is told of messages that concern it; empty or null for nowhere.
    webhook_url: Option<String>,
    /// Whether it is told of every message of its rooms.
    subscribe_all: Option<bool>,
}

/// Make a bot; it is in all open rooms at once
#[utoipa::path(post, operation_id = "create_bot", path = "/api/v1/bots", tag = "bots", request_body = BotForm, responses(
    (status = 201, body = Bot),
    (status = 403, description = "Not an administrator, or bots are switched off"),
    (status = 409, description = "Too many bots"),
    (status = 422, description = "Something is not accepted"),
))]
async fn create(
    _: Keeper,
    by: By,
    State(app): State<App>,
    JsonBody(form): JsonBody<BotForm>,
) -> Result<Response, BotError> {
    let mut errors = Errors::new();
    let name = noted(&mut errors, "name", Name::parse(&form.name));
    let url = webhook_url(&app, &mut errors, Some(form.webhook_url));
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return Err(BotError::Rejected(errors));
    };
    let new = NewBot {
        name,
        webhook: Change { url, subscribe_all: form.subscribe_all, new_secret: false },
    };
    let bot = keep(&app, move |tx, now| super::create(tx, &by, &new, now)).await?;
    Ok((StatusCode::CREATED, Json(find(&app, bot)?)).into_response())
}

/// What shall be different; what is left out stays.
#[derive(Deserialize, ToSchema)]
struct BotChangeForm {
    name: Option<String>,
    /// Where it is told of messages that concern it; empty or null for nowhere.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    webhook_url: Option<Option<String>>,
    subscribe_all: Option<bool>,
}

/// Null is something else than nothing.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change a bot's name or webhook
#[utoipa::path(patch, operation_id = "update_bot", path = "/api/v1/bots/{bot_id}", tag = "bots", params(("bot_id" = i64, Path)),
    request_body = BotChangeForm, responses(
    (status = 200, body = Bot),
    (status = 403, description = "Not an administrator, or bots are switched off"),
    (status = 404, description = "No active bot has this number"),
    (status = 422, description = "Something is not accepted"),
))]
async fn update(
    _: Keeper,
    by: By,
    InPath(bot): InPath,
    State(app): State<App>,
    JsonBody(form): JsonBody<BotChangeForm>,
) -> Result<Json<Bot>, BotError> {
    let mut errors = Errors::new();
    let name = form.name.and_then(|text| noted(&mut errors, "name", Name::parse(&text)));
    let url = webhook_url(&app, &mut errors, form.webhook_url);
    if !errors.is_empty() {
        return Err(BotError::Rejected(errors));
    }
    let change = BotChange {
        name,
        webhook: Change { url, subscribe_all: form.subscribe_all, new_secret: false },
    };
    keep(&app, move |tx, now| super::change(tx, &by, bot, &change, now)).await?;
    Ok(Json(find(&app, bot)?))
}

/// An empty address is none: that is how forms say it.
fn webhook_url(
    app: &App,
    errors: &mut Errors,
    given: Option<Option<String>>,
) -> Option<Option<WebhookUrl>> {
    let text = given?.filter(|text| !text.trim().is_empty());
    Some(text.and_then(|text| {
        noted(errors, "webhook_url", WebhookUrl::parse(&text, app.config.webhook_policy))
    }))
}

/// Remove a bot; its key opens nothing any more, what it said stays
#[utoipa::path(delete, operation_id = "delete_bot", path = "/api/v1/bots/{bot_id}", tag = "bots", params(("bot_id" = i64, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 403, description = "Not an administrator, or bots are switched off"),
    (status = 404, description = "No active bot has this number"),
))]
async fn destroy(
    _: Keeper,
    by: By,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<StatusCode, BotError> {
    keep(&app, move |tx, now| super::remove(tx, &by, bot, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a bot a new key; the old one is worth nothing from then on
#[utoipa::path(post, operation_id = "reset_bot_key", path = "/api/v1/bots/{bot_id}/key", tag = "bots", params(("bot_id" = i64, Path)), responses(
    (status = 200, body = Bot),
    (status = 403, description = "Not an administrator, or bots are switched off"),
    (status = 404, description = "No active bot has this number"),
))]
async fn new_key(
    _: Keeper,
    by: By,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<Json<Bot>, BotError> {
    keep(&app, move |tx, now| super::reset_key(tx, &by, bot, now)).await?;
    Ok(Json(find(&app, bot)?))
}

/// Give a bot's webhook a new secret; calls are signed with it from then on
#[utoipa::path(post, operation_id = "reset_bot_webhook_secret", path = "/api/v1/bots/{bot_id}/webhook_secret", tag = "bots",
    params(("bot_id" = i64, Path)), responses(
    (status = 200, body = Bot),
    (status = 403, description = "Not an administrator, or bots are switched off"),
    (status = 404, description = "No active bot has this number"),
))]
async fn new_secret(
    _: Keeper,
    by: By,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<Json<Bot>, BotError> {
    keep(&app, move |tx, now| super::reset_secret(tx, &by, bot, now)).await?;
    Ok(Json(find(&app, bot)?))
}

/// Runs one of the rules on the writer.
async fn keep<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&mut Tx<'_>, Time) -> Result<T, BotError> + Send + 'static,
) -> Result<T, BotError> {
    let now = app.clock.now();
    app.db.write(move |tx| work(tx, now)).await
}
