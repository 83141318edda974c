//! Origins that may be called although they are on private addresses: push services that an
//! organization runs itself.

use reqwest::Url;

use super::network_policy::NetworkPolicy;
use super::outbound;

/// The most origins accepted.
const MAX_ORIGINS: usize = 16;

/// Origins that the operator allows.
#[derive(Debug, Clone, Default)]
pub struct PrivateOrigins(Vec<String>);

impl PrivateOrigins {
    /// Reads origins, separated by commas.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let origins = entries
            .map(|entry| origin(entry).ok_or_else(|| format!("'{entry}' is not an origin")))
            .collect::<Result<Vec<_>, _>>()?;
        if origins.len() > MAX_ORIGINS {
            Err(format!("more than {MAX_ORIGINS} origins"))
        } else {
            Ok(Self(origins))
        }
    }

    /// The addresses that may be called for this URL.
    pub fn policy(&self, endpoint: &Url) -> NetworkPolicy {
        let allowed = self.0.contains(&endpoint.origin().ascii_serialization());
        if allowed { NetworkPolicy::Any } else { NetworkPolicy::PublicOnly }
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
    fn only_the_exact_origin_is_allowed() {
        let own = PrivateOrigins::parse("http://10.0.0.7:8080, https://Push.Example.com/")
            .expect("two origins");
        let policy = |url: &str| own.policy(&url.parse().expect("a URL"));
        assert_eq!(policy("http://10.0.0.7:8080/secret"), NetworkPolicy::Any);
        assert_eq!(policy("https://push.example.com:443/secret"), NetworkPolicy::Any);
        for other in [
            "http://10.0.0.7/x",
            "https://10.0.0.7:8080/x",
            "http://10.0.0.7:8081/x",
            "https://push.example.com.evil.test/x",
            "http://push.example.com/x",
        ] {
            assert_eq!(policy(other), NetworkPolicy::PublicOnly, "{other}");
        }
    }

    #[test]
    fn an_invalid_origin_is_named() {
        for wrong in [
            "push.example.com",
            "https://push.example.com/wpush",
            "ftp://a",
            "https://me@push.example.com",
            "https://a/?b",
        ] {
            assert!(PrivateOrigins::parse(wrong).expect_err(wrong).contains(wrong));
        }
        assert!(PrivateOrigins::parse(&"https://a,".repeat(MAX_ORIGINS + 1)).is_err());
        assert!(PrivateOrigins::parse(" , ").expect("none").0.is_empty());
    }
}
