//! Reading the account over HTTP.

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, Uri};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{AccountError, AccountSettings, store};
use crate::app::App;
use crate::http::address::{Peer, base_url};
use crate::sessions::callers::SignedIn;

/// The account as people see it.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    name: String,
    /// The account's picture.
    logo_url: Option<String>,
    custom_styles: Option<String>,
    settings: AccountSettings,
    /// The invitation link, to pass on to new people.
    join_url: String,
}

/// The account's routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// The account with its invitation link
#[utoipa::path(get, operation_id = "show_account", path = "/api/v1/account", tag = "account", responses(
    (status = 200, body = AccountView),
    (status = 401, description = "Not signed in", body = crate::http::problem::Problem, content_type = "application/problem+json"),
))]
async fn show(
    _: SignedIn,
    State(app): State<App>,
    axum::Extension(peer): axum::Extension<Peer>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Json<AccountView>, AccountError> {
    let account = app.db.read(store::find)?.ok_or(AccountError::NotSetUp)?;
    let base = base_url(&app.config.trusted_proxies, peer, &headers, &uri);
    Ok(Json(AccountView {
        join_url: format!("{base}/join/{}", account.join_code),
        name: account.name,
        logo_url: None,
        custom_styles: account.custom_styles,
        settings: account.settings,
    }))
}
