//! What was read from the database, remembered until it may have changed.
//!
//! An entry is valid for one generation of its group. Whoever changes the truth calls
//! [`Memory::forget`] after the commit and before the writer is answered; a reader that looked
//! before the commit stores its find under the old generation, where nobody looks any more. So an
//! acknowledged change is never hidden by an older read.

use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;

/// Groups per memory: a power of two, large enough that two busy rooms seldom share one.
const GROUPS: usize = 1024;

/// Remembers values by key, in groups that are forgotten together.
pub struct Memory<K, V> {
    generations: Box<[AtomicU64]>,
    /// How often something was forgotten.
    edition: AtomicU64,
    entries: Cache<K, (u64, V)>,
}

impl<K: Hash + Eq + Clone, V: Clone> Memory<K, V> {
    /// Remembers at most `capacity` entries; the least useful ones go first.
    pub fn new(capacity: usize) -> Self {
        let generations = (0..GROUPS).map(|_| AtomicU64::new(0)).collect();
        Self { generations, edition: AtomicU64::new(0), entries: Cache::new(capacity) }
    }

    /// The value for `key`, from memory or by `read`. `None` from `read` is not remembered.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub fn get<E>(
        &self,
        group: i64,
        key: &K,
        read: impl FnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        let generation = self.generation(group).load(Ordering::Acquire);
        if let Some((known, value)) = self.entries.get(key)
            && known == generation
        {
            return Ok(Some(value));
        }
        let value = read()?;
        if let Some(value) = &value {
            self.entries.insert(key.clone(), (generation, value.clone()));
        }
        Ok(value)
    }

    /// The same where reading takes long.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub async fn get_long<E>(
        &self,
        group: i64,
        key: &K,
        read: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        let generation = self.generation(group).load(Ordering::Acquire);
        if let Some((known, value)) = self.entries.get(key)
            && known == generation
        {
            return Ok(value);
        }
        let value = read.await?;
        self.entries.insert(key.clone(), (generation, value.clone()));
        Ok(value)
    }

    /// Everything known of `group` is no longer believed.
    pub fn forget(&self, group: i64) {
        self.generation(group).fetch_add(1, Ordering::AcqRel);
        self.edition.fetch_add(1, Ordering::AcqRel);
    }

    /// Grows with everything that is forgotten. What was made of remembered things is kept under
    /// the edition they had when the making began, and nobody finds it after a change.
    pub fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }

    /// Nothing remembered is believed any more.
    pub fn forget_all(&self) {
        for generation in &self.generations {
            generation.fetch_add(1, Ordering::AcqRel);
        }
        self.edition.fetch_add(1, Ordering::AcqRel);
    }

    fn generation(&self, group: i64) -> &AtomicU64 {
        &self.generations[(group.unsigned_abs() as usize) % GROUPS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(memory: &Memory<u8, u8>, value: u8) -> u8 {
        memory.get::<()>(1, &1, || Ok(Some(value))).expect("reads").expect("is there")
    }

    #[test]
    fn a_value_is_read_once_until_it_is_forgotten() {
        let memory = Memory::new(8);
        assert_eq!((read(&memory, 1), read(&memory, 2)), (1, 1));
        memory.forget(1);
        assert_eq!(read(&memory, 3), 3);
    }

    #[test]
    fn a_read_that_began_before_a_change_is_not_believed_after_it() {
        let memory = Memory::new(8);
        memory
            .get::<()>(1, &1, || {
                memory.forget(1);
                Ok(Some(1))
            })
            .expect("reads");
        assert_eq!(read(&memory, 2), 2);
    }

    #[tokio::test]
    async fn what_takes_long_to_read_is_remembered_and_forgotten_alike() {
        let memory = Memory::<u8, u8>::new(8);
        let value = |value| async move { Ok::<_, ()>(value) };
        assert_eq!(memory.get_long(1, &1, value(1)).await, Ok(1));
        assert_eq!(memory.get_long(1, &1, value(2)).await, Ok(1));
        memory.forget(1);
        let overtaken = async {
            memory.forget(1);
            Ok::<_, ()>(3)
        };
        assert_eq!(memory.get_long(1, &1, overtaken).await, Ok(3));
        assert_eq!(
            memory.get_long(1, &1, async { Err(()) }).await,
            Err(()),
            "what was read before a change is not believed after it"
        );
        assert_eq!(memory.get_long(1, &1, value(4)).await, Ok(4));
    }
}
