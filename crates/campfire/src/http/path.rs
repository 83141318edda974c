//! Parameters in the path of a URL. One that cannot be parsed answers 404, like one that does not
//! exist.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, RawPathParams};
use http::request::Parts;

use super::problem::Problem;

/// The only parameter of a path.
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

/// An id that routes have in their path under a fixed name.
pub trait PathParameter: Sized {
    /// The name of the parameter.
    const NAME: &'static str;
    /// What the id stands for, in the 404 problem.
    const NOUN: &'static str;

    fn from_id(id: i64) -> Self;
}

/// The id in the path, named by its type. That the row exists is not checked.
pub struct PathId<T>(pub T);

impl<T: PathParameter, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = parameter(parts, state, T::NAME).await;
        id.map(|id| Self(T::from_id(id))).ok_or_else(|| Problem::not_found(T::NOUN))
    }
}

/// A parameter by its name, for extractors; `None` if it cannot be parsed.
pub async fn parameter<T: FromStr>(
    parts: &mut Parts,
    state: &(impl Send + Sync),
    name: &str,
) -> Option<T> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    parameters.iter().find(|(parameter, _)| *parameter == name)?.1.parse().ok()
}
