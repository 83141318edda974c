//! WebSocket framing, RFC 6455: what a server writes, and a parser for what clients send that
//! believes nothing.

use bytes::Bytes;

/// Bytes of a client's message at most; commands have a few hundred.
pub(crate) const MAX_MESSAGE: usize = 64 * 1024;

/// Close codes of RFC 6455 § 7.4.1.
pub(crate) mod close {
    pub(crate) const NORMAL: u16 = 1000;
    pub(crate) const GOING_AWAY: u16 = 1001;
    pub(crate) const PROTOCOL_ERROR: u16 = 1002;
    pub(crate) const UNSUPPORTED: u16 = 1003;
    pub(crate) const NOT_TEXT: u16 = 1007;
    pub(crate) const POLICY: u16 = 1008;
    pub(crate) const TOO_BIG: u16 = 1009;
}

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// The longest header that a server writes: two bytes and a length of eight.
const HEADER: usize = 10;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    /// The client says goodbye; the code is the one to answer with.
    Close(u16),
}

/// A text message in one frame, as all subscribers get it. `write` appends about `expected` bytes
/// of payload, so that they need not be copied to get their header.
pub(crate) fn text(expected: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    encode(TEXT, expected, write)
}

/// The answer to a ping.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    encode(PONG, payload.len(), |out| out.extend_from_slice(payload))
}

/// The end of the conversation.
pub(crate) fn closing(code: u16) -> Bytes {
    encode(CLOSE, 2, |out| out.extend_from_slice(&code.to_be_bytes()))
}

fn encode(opcode: u8, expected: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::with_capacity(HEADER + expected);
    out.resize(HEADER, 0);
    write(&mut out);
    let length = out.len() - HEADER;
    // The header's size depends on the payload's, so it is put directly before it and what is left
    // over is cut off.
    let start = match length {
        0..=125 => {
            out[9] = length as u8;
            8
        }
        126..=0xffff => {
            out[7] = 126;
            out[8..10].copy_from_slice(&(length as u16).to_be_bytes());
            6
        }
        _ => {
            out[1] = 127;
            out[2..10].copy_from_slice(&(length as u64).to_be_bytes());
            0
        }
    };
    out[start] = 0x80 | opcode;
    Bytes::from(out).slice(start..)
}

/// Takes bytes as they come and gives messages. Holds memory only while a message is incomplete,
/// and never more than one message, the frame after it and what was fed at once.
#[derive(Default)]
pub(crate) struct Parser {
    pending: Vec<u8>,
    /// So many bytes of `pending` are done.
    done: usize,
    /// A text message of which the last fragment has not come.
    fragments: Option<Vec<u8>>,
}

impl Parser {
    /// Adds bytes from the network. Ask for messages until there is none before the next bytes are
    /// fed.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next complete message; `Err` holds the close code of a violation, after which nothing
    /// more is read.
    pub(crate) fn next(&mut self) -> Result<Option<Incoming>, u16> {
        let found = self.advance();
        match found {
            Ok(Some(_)) => {}
            Ok(None) => self.give_back(),
            Err(_) => *self = Self::default(),
        }
        found
    }

    fn advance(&mut self) -> Result<Option<Incoming>, u16> {
        while let Some((frame, length)) =
            Frame::parse(self.pending.get(self.done..).unwrap_or_default())?
        {
            self.done += length;
            if let Some(message) = self.accept(frame)? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    fn give_back(&mut self) {
        self.pending.drain(..self.done);
        self.done = 0;
        if self.pending.is_empty() {
            self.pending = Vec::new();
        }
    }

    fn accept(&mut self, frame: Frame) -> Result<Option<Incoming>, u16> {
        match (frame.opcode, &mut self.fragments) {
            (TEXT, None) if frame.last => whole(frame.payload).map(Some),
            (TEXT, fragments @ None) => {
                *fragments = Some(frame.payload);
                Ok(None)
            }
            (CONTINUATION, Some(fragments)) => {
                if fragments.len() + frame.payload.len() > MAX_MESSAGE {
                    return Err(close::TOO_BIG);
                }
                fragments.extend_from_slice(&frame.payload);
                if !frame.last {
                    return Ok(None);
                }
                whole(self.fragments.take().unwrap_or_default()).map(Some)
            }
            (PING, _) => Ok(Some(Incoming::Ping(frame.payload))),
            (PONG, _) => Ok(Some(Incoming::Pong)),
            (CLOSE, _) => goodbye(&frame.payload).map(Some),
            (BINARY, _) => Err(close::UNSUPPORTED),
            _ => Err(close::PROTOCOL_ERROR),
        }
    }

    /// Bytes of memory held.
    #[cfg(test)]
    fn held(&self) -> usize {
        self.pending.capacity() + self.fragments.as_ref().map_or(0, Vec::capacity)
    }
}

fn whole(payload: Vec<u8>) -> Result<Incoming, u16> {
    String::from_utf8(payload).map(Incoming::Text).map_err(|_| close::NOT_TEXT)
}

/// A close frame is empty, or has a code that may be sent and a reason that is text (RFC 6455 §
/// 5.5.1, 7.4).
fn goodbye(payload: &[u8]) -> Result<Incoming, u16> {
    let (code, reason) = match *payload {
        [] => return Ok(Incoming::Close(close::NORMAL)),
        [high, low, ref reason @ ..] => (u16::from_be_bytes([high, low]), reason),
        [_] => return Err(close::PROTOCOL_ERROR),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(close::PROTOCOL_ERROR);
    }
    std::str::from_utf8(reason).map(|_| Incoming::Close(code)).map_err(|_| close::NOT_TEXT)
}

struct Frame {
    last: bool,
    opcode: u8,
    payload: Vec<u8>,
}

impl Frame {
    /// The first frame in `bytes` and its length there; `None` while it is incomplete.
    fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, u16> {
        let [first, second, ..] = *bytes else { return Ok(None) };
        let (last, opcode) = (first & 0x80 != 0, first & 0x0f);
        let control = opcode >= 8;
        let short = usize::from(second & 0x7f);
        // Extensions were not agreed on; clients must mask; control frames are short and whole (RFC
        // 6455 § 5.2, 5.3, 5.5).
        if first & 0x70 != 0 || second & 0x80 == 0 || (control && (short > 125 || !last)) {
            return Err(close::PROTOCOL_ERROR);
        }
        let (length, header, least) = match (short, bytes) {
            (126, [_, _, a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4, 126),
            (127, [_, _, a, b, c, d, e, f, g, h, ..]) => {
                (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10, 0x1_0000)
            }
            (126 | 127, _) => return Ok(None),
            (short, _) => (short as u64, 2, 0),
        };
        // A length is written in the shortest way (§ 5.2). The limit is checked before any byte of
        // the payload is kept.
        if length < least {
            return Err(close::PROTOCOL_ERROR);
        }
        let Some(length) = usize::try_from(length).ok().filter(|length| *length <= MAX_MESSAGE)
        else {
            return Err(close::TOO_BIG);
        };
        let end = header + 4 + length;
        let (Some(mask), Some(payload)) =
            (bytes.get(header..header + 4), bytes.get(header + 4..end))
        else {
            return Ok(None);
        };
        let payload =
            payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        Ok(Some((Self { last, opcode, payload }, end)))
    }
}

#[cfg(test)]
mod tests;
