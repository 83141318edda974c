//! Public endpoints: server status, first run, invitations.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NewSession, SignedUp, SignupError, join, set_up};
use crate::core::app::App;
use crate::core::ids::RoomId;
use crate::http::client_ip::Peer;
use crate::http::json::JsonBody;
use crate::http::path::Segment;
use crate::http::problem::Problem;
use crate::identity::accounts::{Accounts, DEFAULT_NAME, store as account_store};
use crate::identity::sessions::extractors::{ClientInfo, SignedIn};
use crate::identity::sessions::passwords::PasswordHasher;
use crate::identity::sessions::rate_limit::{IpRateLimiter, LimitedAction};
use crate::identity::sessions::{SessionError, cookie};
use crate::identity::users::fields::NewUser;
use crate::identity::users::{Me, Users};
use crate::integrations::pushes::vapid::Vapid;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(first_run))
        .routes(routes!(invitation, accept))
}

/// The public state of the server.
#[derive(Serialize, ToSchema)]
struct StatusView {
    account: AccountSummary,
    /// Whether the server still has to be set up.
    first_run: bool,
    demo: bool,
    signed_in: bool,
    features: Features,
    /// The key for push subscriptions, in URL-safe base64. Null if push notifications are turned off.
    vapid_public_key: Option<String>,
    /// An administrator to ask for help. Null before the first run, and if no administrator has an
    /// email address.
    contact: Option<Contact>,
    version: &'static str,
    revision: Option<&'static str>,
}

/// An administrator to ask for help.
#[derive(Serialize, ToSchema)]
struct Contact {
    name: String,
    email_address: String,
}

/// The public part of the account.
#[derive(Serialize, ToSchema)]
struct AccountSummary {
    name: String,
    logo_url: Option<String>,
}

/// Features of this server. False means turned off or not supported yet.
#[derive(Serialize, ToSchema)]
struct Features {
    files: bool,
    avatars: bool,
    opengraph: bool,
    search: bool,
    push: bool,
    bots: bool,
    max_file_size: u64,
}

/// Show the public state of the server
#[utoipa::path(get, operation_id = "show_status", path = "/api/v1/status", tag = "signup", security(()), responses((status = 200, body = StatusView)))]
async fn status(
    caller: Result<SignedIn, SessionError>,
    State(app): State<App>,
) -> Result<Json<StatusView>, Problem> {
    let signed_in = match caller {
        Ok(_) => true,
        Err(error @ SessionError::Database(_)) => return Err(error.into()),
        Err(_) => false,
    };
    let push = app.config.push_notifications;
    let account = app.state::<Accounts>().find(&app)?;
    Ok(Json(StatusView {
        first_run: account.is_none(),
        account: AccountSummary {
            name: account.map_or(DEFAULT_NAME.into(), |account| account.name.clone()),
            logo_url: None,
        },
        demo: false,
        signed_in,
        features: Features {
            files: false,
            avatars: false,
            opengraph: false,
            search: app.config.search_enabled,
            push,
            bots: app.config.bot_integrations,
            max_file_size: 0,
        },
        vapid_public_key: push.then(|| app.state::<Vapid>().public_key().to_owned()),
        contact: app
            .db
            .read(crate::identity::users::store::contact)?
            .map(|(name, email_address)| Contact { name, email_address }),
        version: crate::core::version::VERSION,
        revision: crate::core::version::REVISION,
    }))
}

/// A new user.
#[derive(Deserialize, ToSchema)]
struct NewcomerForm {
    /// 1 to 100 characters.
    name: String,
    email_address: String,
    /// At least 8 characters, at most 72 bytes.
    password: String,
}

/// The signed-up user.
#[derive(Serialize, ToSchema)]
struct Welcome {
    user: Me,
    /// The first room, in the response to the first run.
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<FirstRoom>,
}

/// The room that the first run created.
#[derive(Serialize, ToSchema)]
struct FirstRoom {
    id: RoomId,
    name: &'static str,
}

/// Set up the server
///
/// Creates the account, its administrator and the first room. Works once.
#[utoipa::path(post, operation_id = "first_run", path = "/api/v1/first_run", tag = "signup", request_body = NewcomerForm, security(()), responses(
    (status = 201, body = Welcome),
    (status = 409, description = "Already set up"),
))]
async fn first_run(
    State(app): State<App>,
    client: ClientInfo,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<NewcomerForm>,
) -> Result<Response, SignupError> {
    if app.state::<Accounts>().find(&app)?.is_some() {
        return Err(SignupError::AlreadySetUp);
    }
    count(&app, LimitedAction::FirstRun, &client)?;
    let (new_user, new_session) = prepare(&app, client, form).await?;
    let (token, writer) = (new_session.token.clone(), app.clone());
    let signed_up = app.db.write(move |tx| set_up(&writer, tx, &new_user, &new_session)).await?;
    welcome(&app, peer, &headers, &token, &signed_up)
}

/// An invitation.
#[derive(Serialize, ToSchema)]
struct InvitationView {
    account_name: String,
    logo_url: Option<String>,
}

/// Check an invitation
#[utoipa::path(get, operation_id = "show_invitation", path = "/api/v1/join/{code}", tag = "signup", params(("code" = String, Path)), security(()), responses(
    (status = 200, body = InvitationView),
    (status = 404, description = "No such invitation"),
))]
async fn invitation(
    State(app): State<App>,
    Segment(code): Segment<String>,
) -> Result<Json<InvitationView>, SignupError> {
    let account = app.db.read(|reader| {
        let valid = account_store::is_join_code(reader, &code)?;
        Ok::<_, db::Error>(account_store::find(reader)?.filter(|_| valid))
    })?;
    let account = account.ok_or(SignupError::WrongCode)?;
    Ok(Json(InvitationView { account_name: account.name, logo_url: None }))
}

/// Join by invitation
///
/// Creates a member of all open rooms.
#[utoipa::path(post, operation_id = "join", path = "/api/v1/join/{code}", tag = "signup", params(("code" = String, Path)), request_body = NewcomerForm, security(()), responses(
    (status = 201, body = Welcome),
    (status = 404, description = "No such invitation"),
    (status = 409, description = "The email address is already in use"),
))]
async fn accept(
    State(app): State<App>,
    client: ClientInfo,
    Extension(peer): Extension<Peer>,
    Segment(code): Segment<String>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<NewcomerForm>,
) -> Result<Response, SignupError> {
    count(&app, LimitedAction::Join, &client)?;
    // Checked before the expensive hash, and again in the transaction.
    if !app.db.read(|reader| account_store::is_join_code(reader, &code))? {
        return Err(SignupError::WrongCode);
    }
    let (new_user, new_session) = prepare(&app, client, form).await?;
    let (token, writer) = (new_session.token.clone(), app.clone());
    let signed_up =
        app.db.write(move |tx| join(&writer, tx, &code, &new_user, &new_session)).await?;
    welcome(&app, peer, &headers, &token, &signed_up)
}

fn count(app: &App, action: LimitedAction, client: &ClientInfo) -> Result<(), SessionError> {
    let tries = app.state::<IpRateLimiter>().count(action, client.address, app.clock.now());
    tries.map_err(|seconds| SessionError::RateLimited { seconds })
}

/// Validates the form and hashes the password.
async fn prepare(
    app: &App,
    client: ClientInfo,
    form: NewcomerForm,
) -> Result<(NewUser, NewSession), SignupError> {
    let new_user = NewUser::parse(&form.name, &form.email_address, &form.password)
        .map_err(SignupError::Rejected)?;
    let digest =
        app.state::<PasswordHasher>().digest(new_user.password.expose().to_owned()).await?;
    let token = rails_compat::tokens::session_token(&mut rand::rng());
    Ok((new_user, NewSession { digest, token, device: client.device }))
}

fn welcome(
    app: &App,
    peer: Peer,
    headers: &HeaderMap,
    token: &str,
    signed_up: &SignedUp,
) -> Result<Response, SignupError> {
    let user = app.state::<Users>().find(app, signed_up.user)?.ok_or(SessionError::NotSignedIn)?;
    let room = signed_up.room.map(|id| FirstRoom { id, name: crate::rooms::DEFAULT_ROOM_NAME });
    let cookie = [(header::SET_COOKIE, cookie::issue(app, peer, headers, token))];
    Ok((StatusCode::CREATED, cookie, Json(Welcome { user: user.into_me(app)?, room }))
        .into_response())
}
