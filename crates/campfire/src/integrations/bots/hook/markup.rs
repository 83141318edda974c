//! A builder for safe HTML: external text goes through [`Markup::text`] or [`Markup::link`], which
//! escape it.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Paragraph,
    Heading,
    Quote,
    Preformatted,
    Code,
    Strong,
    Emphasis,
    Strike,
}

impl Tag {
    fn name(self) -> &'static str {
        match self {
            Self::Paragraph => "div",
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

#[derive(Default)]
pub struct Markup(String);

impl Markup {
    /// Writes escaped text.
    pub fn text(&mut self, text: &str) {
        text.chars().for_each(|character| self.character(character));
    }

    /// Writes an escaped character.
    pub fn character(&mut self, character: char) {
        match character {
            '&' => self.0.push_str("&amp;"),
            '<' => self.0.push_str("&lt;"),
            '>' => self.0.push_str("&gt;"),
            '"' => self.0.push_str("&quot;"),
            // Parsers drop it.
            '\0' => {}
            other => self.0.push(other),
        }
    }

    /// Writes an element with the content that `inside` writes.
    pub fn element(&mut self, tag: Tag, inside: impl FnOnce(&mut Self)) {
        self.0.push('<');
        self.0.push_str(tag.name());
        self.0.push('>');
        // Parsers drop the first line break in preformatted text.
        if tag == Tag::Preformatted {
            self.0.push('\n');
        }
        inside(self);
        self.0.push_str("</");
        self.0.push_str(tag.name());
        self.0.push('>');
    }

    /// Writes a link. The caller must have checked `href` with [`is_link`].
    pub fn link(&mut self, href: &str, label: &str) {
        self.0.push_str("<a href=\"");
        self.text(href);
        self.0.push_str("\">");
        self.text(label);
        self.0.push_str("</a>");
    }

    /// Writes other markup in a quote.
    pub fn quote(&mut self, inside: Self) {
        self.element(Tag::Quote, |out| out.0.push_str(&inside.0));
    }

    pub fn line_break(&mut self) {
        self.0.push_str("<br>");
    }

    pub fn rule(&mut self) {
        self.0.push_str("<hr>");
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is anything but rules. Text is escaped, so it cannot contain `<hr>`.
    pub fn has_content(&self) -> bool {
        !self.0.split("<hr>").all(str::is_empty)
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a URL is allowed in a link: a page, an email address or a phone number.
pub fn is_link(address: &str) -> bool {
    const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];
    let begins = |scheme: &str| {
        address.len() > scheme.len()
            && address.as_bytes()[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes())
    };
    SCHEMES.into_iter().any(begins) && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}
