//! A browser's keys and decryption (RFC 8291 over RFC 8188). The decryption is `web-push-native`'s,
//! so that it is independent of the server's encryption; the limits that RFC 8291 adds to RFC 8188
//! are checked here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use serde_json::{Value, json};

use super::Invalid;

/// Bytes of a message that every push service accepts (RFC 8030, section 7.2).
const MAX_MESSAGE: usize = 4096;
/// Bytes of an uncompressed point on the curve.
const POINT: usize = 65;
/// Bytes of the authentication tag at the end of a record.
const TAG: usize = 16;

/// A browser with a push subscription.
pub struct Browser {
    private: SecretKey,
    auth: [u8; 16],
}

impl Browser {
    /// Creates a browser with random keys.
    pub fn new() -> Self {
        loop {
            // Only zero and numbers beyond the curve's order are refused: one in four billion.
            if let Ok(private) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
                return Self { private, auth: rand::random() };
            }
        }
    }

    /// The subscription as a browser's `PushSubscription.toJSON()` gives it.
    pub fn subscription(&self, endpoint: &str) -> Value {
        json!({ "endpoint": endpoint, "keys": { "p256dh": self.p256dh(), "auth": self.auth() } })
    }

    /// The public key in the form of a subscription.
    pub fn p256dh(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.private.public_key().to_encoded_point(false))
    }

    /// The shared secret in the form of a subscription.
    pub fn auth(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.auth)
    }

    /// Decrypts a message.
    ///
    /// # Errors
    /// The message is encrypted for another browser, was modified, or is not the single record with
    /// the sender's public key as key ID that RFC 8291 requires.
    pub fn decrypt(&self, message: &[u8]) -> Result<Vec<u8>, Invalid> {
        if message.len() > MAX_MESSAGE {
            return Err(Invalid("longer than what every push service accepts"));
        }
        let (_salt, rest) = message.split_first_chunk::<16>().ok_or(Invalid("no salt"))?;
        let (size, rest) = rest.split_first_chunk::<4>().ok_or(Invalid("no record size"))?;
        let (length, rest) = rest.split_first().ok_or(Invalid("no key ID"))?;
        if usize::from(*length) != POINT {
            return Err(Invalid("the key ID is not the sender's public key"));
        }
        let (_, record) = rest.split_at_checked(POINT).ok_or(Invalid("no sender's key"))?;
        if record.len() <= TAG || (u32::from_be_bytes(*size) as usize) < record.len() {
            return Err(Invalid("not exactly one record"));
        }
        web_push_native::decrypt(message.to_vec(), &self.private, &self.auth.into())
            .map_err(|_| Invalid("encrypted for another browser, or modified"))
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web_push::decode_base64;

    /// The example of RFC 8291, section 5.
    const MESSAGE: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_\
        yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    fn example() -> (Browser, Vec<u8>) {
        let private = decode_base64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94").expect("base64");
        let auth =
            decode_base64("BTBZMqHH6r4Tts7J_aSIgg").expect("base64").try_into().expect("16 bytes");
        (
            Browser { private: SecretKey::from_slice(&private).expect("a key"), auth },
            decode_base64(MESSAGE).expect("base64"),
        )
    }

    #[test]
    fn decrypts_the_example_of_rfc_8291() {
        let (browser, message) = example();
        assert_eq!(
            browser.p256dh(),
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        );
        assert_eq!(
            browser.decrypt(&message).expect("decrypts"),
            b"When I grow up, I want to be a watermelon"
        );
    }

    #[test]
    fn rejects_modified_truncated_oversized_and_foreign_messages() {
        let (browser, message) = example();
        for index in 0..message.len() {
            let mut modified = message.clone();
            modified[index] ^= 1;
            // The record size may be larger than the record.
            let accepted = browser.decrypt(&modified).is_ok();
            assert_eq!(accepted, (16..20).contains(&index), "byte {index}");
            assert!(browser.decrypt(&message[..index]).is_err(), "{index} bytes");
        }
        assert!(browser.decrypt(&[message, vec![0; MAX_MESSAGE]].concat()).is_err());
        assert!(Browser::new().decrypt(&example().1).is_err());
    }
}
