//! Voluntary application server identification (VAPID, RFC 8292): a signed token proves who sent a
//! message.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::Value;

use super::{Invalid, decode_base64};

/// The longest validity of a token in seconds (RFC 8292, section 2).
const MAX_VALIDITY: i64 = 24 * 60 * 60;

/// A sender whose signature is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The public key in the form of a subscription's `applicationServerKey`.
    pub key: String,
    /// The JSON Web Token.
    pub token: String,
    /// The token's claims.
    pub claims: Value,
}

impl Sender {
    /// Parses and verifies an `Authorization` header.
    ///
    /// # Errors
    /// The header has another scheme, or the token is not signed with the key beside it.
    pub fn verify(authorization: &str) -> Result<Self, Invalid> {
        let rest = authorization.strip_prefix("vapid t=").ok_or(Invalid("no token"))?;
        let (token, key) = rest.split_once(", k=").ok_or(Invalid("no key"))?;
        let claims = verified_claims(token, key)?;
        Ok(Self { key: key.to_owned(), token: token.to_owned(), claims })
    }

    /// Checks that the token is meant for this push service and is valid at `now`, in seconds since
    /// 1970.
    ///
    /// # Errors
    /// The token is for another push service, has expired, is valid for too long or never expires.
    pub fn authorize(&self, audience: &str, now: i64) -> Result<(), Invalid> {
        if self.claims["aud"] != audience {
            return Err(Invalid("the token is for another push service"));
        }
        match self.claims["exp"].as_i64() {
            Some(end) if end <= now => Err(Invalid("the token has expired")),
            Some(end) if end > now + MAX_VALIDITY => {
                Err(Invalid("the token is valid for too long"))
            }
            Some(_) => Ok(()),
            None => Err(Invalid("the token never expires")),
        }
    }
}

fn verified_claims(token: &str, key: &str) -> Result<Value, Invalid> {
    let (signed, signature) =
        token.rsplit_once('.').ok_or(Invalid("the token has no signature"))?;
    let (head, claims) = signed.split_once('.').ok_or(Invalid("the token has no claims"))?;
    let json = |part: &str| {
        serde_json::from_slice::<Value>(&decode_base64(part)?)
            .map_err(|_| Invalid("the token is not JSON"))
    };
    let head = json(head)?;
    if (head["typ"].as_str(), head["alg"].as_str()) != (Some("JWT"), Some("ES256")) {
        return Err(Invalid("the token is not an ES256 JWT"));
    }
    let key = VerifyingKey::from_sec1_bytes(&decode_base64(key)?)
        .map_err(|_| Invalid("the key is not on the curve"))?;
    let signature = Signature::from_slice(&decode_base64(signature)?)
        .map_err(|_| Invalid("the signature is malformed"))?;
    key.verify(signed.as_bytes(), &signature)
        .map_err(|_| Invalid("the token is signed with another key"))?;
    json(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8292, section 2.4.
    const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6\
        Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA";
    const KEY: &str =
        "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
    const EXPIRY: i64 = 1_453_523_768;

    #[test]
    fn accepts_the_example_of_rfc_8292() {
        let sender = Sender::verify(&format!("vapid t={TOKEN}, k={KEY}")).expect("a valid token");
        assert_eq!((sender.token.as_str(), sender.key.as_str()), (TOKEN, KEY));
        assert_eq!(sender.claims["sub"], "mailto:push@example.com");
        assert!(sender.authorize("https://push.example.net", EXPIRY - 1).is_ok());
        assert_eq!(
            sender.authorize("https://push.example.net", EXPIRY),
            Err(Invalid("the token has expired"))
        );
        assert_eq!(
            sender.authorize("https://push.example.net", EXPIRY - MAX_VALIDITY - 1),
            Err(Invalid("the token is valid for too long"))
        );
        assert_eq!(
            sender.authorize("https://push.example.org", EXPIRY - 1),
            Err(Invalid("the token is for another push service"))
        );
    }

    #[test]
    fn rejects_malformed_and_forged_tokens() {
        let other = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let changed = TOKEN.replacen("LCJleHAi", "LCJleHAj", 1);
        for invalid in [
            "",
            "Bearer x",
            "vapid t=",
            &format!("vapid t={TOKEN}"),
            &format!("vapid t={TOKEN}, k={other}"),
            &format!("vapid t={TOKEN}, k=AAAA"),
            &format!("vapid t={changed}, k={KEY}"),
            &format!("vapid t={}, k={KEY}", TOKEN.replace('.', "")),
        ] {
            assert!(Sender::verify(invalid).is_err(), "{invalid}");
        }
    }
}
