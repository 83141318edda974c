//! JSON request bodies: an invalid one becomes a problem that names the field.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The largest body in bytes; uploads have their own limit.
pub const MAX_BODY: usize = 1024 * 1024;

/// A JSON body of at most [`MAX_BODY`] bytes.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send a JSON body with the content type application/json.",
            ));
        }
        parse(&read(request).await?).map(Self)
    }
}

/// Reads the whole body, at most [`MAX_BODY`] bytes.
///
/// # Errors
/// 413 when it is too large, 400 when it ends early.
pub async fn read(request: Request) -> Result<Bytes, Problem> {
    read_at_most(request, MAX_BODY).await
}

/// Reads the whole body, at most `limit` bytes.
///
/// # Errors
/// 413 when it is too large, 400 when it ends early.
pub async fn read_at_most(request: Request, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(request.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let detail = format!("The request is too large. The limit is {} KiB.", limit / 1024);
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail))
        }
        Err(_) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "The request ended early. Please try again."))
        }
    }
}

fn is_json(request: &Request) -> bool {
    let declared = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let essence = declared.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence.len() > 17
            && essence[..12].eq_ignore_ascii_case("application/")
            && essence.to_ascii_lowercase().ends_with("+json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let value: serde_json::Value = serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, format!("The body is not valid JSON: {error}."))
    })?;
    if !value.is_object() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Send a JSON object."));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let what = error.into_inner();
        let field = if path == "." { "body".to_owned() } else { path };
        let mut problem =
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{field}: {what}."));
        problem.reject(field, what.to_string());
        problem
    })
}
