//! Addresses in running text become links.

use linkify::{LinkFinder, LinkKind};

use crate::parse::{escape, write_attribute};

/// Schemes that a link may have, be it written or found.
const SCHEMES: [&str; 27] = [
    "ed2k", "ftp", "http", "https", "irc", "mailto", "news", "gopher", "nntp", "telnet", "webcal", "xmpp", "callto", "feed", "svn", "urn",
    "aim", "rsync", "tag", "ssh", "sftp", "rtsp", "afs", "file", "tel", "sms", "ircs",
];

/// Writes text, its addresses as links, everything escaped.
pub(crate) fn write(text: &str, out: &mut String) {
    // Nothing that could be an address: the common case, and much cheaper.
    if !text.contains("://") && !text.contains('@') && !text.contains("www.") {
        return escape(text, out);
    }
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    for span in finder.spans(text) {
        let found = span.as_str();
        match span.kind().and_then(|kind| target(found, kind)) {
            Some(href) => {
                open(&href, out);
                escape(found, out);
                out.push_str("</a>");
            }
            None => escape(found, out),
        }
    }
}

fn target(found: &str, kind: &LinkKind) -> Option<String> {
    match kind {
        LinkKind::Email => Some(format!("mailto:{found}")),
        LinkKind::Url if found.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) => Some(format!("http://{found}")),
        LinkKind::Url if found.contains("://") && is_safe(found) => Some(found.to_owned()),
        _ => None,
    }
}

/// Writes the start tag of a link; other sites open in a tab of their own and learn nothing of where one came from.
pub(crate) fn open(href: &str, out: &mut String) {
    out.push_str("<a");
    write_attribute("href", href, out);
    if !href.starts_with('/') && !href.starts_with('#') || href.starts_with("//") {
        out.push_str(" target=\"_blank\" rel=\"noopener noreferrer\"");
    }
    out.push('>');
}

/// Whether a link may lead there: a relative address, or one of the known schemes. Browsers ignore control characters and
/// white space in a scheme, so they are ignored here too.
pub(crate) fn is_safe(href: &str) -> bool {
    let seen = href.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>();
    match seen.find([':', '/', '?', '#', '\\']) {
        Some(at) if seen[at..].starts_with(':') => SCHEMES.contains(&seen[..at].to_ascii_lowercase().as_str()),
        _ => true,
    }
}
