//! What a person prefers, on all their devices.

pub mod routes;
pub mod store;

use serde::Serialize;
use utoipa::ToSchema;

/// A person's preferences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preferences {
    /// Whether answers to one's messages come into one's inbox.
    pub replies_notify: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { replies_notify: true }
    }
}
