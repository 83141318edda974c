//! Identifies this server to push services (VAPID, RFC 8292).

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use parking_lot::Mutex;
use serde::Serialize;

use super::encryption::{decode_base64, random_key};
use crate::core::clock::Time;
use crate::core::config::ConfigError;

/// Seconds for which a token is valid, as in Campfire; push services accept at most a day.
const LIFETIME: i64 = 12 * 60 * 60;
/// A token is replaced this many seconds before it expires, because clocks differ.
const MARGIN: i64 = 60 * 60;
/// Push services whose tokens are cached; there are a handful in the world.
const MAX_TOKENS: usize = 256;

/// The key pair of this server. Its `Debug` output shows the public key only.
#[derive(Clone)]
pub struct Keys {
    secret: SecretKey,
    public: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({}, …)", self.public)
    }
}

impl Keys {
    pub fn generate() -> Self {
        Self::new(random_key())
    }

    /// Parses a private key, 32 bytes in URL-safe base64 with or without padding.
    pub fn parse(private: &str) -> Option<Self> {
        let scalar = decode_base64(private).filter(|scalar| scalar.len() == 32)?;
        SecretKey::from_slice(&scalar).ok().map(Self::new)
    }

    fn new(secret: SecretKey) -> Self {
        let public = URL_SAFE_NO_PAD.encode(secret.public_key().to_encoded_point(false));
        Self { secret, public }
    }

    /// Whether this is the public key, with or without padding.
    pub fn match_public_key(&self, public: &str) -> bool {
        decode_base64(public) == decode_base64(&self.public)
    }

    /// The private key in URL-safe base64.
    pub fn private(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.to_bytes())
    }

    fn token(&self, audience: &str, subject: Option<&str>, expires: i64) -> String {
        let input = signing_input(&Claims { aud: audience, exp: expires, sub: subject });
        let signature: Signature = SigningKey::from(&self.secret).sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

/// The key pair from the settings; `None` if neither key is set.
///
/// # Errors
/// The setting that is missing or invalid.
pub fn configured_keys(
    public: Option<&str>,
    private: Option<&str>,
) -> Result<Option<Keys>, ConfigError> {
    const PUBLIC: &str =
        "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
    const PRIVATE: &str = "$(the private part that was made with VAPID_PUBLIC_KEY)";
    let wrong = |name, problem: &str, example| {
        Err(ConfigError { name, problem: problem.to_owned(), example })
    };
    let set = |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(str::to_owned);
    match (set(public), set(private)) {
        (None, None) => Ok(None),
        (Some(_), None) => {
            wrong("VAPID_PRIVATE_KEY", "must be set together with VAPID_PUBLIC_KEY", PRIVATE)
        }
        (None, Some(_)) => {
            wrong("VAPID_PUBLIC_KEY", "must be set together with VAPID_PRIVATE_KEY", PUBLIC)
        }
        (Some(public), Some(private)) => {
            let Some(keys) = Keys::parse(&private) else {
                return wrong(
                    "VAPID_PRIVATE_KEY",
                    "must be a private key: 32 bytes in URL-safe base64",
                    PRIVATE,
                );
            };
            if !keys.match_public_key(&public) {
                return wrong(
                    "VAPID_PUBLIC_KEY",
                    "must be the public key of VAPID_PRIVATE_KEY",
                    PUBLIC,
                );
            }
            Ok(Some(keys))
        }
    }
}

/// In the order of the RFC's example.
#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

fn signing_input(claims: &Claims<'_>) -> String {
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

/// The key pair, and valid tokens by audience.
pub struct Vapid {
    keys: Keys,
    tokens: Mutex<HashMap<String, Token>>,
}

struct Token {
    text: String,
    expires: i64,
}

impl Vapid {
    pub fn new(keys: Keys) -> Self {
        Self { keys, tokens: Mutex::default() }
    }

    /// The key that browsers subscribe with, in URL-safe base64.
    pub fn public_key(&self) -> &str {
        &self.keys.public
    }

    /// The `Authorization` header for the push service with the origin `audience`. Calls `subject`
    /// only for a new token, and returns its errors.
    pub fn authorization<E>(
        &self,
        audience: &str,
        subject: impl FnOnce() -> Result<Option<String>, E>,
        now: Time,
    ) -> Result<String, E> {
        let now = now.timestamp().as_second();
        let header = |token: &str| format!("vapid t={token}, k={}", self.keys.public);
        if let Some(token) =
            self.tokens.lock().get(audience).filter(|token| token.expires - now > MARGIN)
        {
            return Ok(header(&token.text));
        }
        let subject = subject()?;
        let expires = now + LIFETIME;
        let text = self.keys.token(audience, subject.as_deref(), expires);
        let value = header(&text);
        let mut tokens = self.tokens.lock();
        if tokens.len() >= MAX_TOKENS {
            tokens.clear();
        }
        tokens.insert(audience.to_owned(), Token { text, expires });
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use p256::PublicKey;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    use super::*;

    const PUBLIC: &str =
        "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
    const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6\
        Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA";

    fn is_signed(token: &str, public: &str) -> bool {
        let (input, signature) = token.rsplit_once('.').expect("three parts");
        let public =
            PublicKey::from_sec1_bytes(&decode_base64(public).expect("base64")).expect("a point");
        let signature =
            Signature::from_slice(&decode_base64(signature).expect("base64")).expect("a signature");
        VerifyingKey::from(public).verify(input.as_bytes(), &signature).is_ok()
    }

    #[test]
    fn rfc_8292_section_2_4() {
        let claims = Claims {
            aud: "https://push.example.net",
            exp: 1_453_523_768,
            sub: Some("mailto:push@example.com"),
        };
        assert_eq!(signing_input(&claims), TOKEN.rsplit_once('.').expect("three parts").0);
        assert!(is_signed(TOKEN, PUBLIC));
        let keys = Keys::generate();
        let ours = keys.token(claims.aud, claims.sub, claims.exp);
        assert!(is_signed(&ours, &keys.public));
        assert!(!is_signed(&ours, PUBLIC));
    }

    #[test]
    fn padding_is_optional_and_a_different_public_key_is_detected() {
        let keys = Keys::generate();
        let again = Keys::parse(&format!("{}=\n", keys.private())).expect("the same key");
        assert!(
            again.match_public_key(&keys.public)
                && again.match_public_key(&format!("{}=", keys.public))
        );
        assert!(
            !again.match_public_key(PUBLIC)
                && !again.match_public_key("")
                && !again.match_public_key("nonsense")
        );
        for wrong in [
            "",
            "AAAA",
            &URL_SAFE_NO_PAD.encode([0; 32]),
            &URL_SAFE_NO_PAD.encode([255; 32]),
            &keys.public,
        ] {
            assert!(Keys::parse(wrong).is_none(), "{wrong}");
        }
        assert!(!format!("{keys:?}").contains(&keys.private()));
    }

    #[test]
    fn a_token_is_reused_until_shortly_before_it_expires() {
        let at = |second| Time::from(jiff::Timestamp::from_second(second).expect("in range"));
        let vapid = Vapid::new(Keys::generate());
        let asked = std::cell::Cell::new(0);
        let ask = |audience: &str, second| {
            let subject = || {
                asked.set(asked.get() + 1);
                Ok::<_, ()>(None)
            };
            vapid.authorization(audience, subject, at(second)).expect("a header")
        };
        let first = ask("https://a", 0);
        assert_eq!(ask("https://a", LIFETIME - MARGIN - 1), first);
        assert_eq!(asked.get(), 1);
        assert_ne!(ask("https://b", 0), first);
        assert_ne!(ask("https://a", LIFETIME - MARGIN), first);
        assert_eq!(asked.get(), 3);
    }

    #[test]
    fn configured_keys_must_be_a_pair() {
        const OURS: &str = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
        const PRIVATE: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
        let check = |public: &str, private: &str| configured_keys(Some(public), Some(private));
        assert!(check("", "").expect("none").is_none());
        assert!(check(OURS, PRIVATE).expect("a pair").is_some());
        assert!(check(&format!("{OURS}="), &format!("{PRIVATE}=")).expect("padded").is_some());
        let name = |public: &str, private: &str| check(public, private).expect_err("no pair").name;
        assert_eq!(name(OURS, ""), "VAPID_PRIVATE_KEY");
        assert_eq!(name("", PRIVATE), "VAPID_PUBLIC_KEY");
        assert_eq!(name(OURS, "nonsense"), "VAPID_PRIVATE_KEY");
        let foreign = check(PUBLIC, PRIVATE);
        let problem = foreign.expect_err("another pair's").to_string();
        assert!(
            problem.starts_with("VAPID_PUBLIC_KEY")
                && !problem.contains('\n')
                && !problem.contains(PRIVATE),
            "{problem}"
        );
    }
}
