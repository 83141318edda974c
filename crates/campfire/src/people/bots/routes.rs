//! Endpoints for administrators to manage bots.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::InPath;
use super::{Bot, BotChange, BotError, NewBot, find, list};
use crate::core::app::{App, Tx};
use crate::core::clock::Time;
use crate::http::json::JsonBody;
use crate::http::problem::Errors;
use crate::identity::audit::Actor;
use crate::identity::users::fields::{Name, validate};
use crate::integrations::webhooks::extractors::BotAdministrator;
use crate::integrations::webhooks::{Change, WebhookUrl};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(index, create))
        .routes(routes!(update, destroy))
        .routes(routes!(reset_key))
        .routes(routes!(reset_secret))
}

/// List active bots by name
#[utoipa::path(get, operation_id = "list_bots", path = "/api/v1/bots", tag = "bots", responses(
    (status = 200, body = Vec<Bot>),
    (status = 403, description = "Not an administrator, or bots are turned off"),
))]
async fn index(_: BotAdministrator, State(app): State<App>) -> Result<Json<Vec<Bot>>, BotError> {
    Ok(Json(list(&app)?))
}

/// A new bot.
#[derive(Deserialize, ToSchema)]
struct BotForm {
    /// At most 100 characters.
    name: String,
    /// Where messages that concern the bot are sent; empty or null for no webhook.
    webhook_url: Option<String>,
    /// Whether the webhook receives every message in the bot's rooms.
    subscribe_all: Option<bool>,
}

/// Create a bot
///
/// The bot joins all open rooms.
#[utoipa::path(post, operation_id = "create_bot", path = "/api/v1/bots", tag = "bots", request_body = BotForm, responses(
    (status = 201, body = Bot),
    (status = 403, description = "Not an administrator, or bots are turned off"),
    (status = 409, description = "Too many bots"),
))]
async fn create(
    _: BotAdministrator,
    by: Actor,
    State(app): State<App>,
    JsonBody(form): JsonBody<BotForm>,
) -> Result<Response, BotError> {
    let mut errors = Errors::new();
    let name = validate(&mut errors, "name", Name::parse(&form.name));
    let url = webhook_url(&app, &mut errors, Some(form.webhook_url));
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return Err(BotError::Rejected(errors));
    };
    let new = NewBot {
        name,
        webhook: Change { url, subscribe_all: form.subscribe_all, new_secret: false },
    };
    let bot = write(&app, move |tx, now| super::create(tx, &by, &new, now)).await?;
    Ok((StatusCode::CREATED, Json(find(&app, bot)?)).into_response())
}

/// Changes to a bot; omitted fields stay as they are.
#[derive(Deserialize, ToSchema)]
struct BotChangeForm {
    name: Option<String>,
    /// Where messages that concern the bot are sent; empty or null for no webhook.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    webhook_url: Option<Option<String>>,
    subscribe_all: Option<bool>,
}

/// Tells `null` from an omitted field.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change a bot's name or webhook
#[utoipa::path(patch, operation_id = "update_bot", path = "/api/v1/bots/{bot_id}", tag = "bots", params(("bot_id" = i64, Path)),
    request_body = BotChangeForm, responses(
    (status = 200, body = Bot),
    (status = 403, description = "Not an administrator, or bots are turned off"),
))]
async fn update(
    _: BotAdministrator,
    by: Actor,
    InPath(bot): InPath,
    State(app): State<App>,
    JsonBody(form): JsonBody<BotChangeForm>,
) -> Result<Json<Bot>, BotError> {
    let mut errors = Errors::new();
    let name = form.name.and_then(|text| validate(&mut errors, "name", Name::parse(&text)));
    let url = webhook_url(&app, &mut errors, form.webhook_url);
    if !errors.is_empty() {
        return Err(BotError::Rejected(errors));
    }
    let change = BotChange {
        name,
        webhook: Change { url, subscribe_all: form.subscribe_all, new_secret: false },
    };
    write(&app, move |tx, now| super::change(tx, &by, bot, &change, now)).await?;
    Ok(Json(find(&app, bot)?))
}

/// An empty URL means no webhook, as forms send it.
fn webhook_url(
    app: &App,
    errors: &mut Errors,
    given: Option<Option<String>>,
) -> Option<Option<WebhookUrl>> {
    let text = given?.filter(|text| !text.trim().is_empty());
    Some(text.and_then(|text| {
        validate(errors, "webhook_url", WebhookUrl::parse(&text, app.config.webhook_policy))
    }))
}

/// Remove a bot
///
/// Its key stops working; its messages stay.
#[utoipa::path(delete, operation_id = "delete_bot", path = "/api/v1/bots/{bot_id}", tag = "bots", params(("bot_id" = i64, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 403, description = "Not an administrator, or bots are turned off"),
))]
async fn destroy(
    _: BotAdministrator,
    by: Actor,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<StatusCode, BotError> {
    write(&app, move |tx, now| super::remove(tx, &by, bot, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reset a bot's key
///
/// The old key stops working.
#[utoipa::path(post, operation_id = "reset_bot_key", path = "/api/v1/bots/{bot_id}/key", tag = "bots", params(("bot_id" = i64, Path)), responses(
    (status = 200, body = Bot),
    (status = 403, description = "Not an administrator, or bots are turned off"),
))]
async fn reset_key(
    _: BotAdministrator,
    by: Actor,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<Json<Bot>, BotError> {
    write(&app, move |tx, now| super::reset_key(tx, &by, bot, now)).await?;
    Ok(Json(find(&app, bot)?))
}

/// Reset a bot's webhook secret
///
/// Requests are signed with the new secret from now on.
#[utoipa::path(post, operation_id = "reset_bot_webhook_secret", path = "/api/v1/bots/{bot_id}/webhook_secret", tag = "bots",
    params(("bot_id" = i64, Path)), responses(
    (status = 200, body = Bot),
    (status = 403, description = "Not an administrator, or bots are turned off"),
))]
async fn reset_secret(
    _: BotAdministrator,
    by: Actor,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<Json<Bot>, BotError> {
    write(&app, move |tx, now| super::reset_secret(tx, &by, bot, now)).await?;
    Ok(Json(find(&app, bot)?))
}

/// Runs a rule on the writer.
async fn write<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&mut Tx<'_>, Time) -> Result<T, BotError> + Send + 'static,
) -> Result<T, BotError> {
    let now = app.clock.now();
    app.db.write(move |tx| work(tx, now)).await
}
