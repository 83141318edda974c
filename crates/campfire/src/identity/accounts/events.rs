use serde_json::json;

use super::Accounts;
use super::views::AccountView;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::streams;
use crate::http::problem::chain;

/// The account changed.
pub struct AccountChanged {
    /// The base URL in the request that changed the account, for the invitation link. Without it,
    /// nothing is published.
    pub base: Option<String>,
}

impl DomainEvent<App> for AccountChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Accounts>().invalidate();
    }

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        let Some(base) = &self.base else { return };
        match app.state::<Accounts>().find(app) {
            Ok(Some(account)) => {
                let account = AccountView::new(&account, base);
                out.broadcast(
                    streams::ACCOUNT,
                    json!({ "type": "account.updated", "account": account }).to_string().into(),
                );
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to publish the changed account; clients show the old one until they reload")
            }
        }
    }
}
