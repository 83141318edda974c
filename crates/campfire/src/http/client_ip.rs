//! The client's IP address, read from forwarding headers only when a trusted proxy sent them.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, Uri, header};

/// The address of the TCP peer; the server adds it to every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The proxies whose `X-Forwarded-*` headers are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies {
    addresses: Vec<IpAddr>,
    loopback: bool,
}

impl TrustedProxies {
    /// Loopback only, the default.
    pub fn loopback() -> Self {
        Self { addresses: Vec::new(), loopback: true }
    }

    /// Parses a comma-separated list of addresses; `loopback` stands for all loopback addresses.
    ///
    /// # Errors
    /// The invalid entry.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut proxies = Self { addresses: Vec::new(), loopback: false };
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            match entry.parse() {
                Ok(address) => proxies.addresses.push(address),
                Err(_) if entry == "loopback" => proxies.loopback = true,
                Err(_) => return Err(entry.to_owned()),
            }
        }
        Ok(proxies)
    }

    /// Whether forwarding headers from this address are trusted.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        (self.loopback && address.is_loopback()) || self.addresses.contains(&address)
    }

    /// The client's address: the last one in `X-Forwarded-For` that is not a trusted proxy, else
    /// the peer.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut hops = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|hop| hop.trim().parse::<IpAddr>())
            .collect::<Vec<_>>();
        while self.trusts(client) {
            match hops.pop() {
                Some(Ok(hop)) => client = hop.to_canonical(),
                _ => break,
            }
        }
        client
    }

    /// Whether the client used HTTPS, according to a trusted proxy.
    pub fn is_secure(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        self.trusts(peer)
            && headers
                .get("x-forwarded-proto")
                .is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"))
    }
}

/// The host (with port, if any) that the client requested.
pub fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(|authority| authority.as_str()))
}

/// The URL of this installation as the client sees it, without a trailing slash, such as
/// `https://chat.example.com`.
pub fn base_url(proxies: &TrustedProxies, peer: Peer, headers: &HeaderMap, uri: &Uri) -> String {
    let scheme = if proxies.is_secure(peer.0.ip(), headers) { "https" } else { "http" };
    format!("{scheme}://{}", host(headers, uri).unwrap_or("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(
            header::HeaderName::from_static("x-forwarded-for"),
            value.parse().expect("a header"),
        )])
    }

    #[test]
    fn an_untrusted_peer_cannot_choose_its_address() {
        let proxies = TrustedProxies::loopback();
        let peer = "203.0.113.9".parse().expect("an address");
        assert_eq!(proxies.client(peer, &forwarded("198.51.100.1")), peer);
    }

    #[test]
    fn the_last_untrusted_hop_is_the_client() {
        let proxies = TrustedProxies::parse("loopback, 10.0.0.1").expect("a list");
        let local = "127.0.0.1".parse().expect("an address");
        let client = proxies.client(local, &forwarded("6.6.6.6, 198.51.100.1, 10.0.0.1"));
        assert_eq!(client, "198.51.100.1".parse::<IpAddr>().expect("an address"));
    }

    #[test]
    fn an_invalid_hop_ends_the_search() {
        let local: IpAddr = "127.0.0.1".parse().expect("an address");
        assert_eq!(
            TrustedProxies::loopback().client(local, &forwarded("198.51.100.1, nonsense")),
            local
        );
    }

    #[test]
    fn an_invalid_entry_is_named() {
        assert_eq!(TrustedProxies::parse("10.0.0.1, office"), Err("office".to_owned()));
    }
}
