//! The task of one socket: moves its bytes and holds no buffers while idle.

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
use crate::protocol::{Command, CommandError, Disconnect};
use crate::registry::ConnectionSlot;
use crate::send_queue::Next;

/// Bytes per read. The buffer is on the stack, so an idle socket needs none.
const CHUNK: usize = 4096;

/// Reads before the task yields to others.
const CHUNKS_PER_TURN: usize = 16;

pub(crate) struct Driver<A: Application, S> {
    engine: Arc<Engine<A>>,
    connection: Arc<Connection<A>>,
    /// Moved to a closing task at the end.
    socket: Option<S>,
    /// Released after [`Connection::connection_lost`]: until then a revocation must find the
    /// connection.
    slot: Option<ConnectionSlot<A>>,
    parser: Parser,
    /// Consecutive invalid commands.
    invalid_commands: u32,
    read_state: ReadState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadState {
    Open,
    /// Input is ignored; queued frames are still written.
    Discarding,
    /// The client has closed its half as well.
    Closed,
}

/// Why reading stopped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadOutcome {
    /// No more input now; the task is woken when some arrives.
    Pending,
    /// The client must read its replies before its next command is processed.
    Backpressure,
    Disconnected,
}

/// Why writing stopped.
enum WriteOutcome {
    Flushed,
    /// The socket is full; the task is woken when it accepts more.
    Blocked,
    Finished,
    Disconnected,
}

impl<A: Application, S> Driver<A, S> {
    pub(crate) fn new(
        engine: Arc<Engine<A>>,
        connection: Arc<Connection<A>>,
        socket: S,
        slot: ConnectionSlot<A>,
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
            slot: Some(slot),
            parser,
            invalid_commands: 0,
            read_state: ReadState::Open,
        }
    }
}

impl<A: Application, S> Drop for Driver<A, S> {
    fn drop(&mut self) {
        self.connection.connection_lost(&self.engine);
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Future for Driver<A, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(mut socket) = self.socket.take() else { return Poll::Ready(()) };
        loop {
            let read = self.read(&mut socket, cx);
            if read == ReadOutcome::Disconnected {
                return Poll::Ready(());
            }
            match self.write(&mut socket, cx) {
                WriteOutcome::Flushed if read == ReadOutcome::Backpressure => {}
                WriteOutcome::Flushed | WriteOutcome::Blocked => {
                    self.socket = Some(socket);
                    return Poll::Pending;
                }
                WriteOutcome::Finished => {
                    self.close(socket);
                    return Poll::Ready(());
                }
                WriteOutcome::Disconnected => return Poll::Ready(()),
            }
        }
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Driver<A, S> {
    /// Hands a socket whose last frames were written to a small task that closes it.
    fn close(&mut self, socket: S) {
        if self.read_state == ReadState::Closed {
            return;
        }
        self.connection.connection_lost(&self.engine);
        let (slot, limit) = (self.slot.take(), self.engine.limits.close_timeout);
        tokio::spawn(async move {
            closing::close_gracefully(socket, &[], limit).await;
            drop(slot);
        });
    }
}

impl<A: Application, S: AsyncRead + AsyncWrite + Unpin> Driver<A, S> {
    /// Reads and executes commands while the client reads the replies.
    fn read(&mut self, socket: &mut S, cx: &mut Context<'_>) -> ReadOutcome {
        for _ in 0..CHUNKS_PER_TURN {
            self.process_messages();
            match self.read_state {
                ReadState::Open
                    if self.connection.send_queue.is_backlogged(&self.engine.limits) =>
                {
                    return ReadOutcome::Backpressure;
                }
                ReadState::Closed => return ReadOutcome::Pending,
                _ => {}
            }
            let mut chunk = [MaybeUninit::uninit(); CHUNK];
            let mut chunk = ReadBuf::uninit(&mut chunk);
            match Pin::new(&mut *socket).poll_read(cx, &mut chunk) {
                Poll::Pending => return ReadOutcome::Pending,
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => {
                    if self.read_state == ReadState::Open {
                        self.parser.feed(chunk.filled());
                    }
                }
                Poll::Ready(Ok(())) if self.read_state == ReadState::Discarding => {
                    self.read_state = ReadState::Closed
                }
                Poll::Ready(_) => return ReadOutcome::Disconnected,
            }
        }
        cx.waker().wake_by_ref();
        ReadOutcome::Pending
    }

    fn process_messages(&mut self) {
        while self.read_state == ReadState::Open
            && !self.connection.send_queue.is_backlogged(&self.engine.limits)
        {
            match self.parser.next() {
                Ok(None) => return,
                Ok(Some(Incoming::Text(text))) => self.command(&text),
                Ok(Some(Incoming::Ping(payload))) => {
                    let fits =
                        self.connection.send_queue.push(frame::pong(&payload), &self.engine.limits);
                    self.engine.count_slow_disconnects(usize::from(!fits));
                }
                Ok(Some(Incoming::Pong)) => {}
                Ok(Some(Incoming::Close(code))) | Err(code) => self.start_close(code),
            }
        }
    }

    /// Executes a command. An invalid one is ignored, so that a slightly incompatible client keeps
    /// working; a client that sends only invalid ones is disconnected.
    fn command(&mut self, text: &str) {
        match Command::parse(text) {
            Ok(command) => {
                self.invalid_commands = 0;
                return self.connection.receive(&self.engine, &command);
            }
            Err(CommandError::Malformed) => self.invalid_commands += 1,
            Err(CommandError::NotAnObject) => self.invalid_commands = u32::MAX,
        }
        tracing::debug!(
            connection = self.connection.id,
            bytes = text.len(),
            "received an invalid command"
        );
        if self.invalid_commands > self.engine.limits.invalid_commands {
            self.read_state = ReadState::Discarding;
            self.connection.disconnect(&self.engine, Disconnect::INVALID_REQUEST);
        }
    }

    fn start_close(&mut self, code: u16) {
        self.read_state = ReadState::Discarding;
        self.connection.send_queue.finish([frame::close_frame(code)]);
    }

    fn write(&mut self, socket: &mut S, cx: &mut Context<'_>) -> WriteOutcome {
        let send_queue = &self.connection.send_queue;
        loop {
            match send_queue.next(cx.waker()) {
                Next::Wait => return WriteOutcome::Flushed,
                Next::Close => return WriteOutcome::Finished,
                Next::Abort => return WriteOutcome::Disconnected,
                Next::Write => {}
            }
            match send_queue
                .write_with(|slices| Pin::new(&mut *socket).poll_write_vectored(cx, slices))
            {
                Poll::Ready(Ok(count)) if count > 0 => send_queue.written(count),
                Poll::Ready(_) => return WriteOutcome::Disconnected,
                Poll::Pending => {
                    send_queue.blocked(cx.waker(), Instant::now());
                    return WriteOutcome::Blocked;
                }
            }
        }
    }
}
