//! What the machine can do at best: programs that do no work beyond moving the same bytes.

use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

use crate::Outcome;
use crate::client::find;

/// Answers every request on every connection with the same bytes; looks at nothing but the end of the head.
pub async fn serve_bytes(size: usize) -> Outcome<()> {
    let listener = listen().await?;
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n").into_bytes();
    answer.resize(answer.len() + size, b'x');
    let answer = Bytes::from(answer);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(answer_all(stream, answer.clone()));
    }
}

async fn answer_all(mut stream: TcpStream, answer: Bytes) {
    let mut buffer = Vec::with_capacity(4096);
    loop {
        match stream.read_buf(&mut buffer).await {
            Ok(count) if count > 0 => {}
            _ => return,
        }
        if find(&buffer, b"\r\n\r\n").is_some() {
            buffer.clear();
            if stream.write_all(&answer).await.is_err() {
                return;
            }
        }
    }
}

/// The first connection commands: for each byte it sends, one frame goes to every other connection, each served by its own task.
pub async fn serve_sockets(size: usize) -> Outcome<()> {
    let listener = listen().await?;
    let (mut commander, _) = listener.accept().await?;
    let (sender, _) = broadcast::channel::<Arc<Vec<u8>>>(1024);
    let out = sender.clone();
    tokio::spawn(async move {
        let frame = Arc::new(message(size));
        let mut bytes = [0; 256];
        while let Ok(count) = commander.read(&mut bytes).await {
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
        // Says that it is there, so that nobody commands too early.
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

/// A text frame with so many bytes of payload.
fn message(size: usize) -> Vec<u8> {
    let mut frame = vec![0x81, 126];
    frame.extend_from_slice(&u16::try_from(size).unwrap_or(u16::MAX).to_be_bytes());
    frame.resize(frame.len() + size, b'x');
    frame
}

#[expect(clippy::print_stdout, reason = "tells the parent where it listens")]
async fn listen() -> Outcome<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(listener)
}
