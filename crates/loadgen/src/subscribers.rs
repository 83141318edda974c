//! Many minimal WebSocket clients that check the order of the messages they receive.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::Result;
use crate::client::find;

/// Bytes that a subscriber reads at once. It shares the processor with the server that it measures,
/// and should read a burst with one call.
pub const READ_BUFFER: usize = 32 * 1024;

/// The deliveries to all subscribers together.
#[derive(Default)]
pub struct Received {
    count: AtomicU64,
    target: AtomicU64,
    reached: Notify,
}

impl Received {
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    /// Waits at most a minute until there are `target` deliveries in all.
    pub async fn wait_for(&self, target: u64) -> Result<()> {
        self.target.store(target, Ordering::SeqCst);
        let all = async {
            while self.count() < target {
                let reached = self.reached.notified();
                if self.count() < target {
                    reached.await;
                }
            }
        };
        let in_time = tokio::time::timeout(std::time::Duration::from_secs(60), all).await;
        in_time.map_err(|_| format!("only {} of {target} deliveries arrived", self.count()).into())
    }

    /// Counts a delivery.
    pub fn add(&self) {
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.target.load(Ordering::SeqCst) {
            self.reached.notify_one();
        }
    }
}

/// The connected subscribers.
pub struct Subscribers {
    pub received: Arc<Received>,
    tasks: JoinSet<Result<()>>,
}

impl Subscribers {
    /// Connects `count` subscribers, with the tokens in turn, each subscribed to `channels`.
    pub async fn connect(
        address: SocketAddr,
        tokens: &[String],
        count: usize,
        channels: &[&str],
    ) -> Result<Self> {
        let received: Arc<Received> = Arc::default();
        let mut tasks = JoinSet::new();
        for index in 0..count {
            let stream = handshake(address, &tokens[index % tokens.len()], channels).await?;
            let received = received.clone();
            tasks.spawn(async move { listen(stream, &received).await });
        }
        Ok(Self { received, tasks })
    }

    /// Disconnects them; `Err` if one has found a violation.
    pub async fn finish(mut self) -> Result<()> {
        while let Some(done) = self.tasks.try_join_next() {
            done??;
        }
        self.tasks.shutdown().await;
        Ok(())
    }
}

async fn handshake(address: SocketAddr, token: &str, channels: &[&str]) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET /cable HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: actioncable-v1-json\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut seen = Vec::new();
    for channel in channels {
        let identifier = serde_json::Value::from(*channel).to_string();
        stream
            .write_all(&masked(&format!(r#"{{"command":"subscribe","identifier":{identifier}}}"#)))
            .await?;
    }
    // Nothing before the last confirmation is of interest.
    while count(&seen, b"confirm_subscription") < channels.len() {
        if stream.read_buf(&mut seen).await? == 0 || find(&seen, b"reject_subscription").is_some() {
            return Err(
                format!("a subscription was rejected: {}", String::from_utf8_lossy(&seen)).into()
            );
        }
    }
    Ok(stream)
}

fn count(hay: &[u8], needle: &[u8]) -> usize {
    hay.windows(needle.len()).filter(|window| *window == needle).count()
}

/// A client's text frame. Its mask is zero, which is valid.
fn masked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    // The shortest way to write the length is the only valid one (RFC 6455 § 5.2).
    match u8::try_from(text.len()) {
        Ok(length @ 0..126) => frame.push(0x80 | length),
        _ => {
            frame.push(0xfe);
            frame.extend_from_slice(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(text.as_bytes());
    frame
}

async fn listen(mut stream: TcpStream, received: &Received) -> Result<()> {
    let mut buffer = Vec::with_capacity(READ_BUFFER);
    let mut last = 0;
    loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err("the server closed a subscriber's connection".into());
        }
        let mut at = 0;
        while let Some((payload, end)) = frame(&buffer[at..]) {
            if let Some(id) = message_id(payload) {
                if id <= last {
                    return Err(format!("message {id} came after {last}").into());
                }
                last = id;
                received.add();
            }
            at += end;
        }
        buffer.drain(..at);
    }
}

/// The payload and the length of the first frame if it is complete.
pub fn frame(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (length, header) = match bytes.get(1)? {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        127 => (usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?, 10),
        length => (usize::from(*length), 2),
    };
    Some((bytes.get(header..header + length)?, header + length))
}

/// The message ID if the frame is a `message.created` event.
fn message_id(payload: &[u8]) -> Option<u64> {
    const MARK: &[u8] = br#"{"type":"message.created","message":{"id":"#;
    let rest = &payload[memchr::memmem::find(payload, MARK)? + MARK.len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}
