//! An HTTP endpoint that the server calls, with replies that a test chooses, faulty ones included.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// A request as the endpoint received it.
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: http::Method,
    /// The path without its leading slash.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Request {
    /// A header's value, empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        header(&self.headers, name)
    }
}

/// A header's value, empty if it is absent.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// How the endpoint replies to a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// This status without a body.
    Status(u16),
    /// This status, content type (none if empty) and body.
    Content(u16, &'static str, Vec<u8>),
    /// Status 429 with `Retry-After` in seconds.
    RetryAfter(u32),
    /// A redirect to this URL.
    Redirect(String),
    /// Never replies.
    Hang,
    /// Replies like this once a permit is available.
    WaitFor(Arc<Semaphore>, Box<Reply>),
    /// Status 200 and a few bytes of a body that never ends.
    Stall,
    /// This status and an endless body.
    Endless(u16),
    /// Status 200 and a truncated body.
    Truncate,
    /// Closes the connection without a response.
    Close,
}

type Body = UnsyncBoxBody<Bytes, io::Error>;

impl Reply {
    async fn respond(self) -> io::Result<Response<Body>> {
        let response = Response::builder();
        let full =
            |bytes: Vec<u8>| Full::from(bytes).map_err(|never| match never {}).boxed_unsync();
        match self {
            Self::Status(status) => response.status(status).body(full(Vec::new())),
            Self::Content(status, "", body) => response.status(status).body(full(body)),
            Self::Content(status, kind, body) => {
                response.status(status).header("content-type", kind).body(full(body))
            }
            Self::RetryAfter(seconds) => {
                response.status(429).header("retry-after", seconds).body(full(Vec::new()))
            }
            Self::Redirect(url) => {
                response.status(307).header("location", url).body(full(Vec::new()))
            }
            Self::Hang => std::future::pending().await,
            Self::WaitFor(permits, reply) => {
                permits.acquire().await.map_err(io::Error::other)?.forget();
                return Box::pin(reply.respond()).await;
            }
            Self::Stall => {
                let start = stream::iter([Ok(Bytes::from_static(b"I am"))]);
                let body = streamed(start.chain(stream::pending()));
                response.header("content-type", "text/plain").body(body)
            }
            Self::Endless(status) => {
                let bytes = Bytes::from(vec![b'x'; 8192]);
                let body = streamed(stream::repeat_with(move || Ok(bytes.clone())));
                response.status(status).header("content-type", "text/plain").body(body)
            }
            Self::Truncate => response.body(streamed(stream::iter([
                Ok(Bytes::from_static(b"tak")),
                Err(io::Error::other("truncated on purpose")),
            ]))),
            Self::Close => return Err(io::Error::other("closed on purpose")),
        }
        .map_err(io::Error::other)
    }
}

fn streamed(bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
    BodyExt::boxed_unsync(StreamBody::new(bytes.map(|bytes| bytes.map(Frame::data))))
}

/// Listens on a free local port and replies to each request as `handle` decides.
///
/// # Errors
/// No port is available.
pub async fn serve<F>(
    handle: impl Fn(Request) -> F + Clone + Send + 'static,
) -> io::Result<SocketAddr>
where
    F: Future<Output = Reply> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let handle = handle.clone();
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let handle = handle.clone();
                async move {
                    let (parts, body) = request.into_parts();
                    let path = parts.uri.path().trim_start_matches('/').to_owned();
                    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
                    let (method, headers) = (parts.method, parts.headers);
                    handle(Request { method, path, headers, body }).await.respond().await
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

/// Replies that a test has chosen for the next requests to each path.
#[derive(Clone, Default)]
pub(crate) struct ScriptedReplies(Arc<Mutex<HashMap<String, VecDeque<Reply>>>>);

impl ScriptedReplies {
    pub fn set(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.0.lock().insert(path.to_owned(), replies.into_iter().collect());
    }

    pub fn next(&self, path: &str) -> Option<Reply> {
        self.0.lock().get_mut(path).and_then(VecDeque::pop_front)
    }
}
