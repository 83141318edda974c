//! Endpoints for the caller's push subscriptions.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::enqueue::enqueue_job;
use super::extractors::Subscriber;
use super::store::{self, SubscriptionRow};
use super::{
    DELIVER, DeliveryTask, NewSubscription, PushError, SubscriptionId, TestPushLimiter,
    destination, endpoint_host,
};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::json::JsonBody;
use crate::http::path::Segment;
use crate::identity::sessions::extractors::ClientInfo;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, subscribe))
        .routes(routes!(unsubscribe))
        .routes(routes!(test))
}

/// A device that gets notifications. Its endpoint is a secret between the browser and this server;
/// only the host is shown.
#[derive(Serialize, ToSchema)]
struct SubscriptionView {
    id: SubscriptionId,
    endpoint_host: Option<String>,
    user_agent: Option<String>,
    created_at: Time,
    /// When the device last confirmed the subscription.
    updated_at: Time,
    /// Whether it has the endpoint in the query; omitted without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
}

impl SubscriptionView {
    fn new(row: SubscriptionRow, current: Option<bool>) -> Self {
        Self {
            id: row.id,
            endpoint_host: row.endpoint.as_deref().and_then(endpoint_host),
            user_agent: row.user_agent.filter(|agent| !agent.is_empty()),
            created_at: row.created_at,
            updated_at: row.updated_at,
            current,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// This browser's endpoint, to mark the current device.
    endpoint: Option<String>,
}

/// List your devices that get notifications, the last confirmed first
#[utoipa::path(get, operation_id = "list_push_subscriptions", path = "/api/v1/push_subscriptions", tag = "pushes", params(ListQuery), responses(
    (status = 200, body = Vec<SubscriptionView>),
    (status = 403, description = "Notifications are turned off"),
))]
async fn list(
    caller: Subscriber,
    State(app): State<App>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Vec<SubscriptionView>>, PushError> {
    // An invalid query marks no device.
    let current_endpoint = query.ok().and_then(|Query(query)| query.endpoint);
    let rows = app.db.read(|reader| store::list(reader, caller.user.id))?;
    let view = |row: SubscriptionRow| {
        let current =
            current_endpoint.as_ref().map(|endpoint| row.endpoint.as_ref() == Some(endpoint));
        SubscriptionView::new(row, current)
    };
    Ok(Json(rows.into_iter().map(view).collect()))
}

/// A subscription as browsers serialize it (`PushSubscription.toJSON()`), or with Campfire's flat
/// names.
#[derive(Deserialize, ToSchema)]
struct SubscriptionForm {
    /// The URL of the push service: `https`, at most 2048 bytes.
    endpoint: String,
    keys: Option<KeysForm>,
    /// Instead of `keys.p256dh`.
    p256dh_key: Option<String>,
    /// Instead of `keys.auth`.
    auth_key: Option<String>,
}

/// The keys that messages are encrypted with, in URL-safe base64.
#[derive(Deserialize, ToSchema)]
struct KeysForm {
    /// A point on the P-256 curve.
    p256dh: String,
    /// 16 bytes.
    auth: String,
}

impl SubscriptionForm {
    fn keys(&self) -> (&str, &str) {
        match &self.keys {
            Some(keys) => (&keys.p256dh, &keys.auth),
            None => (
                self.p256dh_key.as_deref().unwrap_or_default(),
                self.auth_key.as_deref().unwrap_or_default(),
            ),
        }
    }
}

/// Get notifications on this device
///
/// Sending the same subscription again confirms it.
#[utoipa::path(post, operation_id = "create_push_subscription", path = "/api/v1/push_subscriptions", tag = "pushes",
    request_body = SubscriptionForm, responses(
    (status = 201, body = SubscriptionView, headers(("Location" = String))),
    (status = 200, body = SubscriptionView, description = "The device was already subscribed"),
    (status = 403, description = "Notifications are turned off"),
    (status = 422, description = "The subscription is invalid, or you have too many devices"),
))]
async fn subscribe(
    caller: Subscriber,
    State(app): State<App>,
    client: ClientInfo,
    JsonBody(form): JsonBody<SubscriptionForm>,
) -> Result<Response, PushError> {
    let (p256dh, auth) = form.keys();
    let new = NewSubscription::parse(&form.endpoint, p256dh, auth, &app.config.push_services)?;
    let (user, session, now) = (caller.user.id, caller.id, app.clock.now());
    let write = app.db.write(move |tx| {
        let (id, created) = store::subscribe(tx, user, &new, &client.device.user_agent, now)?;
        store::bind_to_session(tx, id, session)?;
        Ok::<_, PushError>((id, created))
    });
    let (id, created) = write.await?;
    let row = app.db.read(|reader| store::find(reader, id))?.ok_or(PushError::NotFound)?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let location = [(header::LOCATION, format!("/api/v1/push_subscriptions/{id}"))];
    Ok((status, location, Json(SubscriptionView::new(row, Some(true)))).into_response())
}

/// Stop notifications on a device
#[utoipa::path(delete, operation_id = "delete_push_subscription", path = "/api/v1/push_subscriptions/{id}", tag = "pushes", params(("id" = i64, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 403, description = "Notifications are turned off"),
))]
async fn unsubscribe(
    caller: Subscriber,
    State(app): State<App>,
    Segment(id): Segment<SubscriptionId>,
) -> Result<StatusCode, PushError> {
    let user = caller.user.id;
    let deleted = app.db.write(move |tx| store::delete(tx, user, id)).await?;
    if deleted { Ok(StatusCode::NO_CONTENT) } else { Err(PushError::NotFound) }
}

/// Send a test notification to one of your devices
#[utoipa::path(post, operation_id = "test_push_subscription", path = "/api/v1/push_subscriptions/{id}/test", tag = "pushes", params(("id" = i64, Path)), responses(
    (status = 202, description = "Enqueued"),
    (status = 403, description = "Notifications are turned off"),
    (status = 429, description = "A test was sent less than 5 seconds ago"),
))]
async fn test(
    caller: Subscriber,
    State(app): State<App>,
    Segment(id): Segment<SubscriptionId>,
) -> Result<StatusCode, PushError> {
    let row = app
        .db
        .read(|reader| store::find(reader, id))?
        .filter(|row| row.user == caller.user.id)
        .ok_or(PushError::NotFound)?;
    let service = row.endpoint.as_deref().and_then(destination).ok_or(PushError::NotFound)?;
    let now = app.clock.now();
    app.state::<TestPushLimiter>().check(id, now)?;
    let (writer, task) = (app.clone(), DeliveryTask { subscription: id, subject: None });
    app.db.write(move |tx| enqueue_job(&writer, tx, DELIVER, &service, &task, now)).await?;
    Ok(StatusCode::ACCEPTED)
}
