//! Text that stays text, and values that stay values, whatever is in them.

/// Writes text so that it is text in any element.
pub(crate) fn escape(text: &str, out: &mut String) {
    replace(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        // Parsers read it as a line feed, unless it is written like this.
        b'\r' => Some("&#13;"),
        // They leave it out.
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

/// Copies text, some of its bytes (ASCII ones) replaced, and no-break spaces so that they can be
/// told from others.
fn replace(text: &str, out: &mut String, with: impl Fn(u8) -> Option<&'static str>) {
    const NO_BREAK_SPACE: &[u8] = "\u{a0}".as_bytes();
    let (bytes, mut copied) = (text.as_bytes(), 0);
    // Most texts have none of them, and this way a processor looks at many bytes at once.
    let has_special = |byte: u8| {
        byte < b' '
            || matches!(byte, b'"' | b'&' | b'\'' | b'<' | b'>')
            || byte == NO_BREAK_SPACE[0]
    };
    if !bytes.iter().fold(false, |found, &byte| found | has_special(byte)) {
        return out.push_str(text);
    }
    for (at, &byte) in bytes.iter().enumerate() {
        let (word, length) = if byte == NO_BREAK_SPACE[0] && bytes[at..].starts_with(NO_BREAK_SPACE)
        {
            ("&nbsp;", 2)
        } else if let Some(word) = with(byte) {
            (word, 1)
        } else {
            continue;
        };
        out.push_str(&text[copied..at]);
        out.push_str(word);
        copied = at + length;
    }
    out.push_str(&text[copied..]);
}
