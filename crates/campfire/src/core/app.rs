//! The application state that every handler gets. The database publishes events to it, so its types
//! are defined here.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use super::clock::Clock;
use super::config::Config;
use super::events::DomainEvent;
use super::tasks::Tasks;

/// The event type of our database.
pub type Event = Arc<dyn DomainEvent<App>>;

/// A write transaction of our database.
pub type Tx<'a> = db::Tx<'a, Event>;

/// Our database.
pub type Database = db::Db<Event>;

/// The application state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] holds.
pub struct Parts {
    /// The operator's settings.
    pub config: Config,
    /// The database.
    pub db: Database,
    /// Where the time comes from; tests bring their own.
    pub clock: Clock,
    /// The secret that cookies and links are signed with.
    pub secret: rails_compat::Secret,
    /// Background tasks.
    pub tasks: Tasks,
    states: States,
}

/// What a domain keeps in memory.
pub trait DomainState: Any + Send + Sync {
    /// Called after another program wrote to the database: invalidates what was read from it, and
    /// checks for new work.
    fn on_external_write(&self, app: &App);
}

/// A state that the server assembles. `server/states.rs` lists them and implements this trait; a
/// state that is not listed there cannot be used: [`App::state`] does not compile for it.
pub trait Assembled: DomainState {}

impl App {
    /// Puts the state together.
    pub fn new(
        config: Config,
        db: Database,
        clock: Clock,
        secret: rails_compat::Secret,
        states: States,
    ) -> Self {
        Self(Arc::new(Parts { config, db, clock, secret, tasks: Tasks::default(), states }))
    }

    /// A domain's state in memory.
    pub fn state<T: Assembled>(&self) -> &T {
        let state: &dyn Any = self.states.0[&TypeId::of::<T>()].as_ref();
        state.downcast_ref().expect("states are stored by their type")
    }

    /// Notifies every state that another program wrote to the database.
    pub fn on_external_write(&self) {
        self.states.0.values().for_each(|state| state.on_external_write(self));
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The domains' states, one of each type.
#[derive(Default)]
pub struct States(HashMap<TypeId, Box<dyn DomainState>>);

impl States {
    /// Adds a domain's state.
    #[must_use]
    pub fn with<T: Assembled>(mut self, state: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Box::new(state));
        self
    }
}
