//! Logs to standard output: text on a terminal, JSON lines elsewhere. Message texts and secrets are
//! never logged.

use std::io::IsTerminal;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::core::config::LogConfig;

/// Starts logging for the whole process; a second call changes nothing.
pub fn start(config: &LogConfig) {
    // Libraries log from `warn` on; only our own crates follow the configured level.
    let own_crates = ["campfire", "cable", "db", "rich_text", "rails_compat"];
    let targets = Targets::new().with_default(config.level.min(tracing::Level::WARN));
    let filter = targets.with_targets(own_crates.map(|name| (name, config.level)));
    let registry = tracing_subscriber::registry().with(filter);
    let json = config.json.unwrap_or_else(|| !std::io::stdout().is_terminal());
    let started = if json {
        registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_current_span(true)
                    .with_span_list(false),
            )
            .try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_target(false)).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
}
