//! The event that a user changed.

use serde_json::json;

use super::Users;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::UserId;
use crate::core::streams;
use crate::http::problem::chain;

/// A user was created or changed.
pub struct UserChanged {
    pub user: UserId,
}

impl DomainEvent<App> for UserChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Users>().invalidate(self.user);
    }

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        match app.state::<Users>().find(app, self.user) {
            Ok(Some(user)) => out.broadcast(
                streams::ACCOUNT,
                json!({ "type": "user.updated", "user": user }).to_string().into(),
            ),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to publish a changed user; clients show the old one until they reload")
            }
        }
    }
}
