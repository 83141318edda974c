//! A user's preferences, shared by all their devices.

pub mod routes;
pub mod store;

use serde::Serialize;
use utoipa::ToSchema;

/// A user's preferences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Preferences {
    /// Whether replies to your messages appear in your inbox.
    pub replies_notify: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { replies_notify: true }
    }
}
