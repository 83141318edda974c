//! Writes HTML that every parser reads as exactly the tree that was meant: elements are left out
//! where they would be moved, every value is escaped, and everything that is opened is closed.

use crate::ATTACHMENT;
use crate::autolink;
use crate::escape::{escape, write_attribute};
use crate::nesting::{Kind, Place, known};

/// What becomes of addresses in text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addresses {
    /// They become links, outside of links and code.
    Linked,
    /// They stay text.
    Untouched,
}

/// Elements inside each other; fewer than the parser takes, so that what comes out can come in
/// again. Only markup out of an attachment that is deep in other markup comes to more.
const MAX_DEPTH: usize = 190;

/// Writes one fragment.
pub(crate) struct Writer {
    out: String,
    open: Vec<Open>,
    /// Text that is not yet written: addresses are looked for when it is complete.
    text: String,
    addresses: Addresses,
}

struct Open {
    name: &'static str,
    is_void: bool,
    /// The place inside it.
    place: Place,
    /// Whether addresses in it stay text.
    is_quiet: bool,
    /// Where what is inside it begins.
    start: usize,
}

impl Writer {
    pub(crate) fn new(capacity: usize, addresses: Addresses) -> Self {
        Self {
            out: String::with_capacity(capacity),
            open: Vec::new(),
            text: String::new(),
            addresses,
        }
    }

    /// Whether this element may be written here.
    pub(crate) fn fits(&self, name: &str) -> bool {
        known(name).is_some_and(|(_, kind)| self.takes(kind))
    }

    fn takes(&self, kind: Kind) -> bool {
        self.open.len() < MAX_DEPTH && self.place().takes(kind)
    }

    fn place(&self) -> Place {
        self.open.last().map_or(Place::TOP, |open| open.place)
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Begins an element, if it may be written here; then its attributes follow, and
    /// [`Writer::inside`].
    pub(crate) fn begin(&mut self, name: &str) -> bool {
        let found = if name == ATTACHMENT { Some((ATTACHMENT, Kind::PLAIN)) } else { known(name) };
        let Some((name, kind)) = found else { return false };
        if !self.takes(kind) {
            return false;
        }
        self.flush();
        let is_quiet = matches!(name, "a" | "pre" | "code")
            || self.open.last().is_some_and(|open| open.is_quiet);
        self.open.push(Open {
            name,
            is_void: kind.is(Kind::VOID),
            place: self.place().inside(kind),
            is_quiet,
            start: 0,
        });
        self.out.push('<');
        self.out.push_str(name);
        true
    }

    /// Writes an attribute of the element that was just begun.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        write_attribute(name, value, &mut self.out);
    }

    /// Ends the start tag; an element that holds nothing is thereby complete, any other needs an
    /// [`Writer::end`].
    pub(crate) fn inside(&mut self) {
        self.out.push('>');
        match self.open.last_mut() {
            Some(open) if !open.is_void => open.start = self.out.len(),
            _ => drop(self.open.pop()),
        }
    }

    /// Ends the innermost element.
    pub(crate) fn end(&mut self) {
        self.flush();
        if let Some(open) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(open.name);
            self.out.push('>');
        }
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) {
        // In a table outside its cells only white space stays where it is.
        if self.place().takes_text() {
            self.text.push_str(text);
        }
    }

    /// Writes text in which addresses stay text.
    pub(crate) fn quiet_text(&mut self, text: &str) {
        self.flush();
        escape(text, &mut self.out);
    }

    /// Writes a figure that is complete in itself; it may stand where a `figure` may.
    pub(crate) fn figure(&mut self, markup: &str) {
        if self.fits("figure") {
            self.flush();
            self.out.push_str(markup);
        }
    }

    /// The markup.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.flush();
        self.out
    }

    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let innermost = self.open.last();
        if innermost
            .is_some_and(|open| open.place.drops_line_break() && open.start == self.out.len())
            && self.text.starts_with('\n')
        {
            // Parsers drop one line break there.
            self.out.push('\n');
        }
        if self.addresses == Addresses::Untouched || innermost.is_some_and(|open| open.is_quiet) {
            escape(&self.text, &mut self.out);
        } else {
            autolink::write(&self.text, &mut self.out);
        }
        self.text.clear();
    }
}
