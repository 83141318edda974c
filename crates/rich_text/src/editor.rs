//! From stored markup to what the editor loads. Editors insert it into a page, so it uses the same
//! allow-list.

use serde_json::{Map, Value};

use crate::attachment::{Meaning, meaning};
use crate::autolink::is_safe;
use crate::canonical::ATTACHMENT_ATTRIBUTES;
use crate::escape::write_attribute;
use crate::parse::parse;
use crate::render;
use crate::tree::{At, Data, Element, Tree};
use crate::writer::{Urls, Writer};
use crate::{ATTACHMENT, Mentions};

/// Attributes that Trix keeps with the text rather than with the attachment.
const TEXT_ATTRIBUTES: [&str; 2] = ["presentation", "caption"];

pub(crate) fn source(tree: &Tree<'_>, length: usize, people: &dyn Mentions) -> String {
    let mut writer = Writer::new(length + length / 4, Urls::Untouched);
    tree.top().for_each(|node| write(node, people, &mut writer));
    writer.finish()
}

fn write(node: At<'_, '_>, people: &dyn Mentions, writer: &mut Writer) {
    let found = match node.data() {
        Data::Text(text) => return writer.text(text),
        Data::Element(found) => found,
    };
    if found.is_html && found.name == ATTACHMENT {
        return figure(found, people, writer);
    }
    if !render::is_shown(found) {
        return;
    }
    let depth = writer.depth();
    // Trix uses `div` blocks; in a `p`, a browser would move the figures.
    if found.name == "p" {
        if writer.begin("div") {
            writer.inside();
        }
    } else {
        render::element(found, writer);
    }
    node.children().for_each(|child| write(child, people, writer));
    if writer.depth() > depth {
        writer.end();
    }
}

/// Writes a figure in Trix's format. Its content is rendered again, because the editor shows it.
fn figure(found: &Element<'_>, people: &dyn Mentions, writer: &mut Writer) {
    let (mut data, mut text) = (Map::new(), Map::new());
    for key in ATTACHMENT_ATTRIBUTES {
        let Some(value) =
            found.get(key).filter(|value| !matches!(key, "url" | "href") || is_safe(value))
        else {
            continue;
        };
        let map = if TEXT_ATTRIBUTES.contains(&key) { &mut text } else { &mut data };
        let name = if key == "content-type" { "contentType" } else { key };
        let number =
            value.parse::<u64>().ok().filter(|_| matches!(key, "filesize" | "width" | "height"));
        map.insert(name.into(), number.map_or_else(|| Value::from(value), Value::from));
    }
    let mut snippet = Writer::new(256, Urls::Untouched);
    match meaning(found, people) {
        Meaning::Person(user) => {
            data.insert("contentType".into(), crate::MENTION.into());
            render::snippet(&user, &mut snippet);
        }
        _ => {
            if let Some(tree) = found.get("content").and_then(parse) {
                tree.top().for_each(|node| write_plainly(node, &mut snippet));
            }
        }
    }
    let snippet = snippet.finish();
    // Trix would treat a figure without content as a file.
    data.insert("content".into(), if snippet.is_empty() { "☒".into() } else { snippet.into() });
    let mut markup = String::from("<figure");
    write_attribute("data-trix-attachment", &Value::Object(data).to_string(), &mut markup);
    if !text.is_empty() {
        write_attribute("data-trix-attributes", &Value::Object(text).to_string(), &mut markup);
    }
    markup.push_str("></figure>");
    writer.figure(&markup);
}

/// Writes markup from an attachment's `content`, where attachments are not rendered.
fn write_plainly(node: At<'_, '_>, writer: &mut Writer) {
    match node.data() {
        Data::Text(text) => writer.text(text),
        Data::Element(found) if render::is_shown(found) => {
            let depth = writer.depth();
            render::element(found, writer);
            node.children().for_each(|child| write_plainly(child, writer));
            if writer.depth() > depth {
                writer.end();
            }
        }
        Data::Element(_) => {}
    }
}
