//! WebSocket framing, RFC 6455: what a server writes, and a parser for what clients send that believes nothing.

use bytes::{BufMut, Bytes, BytesMut};

/// Bytes of a client's message at most; commands have a few hundred.
pub(crate) const MAX_MESSAGE: usize = 64 * 1024;

/// Close codes of RFC 6455 § 7.4.1.
pub(crate) mod close {
    pub(crate) const NORMAL: u16 = 1000;
    pub(crate) const PROTOCOL_ERROR: u16 = 1002;
    pub(crate) const UNSUPPORTED: u16 = 1003;
    pub(crate) const NOT_TEXT: u16 = 1007;
    pub(crate) const TOO_BIG: u16 = 1009;
}

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Text(String),
    Ping(Vec<u8>),
    Pong,
    Close,
}

/// A text message in one frame, as all subscribers get it.
pub(crate) fn text(payload: &[u8]) -> Bytes {
    encode(TEXT, payload)
}

/// The answer to a ping.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    encode(PONG, payload)
}

/// The end of the conversation.
pub(crate) fn closing(code: u16) -> Bytes {
    encode(CLOSE, &code.to_be_bytes())
}

fn encode(opcode: u8, payload: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(payload.len() + 10);
    frame.put_u8(0x80 | opcode);
    match payload.len() {
        length @ 0..=125 => frame.put_u8(length as u8),
        length @ 126..=0xffff => {
            frame.put_u8(126);
            frame.put_u16(length as u16);
        }
        length => {
            frame.put_u8(127);
            frame.put_u64(length as u64);
        }
    }
    frame.put_slice(payload);
    frame.freeze()
}

/// Takes bytes as they come and gives messages. Holds memory only while a message is incomplete.
#[derive(Default)]
pub(crate) struct Parser {
    pending: Vec<u8>,
    /// A text message of which the last fragment has not come.
    fragments: Option<Vec<u8>>,
}

impl Parser {
    /// Adds bytes from the network.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next complete message; `Err` holds the close code of a violation, after which nothing more is read.
    pub(crate) fn next(&mut self) -> Result<Option<Incoming>, u16> {
        loop {
            let Some((frame, length)) = Frame::parse(&mut self.pending)? else { return Ok(None) };
            let message = self.accept(frame)?;
            self.pending.drain(..length);
            if self.pending.is_empty() {
                self.pending = Vec::new();
            }
            if message.is_some() {
                return Ok(message);
            }
        }
    }

    fn accept(&mut self, frame: Frame) -> Result<Option<Incoming>, u16> {
        match (frame.opcode, &mut self.fragments) {
            (TEXT, None) if frame.last => whole(frame.payload).map(Some),
            (TEXT, fragments @ None) => {
                *fragments = Some(frame.payload);
                Ok(None)
            }
            (0, Some(fragments)) => {
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
            (CLOSE, _) => Ok(Some(Incoming::Close)),
            (2, _) => Err(close::UNSUPPORTED),
            _ => Err(close::PROTOCOL_ERROR),
        }
    }
}

fn whole(payload: Vec<u8>) -> Result<Incoming, u16> {
    String::from_utf8(payload).map(Incoming::Text).map_err(|_| close::NOT_TEXT)
}

struct Frame {
    last: bool,
    opcode: u8,
    payload: Vec<u8>,
}

impl Frame {
    /// The first frame in `bytes` and its length there; `None` while it is incomplete.
    fn parse(bytes: &mut [u8]) -> Result<Option<(Self, usize)>, u16> {
        let [first, second, ..] = *bytes else { return Ok(None) };
        let (last, opcode) = (first & 0x80 != 0, first & 0x0f);
        let control = opcode >= 8;
        let length = usize::from(second & 0x7f);
        // Extensions were not agreed on; clients must mask; control frames are short and whole (RFC 6455 § 5.2, 5.3, 5.5).
        if first & 0x70 != 0 || second & 0x80 == 0 || (control && (length > 125 || !last)) {
            return Err(close::PROTOCOL_ERROR);
        }
        let (length, header) = match length {
            126 => match bytes.get(2..4) {
                Some(field) => (usize::from(u16::from_be_bytes([field[0], field[1]])), 4),
                None => return Ok(None),
            },
            127 => match bytes.get(2..10) {
                Some(field) if field[..4] == [0; 4] => (u32::from_be_bytes([field[4], field[5], field[6], field[7]]) as usize, 10),
                Some(_) => return Err(close::TOO_BIG),
                None => return Ok(None),
            },
            length => (length, 2),
        };
        if length > MAX_MESSAGE {
            return Err(close::TOO_BIG);
        }
        let end = header + 4 + length;
        let (Some(mask), Some(payload)) = (bytes.get(header..header + 4), bytes.get(header + 4..end)) else { return Ok(None) };
        let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        Ok(Some((Self { last, opcode, payload }, end)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = encode(first & 0x0f, payload).to_vec();
        frame[0] = first;
        frame[1] |= 0x80;
        let header = frame.len() - payload.len();
        frame.splice(header..header, [1, 2, 3, 4]);
        for (index, byte) in frame[header + 4..].iter_mut().enumerate() {
            *byte ^= [1, 2, 3, 4][index % 4];
        }
        frame
    }

    fn all(bytes: &[u8], step: usize) -> Result<Vec<Incoming>, u16> {
        let (mut parser, mut found) = (Parser::default(), Vec::new());
        for chunk in bytes.chunks(step.max(1)) {
            parser.feed(chunk);
            while let Some(message) = parser.next()? {
                found.push(message);
            }
        }
        Ok(found)
    }

    #[test]
    fn fragments_may_have_a_ping_between_them() {
        let bytes = [client(0x01, b"he"), client(0x89, b"?"), client(0x80, b"llo")].concat();
        assert_eq!(all(&bytes, 3), Ok(vec![Incoming::Ping(b"?".to_vec()), Incoming::Text("hello".into())]));
    }

    #[test]
    fn violations_have_their_codes() {
        assert_eq!(all(&text(b"unmasked"), 99), Err(close::PROTOCOL_ERROR));
        assert_eq!(all(&client(0xc1, b"reserved bit"), 99), Err(close::PROTOCOL_ERROR));
        assert_eq!(all(&client(0x80, b"no beginning"), 99), Err(close::PROTOCOL_ERROR));
        assert_eq!(all(&client(0x09, b"fragmented ping"), 99), Err(close::PROTOCOL_ERROR));
        assert_eq!(all(&client(0x89, &[0; 126]), 999), Err(close::PROTOCOL_ERROR));
        assert_eq!(all(&client(0x82, b"binary"), 99), Err(close::UNSUPPORTED));
        assert_eq!(all(&client(0x81, b"\xff\xfe"), 99), Err(close::NOT_TEXT));
        assert_eq!(all(&client(0x81, &[b'a'; MAX_MESSAGE + 1]), 1 << 20), Err(close::TOO_BIG));
    }

    #[test]
    fn an_announced_giant_is_refused_before_it_comes() {
        let mut parser = Parser::default();
        parser.feed(&[0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(parser.next(), Err(close::TOO_BIG));
    }

    proptest! {
        #[test]
        fn the_network_may_cut_anywhere(texts in prop::collection::vec("\\PC{0,300}", 0..5), step in 1usize..64) {
            let bytes = texts.iter().flat_map(|text| client(0x81, text.as_bytes())).collect::<Vec<_>>();
            let expected = texts.into_iter().map(Incoming::Text).collect::<Vec<_>>();
            prop_assert_eq!(all(&bytes, step), Ok(expected));
        }

        #[test]
        fn garbage_does_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), step in 1usize..64) {
            let _ = all(&bytes, step);
        }
    }
}
