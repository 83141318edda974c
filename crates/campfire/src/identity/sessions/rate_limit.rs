//! How often may be tried: from one network address ten times in three minutes, successful tries
//! counted, as in Campfire, each kind of try on its own; for one account twenty wrong passwords in
//! a quarter of an hour, wherever they come from.

use crate::core::app::{App, DomainState};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use parking_lot::Mutex;

use crate::core::clock::Time;

/// Keys watched at most; beyond it the oldest windows are dropped. Some megabytes.
const WATCHED: usize = 65_536;
/// Characters of an account's address that are kept; no accepted address is longer.
const MAX_ACCOUNT: usize = 254;

/// How many tries in how many seconds, which begin with the first try.
#[derive(Clone, Copy)]
struct Rate {
    tries: u32,
    window: i64,
}

const PER_ADDRESS: Rate = Rate { tries: 10, window: 180 };
/// A company that is invited on its first morning comes from one address.
const JOINING: Rate = Rate { tries: 100, window: 180 };
const PER_ACCOUNT: Rate = Rate { tries: 20, window: 900 };

/// What is tried; whoever made all their tries of one kind can still do the others.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitedAction {
    /// Signing in with a password.
    SignIn,
    /// The first run.
    FirstRun,
    /// Joining by invitation.
    Join,
    /// Signing in with a transfer link.
    Transfer,
    /// Setting a password with a link.
    PasswordReset,
    /// Changing one's own password, which costs as much as a sign-in.
    PasswordChange,
}

/// The tries of the last minutes, by kind and network address.
#[derive(Default)]
pub struct IpRateLimiter(Windows<(LimitedAction, IpAddr)>);

impl IpRateLimiter {
    /// Counts a try; `Err` holds the seconds until the next one is accepted.
    ///
    /// # Errors
    /// When the address has used up its tries.
    pub fn count(&self, what: LimitedAction, address: IpAddr, now: Time) -> Result<(), u32> {
        let rate = if what == LimitedAction::Join { JOINING } else { PER_ADDRESS };
        self.0.count((what, group(address)), rate, now)
    }
}

/// The wrong passwords of the last minutes, by the account they were tried for. An account that is
/// guarded so can still be entered by a transfer or reset link.
#[derive(Default)]
pub struct PasswordRateLimiter(Windows<String>);

impl PasswordRateLimiter {
    /// Whether a password may be tried; `Err` holds the seconds until one may.
    ///
    /// # Errors
    /// When too many were wrong.
    pub fn check(&self, account: &str, now: Time) -> Result<(), u32> {
        self.0.check(&cut(account), PER_ACCOUNT, now)
    }

    /// A password was wrong.
    pub fn failed(&self, account: &str, now: Time) {
        // Whether there is a next try is said when it comes.
        let _: Result<(), u32> = self.0.count(cut(account), PER_ACCOUNT, now);
    }
}

fn cut(account: &str) -> String {
    account.chars().take(MAX_ACCOUNT).collect()
}

/// One household has a whole /64 of IPv6 addresses; they count as one.
fn group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
    }
}

/// When each window began, and the tries in it.
struct Windows<K>(Mutex<HashMap<K, (Time, u32)>>);

impl<K> Default for Windows<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq> Windows<K> {
    fn count(&self, key: K, rate: Rate, now: Time) -> Result<(), u32> {
        let mut windows = self.0.lock();
        if windows.len() >= WATCHED && !windows.contains_key(&key) {
            make_room(&mut windows, rate, now);
        }
        let (since, tries) = windows.entry(key).or_insert((now, 0));
        if now.seconds_since(*since) >= rate.window {
            (*since, *tries) = (now, 0);
        }
        *tries = tries.saturating_add(1);
        if *tries <= rate.tries { Ok(()) } else { Err(left(*since, rate, now)) }
    }

    fn check(&self, key: &K, rate: Rate, now: Time) -> Result<(), u32> {
        match self.0.lock().get(key) {
            Some((since, tries))
                if *tries >= rate.tries && now.seconds_since(*since) < rate.window =>
            {
                Err(left(*since, rate, now))
            }
            _ => Ok(()),
        }
    }
}

fn left(since: Time, rate: Rate, now: Time) -> u32 {
    u32::try_from((rate.window - now.seconds_since(since)).max(1)).unwrap_or(1)
}

fn make_room<K: Hash + Eq>(windows: &mut HashMap<K, (Time, u32)>, rate: Rate, now: Time) {
    windows.retain(|_, (since, _)| now.seconds_since(*since) < rate.window);
    if windows.len() >= WATCHED {
        // All are current: an attack from everywhere. Starting anew is the kindest that bounded
        // memory allows.
        windows.clear();
    }
}

impl DomainState for IpRateLimiter {
    fn on_external_write(&self, _: &App) {}
}

impl DomainState for PasswordRateLimiter {
    fn on_external_write(&self, _: &App) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        jiff::Timestamp::from_second(1_700_000_000 + second).expect("in range").into()
    }

    #[test]
    fn the_eleventh_try_waits_for_the_window_to_pass() {
        let attempts = IpRateLimiter::default();
        let address = "203.0.113.9".parse().expect("an address");
        for _ in 0..10 {
            assert_eq!(attempts.count(LimitedAction::SignIn, address, at(0)), Ok(()));
        }
        assert_eq!(attempts.count(LimitedAction::SignIn, address, at(60)), Err(120));
        assert_eq!(
            attempts.count(
                LimitedAction::SignIn,
                "203.0.113.10".parse().expect("an address"),
                at(60)
            ),
            Ok(())
        );
        assert_eq!(
            attempts.count(LimitedAction::Transfer, address, at(60)),
            Ok(()),
            "another kind of try"
        );
        assert_eq!(attempts.count(LimitedAction::SignIn, address, at(180)), Ok(()));
    }

    #[test]
    fn a_network_of_many_addresses_is_one_visitor() {
        let attempts = IpRateLimiter::default();
        for host in 0..10u16 {
            let address = format!("2001:db8::{host:x}").parse().expect("an address");
            assert_eq!(attempts.count(LimitedAction::SignIn, address, at(0)), Ok(()));
        }
        assert!(
            attempts
                .count(LimitedAction::SignIn, "2001:db8::ffff".parse().expect("an address"), at(0))
                .is_err()
        );
    }

    #[test]
    fn an_account_is_guarded_after_twenty_wrong_passwords_for_a_while() {
        let attempts = PasswordRateLimiter::default();
        for _ in 0..20 {
            assert_eq!(attempts.check("ada@example.com", at(0)), Ok(()));
            attempts.failed("ada@example.com", at(0));
        }
        assert_eq!(attempts.check("ada@example.com", at(300)), Err(600));
        assert_eq!(attempts.check("eve@example.com", at(300)), Ok(()));
        assert_eq!(attempts.check("ada@example.com", at(900)), Ok(()));
    }
}
