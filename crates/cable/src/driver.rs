//! The task of one socket: moves its bytes, without buffers of its own while nothing happens.

use std::future::Future;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::application::Application;
use crate::closing;
use crate::connection::Connection;
use crate::engine::Engine;
use crate::frame::{self, Incoming, Parser};
use crate::outbox::Next;
use crate::protocol::{Command, Goodbye, Unreadable};
use crate::sockets::Seat;

/// Bytes read at once, on the stack: an idle socket needs none.
const CHUNK: usize = 4096;

/// Chunks read before others get their turn.
const CHUNKS_PER_TURN: usize = 16;

/// Moves a socket's bytes until it ends.
pub(crate) struct Driver<A: Application, S> {
    engine: Arc<Engine<A>>,
    connection: Arc<Connection<A>>,
    /// Given away at the end, to close in peace.
    socket: Option<S>,
    /// Given back after the connection was told that it is lost: until then a revocation must find
    /// it.
    seat: Option<Seat<A>>,
    parser: Parser,
    /// Commands in a row that could not be read.
    unreadable: u32,
    hearing: Hearing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hearing {
    Commands,
    /// The client will say nothing more that matters; what waits for it is still written.
    Nothing,
    /// And it has closed its half.
    End,
}

/// How reading ended for now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// The task is woken when more comes.
    Everything,
    /// The client has to take answers before it may command more.
    Enough,
    Gone,
}

/// How writing ended for now.
enum Wrote {
    Everything,
    /// The task is woken when the socket takes more.
    Blocked,
    Last,
    Gone,
}

impl<A: Application, S> Driver<A, S> {
    pub(crate) fn new(
        engine: Arc<Engine<A>>,
        connection: Arc<Connection<A>>,
        socket: S,
        seat: Seat<A>,
        read_ahead: &[u8],
    ) -> Self {
        let mut parser = Parser::default();
        if !read_ahead.is_empty() {
            parser.feed(read_ahead);
        }
        Self {
            engine,
            connection,
            socket: Some(socket),
            seat: Some(seat),
            parser,
            unreadable: 0,
            hearing: Hearing::Commands,
        }
    }
}

impl<A: Application, S> Drop for Driver<A, S> {
    fn drop(&mut self) {
        self.connection.lost(&self.engine);
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Future for Driver<A, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(mut socket) = self.socket.take() else { return Poll::Ready(()) };
        loop {
            let read = self.read(&mut socket, cx);
            if read == Read::Gone {
                return Poll::Ready(());
            }
            match self.write(&mut socket, cx) {
                Wrote::Everything if read == Read::Enough => {}
                Wrote::Everything | Wrote::Blocked => {
                    self.socket = Some(socket);
                    return Poll::Pending;
                }
                Wrote::Last => {
                    self.part_with(socket);
                    return Poll::Ready(());
                }
                Wrote::Gone => return Poll::Ready(()),
            }
        }
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Driver<A, S> {
    /// Leaves a socket whose last words were written to a small task that closes it.
    fn part_with(&mut self, socket: S) {
        if self.hearing == Hearing::End {
            return;
        }
        self.connection.lost(&self.engine);
        let (seat, limit) = (self.seat.take(), self.engine.limits.linger);
        tokio::spawn(async move {
            closing::close(socket, &[], limit).await;
            drop(seat);
        });
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin> Driver<A, S> {
    /// Reads what has come, as long as the client takes the answers.
    fn read(&mut self, socket: &mut S, cx: &mut Context<'_>) -> Read {
        for _ in 0..CHUNKS_PER_TURN {
            self.take_messages();
            match self.hearing {
                Hearing::Commands if self.connection.outbox.is_busy(&self.engine.limits) => {
                    return Read::Enough;
                }
                Hearing::End => return Read::Everything,
                _ => {}
            }
            let mut chunk = [MaybeUninit::uninit(); CHUNK];
            let mut chunk = ReadBuf::uninit(&mut chunk);
            match Pin::new(&mut *socket).poll_read(cx, &mut chunk) {
                Poll::Pending => return Read::Everything,
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => {
                    if self.hearing == Hearing::Commands {
                        self.parser.feed(chunk.filled());
                    }
                }
                // Who said goodbye and closed still gets the answer.
                Poll::Ready(Ok(())) if self.hearing == Hearing::Nothing => {
                    self.hearing = Hearing::End
                }
                Poll::Ready(_) => return Read::Gone,
            }
        }
        cx.waker().wake_by_ref();
        Read::Everything
    }

    fn take_messages(&mut self) {
        while self.hearing == Hearing::Commands
            && !self.connection.outbox.is_busy(&self.engine.limits)
        {
            match self.parser.next() {
                Ok(None) => return,
                Ok(Some(Incoming::Text(text))) => self.command(&text),
                Ok(Some(Incoming::Ping(payload))) => {
                    let fits =
                        self.connection.outbox.push(frame::pong(&payload), &self.engine.limits);
                    self.engine.count_slow(usize::from(!fits));
                }
                Ok(Some(Incoming::Pong)) => {}
                Ok(Some(Incoming::Close(code))) | Err(code) => self.hang_up(code),
            }
        }
    }

    /// What cannot be read is ignored, so that a client with one odd habit can live; who says
    /// nothing else is let go.
    fn command(&mut self, text: &str) {
        match Command::parse(text) {
            Ok(command) => {
                self.unreadable = 0;
                return self.connection.receive(&self.engine, &command);
            }
            Err(Unreadable::Odd) => self.unreadable += 1,
            Err(Unreadable::Alien) => self.unreadable = u32::MAX,
        }
        tracing::debug!(
            connection = self.connection.id,
            bytes = text.len(),
            "a command could not be read"
        );
        if self.unreadable > self.engine.limits.unreadable {
            self.hearing = Hearing::Nothing;
            self.connection.end(&self.engine, Goodbye::INVALID_REQUEST);
        }
    }

    fn hang_up(&mut self, code: u16) {
        self.hearing = Hearing::Nothing;
        self.connection.outbox.finish([frame::closing(code)]);
    }

    fn write(&mut self, socket: &mut S, cx: &mut Context<'_>) -> Wrote {
        let outbox = &self.connection.outbox;
        loop {
            match outbox.next(cx.waker()) {
                Next::Wait => return Wrote::Everything,
                Next::Close => return Wrote::Last,
                Next::Drop => return Wrote::Gone,
                Next::Write => {}
            }
            match outbox.write_with(|slices| Pin::new(&mut *socket).poll_write_vectored(cx, slices))
            {
                Poll::Ready(Ok(count)) if count > 0 => outbox.written(count),
                Poll::Ready(_) => return Wrote::Gone,
                Poll::Pending => {
                    outbox.blocked(cx.waker(), Instant::now());
                    return Wrote::Blocked;
                }
            }
        }
    }
}
