//! Parts of an address: one that makes no sense is not there, like one that nobody has.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, RawPathParams};
use http::request::Parts;

use super::problem::Problem;

/// The one parameter of the address.
pub struct Segment<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Segment<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let missing = || Problem::not_found("Page");
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| missing())?;
        text.parse().map(Self).map_err(|_| missing())
    }
}

/// A named parameter of the address, for those who find out who calls by it; `None` if it makes no
/// sense.
pub async fn parameter<T: FromStr>(
    parts: &mut Parts,
    state: &(impl Send + Sync),
    name: &str,
) -> Option<T> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    parameters.iter().find(|(called, _)| *called == name)?.1.parse().ok()
}
