//! Conversion of payloads, and proof that external text never becomes markup.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::inline::Dialect;
use super::lines;
use super::markup::Markup;
use super::payload::convert;

fn assert_html(payload: Value, html: &str) {
    assert_eq!(convert(&payload).expect("taken"), html, "{payload}");
}

fn assert_text_html(text: &str, html: &str) {
    assert_html(json!({ "text": text }), html);
}

fn assert_error(payload: Value, code: &str) {
    assert_eq!(convert(&payload).expect_err("an error").to_string(), code, "{payload}");
}

#[test]
fn mrkdwn_is_formatted() {
    assert_text_html(
        "*bold* _italic_ ~gone~ `code`",
        "<div><strong>bold</strong> <em>italic</em> <del>gone</del> <code>code</code></div>",
    );
    assert_text_html(
        "*bold _and italic_*, (*this*)",
        "<div><strong>bold <em>and italic</em></strong>, (<strong>this</strong>)</div>",
    );
    assert_text_html("one\r\ntwo\n\nthree\n", "<div>one<br>two<br><br>three</div>");
    assert_text_html("a &amp; b &lt;c&gt; &amp;lt;", "<div>a &amp; b &lt;c&gt; &amp;lt;</div>");
    assert_text_html(
        "2 * 3 * 4, snake_case_name, a*b*c, ** and *",
        "<div>2 * 3 * 4, snake_case_name, a*b*c, ** and *</div>",
    );
    assert_text_html("*one *two*", "<div><strong>one *two</strong></div>");
    assert_text_html(
        "`*not bold* &lt;b&gt;` ``",
        "<div><code>*not bold* &lt;b&gt;</code> ``</div>",
    );
}

#[test]
fn only_allowed_urls_become_links() {
    assert_text_html(
        "<https://example.com/?a=1&amp;b=2|Build *812*> <https://example.com>",
        "<div><a href=\"https://example.com/?a=1&amp;b=2\">Build *812*</a> <a href=\"https://example.com\">https://example.com</a></div>",
    );
    assert_text_html(
        "*<https://example.com|x>*",
        "<div><strong><a href=\"https://example.com\">x</a></strong></div>",
    );
    assert_text_html(
        "<mailto:ada@example.com>",
        "<div><a href=\"mailto:ada@example.com\">ada@example.com</a></div>",
    );
    for no_link in [
        "<javascript:alert(1)|x>",
        "<b>x</b>",
        "<https://a b|x>",
        "<>",
        "< ",
        "<https://",
        "<http://>",
    ] {
        let html = convert(&json!({ "text": no_link })).expect("taken");
        assert!(!html.contains("<a") && !html.contains("<b>"), "{html}");
    }
    assert_text_html(
        "<https://x.example/\"onclick=1|a\"b>",
        "<div><a href=\"https://x.example/&quot;onclick=1\">a&quot;b</a></div>",
    );
}

#[test]
fn slack_references_become_text() {
    assert_text_html(
        "<@U012|ada> <@U012> <#C1|general> <!here> <!subteam^S1|@ops> <!date^1^{date}|today>",
        "<div>@ada @U012 #general @here @ops today</div>",
    );
}

#[test]
fn code_and_quotes_become_blocks() {
    assert_text_html(
        "before\n```\nlet a = 1 &lt; 2;\n  *b*\n```\nafter",
        "<div>before</div><pre>\nlet a = 1 &lt; 2;\n  *b*</pre><div>after</div>",
    );
    assert_text_html("```\n\nfirst line empty```", "<pre>\n\nfirst line empty</pre>");
    assert_text_html("a ``` b", "<div>a ``` b</div>");
    assert_text_html(
        "&gt; one\n>two\nthree",
        "<blockquote>one<br>two</blockquote><div>three</div>",
    );
    assert_text_html("x\n>>> one\ntwo", "<div>x</div><blockquote>one<br>two</blockquote>");
}

#[test]
fn text_with_mrkdwn_off_is_not_formatted() {
    assert_html(
        json!({ "text": "*a* <b> &amp;", "mrkdwn": false }),
        "<div>*a* &lt;b&gt; &amp;amp;</div>",
    );
}

#[test]
fn blocks_replace_the_text() {
    let blocks = json!([
        { "type": "header", "text": { "type": "plain_text", "text": "Build *812*" } },
        { "type": "section", "text": { "type": "mrkdwn", "text": "*green*" }, "fields": [
            { "type": "mrkdwn", "text": "*Branch*\nmain" }, { "type": "plain_text", "text": "*as is*" } ],
          "accessory": { "type": "button", "text": { "type": "plain_text", "text": "Press" } } },
        { "type": "divider" },
        { "type": "context", "elements": [{ "type": "mrkdwn", "text": "by _Ada_" }, { "type": "image", "alt_text": "a face" }] },
        { "type": "image", "image_url": "https://example.com/x.png", "alt_text": "A chart" },
        { "type": "actions", "elements": [] }, { "type": "of the future" },
    ]);
    assert_html(
        json!({ "text": "fallback", "blocks": blocks }),
        "<h1>Build *812*</h1><div><strong>green</strong></div><div><strong>Branch</strong><br>main</div><div>*as is*</div><hr>\
         <div>by <em>Ada</em></div><div>a face</div><div><a href=\"https://example.com/x.png\">A chart</a></div>",
    );
    assert_html(
        json!({ "text": "fallback", "blocks": [{ "type": "actions" }] }),
        "<div>fallback</div>",
    );
    assert_html(
        json!({ "text": "said", "blocks": [{ "type": "divider" }, { "type": "actions" }] }),
        "<hr><div>said</div>",
    );
}

#[test]
fn markdown_blocks_are_read_as_markdown() {
    let markdown = "# Title\n**bold** *italic* __bold__ ~~gone~~ [a link](https://example.com/x) \\*not\\*\n```rust\nfn x() {}\n```\n> said\n---\n- item";
    assert_html(
        json!({ "blocks": [{ "type": "markdown", "text": markdown }] }),
        "<h1>Title</h1><div><strong>bold</strong> <em>italic</em> <strong>bold</strong> <del>gone</del> \
         <a href=\"https://example.com/x\">a link</a> *not*</div><pre>\nfn x() {}</pre><blockquote>said</blockquote><hr><div>- item</div>",
    );
    for no_link in
        ["[x](javascript:alert(1))", "[x](https://a", "[](https://a)", "[x]", "[x](/relative)"]
    {
        let html = convert(&json!({ "blocks": [{ "type": "markdown", "text": no_link }] }))
            .expect("taken");
        assert!(!html.contains("<a"), "{html}");
    }
}

#[test]
fn attachments_become_quotes_with_an_introduction() {
    let attachment = json!({
        "fallback": "not shown", "color": "danger", "pretext": "*Alert*", "title": "Disk", "title_link": "https://example.com/disk",
        "text": "almost _full_", "fields": [{ "title": "Host", "value": "db1", "short": true }], "footer": "monitor", "ts": 1,
    });
    assert_html(
        json!({ "text": "hello", "attachments": [attachment] }),
        "<div>hello</div><div><strong>Alert</strong></div><blockquote><div><strong><a href=\"https://example.com/disk\">Disk</a></strong></div>\
         <div>almost <em>full</em></div><div><strong>Host</strong></div><div>db1</div><div>monitor</div></blockquote>",
    );
    assert_html(
        json!({ "attachments": [{ "fallback": "*only*" }] }),
        "<blockquote><div>*only*</div></blockquote>",
    );
    assert_html(
        json!({ "attachments": [{ "title": "x", "title_link": "javascript:x" }] }),
        "<blockquote><div><strong>x</strong></div></blockquote>",
    );
}

#[test]
fn invalid_payloads_are_rejected_with_slacks_error_codes() {
    assert_error(json!([]), "invalid_payload");
    assert_error(json!({ "text": 7 }), "invalid_payload");
    for nothing in [
        json!({}),
        json!({ "text": "" }),
        json!({ "text": " \n", "attachments": [{}] }),
        json!({ "blocks": [], "username": "x" }),
    ] {
        assert_error(nothing, "no_text");
    }
    assert_error(json!({ "text": "x", "blocks": "x" }), "invalid_blocks");
    assert_error(json!({ "blocks": vec![json!({ "type": "divider" }); 51] }), "invalid_blocks");
    assert_error(json!({ "attachments": { "text": "x" } }), "invalid_attachments");
    assert_error(json!({ "attachments": [7] }), "invalid_attachments");
    assert_error(
        json!({ "attachments": vec![json!({ "text": "x" }); 101] }),
        "too_many_attachments",
    );
}

#[test]
fn conversion_takes_linear_time() {
    // As long as a message may be: in quadratic time, each would take minutes.
    for piece in [
        "*a ", "<", "<a", "`", "``", "[", "[a](", "_*~", "*_", "&gt;", "> \n", "```", "**", "\\",
        "<@", "# \n", "*a* ",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        for dialect in [Dialect::Mrkdwn, Dialect::Markdown, Dialect::Plain] {
            let mut out = Markup::default();
            lines::write(&text, dialect, &mut out);
            check_well_formed(&out.into_string()).expect(piece);
        }
    }
}

/// Whether HTML contains only the hook's elements, well nested, and only allowed links.
fn check_well_formed(html: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '>']) {
        let tag = &rest[at..];
        let end = tag.find('>').ok_or(format!("{tag}: is not closed"))?;
        let (tag, after) = tag.split_at(end + 1);
        match tag {
            "<br>" | "<hr>" => {}
            "<div>" | "<h1>" | "<blockquote>" | "<pre>" | "<code>" | "<strong>" | "<em>"
            | "<del>" => open.push(&tag[1..tag.len() - 1]),
            _ if tag.starts_with("<a href=\"") => {
                let href = tag
                    .strip_prefix("<a href=\"")
                    .and_then(|tag| tag.strip_suffix("\">"))
                    .ok_or(tag)?;
                let scheme = href.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
                let is_safe = scheme.is_some_and(|scheme| {
                    ["http", "https", "mailto", "tel"].contains(&scheme.as_str())
                });
                if !is_safe || href.contains(['"', '<', '>', ' ', '\n']) || open.contains(&"a") {
                    return Err(format!("{tag}: no link"));
                }
                open.push("a");
            }
            _ => {
                let name = tag
                    .strip_prefix("</")
                    .and_then(|tag| tag.strip_suffix('>'))
                    .ok_or(format!("{tag}: not ours"))?;
                if open.pop() != Some(name) {
                    return Err(format!("{tag}: closes something else"));
                }
            }
        }
        rest = after;
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are open")) }
}

/// The letters and digits of HTML, as a reader sees them.
fn alphanumeric(html: &str) -> String {
    struct Nobody;
    impl rich_text::Mentions for Nobody {
        fn user(&self, _: &str) -> Option<rich_text::Mentioned> {
            None
        }
    }
    rich_text::plain_text(html, &Nobody).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Texts made of pieces that are special somewhere.
fn hostile() -> impl Strategy<Value = String> {
    const PIECES: [&str; 46] = [
        "*",
        "_",
        "~",
        "`",
        "```",
        "**",
        "__",
        "~~",
        "<",
        ">",
        "&",
        "&lt;",
        "&gt;",
        "&amp;",
        "&amp;lt;",
        "\"",
        "'",
        "\n",
        " ",
        "|",
        "[",
        "]",
        "(",
        ")",
        "](",
        "\\",
        "#",
        "# ",
        "> ",
        ">>>",
        "<b>",
        "</div>",
        "<script>",
        "<a href=",
        "https://example.com/",
        "javascript:",
        "<@",
        "<!",
        "mailto:",
        "a",
        "é",
        "日",
        "\0",
        "\r",
        "<https://e.example|",
        "onclick=\"x\"",
    ];
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn external_text_never_becomes_markup(texts in prop::collection::vec(hostile(), 8)) {
        let text = |at: usize| Value::from(texts[at].clone());
        let payload = json!({
            "text": text(0),
            "blocks": [
                { "type": "header", "text": { "type": "plain_text", "text": text(1) } },
                { "type": "section", "text": { "type": "mrkdwn", "text": text(2) }, "fields": [{ "type": "mrkdwn", "text": text(3) }] },
                { "type": "markdown", "text": text(4) },
                { "type": "image", "image_url": text(5), "alt_text": text(6), "title": { "type": "plain_text", "text": text(7) } },
            ],
            "attachments": [{ "pretext": text(0), "title": text(1), "title_link": text(5), "text": text(2), "fallback": text(3),
                "author_name": text(6), "author_link": text(7), "fields": [{ "title": text(4), "value": text(5) }], "footer": text(6) }],
        });
        if let Ok(html) = convert(&payload) {
            prop_assert_eq!(check_well_formed(&html), Ok(()), "{}", html);
            // Sanitizing it changes nothing, so parsers agree about it.
            let stored = rich_text::canonicalize(&html);
            prop_assert_eq!(check_well_formed(stored.as_str()), Ok(()), "{}", stored.as_str());
            prop_assert_eq!(alphanumeric(stored.as_str()), alphanumeric(&html));
        }
    }

    #[test]
    fn plain_text_is_complete(text in hostile()) {
        let mut out = Markup::default();
        lines::write(&text, Dialect::Plain, &mut out);
        let expected = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(alphanumeric(&out.into_string()), expected);
    }
}
