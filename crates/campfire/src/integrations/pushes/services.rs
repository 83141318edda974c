//! Which push services may be called. Members name them, so only those on the public internet; an
//! organisation that runs one of its own, for browsers that are set up to use it, lets it be called
//! by its origin.

use reqwest::Url;

use crate::http::outbound::{self, Reach};

/// Push services that the operator runs, at most.
const MOST: usize = 16;

/// The operator's own push services, by origin.
#[derive(Debug, Clone, Default)]
pub struct OwnServices(Vec<String>);

impl OwnServices {
    /// Reads origins, separated by commas.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let origins = entries
            .map(|entry| origin(entry).ok_or_else(|| format!("'{entry}' is no origin")))
            .collect::<Result<Vec<_>, _>>()?;
        if origins.len() > MOST {
            Err(format!("more than {MOST} origins"))
        } else {
            Ok(Self(origins))
        }
    }

    /// Which addresses may be called behind this URL.
    pub fn reach(&self, endpoint: &Url) -> Reach {
        let is_own = self.0.contains(&endpoint.origin().ascii_serialization());
        if is_own { Reach::Anywhere } else { Reach::Public }
    }
}

/// The origin, if it is nothing more than that.
fn origin(text: &str) -> Option<String> {
    let url = outbound::parse(text).ok()?;
    let origin = url.origin().ascii_serialization();
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_bare.then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_origin_is_the_operators() {
        let own = OwnServices::parse("http://10.0.0.7:8080, https://Push.Example.com/")
            .expect("two origins");
        let reach = |url: &str| own.reach(&url.parse().expect("a URL"));
        assert_eq!(reach("http://10.0.0.7:8080/secret"), Reach::Anywhere);
        assert_eq!(reach("https://push.example.com:443/secret"), Reach::Anywhere);
        for other in [
            "http://10.0.0.7/x",
            "https://10.0.0.7:8080/x",
            "http://10.0.0.7:8081/x",
            "https://push.example.com.evil.test/x",
            "http://push.example.com/x",
        ] {
            assert_eq!(reach(other), Reach::Public, "{other}");
        }
    }

    #[test]
    fn what_is_no_origin_is_named() {
        for wrong in [
            "push.example.com",
            "https://push.example.com/wpush",
            "ftp://a",
            "https://me@push.example.com",
            "https://a/?b",
        ] {
            assert!(OwnServices::parse(wrong).expect_err(wrong).contains(wrong));
        }
        assert!(OwnServices::parse(&"https://a,".repeat(MOST + 1)).is_err());
        assert!(OwnServices::parse(" , ").expect("none").0.is_empty());
    }
}
