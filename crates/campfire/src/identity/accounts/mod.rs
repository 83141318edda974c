//! The account: one per server, with its name, invitation code, styles and settings.

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
use crate::http::problem::{Errors, Problem, respond_as_problem};
use crate::identity::audit::{self, Actor};
use crate::identity::sessions::SessionError;
use crate::identity::sessions::extractors::require_administrator;
use crate::identity::users::fields::Name;

/// Bytes of custom CSS.
pub const MAX_STYLES: usize = 64 * 1024;

pub const DEFAULT_NAME: &str = "Campfire";

#[derive(Debug, Clone)]
pub struct Account {
    /// Shown on the sign-in screen, in the manifest and in notifications.
    pub name: String,
    /// The last part of the invitation link.
    pub join_code: String,
    pub custom_styles: Option<String>,
    pub settings: AccountSettings,
}

/// Settings that apply to everyone.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct AccountSettings {
    /// Whether only administrators can create rooms.
    pub restrict_room_creation_to_administrators: bool,
}

impl AccountSettings {
    /// Reads the stored JSON. Missing and invalid values get their default, as in Campfire.
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

/// The account cache.
pub struct Accounts(VersionedCache<(), Arc<Account>>);

impl Default for Accounts {
    fn default() -> Self {
        Self(VersionedCache::new(1))
    }
}

impl Accounts {
    /// `None` before the first run.
    pub fn find(&self, app: &App) -> Result<Option<Arc<Account>>, db::Error> {
        self.0.get(0, &(), || Ok(app.db.read(|reader| store::find(reader))?.map(Arc::new)))
    }

    pub fn invalidate(&self) {
        self.0.invalidate(0);
    }
}

/// Changes to the account. `None` leaves a field as it is.
pub struct AccountUpdate {
    pub name: Option<Name>,
    /// Whether only administrators can create rooms.
    pub restricted: Option<bool>,
    /// CSS; an empty string removes it.
    pub custom_styles: Option<String>,
}

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
        let detail = if restricted {
            "only administrators can create rooms"
        } else {
            "everyone can create rooms"
        };
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

/// Replaces the invitation code. The old link stops working.
pub fn regenerate_join_code(tx: &Tx<'_>, by: &Actor, now: Time) -> Result<(), AccountError> {
    require_administrator(tx, by.user)?;
    store::set_join_code(tx, &rails_compat::tokens::join_code(&mut rand::rng()), now)?;
    Ok(audit::record(tx, by, "account.join_code_regenerated", None, "", now)?)
}

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("Campfire isn't set up yet. Open it in a browser to start.")]
    NotSetUp,
    #[error("Some fields are invalid.")]
    Rejected(Errors),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotSetUp => Self::new(http::StatusCode::NOT_FOUND, error.to_string()),
            AccountError::Rejected(errors) => Self::rejected(errors),
            AccountError::Session(error) => error.into(),
            AccountError::Database(error) => error.into(),
        }
    }
}

respond_as_problem!(AccountError);

impl DomainState for Accounts {
    fn on_external_write(&self, _: &App) {
        self.invalidate();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_invalid_settings_get_their_defaults() {
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
