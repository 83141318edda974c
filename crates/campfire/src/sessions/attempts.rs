//! How often one network address may try to sign in: ten times in three minutes, successful tries counted, as in Campfire.

use std::collections::HashMap;
use std::net::IpAddr;

use parking_lot::Mutex;

use crate::time::Time;

/// Tries per window.
const LIMIT: u32 = 10;
/// Seconds in a window, which begins with the first try.
const WINDOW: i64 = 180;
/// Addresses watched at most; beyond it the oldest windows are dropped. About 3 MB.
const WATCHED: usize = 65_536;

/// The tries of the last minutes, by address.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<IpAddr, (Time, u32)>>);

impl Attempts {
    /// Counts a try; `Err` holds the seconds until the next one is accepted.
    ///
    /// # Errors
    /// When the address has used up its tries.
    pub fn count(&self, address: IpAddr, now: Time) -> Result<(), u32> {
        let mut windows = self.0.lock();
        if windows.len() >= WATCHED && !windows.contains_key(&group(address)) {
            make_room(&mut windows, now);
        }
        let (since, tries) = windows.entry(group(address)).or_insert((now, 0));
        if now.seconds_since(*since) >= WINDOW {
            (*since, *tries) = (now, 0);
        }
        *tries = tries.saturating_add(1);
        if *tries <= LIMIT {
            return Ok(());
        }
        let left = WINDOW - now.seconds_since(*since);
        Err(u32::try_from(left.max(1)).unwrap_or(1))
    }
}

/// One household has a whole /64 of IPv6 addresses; they count as one.
fn group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
    }
}

fn make_room(windows: &mut HashMap<IpAddr, (Time, u32)>, now: Time) {
    windows.retain(|_, (since, _)| now.seconds_since(*since) < WINDOW);
    if windows.len() >= WATCHED {
        // All are current: an attack from everywhere. Starting anew is the kindest that bounded memory allows.
        windows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        jiff::Timestamp::from_second(1_700_000_000 + second).expect("in range").into()
    }

    #[test]
    fn the_eleventh_try_waits_for_the_window_to_pass() {
        let attempts = Attempts::default();
        let address = "203.0.113.9".parse().expect("an address");
        for _ in 0..10 {
            assert_eq!(attempts.count(address, at(0)), Ok(()));
        }
        assert_eq!(attempts.count(address, at(60)), Err(120));
        assert_eq!(attempts.count("203.0.113.10".parse().expect("an address"), at(60)), Ok(()));
        assert_eq!(attempts.count(address, at(180)), Ok(()));
    }

    #[test]
    fn a_network_of_many_addresses_is_one_visitor() {
        let attempts = Attempts::default();
        for host in 0..10u16 {
            let address = format!("2001:db8::{host:x}").parse().expect("an address");
            assert_eq!(attempts.count(address, at(0)), Ok(()));
        }
        assert!(attempts.count("2001:db8::ffff".parse().expect("an address"), at(0)).is_err());
    }
}
