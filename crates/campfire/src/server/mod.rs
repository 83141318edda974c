//! Assembles the server, runs it, and shuts it down gracefully.

mod listener;
mod routes;
mod states;

use std::net::SocketAddr;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use cable::Cable;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

use crate::core::app::{App, Database, Event};
use crate::core::clock::Clock;
use crate::core::config::Config;
use crate::core::migrations;
use crate::http::problem::chain;
use crate::integrations::pushes::delivery::PushDelivery;
use crate::integrations::pushes::fan_out::FanOut;
use crate::integrations::pushes::vapid::{self, Keys};
use crate::integrations::webhooks::delivery::WebhookDelivery;
use crate::jobs::Handler;
use crate::jobs::worker::Worker;
use crate::live::channels::{Channels, Live};
use crate::live::dispatcher;
use crate::live::queue::{self, Job};
use crate::messages::{self, edits, sounds::Sounds};
use crate::ops::health::Readiness;
use crate::ops::maintenance;
use crate::ops::storage::{self, StorageError};
use crate::rooms::memberships;

pub use routes::openapi;

/// Time for the whole shutdown, and for a single step of it.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
const STEP_TIMEOUT: Duration = Duration::from_secs(2);
/// The part of the shutdown that is reserved for its last step, the dispatcher.
const DISPATCHER_TIMEOUT: Duration = Duration::from_secs(1);
/// Time for another server to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(7);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting that cannot be used here.
    #[error("{0}")]
    Configuration(String),
    /// The storage directory.
    #[error("{0}")]
    Storage(String),
    /// Any other system error.
    #[error("{0}")]
    System(#[from] std::io::Error),
}

impl From<StorageError> for StartError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error.to_string())
    }
}

impl From<db::Error> for StartError {
    fn from(error: db::Error) -> Self {
        Self::Storage(chain(&error))
    }
}

/// Serves until `SIGTERM` or `SIGINT`, then shuts down gracefully.
///
/// # Errors
/// See [`StartError`].
pub fn run(config: Config) -> Result<(), StartError> {
    // Every socket needs a file descriptor; the usual limit of 1024 is too low for a company.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "failed to raise the limit of open files");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let server = Server::start(config, Clock::system()).await?;
        tracing::info!("listening on http://{}", server.address());
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => {}
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
        tracing::info!("shutting down");
        server.stop().await;
        Ok(())
    });
    // Work that did not end in time must not keep the process alive.
    runtime.shutdown_background();
    ended
}

/// A running server.
pub struct Server {
    app: App,
    address: SocketAddr,
    worker: Worker,
    dispatcher: Dispatcher,
}

/// The thread that publishes events, and the queue to it.
struct Dispatcher {
    queue: SyncSender<Job>,
    thread: JoinHandle<()>,
}

impl Server {
    /// Opens the storage, listens, and serves on the current runtime.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StartError> {
        storage::prepare(&config)?;
        let secret = storage::secret(&config)?;
        let push_keys = storage::push_keys(&config, configured_push_keys(&config)?)?;
        let (queue, jobs) = queue::queue();
        let app = assemble(config, clock, secret, push_keys, queue.clone())?;
        let cable = Cable::new(cable::Limits::default(), Channels::new(app.clone(), queue.clone()));
        app.state::<Live>().connect(cable.clone());
        let thread = dispatcher::start(app.clone(), cable, jobs)?;
        app.db.write(|tx| memberships::store::reset_connections(tx)).await?;
        edits::deletion::purge_expired(&app).await;
        let listener = listen(SocketAddr::new(app.config.bind, app.config.port)).await?;
        let address = listener.local_addr()?;
        let worker = Worker::start(app.clone(), job_handlers()).await?;
        let router = routes::router(&app);
        drop(app.tasks.spawn(listener::accept(listener, app.clone(), router)));
        maintenance::start(&app, queue.clone());
        Ok(Self { app, address, worker, dispatcher: Dispatcher { queue, thread } })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its state.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Graceful shutdown within `SHUTDOWN_TIMEOUT`, in this order: `/ready` answers 503 and no
    /// new connection is accepted; sockets are disconnected with `server_restart`; jobs and
    /// requests finish; the write queue is drained and the database closed; the dispatcher
    /// publishes the last events. A step that takes too long is logged and skipped.
    pub async fn stop(self) {
        let deadline = Instant::now() + SHUTDOWN_TIMEOUT;
        let remaining = || deadline.saturating_duration_since(Instant::now());
        self.app.state::<Readiness>().withdraw();
        self.app.tasks.begin_shutdown();
        self.app.state::<Live>().cable().drain(STEP_TIMEOUT).await;
        self.worker.stop(STEP_TIMEOUT).await;
        if !self.app.tasks.wait(STEP_TIMEOUT.min(remaining())).await {
            tracing::warn!("some requests or tasks did not finish in time");
        }
        if !self.app.db.drain(remaining().saturating_sub(DISPATCHER_TIMEOUT)).await {
            tracing::error!(
                "the write queue was not emptied in time; unfinished writes were not acknowledged"
            );
        }
        self.dispatcher.stop(remaining()).await;
    }
}

impl Dispatcher {
    async fn stop(self, limit: Duration) {
        let ended = tokio::task::spawn_blocking(move || {
            self.queue.send(Job::End).is_ok() && self.thread.join().is_ok()
        });
        match tokio::time::timeout(limit, ended).await {
            Ok(Ok(true)) => {}
            Ok(_) => tracing::error!("the dispatcher thread did not end cleanly"),
            Err(_) => tracing::error!("the dispatcher thread did not end in time"),
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| {
        StartError::Configuration(format!(
            "PORT: cannot listen on {address}: {error}; for example PORT=3001"
        ))
    })
}

fn configured_push_keys(config: &Config) -> Result<Option<Keys>, StartError> {
    let (public, private) = (&config.vapid_public_key, &config.vapid_private_key);
    vapid::configured_keys(public.as_deref(), private.as_deref())
        .map_err(|error| StartError::Configuration(error.to_string()))
}

/// Opens the database and puts the state together.
fn assemble(
    config: Config,
    clock: Clock,
    secret: rails_compat::Secret,
    push_keys: Keys,
    queue: SyncSender<Job>,
) -> Result<App, StartError> {
    let sounds = Sounds::load(config.sounds_path.as_deref()).map_err(StartError::Configuration)?;
    let cell: Arc<OnceLock<App>> = Arc::default();
    let publish = publisher(cell.clone(), queue.clone());
    let options = db::Options::new(&config.database_path);
    let db = Database::open(options, &migrations::ALL, publish)
        .map_err(|error| StartError::Storage(chain(&error)))?;
    let newest = db.read(messages::store::newest_created_at)?;
    let states = states::assemble(&config, sounds, push_keys, newest);
    let app = App::new(config, db, clock, secret, states);
    let observer = app.clone();
    app.db.on_external_write(move || {
        observer.on_external_write();
        if queue.send(Job::Recheck).is_err() {
            tracing::error!("the dispatcher thread is gone; sockets of sessions that another program ended stay open");
        }
    });
    assert!(cell.set(app.clone()).is_ok(), "the state is set once");
    Ok(app)
}

/// What the writer does with the events of a commit: caches are invalidated at once, the dispatcher
/// thread publishes.
fn publisher(
    cell: Arc<OnceLock<App>>,
    queue: SyncSender<Job>,
) -> impl FnMut(Vec<Event>) + Send + 'static {
    move |events| {
        if let Some(app) = cell.get() {
            events.iter().for_each(|event| event.invalidate(app));
        }
        if queue.send(Job::Committed(events)).is_err() {
            tracing::error!(
                "the dispatcher thread is gone; clients see the change when they reload"
            );
        }
    }
}

fn job_handlers() -> Vec<Arc<dyn Handler>> {
    vec![Arc::new(FanOut), Arc::new(PushDelivery), Arc::new(WebhookDelivery)]
}
