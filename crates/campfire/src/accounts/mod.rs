//! The account: one per installation, with its name, invitation code and settings.

pub mod routes;
pub mod store;

use serde::Serialize;
use utoipa::ToSchema;

/// The name that the first run gives.
pub const FIRST_NAME: &str = "Campfire";

/// The installation's account as stored.
#[derive(Debug, Clone)]
pub struct Account {
    /// Shown on sign-in, in the manifest and in notifications.
    pub name: String,
    /// What an invitation link ends with; compared exactly.
    pub join_code: String,
    /// CSS that the administrator wrote.
    pub custom_styles: Option<String>,
    /// What the administrator decided.
    pub settings: AccountSettings,
}

/// What the administrator decided for everyone.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct AccountSettings {
    /// Only administrators may create rooms.
    pub restrict_room_creation_to_administrators: bool,
}

impl AccountSettings {
    /// Reads the stored JSON; anything missing or unreadable has its default, as in Campfire.
    pub fn from_stored(json: Option<&str>) -> Self {
        let value = json.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()).unwrap_or_default();
        let restricted = &value["restrict_room_creation_to_administrators"];
        Self { restrict_room_creation_to_administrators: restricted == true || restricted == "true" }
    }
}

/// Why the account could not be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The first run has not happened yet.
    #[error("Campfire is not set up yet. Open it in a browser to begin.")]
    NotSetUp,
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<AccountError> for crate::http::problem::Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotSetUp => Self::new(http::StatusCode::NOT_FOUND, error.to_string()),
            AccountError::Database(error) => error.into(),
        }
    }
}

impl axum::response::IntoResponse for AccountError {
    fn into_response(self) -> axum::response::Response {
        crate::http::problem::Problem::from(self).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_were_never_saved_have_their_defaults() {
        assert!(!AccountSettings::from_stored(None).restrict_room_creation_to_administrators);
        assert!(!AccountSettings::from_stored(Some("nonsense")).restrict_room_creation_to_administrators);
        let stored = r#"{"restrict_room_creation_to_administrators":true}"#;
        assert!(AccountSettings::from_stored(Some(stored)).restrict_room_creation_to_administrators);
    }
}
