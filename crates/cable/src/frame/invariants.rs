//! What holds for the parser on any input; driven by a property test and by the fuzz target.

use super::{Incoming, MAX_MESSAGE, Parser};

/// The longest header of a client frame: a server's and the mask.
const MAX_CLIENT_HEADER: usize = 14;

/// Parses `bytes` in chunks of `step` and checks that the result does not depend on the chunks and
/// that the parser buffers no more than it received.
///
/// # Panics
/// If an invariant is violated.
pub fn check_parser(bytes: &[u8], step: usize) {
    assert_eq!(parse(bytes, step.max(1)), parse(bytes, bytes.len().max(1)));
}

/// The messages, and the close code if the input ends in a protocol violation.
fn parse(bytes: &[u8], step: usize) -> (Vec<Incoming>, Option<u16>) {
    let (mut parser, mut messages) = (Parser::default(), Vec::new());
    for (index, chunk) in bytes.chunks(step).enumerate() {
        parser.feed(chunk);
        loop {
            match parser.next() {
                Ok(Some(message)) => {
                    match &message {
                        Incoming::Text(text) => assert!(text.len() <= MAX_MESSAGE),
                        Incoming::Ping(payload) => assert!(payload.len() <= 125),
                        Incoming::Pong | Incoming::Close(_) => {}
                    }
                    messages.push(message);
                }
                Ok(None) => break,
                Err(code) => return (messages, Some(code)),
            }
        }
        // A vector may have allocated twice what it holds.
        let received = (index + 1) * step;
        assert!(parser.allocated_bytes() <= 2 * (2 * MAX_MESSAGE + MAX_CLIENT_HEADER + step));
        assert!(parser.allocated_bytes() <= 4 * (received + 16), "memory for bytes not received");
    }
    (messages, None)
}
