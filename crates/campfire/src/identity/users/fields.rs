//! Validated fields of a user. A value of these types is always valid; `parse` returns what the
//! person should change.

use crate::http::problem::Errors;

/// Characters; as many as a line can show.
const MAX_NAME: usize = 100;
/// Characters.
const MAX_BIO: usize = 2_000;
/// Characters; RFC 5321 § 4.5.3.1 allows no longer address in transit.
const MAX_EMAIL: usize = 254;
/// Characters.
const MIN_PASSWORD: usize = 8;
/// Bytes; bcrypt would silently ignore the rest.
const MAX_PASSWORD: usize = 72;

/// A name of 1 to 100 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter a name.".into());
        }
        if text.chars().count() > MAX_NAME {
            return Err(format!("Use a name of at most {MAX_NAME} characters."));
        }
        if text.chars().any(char::is_control) {
            return Err("The name contains characters that can't be displayed.".into());
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text of at most 2,000 characters. May be empty or have several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bio(String);

impl Bio {
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().replace("\r\n", "\n");
        if text.chars().count() > MAX_BIO {
            return Err(format!("Use at most {MAX_BIO} characters."));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err("The text contains characters that can't be displayed.".into());
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A trimmed email address. The database compares it without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Requires text on both sides of one `@`. Whether the address exists is not checked.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let shaped = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@')
        });
        if !shaped || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("Enter an email address such as name@example.com.".into());
        }
        if text.chars().count() > MAX_EMAIL {
            return Err(format!("Use an email address of at most {MAX_EMAIL} characters."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The address in its original spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password for a new account: at least 8 characters, at most 72 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() < MIN_PASSWORD {
            return Err(format!("Use a password of at least {MIN_PASSWORD} characters."));
        }
        if text.len() > MAX_PASSWORD {
            return Err(format!("Use a password of at most {MAX_PASSWORD} bytes."));
        }
        if text.contains('\0') {
            return Err("The password contains a character that can't be used.".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The plain password. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The validated sign-up form.
#[derive(Clone)]
pub struct NewUser {
    pub name: Name,
    pub email_address: EmailAddress,
    pub password: NewPassword,
}

impl NewUser {
    /// Validates all fields and reports all errors at once.
    pub fn parse(name: &str, email_address: &str, password: &str) -> Result<Self, Errors> {
        let mut errors = Errors::new();
        let name = validate(&mut errors, "name", Name::parse(name));
        let email_address =
            validate(&mut errors, "email_address", EmailAddress::parse(email_address));
        let password = validate(&mut errors, "password", NewPassword::parse(password));
        match (name, email_address, password) {
            (Some(name), Some(email_address), Some(password)) => {
                Ok(Self { name, email_address, password })
            }
            _ => Err(errors),
        }
    }
}

/// The valid value, or `None` after adding the message to the errors of the field.
pub fn validate<T>(errors: &mut Errors, field: &str, result: Result<T, String>) -> Option<T> {
    result.map_err(|message| errors.entry(field.to_owned()).or_default().push(message)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_reported_at_once() {
        let errors = NewUser::parse("  ", "ada", "short").err().expect("all wrong");
        assert_eq!(
            errors.keys().map(String::as_str).collect::<Vec<_>>(),
            ["email_address", "name", "password"]
        );
    }

    #[test]
    fn names_are_trimmed_and_allow_any_script() {
        assert_eq!(Name::parse(" 日本 ").expect("a name").as_str(), "日本");
        assert!(Name::parse("a\u{0}b").is_err());
        assert!(Name::parse(&"é".repeat(100)).is_ok());
        assert!(Name::parse(&"é".repeat(101)).is_err());
    }

    #[test]
    fn a_bio_allows_line_breaks_but_no_other_control_characters() {
        assert_eq!(Bio::parse(" one\r\ntwo ").expect("a bio").as_str(), "one\ntwo");
        assert!(Bio::parse("a\u{7}").is_err());
        assert!(Bio::parse(&"é".repeat(2_000)).is_ok());
        assert!(Bio::parse(&"é".repeat(2_001)).is_err());
    }

    #[test]
    fn passwords_longer_than_the_bcrypt_limit_are_rejected() {
        assert!(NewPassword::parse(&"a".repeat(72)).is_ok());
        assert!(NewPassword::parse(&"a".repeat(73)).is_err());
        assert!(NewPassword::parse(&"é".repeat(37)).is_err());
    }

    #[test]
    fn email_addresses_need_text_on_both_sides_of_the_at_sign() {
        assert_eq!(
            EmailAddress::parse(" Ada@Example.com ").expect("an address").as_str(),
            "Ada@Example.com"
        );
        for wrong in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\nc"] {
            assert!(EmailAddress::parse(wrong).is_err(), "{wrong}");
        }
    }
}
