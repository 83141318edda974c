//! A stored body, parsed once for all that is wanted of it.

use crate::parse::parse;
use crate::tree::{At, Data, Tree};
use crate::writer::Addresses;
use crate::{ATTACHMENT, Mentions, editor, plain, programs, render, reply};

/// A stored body. Parsing is the expensive part, so whoever wants more than one thing of a body
/// keeps this.
#[derive(Debug)]
pub struct Body<'a> {
    html: &'a str,
    /// `None` if it is tangled beyond parsing, and then it is the text it is.
    tree: Option<Tree<'a>>,
}

/// The message that a message answers, as its author's client wrote it. Nothing says that it
/// exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyTo {
    /// The room of the message.
    pub room_id: i64,
    /// The message.
    pub message_id: i64,
}

impl<'a> Body<'a> {
    /// Parses a body, canonical or not.
    pub fn parse(html: &'a str) -> Self {
        Self { html, tree: parse(html) }
    }

    /// The body as its readers see it: safe to insert into a page under a strict
    /// Content-Security-Policy. Mentions and link previews are rendered, addresses are links.
    /// Whether a link opens a tab of its own is the client's decision.
    pub fn render(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => render::render(tree, self.html.len(), people),
            None => render::as_text(self.html, Addresses::Linked),
        }
    }

    /// The body as programs get it from Campfire: what Rails' own sanitiser lets through, in
    /// attachment elements what they stand for, no addresses made links. As safe against
    /// scripts as [`Body::render`], but free to load pictures and to carry classes: not for our
    /// own pages.
    pub fn render_for_programs(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => programs::render(tree, self.html.len(), people),
            None => render::as_text(self.html, Addresses::Untouched),
        }
    }

    /// The words without the markup; mentions as `@Name`.
    pub fn plain_text(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => plain::plain_text(tree, people),
            None => self.html.replace('\0', "").trim_end_matches('\n').to_owned(),
        }
    }

    /// The signed global ids of all attachments in the order of the text, for the caller to verify.
    pub fn mentions(&self) -> Vec<String> {
        self.attachments().filter_map(|element| element.get("sgid")).map(str::to_owned).collect()
    }

    /// The message that this one answers: the body begins with a quotation, followed at once by its
    /// attribution with a link to `/rooms/R/@ID`, at whatever host.
    pub fn reply_to(&self) -> Option<ReplyTo> {
        reply::reply_to(self.tree.as_ref()?)
    }

    /// What Trix can load, to change the message: attachments as its figures, mentions with a fresh
    /// snippet. As safe as what readers get.
    pub fn editor_source(&self, people: &dyn Mentions) -> String {
        match &self.tree {
            Some(tree) => editor::source(tree, self.html.len(), people),
            None => render::as_text(self.html, Addresses::Untouched),
        }
    }

    /// Whether there is nothing to see: no visible character and no attachment.
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

/// Whether readers see nothing of a node: what is in elements that are not shown does not count as
/// written.
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
