//! Plain text as Action Text converts it: for search, notifications and bots.

use crate::attachment::{Meaning, caption, meaning};
use crate::parse::parse;
use crate::tree::{At, Data, Element, Tree};
use crate::{ATTACHMENT, Mentions};

/// Maximum number of indented list levels; without it, nesting would multiply the text.
const MAX_INDENT: usize = 16;

pub(crate) fn plain_text(tree: &Tree<'_>, people: &dyn Mentions) -> String {
    let mut out = String::new();
    tree.top().for_each(|node| convert(node, people, ListPosition::default(), &mut out));
    trim_newlines(&mut out, 0);
    out
}

/// The position of a node in lists.
#[derive(Default, Clone, Copy)]
struct ListPosition {
    lists: usize,
    /// The number of the next item in an ordered list.
    number: Option<usize>,
}

fn convert(node: At<'_, '_>, people: &dyn Mentions, position: ListPosition, out: &mut String) {
    let element = match node.data() {
        Data::Text(text) => return out.push_str(text.trim_end_matches('\n')),
        Data::Element(element) => element,
    };
    let start = out.len();
    match &*element.name {
        "script" | "style" => {}
        "br" => out.push('\n'),
        ATTACHMENT => attachment(element, people, out),
        "ul" | "ol" => list(node, people, position, out),
        "li" => {
            let indent = 2 * position.lists.saturating_sub(1).min(MAX_INDENT);
            out.extend(std::iter::repeat_n(' ', indent));
            match position.number {
                Some(number) => out.push_str(&format!("{number}. ")),
                None => out.push_str("• "),
            }
            block(node, people, position, "\n", out);
        }
        "div" => block(node, people, position, "\n", out),
        "p" | "h1" => block(node, people, position, "\n\n", out),
        "blockquote" => {
            children(node, people, position, out);
            trim_newlines(out, start);
            quote(start, out);
        }
        "figcaption" => {
            out.push('[');
            children(node, people, position, out);
            out.push(']');
        }
        // Cells of a row are separated by spaces, rows by line breaks.
        "td" | "th" => {
            children(node, people, position, out);
            trim_newlines(out, start);
            out.push(' ');
        }
        "tr" | "caption" => {
            children(node, people, position, out);
            out.truncate(start + out[start..].trim_end_matches([' ', '\n']).len());
            out.push('\n');
        }
        _ => children(node, people, position, out),
    }
}

fn children(node: At<'_, '_>, people: &dyn Mentions, position: ListPosition, out: &mut String) {
    node.children().for_each(|child| convert(child, people, position, out));
}

/// Writes the children, with their trailing line breaks replaced by `end`.
fn block(
    node: At<'_, '_>,
    people: &dyn Mentions,
    position: ListPosition,
    end: &str,
    out: &mut String,
) {
    let start = out.len();
    children(node, people, position, out);
    trim_newlines(out, start);
    out.push_str(end);
}

fn list(node: At<'_, '_>, people: &dyn Mentions, position: ListPosition, out: &mut String) {
    if position.lists > 0 {
        out.push('\n');
    }
    let (start, is_ordered) = (out.len(), node.is("ol"));
    let mut number = 0;
    for child in node.children() {
        number += usize::from(child.is("li"));
        convert(
            child,
            people,
            ListPosition { lists: position.lists + 1, number: is_ordered.then_some(number) },
            out,
        );
    }
    trim_newlines(out, start);
    out.push_str("\n\n");
}

/// Adds quotation marks around the text written since `start`, inside its whitespace.
fn quote(start: usize, out: &mut String) {
    let text = &out[start..];
    let words = text.trim();
    if words.is_empty() {
        out.truncate(start);
        return out.push_str("“”");
    }
    let first = start + text.len() - text.trim_start().len();
    out.insert(first + words.len(), '”');
    out.insert(first, '“');
    out.push_str("\n\n");
}

fn attachment(element: &Element<'_>, people: &dyn Mentions, out: &mut String) {
    match meaning(element, people) {
        Meaning::Embed(_) => {}
        Meaning::Person(user) => {
            out.push('@');
            out.push_str(&user.name);
        }
        Meaning::Picture(_) => {
            out.push('[');
            out.push_str(caption(element));
            out.push(']');
        }
        Meaning::Markup(content) => {
            if let Some(tree) = parse(content) {
                tree.top().for_each(|node| nested(node, out));
            }
        }
        Meaning::Missing => out.push_str(element.get("caption").unwrap_or_default()),
    }
}

/// The text of markup from an attachment's `content`.
fn nested(node: At<'_, '_>, out: &mut String) {
    match node.data() {
        Data::Text(text) => out.push_str(text),
        Data::Element(element) if matches!(&*element.name, "script" | "style" | ATTACHMENT) => {}
        Data::Element(_) => node.children().for_each(|child| nested(child, out)),
    }
}

/// Removes trailing line breaks, but nothing before `start`.
fn trim_newlines(out: &mut String, start: usize) {
    let length = out[start..].trim_end_matches('\n').len();
    out.truncate(start + length);
}
