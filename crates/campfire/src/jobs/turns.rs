//! How many jobs run, by kind and by whom they talk to: pure counting, so that a slow receiver takes nobody else's place.

use std::collections::HashMap;

use super::{Job, Policy, Target};

#[derive(Default)]
pub(super) struct Turns {
    by_kind: HashMap<String, usize>,
    by_target: HashMap<Target, usize>,
}

impl Turns {
    /// Whether there is a place for this job.
    pub(super) fn has_place(&self, job: &Job, policy: &Policy) -> bool {
        let kind = self.by_kind.get(&job.kind).copied().unwrap_or(0);
        let target = self.by_target.get(&job.target()).copied().unwrap_or(0);
        kind < policy.concurrency && target < policy.per_destination
    }

    pub(super) fn begin(&mut self, job: &Job) {
        *self.by_kind.entry(job.kind.clone()).or_default() += 1;
        *self.by_target.entry(job.target()).or_default() += 1;
    }

    pub(super) fn end(&mut self, job: &Job) {
        less(&mut self.by_kind, &job.kind);
        less(&mut self.by_target, &job.target());
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
