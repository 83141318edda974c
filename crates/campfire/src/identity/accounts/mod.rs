//! The account: one per installation, with its name, invitation code and settings.

pub mod events;
pub mod routes;
pub mod store;
pub mod styles;
pub mod views;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::app::{App, DomainState, Tx};
use crate::core::cache::VersionedCache;
use crate::core::clock::Time;
use crate::http::problem::Errors;
use crate::identity::audit::{self, Actor};
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::require_administrator;
use crate::identity::users::fields::Name;

/// Bytes of CSS that the account may have.
pub const MAX_STYLES: usize = 64 * 1024;

/// The name that the first run gives.
pub const DEFAULT_NAME: &str = "Campfire";

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
        let value = json
            .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok())
            .unwrap_or_default();
        let restricted = &value["restrict_room_creation_to_administrators"];
        Self {
            restrict_room_creation_to_administrators: restricted == true || restricted == "true",
        }
    }
}

/// The account, remembered: every page of the client asks for it.
pub struct Accounts(VersionedCache<(), Arc<Account>>);

impl Default for Accounts {
    fn default() -> Self {
        Self(VersionedCache::new(1))
    }
}

impl Accounts {
    /// The account; `None` before the first run.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn find(&self, app: &App) -> Result<Option<Arc<Account>>, db::Error> {
        self.0.get(0, &(), || Ok(app.db.read(|reader| store::find(reader))?.map(Arc::new)))
    }

    /// The account changed.
    pub fn invalidate(&self) {
        self.0.invalidate(0);
    }
}

/// What shall be different; `None` stays as it is.
pub struct AccountUpdate {
    /// The name.
    pub name: Option<Name>,
    /// Whether only administrators may create rooms.
    pub restricted: Option<bool>,
    /// CSS; an empty text is none.
    pub custom_styles: Option<String>,
}

/// Changes the account.
///
/// # Errors
/// See [`AccountError`].
pub fn change(
    tx: &Tx<'_>,
    by: &Actor,
    change: &AccountUpdate,
    now: Time,
) -> Result<(), AccountError> {
    require_administrator(tx, by.user)?;
    let account = store::find(tx)?.ok_or(AccountError::NotSetUp)?;
    if let Some(name) = &change.name
        && name.as_str() != account.name
    {
        store::rename(tx, name, now)?;
        audit::record(
            tx,
            by,
            "account.renamed",
            None,
            &format!("{} → {}", account.name, name.as_str()),
            now,
        )?;
    }
    if let Some(restricted) = change.restricted
        && restricted != account.settings.restrict_room_creation_to_administrators
    {
        store::restrict_room_creation(tx, restricted, now)?;
        let detail =
            if restricted { "only administrators create rooms" } else { "everybody creates rooms" };
        audit::record(tx, by, "account.settings_changed", None, detail, now)?;
    }
    if let Some(styles) = &change.custom_styles
        && styles != account.custom_styles.as_deref().unwrap_or_default()
    {
        store::set_styles(tx, styles, now)?;
        audit::record(
            tx,
            by,
            "account.styles_changed",
            None,
            &format!("{} bytes", styles.len()),
            now,
        )?;
    }
    Ok(())
}

/// Makes a new invitation code instead of the old one.
///
/// # Errors
/// See [`AccountError`].
pub fn regenerate_join_code(tx: &Tx<'_>, by: &Actor, now: Time) -> Result<(), AccountError> {
    require_administrator(tx, by.user)?;
    store::set_join_code(tx, &rails_compat::tokens::join_code(&mut rand::rng()), now)?;
    Ok(audit::record(tx, by, "account.join_code_regenerated", None, "", now)?)
}

/// Why the account could not be used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The first run has not happened yet.
    #[error("Campfire is not set up yet. Open it in a browser to begin.")]
    NotSetUp,
    /// Something that was typed is not accepted.
    #[error("Something is not accepted.")]
    Rejected(Errors),
    /// Who calls.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The database.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<AccountError> for crate::http::problem::Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotSetUp => Self::new(http::StatusCode::NOT_FOUND, error.to_string()),
            AccountError::Rejected(errors) => Self::rejected(errors),
            AccountError::Session(error) => error.into(),
            AccountError::Database(error) => error.into(),
        }
    }
}

impl axum::response::IntoResponse for AccountError {
    fn into_response(self) -> axum::response::Response {
        crate::http::problem::Problem::from(self).into_response()
    }
}

impl DomainState for Accounts {
    fn on_external_write(&self, _: &App) {
        self.invalidate();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_were_never_saved_have_their_defaults() {
        assert!(!AccountSettings::from_stored(None).restrict_room_creation_to_administrators);
        assert!(
            !AccountSettings::from_stored(Some("nonsense"))
                .restrict_room_creation_to_administrators
        );
        let stored = r#"{"restrict_room_creation_to_administrators":true}"#;
        assert!(
            AccountSettings::from_stored(Some(stored)).restrict_room_creation_to_administrators
        );
    }
}
