//! Accepts connections and serves HTTP/1.1 on them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::core::app::App;
use crate::http::client_ip::Peer;
use crate::ops::requests::RequestCounter;

/// Connections served at once; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 60_000;
/// Time for a client to send the head of its request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes buffered per connection while a request is read.
const MAX_BUFFER: usize = 64 * 1024;
/// The pause after an error; accepting again at once would only burn the processor.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(100);

/// Accepts connections until the server shuts down. Their tasks end with the request under way.
pub(super) async fn accept(listener: TcpListener, app: App, router: Router) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut shutdown = pin!(app.tasks.shutdown_signal());
    loop {
        // A connection holds its slot; waiting for a free one is the back-pressure.
        let next = async {
            let slot = slots.clone().acquire_owned().await.map_err(std::io::Error::other)?;
            Ok::<_, std::io::Error>((slot, listener.accept().await?))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            () = &mut shutdown => return,
        };
        match accepted {
            Ok((slot, (stream, peer))) => {
                let (connection_app, router) = (app.clone(), router.clone());
                drop(app.tasks.spawn(async move {
                    serve(stream, peer, connection_app, router).await;
                    drop(slot);
                }));
            }
            Err(error) => {
                // Most likely the process is out of file descriptors.
                tracing::warn!(%error, "failed to accept a connection; retrying");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, app: App, router: Router) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "failed to set TCP_NODELAY");
    }
    let shutdown = app.tasks.shutdown_signal();
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let (router, app) = (router.clone(), app.clone());
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            app.state::<RequestCounter>().count(response.status());
            Ok::<_, Infallible>(response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_BUFFER)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients disconnect all the time.
        tracing::debug!(%error, "a connection ended early");
    }
}
