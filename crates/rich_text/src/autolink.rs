//! Turns URLs and email addresses in text into links. Each byte is examined a bounded number of
//! times.

use std::borrow::Cow;

use crate::escape::{escape, write_attribute};

/// The schemes that links may have, written or detected.
const SCHEMES: [&str; 27] = [
    "ed2k", "ftp", "http", "https", "irc", "mailto", "news", "gopher", "nntp", "telnet", "webcal",
    "xmpp", "callto", "feed", "svn", "urn", "aim", "rsync", "tag", "ssh", "sftp", "rtsp", "afs",
    "file", "tel", "sms", "ircs",
];

/// Maximum lengths of the local part and the domain of an email address (RFC 5321).
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// Writes escaped text with its URLs and email addresses as links.
pub(crate) fn write(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    // The common case without any candidate is found by a vectorised scan.
    if !bytes.iter().fold(false, |found, &byte| found | matches!(byte, b':' | b'@' | b'.')) {
        return escape(text, out);
    }
    let (mut written, mut at) = (0, 0);
    while at < bytes.len() {
        let found = match bytes[at] {
            b':' => url(text, written, at),
            b'.' => www(text, written, at),
            b'@' => mail(text, written, at),
            _ => None,
        };
        match found {
            Some((start, end, href)) => {
                escape(&text[written..start], out);
                out.push_str("<a");
                write_attribute("href", &href, out);
                out.push('>');
                escape(&text[start..end], out);
                out.push_str("</a>");
                (written, at) = (end, end);
            }
            None => at += 1,
        }
    }
    escape(&text[written..], out);
}

/// Start and end of a link in the text, and its `href`.
type Found<'t> = Option<(usize, usize, Cow<'t, str>)>;

/// Matches `scheme://…` around the colon at `colon`.
fn url(text: &str, from: usize, colon: usize) -> Found<'_> {
    let rest = text[colon..].strip_prefix("://")?;
    // The longest scheme that ends here: `https`, not the `s` of something else. Letters before it
    // do not matter.
    let before = &text.as_bytes()[from..colon];
    let ends = |scheme: &&str| {
        before.len() >= scheme.len()
            && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
    };
    let scheme = SCHEMES
        .into_iter()
        .filter(|scheme| !matches!(*scheme, "tel" | "sms"))
        .filter(ends)
        .max_by_key(|scheme| scheme.len())?;
    let end = colon + 3 + trimmed(&rest[..url_length(rest)]);
    let start = colon - scheme.len();
    // Slashes alone are not a link.
    (end > colon + 3 && !text[colon + 3..end].bytes().all(|byte| byte == b'/'))
        .then(|| (start, end, Cow::Borrowed(&text[start..end])))
}

/// Matches `www.` and a word; the first dot is at `dot`.
fn www(text: &str, from: usize, dot: usize) -> Found<'_> {
    let start = dot.checked_sub(3).filter(|start| *start >= from)?;
    text.get(start..dot).filter(|word| word.eq_ignore_ascii_case("www"))?;
    let rest = &text[dot + 1..];
    if !rest.starts_with(is_word)
        || text[from..start].ends_with(|c: char| is_word(c) || matches!(c, '.' | '-' | '@' | '/'))
    {
        return None;
    }
    let end = start + trimmed(&text[start..dot + 1 + url_length(rest)]);
    (end > dot + 1).then(|| (start, end, Cow::Owned(format!("http://{}", &text[start..end]))))
}

/// Matches `name@example.com`; the sign is at `sign`.
fn mail(text: &str, from: usize, sign: usize) -> Found<'_> {
    let is_local =
        |byte: &u8| byte.is_ascii_alphanumeric() || b".!#$%&'*/=?^_`{|}~+-".contains(byte);
    let local = text.as_bytes()[from..sign]
        .iter()
        .rev()
        .take(MAX_LOCAL + 1)
        .take_while(|byte| is_local(byte))
        .count();
    // Leading quotes, brackets and dots are not part of the address.
    let start = sign - local;
    let start = start
        + text[start..sign]
            .bytes()
            .take_while(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
            .count();
    if local > MAX_LOCAL || start == sign {
        return None;
    }
    let domain = &text[sign + 1..];
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let length = domain.bytes().take(MAX_DOMAIN + 1).take_while(is_host).count();
    let host = domain[..length].trim_end_matches(['.', '-']);
    let is_complete = host.contains('.') && host.split('.').all(|label| !label.is_empty());
    if !is_complete || length > MAX_DOMAIN {
        return None;
    }
    let end = sign + 1 + host.len();
    let mut href = String::with_capacity(8 + end - start);
    href.push_str("mailto:");
    for character in text[start..sign].chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '+' | '-' | '~' => href.push(character),
            _ => href.push_str(&format!("%{:02X}", u32::from(character))),
        }
    }
    href.push_str(&text[sign..end]);
    Some((start, end, Cow::Owned(href)))
}

/// The length of a URL: up to whitespace, `<`, `"` or an invisible character.
fn url_length(text: &str) -> usize {
    text.find(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '"') || is_invisible(c)
    })
    .unwrap_or(text.len())
}

/// Characters that change the text direction or are invisible could disguise a URL as another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The length without trailing punctuation, which belongs to the sentence; a closing bracket stays
/// if it was opened inside.
fn trimmed(address: &str) -> usize {
    const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    // Counted once, then updated while the end moves.
    let mut surplus = BRACKETS.map(|(opening, closing)| {
        address.matches(opening).count() as isize - address.matches(closing).count() as isize
    });
    let mut end = address.len();
    while let Some(last) = address[..end].chars().next_back() {
        if is_word(last) || matches!(last, '/' | '-' | '=' | ';') {
            break;
        }
        if let Some(which) = BRACKETS.iter().position(|(_, closing)| *closing == last) {
            if surplus[which] >= 0 {
                break;
            }
            surplus[which] += 1;
        } else if let Some(which) = BRACKETS.iter().position(|(opening, _)| *opening == last) {
            surplus[which] -= 1;
        }
        end -= last.len_utf8();
    }
    end
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a link may have this `href`: a relative URL, or one of the known schemes. Browsers
/// ignore control characters and whitespace in a scheme, and so does this.
pub(crate) fn is_safe(href: &str) -> bool {
    let mut seen = href.chars().filter(|c| !c.is_control() && !c.is_whitespace());
    let mut scheme = String::new();
    loop {
        match seen.next() {
            Some(':') => return SCHEMES.contains(&scheme.as_str()),
            None | Some('/' | '?' | '#' | '\\') => return true,
            Some(c) => scheme.push(c.to_ascii_lowercase()),
        }
    }
}
