//! What a change of somebody's inbox announces.

use serde_json::json;

use super::store;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::UserId;
use crate::core::streams;
use crate::http::problem::chain;

/// Something came into a person's inbox, left it, or was seen.
pub struct InboxChanged {
    /// Whose.
    pub user: UserId,
}

impl DomainEvent<App> for InboxChanged {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, app: &App, out: &mut dyn Publisher) {
        if !out.is_first(&format!("inbox-of:{}", self.user.0)) {
            return;
        }
        match app.db.read(|reader| store::unread(reader, self.user)) {
            Ok(unread) => {
                let words = json!({ "type": "inbox.changed", "unread": unread });
                out.broadcast(&streams::user(self.user), words.to_string().into());
            }
            // What came is stored; only the hint to look is lost.
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a person could not be told of their inbox")
            }
        }
    }
}
