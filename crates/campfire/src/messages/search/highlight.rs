//! Search highlighting: snippets of the text around the first match, escaped, with matches in
//! `<mark>`. Words match as they do in the index.

use std::ops::Range;

use super::cjk::{self, Segment};
use super::query::{Query, Term};
use super::tokenizer::{Token, tokens};

/// Characters in a snippet.
const SNIPPET_LENGTH: usize = 240;
/// Characters before the first match.
const CONTEXT_BEFORE: usize = 60;
/// Bytes of a text that are searched for matches.
const MAX_TEXT: usize = 64 * 1024;

/// Finds the matches of a query in texts.
pub struct Highlighter {
    patterns: Vec<Pattern>,
    has_cjk: bool,
}

enum Pattern {
    /// Consecutive words. With `prefix`, the last one also matches longer words.
    Words { terms: Vec<String>, prefix: bool },
    /// CJK characters, anywhere.
    Cjk(String),
}

impl Highlighter {
    pub fn new(query: &Query) -> Self {
        let has_cjk = query.terms.iter().any(|term| cjk::contains_cjk(&term.text));
        let patterns = query.terms.iter().flat_map(|term| patterns(term, has_cjk)).collect();
        Self { patterns, has_cjk }
    }

    /// The part of a text around its first match, as HTML.
    pub fn snippet(&self, text: &str) -> String {
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let matches = self.matches(text);
        let start = match matches.first() {
            Some(first) => back(text, first.start, CONTEXT_BEFORE),
            None => 0,
        };
        let end = text[start..]
            .char_indices()
            .nth(SNIPPET_LENGTH)
            .map_or(text.len(), |(at, _)| start + at);
        let mut html = String::with_capacity(end - start + 64);
        if start > 0 {
            html.push('…');
        }
        let mut at = start;
        for found in matches.iter().filter(|found| found.start >= start && found.end <= end) {
            escape(&mut html, &text[at..found.start]);
            html.push_str("<mark>");
            escape(&mut html, &text[found.clone()]);
            html.push_str("</mark>");
            at = found.end;
        }
        escape(&mut html, &text[at..end]);
        if end < text.len() {
            html.push('…');
        }
        html
    }

    /// The bytes that match, in order; matches that touch are merged.
    fn matches(&self, text: &str) -> Vec<Range<usize>> {
        if self.patterns.is_empty() {
            return Vec::new();
        }
        let tokens = tokens(text, self.has_cjk);
        let mut found = Vec::new();
        for pattern in &self.patterns {
            match pattern {
                Pattern::Words { terms, prefix } => {
                    let phrases = tokens
                        .windows(terms.len())
                        .filter(|phrase| phrase_matches(phrase, terms, *prefix));
                    found.extend(
                        phrases.map(|phrase| {
                            phrase[0].range.start..phrase[phrase.len() - 1].range.end
                        }),
                    );
                }
                Pattern::Cjk(run) => {
                    found.extend(text.match_indices(run).map(|(at, _)| at..at + run.len()));
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

fn phrase_matches(phrase: &[Token], terms: &[String], prefix: bool) -> bool {
    let last = terms.len() - 1;
    phrase.iter().zip(terms).enumerate().all(|(place, (token, term))| {
        if place == last && prefix { token.term.starts_with(term) } else { token.term == *term }
    })
}

fn patterns(term: &Term, has_cjk: bool) -> Vec<Pattern> {
    let pattern = |segment| match segment {
        Segment::Cjk(run) => Some(Pattern::Cjk(run.into_iter().collect())),
        Segment::Other(other) => {
            let terms =
                tokens(&other, false).into_iter().map(|token| token.term).collect::<Vec<_>>();
            (!terms.is_empty()).then_some(Pattern::Words { terms, prefix: term.prefix })
        }
    };
    cjk::segments_if(has_cjk, &term.text).into_iter().filter_map(pattern).collect()
}

/// The byte `characters` before `at`, moved forward to the start of a word if there is one.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let Some((start, _)) = text[..at].char_indices().rev().nth(characters - 1) else { return 0 };
    if start == 0 {
        return 0;
    }
    let space = text[start..at].char_indices().find(|(_, c)| c.is_whitespace());
    space.map_or(start, |(from, c)| start + from + c.len_utf8())
}

/// Appends text as HTML, line breaks as spaces.
fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if c.is_control() => html.push(' '),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::search::match_expression::MatchExpression;
    use proptest::prelude::*;

    fn snippet(query: &str, text: &str) -> String {
        Highlighter::new(&Query::parse(query).expect("a valid query")).snippet(text)
    }

    #[test]
    fn marks_words_that_the_index_matches() {
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
    fn marks_cjk_inside_longer_runs() {
        assert_eq!(
            snippet("天气 deploy", "今天天气很好,deploys了"),
            "今天<mark>天气</mark>很好,<mark>deploys</mark>了"
        );
        assert_eq!(snippet("회의", "회의는 내일"), "<mark>회의</mark>는 내일");
    }

    #[test]
    fn escapes_everything_but_its_marks() {
        assert_eq!(
            snippet("script", "<script>alert('x')</script>"),
            "&lt;<mark>script</mark>&gt;alert(&#39;x&#39;)&lt;/<mark>script</mark>&gt;"
        );
        assert_eq!(snippet("has:link", "<mark>"), "&lt;mark&gt;");
    }

    #[test]
    fn shows_the_part_of_a_long_text_around_the_first_match() {
        let text = format!("{} lantern {}", "word ".repeat(100), "more ".repeat(100));
        let shown = snippet("lantern", &text);
        assert!(
            shown.starts_with("…word ")
                && shown.ends_with('…')
                && shown.contains("<mark>lantern</mark>"),
            "{shown}"
        );
        assert!(shown.chars().count() < SNIPPET_LENGTH + 20);
    }

    proptest! {
        #[test]
        fn a_snippet_without_its_marks_is_part_of_the_text(query in "\\PC{0,20}", text in "\\PC{0,400}|[a-z天气 \n]{0,600}") {
            let Ok(query) = Query::parse(&query) else { return Ok(()) };
            let shown = Highlighter::new(&query).snippet(&text);
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
        fn marks_exactly_what_fts5_matches(word in "[a-zà-öø-ÿ]{1,9}(s|ing|ed|ation|ness)?", other in "[a-z]{0,8}(s|ing|ies)?", tail in "(s|ing|ed)?") {
            let conn = rusqlite::Connection::open_in_memory().expect("opens");
            conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter)").expect("made");
            let text = format!("{other} {word}{tail}");
            conn.execute("INSERT INTO t VALUES (?1)", [&text]).expect("stored");
            let query = Query::parse(&word).expect("a valid query");
            let expression = MatchExpression::new(&query).and_then(|expression| expression.prefix).expect("a word");
            let found: bool = conn.query_row("SELECT count(*) FROM t WHERE t MATCH ?1", [&expression], |row| row.get(0)).expect("valid");
            prop_assert_eq!(found, Highlighter::new(&query).snippet(&text).contains("<mark>"), "{} in {}", word, text);
        }
    }
}
