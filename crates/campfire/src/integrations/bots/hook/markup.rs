//! Markup that is made here and nowhere else: whatever comes from outside goes through
//! [`Markup::text`] or [`Markup::link`], which leave no way to write a tag.

/// The elements that are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// A few lines.
    Lines,
    /// A heading.
    Heading,
    /// A quotation.
    Quote,
    /// Code of several lines.
    Preformatted,
    /// Code in a line.
    Code,
    /// Bold.
    Strong,
    /// Italic.
    Emphasis,
    /// Struck out.
    Strike,
}

impl Tag {
    fn name(self) -> &'static str {
        match self {
            Self::Lines => "div",
            Self::Heading => "h1",
            Self::Quote => "blockquote",
            Self::Preformatted => "pre",
            Self::Code => "code",
            Self::Strong => "strong",
            Self::Emphasis => "em",
            Self::Strike => "del",
        }
    }
}

/// Markup under construction.
#[derive(Default)]
pub struct Markup(String);

impl Markup {
    /// Writes text that stays text.
    pub fn text(&mut self, text: &str) {
        text.chars().for_each(|character| self.character(character));
    }

    /// Writes a character that stays one.
    pub fn character(&mut self, character: char) {
        match character {
            '&' => self.0.push_str("&amp;"),
            '<' => self.0.push_str("&lt;"),
            '>' => self.0.push_str("&gt;"),
            '"' => self.0.push_str("&quot;"),
            // No parser keeps it.
            '\0' => {}
            other => self.0.push(other),
        }
    }

    /// Writes an element around whatever `inside` writes.
    pub fn element(&mut self, tag: Tag, inside: impl FnOnce(&mut Self)) {
        self.0.push('<');
        self.0.push_str(tag.name());
        self.0.push('>');
        // Parsers drop one line break at the beginning of preformatted text.
        if tag == Tag::Preformatted {
            self.0.push('\n');
        }
        inside(self);
        self.0.push_str("</");
        self.0.push_str(tag.name());
        self.0.push('>');
    }

    /// Writes a link; where it leads was checked with [`is_link`].
    pub fn link(&mut self, href: &str, label: &str) {
        self.0.push_str("<a href=\"");
        self.text(href);
        self.0.push_str("\">");
        self.text(label);
        self.0.push_str("</a>");
    }

    /// Writes what was made elsewhere as a quotation.
    pub fn quote(&mut self, inside: Self) {
        self.element(Tag::Quote, |out| out.0.push_str(&inside.0));
    }

    /// Begins another line.
    pub fn line_break(&mut self) {
        self.0.push_str("<br>");
    }

    /// Draws a line between two parts.
    pub fn rule(&mut self) {
        self.0.push_str("<hr>");
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is more than lines between parts: text cannot look like one.
    pub fn has_words(&self) -> bool {
        !self.0.split("<hr>").all(str::is_empty)
    }

    /// The markup.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a link may lead there: to a page, a mailbox or a telephone.
pub fn is_link(address: &str) -> bool {
    const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];
    let begins = |scheme: &str| {
        address.len() > scheme.len()
            && address.as_bytes()[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes())
    };
    SCHEMES.into_iter().any(begins) && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}
