//! Inbox events.

use serde_json::json;

use super::store;
use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::UserId;
use crate::core::streams;
use crate::http::problem::chain;

/// A message was added to a user's inbox or removed from it, or the user viewed the inbox.
pub struct InboxChanged {
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
                let payload = json!({ "type": "inbox.changed", "unread": unread });
                out.broadcast(&streams::user(self.user), payload.to_string().into());
            }
            // The inbox itself is stored; only this notice is lost.
            Err(error) => {
                tracing::warn!(error = %chain(&error), "failed to publish an inbox change")
            }
        }
    }
}
