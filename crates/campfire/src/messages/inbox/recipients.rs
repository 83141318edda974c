//! Who is called by a message: those it mentions, and whoever it answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::ids::UserId;

/// Why somebody is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The message mentions them.
    Mention,
    /// The message answers one of theirs.
    Reply,
}

impl Reason {
    /// The stored word.
    pub fn to_stored(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Reply => "reply",
        }
    }

    /// Reads the stored word.
    pub fn from_stored(word: &str) -> Self {
        if word == "reply" { Self::Reply } else { Self::Mention }
    }
}

/// Somebody who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who.
    pub user: UserId,
    /// Why; who is mentioned in an answer to them is mentioned.
    pub reason: Reason,
}

/// Whom a message calls; nobody calls themselves.
pub fn calls(author: UserId, mentioned: &[UserId], answered: Option<UserId>) -> Vec<Call> {
    let mentions = mentioned.iter().map(|user| Call { user: *user, reason: Reason::Mention });
    let reply = answered
        .filter(|user| !mentioned.contains(user))
        .map(|user| Call { user, reason: Reason::Reply });
    mentions.chain(reply).filter(|call| call.user != author).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_called_once_and_nobody_by_themselves() {
        let (ada, grace, alan) = (UserId(1), UserId(2), UserId(3));
        assert_eq!(calls(ada, &[], None), []);
        assert_eq!(calls(ada, &[ada], Some(ada)), []);
        let expected = [
            Call { user: grace, reason: Reason::Mention },
            Call { user: alan, reason: Reason::Reply },
        ];
        assert_eq!(calls(ada, &[grace, ada], Some(alan)), expected);
        assert_eq!(calls(ada, &[grace], Some(grace)), expected[..1]);
    }
}
