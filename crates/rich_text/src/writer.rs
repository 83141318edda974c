//! Writes HTML that every parser reads as exactly the intended tree: elements are omitted where a
//! parser would move them, every value is escaped, and every open element is closed.

use crate::ATTACHMENT;
use crate::autolink;
use crate::escape::{escape, write_attribute};
use crate::nesting::{Context, Kind, known};

/// Whether URLs in text become links.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urls {
    /// They become links, except inside links and code.
    Linked,
    Untouched,
}

/// Maximum nesting depth; below the parser's limit, so that output can be parsed again. Only deep
/// markup inside a deep attachment reaches it.
const MAX_DEPTH: usize = 190;

pub(crate) struct Writer {
    out: String,
    open: Vec<Open>,
    /// Pending text: URLs are detected once it is complete.
    text: String,
    urls: Urls,
}

struct Open {
    name: &'static str,
    is_void: bool,
    /// The context inside the element.
    context: Context,
    /// Whether URLs inside stay text.
    is_quiet: bool,
    /// Where the element's content starts in `out`.
    start: usize,
}

impl Writer {
    pub(crate) fn new(capacity: usize, urls: Urls) -> Self {
        Self { out: String::with_capacity(capacity), open: Vec::new(), text: String::new(), urls }
    }

    /// Whether this element may be written here.
    pub(crate) fn fits(&self, name: &str) -> bool {
        known(name).is_some_and(|(_, kind)| self.takes(kind))
    }

    fn takes(&self, kind: Kind) -> bool {
        self.open.len() < MAX_DEPTH && self.context().takes(kind)
    }

    fn context(&self) -> Context {
        self.open.last().map_or(Context::TOP, |open| open.context)
    }

    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Begins a start tag if the element may be written here. Its attributes follow, then
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
            context: self.context().inside(kind),
            is_quiet,
            start: 0,
        });
        self.out.push('<');
        self.out.push_str(name);
        true
    }

    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        write_attribute(name, value, &mut self.out);
    }

    /// Ends the start tag. A void element is then complete; any other needs [`Writer::end`].
    pub(crate) fn inside(&mut self) {
        self.out.push('>');
        match self.open.last_mut() {
            Some(open) if !open.is_void => open.start = self.out.len(),
            _ => drop(self.open.pop()),
        }
    }

    pub(crate) fn end(&mut self) {
        self.flush();
        if let Some(open) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(open.name);
            self.out.push('>');
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        // Directly inside a table, a parser would move text out of it.
        if self.context().takes_text() {
            self.text.push_str(text);
        }
    }

    /// Writes text without turning URLs into links.
    pub(crate) fn quiet_text(&mut self, text: &str) {
        self.flush();
        escape(text, &mut self.out);
    }

    /// Writes a complete figure where a `figure` is allowed.
    pub(crate) fn figure(&mut self, markup: &str) {
        if self.fits("figure") {
            self.flush();
            self.out.push_str(markup);
        }
    }

    /// Closes all elements and returns the markup.
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
            .is_some_and(|open| open.context.drops_line_break() && open.start == self.out.len())
            && self.text.starts_with('\n')
        {
            // Parsers drop one line break there.
            self.out.push('\n');
        }
        if self.urls == Urls::Untouched || innermost.is_some_and(|open| open.is_quiet) {
            escape(&self.text, &mut self.out);
        } else {
            autolink::write(&self.text, &mut self.out);
        }
        self.text.clear();
    }
}
