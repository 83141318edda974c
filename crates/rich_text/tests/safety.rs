//! Nothing that somebody may write reaches a reader but what is known to be harmless.

use std::collections::HashSet;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use rich_text::{Mentioned, Mentions, canonicalise, from_plain_text, plain_text, render};

struct People;

impl Mentions for People {
    fn user(&self, sgid: &str) -> Option<Mentioned> {
        (sgid == "ada").then(|| Mentioned {
            id: 1,
            name: "Ada <Lovelace>".into(),
            title: "Ada \"Countess\"".into(),
            avatar_url: "/users/x/avatar".into(),
        })
    }
}

/// Everything that a browser would find dangerous in the output.
fn dangers(html: &str) -> Vec<String> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, vec![], false).one(html);
    let mut found = Vec::new();
    look(&dom.document, &mut found);
    found
}

fn look(node: &Handle, found: &mut Vec<String>) {
    let forbidden: HashSet<_> = [
        "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "meta", "link", "video", "audio",
        "template",
    ]
    .into();
    let attributes: HashSet<_> = ["href", "title", "target", "rel", "class", "src", "alt", "abbr", "cite", "datetime", "lang"].into();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        if forbidden.contains(&*name.local) {
            found.push(format!("<{}>", name.local));
        }
        for attribute in attrs.borrow().iter() {
            let (key, value) = (&*attribute.name.local, attribute.value.to_string());
            let scheme = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            let active = matches!(key, "href" | "src" | "cite")
                && ["javascript:", "data:", "vbscript:", "blob:"].iter().any(|bad| scheme.starts_with(bad));
            let dressed =
                key == "class" && !["mention", "mention__avatar", "embed", "embed__title", "embed__description"].contains(&value.as_str());
            if !attributes.contains(key) || active || dressed || (key == "src" && !value.starts_with("/users/")) {
                found.push(format!("{key}={value}"));
            }
        }
    }
    node.children.borrow().iter().for_each(|child| look(child, found));
}

#[test]
fn the_corpus_of_hostile_bodies_is_harmless() {
    let corpus = include_str!("hostile.txt");
    let bodies = corpus.lines().filter(|line| !line.is_empty() && !line.starts_with("## ")).collect::<Vec<_>>();
    assert!(bodies.len() >= 70, "only {}", bodies.len());
    for body in bodies {
        for html in [render(body, &People), render(canonicalise(body).as_str(), &People), render(from_plain_text(body).as_str(), &People)] {
            assert_eq!(dangers(&html), Vec::<String>::new(), "{body}\n→ {html}");
        }
    }
}

#[test]
fn what_people_write_stays() {
    let same = |html: &str| assert_eq!(render(html, &People), html);
    same("<div>one<br>two</div>");
    same("<div><strong>bold</strong> <em>italic</em> <del>gone</del></div>");
    same("<ul><li>one</li><li>two</li></ul>");
    same("<blockquote>said</blockquote><pre>let x = 1;</pre>");
    assert_eq!(render("Hello <img src=x onerror=alert(1)>World", &People), "Hello World");
    assert_eq!(render("<div>a &lt; b &amp;&amp; c</div>", &People), "<div>a &lt; b &amp;&amp; c</div>");
}

#[test]
fn addresses_become_links_that_cannot_break_out() {
    let link = |href: &str, text: &str| format!(r#"<div><a href="{href}" target="_blank" rel="noopener noreferrer">{text}</a></div>"#);
    let plain = |text: &str| render(from_plain_text(text).as_str(), &People);
    assert_eq!(plain("https://example.com/a?b=c"), link("https://example.com/a?b=c", "https://example.com/a?b=c"));
    assert_eq!(plain("www.example.com"), link("http://www.example.com", "www.example.com"));
    assert_eq!(plain("ada@example.com"), link("mailto:ada@example.com", "ada@example.com"));
    assert_eq!(plain("example.com"), "<div>example.com</div>");
    assert_eq!(dangers(&plain("https://example.com/\"onmouseover=\"alert(1)")), Vec::<String>::new());
    assert!(plain("see (https://example.com/a_(b)).").contains("href=\"https://example.com/a_(b)\""));
    assert_eq!(render("<a href=\"javascript:alert(1)\">x</a>", &People), "x");
    assert_eq!(render("<a href=\"/rooms/1/@2\">#</a>", &People), "<a href=\"/rooms/1/@2\">#</a>");
}

#[test]
fn mentions_are_looked_up_and_escaped() {
    let body = r#"<div><action-text-attachment sgid="ada" content-type="application/vnd.campfire.mention" content="&lt;b&gt;"></action-text-attachment> hi</div>"#;
    let html = render(body, &People);
    assert!(html.contains(r#"<a class="mention" href="/users/1" title="Ada &quot;Countess&quot;">"#), "{html}");
    assert!(html.contains("Ada &lt;Lovelace&gt;</a> hi"), "{html}");
    assert_eq!(plain_text(body, &People), "@Ada <Lovelace> hi");
    assert_eq!(rich_text::mentions(body), ["ada"]);
    assert!(render(&body.replace("ada", "gone"), &People).contains('☒'));
}

#[test]
fn trix_figures_become_attachments_in_rails_order() {
    let figure = r#"<div>hi <figure data-trix-attachment="{&quot;content&quot;:&quot;&lt;b&gt;&quot;,&quot;contentType&quot;:&quot;application/vnd.campfire.mention&quot;,&quot;sgid&quot;:&quot;ada&quot;}" data-trix-attributes="{&quot;caption&quot;:&quot;c&quot;}"><span>x</span></figure></div>"#;
    assert_eq!(
        canonicalise(figure).as_str(),
        r#"<div>hi <action-text-attachment sgid="ada" content-type="application/vnd.campfire.mention" caption="c" content="&lt;b&gt;"></action-text-attachment></div>"#
    );
}

#[test]
fn plain_text_is_as_action_text_makes_it() {
    let plain = |html: &str| plain_text(html, &People);
    assert_eq!(plain("<div>one<br>two</div>"), "one\ntwo");
    assert_eq!(plain("<h1>Title</h1><div>text</div>"), "Title\n\ntext");
    assert_eq!(plain("<blockquote> said </blockquote><div>yes</div>"), " “said” \n\nyes");
    assert_eq!(plain("<blockquote></blockquote>"), "“”");
    assert_eq!(plain("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"), "• a\n  • b\n• c");
    assert_eq!(plain("<ol><li>a</li><li>b</li></ol>"), "1. a\n2. b");
    assert_eq!(plain("a<script>alert(1)</script>b"), "ab");
    assert_eq!(plain("plain words"), "plain words");
}

#[test]
fn endless_nesting_is_only_text() {
    let deep = "<div>".repeat(100_000) + "x";
    let html = render(&deep, &People);
    assert!(!html.contains("<div>"));
    assert!(plain_text(&deep, &People).contains('x'));
    assert!(canonicalise(&deep).as_str().starts_with("<div>&lt;div&gt;"));
}

fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z \\n&;<>\"'=/]{0,8}",
        Just("<div>".to_owned()),
        Just("</div>".to_owned()),
        Just("<br>".to_owned()),
        Just("<a href=\"javascript:x\">".to_owned()),
        Just("</a>".to_owned()),
        Just("<svg><style>".to_owned()),
        Just("<math><mtext>".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("<script>".to_owned()),
        Just("&lt;script&gt;".to_owned()),
        Just("<table><td>".to_owned()),
        Just("<p onclick=x style=y class=z>".to_owned()),
        Just("<noscript><p title=\"</noscript><img src=x onerror=1>\">".to_owned()),
        Just("<action-text-attachment sgid=ada>".to_owned()),
        Just("https://a.example/\"x".to_owned()),
        Just("<plaintext>".to_owned()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_dangerous_comes_out(html in markup()) {
        prop_assert_eq!(dangers(&render(&html, &People)), Vec::<String>::new());
        prop_assert_eq!(dangers(&render(canonicalise(&html).as_str(), &People)), Vec::<String>::new());
    }

    #[test]
    fn plain_text_survives_the_way_through_storage(text in "\\PC{0,60}(\n\\PC{0,20}){0,3}") {
        let back = plain_text(from_plain_text(&text).as_str(), &People);
        prop_assert_eq!(back, text.trim_end_matches('\n'));
    }

    #[test]
    fn the_short_cut_for_plain_bodies_shows_the_same(lines in prop::collection::vec("[a-z .:/@w&<>\"-]{0,30}", 1..4)) {
        let body = from_plain_text(&lines.join("\n"));
        // An attribute that is dropped sends the same body through the parser.
        let long_way = body.as_str().replacen("<div>", "<div id=\"x\">", 1);
        prop_assert_eq!(render(body.as_str(), &People), render(&long_way, &People));
        prop_assert_eq!(plain_text(body.as_str(), &People), plain_text(&long_way, &People));
    }
}
