//! Compares this crate with `tokio-tungstenite`: memory per idle socket, and CPU time per frame
//! when one payload fans out to all sockets. Prints the table of decision 3:
//! `cargo run --release -p cable --example framing_cost -- [SOCKETS]`
//!
//! Each server runs in a process of its own, which is measured through `/proc` (Linux); this
//! process holds the clients. The clients of both servers receive identical bytes. The
//! `tokio-tungstenite` server is the shape its documentation suggests: per socket one task, a
//! bounded channel of shared payloads, `feed` for all that is queued, then `flush`. It has no
//! subscriptions and parses no commands, so the comparison favors it.
#![allow(clippy::print_stdout, reason = "the table is the purpose of this program")]

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cable::{Application, Cable, Channel, Limits, Owner, Rejected};
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A message as the server broadcasts them: about 600 bytes.
fn payload() -> String {
    format!(r#"{{"type":"message.created","html":"{}"}}"#, "x".repeat(560))
}

const STREAM: &str = "everyone";
const IDENTIFIER: &str = r#"{\"channel\":\"All\"}"#;

/// What clients receive per broadcast, without the frame's header of four bytes.
fn broadcast_text() -> String {
    format!(r#"{{"identifier":"{IDENTIFIER}","message":{}}}"#, payload())
}

const PROTOCOL: &str = "actioncable-v1-json";

/// Broadcasts that are queued at once in the second measurement.
const BURST: usize = 10;
const ROUNDS: usize = 200;

/// Slots of the channel in front of a `tokio-tungstenite` socket, as many as this crate's queue.
const QUEUE: usize = 1024;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", kind] => runtime.block_on(serve(kind)),
        [] => runtime.block_on(compare(5_000)),
        [sockets] => runtime.block_on(compare(sockets.parse()?)),
        _ => Err("usage: framing_cost [SOCKETS]".into()),
    }
}

async fn compare(sockets: usize) -> Result<()> {
    println!("{sockets} sockets, {} bytes per frame, {ROUNDS} rounds", broadcast_text().len() + 4);
    println!(
        "| server | idle, KiB/socket | after bursts, KiB/socket | single, µs/frame | burst of {BURST}, µs/frame |"
    );
    println!("|---|---|---|---|---|");
    for kind in ["cable", "tungstenite, default buffers", "tungstenite, 4 KiB read buffer"] {
        measure(kind, sockets).await?;
    }
    Ok(())
}

async fn measure(kind: &str, sockets: usize) -> Result<()> {
    let mut server = Server::start(kind)?;
    let empty = server.resident_bytes()?;
    let received = Arc::new(AtomicUsize::new(0));
    for _ in 0..sockets {
        let stream = connect(server.port, kind == "cable").await?;
        tokio::spawn(count_bytes(stream, received.clone()));
    }
    // Lets the server finish what it does after a handshake.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let per_socket = |resident: u64| (resident - empty) as f64 / sockets as f64 / 1024.0;
    let idle = per_socket(server.resident_bytes()?);
    let frame = broadcast_text().len() + 4;
    let mut cost = |broadcasts: usize| -> Result<f64> {
        let before = server.cpu_seconds()?;
        for _ in 0..ROUNDS / broadcasts {
            received.store(0, Ordering::SeqCst);
            server.broadcast(broadcasts)?;
            while received.load(Ordering::SeqCst) < sockets * frame * broadcasts {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
        let frames = (ROUNDS / broadcasts * broadcasts * sockets) as f64;
        Ok((server.cpu_seconds()? - before) * 1e6 / frames)
    };
    let (single, burst) = tokio::task::block_in_place(|| {
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((cost(1)?, cost(BURST)?))
    })?;
    let after = per_socket(server.resident_bytes()?);
    println!("| {kind} | {idle:.1} | {after:.1} | {single:.2} | {burst:.2} |");
    Ok(())
}

/// A server process.
struct Server {
    process: Child,
    commands: ChildStdin,
    port: u16,
}

impl Server {
    fn start(kind: &str) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", kind])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut port = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut port)?;
        let commands = process.stdin.take().ok_or("no input")?;
        Ok(Self { process, commands, port: port.trim().parse()? })
    }

    fn broadcast(&mut self, count: usize) -> Result<()> {
        Ok(writeln!(self.commands, "{count}")?)
    }

    fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
        Ok(kib.parse::<u64>()? * 1024)
    }

    /// User and system time; the kernel counts them in hundredths of a second.
    fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let (_, fields) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        Ok(ticks.sum::<std::result::Result<u64, _>>()? as f64 / 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Opens a WebSocket without a client library; subscribes if the server expects it.
async fn connect(port: u16, subscribe: bool) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: {PROTOCOL}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut received = Vec::new();
    read_until(&mut stream, &mut received, b"\r\n\r\n").await?;
    if subscribe {
        let command = format!(r#"{{"command":"subscribe","identifier":"{IDENTIFIER}"}}"#);
        // Masked with zeros, which leaves the payload as it is.
        let header = [0x81, 0x80 | u8::try_from(command.len())?, 0, 0, 0, 0];
        stream.write_all(&[&header, command.as_bytes()].concat()).await?;
        read_until(&mut stream, &mut received, br#""type":"confirm_subscription"}"#).await?;
    }
    Ok(stream)
}

async fn read_until(stream: &mut TcpStream, received: &mut Vec<u8>, end: &[u8]) -> Result<()> {
    while !received.windows(end.len()).any(|window| window == end) {
        if stream.read_buf(received).await? == 0 {
            return Err("the server closed the connection".into());
        }
    }
    Ok(())
}

async fn count_bytes(mut stream: TcpStream, received: Arc<AtomicUsize>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        received.fetch_add(count, Ordering::SeqCst);
    }
}

/// Serves on a free port, which it prints, and reads how often to broadcast from each line of its
/// input.
async fn serve(kind: &str) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let broadcast: Box<dyn Fn() + Send> = match kind {
        "cable" => serve_cable(listener),
        "tungstenite, default buffers" => serve_tungstenite(listener, WebSocketConfig::default()),
        _ => serve_tungstenite(listener, WebSocketConfig::default().read_buffer_size(4096)),
    };
    tokio::task::spawn_blocking(move || {
        for line in std::io::stdin().lines() {
            (0..line?.parse::<usize>()?).for_each(|_| broadcast());
        }
        Ok(())
    })
    .await?
}

struct Everyone;

impl Application for Everyone {
    type Identity = ();

    fn owner(&self, (): &()) -> Owner {
        Owner { user: 1, session: 1 }
    }

    fn is_authorized(&self, (): &()) -> Option<bool> {
        Some(true)
    }

    fn subscribe(&self, (): &(), _: &Channel<'_>) -> std::result::Result<Vec<String>, Rejected> {
        Ok(vec![STREAM.into()])
    }
}

fn serve_cable(listener: TcpListener) -> Box<dyn Fn() + Send> {
    let limits = Limits {
        connections_per_user: usize::MAX,
        ping_interval: Duration::from_secs(3600),
        ..Limits::default()
    };
    let cable = Cable::new(limits, Everyone);
    let served = cable.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let cable = served.clone();
            let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                let response = cable.accept(&mut request, Ok(()));
                async { Ok::<_, Infallible>(response.map(|text| Full::new(Bytes::from(text)))) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            tokio::spawn(connection);
        }
    });
    let payload = Bytes::from(payload());
    Box::new(move || cable.notify(STREAM, payload.clone()))
}

fn serve_tungstenite(listener: TcpListener, config: WebSocketConfig) -> Box<dyn Fn() + Send> {
    let senders: Arc<Mutex<Vec<mpsc::Sender<Utf8Bytes>>>> = Arc::default();
    let accepted = senders.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (sender, messages) = mpsc::channel(QUEUE);
            accepted.lock().expect("not poisoned").push(sender);
            tokio::spawn(serve_socket(stream, config, messages));
        }
    });
    Box::new(move || {
        let text = Utf8Bytes::from(broadcast_text());
        for sender in &*senders.lock().expect("not poisoned") {
            drop(sender.try_send(text.clone()));
        }
    })
}

async fn serve_socket(
    stream: TcpStream,
    config: WebSocketConfig,
    mut messages: mpsc::Receiver<Utf8Bytes>,
) -> Result<()> {
    #[allow(clippy::result_large_err, reason = "the signature is tungstenite's")]
    let choose_protocol = |_: &Request, mut response: Response| {
        let protocol = http::HeaderValue::from_static(PROTOCOL);
        response.headers_mut().insert(http::header::SEC_WEBSOCKET_PROTOCOL, protocol);
        Ok(response)
    };
    let mut socket =
        tokio_tungstenite::accept_hdr_async_with_config(stream, choose_protocol, Some(config))
            .await?;
    loop {
        tokio::select! {
            message = messages.recv() => {
                let Some(message) = message else { return Ok(()) };
                socket.feed(Message::Text(message)).await?;
                while let Ok(message) = messages.try_recv() {
                    socket.feed(Message::Text(message)).await?;
                }
                socket.flush().await?;
            }
            received = socket.next() => match received {
                Some(received) => drop(received?),
                None => return Ok(()),
            },
        }
    }
}
