//! A Slack-compatible hook: accepts what programs send to Slack's incoming webhooks, and responds as
//! Slack does, in plain text.

pub mod inline;
pub mod lines;
pub mod markup;
pub mod payload;
#[cfg(test)]
mod tests;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extractors::BotByKey;
use super::post;
use crate::core::app::App;
use crate::http::json::read_at_most;
use crate::http::problem::{Problem, chain};
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::AuthenticatedUser;
use crate::messages::{Draft, MessageError};
use crate::rooms::RoomError;
use crate::rooms::extractors::RoomMember;

/// Bytes of a payload, which has more layout than text.
const MAX_PAYLOAD: usize = 256 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(receive))
}

/// Why a payload was not posted; the messages are Slack's error codes.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// Neither JSON nor a form with JSON in `payload`.
    #[error("invalid_payload")]
    InvalidPayload,
    /// There is nothing to post.
    #[error("no_text")]
    NoText,
    /// Too many, or not a list of objects.
    #[error("invalid_blocks")]
    InvalidBlocks,
    /// Not a list of objects.
    #[error("invalid_attachments")]
    InvalidAttachments,
    #[error("too_many_attachments")]
    TooManyAttachments,
    /// The message would be too long.
    #[error("msg_too_long")]
    TooLong,
    /// The request body is too large.
    #[error("payload_too_large")]
    TooLarge,
    /// No active bot has this key.
    #[error("invalid_token")]
    InvalidToken,
    /// The bot is not a member of the room.
    #[error("channel_not_found")]
    ChannelNotFound,
    /// The other user in a direct room has blocked the bot.
    #[error("action_prohibited")]
    Prohibited,
    /// The disk is full, or the server is stopping.
    #[error("service_unavailable")]
    Unavailable,
    /// An internal error.
    #[error("fatal_error")]
    Fatal,
    /// The operator disabled bot integrations.
    #[error(transparent)]
    SwitchedOff(SessionError),
}

impl From<db::Error> for HookError {
    fn from(error: db::Error) -> Self {
        if error.is_unavailable() {
            return Self::Unavailable;
        }
        tracing::error!(error = %chain(&error), "failed to store a message from the hook; answering fatal_error");
        Self::Fatal
    }
}

impl From<SessionError> for HookError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::BotsDisabled => Self::SwitchedOff(error),
            SessionError::Database(error) => error.into(),
            _ => Self::InvalidToken,
        }
    }
}

impl From<RoomError> for HookError {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::Session(error) => error.into(),
            RoomError::Database(error) => error.into(),
            _ => Self::ChannelNotFound,
        }
    }
}

impl From<MessageError> for HookError {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Rejected(_) => Self::NoText,
            MessageError::Blocked => Self::Prohibited,
            MessageError::Session(error) => error.into(),
            MessageError::Database(error) => error.into(),
            MessageError::NotFound
            | MessageError::NotAMember
            | MessageError::ClientIdTaken
            | MessageError::BadQuery(_) => Self::ChannelNotFound,
        }
    }
}

impl HookError {
    fn status(&self) -> StatusCode {
        match self {
            Self::InvalidPayload
            | Self::NoText
            | Self::InvalidBlocks
            | Self::InvalidAttachments
            | Self::TooManyAttachments
            | Self::TooLong => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::ChannelNotFound => StatusCode::NOT_FOUND,
            Self::Prohibited | Self::SwitchedOff(_) => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fatal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for HookError {
    fn into_response(self) -> Response {
        if let Self::SwitchedOff(error) = self {
            return Problem::from(error).into_response();
        }
        let mut response = (self.status(), self.to_string()).into_response();
        if matches!(self, Self::Unavailable) {
            response.headers_mut().insert(header::RETRY_AFTER, http::HeaderValue::from_static("2"));
        }
        response
    }
}

/// Post a message in the format of Slack's incoming webhooks
///
/// JSON, or a form with the same JSON in `payload`: `text` in mrkdwn, `blocks` (header, section,
/// context, divider, markdown, image) and `attachments`. Errors are Slack's error codes in plain
/// text.
#[utoipa::path(post, operation_id = "bot_hook", path = "/rooms/{room_id}/{bot_key}/hook", tag = "bot API",
    params(("room_id" = i64, Path), ("bot_key" = String, Path)),
    request_body(content = Value, content_type = "application/json", description = "`{text?, blocks?, attachments?}`"), responses(
    (status = 200, description = "`ok`", body = String, content_type = "text/plain"),
    (status = 400, description = "`invalid_payload`, `no_text`, `invalid_blocks`, `invalid_attachments`, `too_many_attachments`, `msg_too_long`", body = String, content_type = "text/plain"),
    (status = 401, description = "`invalid_token`: a wrong or revoked key", body = String, content_type = "text/plain"),
    (status = 403, description = "`action_prohibited`: the other user in a direct room has blocked the bot; or a problem if bots are turned off", body = String, content_type = "text/plain"),
    (status = 404, description = "`channel_not_found`: the bot is not a member of the room", body = String, content_type = "text/plain"),
    (status = 413, description = "`payload_too_large`: over 256 KiB", body = String, content_type = "text/plain"),
    (status = 503, description = "`service_unavailable`: the disk is full or the server is stopping", body = String, content_type = "text/plain"),
))]
async fn receive(
    bot: Result<RoomMember<BotByKey>, RoomError>,
    State(app): State<App>,
    request: Request,
) -> Result<&'static str, HookError> {
    let bot = bot?;
    let body =
        read_at_most(request, MAX_PAYLOAD).await.map_err(|problem| match problem.status() {
            StatusCode::PAYLOAD_TOO_LARGE => HookError::TooLarge,
            _ => HookError::InvalidPayload,
        })?;
    let html = payload::convert(&parse(&body).ok_or(HookError::InvalidPayload)?)?;
    if html.len() > crate::messages::MAX_BODY {
        return Err(HookError::TooLong);
    }
    post(&app, bot.room, bot.caller.user().id, Draft::parse(Some(&html), None, None)?).await?;
    Ok("ok")
}

/// Parses the body by its content, because many programs declare JSON as a form.
fn parse(body: &[u8]) -> Option<Value> {
    if body.trim_ascii_start().starts_with(b"{") {
        return serde_json::from_slice(body).ok();
    }
    let payload = form_urlencoded::parse(body).find(|(name, _)| name == "payload")?.1;
    serde_json::from_str(&payload).ok()
}
