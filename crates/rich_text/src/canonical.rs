//! The form in which bodies are stored: well-formed HTML in the shapes that Action Text produces.

use std::borrow::Cow;

use serde_json::Value;

use crate::ATTACHMENT;
use crate::escape::{escape, write_attribute};
use crate::parse::parse;
use crate::tree::{At, Data, Element};

/// A body in canonical form. It is not sanitized: every output does that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(String);

impl Canonical {
    /// Returns the markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the markup.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The attributes of a stored attachment, in Action Text's order.
pub(crate) const ATTACHMENT_ATTRIBUTES: [&str; 12] = [
    "sgid",
    "content-type",
    "url",
    "href",
    "filename",
    "filesize",
    "width",
    "height",
    "previewable",
    "presentation",
    "caption",
    "content",
];

/// Elements that are never stored: they are not visible, and their content follows parsing rules of
/// its own, so that writing it back would change it.
const NEVER_STORED: [&str; 13] = [
    "script",
    "style",
    "iframe",
    "listing",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "select",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Converts plain text to what the editor would store: one block, lines separated by `<br>`,
/// everything else escaped.
pub fn from_plain_text(text: &str) -> Canonical {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let text = text.trim_end_matches('\n');
    if text.is_empty() {
        return Canonical(String::new());
    }
    let mut html = String::with_capacity(text.len() + 16);
    html.push_str("<div>");
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            html.push_str("<br>");
        }
        escape(line, &mut html);
    }
    html.push_str("</div>");
    Canonical(html)
}

/// Converts the editor's HTML to its stored form: parsed and serialized again, Trix's figures
/// turned into empty attachment elements, whitespace at both ends removed. Input that exceeds the
/// parser's limits is stored as text.
pub fn canonicalize(html: &str) -> Canonical {
    let Some(tree) = parse(html.trim_ascii()) else {
        return from_plain_text(html);
    };
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    tree.top().for_each(|node| serialize(node, &mut out));
    let trimmed = out.trim_ascii();
    Canonical(if trimmed.len() == out.len() { out } else { trimmed.to_owned() })
}

fn serialize(node: At<'_, '_>, out: &mut String) {
    let element = match node.data() {
        Data::Text(text) => return escape(text, out),
        Data::Element(element) => element,
    };
    if !element.is_html || NEVER_STORED.contains(&&*element.name) {
        return;
    }
    if element.name == ATTACHMENT {
        return attachment(|key| element.get(key).map(Cow::Borrowed), out);
    }
    if let Some(data) =
        (element.name == "figure").then(|| element.get("data-trix-attachment")).flatten()
    {
        return figure(data, element.get("data-trix-attributes").unwrap_or_default(), out);
    }
    // Parsers accept nearly anything as a name; only names that are valid everywhere are written.
    let has_tag = is_plain_name(&element.name);
    if has_tag {
        start_tag(element, out);
        if is_void(&element.name) {
            return;
        }
        // Parsers drop one line break there.
        if element.name == "pre"
            && matches!(node.children().next().map(At::data), Some(Data::Text(text)) if text.starts_with('\n'))
        {
            out.push('\n');
        }
    }
    node.children().for_each(|child| serialize(child, out));
    if has_tag {
        out.push_str("</");
        out.push_str(&element.name);
        out.push('>');
    }
}

fn start_tag(element: &Element<'_>, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    for (key, value) in element.attributes.iter().filter(|(key, _)| is_plain_name(key)) {
        write_attribute(key, value, out);
    }
    out.push('>');
}

fn is_plain_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
}

/// Whether an element has no content and no end tag.
fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    ];
    VOID.contains(&name) || matches!(name, "basefont" | "bgsound" | "frame" | "keygen")
}

fn attachment<'v>(value: impl Fn(&str) -> Option<Cow<'v, str>>, out: &mut String) {
    out.push('<');
    out.push_str(ATTACHMENT);
    for key in ATTACHMENT_ATTRIBUTES {
        if let Some(value) = value(key) {
            write_attribute(key, &value, out);
        }
    }
    out.push_str("></");
    out.push_str(ATTACHMENT);
    out.push('>');
}

/// Trix stores an attachment as JSON in two attributes of a figure, with camel-case names.
fn figure(data: &str, more: &str, out: &mut String) {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (data, more) = (read(data), read(more));
    let value = |key: &str| {
        let key = if key == "content-type" { "contentType" } else { key };
        match data.get(key).or_else(|| more.get(key))? {
            Value::String(text) => Some(Cow::Borrowed(text.as_str())),
            scalar @ (Value::Number(_) | Value::Bool(_)) => Some(Cow::Owned(scalar.to_string())),
            // Trix never writes these.
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    };
    attachment(value, out);
}
