//! Marking in a text what a query found: snippets, escaped, the matches inside `<mark>`. A word
//! counts as the index counts it: without case, accents and endings.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::query::{Query, Term};
use super::scripts::{self, Piece, is_unspaced};
use super::stem::stem;

/// Characters of a snippet.
const LENGTH: usize = 240;
/// Characters of it that stand before the first match.
const BEFORE: usize = 60;
/// Bytes of a text that are looked at: what is found further back is shown without a mark.
const LOOKED_AT: usize = 64 * 1024;

/// What is to be marked.
pub struct Marker {
    needles: Vec<Needle>,
    unspaced: bool,
}

enum Needle {
    /// Words that follow each other, as stems; of the last one the beginning is enough if `open`.
    Words { stems: Vec<String>, open: bool },
    /// Signs that follow each other.
    Run(Vec<char>),
}

struct Word {
    at: Range<usize>,
    stem: String,
}

impl Marker {
    /// For the words of this query.
    pub fn new(query: &Query) -> Self {
        let unspaced = query.terms.iter().any(|term| scripts::has_unspaced(&term.text));
        let needles = query.terms.iter().flat_map(|term| needles(term, unspaced)).collect();
        Self { needles, unspaced }
    }

    /// The part of a text around its first match, as HTML.
    pub fn snippet(&self, text: &str) -> String {
        let text = &text[..text.floor_char_boundary(LOOKED_AT)];
        let found = self.find(text);
        let start = match found.first() {
            Some(first) => back(text, first.start, BEFORE),
            None => 0,
        };
        let end = text[start..].char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| start + at);
        let mut out = String::with_capacity(end - start + 64);
        if start > 0 {
            out.push('…');
        }
        let mut at = start;
        for found in found.iter().filter(|found| found.start >= start && found.end <= end) {
            escape(&mut out, &text[at..found.start]);
            out.push_str("<mark>");
            escape(&mut out, &text[found.clone()]);
            out.push_str("</mark>");
            at = found.end;
        }
        escape(&mut out, &text[at..end]);
        if end < text.len() {
            out.push('…');
        }
        out
    }

    /// Where the matches are: in order, none touching another.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        if self.needles.is_empty() {
            return Vec::new();
        }
        let words = words(text, self.unspaced);
        let mut found = Vec::new();
        for needle in &self.needles {
            match needle {
                Needle::Words { stems, open } => {
                    let matches =
                        words.windows(stems.len()).filter(|window| follow(window, stems, *open));
                    found.extend(
                        matches.map(|window| window[0].at.start..window[window.len() - 1].at.end),
                    );
                }
                Needle::Run(run) => {
                    let run = run.iter().collect::<String>();
                    found.extend(text.match_indices(&run).map(|(at, _)| at..at + run.len()));
                }
            }
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }
}

fn follow(window: &[Word], stems: &[String], open: bool) -> bool {
    let last = stems.len() - 1;
    window.iter().zip(stems).enumerate().all(|(place, (word, stem))| {
        if place == last && open {
            word.stem.starts_with(stem.as_str())
        } else {
            word.stem == *stem
        }
    })
}

fn needles(term: &Term, unspaced: bool) -> Vec<Needle> {
    let pieces =
        if unspaced { scripts::pieces(&term.text) } else { vec![Piece::Other(term.text.clone())] };
    let needle = |piece| match piece {
        Piece::Run(run) => Some(Needle::Run(run)),
        Piece::Other(other) => {
            let stems = words(&other, false).into_iter().map(|word| word.stem).collect::<Vec<_>>();
            (!stems.is_empty()).then_some(Needle::Words { stems, open: term.prefix })
        }
    };
    pieces.into_iter().filter_map(needle).collect()
}

/// The words of a text; with `unspaced`, signs of scripts without spaces are no part of any.
fn words(text: &str, unspaced: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = (c.is_alphanumeric() || (start.is_some() && is_combining_mark(c)))
            && !(unspaced && is_unspaced(c));
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let mut folded = folded(&text[from..at]);
                stem(&mut folded);
                words.push(Word { at: from..at, stem: folded });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The last word of a text as the index keeps it.
pub fn last_stem(text: &str) -> Option<String> {
    words(text, false).pop().map(|word| word.stem)
}

/// A word without case and accents.
pub fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// So many characters before a place, moved on to the beginning of a word if there is one.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let Some((start, _)) = text[..at].char_indices().rev().nth(characters - 1) else { return 0 };
    if start == 0 {
        return 0;
    }
    let space = text[start..at].char_indices().find(|(_, c)| c.is_whitespace());
    space.map_or(start, |(from, c)| start + from + c.len_utf8())
}

/// Text as HTML, line breaks as spaces.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn snippet(query: &str, text: &str) -> String {
        Marker::new(&Query::parse(query).expect("a query")).snippet(text)
    }

    #[test]
    fn words_are_marked_as_the_index_finds_them() {
        assert_eq!(snippet("eel", "Eels & élans"), "<mark>Eels</mark> &amp; élans");
        assert_eq!(snippet("elan", "Eels & élans"), "Eels &amp; <mark>élans</mark>");
        assert_eq!(snippet("lant", "a lantern"), "a <mark>lantern</mark>");
        assert_eq!(snippet("lant quiet", "a lantern, quiet"), "a lantern, <mark>quiet</mark>");
        assert_eq!(
            snippet("\"quiet harbour\"", "harbour: quiet harbours"),
            "harbour: <mark>quiet harbours</mark>"
        );
        assert_eq!(snippet("re:invent", "we re-invent it"), "we <mark>re-invent</mark> it");
    }

    #[test]
    fn runs_are_marked_inside_longer_ones() {
        assert_eq!(
            snippet("天气 deploy", "今天天气很好,deploys了"),
            "今天<mark>天气</mark>很好,<mark>deploys</mark>了"
        );
        assert_eq!(snippet("회의", "회의는 내일"), "<mark>회의</mark>는 내일");
    }

    #[test]
    fn only_our_marks_are_markup() {
        assert_eq!(
            snippet("script", "<script>alert('x')</script>"),
            "&lt;<mark>script</mark>&gt;alert(&#39;x&#39;)&lt;/<mark>script</mark>&gt;"
        );
        assert_eq!(snippet("has:link", "<mark>"), "&lt;mark&gt;");
    }

    #[test]
    fn of_a_long_text_the_part_around_the_first_match_is_shown() {
        let text = format!("{} lantern {}", "word ".repeat(100), "more ".repeat(100));
        let shown = snippet("lantern", &text);
        assert!(
            shown.starts_with("…word ")
                && shown.ends_with('…')
                && shown.contains("<mark>lantern</mark>"),
            "{shown}"
        );
        assert!(shown.chars().count() < LENGTH + 20);
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_part_of_the_text(query in "\\PC{0,20}", text in "\\PC{0,400}|[a-z天气 \n]{0,600}") {
            let Ok(query) = Query::parse(&query) else { return Ok(()) };
            let shown = Marker::new(&query).snippet(&text);
            prop_assert!(shown.matches("<mark>").count() == shown.matches("</mark>").count());
            let plain = shown.replace("<mark>", "").replace("</mark>", "");
            prop_assert!(!plain.contains(['<', '>', '"', '\'']));
            let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
            let whole = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
            let own = plain.strip_prefix('…').unwrap_or(&plain);
            let own = own.strip_suffix('…').unwrap_or(own);
            prop_assert!(whole.contains(own), "{own:?}");
        }

        #[test]
        fn what_the_index_finds_is_marked(word in "[a-zà-öø-ÿ]{1,9}(s|ing|ed|ation|ness)?", other in "[a-z]{0,8}(s|ing|ies)?", tail in "(s|ing|ed)?") {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter)").expect("made");
            let text = format!("{other} {word}{tail}");
            conn.execute("INSERT INTO t VALUES (?1)", [&text]).expect("stored");
            let query = Query::parse(&word).expect("a query");
            let expression = query.expression().and_then(|expression| expression.beginning).expect("a word");
            let found: bool = conn.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&expression], |row| row.get(0)).expect("valid");
            prop_assert_eq!(found, Marker::new(&query).snippet(&text).contains("<mark>"), "{} in {}", word, text);
        }
    }
}
