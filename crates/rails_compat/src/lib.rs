//! Formats that Rails signs and encodes, so that data and cookies can be exchanged between Campfire
//! (Rails) and this server: signed cookies, signed IDs, signed global IDs, datetimes and random
//! tokens.
//!
//! Each format is described where it is implemented; the test vectors were produced by Rails' own
//! `KeyGenerator` and `MessageVerifier`.

mod envelope;
mod gid;
pub mod time;
pub mod tokens;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use envelope::Envelope;
pub use gid::read_unverified_user_gid;

/// Longer signed values are rejected unread: legitimate ones have a few hundred bytes.
const MAX_SIGNED: usize = 4096;

/// Minimum length of the secret in bytes; Rails generates 128 characters.
const MIN_SECRET: usize = 32;

/// PBKDF2 iterations of `ActiveSupport::KeyGenerator`, as Rails configures it.
const ITERATIONS: u32 = 1000;

/// The keys derived from `SECRET_KEY_BASE`. `Debug` does not reveal them.
#[derive(Clone)]
pub struct Secret {
    cookies: Key,
    ids: Key,
    global_ids: Key,
}

/// `SECRET_KEY_BASE` is too short.
#[derive(Debug, thiserror::Error)]
#[error("the secret is shorter than {MIN_SECRET} characters")]
pub struct SecretTooShort;

#[derive(Clone)]
struct Key([u8; 64]);

#[derive(Clone, Copy)]
enum Digest {
    Sha1,
    Sha256,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Derives the keys from the text of `SECRET_KEY_BASE` (PBKDF2-HMAC-SHA256, 1000 iterations, 64
    /// bytes).
    ///
    /// # Errors
    /// [`SecretTooShort`].
    pub fn new(base: &str) -> Result<Self, SecretTooShort> {
        if base.len() < MIN_SECRET {
            return Err(SecretTooShort);
        }
        let derive = |salt: &str| {
            let mut key = [0; 64];
            pbkdf2::pbkdf2_hmac::<Sha256>(base.as_bytes(), salt.as_bytes(), ITERATIONS, &mut key);
            Key(key)
        };
        Ok(Self {
            cookies: derive("signed cookie"),
            ids: derive("active_record/signed_id"),
            global_ids: derive("signed_global_ids"),
        })
    }

    /// Signs a cookie value as Rails' `cookies.signed` does; the result is not percent-encoded yet.
    ///
    /// The value is JSON, base64 inside the legacy envelope with expiry and purpose, base64 again,
    /// `--`, HMAC-SHA-1.
    pub fn sign_cookie(&self, name: &str, value: &str, expires: Timestamp) -> String {
        let message = STANDARD.encode(Value::from(value).to_string());
        let envelope = Envelope::legacy(message, expires, &format!("cookie.{name}"));
        self.cookies.sign(Digest::Sha1, STANDARD.encode(envelope))
    }

    /// Returns the value of a signed cookie; `None` if its signature or name is wrong or it has
    /// expired.
    pub fn verify_cookie(&self, name: &str, cookie: &str, now: Timestamp) -> Option<String> {
        let envelope = Envelope::open(
            &decode(self.cookies.verify(Digest::Sha1, cookie)?)?,
            &format!("cookie.{name}"),
            now,
        )?;
        match envelope.value()? {
            Value::String(value) => Some(value),
            _ => None,
        }
    }

    /// Signs a record's ID as `signed_id` does: purpose `MODEL/PURPOSE`, HMAC-SHA-256, URL-safe
    /// base64 without padding.
    pub fn sign_id(
        &self,
        model: &str,
        purpose: &str,
        id: i64,
        expires: Option<Timestamp>,
    ) -> String {
        let envelope = Envelope::data(Value::from(id), expires, &format!("{model}/{purpose}"));
        self.ids.sign(Digest::Sha256, URL_SAFE_NO_PAD.encode(envelope))
    }

    /// Returns the ID; `None` if the signature or purpose is wrong or it has expired.
    pub fn verify_id(
        &self,
        model: &str,
        purpose: &str,
        signed: &str,
        now: Timestamp,
    ) -> Option<i64> {
        self.open_id(model, purpose, signed, now)?.value()?.as_i64()
    }

    /// Returns the ID and its expiry; `None` also for a signed ID without expiry.
    pub fn verify_expiring_id(
        &self,
        model: &str,
        purpose: &str,
        signed: &str,
        now: Timestamp,
    ) -> Option<(i64, Timestamp)> {
        let envelope = self.open_id(model, purpose, signed, now)?;
        let expires = envelope.expires()?;
        Some((envelope.value()?.as_i64()?, expires))
    }

    fn open_id(
        &self,
        model: &str,
        purpose: &str,
        signed: &str,
        now: Timestamp,
    ) -> Option<Envelope> {
        let payload = decode(self.ids.verify(Digest::Sha256, signed)?)?;
        Envelope::open(&payload, &format!("{model}/{purpose}"), now)
    }

    /// Signs a global ID as mentions contain it: HMAC-SHA-1, URL-safe base64 with padding.
    pub fn sign_global_id(&self, class: &str, purpose: &str, id: i64) -> String {
        let envelope =
            Envelope::data(Value::from(format!("gid://campfire/{class}/{id}")), None, purpose);
        self.global_ids.sign(Digest::Sha1, URL_SAFE.encode(envelope))
    }

    /// Returns the ID in a signed global ID of this class.
    pub fn verify_global_id(&self, class: &str, purpose: &str, signed: &str) -> Option<i64> {
        let payload = URL_SAFE.decode(self.global_ids.verify(Digest::Sha1, signed)?).ok()?;
        let value = Envelope::open(&payload, purpose, Timestamp::MIN)?.value()?;
        gid::parse_id(value.as_str()?, class)
    }
}

impl Key {
    fn sign(&self, digest: Digest, encoded: String) -> String {
        let signature = self.signature(digest, &encoded);
        encoded + "--" + &signature
    }

    /// Returns the encoded part if its signature is valid. The signature has the digest's length
    /// and is compared in constant time.
    fn verify<'a>(&self, digest: Digest, signed: &'a str) -> Option<&'a str> {
        let length = match digest {
            Digest::Sha1 => 40,
            Digest::Sha256 => 64,
        };
        if signed.len() > MAX_SIGNED || !signed.is_ascii() {
            return None;
        }
        let (encoded, rest) = signed.split_at_checked(signed.len().checked_sub(length + 2)?)?;
        let signature = rest.strip_prefix("--")?;
        let expected = self.signature(digest, encoded);
        bool::from(expected.as_bytes().ct_eq(signature.as_bytes())).then_some(encoded)
    }

    fn signature(&self, digest: Digest, encoded: &str) -> String {
        let bytes = match digest {
            Digest::Sha1 => mac::<Hmac<Sha1>>(&self.0, encoded),
            Digest::Sha256 => mac::<Hmac<Sha256>>(&self.0, encoded),
        };
        hex(&bytes)
    }
}

fn mac<M: Mac + hmac::digest::KeyInit>(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac =
        <M as hmac::digest::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect()
}

/// Decodes as Rails does: both alphabets, with or without padding.
fn decode(encoded: &str) -> Option<Vec<u8>> {
    STANDARD
        .decode(encoded)
        .or_else(|_| URL_SAFE.decode(encoded))
        .or_else(|_| URL_SAFE_NO_PAD.decode(encoded))
        .ok()
}

/// Generates a `SECRET_KEY_BASE`: 128 hex digits from the system's random source.
pub fn generate_secret_key_base() -> String {
    hex(&rand::random::<[u8; 64]>())
}

/// Percent-encodes a cookie value as Rails does: everything but letters, digits, `-`, `_`, `.` and
/// `~`.
pub fn percent_encode_cookie(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            _ => {
                out.push('%');
                out.push_str(&hex(&[byte]).to_ascii_uppercase());
            }
        }
    }
    out
}

/// Reverses [`percent_encode_cookie`]; `None` for an invalid escape or invalid UTF-8.
pub fn percent_decode_cookie(value: &str) -> Option<String> {
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}
