//! Endpoints for administrators: the delivery log, resending and testing.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::{BotAdministrator, DeliveryInPath, InPath};
use super::log::{Attempt, Entry, ReplyState, Subject, host_of};
use super::{DeliveryId, State as DeliveryState, WebhookError, store};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::core::ids::{MessageId, RoomId, UserId};
use crate::http::paging;
use crate::identity::sessions::extractors::require_administrator;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(resend)).routes(routes!(test))
}

/// An attempt to send a delivery.
#[derive(Serialize, ToSchema)]
struct AttemptView {
    at: Time,
    /// The HTTP status of the response; null without one.
    #[schema(required)]
    status: Option<u16>,
    /// A description of what happened.
    outcome: String,
    duration_ms: u64,
}

/// A webhook delivery.
#[derive(Serialize, ToSchema)]
struct DeliveryView {
    id: DeliveryId,
    /// The `Webhook-Id` that the receiver sees, the same for every attempt.
    webhook_id: String,
    /// Null for a test.
    #[schema(required)]
    message_id: Option<MessageId>,
    #[schema(required)]
    room_id: Option<RoomId>,
    /// Where it is sent; empty if the URL is invalid.
    url_host: String,
    state: DeliveryState,
    /// What happened to the reply; null if the response had none.
    #[schema(required)]
    reply: Option<ReplyState>,
    /// Oldest first.
    attempts: Vec<AttemptView>,
    created_at: Time,
}

impl DeliveryView {
    fn new(entry: Entry, attempts: Vec<Attempt>) -> Self {
        let attempt = |attempt: Attempt| AttemptView {
            at: attempt.at,
            status: attempt.status,
            outcome: attempt.outcome,
            duration_ms: attempt.duration_ms,
        };
        Self {
            id: entry.id,
            webhook_id: entry.webhook_id,
            message_id: entry.message,
            room_id: entry.room,
            url_host: entry.url_host,
            state: entry.state,
            reply: entry.reply,
            attempts: attempts.into_iter().map(attempt).collect(),
            created_at: entry.created_at,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LogQuery {
    /// Return deliveries before this ID.
    before: Option<i64>,
    /// From 1 to 100, 40 by default.
    limit: Option<u32>,
}

/// List a bot's webhook deliveries, newest first
///
/// Finished deliveries are kept for 30 days, at most 1,000 per bot.
#[utoipa::path(get, operation_id = "list_deliveries", path = "/api/v1/bots/{bot_id}/deliveries", tag = "bots",
    params(("bot_id" = i64, Path), LogQuery), responses(
    (status = 200, body = Vec<DeliveryView>, headers(("Link" = String, description = "rel=\"next\" if there are more"))),
    (status = 403, description = "Not an administrator, or bots are turned off"),
    (status = 422, description = "Invalid query"),
))]
async fn list(
    _: BotAdministrator,
    InPath(bot): InPath,
    State(app): State<App>,
    query: Result<Query<LogQuery>, QueryRejection>,
) -> Result<Response, WebhookError> {
    let Query(query) =
        query.map_err(|_| WebhookError::BadQuery("before and limit must be numbers.".into()))?;
    let limit = paging::limit(query.limit).map_err(WebhookError::BadQuery)?;
    let (entries, has_more, mut attempts) = app.db.read(|reader| {
        let mut entries = store::delivery_page(
            reader,
            bot,
            query.before.unwrap_or(i64::MAX),
            paging::ahead(limit),
        )?;
        let has_more = paging::cut(&mut entries, limit);
        let attempts = store::attempts(reader, &entries)?;
        Ok::<_, db::Error>((entries, has_more, attempts))
    })?;
    let next = entries.last().filter(|_| has_more).map(|entry| entry.id);
    let views = entries.into_iter().map(|entry| {
        let attempts = attempts.remove(&entry.id).unwrap_or_default();
        DeliveryView::new(entry, attempts)
    });
    Ok(paging::respond(
        &format!("/api/v1/bots/{}/deliveries", bot.0),
        &views.collect::<Vec<_>>(),
        next,
        limit,
    ))
}

fn show(app: &App, bot: UserId, id: DeliveryId) -> Result<Json<DeliveryView>, WebhookError> {
    let (entry, mut attempts) = app.db.read(|reader| {
        let entry = store::find_delivery(reader, bot, id)?.ok_or(WebhookError::NoDelivery)?;
        let attempts = store::attempts(reader, std::slice::from_ref(&entry))?;
        Ok::<_, WebhookError>((entry, attempts))
    })?;
    Ok(Json(DeliveryView::new(entry, attempts.remove(&id).unwrap_or_default())))
}

/// Resend a finished delivery
///
/// The receiver sees the same `Webhook-Id`; the body is built again from what is stored now. A reply
/// that was posted is not posted again.
#[utoipa::path(post, operation_id = "resend_delivery", path = "/api/v1/bots/{bot_id}/deliveries/{delivery_id}/resend", tag = "bots",
    params(("bot_id" = i64, Path), ("delivery_id" = i64, Path)), responses(
    (status = 202, body = DeliveryView, description = "Enqueued"),
    (status = 403, description = "Not an administrator, or bots are turned off"),
    (status = 409, description = "The delivery is still in progress, or too many others are waiting"),
    (status = 422, description = "The bot has no webhook"),
))]
async fn resend(
    administrator: BotAdministrator,
    InPath(bot): InPath,
    DeliveryInPath(id): DeliveryInPath,
    State(app): State<App>,
) -> Result<(StatusCode, Json<DeliveryView>), WebhookError> {
    let (writer, by, now) = (app.clone(), administrator.user.id, app.clock.now());
    let write = app.db.write(move |tx| {
        require_administrator(tx, Some(by))?;
        if store::find_delivery(tx, bot, id)?.is_none() {
            return Err(WebhookError::NoDelivery);
        }
        let settings = store::settings(tx, bot)?;
        if settings.url.is_none() {
            return Err(WebhookError::NoWebhook);
        }
        store::resend_delivery(&writer, tx, bot, id, by, &host_of(&settings), now)
    });
    write.await?;
    Ok((StatusCode::ACCEPTED, show(&app, bot, id)?))
}

/// Test a bot's webhook
///
/// Sends a test message, in which room and message have the ID 0. A reply is not posted.
#[utoipa::path(post, operation_id = "test_webhook", path = "/api/v1/bots/{bot_id}/test", tag = "bots", params(("bot_id" = i64, Path)), responses(
    (status = 202, body = DeliveryView, description = "Enqueued"),
    (status = 403, description = "Not an administrator, or bots are turned off"),
    (status = 409, description = "An earlier test is still in progress"),
    (status = 422, description = "The bot has no webhook"),
))]
async fn test(
    administrator: BotAdministrator,
    InPath(bot): InPath,
    State(app): State<App>,
) -> Result<(StatusCode, Json<DeliveryView>), WebhookError> {
    let (writer, tester, now) = (app.clone(), administrator.user.id, app.clock.now());
    let write = app.db.write(move |tx| {
        require_administrator(tx, Some(tester))?;
        let settings = store::settings(tx, bot)?;
        if settings.url.is_none() {
            return Err(WebhookError::NoWebhook);
        }
        if store::has_unfinished_test(tx, bot)? {
            return Err(WebhookError::StillWaiting);
        }
        Ok(store::insert_delivery(
            &writer,
            tx,
            bot,
            Subject::Test(tester),
            &host_of(&settings),
            now,
        )?)
    });
    let id = write.await?;
    Ok((StatusCode::ACCEPTED, show(&app, bot, id)?))
}
