//! Recent searches: each user's last ten, in Campfire's `searches` table.

pub mod routes;
mod store;

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::clock::Time;

/// Recent searches kept for each user, as in Campfire.
const MAX_RECENT: u32 = 10;

/// A search that the caller made before.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecentSearch {
    /// The ID of the recent search.
    pub id: i64,
    /// The text that was searched for.
    pub query: String,
    /// When the caller last searched for it.
    pub updated_at: Time,
}
