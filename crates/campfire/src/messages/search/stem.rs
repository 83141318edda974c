//! SQLite's `porter` stemmer: M. F. Porter's algorithm of 1980 with the changes that SQLite's FTS5
//! makes to it, so that matches can be highlighted without a query per message. A test compares it
//! with FTS5. Stemmer crates implement other variants (decision 9).

/// FTS5 does not stem longer words; in bytes.
const MAX_WORD: usize = 64;

/// Replaces a folded word by its stem.
pub fn stem(word: &mut String) {
    if word.len() > MAX_WORD || word.len() < 3 {
        return;
    }
    let mut word_bytes = std::mem::take(word).into_bytes();
    step_1(&mut word_bytes);
    replace(&mut word_bytes, STEP_2, |stem| measure(stem) > 0);
    replace(&mut word_bytes, STEP_3, |stem| measure(stem) > 0);
    step_4(&mut word_bytes);
    step_5(&mut word_bytes);
    // Only ASCII suffixes were removed or added, so the bytes are still UTF-8.
    *word = String::from_utf8(word_bytes).unwrap_or_default();
}

const STEP_2: &[(&str, &str)] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("logi", "log"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
];
const STEP_3: &[(&str, &str)] = &[
    ("ical", "ic"),
    ("ness", ""),
    ("icate", "ic"),
    ("iciti", "ic"),
    ("ful", ""),
    ("ative", ""),
    ("alize", "al"),
];
const STEP_4: &[&str] = &[
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
];

/// Replaces the first suffix that fits if the rest is `allowed`; tries no other suffix.
fn replace(word: &mut Vec<u8>, suffixes: &[(&str, &str)], allowed: impl Fn(&[u8]) -> bool) {
    if let Some((suffix, other)) = suffixes.iter().find(|(suffix, _)| ends(word, suffix)) {
        let rest = word.len() - suffix.len();
        if allowed(&word[..rest]) {
            word.truncate(rest);
            word.extend_from_slice(other.as_bytes());
        }
    }
}

fn ends(word: &[u8], suffix: &str) -> bool {
    word.len() > suffix.len() && word.ends_with(suffix.as_bytes())
}

fn step_1(word: &mut Vec<u8>) {
    if word.ends_with(b"s") {
        let cut = if word.ends_with(b"es") {
            if (word.len() > 4 && word.ends_with(b"sses"))
                || (word.len() > 3 && word.ends_with(b"ies"))
            {
                2
            } else {
                1
            }
        } else {
            usize::from(!word.ends_with(b"ss"))
        };
        word.truncate(word.len() - cut);
    }
    let mut cut = false;
    if ends(word, "eed") {
        replace(word, &[("eed", "ee")], |stem| measure(stem) > 0);
    } else if let Some(suffix) = ["ed", "ing"].into_iter().find(|suffix| ends(word, suffix)) {
        let rest = word.len() - suffix.len();
        cut = has_vowel(&word[..rest]);
        if cut {
            word.truncate(rest);
        }
    }
    if cut {
        if ends(word, "at") || ends(word, "bl") || ends(word, "iz") {
            word.push(b'e');
        } else if let [.., before, last] = word[..]
            && before == last
            && !is_vowel(last, false)
            && !matches!(last, b'l' | b's' | b'z')
        {
            word.pop();
        } else if measure(word) == 1 && short(word) {
            word.push(b'e');
        }
    }
    if let [rest @ .., last @ b'y'] = &mut word[..]
        && has_vowel(rest)
    {
        *last = b'i';
    }
}

fn step_4(word: &mut Vec<u8>) {
    if let Some(suffix) =
        STEP_4.iter().filter(|suffix| ends(word, suffix)).max_by_key(|suffix| suffix.len())
    {
        let rest = &word[..word.len() - suffix.len()];
        if measure(rest) > 1 && (*suffix != "ion" || rest.ends_with(b"s") || rest.ends_with(b"t")) {
            word.truncate(rest.len());
        }
    }
}

fn step_5(word: &mut Vec<u8>) {
    if let [rest @ .., b'e'] = &word[..]
        && !rest.is_empty()
        && (measure(rest) > 1 || (measure(rest) == 1 && !short(rest)))
    {
        word.pop();
    }
    if word.ends_with(b"ll") && measure(&word[..word.len() - 1]) > 1 {
        word.pop();
    }
}

fn is_vowel(letter: u8, y_too: bool) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u') || (y_too && letter == b'y')
}

fn has_vowel(stem: &[u8]) -> bool {
    stem.iter().enumerate().any(|(place, letter)| is_vowel(*letter, place > 0))
}

/// Porter's measure: how often a vowel is followed by a consonant.
fn measure(stem: &[u8]) -> u32 {
    let (mut count, mut consonant, mut seen_vowel) = (0, false, false);
    for letter in stem {
        consonant = !is_vowel(*letter, consonant);
        if !consonant {
            seen_vowel = true;
        } else if std::mem::take(&mut seen_vowel) {
            count += 1;
        }
    }
    count
}

/// Whether the stem ends in consonant, vowel, consonant, and the last is not w, x or y.
fn short(stem: &[u8]) -> bool {
    if stem.last().is_none_or(|last| matches!(last, b'w' | b'x' | b'y')) {
        return false;
    }
    let (mut pattern, mut consonant) = (0u8, false);
    for letter in stem {
        consonant = !is_vowel(*letter, consonant);
        pattern = pattern << 1 | u8::from(consonant);
    }
    pattern & 7 == 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    /// Random beginnings with up to two of the suffixes that the algorithm knows.
    fn words() -> Vec<String> {
        let mut rng = rand::rng();
        let mut suffixes = vec![
            "", "s", "es", "ies", "sses", "ss", "ed", "eed", "ing", "at", "bl", "iz", "y", "e",
            "ll", "le", "ying", "tting",
        ];
        suffixes.extend(STEP_2.iter().chain(STEP_3).map(|(suffix, _)| *suffix));
        suffixes.extend(STEP_4);
        (0..20_000)
            .map(|_| {
                let length = rng.random_range(1..7);
                let mut word = (0..length)
                    .map(|_| {
                        *b"aeiouybcdlnrstwxzq0".get(rng.random_range(0..18)).expect("in range")
                            as char
                    })
                    .collect::<String>();
                for _ in 0..rng.random_range(0..3) {
                    word.push_str(suffixes[rng.random_range(0..suffixes.len())]);
                }
                word
            })
            .collect()
    }

    #[test]
    fn stems_are_those_of_fts5() {
        let conn = rusqlite::Connection::open_in_memory().expect("opens");
        conn.execute_batch(
            "CREATE VIRTUAL TABLE t USING fts5(body, tokenize=porter); CREATE VIRTUAL TABLE v USING fts5vocab(t, instance);",
        )
        .expect("made");
        let words = words();
        conn.execute_batch("BEGIN").expect("begun");
        for (word, id) in words.iter().zip(1..) {
            conn.execute(
                "INSERT INTO t (rowid, body) VALUES (?1, ?2)",
                rusqlite::params![id, word],
            )
            .expect("stored");
        }
        conn.execute_batch("COMMIT").expect("done");
        let mut terms = conn.prepare("SELECT doc, term FROM v ORDER BY doc").expect("valid");
        let terms = terms
            .query_map([], |row| Ok((row.get::<_, usize>(0)?, row.get::<_, String>(1)?)))
            .expect("read");
        let mut compared = 0;
        for term in terms {
            let (doc, term) = term.expect("read");
            let mut ours = words[doc - 1].clone();
            stem(&mut ours);
            assert_eq!(ours, term, "{}", words[doc - 1]);
            compared += 1;
        }
        assert_eq!(compared, words.len());
    }
}
