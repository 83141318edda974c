//! Error responses: RFC 9457 problem documents with a sentence that a person can act on.

use std::collections::BTreeMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong with each invalid field.
pub type Errors = BTreeMap<String, Vec<String>>;

/// `application/problem+json`, RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status is the type.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The name of the status.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What went wrong and what to do.
    detail: String,
    /// What is wrong with each invalid field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, value_type = std::collections::HashMap<String, Vec<String>>)]
    errors: Errors,
    /// Seconds until a retry makes sense.
    #[serde(skip)]
    retry_after: Option<u32>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: BTreeMap::new(),
            retry_after: None,
        }
    }

    /// 404 for what does not exist or is not visible to the caller; the two look the same.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} not found or inaccessible."))
    }

    /// 422 with the invalid fields.
    pub fn rejected(errors: Errors) -> Self {
        let detail = errors.values().flatten().cloned().collect::<Vec<_>>().join(" ");
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Adds an invalid field.
    pub fn reject(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.errors.entry(field.into()).or_default().push(message.into());
    }

    /// Sets the `Retry-After` header in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// 500: logs the error once; the response does not show it.
    pub fn unexpected(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %chain(error), "unexpected error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side. Please try again. The server's log has the details.",
        )
    }
}

/// Responds with a domain's errors as problems. The domain says which problem by
/// `impl From<TheError> for Problem`.
macro_rules! respond_as_problem {
    ($error:ty) => {
        impl axum::response::IntoResponse for $error {
            fn into_response(self) -> axum::response::Response {
                $crate::http::problem::Problem::from(self).into_response()
            }
        }
    };
}
pub(crate) use respond_as_problem;

/// An error and its causes in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        if error.is_unavailable() {
            return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("{error} Nothing was lost. Please try again in a moment."),
            )
            .retry_after(2);
        }
        Self::unexpected(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
