//! WebSocket framing, RFC 6455: encodes server frames and strictly parses client frames.

use bytes::Bytes;

/// Maximum size of a client's message in bytes; commands have a few hundred.
pub(crate) const MAX_MESSAGE: usize = 64 * 1024;

/// Close codes of RFC 6455 § 7.4.1.
pub(crate) mod close {
    pub(crate) const NORMAL: u16 = 1000;
    pub(crate) const GOING_AWAY: u16 = 1001;
    pub(crate) const PROTOCOL_ERROR: u16 = 1002;
    pub(crate) const UNSUPPORTED_DATA: u16 = 1003;
    pub(crate) const INVALID_DATA: u16 = 1007;
    pub(crate) const POLICY_VIOLATION: u16 = 1008;
    pub(crate) const MESSAGE_TOO_BIG: u16 = 1009;
}

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// The longest header of a server frame: two bytes and a length of eight.
const MAX_HEADER: usize = 10;

/// A client's message or control frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    /// A close frame; the code is the one to reply with.
    Close(u16),
}

/// A text message in one frame, shared by all subscribers. `write` appends about `expected` bytes
/// of payload behind the space for the header, so that the payload is not copied.
pub(crate) fn text(expected: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    encode(TEXT, expected, write)
}

pub(crate) fn pong(payload: &[u8]) -> Bytes {
    encode(PONG, payload.len(), |out| out.extend_from_slice(payload))
}

pub(crate) fn close_frame(code: u16) -> Bytes {
    encode(CLOSE, 2, |out| out.extend_from_slice(&code.to_be_bytes()))
}

fn encode(opcode: u8, expected: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::with_capacity(MAX_HEADER + expected);
    out.resize(MAX_HEADER, 0);
    write(&mut out);
    let length = out.len() - MAX_HEADER;
    // The header's size depends on the payload's, so it is written directly before the payload and
    // the unused space is cut off.
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

/// An incremental parser. It holds memory only while a message is incomplete, and at most one
/// message, the frame after it and the bytes of one `feed`.
#[derive(Default)]
pub(crate) struct Parser {
    pending: Vec<u8>,
    /// The number of parsed bytes at the start of `pending`.
    consumed: usize,
    /// The fragments of an incomplete text message.
    fragments: Option<Vec<u8>>,
}

impl Parser {
    /// Adds bytes from the network. Call [`Parser::next`] until it returns `None` before feeding
    /// more.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// Returns the next complete message. `Err` holds the close code of a protocol violation, after
    /// which nothing more may be parsed.
    pub(crate) fn next(&mut self) -> Result<Option<Incoming>, u16> {
        let result = self.advance();
        match result {
            Ok(Some(_)) => {}
            Ok(None) => self.compact(),
            Err(_) => *self = Self::default(),
        }
        result
    }

    fn advance(&mut self) -> Result<Option<Incoming>, u16> {
        while let Some((frame, length)) =
            Frame::parse(self.pending.get(self.consumed..).unwrap_or_default())?
        {
            self.consumed += length;
            if let Some(message) = self.accept(frame)? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    fn compact(&mut self) {
        self.pending.drain(..self.consumed);
        self.consumed = 0;
        if self.pending.is_empty() {
            self.pending = Vec::new();
        }
    }

    fn accept(&mut self, frame: Frame) -> Result<Option<Incoming>, u16> {
        match (frame.opcode, &mut self.fragments) {
            (TEXT, None) if frame.last => text_message(frame.payload).map(Some),
            (TEXT, fragments @ None) => {
                *fragments = Some(frame.payload);
                Ok(None)
            }
            (CONTINUATION, Some(fragments)) => {
                if fragments.len() + frame.payload.len() > MAX_MESSAGE {
                    return Err(close::MESSAGE_TOO_BIG);
                }
                fragments.extend_from_slice(&frame.payload);
                if !frame.last {
                    return Ok(None);
                }
                text_message(self.fragments.take().unwrap_or_default()).map(Some)
            }
            (PING, _) => Ok(Some(Incoming::Ping(frame.payload))),
            (PONG, _) => Ok(Some(Incoming::Pong)),
            (CLOSE, _) => close_message(&frame.payload).map(Some),
            (BINARY, _) => Err(close::UNSUPPORTED_DATA),
            _ => Err(close::PROTOCOL_ERROR),
        }
    }

    #[cfg(any(test, fuzzing))]
    fn allocated_bytes(&self) -> usize {
        self.pending.capacity() + self.fragments.as_ref().map_or(0, Vec::capacity)
    }
}

fn text_message(payload: Vec<u8>) -> Result<Incoming, u16> {
    String::from_utf8(payload).map(Incoming::Text).map_err(|_| close::INVALID_DATA)
}

/// A close frame is empty, or has a valid code and a UTF-8 reason (RFC 6455 § 5.5.1, 7.4).
fn close_message(payload: &[u8]) -> Result<Incoming, u16> {
    let (code, reason) = match *payload {
        [] => return Ok(Incoming::Close(close::NORMAL)),
        [high, low, ref reason @ ..] => (u16::from_be_bytes([high, low]), reason),
        [_] => return Err(close::PROTOCOL_ERROR),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(close::PROTOCOL_ERROR);
    }
    std::str::from_utf8(reason).map(|_| Incoming::Close(code)).map_err(|_| close::INVALID_DATA)
}

struct Frame {
    last: bool,
    opcode: u8,
    payload: Vec<u8>,
}

impl Frame {
    /// Parses the first frame in `bytes` and returns it with its length; `None` while it is
    /// incomplete.
    fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, u16> {
        let [first, second, ..] = *bytes else { return Ok(None) };
        let (last, opcode) = (first & 0x80 != 0, first & 0x0f);
        let control = opcode >= 8;
        let length_code = usize::from(second & 0x7f);
        // No extensions are negotiated; clients must mask; control frames are short and
        // unfragmented (RFC 6455 § 5.2, 5.3, 5.5).
        if first & 0x70 != 0 || second & 0x80 == 0 || (control && (length_code > 125 || !last)) {
            return Err(close::PROTOCOL_ERROR);
        }
        let (length, header, minimum) = match (length_code, bytes) {
            (126, [_, _, a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4, 126),
            (127, [_, _, a, b, c, d, e, f, g, h, ..]) => {
                (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10, 0x1_0000)
            }
            (126 | 127, _) => return Ok(None),
            (length_code, _) => (length_code as u64, 2, 0),
        };
        // A length must use the shortest encoding (§ 5.2). The limit is checked before any of the
        // payload is buffered.
        if length < minimum {
            return Err(close::PROTOCOL_ERROR);
        }
        let Some(length) = usize::try_from(length).ok().filter(|length| *length <= MAX_MESSAGE)
        else {
            return Err(close::MESSAGE_TOO_BIG);
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

#[cfg(any(test, fuzzing))]
pub mod invariants;

#[cfg(test)]
mod tests;
