//! Rate limits with fixed windows: ten attempts in three minutes per IP address and action, counting
//! successful ones as in Campfire, and twenty wrong passwords in 15 minutes per account, from any
//! address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use parking_lot::Mutex;

use crate::core::clock::Time;

/// Windows kept per limiter; a few megabytes. Expired ones are removed first.
const MAX_WINDOWS: usize = 65_536;
/// Characters of an email address used as the key; no valid address is longer.
const MAX_ACCOUNT: usize = 254;

/// A number of attempts in a window that starts with the first attempt.
#[derive(Clone, Copy)]
struct Limit {
    attempts: u32,
    /// Seconds.
    window: i64,
}

const PER_IP: Limit = Limit { attempts: 10, window: 180 };
/// On its first day, a whole company joins from one address.
const JOIN: Limit = Limit { attempts: 100, window: 180 };
const PER_ACCOUNT: Limit = Limit { attempts: 20, window: 900 };

/// Each action has its own limit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitedAction {
    SignIn,
    FirstRun,
    Join,
    /// Signing in with a transfer link.
    Transfer,
    /// Setting a password with a reset link.
    PasswordReset,
    /// Changing your own password, which costs as much CPU time as signing in.
    PasswordChange,
}

/// Limits attempts per action and IP address.
#[derive(Default)]
pub struct IpRateLimiter(Windows<(LimitedAction, IpAddr)>);

impl IpRateLimiter {
    /// Counts an attempt. `Err` contains the seconds until the next one is allowed.
    pub fn count(&self, action: LimitedAction, address: IpAddr, now: Time) -> Result<(), u32> {
        let limit = if action == LimitedAction::Join { JOIN } else { PER_IP };
        self.0.count((action, network(address)), limit, now)
    }
}

/// Limits wrong passwords per email address, whether or not an account has it. Transfer and reset
/// links still work.
#[derive(Default)]
pub struct PasswordRateLimiter(Windows<String>);

impl PasswordRateLimiter {
    /// Whether a password can be tried. `Err` contains the seconds until the next attempt.
    pub fn check(&self, account: &str, now: Time) -> Result<(), u32> {
        self.0.check(&key(account), PER_ACCOUNT, now)
    }

    /// Counts a wrong password.
    pub fn record_failure(&self, account: &str, now: Time) {
        // `check` reports the limit at the next attempt.
        let _: Result<(), u32> = self.0.count(key(account), PER_ACCOUNT, now);
    }
}

fn key(account: &str) -> String {
    account.chars().take(MAX_ACCOUNT).collect()
}

/// Counts a /64 of IPv6 addresses as one: a single household has that many.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
    }
}

/// The start of each window and the attempts in it.
struct Windows<K>(Mutex<HashMap<K, (Time, u32)>>);

impl<K> Default for Windows<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq> Windows<K> {
    fn count(&self, key: K, limit: Limit, now: Time) -> Result<(), u32> {
        let mut windows = self.0.lock();
        if windows.len() >= MAX_WINDOWS && !windows.contains_key(&key) {
            evict(&mut windows, limit, now);
        }
        let (since, attempts) = windows.entry(key).or_insert((now, 0));
        if now.seconds_since(*since) >= limit.window {
            (*since, *attempts) = (now, 0);
        }
        *attempts = attempts.saturating_add(1);
        if *attempts <= limit.attempts { Ok(()) } else { Err(seconds_left(*since, limit, now)) }
    }

    fn check(&self, key: &K, limit: Limit, now: Time) -> Result<(), u32> {
        match self.0.lock().get(key) {
            Some((since, attempts))
                if *attempts >= limit.attempts && now.seconds_since(*since) < limit.window =>
            {
                Err(seconds_left(*since, limit, now))
            }
            _ => Ok(()),
        }
    }
}

fn seconds_left(since: Time, limit: Limit, now: Time) -> u32 {
    u32::try_from((limit.window - now.seconds_since(since)).max(1)).unwrap_or(1)
}

fn evict<K: Hash + Eq>(windows: &mut HashMap<K, (Time, u32)>, limit: Limit, now: Time) {
    windows.retain(|_, (since, _)| now.seconds_since(*since) < limit.window);
    if windows.len() >= MAX_WINDOWS {
        // All windows are current: an attack from many addresses. Clearing them bounds memory and
        // locks nobody out.
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
    fn the_eleventh_attempt_is_rejected_until_the_window_ends() {
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
            "another action"
        );
        assert_eq!(attempts.count(LimitedAction::SignIn, address, at(180)), Ok(()));
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
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
    fn an_account_is_locked_for_a_while_after_twenty_wrong_passwords() {
        let attempts = PasswordRateLimiter::default();
        for _ in 0..20 {
            assert_eq!(attempts.check("ada@example.com", at(0)), Ok(()));
            attempts.record_failure("ada@example.com", at(0));
        }
        assert_eq!(attempts.check("ada@example.com", at(300)), Err(600));
        assert_eq!(attempts.check("eve@example.com", at(300)), Ok(()));
        assert_eq!(attempts.check("ada@example.com", at(900)), Ok(()));
    }
}
