use super::Bans;
use crate::core::app::App;
use crate::core::events::DomainEvent;

/// A user was banned or unbanned.
pub struct BansChanged;

impl DomainEvent<App> for BansChanged {
    fn invalidate(&self, app: &App) {
        app.state::<Bans>().invalidate();
    }
}
