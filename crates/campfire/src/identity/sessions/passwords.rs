//! Password hashing with bcrypt on blocking threads: a digest takes a quarter of a second of CPU
//! time, which must not delay other requests.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::SessionError;

/// Digests computed at once. More would only slow each other down.
const MAX_CONCURRENT: usize = 2;
/// Requests computing or waiting. At a quarter of a second each, none waits longer than about ten
/// seconds.
const MAX_PENDING: usize = 64;

pub struct PasswordHasher {
    running: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    cost: u32,
    /// Matches no password. Verified for unknown email addresses, so that they take as long as known
    /// ones.
    dummy_digest: String,
}

impl PasswordHasher {
    /// `cost` is the bcrypt cost of new digests, 4 to 31. Campfire uses 12.
    pub fn new(cost: u32) -> Self {
        // A well-formed digest with an impossible checksum: verifying it costs the same and always
        // fails.
        let dummy_digest = format!("$2a${cost:02}$abcdefghijklmnopqrstuu{}", ".".repeat(31));
        Self {
            running: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            slots: Arc::new(Semaphore::new(MAX_PENDING)),
            cost,
            dummy_digest,
        }
    }

    /// Hashes a password in the format that Campfire stores (`$2a$`).
    ///
    /// # Errors
    /// [`SessionError::Busy`] when the queue is full.
    pub async fn digest(&self, password: String) -> Result<String, SessionError> {
        let cost = self.cost;
        self.run(move || Ok(digest_blocking(&password, cost)?)).await
    }

    /// Whether the password matches the digest. `None` takes as long and never matches.
    ///
    /// # Errors
    /// [`SessionError::Busy`] when the queue is full.
    pub async fn verify(
        &self,
        password: String,
        digest: Option<String>,
    ) -> Result<bool, SessionError> {
        let known = digest.is_some();
        let digest = digest.unwrap_or_else(|| self.dummy_digest.clone());
        // A stored digest that bcrypt cannot parse never matches.
        let matches =
            self.run(move || Ok(bcrypt::verify(password, &digest).unwrap_or(false))).await?;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SessionError> + Send + 'static,
    ) -> Result<T, SessionError> {
        let slot = self.slots.clone().try_acquire_owned().map_err(|_| SessionError::Busy)?;
        let permit = self.running.clone().acquire_owned().await.map_err(|_| SessionError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((permit, slot));
            result
        })
        .await
        .map_err(|_| SessionError::Busy)?
    }
}

/// Hashes a password on the current thread, for the command line.
pub fn digest_blocking(password: &str, cost: u32) -> Result<String, bcrypt::BcryptError> {
    Ok(bcrypt::hash_with_result(password, cost)?.format_for_version(bcrypt::Version::TwoA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn digests_have_the_campfire_format_and_match_only_their_password() {
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
    fn bcrypt_computes_the_dummy_digest() {
        assert!(matches!(
            bcrypt::verify("anything", &PasswordHasher::new(4).dummy_digest),
            Ok(false)
        ));
    }
}
