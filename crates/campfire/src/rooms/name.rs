//! Room names.

/// Maximum characters in a room name.
const MAX_NAME: usize = 100;

/// A valid name: 1 to 100 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomName(String);

impl RoomName {
    /// Validates a name. The error is a message for the user.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Give the room a name.".into());
        }
        if text.chars().count() > MAX_NAME {
            return Err(format!("The name is too long: at most {MAX_NAME} characters."));
        }
        if text.chars().any(char::is_control) {
            return Err("The name contains characters that can't be shown.".into());
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_visible_line() {
        assert_eq!(RoomName::parse(" Küche 🍳 ").expect("a name").as_str(), "Küche 🍳");
        for wrong in ["", "  ", "a\nb", "a\u{0}"] {
            assert!(RoomName::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(RoomName::parse(&"é".repeat(100)).is_ok());
        assert!(RoomName::parse(&"é".repeat(101)).is_err());
    }
}
