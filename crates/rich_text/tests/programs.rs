//! Rendering for API clients: Rails' safe list, attachments rendered in their elements, no
//! automatic links.

#[path = "support/people.rs"]
mod people;

use people::People;
use rich_text::Body;

fn assert_renders(body: &str, html: &str) {
    assert_eq!(Body::parse(body).render_for_programs(&People), html, "{body}");
}

#[test]
fn unlisted_elements_are_removed_but_their_content_stays() {
    for html in [
        "Deployed.",
        "<div>one<br>two &amp; three</div>",
        "<p class=\"mine\" title=\"t\">a <mark>b</mark></p>",
        "<a href=\"https://example.com\" name=\"x\">a</a> <img src=\"/x.png\" alt=\"y\" width=\"1\">",
        "<figure><figcaption>a</figcaption></figure>",
    ] {
        assert_renders(html, html);
    }
    assert_renders(
        "<u>a</u> <s>b</s> <script>c</script><table><tr><td>d</td></tr></table><custom-one>e</custom-one>",
        "a b cde",
    );
    assert_renders("<b onclick=\"x\" style=\"y\" data-x=\"z\" sgid=\"s\">a</b>", "<b>a</b>");
    assert_renders(
        "<a href=\"javascript:x\">a</a><img src=\"data:image/svg+xml,x\">",
        "<a>a</a><img>",
    );
    assert_renders(
        "see www.example.com and https://example.com",
        "see www.example.com and https://example.com",
    );
}

#[test]
fn attachments_are_rendered_inside_their_elements() {
    assert_renders(
        "<action-text-attachment sgid=\"ada\" content-type=\"application/vnd.campfire.mention\" onclick=\"x\"></action-text-attachment>",
        "<action-text-attachment sgid=\"ada\" content-type=\"application/vnd.campfire.mention\">\
         <a class=\"mention\" href=\"/users/1\" title=\"Ada &quot;Countess&quot;\">\
         <img class=\"mention__avatar\" alt=\"\" src=\"/users/x/avatar\">Ada &lt;Lovelace&gt;</a></action-text-attachment>",
    );
    assert_renders(
        "<action-text-attachment sgid=\"eve\"></action-text-attachment>",
        "<action-text-attachment sgid=\"eve\">☒</action-text-attachment>",
    );
    assert_renders(
        "<action-text-attachment content-type=\"application/vnd.actiontext.opengraph-embed\" url=\"javascript:x\" href=\"https://example.com\" \
         filename=\"Title\" caption=\"Words\"></action-text-attachment>",
        "<action-text-attachment content-type=\"application/vnd.actiontext.opengraph-embed\" href=\"https://example.com\" filename=\"Title\" \
         caption=\"Words\"><div class=\"embed\"><div class=\"embed__title\"><a href=\"https://example.com\">Title</a></div>\
         <div class=\"embed__description\">Words</div></div></action-text-attachment>",
    );
    assert_renders(
        "<action-text-attachment content-type=\"image/png\" url=\"https://example.com/x.png\" caption=\"A chart\"></action-text-attachment>",
        "<action-text-attachment content-type=\"image/png\" url=\"https://example.com/x.png\" caption=\"A chart\">\
         <img alt=\"A chart\" src=\"https://example.com/x.png\"></action-text-attachment>",
    );
    assert_renders(
        "<action-text-attachment content-type=\"text/html\" content=\"&lt;b&gt;a&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;\"></action-text-attachment>",
        "<action-text-attachment content-type=\"text/html\" content=\"&lt;b&gt;a&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;\"><b>a</b>x</action-text-attachment>",
    );
}

#[test]
fn bodies_beyond_the_limits_are_text() {
    let hostile = "<b>".repeat(3000);
    assert_eq!(Body::parse(&hostile).render_for_programs(&People), "&lt;b&gt;".repeat(3000));
}
