//! Push subscriptions over HTTP: the devices on which one is notified.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::Subscriber;
use super::store::{self, SubscriptionRow};
use super::{
    DELIVER, NewSubscription, PushError, SubscriptionId, Task, Trials, endpoint_host, enqueue,
    service,
};
use crate::core::app::App;
use crate::core::clock::Time;
use crate::http::json::JsonBody;
use crate::http::path::Segment;
use crate::identity::sessions::extractors::ClientInfo;

/// The routes of push subscriptions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, subscribe))
        .routes(routes!(unsubscribe))
        .routes(routes!(try_out))
}

/// A device on which one is notified. Its endpoint is a secret between the browser and this server;
/// only the host is shown.
#[derive(Serialize, ToSchema)]
struct SubscriptionView {
    id: SubscriptionId,
    endpoint_host: Option<String>,
    user_agent: Option<String>,
    created_at: Time,
    /// When the device last said that it is still there.
    updated_at: Time,
    /// Whether it is the one with the endpoint that was asked about; not there if none was.
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

/// Which device asks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asking {
    /// This browser's endpoint, to have its device marked.
    endpoint: Option<String>,
}

/// The devices on which one is notified, the one heard of last first
#[utoipa::path(get, operation_id = "list_push_subscriptions", path = "/api/v1/push_subscriptions", tag = "pushes", params(Asking), responses(
    (status = 200, body = Vec<SubscriptionView>),
    (status = 403, description = "Notifications are switched off"),
))]
async fn list(
    caller: Subscriber,
    State(app): State<App>,
    asking: Result<Query<Asking>, QueryRejection>,
) -> Result<Json<Vec<SubscriptionView>>, PushError> {
    // What cannot be read marks no device.
    let asking = asking.ok().and_then(|Query(asking)| asking.endpoint);
    let rows = app.db.read(|reader| store::list(reader, caller.user.id))?;
    let view = |row: SubscriptionRow| {
        let current = asking.as_ref().map(|endpoint| row.endpoint.as_ref() == Some(endpoint));
        SubscriptionView::new(row, current)
    };
    Ok(Json(rows.into_iter().map(view).collect()))
}

/// A subscription as browsers write it (`PushSubscription.toJSON()`), or with Campfire's flat
/// names.
#[derive(Deserialize, ToSchema)]
struct SubscriptionForm {
    /// Where the push service takes messages: `https`, at most 2048 bytes.
    endpoint: String,
    keys: Option<KeysForm>,
    /// In place of `keys.p256dh`.
    p256dh_key: Option<String>,
    /// In place of `keys.auth`.
    auth_key: Option<String>,
}

/// The keys that messages are encrypted with, in URL-safe base64.
#[derive(Deserialize, ToSchema)]
struct KeysForm {
    /// A point on the curve P-256.
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

/// Be notified on this device; sending the same again says that it is still there
#[utoipa::path(post, operation_id = "create_push_subscription", path = "/api/v1/push_subscriptions", tag = "pushes",
    request_body = SubscriptionForm, responses(
    (status = 201, body = SubscriptionView, headers(("Location" = String))),
    (status = 200, body = SubscriptionView, description = "The device was there already"),
    (status = 403, description = "Notifications are switched off"),
    (status = 422, description = "No subscription, or too many devices"),
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
        store::belongs_to(tx, id, session)?;
        Ok::<_, PushError>((id, created))
    });
    let (id, created) = write.await?;
    let row = app.db.read(|reader| store::find(reader, id))?.ok_or(PushError::NotFound)?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let location = [(header::LOCATION, format!("/api/v1/push_subscriptions/{id}"))];
    Ok((status, location, Json(SubscriptionView::new(row, Some(true)))).into_response())
}

/// Be notified on a device no more
#[utoipa::path(delete, operation_id = "delete_push_subscription", path = "/api/v1/push_subscriptions/{id}", tag = "pushes", params(("id" = i64, Path)), responses(
    (status = 204, description = "Forgotten"),
    (status = 403, description = "Notifications are switched off"),
    (status = 404, description = "Not a device of one's own"),
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

/// Send a notification to a device of one's own, to see whether it works
#[utoipa::path(post, operation_id = "test_push_subscription", path = "/api/v1/push_subscriptions/{id}/test", tag = "pushes", params(("id" = i64, Path)), responses(
    (status = 202, description = "It is on its way"),
    (status = 403, description = "Notifications are switched off"),
    (status = 404, description = "Not a device of one's own"),
    (status = 429, description = "One was sent a moment ago"),
))]
async fn try_out(
    caller: Subscriber,
    State(app): State<App>,
    Segment(id): Segment<SubscriptionId>,
) -> Result<StatusCode, PushError> {
    let row = app
        .db
        .read(|reader| store::find(reader, id))?
        .filter(|row| row.user == caller.user.id)
        .ok_or(PushError::NotFound)?;
    let host = row.endpoint.as_deref().and_then(service).ok_or(PushError::NotFound)?;
    let now = app.clock.now();
    app.state::<Trials>().begin(id, now)?;
    let (writer, task) = (app.clone(), Task { subscription: id, subject: None });
    app.db.write(move |tx| enqueue(&writer, tx, DELIVER, &host, &task, now)).await?;
    Ok(StatusCode::ACCEPTED)
}
