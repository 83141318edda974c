//! The form in which bodies are stored: well-formed HTML in the shapes that Action Text leaves behind.

use markup5ever_rcdom::Handle;

use crate::parse::{attribute, attributes, escape, fragment, is_void, name, text, write_attribute};
use crate::{ATTACHMENT, plain};

/// A body in canonical form. It is not sanitised: that happens on every way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(String);

impl Canonical {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The attributes of a stored attachment, in Action Text's order.
const ATTACHMENT_ATTRIBUTES: [&str; 12] =
    ["sgid", "content-type", "url", "href", "filename", "filesize", "width", "height", "previewable", "presentation", "caption", "content"];

/// Elements that never belong into a message, not even in the database.
const NEVER_STORED: [&str; 2] = ["script", "style"];

/// Plain text as the editor would store it: one block, lines divided by `<br>`, everything else escaped.
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

/// The editor's HTML as it is stored: parsed and serialised anew, Trix's figures turned into attachment elements, those
/// emptied, white space at both ends dropped. What is nested too deeply is kept as text.
pub fn canonicalise(html: &str) -> Canonical {
    let Some(nodes) = fragment(html.trim()) else {
        return from_plain_text(html);
    };
    let mut out = String::with_capacity(html.len());
    nodes.for_each(|node| serialise(node, &mut out));
    Canonical(out.trim().to_owned())
}

/// Whether there is nothing to see: no visible character and no attachment.
pub fn is_blank(html: &str) -> bool {
    let invisible = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    !html.contains(ATTACHMENT) && plain::plain_text(html, &Nobody).chars().all(invisible)
}

/// The signed global ids of all attachments, for the caller to verify.
pub fn mentions(html: &str) -> Vec<String> {
    // Nearly every message mentions nobody and need not be parsed for it.
    if !html.contains(ATTACHMENT) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(nodes) = fragment(html) {
        nodes.for_each(|node| collect(node, &mut found));
    }
    found
}

struct Nobody;

impl crate::Mentions for Nobody {
    fn user(&self, _: &str) -> Option<crate::Mentioned> {
        None
    }
}

fn collect(node: &Handle, found: &mut Vec<String>) {
    if name(node) == Some(ATTACHMENT) {
        found.extend(attribute(node, "sgid"));
        return;
    }
    node.children.borrow().iter().for_each(|child| collect(child, found));
}

fn serialise(node: &Handle, out: &mut String) {
    if let Some(text) = text(node) {
        return escape(&text, out);
    }
    match name(node) {
        // Comments, doctypes and the like.
        None => {}
        Some(name) if NEVER_STORED.contains(&name) => {}
        Some(ATTACHMENT) => attachment(&|key| attribute(node, key), out),
        Some("figure") if attribute(node, "data-trix-attachment").is_some() => figure(node, out),
        Some(name) => {
            out.push('<');
            out.push_str(name);
            for (key, value) in attributes(node).iter().filter(|(key, _)| is_plain_name(key)) {
                write_attribute(key, value, out);
            }
            out.push('>');
            if !is_void(name) {
                node.children.borrow().iter().for_each(|child| serialise(child, out));
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
        }
    }
}

/// Parsers accept nearly anything as the name of an attribute; only what is one everywhere is written again.
fn is_plain_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
}

fn attachment(value: &dyn Fn(&str) -> Option<String>, out: &mut String) {
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

/// Trix keeps an attachment as JSON in two attributes of a figure; names are camel case there.
fn figure(node: &Handle, out: &mut String) {
    let json = |key: &str| {
        let text = attribute(node, key).unwrap_or_default();
        serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default()
    };
    let (data, more) = (json("data-trix-attachment"), json("data-trix-attributes"));
    let value = |key: &str| {
        let key = if key == "content-type" { "contentType" } else { key };
        match data.get(key).or_else(|| more.get(key))? {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    };
    attachment(&value, out);
}
