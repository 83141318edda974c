//! Limits how many jobs run at once, by kind and destination, so that slow receivers do not block
//! the others.
//!
//! Each target has a few slots at most. That does not help against many targets that hang at once,
//! so a kind's slots are divided by tier: the last third is reserved for targets whose last answer
//! was fast, the second third for these and for targets that did not fail last time.

use std::collections::HashMap;
use std::time::Duration;

use super::attempt::Health;
use super::{Job, Policy, Target};

/// An answer within this time is fast.
const FAST_ANSWER: Duration = Duration::from_secs(2);
/// Targets whose tier is kept; when there are more, all start again as unknown.
const MAX_TARGETS: usize = 10_000;

/// A target's priority, from its last attempt; from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Tier {
    Failing,
    Unknown,
    Fast,
}

impl Tier {
    /// How many of `slots` targets of this tier and worse ones may use together.
    fn share(self, slots: usize) -> usize {
        match self {
            Self::Failing => slots.div_ceil(3),
            Self::Unknown => (slots * 2).div_ceil(3),
            Self::Fast => slots,
        }
    }
}

#[derive(Default)]
pub(super) struct ConcurrencyLimiter {
    running: HashMap<i64, (Target, Tier)>,
    by_target: HashMap<Target, usize>,
    by_kind: HashMap<(String, Tier), usize>,
    tiers: HashMap<Target, Tier>,
}

impl ConcurrencyLimiter {
    pub(super) fn has_slot(&self, job: &Job, policy: &Policy) -> bool {
        let target = job.target();
        let tier = self.tier(&target);
        // Jobs of this tier also use up the share of every better tier.
        let mut open =
            [Tier::Failing, Tier::Unknown, Tier::Fast].into_iter().filter(|level| *level >= tier);
        open.all(|level| self.running_up_to(level, &job.kind) < level.share(policy.concurrency))
            && self.by_target.get(&target).copied().unwrap_or(0) < policy.per_destination
    }

    /// Running jobs of a kind in this tier and worse ones.
    fn running_up_to(&self, tier: Tier, kind: &str) -> usize {
        self.by_kind
            .iter()
            .filter(|((of, level), _)| of == kind && *level <= tier)
            .map(|(_, count)| count)
            .sum()
    }

    fn tier(&self, target: &Target) -> Tier {
        self.tiers.get(target).copied().unwrap_or(Tier::Unknown)
    }

    pub(super) fn start(&mut self, job: &Job) {
        let target = job.target();
        let tier = self.tier(&target);
        *self.by_kind.entry((target.kind.clone(), tier)).or_default() += 1;
        *self.by_target.entry(target.clone()).or_default() += 1;
        self.running.insert(job.id, (target, tier));
    }

    pub(super) fn finish(&mut self, job: &Job) {
        if let Some((target, tier)) = self.running.remove(&job.id) {
            decrement(&mut self.by_kind, &(target.kind.clone(), tier));
            decrement(&mut self.by_target, &target);
        }
    }

    pub(super) fn record(&mut self, target: &Target, health: Health, took: Duration) {
        let tier = match health {
            Health::Healthy if took <= FAST_ANSWER => Tier::Fast,
            Health::Healthy => Tier::Unknown,
            Health::Failing => Tier::Failing,
            Health::Unknown => return,
        };
        if self.tiers.len() >= MAX_TARGETS && !self.tiers.contains_key(target) {
            self.tiers.clear();
        }
        self.tiers.insert(target.clone(), tier);
    }
}

fn decrement<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy {
        concurrency: 9,
        per_destination: 2,
        max_attempts: 1,
        first_backoff: Duration::ZERO,
        timeout: Duration::ZERO,
    };

    fn job(id: i64, destination: &str) -> Job {
        Job {
            id,
            key: String::new(),
            kind: "errand".into(),
            ordering_key: None,
            destination: destination.into(),
            payload: String::new(),
            attempts: 0,
            interruptions: 0,
        }
    }

    /// Starts jobs to new destinations until no slot is left; returns how many.
    fn fill(limiter: &mut ConcurrencyLimiter, from: i64, health: Option<Health>) -> i64 {
        let mut started = 0;
        loop {
            let job = job(from + started, &format!("host {}", from + started));
            if let Some(health) = health {
                limiter.record(&job.target(), health, Duration::ZERO);
            }
            if !limiter.has_slot(&job, &POLICY) {
                return started;
            }
            limiter.start(&job);
            started += 1;
        }
    }

    #[test]
    fn slots_per_target_are_limited() {
        let mut limiter = ConcurrencyLimiter::default();
        limiter.start(&job(1, "a"));
        limiter.start(&job(2, "a"));
        assert!(!limiter.has_slot(&job(3, "a"), &POLICY));
        assert!(limiter.has_slot(&job(3, "b"), &POLICY));
        limiter.finish(&job(1, "a"));
        assert!(limiter.has_slot(&job(3, "a"), &POLICY));
    }

    #[test]
    fn slots_are_reserved_for_healthy_targets_while_others_hang() {
        let mut limiter = ConcurrencyLimiter::default();
        assert_eq!(
            fill(&mut limiter, 100, Some(Health::Failing)),
            3,
            "failing targets use a third"
        );
        assert_eq!(fill(&mut limiter, 200, None), 3, "new targets use another third");
        assert_eq!(
            fill(&mut limiter, 300, Some(Health::Healthy)),
            3,
            "the rest is reserved for fast targets"
        );
        assert_eq!(limiter.by_kind.values().sum::<usize>(), POLICY.concurrency);
    }

    #[test]
    fn fast_targets_may_use_all_slots_and_all_are_released() {
        let mut limiter = ConcurrencyLimiter::default();
        assert_eq!(fill(&mut limiter, 100, Some(Health::Healthy)), 9);
        assert!(!limiter.has_slot(&job(1, "new"), &POLICY));
        // A change of tier does not affect the slots in use.
        (100..109).for_each(|id| {
            limiter.record(
                &job(id, &format!("host {id}")).target(),
                Health::Failing,
                Duration::ZERO,
            )
        });
        (100..109).for_each(|id| limiter.finish(&job(id, &format!("host {id}"))));
        assert!(
            limiter.by_kind.is_empty()
                && limiter.by_target.is_empty()
                && limiter.running.is_empty()
        );
    }

    #[test]
    fn the_last_attempt_determines_the_tier() {
        let mut limiter = ConcurrencyLimiter::default();
        let target = job(1, "a").target();
        for (health, took, tier) in [
            (Health::Failing, Duration::ZERO, Tier::Failing),
            (Health::Unknown, Duration::ZERO, Tier::Failing),
            (Health::Healthy, FAST_ANSWER, Tier::Fast),
            (Health::Healthy, FAST_ANSWER * 2, Tier::Unknown),
        ] {
            limiter.record(&target, health, took);
            assert_eq!(limiter.tier(&target), tier);
        }
        (0..20_000).for_each(|number| {
            limiter.record(&job(1, &number.to_string()).target(), Health::Healthy, FAST_ANSWER)
        });
        assert!(limiter.tiers.len() <= MAX_TARGETS);
    }
}
