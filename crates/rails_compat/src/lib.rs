//! What Rails signs and encodes, so that data and cookies can pass between Campfire (Rails) and
//! this server: signed cookies, signed ids, signed global ids, datetimes and random tokens. Knows
//! no chat.
//!
//! Every format is described where it is implemented; the test vectors were produced by Rails' own
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

/// Signed texts longer than this are not looked at: the longest legitimate ones have a few hundred
/// bytes.
const MAX_SIGNED: usize = 4096;

/// Bytes of the secret at least; Rails' own have 128 characters.
const MIN_SECRET: usize = 32;

/// Iterations of PBKDF2 in `ActiveSupport::KeyGenerator` as Rails configures it.
const ITERATIONS: u32 = 1000;

/// The keys derived from `SECRET_KEY_BASE`. Its `Debug` shows nothing of them.
#[derive(Clone)]
pub struct Secret {
    cookies: Key,
    ids: Key,
    global_ids: Key,
}

/// The secret cannot be used.
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
    /// Derives the keys from `SECRET_KEY_BASE`, used as the text it is (PBKDF2-HMAC-SHA256, 1000
    /// iterations, 64 bytes).
    ///
    /// # Errors
    /// When the text is too short to be a secret.
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

    /// A signed cookie holding a text, as Rails' `cookies.signed` writes it; not yet
    /// percent-encoded.
    ///
    /// The value is JSON, base64 inside the *legacy* envelope with expiry and purpose, base64
    /// again, `--`, HMAC-SHA-1.
    pub fn sign_cookie(&self, name: &str, value: &str, expires: Timestamp) -> String {
        let message = STANDARD.encode(Value::from(value).to_string());
        let envelope = Envelope::legacy(message, expires, &format!("cookie.{name}"));
        self.cookies.sign(Digest::Sha1, STANDARD.encode(envelope))
    }

    /// The text in a signed cookie; `None` if it was not signed with this secret for this name, or
    /// has expired.
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

    /// `signed_id` of a record: purpose `MODEL/PURPOSE`, HMAC-SHA-256, URL-safe base64 without
    /// padding.
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

    /// The number in a signed id; `None` if it is not signed for this purpose or has expired.
    pub fn verify_id(
        &self,
        model: &str,
        purpose: &str,
        signed: &str,
        now: Timestamp,
    ) -> Option<i64> {
        let payload = decode(self.ids.verify(Digest::Sha256, signed)?)?;
        Envelope::open(&payload, &format!("{model}/{purpose}"), now)?.value()?.as_i64()
    }

    /// The number in a signed id that expires, and when it does; `None` also for one that never
    /// does.
    pub fn verify_expiring_id(
        &self,
        model: &str,
        purpose: &str,
        signed: &str,
        now: Timestamp,
    ) -> Option<(i64, Timestamp)> {
        let payload = decode(self.ids.verify(Digest::Sha256, signed)?)?;
        let envelope = Envelope::open(&payload, &format!("{model}/{purpose}"), now)?;
        let expires = envelope.expires()?;
        Some((envelope.value()?.as_i64()?, expires))
    }

    /// A signed global id, as mentions carry it: HMAC-SHA-1, URL-safe base64 with padding.
    pub fn sign_global_id(&self, class: &str, purpose: &str, id: i64) -> String {
        let envelope =
            Envelope::data(Value::from(format!("gid://campfire/{class}/{id}")), None, purpose);
        self.global_ids.sign(Digest::Sha1, URL_SAFE.encode(envelope))
    }

    /// The number in a signed global id of this class.
    pub fn verify_global_id(&self, class: &str, purpose: &str, signed: &str) -> Option<i64> {
        let payload = URL_SAFE.decode(self.global_ids.verify(Digest::Sha1, signed)?).ok()?;
        let value = Envelope::open(&payload, purpose, Timestamp::MIN)?.value()?;
        gid::number(value.as_str()?, class)
    }
}

impl Key {
    fn sign(&self, digest: Digest, encoded: String) -> String {
        let signature = self.signature(digest, &encoded);
        encoded + "--" + &signature
    }

    /// The encoded part, if the signature behind it is right. Split from the right by the digest's
    /// length; compared in constant time.
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
        let right = self.signature(digest, encoded);
        bool::from(right.as_bytes().ct_eq(signature.as_bytes())).then_some(encoded)
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

/// Rails reads both alphabets, with or without padding.
fn decode(encoded: &str) -> Option<Vec<u8>> {
    STANDARD
        .decode(encoded)
        .or_else(|_| URL_SAFE.decode(encoded))
        .or_else(|_| URL_SAFE_NO_PAD.decode(encoded))
        .ok()
}

/// A new `SECRET_KEY_BASE`: 128 hex digits from the system's random source.
pub fn generate_secret_key_base() -> String {
    hex(&rand::random::<[u8; 64]>())
}

/// A cookie's value as Rails writes it on the wire: everything but letters, digits, `-`, `_`, `.`
/// and `~` percent-encoded.
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

/// Undoes [`percent_encode_cookie`]; `None` for a broken escape or bytes that are no text.
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
