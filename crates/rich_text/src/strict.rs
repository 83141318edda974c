//! A fast parser for the bodies that editors and this server write: well-formed, properly nested,
//! of few elements. It rejects everything else, so it needs none of HTML's error recovery;
//! html5ever reads what it accepts the same way. A property test compares the two.

use std::borrow::Cow;

use crate::ATTACHMENT;
use crate::nesting::{Context, Kind, known};
use crate::tree::{Data, Element, Tree};

/// Maximum nesting depth; slightly below the limit for html5ever.
const MAX_DEPTH: usize = 190;

/// Maximum number of attributes per element; attachments have twelve.
const MAX_ATTRIBUTES: usize = 16;

/// The accepted attributes.
const ATTRIBUTES: [&str; 18] = [
    "href",
    "sgid",
    "content-type",
    "content",
    "url",
    "filename",
    "caption",
    "filesize",
    "width",
    "height",
    "previewable",
    "presentation",
    "title",
    "class",
    "lang",
    "cite",
    "datetime",
    "abbr",
];

/// Parses a body; `None` if it is not in the accepted subset.
pub(crate) fn parse(html: &str) -> Option<Tree<'_>> {
    let mut parser =
        Parser { tree: Tree::with_capacity(html.len() / 24 + 4), open: Vec::new(), rest: html };
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
    /// The context inside the element.
    context: Context,
}

impl<'a> Parser<'a> {
    /// Consumes the text before `end`, which must follow.
    fn until(&mut self, end: char) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at(self.rest.find(end)?);
        self.rest = rest;
        Some(taken)
    }

    fn text(&mut self) -> Option<()> {
        let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
        self.rest = rest;
        let drops =
            |open: &Open| open.context.drops_line_break() && open.index + 1 == self.tree.len();
        if text.starts_with('\n') && self.open.last().is_some_and(drops) {
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
        let length =
            rest.bytes().position(|byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))?;
        let (name, rest) = rest.split_at(length);
        let (name, kind) =
            if name == ATTACHMENT { (ATTACHMENT, Kind::PLAIN) } else { known(name)? };
        // Tables have parsing modes of their own.
        let context = self.open.last().map_or(Context::TOP, |open| open.context);
        if self.open.len() == MAX_DEPTH || matches!(name, "table" | "img") || !context.takes(kind) {
            return None;
        }
        self.rest = rest;
        let mut attributes = Vec::new();
        while !self.rest.starts_with('>') {
            let attribute = self.attribute()?;
            if attributes.len() == MAX_ATTRIBUTES
                || attributes.iter().any(|(name, _)| *name == attribute.0)
            {
                return None;
            }
            attributes.push(attribute);
        }
        self.rest = &self.rest[1..];
        let index = self.tree.push(Data::Element(Element {
            name: Cow::Borrowed(name),
            is_html: true,
            attributes,
        }));
        if !kind.is(Kind::VOID) {
            self.open.push(Open { index, name, context: context.inside(kind) });
        }
        Some(())
    }

    fn attribute(&mut self) -> Option<(Cow<'static, str>, Cow<'a, str>)> {
        self.rest = self.rest.strip_prefix(' ')?;
        let name = self.until('=')?;
        let name = ATTRIBUTES.into_iter().find(|known| *known == name)?;
        self.rest = self.rest.strip_prefix("=\"")?;
        let value = decode(self.until('"')?)?;
        self.rest = &self.rest[1..];
        Some((Cow::Borrowed(name), value))
    }
}

/// Decodes the character references that serializers write. `None` for others, and for characters
/// that parsers change on reading.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    // Without an early exit the loop is vectorised.
    let look = |(changed, references): (bool, bool), byte| {
        (changed | (byte == b'\0') | (byte == b'\r'), references | (byte == b'&'))
    };
    match text.bytes().fold((false, false), look) {
        (true, _) => return None,
        (false, false) => return Some(Cow::Borrowed(text)),
        (false, true) => {}
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;
    use crate::parse::lenient;

    /// Well-formed markup, though not all of it nests as parsers leave it.
    fn markup() -> impl Strategy<Value = String> {
        const TEXTS: [&str; 12] = [
            "a",
            " b ",
            "\n",
            "&amp;",
            "&lt;b&gt;",
            "&nbsp;",
            "&#39;",
            "é",
            "\u{feff}",
            "<br>",
            "<hr>",
            "]]>",
        ];
        const TAGS: [&str; 34] = [
            "div",
            "p",
            "h1",
            "h2",
            "pre",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "blockquote",
            "cite",
            "address",
            "figure",
            "figcaption",
            "a",
            "a href=\"/x?a=b&amp;c\"",
            "b",
            "b title=\"&quot;\n\"",
            "strong",
            "em",
            "i",
            "u",
            "s",
            "code",
            "tt",
            "small",
            "big",
            "span",
            "del",
            "mark",
            "time datetime=\"x\"",
            "action-text-attachment sgid=\"x\" content=\"&lt;b&gt;\"",
        ];
        let text = prop::sample::select(&TEXTS[..]).prop_map(str::to_owned);
        text.prop_recursive(8, 48, 6, |inner| {
            (prop::sample::select(&TAGS[..]), prop::collection::vec(inner, 0..6)).prop_map(
                |(tag, inside)| {
                    let name = tag.split(' ').next().unwrap_or(tag);
                    format!("<{tag}>{}</{name}>", inside.concat())
                },
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn html5ever_reads_accepted_bodies_the_same(pieces in prop::collection::vec(markup(), 1..4)) {
            let html = pieces.concat();
            if let Some(tree) = parse(&html) {
                prop_assert_eq!(Some(tree), lenient(&html), "{}", html);
            }
        }
    }

    #[test]
    fn bodies_of_editors_are_accepted() {
        for html in [
            "plain",
            "<div>one<br>two &amp; three&nbsp;</div>",
            "<div><strong>a</strong> <em>b</em> <del>c</del> <a href=\"https://example.com/?a=b&amp;c=d\">e</a></div>",
            "<h1>a</h1><blockquote>b</blockquote><cite>c <a href=\"/rooms/1/@2\">#</a></cite><br><pre>d\n</pre>",
            "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul><p>d</p>",
            "<div><action-text-attachment sgid=\"a\" content-type=\"b\" content=\"&lt;c&gt;\"></action-text-attachment></div>",
        ] {
            assert!(parse(html).is_some(), "{html}");
        }
    }

    #[test]
    fn bodies_that_need_repair_are_rejected() {
        for html in [
            "<div>",
            "</div>",
            "<p>a<p>b</p></p>",
            "<b><i></b></i>",
            "<li>a<li>b</li></li>",
            "<a href=\"x\"><a href=\"y\"></a></a>",
            "a & b",
            "&copy;",
            "<B>x</B>",
            "<b title=x>y</b>",
            "<b  title=\"x\">y</b>",
            "<b title=\"x\" title=\"y\">z</b>",
            "<pre>\na</pre>",
            "<!-- x -->",
            "a\r\nb",
            "a\0",
            "<table><tr><td>x</td></tr></table>",
            "<script></script>",
            "<b/>",
            "<br/>",
            "<h1><h2>x</h2></h1>",
        ] {
            assert!(parse(html).is_none(), "{html}");
        }
    }
}
