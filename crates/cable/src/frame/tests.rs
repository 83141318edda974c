use proptest::prelude::*;

use super::*;

/// A masked client frame whose first byte is `first`.
fn client(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame =
        encode(first & 0x0f, payload.len(), |out| out.extend_from_slice(payload)).to_vec();
    frame[0] = first;
    frame[1] |= 0x80;
    let header = frame.len() - payload.len();
    frame.splice(header..header, [1, 2, 3, 4]);
    for (index, byte) in frame[header + 4..].iter_mut().enumerate() {
        *byte ^= [1, 2, 3, 4][index % 4];
    }
    frame
}

fn parse_all(bytes: &[u8], step: usize) -> Result<Vec<Incoming>, u16> {
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
fn lengths_use_the_shortest_encoding() {
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
fn control_frames_may_interrupt_a_fragmented_message() {
    let bytes = [client(0x01, b"he"), client(0x89, b"?"), client(0x80, b"llo")].concat();
    assert_eq!(
        parse_all(&bytes, 3),
        Ok(vec![Incoming::Ping(b"?".to_vec()), Incoming::Text("hello".into())])
    );
}

#[test]
fn a_character_may_be_split_between_fragments() {
    let bytes = [client(0x01, b"\xc3"), client(0x80, b"\xa4")].concat();
    assert_eq!(parse_all(&bytes, 99), Ok(vec![Incoming::Text("ä".into())]));
}

#[test]
fn protocol_violations_have_their_close_codes() {
    let unmasked = text(8, |out| out.extend_from_slice(b"unmasked"));
    let half = MAX_MESSAGE / 2 + 1;
    for (bytes, code) in [
        (unmasked.to_vec(), close::PROTOCOL_ERROR),
        (client(0xc1, b"reserved bit"), close::PROTOCOL_ERROR),
        (client(0x83, b"reserved opcode"), close::PROTOCOL_ERROR),
        (client(0x80, b"no beginning"), close::PROTOCOL_ERROR),
        (
            [client(0x01, b"begun"), client(0x81, b"and begun again")].concat(),
            close::PROTOCOL_ERROR,
        ),
        (client(0x09, b"fragmented ping"), close::PROTOCOL_ERROR),
        (client(0x89, &[0; 126]), close::PROTOCOL_ERROR),
        (vec![0x81, 0xfe, 0, 125], close::PROTOCOL_ERROR),
        (vec![0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], close::PROTOCOL_ERROR),
        (client(0x82, b"binary"), close::UNSUPPORTED_DATA),
        (client(0x81, b"\xff\xfe"), close::INVALID_DATA),
        (client(0x81, &[b'a'; MAX_MESSAGE + 1]), close::MESSAGE_TOO_BIG),
        (
            [client(0x01, &vec![b'a'; half]), client(0x80, &vec![b'a'; half])].concat(),
            close::MESSAGE_TOO_BIG,
        ),
    ] {
        assert_eq!(parse_all(&bytes, 1 << 20), Err(code), "{:?}", &bytes[..bytes.len().min(12)]);
    }
}

#[test]
fn close_frames_are_validated() {
    for (payload, expected) in [
        (&b""[..], Ok(1000)),
        (b"\x03\xe9", Ok(1001)),
        (b"\x0f\xa0bye", Ok(4000)),
        (b"\x03", Err(close::PROTOCOL_ERROR)),
        (b"\x03\xed", Err(close::PROTOCOL_ERROR)),
        (b"\xff\xff", Err(close::PROTOCOL_ERROR)),
        (b"\x03\xe8\xff", Err(close::INVALID_DATA)),
    ] {
        assert_eq!(
            parse_all(&client(0x88, payload), 99),
            expected.map(|code| vec![Incoming::Close(code)]),
            "{payload:?}"
        );
    }
}

#[test]
fn an_oversized_frame_is_rejected_by_its_header() {
    let mut parser = Parser::default();
    parser.feed(&[0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(parser.next(), Err(close::MESSAGE_TOO_BIG));
    assert_eq!(parser.allocated_bytes(), 0);
}

/// Plausible headers, so that garbage gets past the first check now and then.
fn nearly_frames() -> impl Strategy<Value = Vec<u8>> {
    let header = (prop::sample::select(vec![0x81u8, 0x01, 0x80, 0x00, 0x89, 0x88]), any::<u8>());
    let piece = (header, prop::collection::vec(any::<u8>(), 0..200));
    prop::collection::vec(piece, 0..20).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|((first, second), rest)| [vec![first, second | 0x80], rest].concat())
            .collect()
    })
}

proptest! {
    #[test]
    fn messages_may_be_split_anywhere(
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
        let at_once = parse_all(&bytes, usize::MAX);
        prop_assert_eq!(&at_once, &Ok(expected));
        prop_assert_eq!(parse_all(&bytes, step), at_once);
    }

    #[test]
    fn arbitrary_input_keeps_the_invariants(
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), nearly_frames()],
        step in 1usize..64,
    ) {
        invariants::check_parser(&bytes, step);
    }
}
