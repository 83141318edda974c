//! Endpoints for the account.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::events::AccountChanged;
use super::views::AccountView;
use super::{
    AccountError, AccountUpdate, Accounts, MAX_STYLES, change, regenerate_join_code, styles,
};
use crate::core::app::App;
use crate::http::client_ip::{Peer, base_url};
use crate::http::json::JsonBody;
use crate::http::problem::Errors;
use crate::identity::audit::Actor;
use crate::identity::sessions::extractors::{Administrator, SignedIn};
use crate::identity::users::fields::{Name, validate};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show, update))
        .routes(routes!(new_join_code))
        .route("/account/styles.css", axum::routing::get(styles::show))
}

/// Show the account with its invitation link
#[utoipa::path(get, operation_id = "show_account", path = "/api/v1/account", tag = "account", responses(
    (status = 200, body = AccountView),
))]
async fn show(
    _: SignedIn,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Json<AccountView>, AccountError> {
    let account = app.state::<Accounts>().find(&app)?.ok_or(AccountError::NotSetUp)?;
    Ok(Json(AccountView::new(
        &account,
        &base_url(&app.config.trusted_proxies, peer, &headers, &uri),
    )))
}

/// Changes to the account; omitted fields stay as they are.
#[derive(Deserialize, ToSchema)]
struct AccountForm {
    /// 1 to 100 characters.
    name: Option<String>,
    settings: Option<SettingsForm>,
    /// CSS, at most 64 KiB; an empty string removes it.
    custom_styles: Option<String>,
}

/// Changes to the settings; omitted fields stay as they are.
#[derive(Deserialize, ToSchema)]
struct SettingsForm {
    /// Whether only administrators can create rooms.
    restrict_room_creation_to_administrators: Option<bool>,
}

/// Update the account
#[utoipa::path(patch, operation_id = "update_account", path = "/api/v1/account", tag = "account", request_body = AccountForm, responses(
    (status = 200, body = AccountView),
))]
async fn update(
    _: Administrator,
    by: Actor,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    uri: Uri,
    JsonBody(form): JsonBody<AccountForm>,
) -> Result<Json<AccountView>, AccountError> {
    let mut errors = Errors::new();
    let name = form.name.and_then(|text| validate(&mut errors, "name", Name::parse(&text)));
    let custom_styles = form
        .custom_styles
        .and_then(|text| validate(&mut errors, "custom_styles", check_styles(text)));
    if !errors.is_empty() {
        return Err(AccountError::Rejected(errors));
    }
    let restricted =
        form.settings.and_then(|settings| settings.restrict_room_creation_to_administrators);
    let (base, now) =
        (base_url(&app.config.trusted_proxies, peer, &headers, &uri), app.clock.now());
    let (changes, event_base) = (AccountUpdate { name, restricted, custom_styles }, base.clone());
    app.db
        .write(move |tx| {
            change(tx, &by, &changes, now)?;
            tx.publish(Arc::new(AccountChanged { base: Some(event_base) }));
            Ok::<_, AccountError>(())
        })
        .await?;
    let account = app.state::<Accounts>().find(&app)?.ok_or(AccountError::NotSetUp)?;
    Ok(Json(AccountView::new(&account, &base)))
}

fn check_styles(text: String) -> Result<String, String> {
    if text.len() > MAX_STYLES {
        return Err(format!("Use at most {} KiB of CSS.", MAX_STYLES / 1024));
    }
    if text.contains('\0') {
        return Err("The CSS contains a character that can't be used.".into());
    }
    Ok(text)
}

/// Replace the invitation link
///
/// The old link stops working.
#[utoipa::path(post, operation_id = "regenerate_join_code", path = "/api/v1/account/join_code", tag = "account", responses(
    (status = 201, body = AccountView),
))]
async fn new_join_code(
    _: Administrator,
    by: Actor,
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, AccountError> {
    let (base, now) =
        (base_url(&app.config.trusted_proxies, peer, &headers, &uri), app.clock.now());
    let event_base = base.clone();
    app.db
        .write(move |tx| {
            regenerate_join_code(tx, &by, now)?;
            tx.publish(Arc::new(AccountChanged { base: Some(event_base) }));
            Ok::<_, AccountError>(())
        })
        .await?;
    let account = app.state::<Accounts>().find(&app)?.ok_or(AccountError::NotSetUp)?;
    Ok((StatusCode::CREATED, Json(AccountView::new(&account, &base))).into_response())
}
