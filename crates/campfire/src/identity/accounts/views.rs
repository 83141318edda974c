//! The account as people see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, AccountSettings};

/// The account as people see it.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    name: String,
    /// The account's picture.
    logo_url: Option<String>,
    custom_styles: Option<String>,
    settings: AccountSettings,
    /// The invitation link, to pass on to new people.
    join_url: String,
}

impl AccountView {
    /// The account of the installation that is reached at this address.
    pub fn new(account: &Account, base: &str) -> Self {
        Self {
            name: account.name.clone(),
            logo_url: None,
            custom_styles: account.custom_styles.clone(),
            settings: account.settings,
            join_url: format!("{base}/join/{}", account.join_code),
        }
    }
}
