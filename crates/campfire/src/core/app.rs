//! The state that every handler gets: configuration, database, clock, secret, and the memories that
//! the domains brought. The database announces to this state, so its types are made here.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::core::clock::Clock;
use crate::core::config::Config;
use crate::core::events::DomainEvent;

/// The event type of our database.
pub type Event = Arc<dyn DomainEvent<App>>;

/// A write transaction of our database.
pub type Tx<'a> = db::Tx<'a, Event>;

/// Our database.
pub type Database = db::Db<Event>;

/// The application's state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] holds.
pub struct Parts {
    /// What the operator decided.
    pub config: Config,
    /// The database.
    pub db: Database,
    /// Where the time comes from.
    pub clock: Clock,
    /// What cookies and links are signed with.
    pub secret: rails_compat::Secret,
    states: States,
}

impl App {
    /// Puts the state together; `states` are what each domain keeps in memory.
    pub fn new(
        config: Config,
        db: Database,
        clock: Clock,
        secret: rails_compat::Secret,
        states: States,
    ) -> Self {
        Self(Arc::new(Parts { config, db, clock, secret, states }))
    }

    /// A domain's state in memory.
    ///
    /// # Panics
    /// If the domain did not bring one when the server was assembled, which every start would show.
    pub fn state<T: Any + Send + Sync>(&self) -> &T {
        self.0
            .states
            .0
            .get(&TypeId::of::<T>())
            .and_then(|state| state.downcast_ref())
            .unwrap_or_else(|| panic!("no {} was assembled", type_name::<T>()))
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
pub struct States(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl States {
    /// Adds a domain's state.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(mut self, state: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Box::new(state));
        self
    }
}
