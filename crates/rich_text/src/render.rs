//! Safe HTML for readers. Only what is listed here gets out, written anew with every value escaped, so that nothing depends on
//! how some browser repairs broken markup.

use markup5ever_rcdom::Handle;

use crate::parse::{attribute, escape, fragment, is_void, name, plain_lines, text, write_attribute};
use crate::{ATTACHMENT, EMBED, Mentioned, Mentions, autolink};

/// Elements that are shown; all others vanish with what is in them.
const ELEMENTS: [&str; 48] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "b",
    "big",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "ul",
    "var",
    "q",
    "s",
    "u",
    "mark",
    "wbr",
];

/// Attributes that are kept. `class`, `id` and `name` are not: a message must not dress up as part of the page.
const ATTRIBUTES: [&str; 5] = ["abbr", "cite", "datetime", "lang", "title"];

/// Characters of a preview's title and description.
const MAX_TITLE: usize = 280;
const MAX_DESCRIPTION: usize = 560;

/// A body as its readers see it: safe to insert into a page under a strict Content-Security-Policy. Mentions and link previews
/// are rendered, addresses are links.
pub fn render(html: &str, people: &dyn Mentions) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 4);
    if let Some(lines) = plain_lines(html) {
        out.push_str("<div>");
        for (index, line) in lines.enumerate() {
            if index > 0 {
                out.push_str("<br>");
            }
            autolink::write(line, &mut out);
        }
        out.push_str("</div>");
        return out;
    }
    match fragment(html) {
        Some(nodes) => nodes.for_each(|node| write(node, people, false, &mut out)),
        None => escape(html, &mut out),
    }
    out
}

fn write(node: &Handle, people: &dyn Mentions, linked: bool, out: &mut String) {
    if let Some(text) = text(node) {
        return if linked { escape(&text, out) } else { autolink::write(&text, out) };
    }
    let Some(name) = name(node) else { return };
    match name {
        ATTACHMENT => attachment(node, people, linked, out),
        "a" => anchor(node, people, linked, out),
        _ if ELEMENTS.contains(&name) => element(node, name, people, linked, out),
        _ => {}
    }
}

fn element(node: &Handle, name: &str, people: &dyn Mentions, linked: bool, out: &mut String) {
    out.push('<');
    out.push_str(name);
    for key in ATTRIBUTES {
        if let Some(value) = attribute(node, key).filter(|value| key != "cite" || autolink::is_safe(value)) {
            write_attribute(key, &value, out);
        }
    }
    out.push('>');
    if is_void(name) {
        return;
    }
    // Code shows addresses as they are.
    let quiet = linked || matches!(name, "pre" | "code");
    children(node, people, quiet, out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn children(node: &Handle, people: &dyn Mentions, linked: bool, out: &mut String) {
    node.children.borrow().iter().for_each(|child| write(child, people, linked, out));
}

fn anchor(node: &Handle, people: &dyn Mentions, linked: bool, out: &mut String) {
    // A link inside a link would be torn apart by the reader's browser.
    match attribute(node, "href").filter(|href| !linked && autolink::is_safe(href)) {
        Some(href) => {
            autolink::open(&href, out);
            children(node, people, true, out);
            out.push_str("</a>");
        }
        None => children(node, people, true, out),
    }
}

fn attachment(node: &Handle, people: &dyn Mentions, linked: bool, out: &mut String) {
    let kind = attribute(node, "content-type").unwrap_or_default();
    if kind == EMBED {
        return embed(node, out);
    }
    if let Some(user) = attribute(node, "sgid").and_then(|sgid| people.user(&sgid)) {
        return mention(&user, linked, out);
    }
    let url = attribute(node, "url").filter(|url| kind.starts_with("image") && !linked && autolink::is_safe(url));
    match url {
        Some(url) => {
            autolink::open(&url, out);
            escape(&attribute(node, "caption").unwrap_or_else(|| "Image".into()), out);
            out.push_str("</a>");
        }
        None => out.push('☒'),
    }
}

fn mention(user: &Mentioned, linked: bool, out: &mut String) {
    let tag = if linked { "span" } else { "a" };
    out.push('<');
    out.push_str(tag);
    out.push_str(" class=\"mention\"");
    if !linked {
        write_attribute("href", &format!("/users/{}", user.id), out);
    }
    write_attribute("title", &user.title, out);
    out.push_str("><img class=\"mention__avatar\" alt=\"\"");
    write_attribute("src", &user.avatar_url, out);
    out.push('>');
    escape(&user.name, out);
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}

/// A link's preview: title and description; its picture is on another site, which readers do not call.
fn embed(node: &Handle, out: &mut String) {
    let cut = |key: &str, most: usize| attribute(node, key).unwrap_or_default().chars().take(most).collect::<String>();
    let title = cut("filename", MAX_TITLE);
    out.push_str("<div class=\"embed\"><div class=\"embed__title\">");
    match attribute(node, "href").filter(|href| autolink::is_safe(href)) {
        Some(href) => {
            autolink::open(&href, out);
            escape(&title, out);
            out.push_str("</a>");
        }
        None => escape(&title, out),
    }
    out.push_str("</div><div class=\"embed__description\">");
    escape(&cut("caption", MAX_DESCRIPTION), out);
    out.push_str("</div></div>");
}
