//! What people write, from the editor's HTML to safe HTML and plain text. Pure functions; knows no
//! database and no user but through [`Mentions`].
//!
//! Stored bodies are *canonical* ([`canonicalise`]): well-formed, in the shapes that Trix and
//! Action Text leave behind, but not yet safe. Every way out of a [`Body`] goes through an
//! allow-list: what is not known to be harmless is left out. Text becomes a tree (`parse`, which
//! tries `strict` before html5ever), and a tree becomes text again in exactly one place (`writer`),
//! which writes only what any parser reads as the same tree (`nesting`).
//!
//! Where this leaves Campfire (Rails) on purpose:
//! - Tables (without their looks), `q`, `s`, `u` and `mark` are shown: old messages and other
//!   editors have them.
//! - `class`, `id`, `name`, `style`, `src`, `width` and `height` are dropped: a message must not
//!   look like a part of the page.
//! - Pictures at other sites are loaded by readers only through an address that the caller gives
//!   ([`Mentions::picture`]); by default they are links with their caption, and previews have no
//!   picture.
//! - Addresses in `pre` and `code` stay text; addresses end before characters that are invisible or
//!   turn the direction of writing.
//! - Nothing is stored of elements whose content is not markup (`script`, `style`, `textarea`, …)
//!   and of SVG and MathML.
//! - What is nested deeper than 200 elements, has a tag with more than 256 attributes or makes the
//!   parser invent elements by the thousand, or repeat long attributes, is shown as the text it is.
//! - The rows of a table are lines in plain text.
//!
//! What keeps it true: the bodies of `tests/corpus` and the invariants of `tests/support`, which
//! `--example torture` and the fuzzing target in `fuzz/` hold against many more; `--example linear`
//! for the time hostile bodies take, `--example speed` for ordinary ones.

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
pub use canonical::{Canonical, canonicalise, from_plain_text};
pub use emoji::is_emoji_only;

/// Somebody a text mentions, as shown to its readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// The user's number, for the link to them.
    pub id: i64,
    /// The name as it is now.
    pub name: String,
    /// The tooltip.
    pub title: String,
    /// The address of the picture.
    pub avatar_url: String,
}

/// Looks up what bodies only refer to.
pub trait Mentions {
    /// The user whom a mention's signed global id means, or `None` if it is no user or nobody any
    /// more.
    fn user(&self, sgid: &str) -> Option<Mentioned>;

    /// The address from which readers may load a picture of another site, if at all.
    fn picture(&self, _url: &str) -> Option<String> {
        None
    }
}

/// [`Body::render`], for who wants nothing else of a body.
pub fn render(html: &str, people: &dyn Mentions) -> String {
    Body::parse(html).render(people)
}

/// [`Body::plain_text`], for who wants nothing else of a body.
pub fn plain_text(html: &str, people: &dyn Mentions) -> String {
    Body::parse(html).plain_text(people)
}

/// [`Body::mentions`], for who wants nothing else of a body.
pub fn mentions(html: &str) -> Vec<String> {
    // Nearly every message mentions nobody and need not be parsed for it.
    if html.contains(ATTACHMENT) { Body::parse(html).mentions() } else { Vec::new() }
}

/// [`Body::is_blank`], for who wants nothing else of a body.
pub fn is_blank(html: &str) -> bool {
    Body::parse(html).is_blank()
}

/// The content type of a mention.
pub(crate) const MENTION: &str = "application/vnd.campfire.mention";

/// The content type of a link's preview card.
pub(crate) const EMBED: &str = "application/vnd.actiontext.opengraph-embed";

/// The element that stands for a mention, an embed or a file.
pub(crate) const ATTACHMENT: &str = "action-text-attachment";
