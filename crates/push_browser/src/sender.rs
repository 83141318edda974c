//! Who sent a message, proved by a token of theirs (VAPID, RFC 8292).

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::Value;

use crate::{Wrong, decoded};

/// Seconds for which a token may be valid at most (RFC 8292, section 2).
const LONGEST: i64 = 24 * 60 * 60;

/// A sender whose signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Their public key, as a subscription names it.
    pub key: String,
    /// Their token.
    pub token: String,
    /// What the token says.
    pub claims: Value,
}

impl Sender {
    /// Reads an `Authorization` header.
    ///
    /// # Errors
    /// When it is none of this kind, or is not signed with the key that it names.
    pub fn read(authorization: &str) -> Result<Self, Wrong> {
        let rest = authorization.strip_prefix("vapid t=").ok_or(Wrong("no token"))?;
        let (token, key) = rest.split_once(", k=").ok_or(Wrong("no key"))?;
        let claims = verified(token, key)?;
        Ok(Self { key: key.to_owned(), token: token.to_owned(), claims })
    }

    /// Whether the token is for this push service, and at this moment, in seconds since 1970.
    ///
    /// # Errors
    /// Why not.
    pub fn may_send(&self, audience: &str, now: i64) -> Result<(), Wrong> {
        if self.claims["aud"] != audience {
            return Err(Wrong("a token for another push service"));
        }
        match self.claims["exp"].as_i64() {
            Some(end) if end <= now => Err(Wrong("a token that is over")),
            Some(end) if end > now + LONGEST => Err(Wrong("a token that is valid for too long")),
            Some(_) => Ok(()),
            None => Err(Wrong("a token without end")),
        }
    }
}

fn verified(token: &str, key: &str) -> Result<Value, Wrong> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Wrong("a token without signature"))?;
    let (head, claims) = signed.split_once('.').ok_or(Wrong("a token without claims"))?;
    let json = |part: &str| {
        serde_json::from_slice::<Value>(&decoded(part)?).map_err(|_| Wrong("a token without JSON"))
    };
    let head = json(head)?;
    if (head["typ"].as_str(), head["alg"].as_str()) != (Some("JWT"), Some("ES256")) {
        return Err(Wrong("a token of another kind"));
    }
    let key = VerifyingKey::from_sec1_bytes(&decoded(key)?)
        .map_err(|_| Wrong("a key that is not on the curve"))?;
    let signature =
        Signature::from_slice(&decoded(signature)?).map_err(|_| Wrong("no signature"))?;
    key.verify(signed.as_bytes(), &signature)
        .map_err(|_| Wrong("a token that another key signed"))?;
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
    const END: i64 = 1_453_523_768;

    #[test]
    fn the_example_of_rfc_8292_is_who_it_says() {
        let sender = Sender::read(&format!("vapid t={TOKEN}, k={KEY}")).expect("reads");
        assert_eq!((sender.token.as_str(), sender.key.as_str()), (TOKEN, KEY));
        assert_eq!(sender.claims["sub"], "mailto:push@example.com");
        assert!(sender.may_send("https://push.example.net", END - 1).is_ok());
        assert_eq!(
            sender.may_send("https://push.example.net", END),
            Err(Wrong("a token that is over"))
        );
        assert_eq!(
            sender.may_send("https://push.example.net", END - LONGEST - 1),
            Err(Wrong("a token that is valid for too long"))
        );
        assert_eq!(
            sender.may_send("https://push.example.org", END - 1),
            Err(Wrong("a token for another push service"))
        );
    }

    #[test]
    fn anything_else_is_refused() {
        let other = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let changed = TOKEN.replacen("LCJleHAi", "LCJleHAj", 1);
        for wrong in [
            "",
            "Bearer x",
            "vapid t=",
            &format!("vapid t={TOKEN}"),
            &format!("vapid t={TOKEN}, k={other}"),
            &format!("vapid t={TOKEN}, k=AAAA"),
            &format!("vapid t={changed}, k={KEY}"),
            &format!("vapid t={}, k={KEY}", TOKEN.replace('.', "")),
        ] {
            assert!(Sender::read(wrong).is_err(), "{wrong}");
        }
    }
}
