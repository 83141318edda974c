//! The HTTP client for calls to other servers: webhooks and push services. It limits time, size and
//! concurrency, checks addresses against the network policy, and follows no redirects.

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::{HeaderMap, Method, StatusCode, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};
use tokio::sync::Semaphore;

use super::network_policy::{NetworkPolicy, is_public};

/// Concurrent calls; more wait, within their own time limit. The concurrency limits of all kinds of
/// jobs add up to less, so none of them waits here.
const CONCURRENCY: usize = 192;
/// Idle connections kept per host, and for how long.
const IDLE_PER_HOST: usize = 2;
const IDLE_TIME: Duration = Duration::from_secs(30);
/// The longest URL in bytes.
const MAX_URL: usize = 2048;

/// A call to make.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    /// An absolute `http` or `https` URL.
    pub url: String,
    /// Headers besides those of the client itself.
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The addresses it may reach.
    pub policy: NetworkPolicy,
    /// The time limit for everything, from waiting for a permit to the last byte.
    pub timeout: Duration,
    /// The largest response body in bytes.
    pub max_response: usize,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The URL cannot be called.
    #[error("the URL cannot be called: {0}")]
    BadUrl(String),
    /// The address is not on the public internet.
    #[error("the address is not on the public internet")]
    NotPublic,
    /// The time limit passed.
    #[error("no response within {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// The response is larger than so many bytes; it had this status.
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize, StatusCode),
    /// Anything else: no such host, connection refused, an invalid certificate or response.
    #[error("{0}")]
    Failed(String),
}

/// The client; cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    version: &'static str,
    connect: Duration,
    /// Built on the first call: a client holds the system's certificates, and many servers never
    /// call anyone.
    any: OnceLock<Client>,
    public: OnceLock<Client>,
    permits: Semaphore,
}

impl Outbound {
    /// A client with this time limit for connecting.
    pub fn new(version: &'static str, connect: Duration) -> Self {
        let (any, public) = (OnceLock::new(), OnceLock::new());
        Self(Arc::new(Inner {
            version,
            connect,
            any,
            public,
            permits: Semaphore::new(CONCURRENCY),
        }))
    }

    fn client(&self, policy: NetworkPolicy) -> Result<&Client, CallError> {
        let cell = match policy {
            NetworkPolicy::Any => &self.0.any,
            NetworkPolicy::PublicOnly => &self.0.public,
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // Fails if one is installed already, which is then the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(format!("Campfire/{}", self.0.version))
            .connect_timeout(self.0.connect)
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .pool_idle_timeout(IDLE_TIME)
            .no_proxy();
        let builder = match policy {
            NetworkPolicy::Any => builder,
            NetworkPolicy::PublicOnly => builder.dns_resolver(Arc::new(PublicOnly)),
        };
        let client = builder.build().map_err(|error| CallError::Failed(sentence(&error)))?;
        Ok(cell.get_or_init(|| client))
    }

    /// Sends the request and reads the whole response.
    ///
    /// # Errors
    /// See [`CallError`]. A response with any status is not an error.
    pub async fn call(&self, call: Call) -> Result<Reply, CallError> {
        let timeout = call.timeout;
        tokio::time::timeout(timeout, self.exchange(call))
            .await
            .unwrap_or(Err(CallError::TimedOut(timeout)))
    }

    async fn exchange(&self, call: Call) -> Result<Reply, CallError> {
        let url = parse(&call.url)?;
        // Host names are checked when they are resolved; a literal address is not resolved.
        if call.policy == NetworkPolicy::PublicOnly
            && literal(&url).is_some_and(|address| !is_public(address))
        {
            return Err(CallError::NotPublic);
        }
        let client = self.client(call.policy)?;
        let _permit = self
            .0
            .permits
            .acquire()
            .await
            .map_err(|_| CallError::Failed("the server is stopping".into()))?;
        let request = client.request(call.method, url).headers(call.headers).body(call.body);
        let response = request
            .send()
            .await
            .map_err(|error| read_error(&error, call.timeout, self.0.connect))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let content_length = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if content_length.is_some_and(|length| length > call.max_response) {
            return Err(CallError::TooLarge(call.max_response, status));
        }
        let mut body = BytesMut::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| read_error(&error, call.timeout, self.0.connect))?;
            if body.len() + chunk.len() > call.max_response {
                return Err(CallError::TooLarge(call.max_response, status));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers, body: body.freeze() })
    }
}

/// Parses a URL that can be called.
///
/// # Errors
/// [`CallError::BadUrl`] with what is wrong.
pub fn parse(url: &str) -> Result<Url, CallError> {
    let bad = |why: &str| Err(CallError::BadUrl(why.to_owned()));
    if url.len() > MAX_URL {
        return bad("it is too long");
    }
    match Url::parse(url) {
        Ok(parsed) if !matches!(parsed.scheme(), "http" | "https") => {
            bad("it must start with http:// or https://")
        }
        Ok(parsed) if parsed.host_str().is_none_or(str::is_empty) => bad("it has no host"),
        Ok(parsed) => Ok(parsed),
        Err(error) => bad(&error.to_string()),
    }
}

/// The destination of a URL, by which calls are counted: the host, with the port unless it is the
/// default. `None` if the URL cannot be called.
pub fn destination(url: &str) -> Option<String> {
    let url = parse(url).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// The delay that a response asks for with `Retry-After`, in seconds or as a date (RFC 9110
/// § 10.2.3).
pub fn retry_after(headers: &HeaderMap, now: jiff::Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
}

/// Resolves names to public addresses only. The client connects to the address that was checked, so
/// a second look-up cannot change it.
struct PublicOnly;

/// A name resolved to an address that is not public.
#[derive(Debug, thiserror::Error)]
#[error("not public")]
struct NotPublic;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let mut found =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect::<Vec<SocketAddr>>();
            if found.is_empty() {
                return Err(std::io::Error::from(std::io::ErrorKind::NotFound).into());
            }
            // One private address among several is enough to refuse the name.
            if !found.iter().all(|address| is_public(address.ip())) {
                return Err(NotPublic.into());
            }
            found.sort_by_key(SocketAddr::is_ipv6);
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn read_error(error: &reqwest::Error, time: Duration, connect: Duration) -> CallError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return CallError::NotPublic;
        }
        cause = inner.source();
    }
    match error.is_timeout() {
        true if error.is_connect() => CallError::TimedOut(connect),
        true => CallError::TimedOut(time),
        false => CallError::Failed(sentence(error)),
    }
}

/// The innermost cause, which a person can act on. It must not contain the URL, which may hold a
/// secret.
fn sentence(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one connection with these bytes, then sends nothing more.
    async fn answering(bytes: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            stream.write_all(bytes).await.expect("written");
            std::future::pending::<()>().await;
        });
        url
    }

    fn call(url: String, policy: NetworkPolicy) -> Call {
        let (headers, timeout) = (HeaderMap::new(), Duration::from_secs(5));
        let (method, body) = (Method::GET, Bytes::new());
        Call { method, url, headers, body, policy, timeout, max_response: 10 }
    }

    fn client() -> Outbound {
        Outbound::new("test", Duration::from_secs(5))
    }

    #[tokio::test]
    async fn a_response_within_the_limits_is_returned() {
        let url = answering(
            b"HTTP/1.1 503 Busy\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\nbusy",
        )
        .await;
        let reply = client().call(call(url, NetworkPolicy::Any)).await.expect("an answer");
        assert_eq!((reply.status, &*reply.body), (StatusCode::SERVICE_UNAVAILABLE, &b"busy"[..]));
    }

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let url = answering(
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        )
        .await;
        assert_eq!(
            client().call(call(url, NetworkPolicy::Any)).await.expect("an answer").status,
            StatusCode::FOUND
        );
    }

    #[tokio::test]
    async fn a_response_over_the_limit_is_rejected_with_or_without_a_length() {
        for answer in [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n01234567890"[..],
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n67890\r\n",
        ] {
            let url = answering(answer).await;
            assert_eq!(
                client().call(call(url, NetworkPolicy::Any)).await.expect_err("too large"),
                CallError::TooLarge(10, StatusCode::OK)
            );
        }
    }

    #[tokio::test]
    async fn a_silent_server_times_out() {
        let url = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab").await;
        let call = Call { timeout: Duration::from_millis(50), ..call(url, NetworkPolicy::Any) };
        assert_eq!(
            client().call(call).await.expect_err("too late"),
            CallError::TimedOut(Duration::from_millis(50))
        );
    }

    #[tokio::test]
    async fn connecting_has_its_own_time_limit() {
        // The server never answers the TLS handshake.
        let url = answering(b"").await.replace("http://", "https://");
        let client = Outbound::new("test", Duration::from_millis(50));
        assert_eq!(
            client.call(call(url, NetworkPolicy::Any)).await.expect_err("too late"),
            CallError::TimedOut(Duration::from_millis(50))
        );
    }

    #[tokio::test]
    async fn private_addresses_require_permission() {
        let url = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(
            client().call(call(url.clone(), NetworkPolicy::PublicOnly)).await.expect_err("closed"),
            CallError::NotPublic
        );
        let named = url.replace("127.0.0.1", "localhost");
        assert_eq!(
            client().call(call(named, NetworkPolicy::PublicOnly)).await.expect_err("closed"),
            CallError::NotPublic
        );
        assert!(client().call(call(url, NetworkPolicy::Any)).await.is_ok());
    }

    #[test]
    fn calls_are_counted_by_host_and_port() {
        assert_eq!(
            destination("https://Push.Example.com:443/secret?x"),
            Some("push.example.com".into())
        );
        assert_eq!(destination("http://127.0.0.1:8080/"), Some("127.0.0.1:8080".into()));
        assert_ne!(destination("http://127.0.0.1:8080/"), destination("http://127.0.0.1:8081/"));
        assert_eq!(destination("no address"), None);
    }

    #[tokio::test]
    async fn invalid_urls_are_not_called() {
        for url in
            ["", "campfire", "file:///etc/passwd", "http://", "gopher://example.com", "http://[::1"]
        {
            assert!(
                matches!(
                    client().call(call(url.into(), NetworkPolicy::Any)).await,
                    Err(CallError::BadUrl(_))
                ),
                "{url}"
            );
        }
        for url in ["http://[::1]:1/", "http://2130706433/", "http://0x7f.1/", "http://127.1/"] {
            assert_eq!(
                client()
                    .call(call(url.into(), NetworkPolicy::PublicOnly))
                    .await
                    .expect_err("closed"),
                CallError::NotPublic,
                "{url}"
            );
        }
    }
}
