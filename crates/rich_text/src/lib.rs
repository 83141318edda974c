//! What people write, from the editor's HTML to safe HTML and plain text. Pure functions; knows no database and no user but
//! through [`Mentions`].
//!
//! Stored bodies are *canonical*: well-formed, in the shapes that Trix and Action Text leave behind, but not yet safe. Every
//! way out ([`render`], [`plain_text`]) goes through an allow-list: what is not known to be harmless is left out.

mod autolink;
mod canonical;
mod emoji;
mod parse;
mod plain;
mod render;

pub use canonical::{Canonical, canonicalise, from_plain_text, is_blank, mentions};
pub use emoji::is_emoji_only;
pub use plain::plain_text;
pub use render::render;

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

/// Looks up whom a mention's signed global id means.
pub trait Mentions {
    /// The user, or `None` if it is no user or nobody any more.
    fn user(&self, sgid: &str) -> Option<Mentioned>;
}

/// The content type of a link's preview card.
pub(crate) const EMBED: &str = "application/vnd.actiontext.opengraph-embed";

/// The element that stands for a mention, an embed or a file.
pub(crate) const ATTACHMENT: &str = "action-text-attachment";
