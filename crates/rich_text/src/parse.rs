//! From text to a tree, by html5ever, within limits that keep hostile input cheap.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Elements inside each other at most. Nobody writes more; deeper input is shown as the text it is, because the parser's work
/// grows with the square of the depth.
pub(crate) const MAX_DEPTH: usize = 200;

/// Elements that hold nothing, so that any number of them adds no depth.
const VOID: [&str; 14] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// A parsed fragment. Its nodes are emptied when it is dropped, also those that are held elsewhere.
pub(crate) struct Fragment(RcDom);

impl Fragment {
    /// Calls `f` for each node at the top, in order.
    pub(crate) fn for_each(&self, f: impl FnMut(&Handle)) {
        if let Some(root) = self.0.document.children.borrow().first() {
            root.children.borrow().iter().for_each(f);
        }
    }
}

/// Parses a fragment; `None` if it is nested too deeply to be parsed.
pub(crate) fn fragment(html: &str) -> Option<Fragment> {
    if too_deep(html) {
        return None;
    }
    let context = QualName::new(None, ns!(html), local_name!("body"));
    Some(Fragment(parse_fragment(RcDom::default(), ParseOpts::default(), context, Vec::new(), false).one(html)))
}

/// A bound from above on the depth, by counting tags that open and close.
fn too_deep(html: &str) -> bool {
    let mut depth: usize = 0;
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
            depth += usize::from(!VOID.contains(&name.as_str()));
            if depth > MAX_DEPTH {
                return true;
            }
        }
    }
    false
}

/// An element's name if the node is an element.
pub(crate) fn name(node: &Handle) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

/// An element's attribute.
pub(crate) fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    match &node.data {
        NodeData::Element { attrs, .. } => {
            attrs.borrow().iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| attribute.value.to_string())
        }
        _ => None,
    }
}

/// All attributes of an element, as written.
pub(crate) fn attributes(node: &Handle) -> Vec<(String, String)> {
    match &node.data {
        NodeData::Element { attrs, .. } => {
            attrs.borrow().iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string())).collect()
        }
        _ => Vec::new(),
    }
}

/// The text of a text node.
pub(crate) fn text(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    }
}

/// Writes text so that it is text in any element.
pub(crate) fn escape(text: &str, out: &mut String) {
    replace(text, &['&', '<', '>', '\u{a0}'], out);
}

/// Writes ` name="value"`.
pub(crate) fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    replace(value, &['&', '<', '>', '"', '\'', '\u{a0}'], out);
    out.push('"');
}

fn replace(text: &str, special: &[char], out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        let found = rest[at..].chars().next().unwrap_or_default();
        out.push_str(match found {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => "&nbsp;",
        });
        rest = &rest[at + found.len_utf8()..];
    }
    out.push_str(rest);
}

/// Whether an element holds nothing and has no end tag.
pub(crate) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// The lines of a body that is plain text in one block, by far the most frequent kind: it needs no parser. Anything that a
/// parser would read differently (references, other tags, carriage returns) is not such a body.
pub(crate) fn plain_lines(html: &str) -> Option<impl Iterator<Item = &str>> {
    let inner = html.strip_prefix("<div>")?.strip_suffix("</div>")?;
    let plain = inner.split("<br>").all(|line| !line.contains(['<', '&', '\r', '\0']));
    plain.then(|| inner.split("<br>"))
}
