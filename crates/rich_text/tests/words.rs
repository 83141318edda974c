//! Plain text, mentions, blank bodies and replies.

#[path = "support/people.rs"]
mod people;

use people::People;
use proptest::prelude::*;
use rich_text::{Body, ReplyTo, from_plain_text, is_blank, mentions, plain_text};

fn assert_plain_text(html: &str, text: &str) {
    assert_eq!(plain_text(html, &People), text, "{html}");
}

#[test]
fn plain_text_matches_action_text() {
    assert_plain_text("plain words", "plain words");
    assert_plain_text("<div>one<br>two</div>", "one\ntwo");
    assert_plain_text("<div>one<br><br></div><div>two</div>", "one\ntwo");
    assert_plain_text(
        "<p>one</p><h1>Title</h1><div>text</div><h2>x</h2>",
        "one\n\nTitle\n\ntext\nx",
    );
    assert_plain_text("<blockquote> said </blockquote><div>yes</div>", " “said” \n\nyes");
    assert_plain_text("<blockquote></blockquote>x", "“”x");
    assert_plain_text("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "• a\n  • b\n• c");
    assert_plain_text(
        "<ol><li>a</li><li>b<ol><li>c</li></ol></li></ol><ul><li>d</li></ul>",
        "1. a\n2. b\n  1. c\n\n• d",
    );
    assert_plain_text("<figure>a<figcaption>b</figcaption></figure>", "a[b]");
    assert_plain_text("a<script>alert(1)</script><style>x</style>b", "ab");
    assert_plain_text("<table><tr><th>a<th>b<tr><td>c<td>d</table>x", "a b\nc d\nx");
}

#[test]
fn attachments_become_names_captions_or_nothing() {
    let attachment = |attributes: &str| {
        format!("<div>a <action-text-attachment {attributes}></action-text-attachment> b</div>")
    };
    assert_plain_text(&attachment("sgid=ada"), "a @Ada <Lovelace> b");
    assert_plain_text(&attachment("sgid=gone"), "a  b");
    assert_plain_text(&attachment("sgid=gone caption=c"), "a c b");
    assert_plain_text(
        &attachment("content-type=image/png url=https://example.com/x.png caption=c"),
        "a [c] b",
    );
    assert_plain_text(
        &attachment("content-type=image/png url=https://example.com/x.png"),
        "a [Image] b",
    );
    assert_plain_text(
        &attachment("content-type=text/html content='<b>x</b><style>y</style>'"),
        "a x b",
    );
    assert_plain_text(
        &attachment(
            "content-type=application/vnd.actiontext.opengraph-embed href=/x filename=y caption=z",
        ),
        "a  b",
    );
}

#[test]
fn mentions_are_listed_in_text_order() {
    assert_eq!(
        mentions(
            "<p><action-text-attachment sgid=b></action-text-attachment><action-text-attachment sgid=a><action-text-attachment sgid=b>"
        ),
        ["b", "a", "b"]
    );
    assert_eq!(
        mentions(
            "<b title=\"<action-text-attachment sgid=a>\">x</b><!-- <action-text-attachment sgid=a> -->"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn bodies_without_visible_content_are_blank() {
    for blank in [
        "",
        " ",
        "<div><br></div>",
        "&nbsp;\u{200b}",
        "<script>x</script>",
        "<b title=\"action-text-attachment\"></b>",
        "<svg>x</svg>",
    ] {
        assert!(is_blank(blank), "{blank}");
    }
    for full in [
        "x",
        "<hr>",
        "<action-text-attachment sgid=a></action-text-attachment>",
        "<ul><li>.</li></ul>",
        "<figure data-x>x</figure>",
    ] {
        assert!(!is_blank(full), "{full}");
    }
}

#[test]
fn replies_are_recognized() {
    let reply = |html: &str| Body::parse(html).reply_to();
    let quoting = |href: &str| {
        format!("<blockquote>said</blockquote><cite>Ada <a href=\"{href}\">#</a></cite><br>yes")
    };
    let found = Some(ReplyTo { room_id: 3, message_id: 4711 });
    for href in [
        "/rooms/3/@4711",
        "https://chat.example.com/rooms/3/@4711",
        "http://localhost:3000/rooms/3/@4711?x#y",
    ] {
        assert_eq!(reply(&quoting(href)), found, "{href}");
    }
    assert_eq!(
        reply(&format!("\n {}", quoting("/rooms/3/@4711").replace("<cite>", "\n<cite><b>"))),
        found
    );
    for href in [
        "/rooms/3/@",
        "/rooms//@1",
        "/rooms/3/@-1",
        "/rooms/3/@+1",
        "/rooms/3/4711",
        "/x/rooms/3/@1",
        "javascript:/rooms/3/@1",
        "/rooms/3/@99999999999999999999",
    ] {
        assert_eq!(reply(&quoting(href)), None, "{href}");
    }
    let good = quoting("/rooms/3/@4711");
    for html in [
        format!("x{good}"),
        good.replace("<cite>", "x<cite>"),
        good.replace("blockquote", "div"),
        good.replace("<cite>", "<br><cite>"),
        good.replace("cite>", "b>"),
    ] {
        assert_eq!(reply(&html), None, "{html}");
    }
}

proptest! {
    #[test]
    fn plain_text_survives_storage(text in "\\PC{0,60}(\n\\PC{0,20}){0,3}") {
        let back = plain_text(from_plain_text(&text).as_str(), &People);
        prop_assert_eq!(back, text.trim_end_matches('\n'));
    }
}
