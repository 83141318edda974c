//! bcrypt, away from the threads that serve: a quarter of a second of pure computing must not hold
//! up a page.

use crate::core::app::{App, DomainState};
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::SessionError;

/// Digests computed at once; more would only slow each other down.
const MAX_CONCURRENT: usize = 2;
/// Digests waiting at most: at a quarter of a second each, nobody waits longer than about ten
/// seconds.
const MAX_PENDING: usize = 64;

/// A digest that no password has, so that an unknown address takes as long as a known one. Made
/// once, at the real cost.
pub struct PasswordHasher {
    running: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    cost: u32,
    dummy_digest: String,
}

impl PasswordHasher {
    /// Computes new digests with this cost (4–31; Campfire: 12).
    pub fn new(cost: u32) -> Self {
        // A well-formed digest with an impossible checksum: verifying it costs the same and never
        // succeeds.
        let dummy_digest = format!("$2a${cost:02}$abcdefghijklmnopqrstuu{}", ".".repeat(31));
        Self {
            running: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            slots: Arc::new(Semaphore::new(MAX_PENDING)),
            cost,
            dummy_digest,
        }
    }

    /// The digest of a password as Campfire stores it (`$2a$`).
    ///
    /// # Errors
    /// [`SessionError::Busy`] when too many wait already.
    pub async fn digest(&self, password: String) -> Result<String, SessionError> {
        let cost = self.cost;
        self.run(move || Ok(digest_blocking(&password, cost)?)).await
    }

    /// Whether the password belongs to the digest; `None` takes as long and is never right.
    ///
    /// # Errors
    /// [`SessionError::Busy`] when too many wait already.
    pub async fn verify(
        &self,
        password: String,
        digest: Option<String>,
    ) -> Result<bool, SessionError> {
        let known = digest.is_some();
        let digest = digest.unwrap_or_else(|| self.dummy_digest.clone());
        // A stored digest that bcrypt cannot read lets nobody in, which is the safe answer.
        let right =
            self.run(move || Ok(bcrypt::verify(password, &digest).unwrap_or(false))).await?;
        Ok(right && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SessionError> + Send + 'static,
    ) -> Result<T, SessionError> {
        let slot = self.slots.clone().try_acquire_owned().map_err(|_| SessionError::Busy)?;
        let turn = self.running.clone().acquire_owned().await.map_err(|_| SessionError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop((turn, slot));
            done
        })
        .await
        .map_err(|_| SessionError::Busy)?
    }
}

/// The digest of a password, computed here and now: for programs that serve nobody meanwhile.
///
/// # Errors
/// When bcrypt does not take the password or the cost.
pub fn digest_blocking(password: &str, cost: u32) -> Result<String, bcrypt::BcryptError> {
    Ok(bcrypt::hash_with_result(password, cost)?.format_for_version(bcrypt::Version::TwoA))
}

impl DomainState for PasswordHasher {
    fn on_external_write(&self, _: &App) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn digests_are_campfires_and_only_their_password_opens() {
        let passwords = PasswordHasher::new(4);
        let digest = passwords.digest("correct horse".into()).await.expect("a digest");
        assert!(digest.starts_with("$2a$04$"));
        assert!(
            passwords.verify("correct horse".into(), Some(digest.clone())).await.expect("checked")
        );
        assert!(!passwords.verify("wrong horse".into(), Some(digest)).await.expect("checked"));
        assert!(!passwords.verify(String::new(), Some(String::new())).await.expect("checked"));
    }

    #[test]
    fn nobodys_digest_is_one_that_bcrypt_really_works_on() {
        assert!(matches!(
            bcrypt::verify("anything", &PasswordHasher::new(4).dummy_digest),
            Ok(false)
        ));
    }
}
