//! Endpoints for preferences.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Preferences, store};
use crate::core::app::App;
use crate::http::json::JsonBody;
use crate::http::problem::Problem;
use crate::identity::sessions::extractors::SignedIn;
use crate::messages::inbox::events::InboxChanged;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, update))
}

/// Show your preferences
#[utoipa::path(get, operation_id = "show_preferences", path = "/api/v1/me/preferences", tag = "me", responses(
    (status = 200, body = Preferences),
))]
async fn show(caller: SignedIn, State(app): State<App>) -> Result<Json<Preferences>, Problem> {
    Ok(Json(app.db.read(|reader| store::find(reader, caller.user.id))?))
}

/// Changes to your preferences; omitted fields stay as they are.
#[derive(Deserialize, ToSchema)]
struct NewPreferences {
    replies_notify: Option<bool>,
}

/// Update your preferences
#[utoipa::path(patch, operation_id = "update_preferences", path = "/api/v1/me/preferences", tag = "me", request_body = NewPreferences, responses(
    (status = 200, body = Preferences),
    (status = 422, description = "Wrong type"),
))]
async fn update(
    caller: SignedIn,
    State(app): State<App>,
    JsonBody(changes): JsonBody<NewPreferences>,
) -> Result<Json<Preferences>, Problem> {
    let user = caller.user.id;
    let preferences = app
        .db
        .write(move |tx| {
            let before = store::find(tx, user)?;
            let after = Preferences {
                replies_notify: changes.replies_notify.unwrap_or(before.replies_notify),
            };
            if after != before {
                store::save(tx, user, after)?;
                tx.publish(Arc::new(InboxChanged { user }));
            }
            Ok::<_, db::Error>(after)
        })
        .await?;
    Ok(Json(preferences))
}
