//! How the server is doing, in numbers: gathered once, told as JSON to people and as OpenMetrics
//! text to programs.

use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};

use super::process::{self, Process};
use super::requests::Answered;
use crate::core::app::App;
use crate::http::problem::chain;
use crate::jobs::{self, Jobs};
use crate::live::channels::Live;

/// Time to count the jobs that are stored.
const COUNTING_TIME: Duration = Duration::from_secs(5);

/// Everything at one moment.
#[derive(Debug)]
pub struct Figures {
    uptime: f64,
    database: db::Status,
    cable: cable::Stats,
    jobs: jobs::Status,
    /// Jobs by kind and state; `None` when the database does not answer in time.
    tally: Option<Vec<(String, String, usize)>>,
    requests: [(&'static str, u64); 5],
    process: Option<Process>,
}

impl Figures {
    /// Gathers them. Cheap but for one query over the jobs that are stored, of which there may be a
    /// hundred thousand.
    pub async fn gather(app: &App) -> Self {
        let tally = app.db.read_long(COUNTING_TIME, |reader| jobs::store::tally(reader)).await;
        if let Err(error) = &tally {
            tracing::warn!(error = %chain(error), "jobs could not be counted");
        }
        Self {
            uptime: app.state::<Answered>().uptime().as_secs_f64(),
            database: app.db.status(),
            cable: app.state::<Live>().cable().stats(),
            jobs: app.state::<Jobs>().status(),
            tally: tally.ok(),
            requests: app.state::<Answered>().counts(),
            process: process::read(),
        }
    }

    /// What is wrong, one line each; nothing when all is well.
    fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        if let Some(why) = &self.database.failing {
            complaints.push(format!("writing fails: {why}"));
        }
        if self.tally.is_none() {
            complaints.push("the database does not answer in time".to_owned());
        }
        let left_in_peace = |target: &jobs::Target| {
            format!(
                "{} fails jobs of the kind {} and is left in peace by them for a while",
                target.destination, target.kind
            )
        };
        complaints.extend(self.jobs.open_circuits.keys().map(left_in_peace));
        complaints
    }

    /// For people: what is wrong first, then everything by part.
    pub fn to_json(&self) -> Value {
        let complaints = self.complaints();
        let jobs =
            self.tally.iter().flatten().map(
                |(kind, state, count)| json!({ "kind": kind, "state": state, "count": count }),
            );
        let circuits = self
            .jobs
            .open_circuits
            .iter()
            .map(|(target, pause)| json!({ "destination": target.destination, "kind": target.kind, "pause_seconds": pause.as_secs() }));
        json!({
            "status": if complaints.is_empty() { "ok" } else { "degraded" },
            "complaints": complaints,
            "version": crate::core::version::VERSION,
            "uptime_seconds": self.uptime.round(),
            "database": {
                "writes": self.database.writes,
                "commits": self.database.commits,
                "waiting": self.database.waiting,
                "largest_batch": self.database.largest_batch,
                "wal_bytes": self.database.wal_bytes,
                "foreign_writes": self.database.foreign_writes,
                "failing": self.database.failing,
            },
            "cable": {
                "connections": self.cable.connections,
                "subscriptions": self.cable.subscriptions,
                "streams": self.cable.streams,
                "resumable": self.cable.resumable,
                "broadcasts": self.cable.broadcasts,
                "deliveries": self.cable.deliveries,
                "dropped_slow": self.cable.dropped_slow,
            },
            "jobs": {
                "stored": self.tally.is_some().then(|| jobs.collect::<Vec<_>>()),
                "unfinished": self.jobs.unfinished,
                "done": self.jobs.done,
                "failed_attempts": self.jobs.failed,
                "interrupted_attempts": self.jobs.interrupted,
                "given_up": self.jobs.given_up,
                "circuits_open": circuits.collect::<Vec<_>>(),
            },
            "requests": self.requests.into_iter().map(|(class, count)| (class.to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "process": self.process.map(|process| json!({
                "resident_bytes": process.resident_bytes, "cpu_seconds": process.cpu_seconds, "open_files": process.open_files,
            })),
        })
    }

    /// For programs, as OpenMetrics text (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
    ///
    /// # Errors
    /// None that is known: writing into a text does not fail.
    pub fn to_openmetrics(self) -> Result<String, std::fmt::Error> {
        let mut registry = Registry::with_prefix("campfire");
        registry.register_collector(Box::new(self));
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// A figure by labels.
type Labelled<'a, T> = &'a [(&'a [(&'a str, &'a str)], T)];

fn gauges(
    to: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: Labelled<'_, f64>,
) -> std::fmt::Result {
    let mut family = to.encode_descriptor(name, help, None, MetricType::Gauge)?;
    values.iter().try_for_each(|(labels, value)| {
        ConstGauge::new(*value).encode(family.encode_family(labels)?)
    })
}

fn counters(
    to: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: Labelled<'_, u64>,
) -> std::fmt::Result {
    let mut family = to.encode_descriptor(name, help, None, MetricType::Counter)?;
    values.iter().try_for_each(|(labels, value)| {
        ConstCounter::new(*value).encode(family.encode_family(labels)?)
    })
}

impl Collector for Figures {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> std::fmt::Result {
        let to = &mut to;
        let (database, cable, jobs) = (&self.database, &self.cable, &self.jobs);
        gauges(to, "uptime_seconds", "Since the start", &[(&[], self.uptime)])?;
        gauges(
            to,
            "writes_failing",
            "1 while the disk takes no writes",
            &[(&[], f64::from(u8::from(database.failing.is_some())))],
        )?;
        gauges(
            to,
            "writes_waiting",
            "Writes that wait for the writer",
            &[(&[], database.waiting as f64)],
        )?;
        counters(to, "writes", "Durable writes", &[(&[], database.writes)])?;
        counters(to, "commits", "Commits that held them", &[(&[], database.commits)])?;
        gauges(
            to,
            "wal_bytes",
            "Size of the write-ahead log",
            &[(&[], database.wal_bytes as f64)],
        )?;
        counters(
            to,
            "foreign_writes",
            "Times another process was seen to have written",
            &[(&[], database.foreign_writes)],
        )?;
        gauges(to, "sockets", "Open WebSockets", &[(&[], cable.connections as f64)])?;
        gauges(
            to,
            "subscriptions",
            "Subscriptions of all sockets",
            &[(&[], cable.subscriptions as f64)],
        )?;
        gauges(
            to,
            "streams",
            "Streams that somebody follows or that remember something",
            &[(&[], cable.streams as f64)],
        )?;
        gauges(
            to,
            "sockets_resumable",
            "Lost sockets that may come back",
            &[(&[], cable.resumable as f64)],
        )?;
        counters(to, "broadcasts", "Announcements to streams", &[(&[], cable.broadcasts)])?;
        counters(to, "deliveries", "Frames queued for subscribers", &[(&[], cable.deliveries)])?;
        counters(
            to,
            "sockets_dropped_slow",
            "Sockets dropped because they did not read",
            &[(&[], cable.dropped_slow)],
        )?;
        let labels = self
            .tally
            .iter()
            .flatten()
            .map(|(kind, state, count)| {
                ([("kind", kind.as_str()), ("state", state.as_str())], *count as f64)
            })
            .collect::<Vec<_>>();
        let stored =
            labels.iter().map(|(labels, count)| (labels.as_slice(), *count)).collect::<Vec<_>>();
        gauges(to, "jobs_stored", "Stored jobs by kind and state", &stored)?;
        counters(to, "jobs_done", "Jobs done", &[(&[], jobs.done)])?;
        counters(to, "jobs_failed_attempts", "Attempts that failed", &[(&[], jobs.failed)])?;
        counters(
            to,
            "jobs_interrupted_attempts",
            "Attempts that trouble of our own interrupted",
            &[(&[], jobs.interrupted)],
        )?;
        counters(to, "jobs_given_up", "Jobs given up", &[(&[], jobs.given_up)])?;
        gauges(
            to,
            "jobs_circuits_open",
            "Destinations that fail and are left in peace for a while",
            &[(&[], jobs.open_circuits.len() as f64)],
        )?;
        let classes = self.requests.map(|(class, count)| ([("status", class)], count));
        let answers =
            classes.iter().map(|(labels, count)| (labels.as_slice(), *count)).collect::<Vec<_>>();
        counters(to, "requests", "Answered requests by the class of their status", &answers)?;
        if let Some(process) = self.process {
            gauges(to, "resident_bytes", "Memory in use", &[(&[], process.resident_bytes as f64)])?;
            gauges(
                to,
                "cpu_seconds",
                "Processor time since the start",
                &[(&[], process.cpu_seconds)],
            )?;
            gauges(
                to,
                "open_files",
                "Open files and sockets",
                &[(&[], process.open_files as f64)],
            )?;
        }
        Ok(())
    }
}
