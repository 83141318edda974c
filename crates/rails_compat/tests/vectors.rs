//! Test vectors produced by Rails; values that differ from them in any way are rejected.

use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use rails_compat::{
    Secret, percent_decode_cookie, percent_encode_cookie, read_unverified_user_gid,
};

const BASE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const TOKEN: &str = "AxJs94fteQ5Autv2VrKsH68c";
const COOKIE: &str = "eyJfcmFpbHMiOnsibWVzc2FnZSI6IklrRjRTbk01TkdaMFpWRTFRWFYwZGpKV2NrdHpTRFk0WXlJPSIsImV4cCI6IjIwNDYtMDEtMzFUMDk6MzA6MDAuMDAwWiIsInB1ciI6ImNvb2tpZS5zZXNzaW9uX3Rva2VuIn19--b3b76a831eeedd96ae6305cbc7ae81d9b075c421";
const AVATAR: &str = "eyJfcmFpbHMiOnsiZGF0YSI6MSwicHVyIjoidXNlci9hdmF0YXIifX0--135fa084cce0ec78e1a8d00abe9737ed982bfe63fc7fa9f2b0d636b05b550483";
const TRANSFER: &str = "eyJfcmFpbHMiOnsiZGF0YSI6MSwiZXhwIjoiMjAyNi0wMS0zMVQwOTozMDowMC4wMDBaIiwicHVyIjoidXNlci90cmFuc2ZlciJ9fQ--a2214eb62bf72836da9866ae28be183de18e792e269fc4b7c5fa383ed59aabba";
const MENTION: &str = "eyJfcmFpbHMiOnsiZGF0YSI6ImdpZDovL2NhbXBmaXJlL1VzZXIvMSIsInB1ciI6ImF0dGFjaGFibGUifX0=--5264facc274ad08097a82d0e6c5be748590ce121";

/// Deriving the keys is slow, so the tests share one secret.
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new(BASE).expect("long enough"));

fn secret() -> &'static Secret {
    &SECRET
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

#[test]
fn session_cookies_match_rails() {
    let expires = at("2046-01-31T09:30:00Z");
    assert_eq!(secret().sign_cookie("session_token", TOKEN, expires), COOKIE);
    let read = |name: &str, now: &str| secret().verify_cookie(name, COOKIE, at(now));
    assert_eq!(read("session_token", "2026-01-01T00:00:00Z").as_deref(), Some(TOKEN));
    assert_eq!(read("session_token", "2046-01-31T09:30:00Z"), None, "expired");
    assert_eq!(read("last_room", "2026-01-01T00:00:00Z"), None, "another cookie's name");
}

#[test]
fn signed_ids_match_rails() {
    let (before, after) = (at("2026-01-31T09:29:59Z"), at("2026-01-31T09:30:01Z"));
    assert_eq!(secret().sign_id("user", "avatar", 1, None), AVATAR);
    assert_eq!(secret().sign_id("user", "transfer", 1, Some(at("2026-01-31T09:30:00Z"))), TRANSFER);
    assert_eq!(secret().verify_id("user", "avatar", AVATAR, after), Some(1));
    assert_eq!(secret().verify_id("user", "transfer", TRANSFER, before), Some(1));
    assert_eq!(secret().verify_id("user", "transfer", TRANSFER, after), None, "expired");
    assert_eq!(secret().verify_id("user", "transfer", AVATAR, before), None, "another purpose");
}

#[test]
fn signed_global_ids_match_rails() {
    assert_eq!(secret().sign_global_id("User", "attachable", 1), MENTION);
    assert_eq!(secret().verify_global_id("User", "attachable", MENTION), Some(1));
    assert_eq!(secret().verify_global_id("Room", "attachable", MENTION), None);
    let other = Secret::new(&"x".repeat(64)).expect("long enough");
    assert_eq!(other.verify_global_id("User", "attachable", MENTION), None);
    assert_eq!(read_unverified_user_gid(MENTION), Some(1), "the signature is not verified");
}

#[test]
fn mentions_of_rails_7_are_read() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let inner = encode(r#""gid://campfire/User/42?expires_in""#);
    let sgid =
        encode(&format!(r#"{{"_rails":{{"message":"{inner}","exp":null,"pur":"attachable"}}}}"#))
            + "--00";
    assert_eq!(read_unverified_user_gid(&sgid), Some(42));
}

#[test]
fn datetimes_are_parsed_with_any_precision_and_formatted_with_six_digits() {
    for (text, written) in [
        ("2025-12-01 10:11:45.123456", "2025-12-01 10:11:45.123456"),
        ("2025-12-01 10:11:45.123", "2025-12-01 10:11:45.123000"),
        ("2025-12-01 10:11:45", "2025-12-01 10:11:45.000000"),
    ] {
        assert_eq!(
            rails_compat::time::format(rails_compat::time::parse(text).expect(text)),
            written
        );
    }
    for wrong in [
        "",
        "2025-12-01",
        "2025-12-01T10:11:45",
        "2025-13-01 10:11:45",
        "2025-12-01 10:11:45.1234567890",
        "é025-12-01 10:11:45",
    ] {
        assert_eq!(rails_compat::time::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn short_secrets_are_rejected_and_debug_reveals_nothing() {
    assert!(Secret::new("short").is_err());
    assert_eq!(format!("{:?}", secret()), "Secret(…)");
    assert_eq!(rails_compat::generate_secret_key_base().len(), 128);
}

proptest! {
    #[test]
    fn signed_values_are_verified(value in "\\PC{0,40}", id in any::<i64>()) {
        let (secret, expires) = (secret(), at("2046-01-31T09:30:00Z"));
        let cookie = percent_encode_cookie(&secret.sign_cookie("session_token", &value, expires));
        let decoded = percent_decode_cookie(&cookie).expect("valid encoding");
        prop_assert_eq!(secret.verify_cookie("session_token", &decoded, at("2026-01-01T00:00:00Z")), Some(value));
        let signed = secret.sign_id("user", "avatar", id, None);
        prop_assert_eq!(secret.verify_id("user", "avatar", &signed, expires), Some(id));
    }

    #[test]
    fn a_changed_character_is_rejected(place in 0..COOKIE.len(), with in "[A-Za-z0-9+/=_-]") {
        let mut changed = COOKIE.to_owned();
        changed.replace_range(place..=place, &with);
        prop_assume!(changed != COOKIE);
        prop_assert_eq!(secret().verify_cookie("session_token", &changed, at("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn a_truncated_value_is_rejected(end in 0..COOKIE.len()) {
        prop_assert_eq!(secret().verify_cookie("session_token", &COOKIE[..end], at("2026-01-01T00:00:00Z")), None);
        prop_assert_eq!(secret().verify_id("user", "avatar", &AVATAR[..end.min(AVATAR.len() - 1)], Timestamp::MIN), None);
    }

    #[test]
    fn arbitrary_text_is_rejected(garbage in "\\PC{0,200}") {
        let secret = secret();
        prop_assert_eq!(secret.verify_cookie("session_token", &garbage, Timestamp::MIN), None);
        prop_assert_eq!(secret.verify_id("user", "avatar", &garbage, Timestamp::MIN), None);
        prop_assert_eq!(secret.verify_global_id("User", "attachable", &garbage), None);
        let _ = (read_unverified_user_gid(&garbage), percent_decode_cookie(&garbage), rails_compat::time::parse(&garbage));
    }
}
