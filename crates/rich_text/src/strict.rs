//! A parser for the bodies that editors and this server write: well-formed, of few elements, properly nested. It gives up at
//! anything else, so that it needs none of HTML's repairs and is many times faster; what it takes, html5ever would read the same.
//! A test holds the two against each other.

use std::borrow::Cow;

use crate::ATTACHMENT;
use crate::nesting::{Kind, fits, known};
use crate::tree::{Data, Element, Tree};

/// Elements inside each other; few bodies have more than five.
const MAX_DEPTH: usize = 64;

/// Attributes of an element; attachments have twelve.
const MAX_ATTRIBUTES: usize = 16;

/// The attributes that are known by sight.
const ATTRIBUTES: [&str; 18] = [
    "href", "sgid", "content-type", "content", "url", "filename", "caption", "filesize", "width", "height", "previewable", "presentation",
    "title", "class", "lang", "cite", "datetime", "abbr",
];

/// Parses a body, or gives up.
pub(crate) fn parse(html: &str) -> Option<Tree<'_>> {
    let mut parser = Parser { tree: Tree::with_capacity(html.len() / 24 + 4), open: Vec::new(), rest: html };
    while !parser.rest.is_empty() {
        match parser.rest.as_bytes() {
            [b'<', b'/', ..] => parser.end_tag()?,
            [b'<', ..] => parser.start_tag()?,
            _ => parser.text()?,
        }
    }
    parser.open.is_empty().then_some(parser.tree)
}

struct Parser<'a> {
    tree: Tree<'a>,
    open: Vec<Open>,
    rest: &'a str,
}

struct Open {
    index: usize,
    name: &'static str,
    kind: Kind,
}

impl<'a> Parser<'a> {
    /// Takes the next bytes up to one of these, which must follow.
    fn until(&mut self, end: u8) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at(self.rest.bytes().position(|byte| byte == end)?);
        self.rest = rest;
        Some(taken)
    }

    fn text(&mut self) -> Option<()> {
        let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
        self.rest = rest;
        let is_first = self.open.last().is_some_and(|open| open.index + 1 == self.tree.len());
        if text.starts_with('\n') && is_first && self.open.last().is_some_and(|open| open.kind.is(Kind::PREFORMATTED)) {
            return None;
        }
        self.tree.push(Data::Text(decode(text)?));
        Some(())
    }

    fn end_tag(&mut self) -> Option<()> {
        let open = self.open.pop()?;
        self.rest = self.rest.strip_prefix("</")?.strip_prefix(open.name)?.strip_prefix('>')?;
        self.tree.close(open.index);
        Some(())
    }

    fn start_tag(&mut self) -> Option<()> {
        let rest = &self.rest[1..];
        let length = rest.bytes().position(|byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))?;
        let (name, rest) = rest.split_at(length);
        let (name, kind) = if name == ATTACHMENT { (ATTACHMENT, Kind::PLAIN) } else { known(name)? };
        // Tables have modes of parsing of their own.
        if self.open.len() == MAX_DEPTH || matches!(name, "table" | "img") || !fits(kind, self.open.iter().rev().map(|open| open.kind)) {
            return None;
        }
        self.rest = rest;
        let mut attributes = Vec::new();
        while !self.rest.starts_with('>') {
            let attribute = self.attribute()?;
            if attributes.len() == MAX_ATTRIBUTES || attributes.iter().any(|(name, _)| *name == attribute.0) {
                return None;
            }
            attributes.push(attribute);
        }
        self.rest = &self.rest[1..];
        let index = self.tree.push(Data::Element(Element { name: Cow::Borrowed(name), is_html: true, attributes }));
        if !kind.is(Kind::VOID) {
            self.open.push(Open { index, name, kind });
        }
        Some(())
    }

    fn attribute(&mut self) -> Option<(Cow<'static, str>, Cow<'a, str>)> {
        self.rest = self.rest.strip_prefix(' ')?;
        let name = self.until(b'=')?;
        let name = ATTRIBUTES.into_iter().find(|known| *known == name)?;
        self.rest = self.rest.strip_prefix("=\"")?;
        let value = decode(self.until(b'"')?)?;
        self.rest = &self.rest[1..];
        Some((Cow::Borrowed(name), value))
    }
}

/// Resolves the references that serialisers write. Gives up at others, and at what parsers change on reading.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    let mut has_references = false;
    for byte in text.bytes() {
        match byte {
            b'\0' | b'\r' => return None,
            b'&' => has_references = true,
            _ => {}
        }
    }
    if !has_references {
        return Some(Cow::Borrowed(text));
    }
    let mut parts = text.split('&');
    let mut decoded = String::with_capacity(text.len());
    decoded.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (reference, rest) = part.split_once(';')?;
        decoded.push(match reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            "nbsp" => '\u{a0}',
            _ => return None,
        });
        decoded.push_str(rest);
    }
    Some(Cow::Owned(decoded))
}
