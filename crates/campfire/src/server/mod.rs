//! Puts everything together, serves, and stops without losing anything.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use cable::Cable;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::core::app::{App, Database, Event, States};
use crate::core::clock::{Clock, MonotonicClock};
use crate::core::config::Config;
use crate::core::migrations;
use crate::http::client_ip::Peer;
use crate::http::openapi_defaults;
use crate::http::outbound::Outbound;
use crate::http::problem::{Problem, chain};
use crate::http::request::{Wrapper, wrap};
use crate::identity::accounts::Accounts;
use crate::identity::bans::Bans;
use crate::identity::sessions::Sessions;
use crate::identity::sessions::passwords::Passwords;
use crate::identity::sessions::rate_limit::{AccountAttempts, Attempts};
use crate::identity::users::People;
use crate::identity::{
    accounts, audit, bans, blocks, password_resets, preferences, profile, sessions, transfers,
    users,
};
use crate::integrations::pushes::Trials;
use crate::integrations::pushes::delivery::Delivery;
use crate::integrations::pushes::fan_out::Expansion;
use crate::integrations::pushes::subscriber_cache::Audience;
use crate::integrations::pushes::vapid::{Keys, Vapid};
use crate::integrations::webhooks::delivery::Webhook;
use crate::integrations::webhooks::endpoint_cache::Receivers;
use crate::integrations::{bots, pushes, webhooks};
use crate::jobs::worker::Worker;
use crate::jobs::{Handler, Jobs};
use crate::live::channels::{Channels, Live};
use crate::live::queue::Job;
use crate::live::typing::Typing;
use crate::messages::listeners::Listeners;
use crate::messages::pages::Pages;
use crate::messages::purge::Removals;
use crate::messages::search::backfill::{self, Upkeep};
use crate::messages::search::room_index::Whereabouts;
use crate::messages::sounds::Sounds;
use crate::messages::{bookmarks, boosts, edits, inbox, purge, search, sounds};
use crate::ops::health::Readiness;
use crate::ops::requests::Answered;
use crate::ops::storage::{self, StorageError};
use crate::ops::timers::{self, shutdown_signal};
use crate::people::{admin, devices, directory, signup};
use crate::rooms::memberships;
use crate::rooms::memberships::Memberships;
use crate::rooms::memberships::presence::Presence;
use crate::{frontend, live, messages, ops, rooms};

/// Connections served at once; more wait in the system's queue.
const CONNECTIONS: usize = 60_000;
/// Time for a client to send the head of its request.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// Time for everything to finish after a signal.
const DRAIN_TIME: Duration = Duration::from_secs(10);
/// Time for another server to take a connection.
const CONNECT_TIME: Duration = Duration::from_secs(7);

/// Why the server did not start, or not stop cleanly.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting that cannot be used here.
    #[error("{0}")]
    Configuration(String),
    /// The storage directory.
    #[error("{0}")]
    Storage(String),
    /// Anything else of the system's.
    #[error("{0}")]
    System(#[from] std::io::Error),
}

impl From<StorageError> for StartError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error.to_string())
    }
}

/// When what only the start needed is given back.
const SETTLING_TIME: Duration = Duration::from_secs(1);

/// Serves until a signal comes.
///
/// # Errors
/// See [`StartError`].
pub fn run(config: Config) -> Result<(), StartError> {
    // Each socket needs a file; the usual limit of 1024 is less than a company.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let server = Server::start(config, Clock::system()).await?;
        tracing::info!("listening on http://{}", server.address());
        let settled = async {
            // By then the tasks that the start began have done what they do once.
            tokio::time::sleep(SETTLING_TIME).await;
            ops::memory::give_back();
            std::future::pending().await
        };
        tokio::select! {
            ended = wait_for_signal() => ended?,
            () = settled => {}
        }
        tracing::info!("stopping");
        server.stop().await;
        Ok(())
    })
}

async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

/// A running server.
pub struct Server {
    app: App,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: tokio::task::JoinHandle<()>,
    live: SyncSender<Job>,
    dispatcher: JoinHandle<()>,
    worker: Worker,
}

impl Server {
    /// Opens the storage, listens, and serves on the current runtime.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StartError> {
        storage::prepare(&config)?;
        let secret = storage::secret(&config)?;
        let push_keys = storage::push_keys(&config)?;
        let (out, jobs) = live::queue::queue();
        let app = assemble(config, clock, secret, push_keys, out.clone())?;
        let cable = Cable::new(cable::Limits::default(), Channels::new(app.clone(), out.clone()));
        app.state::<Live>().connect(cable.clone());
        let dispatcher = live::dispatcher::start(app.clone(), cable, jobs)?;
        app.db
            .write(|tx| memberships::store::reset_connections(tx))
            .await
            .map_err(|error| StartError::Storage(error.to_string()))?;
        edits::deleting::sweep(&app).await;
        let wanted = SocketAddr::new(app.config.bind, app.config.port);
        let listener = TcpListener::bind(wanted).await.map_err(|error| {
            StartError::Configuration(format!(
                "PORT: cannot listen on {wanted}: {error}; for example PORT=3001"
            ))
        })?;
        let address = listener.local_addr()?;
        let worker = Worker::start(app.clone(), handlers())
            .await
            .map_err(|error| StartError::Storage(error.to_string()))?;
        let (stop, stopped) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, app.clone(), router(&app), stopped));
        tokio::spawn(timers::lapse(out.clone(), stop.subscribe()));
        tokio::spawn(timers::forget_deleted(app.clone(), stop.subscribe()));
        tokio::spawn(timers::forget_deliveries(app.clone(), stop.subscribe()));
        tokio::spawn(purge::worker::run(app.clone(), stop.subscribe()));
        tokio::spawn(backfill::run(app.clone(), stop.subscribe()));
        Ok(Self { app, address, stop, accepting, live: out, dispatcher, worker })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its state.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops in this order: no new work; sockets told to come back; requests finished; the write
    /// queue emptied and the database closed; what it announced said.
    pub async fn stop(self) {
        self.app.state::<Readiness>().withdraw();
        self.stop.send_replace(true);
        self.app.state::<Live>().cable().drain(DRAIN_TIME / 5).await;
        if self.accepting.await.is_err() {
            tracing::error!("the accepting task panicked");
        }
        self.worker.stop(DRAIN_TIME / 5).await;
        if !self.app.db.drain(DRAIN_TIME / 2).await {
            tracing::error!(
                "the write queue was not finished in time; nothing of what is left was acknowledged"
            );
        }
        let ended = tokio::task::spawn_blocking(move || {
            self.live.send(Job::End).is_ok() && self.dispatcher.join().is_ok()
        });
        if !ended.await.unwrap_or(false) {
            tracing::error!("the live thread did not end cleanly");
        }
    }
}

/// Opens the database and puts the state together.
fn assemble(
    config: Config,
    clock: Clock,
    secret: rails_compat::Secret,
    push_keys: Keys,
    live: SyncSender<Job>,
) -> Result<App, StartError> {
    let storage_error = |error: &dyn std::error::Error| StartError::Storage(chain(error));
    let sounds = Sounds::load(config.sounds_path.as_deref()).map_err(StartError::Configuration)?;
    let place: Arc<OnceLock<App>> = Arc::default();
    let recheck = live.clone();
    let db = Database::open(
        db::Options::new(&config.database_path),
        &migrations::ALL,
        publisher(place.clone(), live),
    )
    .map_err(|error| storage_error(&error))?;
    let newest = db.read(messages::store::newest_moment).map_err(|error| storage_error(&error))?;
    let states = States::default()
        .with(Sessions::default())
        .with(Attempts::default())
        .with(AccountAttempts::default())
        .with(Accounts::default())
        .with(Bans::default())
        .with(Removals::default())
        .with(Passwords::new(config.password_cost))
        .with(People::default())
        .with(Memberships::default())
        .with(Presence::default())
        .with(Typing::default())
        .with(Pages::default())
        .with(Listeners(&[pushes::call, webhooks::enqueue::call]))
        .with(MonotonicClock::after(newest))
        .with(sounds)
        .with(Jobs::default())
        .with(Outbound::new(frontend::VERSION, CONNECT_TIME))
        .with(Vapid::new(push_keys))
        .with(Audience::default())
        .with(Trials::default())
        .with(Receivers::default())
        .with(Whereabouts::default())
        .with(Upkeep::default())
        .with(Readiness::default())
        .with(Answered::default())
        .with(Live::default());
    let app = App::new(config, db, clock, secret, states);
    let known = app.clone();
    app.db.on_foreign_write(move || {
        forget_everything(&known);
        if recheck.send(Job::Recheck).is_err() {
            tracing::error!("the live thread is gone; sockets of devices that were signed out from outside stay open");
        }
    });
    assert!(place.set(app.clone()).is_ok(), "the state is put in place once");
    Ok(app)
}

/// What the writer does with what was announced: memory forgets at once, the rest is said by the
/// live thread.
fn publisher(
    place: Arc<OnceLock<App>>,
    live: SyncSender<Job>,
) -> impl FnMut(Vec<Event>) + Send + 'static {
    move |events| {
        if let Some(app) = place.get() {
            events.iter().for_each(|event| event.invalidate(app));
        }
        if live.send(Job::Committed(events)).is_err() {
            tracing::error!("the live thread is gone; clients learn of this when they load anew");
        }
    }
}

/// Another program wrote to the database: nothing that was read before can be believed.
fn forget_everything(app: &App) {
    app.state::<Sessions>().invalidate_all();
    app.state::<People>().invalidate_all();
    app.state::<Memberships>().invalidate_all();
    app.state::<Pages>().invalidate_all();
    app.state::<Audience>().invalidate();
    app.state::<Receivers>().invalidate_all();
    app.state::<Accounts>().invalidate();
    app.state::<Bans>().invalidate();
    app.state::<Removals>().wake();
    app.state::<Whereabouts>().invalidate_all();
    app.state::<Upkeep>().ring();
    app.state::<Jobs>().recount(app);
}

/// Who does which kind of job.
fn handlers() -> Vec<Arc<dyn Handler>> {
    vec![Arc::new(Expansion), Arc::new(Delivery), Arc::new(Webhook)]
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Campfire", description = "The team chat that a company runs itself."),
    components(schemas(Problem))
)]
struct Document;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(signup::routes::routes())
        .merge(accounts::routes::routes())
        .merge(users::routes::routes())
        .merge(profile::routes::routes())
        .merge(blocks::routes::routes())
        .merge(admin::routes::routes())
        .merge(password_resets::routes::routes())
        .merge(audit::routes::routes())
        .merge(sessions::routes::routes())
        .merge(devices::routes::routes())
        .merge(transfers::routes::routes())
        .merge(rooms::routes::routes())
        .merge(rooms::settings::routes())
        .merge(rooms::involvement::routes())
        .merge(messages::routes::routes())
        .merge(search::routes::routes())
        .merge(messages::unread::routes())
        .merge(edits::routes::routes())
        .merge(boosts::routes::routes())
        .merge(directory::routes::routes())
        .merge(inbox::routes::routes())
        .merge(bookmarks::routes::routes())
        .merge(preferences::routes::routes())
        .merge(sounds::routes::routes())
        .merge(pushes::routes::routes())
        .merge(bots::routes::routes())
        .merge(bots::surface::routes())
        .merge(bots::hook::routes())
        .merge(webhooks::routes::routes())
}

/// The OpenAPI document, generated from the handlers.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = api().into_openapi();
    openapi_defaults::complete(&mut document);
    document
}

fn router(app: &App) -> Router {
    let (api, mut document) = api().split_for_parts();
    openapi_defaults::complete(&mut document);
    let wrapper = Wrapper::new(frontend::VERSION, frontend::REVISION);
    api.merge(frontend::docs::routes(&document))
        .merge(ops::health::routes())
        .merge(ops::observing::routes())
        .merge(live::routes())
        .merge(frontend::routes())
        .method_not_allowed_fallback(async || {
            Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "This address does not do that.")
        })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            let problem = Problem::unexpected(&std::io::Error::other("a handler panicked"));
            axum::response::IntoResponse::into_response(problem)
        }))
        .layer(axum::middleware::from_fn_with_state(app.clone(), bans::middleware::check))
        .layer(axum::middleware::from_fn_with_state(wrapper, wrap))
        .with_state(app.clone())
}

/// Accepts connections until told to stop, then waits for the requests under way.
async fn accept(
    listener: TcpListener,
    app: App,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // The place is held by the connection; waiting for one is the back-pressure.
        let next = async {
            let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
            Ok::<_, std::io::Error>((place, listener.accept().await?))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            () = shutdown_signal(&mut stopped) => break,
        };
        match accepted {
            Ok((place, (stream, peer))) => {
                let (app, router, stopped) = (app.clone(), router.clone(), stopped.clone());
                tokio::spawn(async move {
                    serve(stream, peer, &app, router, stopped).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of files, most likely: accepting in a loop would only burn the processor.
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let everyone = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    if tokio::time::timeout(DRAIN_TIME / 5, places.acquire_many(everyone)).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    app: &App,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "could not set TCP_NODELAY");
    }
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let router = router.clone();
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            app.state::<Answered>().count(answer.status());
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown_signal(&mut stopped) => {
            // The request under way is answered, then the connection is closed.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients break off all the time; it is nobody's fault.
        tracing::debug!(%error, "a connection ended early");
    }
}
