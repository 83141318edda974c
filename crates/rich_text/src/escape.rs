//! Escaping of text and attribute values.

/// Writes text so that any element's content reads it back unchanged.
pub(crate) fn escape(text: &str, out: &mut String) {
    replace(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        // Parsers read a raw carriage return as a line feed.
        b'\r' => Some("&#13;"),
        // Parsers drop it.
        b'\0' => Some(""),
        _ => None,
    });
}

/// Writes ` name="value"`.
pub(crate) fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    replace(value, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        b'\r' => Some("&#13;"),
        b'\n' => Some("&#10;"),
        b'\t' => Some("&#9;"),
        b'\0' => Some("\u{fffd}"),
        _ => None,
    });
    out.push('"');
}

/// Copies text with some ASCII bytes replaced, and no-break spaces as `&nbsp;`.
fn replace(text: &str, out: &mut String, with: impl Fn(u8) -> Option<&'static str>) {
    const NO_BREAK_SPACE: &[u8] = "\u{a0}".as_bytes();
    let (bytes, mut copied) = (text.as_bytes(), 0);
    // Most texts contain none of these bytes; the loop is vectorised.
    let is_special = |byte: u8| {
        byte < b' '
            || matches!(byte, b'"' | b'&' | b'\'' | b'<' | b'>')
            || byte == NO_BREAK_SPACE[0]
    };
    if !bytes.iter().fold(false, |found, &byte| found | is_special(byte)) {
        return out.push_str(text);
    }
    for (at, &byte) in bytes.iter().enumerate() {
        let (replacement, length) =
            if byte == NO_BREAK_SPACE[0] && bytes[at..].starts_with(NO_BREAK_SPACE) {
                ("&nbsp;", 2)
            } else if let Some(replacement) = with(byte) {
                (replacement, 1)
            } else {
                continue;
            };
        out.push_str(&text[copied..at]);
        out.push_str(replacement);
        copied = at + length;
    }
    out.push_str(&text[copied..]);
}
