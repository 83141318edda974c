//! WebSocket framing, RFC 6455: what a server writes, and a parser for what clients send that believes nothing.

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

/// A text message in one frame, as all subscribers get it. `write` appends about `expected` bytes of payload, so that they
/// need not be copied to get their header.
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
    // The header's size depends on the payload's, so it is put directly before it and what is left over is cut off.
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

/// Takes bytes as they come and gives messages. Holds memory only while a message is incomplete, and never more than one
/// message, the frame after it and what was fed at once.
#[derive(Default)]
pub(crate) struct Parser {
    pending: Vec<u8>,
    /// So many bytes of `pending` are done.
    done: usize,
    /// A text message of which the last fragment has not come.
    fragments: Option<Vec<u8>>,
}

impl Parser {
    /// Adds bytes from the network. Ask for messages until there is none before the next bytes are fed.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next complete message; `Err` holds the close code of a violation, after which nothing more is read.
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
        while let Some((frame, length)) = Frame::parse(self.pending.get(self.done..).unwrap_or_default())? {
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

/// A close frame is empty, or has a code that may be sent and a reason that is text (RFC 6455 § 5.5.1, 7.4).
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
        // Extensions were not agreed on; clients must mask; control frames are short and whole (RFC 6455 § 5.2, 5.3, 5.5).
        if first & 0x70 != 0 || second & 0x80 == 0 || (control && (short > 125 || !last)) {
            return Err(close::PROTOCOL_ERROR);
        }
        let (length, header, least) = match (short, bytes) {
            (126, [_, _, a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4, 126),
            (127, [_, _, a, b, c, d, e, f, g, h, ..]) => (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10, 0x1_0000),
            (126 | 127, _) => return Ok(None),
            (short, _) => (short as u64, 2, 0),
        };
        // A length is written in the shortest way (§ 5.2). The limit is checked before any byte of the payload is kept.
        if length < least {
            return Err(close::PROTOCOL_ERROR);
        }
        let Some(length) = usize::try_from(length).ok().filter(|length| *length <= MAX_MESSAGE) else { return Err(close::TOO_BIG) };
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

    /// A masked frame that begins with the byte `first`.
    fn client(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = encode(first & 0x0f, payload.len(), |out| out.extend_from_slice(payload)).to_vec();
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
    fn a_length_is_written_in_the_shortest_way() {
        for (length, header) in [
            (0, vec![0x81, 0]),
            (125, vec![0x81, 125]),
            (126, vec![0x81, 126, 0, 126]),
            (0xffff, vec![0x81, 126, 0xff, 0xff]),
            (0x1_0000, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let frame = text(0, |out| out.resize(out.len() + length, b'x'));
            assert_eq!(frame[..header.len()], header);
            assert_eq!(frame.len(), header.len() + length);
        }
    }

    #[test]
    fn fragments_may_have_a_ping_between_them() {
        let bytes = [client(0x01, b"he"), client(0x89, b"?"), client(0x80, b"llo")].concat();
        assert_eq!(all(&bytes, 3), Ok(vec![Incoming::Ping(b"?".to_vec()), Incoming::Text("hello".into())]));
    }

    #[test]
    fn a_letter_may_be_cut_between_fragments() {
        let bytes = [client(0x01, b"\xc3"), client(0x80, b"\xa4")].concat();
        assert_eq!(all(&bytes, 99), Ok(vec![Incoming::Text("ä".into())]));
    }

    #[test]
    fn violations_have_their_codes() {
        let unmasked = text(8, |out| out.extend_from_slice(b"unmasked"));
        let half = MAX_MESSAGE / 2 + 1;
        for (bytes, code) in [
            (unmasked.to_vec(), close::PROTOCOL_ERROR),
            (client(0xc1, b"reserved bit"), close::PROTOCOL_ERROR),
            (client(0x83, b"reserved opcode"), close::PROTOCOL_ERROR),
            (client(0x80, b"no beginning"), close::PROTOCOL_ERROR),
            ([client(0x01, b"begun"), client(0x81, b"and begun again")].concat(), close::PROTOCOL_ERROR),
            (client(0x09, b"fragmented ping"), close::PROTOCOL_ERROR),
            (client(0x89, &[0; 126]), close::PROTOCOL_ERROR),
            (vec![0x81, 0xfe, 0, 125], close::PROTOCOL_ERROR),
            (vec![0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], close::PROTOCOL_ERROR),
            (client(0x82, b"binary"), close::UNSUPPORTED),
            (client(0x81, b"\xff\xfe"), close::NOT_TEXT),
            (client(0x81, &[b'a'; MAX_MESSAGE + 1]), close::TOO_BIG),
            ([client(0x01, &vec![b'a'; half]), client(0x80, &vec![b'a'; half])].concat(), close::TOO_BIG),
        ] {
            assert_eq!(all(&bytes, 1 << 20), Err(code), "{:?}", &bytes[..bytes.len().min(12)]);
        }
    }

    #[test]
    fn goodbyes_are_checked_and_their_code_is_answered() {
        for (payload, verdict) in [
            (&b""[..], Ok(1000)),
            (b"\x03\xe9", Ok(1001)),
            (b"\x0f\xa0bye", Ok(4000)),
            (b"\x03", Err(close::PROTOCOL_ERROR)),
            (b"\x03\xed", Err(close::PROTOCOL_ERROR)),
            (b"\xff\xff", Err(close::PROTOCOL_ERROR)),
            (b"\x03\xe8\xff", Err(close::NOT_TEXT)),
        ] {
            assert_eq!(all(&client(0x88, payload), 99), verdict.map(|code| vec![Incoming::Close(code)]), "{payload:?}");
        }
    }

    #[test]
    fn an_announced_giant_is_refused_before_it_comes() {
        let mut parser = Parser::default();
        parser.feed(&[0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(parser.next(), Err(close::TOO_BIG));
        assert_eq!(parser.held(), 0);
    }

    /// Plausible headers, so that garbage gets past the first check now and then.
    fn nearly_frames() -> impl Strategy<Value = Vec<u8>> {
        let header = (prop::sample::select(vec![0x81u8, 0x01, 0x80, 0x00, 0x89, 0x88]), any::<u8>());
        let piece = (header, prop::collection::vec(any::<u8>(), 0..200));
        prop::collection::vec(piece, 0..20)
            .prop_map(|pieces| pieces.into_iter().flat_map(|((first, second), rest)| [vec![first, second | 0x80], rest].concat()).collect())
    }

    proptest! {
        #[test]
        fn the_network_may_cut_anywhere(
            texts in prop::collection::vec(("\\PC{0,300}", 1usize..400, any::<bool>()), 0..5),
            step in 1usize..64,
        ) {
            let (mut bytes, mut expected) = (Vec::new(), Vec::new());
            for (text, part, pinged) in texts {
                let parts = text.as_bytes().chunks(part).map(<[u8]>::to_vec).collect::<Vec<_>>();
                for (index, part) in parts.iter().enumerate() {
                    let (begins, ends) = (index == 0, index + 1 == parts.len());
                    bytes.extend(client(u8::from(begins) | if ends { 0x80 } else { 0 }, part));
                    if pinged {
                        bytes.extend(client(0x89, b"still there?"));
                        expected.push(Incoming::Ping(b"still there?".to_vec()));
                    }
                    if ends {
                        let at = expected.len() - usize::from(pinged);
                        expected.insert(at, Incoming::Text(text.clone()));
                    }
                }
            }
            let whole = all(&bytes, usize::MAX);
            prop_assert_eq!(&whole, &Ok(expected));
            prop_assert_eq!(all(&bytes, step), whole);
        }

        #[test]
        fn garbage_neither_breaks_the_parser_nor_fills_memory(
            bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), nearly_frames()],
            step in 1usize..64,
        ) {
            let mut parser = Parser::default();
            'fed: for chunk in bytes.chunks(step) {
                parser.feed(chunk);
                loop {
                    match parser.next() {
                        Ok(Some(_)) => {}
                        Ok(None) => break,
                        Err(_) => break 'fed,
                    }
                }
                // A vector may have twice what it needed.
                prop_assert!(parser.held() <= 2 * (2 * MAX_MESSAGE + 14 + step));
                prop_assert!(parser.held() <= 4 * (bytes.len() + 16), "memory for what was announced and has not come");
            }
        }
    }
}
