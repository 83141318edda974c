//! The words without the markup, as Action Text converts them: for the index, notifications and bots.

use markup5ever_rcdom::Handle;

use crate::parse::{attribute, fragment, name, plain_lines, text};
use crate::{ATTACHMENT, EMBED, Mentions};

/// The text of a body; mentions as `@Name`. What is nested too deeply is the text it is stored as.
pub fn plain_text(html: &str, people: &dyn Mentions) -> String {
    if !html.contains(['<', '&', '\r']) {
        return html.trim_end_matches('\n').to_owned();
    }
    if let Some(lines) = plain_lines(html) {
        let text = lines.collect::<Vec<_>>().join("\n");
        return text.trim_end_matches('\n').to_owned();
    }
    let Some(nodes) = fragment(html) else {
        return html.to_owned();
    };
    let mut out = String::with_capacity(html.len());
    nodes.for_each(|node| out.push_str(&convert(node, people, &Place::default())));
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// Where in lists a node stands.
#[derive(Default, Clone)]
struct Place {
    lists: usize,
    /// The number of the next item in an ordered list.
    number: Option<usize>,
}

fn convert(node: &Handle, people: &dyn Mentions, place: &Place) -> String {
    if let Some(text) = text(node) {
        return text.trim_end_matches('\n').to_owned();
    }
    let Some(name) = name(node) else {
        return String::new();
    };
    match name {
        "script" | "style" => String::new(),
        "br" => "\n".into(),
        ATTACHMENT => attachment(node, people),
        "ul" | "ol" => list(node, people, place, name == "ol"),
        "li" => {
            let bullet = place.number.map_or("•".to_owned(), |number| format!("{number}."));
            let indent = "  ".repeat(place.lists.saturating_sub(1));
            format!("{indent}{bullet} {}\n", children(node, people, place).trim_end_matches('\n'))
        }
        "div" => children(node, people, place).trim_end_matches('\n').to_owned() + "\n",
        "p" | "h1" => children(node, people, place).trim_end_matches('\n').to_owned() + "\n\n",
        "blockquote" => quoted(&children(node, people, place)) + "\n\n",
        "figcaption" => format!("[{}]", children(node, people, place)),
        _ => children(node, people, place),
    }
}

fn children(node: &Handle, people: &dyn Mentions, place: &Place) -> String {
    node.children.borrow().iter().map(|child| convert(child, people, place)).collect()
}

fn list(node: &Handle, people: &dyn Mentions, place: &Place, ordered: bool) -> String {
    let mut inner = Place { lists: place.lists + 1, number: None };
    let mut out = if place.lists > 0 { "\n".to_owned() } else { String::new() };
    let mut number = 0;
    for child in node.children.borrow().iter() {
        if name(child) == Some("li") {
            number += 1;
            inner.number = ordered.then_some(number);
        }
        out.push_str(&convert(child, people, &inner));
    }
    out.trim_end_matches('\n').to_owned() + "\n\n"
}

/// Quotation marks at the first and last visible character.
fn quoted(text: &str) -> String {
    let words = text.trim();
    if words.is_empty() {
        return "“”".into();
    }
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end_matches('\n').len().max(start + words.len());
    format!("{}“{words}”{}", &text[..start], &text[start + words.len()..end])
}

fn attachment(node: &Handle, people: &dyn Mentions) -> String {
    let kind = attribute(node, "content-type").unwrap_or_default();
    if kind == EMBED {
        return String::new();
    }
    match attribute(node, "sgid").and_then(|sgid| people.user(&sgid)) {
        Some(user) => format!("@{}", user.name),
        None if kind.starts_with("image") && attribute(node, "url").is_some() => {
            format!("[{}]", attribute(node, "caption").unwrap_or_else(|| "Image".into()))
        }
        None => attribute(node, "caption").unwrap_or_default(),
    }
}
