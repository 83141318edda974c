//! Parsing: the fast parser for well-formed bodies, html5ever for the rest, within limits that keep
//! hostile input cheap.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};

use crate::sink::Sink;
use crate::strict;
use crate::tree::Tree;

/// Bytes passed to html5ever at once; the limits are checked in between.
const CHUNK_SIZE: usize = 1024;

/// Maximum number of attributes per tag; html5ever compares each with all before it.
const MAX_ATTRIBUTES: usize = 256;

/// Maximum average number of times a byte is read while counting attributes.
const MAX_READINGS: usize = 8;

/// Parses a fragment; `None` if it exceeds the limits, and is then shown as text.
pub(crate) fn parse(html: &str) -> Option<Tree<'_>> {
    strict::parse(html).or_else(|| lenient(html))
}

/// Parses any input as browsers do.
pub(crate) fn lenient(html: &str) -> Option<Tree<'static>> {
    if has_too_many_attributes(html) {
        return None;
    }
    let tags = html.bytes().filter(|byte| *byte == b'<').count();
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let mut options = ParseOpts::default();
    // Browsers remove a byte order mark from documents, but not from markup inserted by scripts.
    options.tokenizer.discard_bom = false;
    let mut parser =
        parse_fragment(Sink::new(html.len(), tags), options, context, Vec::new(), false);
    let mut rest = html;
    while !rest.is_empty() {
        let (chunk, more) = rest.split_at(rest.floor_char_boundary(CHUNK_SIZE));
        parser.process(chunk.into());
        if parser.tokenizer.sink.sink.is_exhausted() {
            return None;
        }
        rest = more;
    }
    parser.finish()
}

/// Whether a tag has more attributes than allowed. Tries each `<` that might begin a tag, including
/// those in comments and values, because only a parser knows which ones do. Input for which this
/// takes too long is rejected as well.
fn has_too_many_attributes(html: &str) -> bool {
    // The shortest attribute has two bytes.
    if html.len() < 2 * MAX_ATTRIBUTES {
        return false;
    }
    let mut budget = MAX_READINGS * html.len();
    let bytes = html.as_bytes();
    for (start, _) in html.match_indices('<') {
        let mut tag = &bytes[start + 1..];
        if let [b'/', rest @ ..] = tag {
            tag = rest;
        }
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (attributes, read) = count_attributes(tag);
        if attributes > MAX_ATTRIBUTES || read > budget {
            return true;
        }
        budget -= read;
    }
    false
}

/// Counts the attributes of the tag whose name begins here, and stops at one more than the maximum.
/// Returns the count and the bytes read.
fn count_attributes(tag: &[u8]) -> (usize, usize) {
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let is_gap = |byte: &u8| is_space(byte) || *byte == b'/';
    let skip = |from: usize, ends: &dyn Fn(&u8) -> bool| {
        tag[from..].iter().position(ends).map_or(tag.len(), |length| from + length)
    };
    let mut at = skip(0, &|byte| is_gap(byte) || *byte == b'>');
    let mut count = 0;
    loop {
        at = skip(at, &|byte| !is_gap(byte));
        if at >= tag.len() || tag[at] == b'>' || count > MAX_ATTRIBUTES {
            return (count, at);
        }
        count += 1;
        // A name may begin with an equals sign.
        at = skip(at + 1, &|byte| is_gap(byte) || matches!(byte, b'=' | b'>'));
        let value = skip(at, &|byte| !is_space(byte));
        if tag.get(value) != Some(&b'=') {
            continue;
        }
        let value = skip(value + 1, &|byte| !is_space(byte));
        at = match tag.get(value) {
            Some(quote @ (b'"' | b'\'')) => {
                (skip(value + 1, &|byte| byte == quote) + 1).min(tag.len())
            }
            _ => skip(value, &|byte| is_space(byte) || *byte == b'>'),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{count_attributes, has_too_many_attributes, lenient};
    use crate::tree::Tree;

    #[test]
    fn attributes_are_counted_as_html5ever_does() {
        for (tag, count) in [
            ("a>", 0),
            ("a/>", 0),
            ("a b>", 1),
            ("a/b/c=d>", 2),
            ("a b=c d = 'x y' e=\"x>y\"f>g h", 4),
            ("a =x>", 1),
            ("a b", 1),
            ("a b=\"c", 1),
        ] {
            assert_eq!(count_attributes(tag.as_bytes()).0, count, "{tag}");
            let tree = lenient(&format!("<{tag}")).unwrap_or_else(|| Tree::with_capacity(0));
            if tag.contains('>') {
                assert_eq!(
                    tree.elements().next().map(|element| element.attributes.len()),
                    Some(count),
                    "{tag}"
                );
            }
        }
    }

    #[test]
    fn too_many_attributes_are_detected_anywhere() {
        let flood = (0..300).map(|number| format!(" a{number}")).collect::<String>();
        for html in [
            format!("<p{flood}>"),
            format!("</p{flood}>"),
            format!("<!-- <a x=\" --><p{flood}>\">"),
            format!("<p title='>'{flood}>"),
        ] {
            assert!(has_too_many_attributes(&html), "{html}");
        }
        let prose = "<p title=\"words words\">words words words</p>".repeat(1000);
        assert!(!has_too_many_attributes(&prose));
    }
}
