//! Rich text: from the editor's HTML to safe HTML and plain text. Pure functions; no database, and
//! no users except through [`Mentions`].
//!
//! Stored bodies are *canonical* ([`canonicalize`]): well-formed, in the shapes that Trix and
//! Action Text produce, but not safe yet. Every output of a [`Body`] goes through an allow-list:
//! anything not known to be harmless is omitted. Text becomes a tree (`parse`, which tries `strict`
//! before html5ever), and a tree becomes markup in exactly one place (`writer`), which writes only
//! what every parser reads as the same tree (`nesting`).
//!
//! Deliberate differences from Campfire (Rails):
//! - Tables (without styling), `q`, `s`, `u` and `mark` are shown, because old messages and other
//!   editors contain them.
//! - `class`, `id`, `name`, `style`, `src`, `width` and `height` are dropped: a message must not
//!   imitate a part of the page.
//! - Readers load external images only through a URL provided by the caller
//!   ([`Mentions::picture`]); by default an image becomes a link with its caption, and previews
//!   have no image.
//! - URLs in `pre` and `code` stay text. A URL ends before invisible characters and those that
//!   change the text direction.
//! - Elements whose content is not markup (`script`, `style`, `textarea`, …), SVG and MathML are
//!   not stored.
//! - Bodies are shown as text if they are nested deeper than 200 elements, have more than 256
//!   attributes in a tag, or make the parser create thousands of elements or repeat long
//!   attributes.
//! - Table rows are lines in plain text.
//!
//! Verified by the bodies of `tests/corpus`, the invariants of `tests/support` and the fuzz target
//! in `fuzz/`. The `linear` example measures hostile bodies, the `speed` example ordinary ones.

mod attachment;
mod autolink;
mod body;
mod canonical;
mod editor;
mod emoji;
mod escape;
mod nesting;
mod parse;
mod plain;
mod programs;
mod render;
mod reply;
mod sink;
mod strict;
mod tree;
mod writer;

pub use body::{Body, ReplyTo};
pub use canonical::{Canonical, canonicalize, from_plain_text};
pub use emoji::is_emoji_only;

/// A mentioned user, as shown to readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// The user's ID, for the link to their profile.
    pub id: i64,
    /// The current name.
    pub name: String,
    /// The tooltip.
    pub title: String,
    /// The URL of the avatar.
    pub avatar_url: String,
}

/// Resolves the references in bodies.
pub trait Mentions {
    /// The user behind a mention's signed global ID; `None` if it is not a user or they no longer
    /// exist.
    fn user(&self, sgid: &str) -> Option<Mentioned>;

    /// The URL from which readers may load an external image, if they may.
    fn picture(&self, _url: &str) -> Option<String> {
        None
    }
}

/// Shortcut for [`Body::render`].
pub fn render(html: &str, people: &dyn Mentions) -> String {
    Body::parse(html).render(people)
}

/// Shortcut for [`Body::plain_text`].
pub fn plain_text(html: &str, people: &dyn Mentions) -> String {
    Body::parse(html).plain_text(people)
}

/// Shortcut for [`Body::mentions`].
pub fn mentions(html: &str) -> Vec<String> {
    // Nearly all messages have no mentions and need not be parsed.
    if html.contains(ATTACHMENT) { Body::parse(html).mentions() } else { Vec::new() }
}

/// Shortcut for [`Body::is_blank`].
pub fn is_blank(html: &str) -> bool {
    Body::parse(html).is_blank()
}

/// The content type of a mention.
pub(crate) const MENTION: &str = "application/vnd.campfire.mention";

/// The content type of a link's preview card.
pub(crate) const EMBED: &str = "application/vnd.actiontext.opengraph-embed";

/// The element that stands for a mention, an embed or a file.
pub(crate) const ATTACHMENT: &str = "action-text-attachment";
