//! Where a person's devices hear what concerns them alone, and everybody's what concerns all; what
//! a change of a user announces.

use serde_json::json;

use super::Users;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::UserId;
use crate::core::streams;
use crate::http::problem::chain;

/// A user came, or is not who they were.
pub struct UserChanged {
    /// Who.
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
                tracing::warn!(error = %chain(&error), "nobody could be told of a changed user")
            }
        }
    }
}
