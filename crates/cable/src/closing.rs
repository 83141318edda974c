//! The end of a socket, so that its last words arrive.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Writes the last words, closes our half, and waits a little for the client to close its own. A
/// socket that is closed while bytes of its client are unread is reset by the system, and what was
/// written last may be lost with it.
pub(crate) async fn close<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: S,
    words: &[u8],
    limit: Duration,
) {
    let goodbye = async {
        socket.write_all(words).await?;
        socket.shutdown().await?;
        let mut unread = [0; 1024];
        while socket.read(&mut unread).await? > 0 {}
        Ok::<_, io::Error>(())
    };
    // Whether the client still heard it does not matter to us.
    drop(tokio::time::timeout(limit, goodbye).await);
}
