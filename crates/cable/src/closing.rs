//! Closing a socket so that the client receives the last frames.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Writes the last frames, closes the write half, and waits up to `limit` for the client to close
/// its half. The operating system resets a socket that is closed with unread input, and the client
/// may then lose the last frames.
pub(crate) async fn close_gracefully<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: S,
    last_frames: &[u8],
    limit: Duration,
) {
    let close = async {
        socket.write_all(last_frames).await?;
        socket.shutdown().await?;
        let mut unread = [0; 1024];
        while socket.read(&mut unread).await? > 0 {}
        Ok::<_, io::Error>(())
    };
    // A client that is already gone needs no close handshake.
    drop(tokio::time::timeout(limit, close).await);
}
