//! Bans: IP addresses that can read but not write.

pub mod events;
pub mod middleware;
pub mod store;

use std::collections::HashSet;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use crate::core::app::{App, DomainState, Tx};
use crate::core::cache::VersionedCache;
use crate::core::clock::Time;
use crate::core::ids::UserId;
use crate::identity::sessions;

/// The cache of banned addresses, used by every write.
pub struct Bans(VersionedCache<(), Arc<HashSet<IpAddr>>>);

impl Default for Bans {
    fn default() -> Self {
        Self(VersionedCache::new(1))
    }
}

impl Bans {
    pub fn is_banned(&self, app: &App, address: IpAddr) -> Result<bool, db::Error> {
        let banned = self.0.get(0, &(), || {
            let texts = app.db.read(|reader| store::addresses(reader))?;
            let banned = texts
                .iter()
                .filter_map(|text| text.parse::<IpAddr>().ok())
                .map(|address| address.to_canonical());
            Ok::<_, db::Error>(Some(Arc::new(banned.collect())))
        })?;
        Ok(banned.is_some_and(|banned| banned.contains(&address.to_canonical())))
    }

    pub fn invalidate(&self) {
        self.0.invalidate(0);
    }
}

/// Bans the addresses that a user's sessions used, except private ones, which other people share.
/// Returns how many.
pub fn record(tx: &Tx<'_>, user: UserId, now: Time) -> Result<usize, db::Error> {
    let addresses = sessions::store::addresses(tx, user)?;
    let public =
        addresses.iter().filter(|text| text.parse().is_ok_and(is_bannable)).collect::<Vec<_>>();
    for address in &public {
        store::insert(tx, user, address, now)?;
    }
    Ok(public.len())
}

/// Whether an address can be banned: not loopback, private or shared (carrier-grade NAT). Allows
/// more than `http::network_policy`: an address from a reserved range that a session really used
/// can be banned.
fn is_bannable(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || shared)
        }
        IpAddr::V6(v6) => {
            !(v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || is_local(v6))
        }
    }
}

/// Unique local (`fc00::/7`) and link-local (`fe80::/10`) addresses.
fn is_local(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
}

impl DomainState for Bans {
    fn on_external_write(&self, _: &App) {
        self.invalidate();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_shared_addresses_are_not_banned() {
        for public in ["203.0.113.9", "8.8.8.8", "2001:db8::1", "::ffff:8.8.8.8", "100.128.0.1"] {
            assert!(is_bannable(public.parse().expect("an address")), "{public}");
        }
        for other in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.4",
            "172.16.9.9",
            "169.254.1.1",
            "0.0.0.0",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_bannable(other.parse().expect("an address")), "{other}");
        }
    }
}
