//! The JSON of the account.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, AccountSettings};

/// The account as signed-in people see it.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    name: String,
    /// Always null: logos are not supported yet.
    logo_url: Option<String>,
    custom_styles: Option<String>,
    settings: AccountSettings,
    /// The invitation link.
    join_url: String,
}

impl AccountView {
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
