//! The in-memory state of every domain, listed once. A state that is missing here does not compile
//! where it is used. One that holds data of the database says what an external write means for it;
//! the others are listed as independent of it.

use crate::core::app::{App, Assembled, DomainState, States};
use crate::core::clock::{MonotonicClock, Time};
use crate::core::config::Config;
use crate::core::version::VERSION;
use crate::http::outbound::Outbound;
use crate::identity::accounts::Accounts;
use crate::identity::bans::Bans;
use crate::identity::sessions::Sessions;
use crate::identity::sessions::passwords::PasswordHasher;
use crate::identity::sessions::rate_limit::{IpRateLimiter, PasswordRateLimiter};
use crate::identity::users::Users;
use crate::integrations::pushes::subscriber_cache::SubscriberCache;
use crate::integrations::pushes::vapid::{Keys, Vapid};
use crate::integrations::pushes::{self, TestPushLimiter};
use crate::integrations::webhooks;
use crate::integrations::webhooks::endpoint_cache::EndpointCache;
use crate::jobs::Jobs;
use crate::live::channels::Live;
use crate::live::typing::Typing;
use crate::messages::listeners::MessageListeners;
use crate::messages::pages::PageCache;
use crate::messages::purge::PurgeSignal;
use crate::messages::search::backfill::BackfillTrigger;
use crate::messages::search::room_index::RoomIndex;
use crate::messages::sounds::Sounds;
use crate::messages::{bookmarks, inbox, search};
use crate::ops::health::Readiness;
use crate::ops::requests::RequestCounter;
use crate::rooms::listeners::AccessListeners;
use crate::rooms::memberships::Memberships;
use crate::rooms::memberships::presence::Presence;

macro_rules! states {
    (
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $of:ty),* $(,)?) {
            database { $($database:ty: $database_value:expr),* $(,)? }
            independent { $($independent:ty: $independent_value:expr),* $(,)? }
        }
    ) => {
        $(impl Assembled for $database {})*
        $(
            impl Assembled for $independent {}
            impl DomainState for $independent {
                fn on_external_write(&self, _: &App) {}
            }
        )*

        $(#[$doc])*
        pub(super) fn $name($($argument: $of),*) -> States {
            States::default()
                $(.with::<$database>($database_value))*
                $(.with::<$independent>($independent_value))*
        }
    };
}

states! {
    /// Makes all states: those that depend on what is in the database, and the others. `newest` is
    /// when the newest stored message was created.
    fn assemble(config: &Config, sounds: Sounds, push_keys: Keys, newest: Option<Time>) {
        database {
            Accounts: Accounts::default(),
            BackfillTrigger: BackfillTrigger::default(),
            Bans: Bans::default(),
            EndpointCache: EndpointCache::default(),
            Jobs: Jobs::default(),
            Memberships: Memberships::default(),
            PageCache: PageCache::default(),
            PurgeSignal: PurgeSignal::default(),
            RoomIndex: RoomIndex::default(),
            Sessions: Sessions::default(),
            SubscriberCache: SubscriberCache::default(),
            Users: Users::default(),
        }
        independent {
            AccessListeners: AccessListeners(&[inbox::listener::access_lost, bookmarks::listener::access_lost]),
            IpRateLimiter: IpRateLimiter::default(),
            Live: Live::default(),
            MessageListeners: MessageListeners {
                created: &[
                    search::listener::created,
                    inbox::listener::created,
                    pushes::enqueue::enqueue,
                    webhooks::enqueue::enqueue,
                ],
                edited: &[search::listener::edited, inbox::listener::edited],
                deleted: &[
                    search::listener::deleted,
                    inbox::listener::deleted,
                    bookmarks::listener::deleted,
                ],
                restored: &[
                    search::listener::restored,
                    inbox::listener::restored,
                    bookmarks::listener::restored,
                ],
            },
            MonotonicClock: MonotonicClock::after(newest),
            Outbound: Outbound::new(VERSION, crate::server::CONNECT_TIMEOUT),
            PasswordHasher: PasswordHasher::new(config.password_cost),
            PasswordRateLimiter: PasswordRateLimiter::default(),
            Presence: Presence::default(),
            Readiness: Readiness::default(),
            RequestCounter: RequestCounter::default(),
            Sounds: sounds,
            TestPushLimiter: TestPushLimiter::default(),
            Typing: Typing::default(),
            Vapid: Vapid::new(push_keys),
        }
    }
}
