//! What readers see of what people write.

#[path = "support/people.rs"]
mod people;

use people::People;
use rich_text::{Mentioned, Mentions, from_plain_text, render};

/// Knows nobody, and no pictures: what a caller gives who says nothing of them.
struct Nobody;

impl Mentions for Nobody {
    fn user(&self, _: &str) -> Option<Mentioned> {
        None
    }
}

fn card(attributes: &str) -> String {
    format!(
        r#"<action-text-attachment content-type="application/vnd.actiontext.opengraph-embed" {attributes}></action-text-attachment>"#
    )
}

fn becomes(body: &str, html: &str) {
    assert_eq!(render(body, &People), html, "{body}");
}

#[test]
fn what_people_write_stays() {
    for html in [
        "<div>one<br>two</div>",
        "<div><strong>bold</strong> <em>italic</em> <del>gone</del></div>",
        "<ul><li>one</li><li>two<ol><li>three</li></ol></li></ul>",
        "<blockquote>said</blockquote><pre>let x = 1;</pre><h1>Title</h1>",
        "<pre>\n\ntwo empty lines first</pre>",
        "<blockquote>said</blockquote><cite>Ada <a href=\"/rooms/1/@2\">#</a></cite><br>yes",
    ] {
        becomes(html, html);
    }
    becomes("Hello <img src=x onerror=alert(1)>World", "Hello World");
    becomes("<div>a &lt; b &amp;&amp; c</div>", "<div>a &lt; b &amp;&amp; c</div>");
}

#[test]
fn what_is_not_listed_vanishes_with_what_is_in_it() {
    becomes("a<script>x</script><iframe>x</iframe><form><b>x</b></form><svg><g>x</g></svg>b", "ab");
    becomes("<figure class=\"attachment\">a<figcaption>b</figcaption></figure>", "ab");
    becomes(
        "<p id=a name=b class=c style=d onclick=e title=f lang=g>x</p>",
        "<p lang=\"g\" title=\"f\">x</p>",
    );
    becomes("<blockquote cite=\"javascript:x\">x</blockquote>", "<blockquote>x</blockquote>");
}

#[test]
fn tables_stay_readable() {
    becomes(
        "<table border=1><tr><th colspan=2>a<td rowspan=9999>b<tr><td><script>x</script>c</table>",
        "<table><tbody><tr><th colspan=\"2\">a</th><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
    );
}

#[test]
fn addresses_become_links() {
    let link = |href: &str, text: &str| format!(r#"<a href="{href}">{text}</a>"#);
    let same = |address: &str| link(address, address);
    for (text, html) in [
        ("https://example.com/a?b=c", same("https://example.com/a?b=c")),
        ("FTP://example.com/ü", same("FTP://example.com/ü")),
        ("www.example.com", link("http://www.example.com", "www.example.com")),
        (
            "example.com and http:// and www. and ://x",
            "example.com and http:// and www. and ://x".into(),
        ),
        ("ada+b@example.com.", link("mailto:ada+b@example.com", "ada+b@example.com") + "."),
        (
            "'ada'@example.com a@b @c",
            "'ada'@example.com a@b @c".replace(
                "'ada'@example.com",
                &format!("'{}", link("mailto:ada%27@example.com", "ada'@example.com")),
            ),
        ),
        (
            "see (https://example.com/a_(b)).",
            format!("see ({}).", same("https://example.com/a_(b)")),
        ),
        (
            "(https://example.com/a), [https://example.com/b],",
            format!("({}), [{}],", same("https://example.com/a"), same("https://example.com/b")),
        ),
        ("https://example.com/a=!?…", same("https://example.com/a=") + "!?…"),
        ("见https://example.com/x", format!("见{}", same("https://example.com/x"))),
        ("https://example.com\u{a0}x", same("https://example.com") + "&nbsp;x"),
        ("https://example.com/\u{202e}gpj", same("https://example.com/") + "\u{202e}gpj"),
        ("javascript://example.com/%0aalert(1)", "javascript://example.com/%0aalert(1)".into()),
        ("https://example.com/\"onclick=\"x", same("https://example.com/") + "\"onclick=\"x"),
    ] {
        becomes(from_plain_text(text).as_str(), &format!("<div>{html}</div>"));
    }
}

#[test]
fn addresses_in_links_and_code_stay_text() {
    for html in [
        "<a href=\"/x\">https://example.com</a>",
        "<pre>https://example.com</pre>",
        "<code>ada@example.com</code>",
    ] {
        becomes(html, html);
    }
    becomes("<a href=\"javascript:x\">y</a>", "y");
    becomes("<b>https://</b>example.com", "<b>https://</b>example.com");
}

#[test]
fn mentions_show_who_it_is_now() {
    let mention = r#"<action-text-attachment sgid="ada" content-type="application/octet-stream" content="&lt;b&gt;"></action-text-attachment>"#;
    let ada = r#"<a class="mention" href="/users/1" data-user-id="1" title="Ada &quot;Countess&quot;"><img class="mention__avatar" alt="" src="/users/x/avatar">Ada &lt;Lovelace&gt;</a>"#;
    becomes(&format!("<div>{mention} hi</div>"), &format!("<div>{ada} hi</div>"));
    becomes(&mention.replace("ada", "gone"), "☒");
    becomes("<action-text-attachment></action-text-attachment>", "☒");
    let linked = render(&format!("<a href=\"/x\">{mention}</a>"), &People);
    assert!(linked.starts_with(r#"<a href="/x"><span class="mention" title="#), "{linked}");
}

#[test]
fn previews_are_cards() {
    let html = format!(
        "<div>look {}</div>",
        card(
            r#"href="https://example.com/" url="https://example.com/x.png" filename="A &amp; B" caption="c""#
        )
    );
    becomes(
        &html,
        "<div>look <div class=\"embed\"><div class=\"embed__title\"><a href=\"https://example.com/\">A &amp; B</a></div>\
         <div class=\"embed__description\">c</div>\
         <img class=\"embed__image\" src=\"/pictures/https://example.com/x.png\" alt=\"\" loading=\"lazy\"></div></div>",
    );
    assert!(!render(&html, &Nobody).contains("<img"), "no picture without the caller's leave");
    let long = card(&format!(
        r#"href="https://example.com/" filename="{}" caption="{}""#,
        "é".repeat(281),
        "d".repeat(561)
    ));
    let html = render(&long, &People);
    assert!(
        html.contains(&format!(">{}…</a>", "é".repeat(279)))
            && html.contains(&format!(">{}…</div>", "d".repeat(559))),
        "{html}"
    );
}

#[test]
fn a_body_that_is_an_address_and_its_preview_shows_the_preview_only() {
    let page = card(r#"href="https://example.com/a" filename="T""#);
    let alone = render(&page, &People);
    becomes(&format!("<div>https://example.com/a {page}</div>"), &alone);
    assert!(
        render(&format!("<div>see https://example.com/a {page}</div>"), &People)
            .contains("see <a href=\"https://example.com/a\">")
    );
    assert!(
        render(&format!("<div>https://example.com/b {page}</div>"), &People)
            .starts_with("<div><a href=\"https://example.com/b\">")
    );
    // Twitter's hosts are one, and queries do not count there.
    let tweet = card(
        r#"href="https://twitter.com/a/status/1?t=1" filename="T" url="https://pbs.twimg.com/profile_images/1.jpg""#,
    );
    let html = render(&format!("<div>https://www.x.com/a/status/1?s=20{tweet}</div>"), &People);
    assert!(html.starts_with("<div class=\"embed embed--avatar\">"), "{html}");
    assert!(
        render(&format!("<div>https://example.com/a?b{page}</div>"), &People).contains("/a?b</a>")
    );
}

#[test]
fn other_attachments_show_their_picture_or_markup() {
    let picture = r#"<action-text-attachment content-type="image/png" url="https://example.com/x.png" caption="a cat"></action-text-attachment>"#;
    becomes(
        picture,
        r#"<a href="https://example.com/x.png"><img class="picture" src="/pictures/https://example.com/x.png" alt="a cat" loading="lazy"></a>"#,
    );
    assert_eq!(render(picture, &Nobody), r#"<a href="https://example.com/x.png">a cat</a>"#);
    becomes(
        r#"<action-text-attachment content-type="text/html" content="<b>x</b><script>y</script><action-text-attachment sgid='ada'>"></action-text-attachment>"#,
        "<b>x</b>",
    );
}

#[test]
fn what_is_tangled_beyond_parsing_is_the_text_it_is() {
    let flood = format!("<p{}>x", (0..300).map(|number| format!(" a{number}")).collect::<String>());
    for body in [
        "<div>".repeat(300),
        "<div></x>".repeat(300),
        (0..300).map(|number| format!("<p><b a={number}>")).collect(),
        flood,
    ] {
        let html = render(&body, &People);
        assert!(html.starts_with("&lt;") && !html.contains('<'), "{html}");
    }
    let deep = "<div>".repeat(180) + "x" + &"</div>".repeat(180);
    becomes(&deep, &deep);
    let paragraphs = "<p>x".repeat(1000);
    assert_eq!(render(&paragraphs, &People).matches("<p>").count(), 1000);
}
