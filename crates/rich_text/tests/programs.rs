//! What programs get of a body: Rails' safe list, attachments rendered in their elements, no links
//! made.

#[path = "support/people.rs"]
mod people;

use people::People;
use rich_text::Body;

fn becomes(body: &str, html: &str) {
    assert_eq!(Body::parse(body).render_for_programs(&People), html, "{body}");
}

#[test]
fn what_is_on_the_list_stays_and_the_rest_leaves_what_is_in_it() {
    for html in [
        "Deployed.",
        "<div>one<br>two &amp; three</div>",
        "<p class=\"mine\" title=\"t\">a <mark>b</mark></p>",
        "<a href=\"https://example.com\" name=\"x\">a</a> <img src=\"/x.png\" alt=\"y\" width=\"1\">",
        "<figure><figcaption>a</figcaption></figure>",
    ] {
        becomes(html, html);
    }
    becomes(
        "<u>a</u> <s>b</s> <script>c</script><table><tr><td>d</td></tr></table><custom-one>e</custom-one>",
        "a b cde",
    );
    becomes("<b onclick=\"x\" style=\"y\" data-x=\"z\" sgid=\"s\">a</b>", "<b>a</b>");
    becomes("<a href=\"javascript:x\">a</a><img src=\"data:image/svg+xml,x\">", "<a>a</a><img>");
    becomes(
        "see www.example.com and https://example.com",
        "see www.example.com and https://example.com",
    );
}

#[test]
fn attachments_are_rendered_inside_their_elements() {
    becomes(
        "<action-text-attachment sgid=\"ada\" content-type=\"application/vnd.campfire.mention\" onclick=\"x\"></action-text-attachment>",
        "<action-text-attachment sgid=\"ada\" content-type=\"application/vnd.campfire.mention\">\
         <a class=\"mention\" href=\"/users/1\" title=\"Ada &quot;Countess&quot;\">\
         <img class=\"mention__avatar\" alt=\"\" src=\"/users/x/avatar\">Ada &lt;Lovelace&gt;</a></action-text-attachment>",
    );
    becomes(
        "<action-text-attachment sgid=\"eve\"></action-text-attachment>",
        "<action-text-attachment sgid=\"eve\">☒</action-text-attachment>",
    );
    becomes(
        "<action-text-attachment content-type=\"application/vnd.actiontext.opengraph-embed\" url=\"javascript:x\" href=\"https://example.com\" \
         filename=\"Title\" caption=\"Words\"></action-text-attachment>",
        "<action-text-attachment content-type=\"application/vnd.actiontext.opengraph-embed\" href=\"https://example.com\" filename=\"Title\" \
         caption=\"Words\"><div class=\"embed\"><div class=\"embed__title\"><a href=\"https://example.com\">Title</a></div>\
         <div class=\"embed__description\">Words</div></div></action-text-attachment>",
    );
    becomes(
        "<action-text-attachment content-type=\"image/png\" url=\"https://example.com/x.png\" caption=\"A chart\"></action-text-attachment>",
        "<action-text-attachment content-type=\"image/png\" url=\"https://example.com/x.png\" caption=\"A chart\">\
         <img alt=\"A chart\" src=\"https://example.com/x.png\"></action-text-attachment>",
    );
    becomes(
        "<action-text-attachment content-type=\"text/html\" content=\"&lt;b&gt;a&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;\"></action-text-attachment>",
        "<action-text-attachment content-type=\"text/html\" content=\"&lt;b&gt;a&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;\"><b>a</b>x</action-text-attachment>",
    );
}

#[test]
fn what_cannot_be_parsed_is_text() {
    let tangled = "<b>".repeat(3000);
    assert_eq!(Body::parse(&tangled).render_for_programs(&People), "&lt;b&gt;".repeat(3000));
}
