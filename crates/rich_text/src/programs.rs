//! HTML for API clients, as Action Text renders it: Rails' safe list, attachments rendered inside
//! their elements, and no automatic links. Unlisted elements are removed; their content stays.

use crate::attachment::{Meaning, caption, meaning};
use crate::autolink::is_safe;
use crate::canonical::ATTACHMENT_ATTRIBUTES;
use crate::parse::parse;
use crate::render::{embed, name, snippet};
use crate::tree::{At, Data, Element, Tree};
use crate::writer::{Urls, Writer};
use crate::{ATTACHMENT, Mentioned, Mentions};

/// Rails' safe list, and Action Text's additions.
const ELEMENTS: [&str; 46] = [
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
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
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
    ATTACHMENT,
];

/// The attributes on the same list.
const ATTRIBUTES: [&str; 13] = [
    "abbr", "alt", "cite", "class", "datetime", "height", "href", "lang", "name", "src", "title",
    "width", "xml:lang",
];

/// Attributes that hold URLs.
const URL_ATTRIBUTES: [&str; 4] = ["cite", "href", "src", "url"];

pub(crate) fn render(tree: &Tree<'_>, length: usize, people: &dyn Mentions) -> String {
    let mut writer = Writer::new(length + length / 4, Urls::Untouched);
    tree.top().for_each(|node| write(node, Some(people), &mut writer));
    writer.finish()
}

/// `people` is `None` for markup inside an attachment's `content`, where attachments are not
/// rendered.
fn write(node: At<'_, '_>, people: Option<&dyn Mentions>, writer: &mut Writer) {
    let found = match node.data() {
        Data::Text(text) => return writer.text(text),
        Data::Element(found) => found,
    };
    let depth = writer.depth();
    let is_attachment = found.is_html && found.name == ATTACHMENT;
    if found.is_html
        && ELEMENTS.contains(&&*found.name)
        && (people.is_some() || !is_attachment)
        && writer.begin(&found.name)
    {
        for (key, value) in
            found.attributes.iter().filter(|(key, value)| is_kept(key, value, is_attachment))
        {
            writer.attribute(key, value);
        }
        writer.inside();
    }
    match people {
        Some(people) if is_attachment => attachment(found, people, writer),
        _ => node.children().for_each(|child| write(child, people, writer)),
    }
    if writer.depth() > depth {
        writer.end();
    }
}

fn is_kept(key: &str, value: &str, is_attachment: bool) -> bool {
    let is_listed =
        ATTRIBUTES.contains(&key) || is_attachment && ATTACHMENT_ATTRIBUTES.contains(&key);
    is_listed && (!URL_ATTRIBUTES.contains(&key) || is_safe(value))
}

/// Renders an attachment's content.
fn attachment(found: &Element<'_>, people: &dyn Mentions, writer: &mut Writer) {
    match meaning(found, people) {
        Meaning::Embed(card) => embed(card, people, writer),
        Meaning::Person(user) => mention(&user, writer),
        Meaning::Picture(url) => {
            if writer.begin("img") {
                writer.attribute("alt", caption(found));
                writer.attribute("src", url);
                writer.inside();
            }
        }
        Meaning::Markup(content) => match parse(content) {
            Some(tree) => tree.top().for_each(|node| write(node, None, writer)),
            None => writer.text(content),
        },
        Meaning::Missing => writer.text("☒"),
    }
}

/// Renders a mention, linked to the user unless it is inside a link.
fn mention(user: &Mentioned, writer: &mut Writer) {
    if !writer.begin("a") {
        return snippet(user, writer);
    }
    writer.attribute("class", "mention");
    writer.attribute("href", &format!("/users/{}", user.id));
    name(user, writer);
}
