//! A stored body, parsed once for all its outputs.

use crate::parse::parse;
use crate::tree::{At, Data, Tree};
use crate::writer::Urls;
use crate::{ATTACHMENT, Mentions, editor, plain, programs, render, reply};

/// A parsed body. Parsing is the expensive part, so keep this to produce several outputs.
#[derive(Debug)]
pub struct Body<'a> {
    html: &'a str,
    /// `None` if it exceeds the parser's limits; it is then treated as text.
    tree: Option<Tree<'a>>,
}

/// The message that a body replies to, as the author's client wrote it. It may not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyTo {
    /// The ID of the message's room.
    pub room_id: i64,
    /// The message's ID.
    pub message_id: i64,
}

impl<'a> Body<'a> {
    /// Parses a body, canonical or not.
    pub fn parse(html: &'a str) -> Self {
        Self { html, tree: parse(html) }
    }

    /// Renders the body for readers: safe to insert into a page under a strict
    /// Content-Security-Policy. Mentions and link previews are rendered, and URLs become links. The
    /// client decides whether links open a new tab.
    pub fn render(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => render::render(tree, self.html.len(), people),
            None => render::as_text(self.html, Urls::Linked),
        }
    }

    /// Renders the body for API clients as Campfire does: Rails' safe list, with attachments
    /// rendered inside their elements and no automatic links. As safe against scripts as
    /// [`Body::render`], but it may load images and carry classes, so it is not for our own pages.
    pub fn render_for_programs(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => programs::render(tree, self.html.len(), people),
            None => render::as_text(self.html, Urls::Untouched),
        }
    }

    /// The plain text; mentions become `@Name`.
    pub fn plain_text(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => plain::plain_text(tree, people),
            None => self.html.replace('\0', "").trim_end_matches('\n').to_owned(),
        }
    }

    /// The signed global IDs of all attachments in text order; the caller must verify them.
    pub fn mentions(&self) -> Vec<String> {
        self.attachments().filter_map(|element| element.get("sgid")).map(str::to_owned).collect()
    }

    /// The message that this one replies to, if the body begins with a quotation, directly followed
    /// by its attribution with a link to `/rooms/R/@ID` on any host.
    pub fn reply_to(&self) -> Option<ReplyTo> {
        reply::reply_to(self.tree.as_ref()?)
    }

    /// The markup that Trix loads to edit the message: attachments as its figures, mentions with a
    /// fresh snippet. As safe as [`Body::render`].
    pub fn editor_source(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => editor::source(tree, self.html.len(), people),
            None => render::as_text(self.html, Urls::Untouched),
        }
    }

    /// Whether the body has no visible character and no attachment.
    pub fn is_blank(&self) -> bool {
        let is_invisible = |c: char| {
            c.is_whitespace()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
        };
        match &self.tree {
            Some(tree) => {
                self.attachments().next().is_none()
                    && tree.top().all(|node| is_hidden(node, &is_invisible))
            }
            None => self.html.chars().all(is_invisible),
        }
    }

    fn attachments(&self) -> impl Iterator<Item = &crate::tree::Element<'a>> {
        self.tree
            .iter()
            .flat_map(Tree::elements)
            .filter(|element| element.is_html && element.name == ATTACHMENT)
    }
}

/// Whether readers see nothing of a node. Elements that are not shown count as empty.
fn is_hidden(node: At<'_, '_>, is_invisible: &impl Fn(char) -> bool) -> bool {
    match node.data() {
        Data::Text(text) => text.chars().all(is_invisible),
        Data::Element(element) => {
            !render::is_shown(element)
                || (element.name != "hr"
                    && node.children().all(|child| is_hidden(child, is_invisible)))
        }
    }
}
