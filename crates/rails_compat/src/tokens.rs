//! Random tokens in Campfire's formats. The random source is a parameter, so that tests can be
//! deterministic.

use rand::{CryptoRng, Rng};

/// Base 58: no `0`, `O`, `I`, `l`.
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A session token: 24 base-58 characters, 140 bits.
pub fn session_token(random: &mut (impl Rng + CryptoRng)) -> String {
    pick(random, BASE58, 24)
}

/// An invitation code: three groups of four, `CRMu-l8Ge-KB9B`.
pub fn join_code(random: &mut (impl Rng + CryptoRng)) -> String {
    [(); 3].map(|()| pick(random, ALPHANUMERIC, 4)).join("-")
}

/// The secret part of a bot key: 12 letters and digits.
pub fn bot_token(random: &mut (impl Rng + CryptoRng)) -> String {
    pick(random, ALPHANUMERIC, 12)
}

fn pick(random: &mut (impl Rng + CryptoRng), alphabet: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(alphabet[random.random_range(0..alphabet.len())])).collect()
}
