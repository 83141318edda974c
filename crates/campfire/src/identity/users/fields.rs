//! What a person types about themselves, checked: a value of these types cannot be wrong.

use crate::http::problem::Errors;

/// Characters in a name, as many as a line can show.
const MAX_NAME: usize = 100;
/// Characters of a few words about oneself.
const MAX_BIO: usize = 2_000;
/// Characters in an address (RFC 5321 § 4.5.3.1 allows no more on the way).
const MAX_EMAIL: usize = 254;
/// Characters that a new password has at least.
const MIN_PASSWORD: usize = 8;
/// Bytes of a password that bcrypt looks at; a longer one would be cut in silence.
const MAX_PASSWORD: usize = 72;

/// A name of 1 to 100 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks a name.
    ///
    /// # Errors
    /// What the person should change.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter a name.".into());
        }
        if text.chars().count() > MAX_NAME {
            return Err(format!("The name is too long: at most {MAX_NAME} characters."));
        }
        if text.chars().any(char::is_control) {
            return Err("The name contains characters that cannot be shown.".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A few words about oneself, at most 2,000 characters; they may have several lines, and there may
/// be none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bio(String);

impl Bio {
    /// Checks the words.
    ///
    /// # Errors
    /// What the person should change.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().replace("\r\n", "\n");
        if text.chars().count() > MAX_BIO {
            return Err(format!("The text is too long: at most {MAX_BIO} characters."));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err("The text contains characters that cannot be shown.".into());
        }
        Ok(Self(text))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, trimmed; compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Checks an address: something, an @, something; whether it exists only its owner knows.
    ///
    /// # Errors
    /// What the person should change.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let shaped = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@')
        });
        if !shaped || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("Enter an e-mail address such as name@example.com.".into());
        }
        if text.chars().count() > MAX_EMAIL {
            return Err(format!("The e-mail address is too long: at most {MAX_EMAIL} characters."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The address as it was spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password for a new account: at least 8 characters, at most 72 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// Checks a password.
    ///
    /// # Errors
    /// What the person should change.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() < MIN_PASSWORD {
            return Err(format!("The password is too short: at least {MIN_PASSWORD} characters."));
        }
        if text.len() > MAX_PASSWORD {
            return Err(format!("The password is too long: at most {MAX_PASSWORD} bytes."));
        }
        if text.contains('\0') {
            return Err("The password contains a character that cannot be used.".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The password itself; do not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Who wants to come in, checked.
#[derive(Clone)]
pub struct NewUser {
    /// The name to be shown.
    pub name: Name,
    /// The address to sign in with.
    pub email_address: EmailAddress,
    /// The password to sign in with.
    pub password: NewPassword,
}

impl NewUser {
    /// Checks all three and says everything that is wrong at once.
    ///
    /// # Errors
    /// The rejected fields.
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

/// The checked value, or nothing after noting what is wrong with the field.
pub fn validate<T>(errors: &mut Errors, field: &str, checked: Result<T, String>) -> Option<T> {
    checked.map_err(|message| errors.entry(field.to_owned()).or_default().push(message)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let errors = NewUser::parse("  ", "ada", "short").err().expect("all wrong");
        assert_eq!(
            errors.keys().map(String::as_str).collect::<Vec<_>>(),
            ["email_address", "name", "password"]
        );
    }

    #[test]
    fn names_are_trimmed_and_may_be_in_any_script() {
        assert_eq!(Name::parse(" 日本 ").expect("a name").as_str(), "日本");
        assert!(Name::parse("a\u{0}b").is_err());
        assert!(Name::parse(&"é".repeat(100)).is_ok());
        assert!(Name::parse(&"é".repeat(101)).is_err());
    }

    #[test]
    fn a_bio_has_lines_but_no_other_control_characters() {
        assert_eq!(Bio::parse(" one\r\ntwo ").expect("a bio").as_str(), "one\ntwo");
        assert!(Bio::parse("a\u{7}").is_err());
        assert!(Bio::parse(&"é".repeat(2_000)).is_ok());
        assert!(Bio::parse(&"é".repeat(2_001)).is_err());
    }

    #[test]
    fn a_password_longer_than_bcrypt_reads_is_refused() {
        assert!(NewPassword::parse(&"a".repeat(72)).is_ok());
        assert!(NewPassword::parse(&"a".repeat(73)).is_err());
        assert!(NewPassword::parse(&"é".repeat(37)).is_err());
    }

    #[test]
    fn addresses_have_two_sides() {
        assert_eq!(
            EmailAddress::parse(" Ada@Example.com ").expect("an address").as_str(),
            "Ada@Example.com"
        );
        for wrong in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\nc"] {
            assert!(EmailAddress::parse(wrong).is_err(), "{wrong}");
        }
    }
}
