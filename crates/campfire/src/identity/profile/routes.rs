//! Endpoints for your own profile.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ProfileError, change};
use crate::core::app::App;
use crate::http::json::JsonBody;
use crate::http::problem::{Errors, Problem};
use crate::identity::audit::Actor;
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::{ClientInfo, SignedIn};
use crate::identity::sessions::passwords::PasswordHasher;
use crate::identity::sessions::rate_limit::{IpRateLimiter, LimitedAction};
use crate::identity::users::fields::{Bio, EmailAddress, Name, NewPassword, validate};
use crate::identity::users::store::Changes;
use crate::identity::users::{Me, Users};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, update))
}

/// Show your profile
#[utoipa::path(get, operation_id = "show_me", path = "/api/v1/me", tag = "me", responses(
    (status = 200, body = Me),
))]
async fn show(caller: SignedIn, State(app): State<App>) -> Result<Json<Me>, Problem> {
    Ok(Json(me(&app, &caller)?))
}

/// Changes to your profile; omitted fields stay as they are.
#[derive(Deserialize, ToSchema)]
struct ProfileForm {
    /// 1 to 100 characters.
    name: Option<String>,
    email_address: Option<String>,
    /// At least 8 characters, at most 72 bytes. Signs out your other devices.
    password: Option<String>,
    /// At most 2,000 characters; an empty string removes it.
    bio: Option<String>,
}

/// Update your profile
#[utoipa::path(patch, operation_id = "update_me", path = "/api/v1/me", tag = "me", request_body = ProfileForm, responses(
    (status = 200, body = Me),
    (status = 409, description = "The email address is already in use"),
    (status = 429, description = "Too many password changes"),
))]
async fn update(
    caller: SignedIn,
    by: Actor,
    client: ClientInfo,
    State(app): State<App>,
    JsonBody(form): JsonBody<ProfileForm>,
) -> Result<Json<Me>, ProfileError> {
    let mut errors = Errors::new();
    let name = form.name.and_then(|text| validate(&mut errors, "name", Name::parse(&text)));
    let email_address = form
        .email_address
        .and_then(|text| validate(&mut errors, "email_address", EmailAddress::parse(&text)));
    let password =
        form.password.and_then(|text| validate(&mut errors, "password", NewPassword::parse(&text)));
    let bio = form.bio.and_then(|text| validate(&mut errors, "bio", Bio::parse(&text)));
    if !errors.is_empty() {
        return Err(ProfileError::Rejected(errors));
    }
    let digest = match password {
        None => None,
        Some(password) => {
            // Hashing costs as much CPU time as signing in.
            let tries = app.state::<IpRateLimiter>().count(
                LimitedAction::PasswordChange,
                client.address,
                app.clock.now(),
            );
            tries.map_err(|seconds| SessionError::RateLimited { seconds })?;
            Some(app.state::<PasswordHasher>().digest(password.expose().to_owned()).await?)
        }
    };
    change(&app, &caller, by, Changes { name, email_address, bio, digest }).await?;
    Ok(Json(me(&app, &caller)?))
}

fn me(app: &App, caller: &SignedIn) -> Result<Me, db::Error> {
    let user =
        app.state::<Users>().find(app, caller.user.id)?.unwrap_or_else(|| caller.user.clone());
    user.into_me(app)
}
