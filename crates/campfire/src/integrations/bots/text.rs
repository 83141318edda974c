//! What a bot sends: text, whatever the content type says of it, for `curl -d` says the wrong one.

use axum::extract::{FromRequest, Request};
use http::{StatusCode, header};

use crate::http::json::read_at_most;
use crate::http::problem::Problem;
use crate::messages::MAX_BODY;

/// A body that is text in UTF-8, of at most as many bytes as a message may have.
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
            let words =
                "This server does not take files yet. Send text as the body of the request.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
        }
        let body = read_at_most(request, MAX_BODY).await?;
        let text = String::from_utf8(body.into());
        text.map(Self)
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The text is not in UTF-8."))
    }
}
