//! The meaning of attachment elements.

use crate::autolink::is_safe;
use crate::tree::Element;
use crate::{EMBED, Mentioned, Mentions};

/// What an attachment shows.
pub(crate) enum Meaning<'e> {
    /// A link preview.
    Embed(&'e Element<'e>),
    /// A mention, recognized by its signed ID, regardless of its content type.
    Person(Mentioned),
    /// An external image.
    Picture(&'e str),
    /// Markup in the `content` attribute.
    Markup(&'e str),
    /// Unknown, or no longer existing.
    Missing,
}

pub(crate) fn meaning<'e>(element: &'e Element<'e>, people: &dyn Mentions) -> Meaning<'e> {
    let kind = element.get("content-type").unwrap_or_default();
    if kind == EMBED {
        return Meaning::Embed(element);
    }
    if let Some(user) = element.get("sgid").and_then(|sgid| people.user(sgid)) {
        return Meaning::Person(user);
    }
    match (element.get("url").filter(|url| is_safe(url)), element.get("content")) {
        (Some(url), _) if kind.starts_with("image") => Meaning::Picture(url),
        (_, Some(content)) if kind.contains("html") => Meaning::Markup(content),
        _ => Meaning::Missing,
    }
}

/// The text that stands for an external image.
pub(crate) fn caption<'e>(element: &'e Element<'_>) -> &'e str {
    element.get("caption").filter(|caption| !caption.trim().is_empty()).unwrap_or("Image")
}
