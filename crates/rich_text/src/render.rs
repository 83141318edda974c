//! Safe HTML for readers. Only listed elements and attributes are written, with every value
//! escaped, so that nothing depends on how a browser repairs markup.

use std::borrow::Cow;

use crate::attachment::{Meaning, caption, meaning};
use crate::autolink::is_safe;
use crate::parse::parse;
use crate::plain;
use crate::tree::{At, Data, Element, Tree};
use crate::writer::{Urls, Writer};
use crate::{ATTACHMENT, EMBED, Mentioned, Mentions};

/// Allowed attributes. `class`, `id` and `name` are not among them: a message must not imitate a
/// part of the page.
const ATTRIBUTES: [&str; 5] = ["abbr", "cite", "datetime", "lang", "title"];

/// Maximum span of a table cell; browsers need time and memory for each.
const MAX_SPAN: u16 = 100;

/// Maximum characters of a preview's title and description.
const MAX_TITLE: usize = 280;
const MAX_DESCRIPTION: usize = 560;

/// Twitter's avatars, which a preview shows small and round.
const TWITTER_AVATARS: &str = "https://pbs.twimg.com/profile_images";

/// Elements that are removed while their content stays.
const WRAPPERS: [&str; 2] = ["figure", "figcaption"];

pub(crate) fn render(tree: &Tree<'_>, length: usize, people: &dyn Mentions) -> String {
    let mut writer = Writer::new(length + length / 4, Urls::Linked);
    let renderer = Renderer { people, is_nested: false };
    match only_an_embed(tree, people) {
        Some(card) => renderer.embed(card, &mut writer),
        None => tree.top().for_each(|node| renderer.node(node, &mut writer)),
    }
    writer.finish()
}

/// Renders input that exceeds the parser's limits as text.
pub(crate) fn as_text(html: &str, urls: Urls) -> String {
    let mut writer = Writer::new(html.len() + html.len() / 4, urls);
    writer.text(html);
    writer.finish()
}

/// Writes the start tag of a listed element other than an attachment, for readers and the editor.
/// Returns whether it was written.
pub(crate) fn element(element: &Element<'_>, writer: &mut Writer) -> bool {
    if WRAPPERS.contains(&&*element.name) || (element.name == "img") {
        return false;
    }
    if element.name == "a" {
        // A link without a valid URL is reduced to its content.
        let Some(href) = element.get("href").filter(|href| is_safe(href)) else { return false };
        if !writer.begin("a") {
            return false;
        }
        writer.attribute("href", href);
        writer.inside();
        return true;
    }
    if !writer.begin(&element.name) {
        return false;
    }
    for key in ATTRIBUTES {
        if let Some(value) = element.get(key).filter(|value| key != "cite" || is_safe(value)) {
            writer.attribute(key, value);
        }
    }
    if matches!(&*element.name, "td" | "th") {
        for key in ["colspan", "rowspan"] {
            if let Some(span) = element
                .get(key)
                .and_then(|value| value.parse::<u16>().ok())
                .filter(|span| (2..=MAX_SPAN).contains(span))
            {
                writer.attribute(key, &span.to_string());
            }
        }
    }
    writer.inside();
    true
}

/// Whether an element is shown; others are removed with their content.
pub(crate) fn is_shown(element: &Element<'_>) -> bool {
    element.is_html && element.name != "img" && crate::nesting::known(&element.name).is_some()
}

/// Renders a link preview.
pub(crate) fn embed(card: &Element<'_>, people: &dyn Mentions, writer: &mut Writer) {
    Renderer { people, is_nested: false }.embed(card, writer);
}

struct Renderer<'p> {
    people: &'p dyn Mentions,
    /// Whether this is markup from an attachment's `content`, where attachments are not rendered.
    is_nested: bool,
}

impl Renderer<'_> {
    fn node(&self, node: At<'_, '_>, writer: &mut Writer) {
        let found = match node.data() {
            Data::Text(text) => return writer.text(text),
            Data::Element(found) => found,
        };
        if found.is_html && found.name == ATTACHMENT {
            return self.attachment(found, writer);
        }
        if !is_shown(found) {
            return;
        }
        let depth = writer.depth();
        element(found, writer);
        node.children().for_each(|child| self.node(child, writer));
        if writer.depth() > depth {
            writer.end();
        }
    }

    fn attachment(&self, found: &Element<'_>, writer: &mut Writer) {
        if self.is_nested {
            return;
        }
        match meaning(found, self.people) {
            Meaning::Embed(card) => self.embed(card, writer),
            Meaning::Person(user) => mention(&user, writer),
            Meaning::Picture(url) => {
                let is_link = writer.begin("a");
                if is_link {
                    writer.attribute("href", url);
                    writer.inside();
                }
                if !self.picture("picture", url, caption(found), writer) {
                    writer.text(caption(found));
                }
                if is_link {
                    writer.end();
                }
            }
            Meaning::Markup(content) => match parse(content) {
                Some(tree) => {
                    let inner = Self { people: self.people, is_nested: true };
                    tree.top().for_each(|node| inner.node(node, writer));
                }
                None => writer.text(content),
            },
            Meaning::Missing => writer.text("☒"),
        }
    }

    /// Writes an external image if readers may load it.
    fn picture(&self, class: &str, url: &str, alt: &str, writer: &mut Writer) -> bool {
        let Some(address) =
            Some(url).filter(|url| is_safe(url)).and_then(|url| self.people.picture(url))
        else {
            return false;
        };
        if writer.begin("img") {
            writer.attribute("class", class);
            writer.attribute("src", &address);
            writer.attribute("alt", alt);
            writer.attribute("loading", "lazy");
            writer.inside();
        }
        true
    }

    /// Writes a link preview: title, description, and its image if readers may load it.
    fn embed(&self, card: &Element<'_>, writer: &mut Writer) {
        // In a paragraph a browser would move a block element.
        let tag = if writer.fits("div") { "div" } else { "span" };
        let url = card.get("url").unwrap_or_default();
        let href = card.get("href").filter(|href| is_safe(href));
        let class = if url.starts_with(TWITTER_AVATARS) { "embed embed--avatar" } else { "embed" };
        if !begin(tag, class, writer) {
            return;
        }
        begin(tag, "embed__title", writer);
        let title = card
            .get("filename")
            .filter(|title| !title.trim().is_empty())
            .or(href)
            .unwrap_or_default();
        let is_link = href.is_some() && writer.begin("a");
        if is_link {
            writer.attribute("href", href.unwrap_or_default());
            writer.inside();
        }
        writer.text(&truncate(title, MAX_TITLE));
        if is_link {
            writer.end();
        }
        writer.end();
        if let Some(description) = card.get("caption").filter(|text| !text.trim().is_empty()) {
            begin(tag, "embed__description", writer);
            writer.text(&truncate(description, MAX_DESCRIPTION));
            writer.end();
        }
        self.picture("embed__image", url, "", writer);
        writer.end();
    }
}

fn begin(tag: &str, class: &str, writer: &mut Writer) -> bool {
    let begun = writer.begin(tag);
    if begun {
        writer.attribute("class", class);
        writer.inside();
    }
    begun
}

/// Writes a mention with the current name, linked to the user unless it is inside a link.
fn mention(user: &Mentioned, writer: &mut Writer) {
    if !writer.begin("a") {
        return snippet(user, writer);
    }
    writer.attribute("class", "mention");
    writer.attribute("href", &format!("/users/{}", user.id));
    writer.attribute("data-user-id", &user.id.to_string());
    name(user, writer);
}

/// Writes a mention without a link.
pub(crate) fn snippet(user: &Mentioned, writer: &mut Writer) {
    if writer.begin("span") {
        writer.attribute("class", "mention");
        name(user, writer);
    }
}

/// Writes a mention's avatar and name.
pub(crate) fn name(user: &Mentioned, writer: &mut Writer) {
    writer.attribute("title", &user.title);
    writer.inside();
    if writer.begin("img") {
        writer.attribute("class", "mention__avatar");
        writer.attribute("alt", "");
        writer.attribute("src", &user.avatar_url);
        writer.inside();
    }
    writer.quiet_text(&user.name);
    writer.end();
}

/// Truncates a text to `most` characters, with an ellipsis.
fn truncate(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(most - 1).chain(['…']).collect()),
    }
}

/// The preview of a body that consists only of a URL and its preview: the URL is then redundant.
fn only_an_embed<'t>(tree: &'t Tree<'_>, people: &dyn Mentions) -> Option<&'t Element<'t>> {
    let mut attachments = tree.elements().filter(|element| element.name == ATTACHMENT);
    let card = attachments.next().filter(|card| card.get("content-type") == Some(EMBED))?;
    let href = card.get("href")?;
    if attachments.next().is_some() {
        return None;
    }
    let words = plain::plain_text(tree, people);
    (normalized(words.trim()) == normalized(href)).then_some(card)
}

/// Normalizes a URL for comparison: Twitter's hosts are equal, and its query only says where the
/// link was copied.
fn normalized(address: &str) -> Cow<'_, str> {
    const HOSTS: [&str; 4] = ["twitter.com", "www.twitter.com", "x.com", "www.x.com"];
    let Some((scheme, rest)) = address.split_once("://") else { return Cow::Borrowed(address) };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if !HOSTS.contains(&host) {
        return Cow::Borrowed(address);
    }
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let fragment = query.find('#').map_or("", |at| &query[at..]);
    Cow::Owned(format!("{scheme}://twitter.com{path}{fragment}"))
}
