//! Scripts that are written without spaces between words or that attach endings to words. "CJK" here
//! means Han, Kana, Hangul, Bopomofo, Thai, Lao, Khmer, Myanmar and Tibetan. Their texts are also
//! indexed in `campfire_search_unspaced`, where every pair of neighboring characters is a term.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

pub fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x0e01..=0x0e3a | 0x0e40..=0x0e4e | 0x0e81..=0x0ece | 0x0f40..=0x0fbc | 0x1000..=0x1049 | 0x1050..=0x109d | 0x1100..=0x11ff
        | 0x1780..=0x17d3 | 0x3005..=0x3007 | 0x3041..=0x309f | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x3105..=0x312f | 0x3131..=0x318e
        | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa960..=0xa97c | 0xac00..=0xd7fb | 0xf900..=0xfaff | 0xff66..=0xffdc
        | 0x20000..=0x3ffff)
}

pub fn contains_cjk(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_cjk)
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Consecutive CJK characters.
    Cjk(Vec<char>),
    Other(String),
}

/// Splits a text into CJK and other segments, normalized to NFC.
pub fn segments(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    for c in text.nfc() {
        match (segments.last_mut(), is_cjk(c)) {
            (Some(Segment::Cjk(run)), true) => run.push(c),
            (Some(Segment::Other(other)), false) => other.push(c),
            (_, true) => segments.push(Segment::Cjk(vec![c])),
            (_, false) => segments.push(Segment::Other(c.to_string())),
        }
    }
    segments
}

/// [`segments`] if `split`, otherwise the text as one segment.
pub fn segments_if(split: bool, text: &str) -> Vec<Segment> {
    if split { segments(text) } else { vec![Segment::Other(text.to_owned())] }
}

/// The terms of a text for the CJK index: its other words, and for each run of CJK characters every
/// pair of neighbors and the last character alone. `None` for a text without CJK characters, which
/// the CJK index does not hold.
pub fn index_terms(text: &str) -> Option<String> {
    if !contains_cjk(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 6);
    for segment in segments(text) {
        match segment {
            Segment::Other(other) => out.push_str(&other),
            Segment::Cjk(run) => {
                for start in 0..run.len() {
                    out.push(' ');
                    push_term(&mut out, &run[start..run.len().min(start + 2)]);
                }
                out.push(' ');
            }
        }
    }
    Some(out)
}

/// An FTS5 phrase that matches wherever these characters follow each other.
pub fn phrase(run: &[char]) -> String {
    let mut phrase = String::from("\"");
    if let [one] = run {
        push_term(&mut phrase, &[*one]);
        // A pair that begins with the character, or the character alone at the end of a run.
        phrase.push_str("\"*");
        return phrase;
    }
    for pair in run.windows(2) {
        push_term(&mut phrase, pair);
        phrase.push(' ');
    }
    phrase.push('"');
    phrase
}

/// Appends characters as a term that FTS5 neither splits nor stems: their code points, padded to one
/// length.
fn push_term(out: &mut String, characters: &[char]) {
    out.push('u');
    for character in characters {
        // Writing to a String cannot fail.
        let _ = write!(out, "{:06}", u32::from(*character));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_cjk_have_no_terms() {
        assert_eq!(index_terms("plain words, élan, привет, שלום, नमस्ते 👍"), None);
    }

    #[test]
    fn every_part_of_a_run_is_found() {
        let conn = rusqlite::Connection::open_in_memory().expect("opens");
        conn.execute_batch("CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter)")
            .expect("made");
        let texts = [
            "今天天气很好,deploy了新版本",
            "ภาษาไทยไม่มีช่องว่าง",
            "회의는 내일입니다",
            "カタカナとひらがな",
            "天",
            "天候",
        ];
        for text in texts {
            conn.execute(
                "INSERT INTO t (body) VALUES (?1)",
                [index_terms(text).expect("CJK text")],
            )
            .expect("stored");
        }
        let found = |run: &str| {
            let run = run.chars().collect::<Vec<_>>();
            let mut statement =
                conn.prepare("SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rowid").expect("valid");
            let rows = statement.query_map([phrase(&run)], |row| row.get(0)).expect("read");
            rows.collect::<Result<Vec<usize>, _>>().expect("read")
        };
        for (number, text) in texts.iter().enumerate() {
            for segment in segments(text) {
                let Segment::Cjk(run) = segment else { continue };
                for start in 0..run.len() {
                    for end in start + 1..=run.len() {
                        let part = run[start..end].iter().collect::<String>();
                        let expected = (1..)
                            .zip(texts)
                            .filter(|(_, text)| text.contains(&part))
                            .map(|(id, _)| id)
                            .collect::<Vec<_>>();
                        assert!(expected.contains(&(number + 1)));
                        assert_eq!(found(&part), expected, "{part}");
                    }
                }
            }
        }
        assert_eq!(found("天很"), Vec::<usize>::new());
    }
}
