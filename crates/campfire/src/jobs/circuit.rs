//! Circuit breakers: a destination that keeps failing jobs of one kind is left in peace by them for
//! a while, then tried with one.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::Target;
use crate::core::clock::Time;

/// Failures in a row after which a destination is left in peace.
const PATIENCE: u32 = 5;
/// The first pause; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest pause: short enough that the last attempt of a job finds a destination that came
/// back.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Destinations remembered. Those that do well are not remembered at all, so that many must fail at
/// once to reach it.
const REMEMBERED: usize = 10_000;

/// The breakers of all destinations that failed lately.
#[derive(Default)]
pub struct Circuits(HashMap<Target, Circuit>);

struct Circuit {
    failures: u32,
    state: State,
}

enum State {
    /// Jobs go through.
    Closed,
    /// None does until then.
    Open { until: Time, pause: Duration },
    /// One goes through, and decides.
    HalfOpen { pause: Duration },
}

/// Whether a job may go to its destination.
#[derive(Debug, PartialEq, Eq)]
pub enum Passage {
    /// It may.
    Free,
    /// It waits until this moment.
    NotBefore(Time),
    /// Another one is trying; wait for its end.
    NotNow,
}

impl Circuits {
    /// Asks for a job. [`Passage::Free`] must be followed by [`Self::succeeded`] or
    /// [`Self::failed`].
    pub fn ask(&mut self, target: &Target, now: Time) -> Passage {
        let Some(circuit) = self.0.get_mut(target) else { return Passage::Free };
        match circuit.state {
            State::Closed => Passage::Free,
            State::Open { until, .. } if now < until => Passage::NotBefore(until),
            State::Open { pause, .. } => {
                circuit.state = State::HalfOpen { pause };
                Passage::Free
            }
            State::HalfOpen { .. } => Passage::NotNow,
        }
    }

    /// The destination answered.
    pub fn succeeded(&mut self, target: &Target) {
        self.0.remove(target);
    }

    /// The destination failed.
    pub fn failed(&mut self, target: &Target, now: Time) {
        if !self.0.contains_key(target) && self.0.len() >= REMEMBERED {
            return;
        }
        let circuit =
            self.0.entry(target.clone()).or_insert(Circuit { failures: 0, state: State::Closed });
        circuit.failures = circuit.failures.saturating_add(1);
        let pause = match circuit.state {
            State::HalfOpen { pause } => (pause * 2).min(LONGEST_PAUSE),
            // What was under way when it opened.
            State::Open { .. } => return,
            State::Closed if circuit.failures >= PATIENCE => FIRST_PAUSE,
            State::Closed => return,
        };
        let until = now.plus_seconds(i64::try_from(pause.as_secs()).unwrap_or(i64::MAX));
        circuit.state = State::Open { until, pause };
    }

    /// The one that tried was cut off and says nothing: the next one tries.
    pub fn unknown(&mut self, target: &Target, now: Time) {
        if let Some(circuit) = self.0.get_mut(target)
            && let State::HalfOpen { pause } = circuit.state
        {
            circuit.state = State::Open { until: now, pause };
        }
    }

    /// Destinations that are left in peace, with their pauses.
    pub fn open(&self) -> BTreeMap<Target, Duration> {
        let pause = |circuit: &Circuit| match circuit.state {
            State::Open { pause, .. } | State::HalfOpen { pause } => Some(pause),
            State::Closed => None,
        };
        self.0
            .iter()
            .filter_map(|(target, circuit)| Some((target.clone(), pause(circuit)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from(jiff::Timestamp::from_second(second).expect("in range"))
    }

    fn to(destination: &str) -> Target {
        Target { kind: "errand".into(), destination: destination.into() }
    }

    fn broken() -> Circuits {
        let mut circuits = Circuits::default();
        for _ in 0..PATIENCE {
            assert_eq!(circuits.ask(&to("a"), at(0)), Passage::Free);
            circuits.failed(&to("a"), at(0));
        }
        circuits
    }

    #[test]
    fn too_many_failures_in_a_row_open_it_for_that_destination_and_kind_only() {
        let mut circuits = broken();
        assert_eq!(circuits.ask(&to("a"), at(29)), Passage::NotBefore(at(30)));
        assert_eq!(circuits.ask(&to("b"), at(29)), Passage::Free);
        assert_eq!(
            circuits.ask(&Target { kind: "other".into(), ..to("a") }, at(29)),
            Passage::Free
        );
    }

    #[test]
    fn a_success_between_failures_keeps_it_closed() {
        let mut circuits = Circuits::default();
        for _ in 0..10 {
            (0..PATIENCE - 1).for_each(|_| circuits.failed(&to("a"), at(0)));
            circuits.succeeded(&to("a"));
        }
        assert_eq!(circuits.ask(&to("a"), at(0)), Passage::Free);
    }

    #[test]
    fn after_the_pause_one_job_decides() {
        let mut circuits = broken();
        assert_eq!(circuits.ask(&to("a"), at(30)), Passage::Free);
        assert_eq!(circuits.ask(&to("a"), at(30)), Passage::NotNow);
        circuits.failed(&to("a"), at(31));
        assert_eq!(circuits.ask(&to("a"), at(90)), Passage::NotBefore(at(91)));
        assert_eq!(circuits.ask(&to("a"), at(91)), Passage::Free);
        circuits.succeeded(&to("a"));
        assert_eq!(
            (circuits.ask(&to("a"), at(91)), circuits.ask(&to("a"), at(91))),
            (Passage::Free, Passage::Free)
        );
        assert!(circuits.open().is_empty());
    }

    #[test]
    fn pauses_grow_to_a_limit() {
        let mut circuits = broken();
        let mut now = at(30);
        for _ in 0..10 {
            assert_eq!(circuits.ask(&to("a"), now), Passage::Free);
            circuits.failed(&to("a"), now);
            let Passage::NotBefore(until) = circuits.ask(&to("a"), now) else {
                panic!("it is open")
            };
            assert!(until.seconds_since(now) <= 300);
            now = until;
        }
    }

    #[test]
    fn one_that_is_cut_off_lets_the_next_one_try() {
        let mut circuits = broken();
        assert_eq!(circuits.ask(&to("a"), at(30)), Passage::Free);
        circuits.unknown(&to("a"), at(31));
        assert_eq!(circuits.ask(&to("a"), at(31)), Passage::Free);
    }
}
