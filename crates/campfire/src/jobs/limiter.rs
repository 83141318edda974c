//! How many jobs run, by kind and by whom they talk to: pure counting, so that a slow receiver
//! takes nobody else's place.
//!
//! Each target has a few places at most. That would not help against many targets that hang at
//! once, so the places of a kind are not open to all alike: the last third is kept for targets that
//! answered quickly the last time, the third before it for these and for those of which nothing bad
//! is known.

use std::collections::HashMap;
use std::time::Duration;

use super::attempting::Health;
use super::{Job, Policy, Target};

/// Whoever answers within this time holds up nobody.
const QUICK: Duration = Duration::from_secs(2);
/// Targets whose last answer is remembered; when they are more, all are forgotten and learned anew.
const REMEMBERED: usize = 10_000;

/// What the last attempt says about a target; from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Standing {
    Fails,
    Unknown,
    Quick,
}

impl Standing {
    /// How many of so many places are open to targets of this standing and worse ones together.
    fn share(self, places: usize) -> usize {
        match self {
            Self::Fails => places.div_ceil(3),
            Self::Unknown => (places * 2).div_ceil(3),
            Self::Quick => places,
        }
    }
}

#[derive(Default)]
pub(super) struct Turns {
    running: HashMap<i64, (Target, Standing)>,
    by_target: HashMap<Target, usize>,
    by_kind: HashMap<(String, Standing), usize>,
    standings: HashMap<Target, Standing>,
}

impl Turns {
    /// Whether there is a place for this job.
    pub(super) fn has_place(&self, job: &Job, policy: &Policy) -> bool {
        let target = job.target();
        let standing = self.standing(&target);
        // Whoever stands lower has taken of the places that are open to all above, too.
        let mut open = [Standing::Fails, Standing::Unknown, Standing::Quick]
            .into_iter()
            .filter(|level| *level >= standing);
        open.all(|level| self.up_to(level, &job.kind) < level.share(policy.concurrency))
            && self.by_target.get(&target).copied().unwrap_or(0) < policy.per_destination
    }

    /// Running jobs of a kind to targets of this standing and worse ones.
    fn up_to(&self, standing: Standing, kind: &str) -> usize {
        self.by_kind
            .iter()
            .filter(|((of, level), _)| of == kind && *level <= standing)
            .map(|(_, count)| count)
            .sum()
    }

    fn standing(&self, target: &Target) -> Standing {
        self.standings.get(target).copied().unwrap_or(Standing::Unknown)
    }

    pub(super) fn begin(&mut self, job: &Job) {
        let target = job.target();
        let standing = self.standing(&target);
        *self.by_kind.entry((target.kind.clone(), standing)).or_default() += 1;
        *self.by_target.entry(target.clone()).or_default() += 1;
        self.running.insert(job.id, (target, standing));
    }

    pub(super) fn end(&mut self, job: &Job) {
        if let Some((target, standing)) = self.running.remove(&job.id) {
            less(&mut self.by_kind, &(target.kind.clone(), standing));
            less(&mut self.by_target, &target);
        }
    }

    /// Notes what an attempt that took so long says about its target.
    pub(super) fn learn(&mut self, target: &Target, health: Health, took: Duration) {
        let standing = match health {
            Health::Answers if took <= QUICK => Standing::Quick,
            Health::Answers => Standing::Unknown,
            Health::Fails => Standing::Fails,
            Health::Unknown => return,
        };
        if self.standings.len() >= REMEMBERED && !self.standings.contains_key(target) {
            self.standings.clear();
        }
        self.standings.insert(target.clone(), standing);
    }
}

fn less<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
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
        attempts: 1,
        first_pause: Duration::ZERO,
        time_limit: Duration::ZERO,
    };

    fn job(id: i64, destination: &str) -> Job {
        Job {
            id,
            key: String::new(),
            kind: "errand".into(),
            lane: None,
            destination: destination.into(),
            payload: String::new(),
            attempts: 0,
            interruptions: 0,
        }
    }

    /// Begins jobs to new destinations until there is no place left for one; gives how many that
    /// were.
    fn fill(turns: &mut Turns, from: i64, health: Option<Health>) -> i64 {
        let mut begun = 0;
        loop {
            let job = job(from + begun, &format!("host {}", from + begun));
            if let Some(health) = health {
                turns.learn(&job.target(), health, Duration::ZERO);
            }
            if !turns.has_place(&job, &POLICY) {
                return begun;
            }
            turns.begin(&job);
            begun += 1;
        }
    }

    #[test]
    fn a_target_has_a_few_places() {
        let mut turns = Turns::default();
        turns.begin(&job(1, "a"));
        turns.begin(&job(2, "a"));
        assert!(!turns.has_place(&job(3, "a"), &POLICY));
        assert!(turns.has_place(&job(3, "b"), &POLICY));
        turns.end(&job(1, "a"));
        assert!(turns.has_place(&job(3, "a"), &POLICY));
    }

    #[test]
    fn however_many_hang_there_is_a_place_for_those_who_answer() {
        let mut turns = Turns::default();
        assert_eq!(fill(&mut turns, 100, Some(Health::Fails)), 3, "failing ones have a third");
        assert_eq!(fill(&mut turns, 200, None), 3, "with new ones two thirds");
        assert_eq!(
            fill(&mut turns, 300, Some(Health::Answers)),
            3,
            "the rest is for those who answer"
        );
        assert_eq!(turns.by_kind.values().sum::<usize>(), POLICY.concurrency);
    }

    #[test]
    fn those_who_answer_may_have_all_places_and_all_are_given_back() {
        let mut turns = Turns::default();
        assert_eq!(fill(&mut turns, 100, Some(Health::Answers)), 9);
        assert!(!turns.has_place(&job(1, "new"), &POLICY));
        // What is learned meanwhile changes nothing about the places that are taken.
        (100..109).for_each(|id| {
            turns.learn(&job(id, &format!("host {id}")).target(), Health::Fails, Duration::ZERO)
        });
        (100..109).for_each(|id| turns.end(&job(id, &format!("host {id}"))));
        assert!(turns.by_kind.is_empty() && turns.by_target.is_empty() && turns.running.is_empty());
    }

    #[test]
    fn the_last_attempt_counts() {
        let mut turns = Turns::default();
        let target = job(1, "a").target();
        for (health, took, standing) in [
            (Health::Fails, Duration::ZERO, Standing::Fails),
            (Health::Unknown, Duration::ZERO, Standing::Fails),
            (Health::Answers, QUICK, Standing::Quick),
            (Health::Answers, QUICK * 2, Standing::Unknown),
        ] {
            turns.learn(&target, health, took);
            assert_eq!(turns.standing(&target), standing);
        }
        (0..20_000).for_each(|number| {
            turns.learn(&job(1, &number.to_string()).target(), Health::Answers, QUICK)
        });
        assert!(turns.standings.len() <= REMEMBERED);
    }
}
