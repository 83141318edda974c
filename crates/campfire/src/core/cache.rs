//! Caches of what was read from the database, valid until it may have changed.
//!
//! An entry is valid for one generation of its group. A write calls [`VersionedCache::invalidate`]
//! after the commit and before the writer is answered; a read that began before the commit stores
//! its result under the old generation, where it is never found. So an older read never hides an
//! acknowledged change.

use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;

/// Groups per cache: a power of two, large enough that two busy rooms seldom share one.
const GROUPS: usize = 1024;

/// Caches values by key, in groups that are invalidated together.
pub struct VersionedCache<K, V> {
    generations: Box<[AtomicU64]>,
    version: AtomicU64,
    entries: Cache<K, (u64, V)>,
}

impl<K: Hash + Eq + Clone, V: Clone> VersionedCache<K, V> {
    /// A cache of at most `capacity` entries; the least useful ones are evicted first.
    pub fn new(capacity: usize) -> Self {
        let generations = (0..GROUPS).map(|_| AtomicU64::new(0)).collect();
        Self { generations, version: AtomicU64::new(0), entries: Cache::new(capacity) }
    }

    /// The cached value for `key`, or what `read` returns. `None` from `read` is not cached.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn get<E>(
        &self,
        group: i64,
        key: &K,
        read: impl FnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        let generation = self.generation(group).load(Ordering::Acquire);
        if let Some(value) = self.cached(key, generation) {
            return Ok(Some(value));
        }
        let value = read()?;
        if let Some(value) = &value {
            self.entries.insert(key.clone(), (generation, value.clone()));
        }
        Ok(value)
    }

    /// Like [`VersionedCache::get`], inside a write transaction. What `read` returns is not cached:
    /// the transaction may still fail, and nothing would invalidate the value then.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn get_in_transaction<E>(
        &self,
        group: i64,
        key: &K,
        read: impl FnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        self.peek(group, key).map_or_else(read, |value| Ok(Some(value)))
    }

    /// Like [`VersionedCache::get`], for a slow read.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn get_async<E>(
        &self,
        group: i64,
        key: &K,
        read: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        let generation = self.generation(group).load(Ordering::Acquire);
        if let Some(value) = self.cached(key, generation) {
            return Ok(value);
        }
        let value = read.await?;
        self.entries.insert(key.clone(), (generation, value.clone()));
        Ok(value)
    }

    /// The cached value for `key`.
    pub fn peek(&self, group: i64, key: &K) -> Option<V> {
        self.cached(key, self.generation(group).load(Ordering::Acquire))
    }

    fn cached(&self, key: &K, generation: u64) -> Option<V> {
        let (known, value) = self.entries.get(key)?;
        (known == generation).then_some(value)
    }

    /// Invalidates everything in `group`.
    pub fn invalidate(&self, group: i64) {
        self.generation(group).fetch_add(1, Ordering::AcqRel);
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Invalidates everything.
    pub fn invalidate_all(&self) {
        for generation in &self.generations {
            generation.fetch_add(1, Ordering::AcqRel);
        }
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Increases with every invalidation. Another cache whose values are derived from this one's
    /// keys them by this version, read before it derives them; they are not found after a change.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn generation(&self, group: i64) -> &AtomicU64 {
        &self.generations[(group.unsigned_abs() as usize) % GROUPS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cache: &VersionedCache<u8, u8>, value: u8) -> u8 {
        cache.get::<()>(1, &1, || Ok(Some(value))).expect("reads").expect("is there")
    }

    #[test]
    fn a_value_is_read_once_until_it_is_invalidated() {
        let cache = VersionedCache::new(8);
        assert_eq!((read(&cache, 1), read(&cache, 2)), (1, 1));
        assert_eq!(cache.peek(1, &1), Some(1));
        cache.invalidate(1);
        assert_eq!(cache.peek(1, &1), None);
        assert_eq!(read(&cache, 3), 3);
    }

    #[test]
    fn a_read_that_began_before_a_change_is_not_found_after_it() {
        let cache = VersionedCache::new(8);
        cache
            .get::<()>(1, &1, || {
                cache.invalidate(1);
                Ok(Some(1))
            })
            .expect("reads");
        assert_eq!(read(&cache, 2), 2);
    }

    #[test]
    fn a_read_inside_a_transaction_is_not_cached() {
        let cache = VersionedCache::new(8);
        assert_eq!(cache.get_in_transaction::<()>(1, &1, || Ok(Some(1))), Ok(Some(1)));
        assert_eq!(read(&cache, 2), 2);
        assert_eq!(cache.get_in_transaction::<()>(1, &1, || Ok(Some(3))), Ok(Some(2)));
    }

    #[tokio::test]
    async fn slow_reads_are_cached_and_invalidated_alike() {
        let cache = VersionedCache::<u8, u8>::new(8);
        let value = |value| async move { Ok::<_, ()>(value) };
        assert_eq!(cache.get_async(1, &1, value(1)).await, Ok(1));
        assert_eq!(cache.get_async(1, &1, value(2)).await, Ok(1));
        cache.invalidate(1);
        let overtaken = async {
            cache.invalidate(1);
            Ok::<_, ()>(3)
        };
        assert_eq!(cache.get_async(1, &1, overtaken).await, Ok(3));
        let failed = cache.get_async(1, &1, async { Err(()) }).await;
        assert_eq!(failed, Err(()), "a value read before a change must not be found after it");
        assert_eq!(cache.get_async(1, &1, value(4)).await, Ok(4));
    }
}
