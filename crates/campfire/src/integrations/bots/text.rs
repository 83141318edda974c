//! Text bodies. The content type is ignored, because `curl -d` sends the wrong one.

use axum::extract::{FromRequest, Request};
use http::{StatusCode, header};

use crate::http::json::read_at_most;
use crate::http::problem::Problem;
use crate::messages::MAX_BODY;

/// A body of UTF-8 text, no longer than a message may be.
pub struct Text(pub String);

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let declared = request
            .headers()
            .get(header::CONTENT_TYPE)
            .map(http::HeaderValue::as_bytes)
            .unwrap_or_default();
        if declared.get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/")) {
            let detail =
                "This server doesn't accept files yet. Send text in the body of the request.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let body = read_at_most(request, MAX_BODY).await?;
        let text = String::from_utf8(body.into());
        text.map(Self)
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The text isn't valid UTF-8."))
    }
}
