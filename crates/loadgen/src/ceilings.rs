//! Ceilings: what the machine can do at best, measured with servers that only move the same bytes.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::Result;

/// An HTTP server on the same library that responds to every request with the same bytes.
pub async fn serve_bytes(size: usize) -> Result<()> {
    let listener = listen().await?;
    // Never freed, so that the two cores do not share a reference count.
    let body: &'static [u8] = vec![b'x'; size].leak();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = service_fn(move |_| {
            let mut response = Response::new(Full::new(Bytes::from_static(body)));
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            async move { Ok::<_, Infallible>(response) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// Writes one frame to every other connection for each byte that the first connection sends. Each
/// connection has its own task.
pub async fn serve_sockets(size: usize) -> Result<()> {
    let listener = listen().await?;
    let (mut commands, _) = listener.accept().await?;
    let (sender, _) = broadcast::channel::<Arc<Vec<u8>>>(1024);
    let out = sender.clone();
    tokio::spawn(async move {
        let frame = Arc::new(message(size));
        let mut bytes = [0; 256];
        while let Ok(count) = commands.read(&mut bytes).await {
            if count == 0 {
                std::process::exit(0);
            }
            for _ in 0..count {
                drop(out.send(frame.clone()));
            }
        }
    });
    loop {
        let (mut stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let mut frames = sender.subscribe();
        // Tells the client that it will receive the next frame.
        stream.write_all(b"!").await?;
        tokio::spawn(async move {
            while let Ok(frame) = frames.recv().await {
                if stream.write_all(&frame).await.is_err() {
                    return;
                }
            }
        });
    }
}

/// A text frame with a payload of `size` bytes.
fn message(size: usize) -> Vec<u8> {
    let mut frame = vec![0x81, 126];
    frame.extend_from_slice(&u16::try_from(size).unwrap_or(u16::MAX).to_be_bytes());
    frame.resize(frame.len() + size, b'x');
    frame
}

#[expect(clippy::print_stdout, reason = "the parent process reads the address")]
async fn listen() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(listener)
}
