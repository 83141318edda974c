//! Who is notified of a message: those it mentions, and the author of the message it replies to.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::ids::UserId;

/// Why a user is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The message mentions them.
    Mention,
    /// The message replies to one of theirs.
    Reply,
}

impl Reason {
    pub fn to_stored(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Reply => "reply",
        }
    }

    pub fn from_stored(value: &str) -> Self {
        if value == "reply" { Self::Reply } else { Self::Mention }
    }
}

/// A notification of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    pub user: UserId,
    /// [`Reason::Mention`] for a user who is both mentioned and replied to.
    pub reason: Reason,
}

/// The recipients of a message. Each is notified once; authors are never notified of their own
/// messages.
pub fn recipients(
    author: UserId,
    mentioned: &[UserId],
    replied_to: Option<UserId>,
) -> Vec<Notification> {
    let mentions =
        mentioned.iter().map(|user| Notification { user: *user, reason: Reason::Mention });
    let reply = replied_to
        .filter(|user| !mentioned.contains(user))
        .map(|user| Notification { user, reason: Reason::Reply });
    mentions.chain(reply).filter(|notification| notification.user != author).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_notified_once_and_never_of_their_own_messages() {
        let (ada, grace, alan) = (UserId(1), UserId(2), UserId(3));
        assert_eq!(recipients(ada, &[], None), []);
        assert_eq!(recipients(ada, &[ada], Some(ada)), []);
        let expected = [
            Notification { user: grace, reason: Reason::Mention },
            Notification { user: alan, reason: Reason::Reply },
        ];
        assert_eq!(recipients(ada, &[grace, ada], Some(alan)), expected);
        assert_eq!(recipients(ada, &[grace], Some(grace)), expected[..1]);
    }
}
