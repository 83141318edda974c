//! A browser's keys, and reading what is encrypted for them (RFC 8291 over RFC 8188).

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

use crate::Wrong;

/// Bytes of a message that a push service need not take more of (RFC 8030, section 7.2).
const MAX_MESSAGE: usize = 4096;
/// Bytes of a point on the curve, uncompressed.
const POINT: usize = 65;
/// Bytes of the tag behind a sealed text.
const TAG: usize = 16;

/// A browser that somebody may send to.
pub struct Browser {
    private: SecretKey,
    auth: [u8; 16],
}

impl Browser {
    /// With keys of its own.
    pub fn new() -> Self {
        loop {
            // Only zero and numbers beyond the curve's order are refused: one of four billion.
            if let Ok(private) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
                return Self { private, auth: rand::random() };
            }
        }
    }

    /// The public key, as a subscription has it.
    pub fn p256dh(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.private.public_key().to_encoded_point(false))
    }

    /// The shared secret, as a subscription has it.
    pub fn auth(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.auth)
    }

    /// The text of a message.
    ///
    /// # Errors
    /// When it is not for this browser, was changed, or is not of the one form that Web Push
    /// allows.
    pub fn read(&self, message: &[u8]) -> Result<Vec<u8>, Wrong> {
        if message.len() > MAX_MESSAGE {
            return Err(Wrong("longer than what a push service must take"));
        }
        let (salt, rest) = message.split_first_chunk::<16>().ok_or(Wrong("no salt"))?;
        let (size, rest) = rest.split_first_chunk::<4>().ok_or(Wrong("no record size"))?;
        let (length, rest) = rest.split_first().ok_or(Wrong("no key id"))?;
        if usize::from(*length) != POINT {
            return Err(Wrong("the key id is not the sender's public key"));
        }
        let (sender, sealed) = rest.split_at_checked(POINT).ok_or(Wrong("no sender's key"))?;
        let size = u32::from_be_bytes(*size) as usize;
        if sealed.len() <= TAG || size < sealed.len() {
            return Err(Wrong("not one record"));
        }
        let padded = self.open(salt, sender, sealed)?;
        let end = padded.iter().rposition(|byte| *byte != 0).ok_or(Wrong("no delimiter"))?;
        if padded[end] != 2 {
            return Err(Wrong("not the last record"));
        }
        Ok(padded[..end].to_vec())
    }

    fn open(&self, salt: &[u8], sender: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Wrong> {
        let public = self.private.public_key().to_encoded_point(false);
        let theirs = PublicKey::from_sec1_bytes(sender)
            .map_err(|_| Wrong("the sender's key is not on the curve"))?;
        let shared =
            p256::ecdh::diffie_hellman(self.private.to_nonzero_scalar(), theirs.as_affine());
        let info = [b"WebPush: info\0".as_slice(), public.as_bytes(), sender].concat();
        let material: [u8; 32] = expand(&self.auth, shared.raw_secret_bytes(), &info)?;
        let key: [u8; 16] = expand(salt, &material, b"Content-Encoding: aes128gcm\0")?;
        let nonce: [u8; 12] = expand(salt, &material, b"Content-Encoding: nonce\0")?;
        let opened = Aes128Gcm::new(&key.into()).decrypt(Nonce::from_slice(&nonce), sealed);
        opened.map_err(|_| Wrong("it is for another browser, or was changed"))
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

fn expand<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> Result<[u8; N], Wrong> {
    let mut out = [0; N];
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(info, &mut out)
        .map_err(|_| Wrong("too much key material"))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decoded;

    /// The example of RFC 8291, section 5.
    const MESSAGE: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_\
        yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    fn example() -> (Browser, Vec<u8>) {
        let private = decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94").expect("base64");
        let auth = decoded("BTBZMqHH6r4Tts7J_aSIgg").expect("base64").try_into().expect("16 bytes");
        (
            Browser { private: SecretKey::from_slice(&private).expect("a key"), auth },
            decoded(MESSAGE).expect("base64"),
        )
    }

    #[test]
    fn the_example_of_rfc_8291_is_read() {
        let (browser, message) = example();
        assert_eq!(
            browser.p256dh(),
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        );
        assert_eq!(
            browser.read(&message).expect("reads"),
            b"When I grow up, I want to be a watermelon"
        );
    }

    #[test]
    fn nothing_else_is() {
        let (browser, message) = example();
        for place in 0..message.len() {
            let mut changed = message.clone();
            changed[place] ^= 1;
            // The record size may be larger than the record.
            assert_eq!(browser.read(&changed).is_ok(), (16..20).contains(&place), "byte {place}");
            assert!(browser.read(&message[..place]).is_err(), "{place} bytes");
        }
        assert!(browser.read(&[message, vec![0; MAX_MESSAGE]].concat()).is_err());
        assert!(Browser::new().read(&example().1).is_err());
    }
}
