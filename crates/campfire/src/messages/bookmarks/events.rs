//! Bookmark events.

use serde_json::json;

use crate::core::app::App;
use crate::core::events::{DomainEvent, Publisher};
use crate::core::ids::UserId;
use crate::core::streams;

/// A bookmark was added or removed, or a bookmarked message became visible or invisible.
pub struct BookmarksChanged {
    pub user: UserId,
}

impl DomainEvent<App> for BookmarksChanged {
    fn invalidate(&self, _: &App) {}

    fn publish(&self, _: &App, out: &mut dyn Publisher) {
        out.broadcast(
            &streams::user(self.user),
            json!({ "type": "bookmarks.changed" }).to_string().into(),
        );
    }
}
