//! Rendering for readers.

#[path = "support/people.rs"]
mod people;

use people::People;
use rich_text::{Mentioned, Mentions, from_plain_text, render};

/// No users and no external images: the defaults of [`Mentions`].
struct NoUsers;

impl Mentions for NoUsers {
    fn user(&self, _: &str) -> Option<Mentioned> {
        None
    }
}

fn card(attributes: &str) -> String {
    format!(
        r#"<action-text-attachment content-type="application/vnd.actiontext.opengraph-embed" {attributes}></action-text-attachment>"#
    )
}

fn assert_renders(body: &str, html: &str) {
    assert_eq!(render(body, &People), html, "{body}");
}

#[test]
fn listed_markup_is_unchanged() {
    for html in [
        "<div>one<br>two</div>",
        "<div><strong>bold</strong> <em>italic</em> <del>gone</del></div>",
        "<ul><li>one</li><li>two<ol><li>three</li></ol></li></ul>",
        "<blockquote>said</blockquote><pre>let x = 1;</pre><h1>Title</h1>",
        "<pre>\n\ntwo empty lines first</pre>",
        "<blockquote>said</blockquote><cite>Ada <a href=\"/rooms/1/@2\">#</a></cite><br>yes",
    ] {
        assert_renders(html, html);
    }
    assert_renders("Hello <img src=x onerror=alert(1)>World", "Hello World");
    assert_renders("<div>a &lt; b &amp;&amp; c</div>", "<div>a &lt; b &amp;&amp; c</div>");
}

#[test]
fn unlisted_elements_are_removed_with_their_content() {
    assert_renders(
        "a<script>x</script><iframe>x</iframe><form><b>x</b></form><svg><g>x</g></svg>b",
        "ab",
    );
    assert_renders("<figure class=\"attachment\">a<figcaption>b</figcaption></figure>", "ab");
    assert_renders(
        "<p id=a name=b class=c style=d onclick=e title=f lang=g>x</p>",
        "<p lang=\"g\" title=\"f\">x</p>",
    );
    assert_renders(
        "<blockquote cite=\"javascript:x\">x</blockquote>",
        "<blockquote>x</blockquote>",
    );
}

#[test]
fn tables_stay_readable() {
    assert_renders(
        "<table border=1><tr><th colspan=2>a<td rowspan=9999>b<tr><td><script>x</script>c</table>",
        "<table><tbody><tr><th colspan=\"2\">a</th><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
    );
}

#[test]
fn urls_and_email_addresses_become_links() {
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
        assert_renders(from_plain_text(text).as_str(), &format!("<div>{html}</div>"));
    }
}

#[test]
fn urls_in_links_and_code_stay_text() {
    for html in [
        "<a href=\"/x\">https://example.com</a>",
        "<pre>https://example.com</pre>",
        "<code>ada@example.com</code>",
    ] {
        assert_renders(html, html);
    }
    assert_renders("<a href=\"javascript:x\">y</a>", "y");
    assert_renders("<b>https://</b>example.com", "<b>https://</b>example.com");
}

#[test]
fn mentions_show_the_current_name() {
    let mention = r#"<action-text-attachment sgid="ada" content-type="application/octet-stream" content="&lt;b&gt;"></action-text-attachment>"#;
    let ada = r#"<a class="mention" href="/users/1" data-user-id="1" title="Ada &quot;Countess&quot;"><img class="mention__avatar" alt="" src="/users/x/avatar">Ada &lt;Lovelace&gt;</a>"#;
    assert_renders(&format!("<div>{mention} hi</div>"), &format!("<div>{ada} hi</div>"));
    assert_renders(&mention.replace("ada", "gone"), "☒");
    assert_renders("<action-text-attachment></action-text-attachment>", "☒");
    let linked = render(&format!("<a href=\"/x\">{mention}</a>"), &People);
    assert!(linked.starts_with(r#"<a href="/x"><span class="mention" title="#), "{linked}");
}

#[test]
fn previews_are_rendered_as_cards() {
    let html = format!(
        "<div>look {}</div>",
        card(
            r#"href="https://example.com/" url="https://example.com/x.png" filename="A &amp; B" caption="c""#
        )
    );
    assert_renders(
        &html,
        "<div>look <div class=\"embed\"><div class=\"embed__title\"><a href=\"https://example.com/\">A &amp; B</a></div>\
         <div class=\"embed__description\">c</div>\
         <img class=\"embed__image\" src=\"/pictures/https://example.com/x.png\" alt=\"\" loading=\"lazy\"></div></div>",
    );
    assert!(!render(&html, &NoUsers).contains("<img"), "images need the caller's URL");
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
fn a_body_of_a_url_and_its_preview_shows_only_the_preview() {
    let page = card(r#"href="https://example.com/a" filename="T""#);
    let alone = render(&page, &People);
    assert_renders(&format!("<div>https://example.com/a {page}</div>"), &alone);
    assert!(
        render(&format!("<div>see https://example.com/a {page}</div>"), &People)
            .contains("see <a href=\"https://example.com/a\">")
    );
    assert!(
        render(&format!("<div>https://example.com/b {page}</div>"), &People)
            .starts_with("<div><a href=\"https://example.com/b\">")
    );
    // Twitter's hosts are equal, and their query is ignored.
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
fn other_attachments_show_their_image_or_markup() {
    let picture = r#"<action-text-attachment content-type="image/png" url="https://example.com/x.png" caption="a cat"></action-text-attachment>"#;
    assert_renders(
        picture,
        r#"<a href="https://example.com/x.png"><img class="picture" src="/pictures/https://example.com/x.png" alt="a cat" loading="lazy"></a>"#,
    );
    assert_eq!(render(picture, &NoUsers), r#"<a href="https://example.com/x.png">a cat</a>"#);
    assert_renders(
        r#"<action-text-attachment content-type="text/html" content="<b>x</b><script>y</script><action-text-attachment sgid='ada'>"></action-text-attachment>"#,
        "<b>x</b>",
    );
}

#[test]
fn bodies_beyond_the_limits_are_text() {
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
    assert_renders(&deep, &deep);
    let paragraphs = "<p>x".repeat(1000);
    assert_eq!(render(&paragraphs, &People).matches("<p>").count(), 1000);
}
