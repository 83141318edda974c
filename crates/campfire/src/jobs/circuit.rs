//! Circuit breakers, one per kind of job and destination. After `FAILURE_THRESHOLD` consecutive
//! failures the circuit opens: no job is sent. After a cool-down it is half-open: one probe is sent,
//! which closes the circuit or opens it for longer.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::Target;
use crate::core::clock::Time;

/// Consecutive failures that open a circuit.
const FAILURE_THRESHOLD: u32 = 5;
/// The first cool-down; it doubles with every failed probe.
const FIRST_COOL_DOWN: Duration = Duration::from_secs(30);
/// Short enough that the last attempt of a job meets a destination that has recovered.
const MAX_COOL_DOWN: Duration = Duration::from_secs(300);
/// Circuits kept. Only failing destinations have one, so only a mass failure reaches this; further
/// destinations then have no circuit breaker.
const MAX_CIRCUITS: usize = 10_000;

/// The circuits of all targets that failed since their last success.
#[derive(Default)]
pub struct Circuits(HashMap<Target, Circuit>);

struct Circuit {
    failures: u32,
    state: State,
}

enum State {
    Closed,
    Open { until: Time, cool_down: Duration },
    HalfOpen { cool_down: Duration },
}

/// Whether a job may be sent to its target.
#[derive(Debug, PartialEq, Eq)]
pub enum Permit {
    Granted,
    /// The circuit is open until then.
    NotBefore(Time),
    /// The circuit is half-open and its probe has not ended.
    ProbeRunning,
}

impl Circuits {
    /// Asks for permission to send a job. [`Permit::Granted`] must be followed by
    /// [`Self::succeeded`], [`Self::failed`] or [`Self::unknown`].
    pub fn request(&mut self, target: &Target, now: Time) -> Permit {
        let Some(circuit) = self.0.get_mut(target) else { return Permit::Granted };
        match circuit.state {
            State::Closed => Permit::Granted,
            State::Open { until, .. } if now < until => Permit::NotBefore(until),
            State::Open { cool_down, .. } => {
                circuit.state = State::HalfOpen { cool_down };
                Permit::Granted
            }
            State::HalfOpen { .. } => Permit::ProbeRunning,
        }
    }

    /// Closes the circuit.
    pub fn succeeded(&mut self, target: &Target) {
        self.0.remove(target);
    }

    /// Counts a failure, which may open the circuit.
    pub fn failed(&mut self, target: &Target, now: Time) {
        if !self.0.contains_key(target) && self.0.len() >= MAX_CIRCUITS {
            return;
        }
        let circuit =
            self.0.entry(target.clone()).or_insert(Circuit { failures: 0, state: State::Closed });
        circuit.failures = circuit.failures.saturating_add(1);
        let cool_down = match circuit.state {
            State::HalfOpen { cool_down } => (cool_down * 2).min(MAX_COOL_DOWN),
            // The job was already running when the circuit opened.
            State::Open { .. } => return,
            State::Closed if circuit.failures >= FAILURE_THRESHOLD => FIRST_COOL_DOWN,
            State::Closed => return,
        };
        let until = now.plus_seconds(i64::try_from(cool_down.as_secs()).unwrap_or(i64::MAX));
        circuit.state = State::Open { until, cool_down };
    }

    /// The job ended without saying anything about the target. If it was the probe, the next job
    /// becomes the probe.
    pub fn unknown(&mut self, target: &Target, now: Time) {
        if let Some(circuit) = self.0.get_mut(target)
            && let State::HalfOpen { cool_down } = circuit.state
        {
            circuit.state = State::Open { until: now, cool_down };
        }
    }

    /// The targets whose circuit is open or half-open, with their cool-down.
    pub fn open(&self) -> BTreeMap<Target, Duration> {
        let cool_down = |circuit: &Circuit| match circuit.state {
            State::Open { cool_down, .. } | State::HalfOpen { cool_down } => Some(cool_down),
            State::Closed => None,
        };
        self.0
            .iter()
            .filter_map(|(target, circuit)| Some((target.clone(), cool_down(circuit)?)))
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

    fn open_circuit() -> Circuits {
        let mut circuits = Circuits::default();
        for _ in 0..FAILURE_THRESHOLD {
            assert_eq!(circuits.request(&to("a"), at(0)), Permit::Granted);
            circuits.failed(&to("a"), at(0));
        }
        circuits
    }

    #[test]
    fn consecutive_failures_open_the_circuit_of_that_destination_and_kind_only() {
        let mut circuits = open_circuit();
        assert_eq!(circuits.request(&to("a"), at(29)), Permit::NotBefore(at(30)));
        assert_eq!(circuits.request(&to("b"), at(29)), Permit::Granted);
        assert_eq!(
            circuits.request(&Target { kind: "other".into(), ..to("a") }, at(29)),
            Permit::Granted
        );
    }

    #[test]
    fn a_success_between_failures_keeps_the_circuit_closed() {
        let mut circuits = Circuits::default();
        for _ in 0..10 {
            (0..FAILURE_THRESHOLD - 1).for_each(|_| circuits.failed(&to("a"), at(0)));
            circuits.succeeded(&to("a"));
        }
        assert_eq!(circuits.request(&to("a"), at(0)), Permit::Granted);
    }

    #[test]
    fn after_the_cool_down_one_probe_decides() {
        let mut circuits = open_circuit();
        assert_eq!(circuits.request(&to("a"), at(30)), Permit::Granted);
        assert_eq!(circuits.request(&to("a"), at(30)), Permit::ProbeRunning);
        circuits.failed(&to("a"), at(31));
        assert_eq!(circuits.request(&to("a"), at(90)), Permit::NotBefore(at(91)));
        assert_eq!(circuits.request(&to("a"), at(91)), Permit::Granted);
        circuits.succeeded(&to("a"));
        assert_eq!(
            (circuits.request(&to("a"), at(91)), circuits.request(&to("a"), at(91))),
            (Permit::Granted, Permit::Granted)
        );
        assert!(circuits.open().is_empty());
    }

    #[test]
    fn the_cool_down_grows_to_a_limit() {
        let mut circuits = open_circuit();
        let mut now = at(30);
        for _ in 0..10 {
            assert_eq!(circuits.request(&to("a"), now), Permit::Granted);
            circuits.failed(&to("a"), now);
            let Permit::NotBefore(until) = circuits.request(&to("a"), now) else {
                panic!("it is open")
            };
            assert!(until.seconds_since(now) <= 300);
            now = until;
        }
    }

    #[test]
    fn after_an_interrupted_probe_the_next_job_is_the_probe() {
        let mut circuits = open_circuit();
        assert_eq!(circuits.request(&to("a"), at(30)), Permit::Granted);
        circuits.unknown(&to("a"), at(31));
        assert_eq!(circuits.request(&to("a"), at(31)), Permit::Granted);
    }
}
