//! The users that test bodies mention: one with a hostile name.

use rich_text::{Mentioned, Mentions};

/// Resolves `ada` and images at `https` URLs.
pub struct People;

impl Mentions for People {
    fn user(&self, sgid: &str) -> Option<Mentioned> {
        (sgid == "ada").then(|| Mentioned {
            id: 1,
            name: "Ada <Lovelace>".into(),
            title: "Ada \"Countess\"".into(),
            avatar_url: "/users/x/avatar".into(),
        })
    }

    fn picture(&self, url: &str) -> Option<String> {
        url.starts_with("https://").then(|| format!("/pictures/{url}"))
    }
}
