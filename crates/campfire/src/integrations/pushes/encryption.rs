//! Message encryption for Web Push (RFC 8291) with encrypted content coding (RFC 8188).
//!
//! Each message has its own key pair and salt, so no key is ever used twice.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// Bytes that every push service must accept (RFC 8030, section 7.2).
const MAX_MESSAGE: usize = 4096;
/// Bytes of a point on the curve, uncompressed.
const POINT: usize = 65;
/// Salt, record size, length of the key id, and key id (the sender's public key).
const HEADER: usize = 16 + 4 + 1 + POINT;
/// What encryption adds to the text: the delimiter of the last record and the authentication tag.
const OVERHEAD: usize = 1 + 16;

/// The longest text that can be sent, in bytes.
pub const MAX_PLAINTEXT: usize = MAX_MESSAGE - HEADER - OVERHEAD;

/// The keys of a browser's subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    public: PublicKey,
    auth: [u8; 16],
}

impl Recipient {
    /// Parses `p256dh` (a point on the curve) and `auth` (16 bytes), in base64 of either alphabet, with
    /// or without padding.
    pub fn parse(p256dh: &str, auth: &str) -> Option<Self> {
        let point = decode_base64(p256dh).filter(|point| point.len() == POINT)?;
        Some(Self {
            public: PublicKey::from_sec1_bytes(&point).ok()?,
            auth: decode_base64(auth)?.try_into().ok()?,
        })
    }

    pub fn p256dh(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.public.to_encoded_point(false))
    }

    pub fn auth(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.auth)
    }

    /// Encrypts a text of at most [`MAX_PLAINTEXT`] bytes; `None` if it is longer.
    pub fn encrypt(&self, text: &[u8]) -> Option<Vec<u8>> {
        (text.len() <= MAX_PLAINTEXT)
            .then(|| self.encrypt_with(text, &random_key(), rand::random()))
            .flatten()
    }

    fn encrypt_with(&self, text: &[u8], sender: &SecretKey, salt: [u8; 16]) -> Option<Vec<u8>> {
        let shared =
            p256::ecdh::diffie_hellman(sender.to_nonzero_scalar(), self.public.as_affine());
        let (theirs, ours) =
            (self.public.to_encoded_point(false), sender.public_key().to_encoded_point(false));
        let info = [b"WebPush: info\0", theirs.as_bytes(), ours.as_bytes()].concat();
        let mut material = [0; 32];
        Hkdf::<Sha256>::new(Some(&self.auth), shared.raw_secret_bytes())
            .expand(&info, &mut material)
            .ok()?;
        encode(&material, salt, ours.as_bytes(), text)
    }
}

/// Decodes base64 of either alphabet, with or without padding.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(super) fn random_key() -> SecretKey {
    loop {
        // Zero and values beyond the order of the curve are invalid: one in four billion.
        if let Ok(key) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
            return key;
        }
    }
}

/// RFC 8188 with a single record.
fn encode(material: &[u8], salt: [u8; 16], key_id: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let keys = Hkdf::<Sha256>::new(Some(&salt), material);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key).ok()?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    // 2 marks the last record; no padding follows.
    let record = [text, &[2]].concat();
    let sealed =
        Aes128Gcm::new(&key.into()).encrypt(Nonce::from_slice(&nonce), record.as_slice()).ok()?;
    let size = u32::try_from(MAX_MESSAGE).ok()?.to_be_bytes();
    Some([&salt[..], &size, &[u8::try_from(key_id.len()).ok()?], key_id, &sealed].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use test_support::web_push::Browser;

    use super::*;

    fn decoded<const N: usize>(text: &str) -> [u8; N] {
        decode_base64(text).and_then(|bytes| bytes.try_into().ok()).expect("a vector")
    }

    #[test]
    fn rfc_8188_section_3_1() {
        let material: [u8; 16] = decoded("yqdlZ-tYemfogSmv7Ws5PQ");
        let encoded = encode(&material, decoded("I1BsxtFttlv3u_Oo94xnmw"), &[], b"I am the walrus")
            .expect("encodes");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(encoded),
            "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg"
        );
    }

    #[test]
    fn rfc_8291_appendix_a() {
        let recipient = Recipient::parse(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .expect("keys");
        let sender =
            SecretKey::from_slice(&decoded::<32>("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
                .expect("a key");
        let text = b"When I grow up, I want to be a watermelon";
        let message = recipient
            .encrypt_with(text, &sender, decoded("DGv6ra1nlYgDCS1FRnbzlw"))
            .expect("encrypts");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(message),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6\
             cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    fn browser() -> (Browser, Recipient) {
        let browser = Browser::new();
        let recipient = Recipient::parse(&browser.p256dh(), &browser.auth()).expect("keys");
        (browser, recipient)
    }

    #[test]
    fn the_longest_text_fills_a_message_and_a_longer_one_is_rejected() {
        let (browser, recipient) = browser();
        let text = vec![b'x'; MAX_PLAINTEXT];
        let message = recipient.encrypt(&text).expect("encrypts");
        assert_eq!(message.len(), MAX_MESSAGE);
        assert_eq!(browser.decrypt(&message).expect("reads"), text);
        assert_eq!(recipient.encrypt(&vec![b'x'; MAX_PLAINTEXT + 1]), None);
    }

    #[test]
    fn the_same_text_is_encrypted_differently_each_time() {
        let (_, recipient) = browser();
        assert_ne!(recipient.encrypt(b"hello"), recipient.encrypt(b"hello"));
    }

    #[test]
    fn invalid_keys_are_rejected() {
        let (_, recipient) = browser();
        let (p256dh, auth) = (recipient.p256dh(), recipient.auth());
        assert_eq!(Recipient::parse(&format!("{p256dh}="), &format!("{auth}==")), Some(recipient));
        let beyond_the_curve = URL_SAFE_NO_PAD.encode([&[4], &[7; 64][..]].concat());
        for wrong in ["", "AAAA", &p256dh[..40], "no base64!", &beyond_the_curve] {
            assert_eq!(Recipient::parse(wrong, &auth), None, "{wrong}");
        }
        for wrong in ["", "AAAA", &p256dh] {
            assert_eq!(Recipient::parse(&p256dh, wrong), None, "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_browser_decrypts_every_text(text in proptest::collection::vec(any::<u8>(), 0..MAX_PLAINTEXT)) {
            let (browser, recipient) = browser();
            let message = recipient.encrypt(&text).expect("encrypts");
            prop_assert!(message.len() <= MAX_MESSAGE);
            prop_assert_eq!(browser.decrypt(&message).expect("reads"), text);
        }

        #[test]
        fn parsing_keys_never_panics(p256dh in ".{0,100}", auth in ".{0,30}") {
            Recipient::parse(&p256dh, &auth);
        }
    }
}
