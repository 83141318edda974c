//! Which elements may be nested in which, as HTML parsers see it: with any other nesting, a browser
//! moves or closes elements and shows something else than was written. The strict parser accepts
//! only this nesting, and the writer writes nothing else.

/// The nesting properties of an element, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind(u16);

impl Kind {
    /// No special rule: allowed anywhere in running text.
    pub(crate) const PLAIN: Self = Self(0);
    /// Has no content and no end tag.
    pub(crate) const VOID: Self = Self(1);
    /// Its start tag closes an open paragraph.
    const BLOCK: Self = Self(1 << 1);
    /// A list item beyond this element is not closed by a new item.
    const BARRIER: Self = Self(1 << 2);
    const HEADING: Self = Self(1 << 3);
    const PARAGRAPH: Self = Self(1 << 4);
    const ITEM: Self = Self(1 << 5);
    const TERM: Self = Self(1 << 6);
    const LINK: Self = Self(1 << 7);
    const TABLE: Self = Self(1 << 8);
    const CAPTION: Self = Self(1 << 9);
    const SECTION: Self = Self(1 << 10);
    const ROW: Self = Self(1 << 11);
    const CELL: Self = Self(1 << 12);
    /// The parser drops a line break at the start of its content.
    const PREFORMATTED: Self = Self(1 << 13);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has any of these properties.
    pub(crate) const fn is(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

/// The canonical name and nesting properties of an element that may be shown; `None` for all
/// others.
pub(crate) fn known(name: &str) -> Option<(&'static str, Kind)> {
    const BLOCK: Kind = Kind::BLOCK.and(Kind::BARRIER);
    macro_rules! table {
        ($($kind:expr => $($name:literal)+;)+) => {
            match name {
                $($($name => Some(($name, $kind)),)+)+
                _ => None,
            }
        };
    }
    table! {
        Kind::PLAIN => "abbr" "acronym" "b" "big" "cite" "code" "del" "dfn" "em" "i" "ins" "kbd" "mark" "q" "s" "samp" "small" "span" "strong" "sub" "sup" "time" "tt" "u" "var";
        Kind::LINK => "a";
        Kind::VOID.and(Kind::BARRIER) => "br" "img" "wbr";
        Kind::VOID.and(BLOCK) => "hr";
        // These two do not stop the search for an open list item.
        Kind::BLOCK => "address" "div";
        Kind::BLOCK.and(Kind::PARAGRAPH) => "p";
        BLOCK => "blockquote" "dl" "figcaption" "figure" "ol" "ul";
        BLOCK.and(Kind::HEADING) => "h1" "h2" "h3" "h4" "h5" "h6";
        BLOCK.and(Kind::PREFORMATTED) => "pre";
        BLOCK.and(Kind::ITEM) => "li";
        BLOCK.and(Kind::TERM) => "dd" "dt";
        BLOCK.and(Kind::TABLE) => "table";
        Kind::BARRIER.and(Kind::CAPTION) => "caption";
        Kind::BARRIER.and(Kind::SECTION) => "tbody" "tfoot" "thead";
        Kind::BARRIER.and(Kind::ROW) => "tr";
        Kind::BARRIER.and(Kind::CELL) => "td" "th";
    }
}

/// A context: what the nesting rules need to know about the surrounding elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Context {
    parent: Kind,
    /// Which of [`Context::AROUND`] are open, with nothing in between that hides them.
    around: Kind,
}

impl Context {
    /// Outside of all elements.
    pub(crate) const TOP: Self = Self { parent: Kind::PLAIN, around: Kind::PLAIN };

    const AROUND: Kind = Kind::PARAGRAPH.and(Kind::LINK).and(Kind::ITEM).and(Kind::TERM);

    /// The context inside an element in this context.
    pub(crate) const fn inside(self, kind: Kind) -> Self {
        let hidden =
            match (kind.is(Kind::TABLE.and(Kind::CAPTION).and(Kind::CELL)), kind.is(Kind::BARRIER))
            {
                (true, _) => Kind::PARAGRAPH.and(Kind::ITEM).and(Kind::TERM),
                (false, true) => Kind::ITEM.and(Kind::TERM),
                (false, false) => Kind::PLAIN,
            };
        Self { parent: kind, around: Kind(self.around.0 & !hidden.0 | kind.0 & Self::AROUND.0) }
    }

    /// Whether a parser leaves an element here without moving or closing anything.
    pub(crate) const fn takes(self, kind: Kind) -> bool {
        if kind.is(Kind::CAPTION.and(Kind::SECTION)) {
            return self.parent.is(Kind::TABLE);
        }
        if kind.is(Kind::ROW) {
            return self.parent.is(Kind::SECTION);
        }
        if kind.is(Kind::CELL) {
            return self.parent.is(Kind::ROW);
        }
        let is_moved = !self.takes_text()
            || kind.is(Kind::LINK.and(Kind::ITEM).and(Kind::TERM))
                && self.around.is(Kind(kind.0 & Self::AROUND.0));
        let closes = kind.is(Kind::HEADING) && self.parent.is(Kind::HEADING)
            || kind.is(Kind::BLOCK) && self.around.is(Kind::PARAGRAPH);
        !is_moved && !closes
    }

    /// Whether text may stand here; directly inside a table, a parser moves it before the table.
    pub(crate) const fn takes_text(self) -> bool {
        !self.parent.is(Kind::TABLE.and(Kind::SECTION).and(Kind::ROW))
    }

    /// Whether a parser drops a line break at the start of this content.
    pub(crate) const fn drops_line_break(self) -> bool {
        self.parent.is(Kind::PREFORMATTED)
    }
}
