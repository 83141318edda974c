//! The server's metrics, as JSON for people and as OpenMetrics text for programs.

use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};

use super::process::{self, Process};
use super::requests::RequestCounter;
use crate::core::app::App;
use crate::http::problem::chain;
use crate::jobs::{self, Jobs};
use crate::live::channels::Live;

/// Time limit for counting stored jobs.
const COUNT_TIMEOUT: Duration = Duration::from_secs(5);

/// A snapshot of all metrics.
#[derive(Debug)]
pub struct Metrics {
    uptime: f64,
    database: db::Status,
    cable: cable::Stats,
    jobs: jobs::Status,
    /// Stored jobs by kind and state; `None` when the database did not answer in time.
    stored_jobs: Option<Vec<(String, String, usize)>>,
    requests: [(&'static str, u64); 5],
    process: Option<Process>,
}

impl Metrics {
    /// Reads all metrics. Cheap except for one query over the stored jobs, of which there may be a
    /// hundred thousand.
    pub async fn gather(app: &App) -> Self {
        let stored_jobs =
            app.db.read_long(COUNT_TIMEOUT, |reader| jobs::store::count_by_state(reader)).await;
        if let Err(error) = &stored_jobs {
            tracing::warn!(error = %chain(error), "failed to count jobs");
        }
        Self {
            uptime: app.state::<RequestCounter>().uptime().as_secs_f64(),
            database: app.db.status(),
            cable: app.state::<Live>().cable().stats(),
            jobs: app.state::<Jobs>().status(),
            stored_jobs: stored_jobs.ok(),
            requests: app.state::<RequestCounter>().counts(),
            process: process::read(),
        }
    }

    /// What is wrong, one line each; empty when all is well.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(why) = &self.database.failing {
            problems.push(format!("writes fail: {why}"));
        }
        if self.stored_jobs.is_none() {
            problems.push("the database does not answer in time".to_owned());
        }
        let open_circuit = |target: &jobs::Target| {
            format!(
                "the circuit to {} is open for {} jobs: the last attempts failed",
                target.destination, target.kind
            )
        };
        problems.extend(self.jobs.open_circuits.keys().map(open_circuit));
        problems
    }

    /// As JSON: what is wrong first, then everything by part.
    pub fn to_json(&self) -> Value {
        let problems = self.problems();
        let jobs =
            self.stored_jobs.iter().flatten().map(
                |(kind, state, count)| json!({ "kind": kind, "state": state, "count": count }),
            );
        let circuits = self
            .jobs
            .open_circuits
            .iter()
            .map(|(target, pause)| json!({ "destination": target.destination, "kind": target.kind, "pause_seconds": pause.as_secs() }));
        json!({
            "status": if problems.is_empty() { "ok" } else { "degraded" },
            "complaints": problems,
            "version": crate::core::version::VERSION,
            "uptime_seconds": self.uptime.round(),
            "database": {
                "writes": self.database.writes,
                "commits": self.database.commits,
                "waiting": self.database.waiting,
                "largest_batch": self.database.largest_batch,
                "wal_bytes": self.database.wal_bytes,
                "foreign_writes": self.database.external_writes,
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
                "stored": self.stored_jobs.is_some().then(|| jobs.collect::<Vec<_>>()),
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

    /// As OpenMetrics text (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
    ///
    /// # Errors
    /// Writing to a string does not fail in practice.
    pub fn to_openmetrics(self) -> Result<String, std::fmt::Error> {
        let mut registry = Registry::with_prefix("campfire");
        registry.register_collector(Box::new(self));
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// Values by labels.
type Labeled<'a, T> = &'a [(&'a [(&'a str, &'a str)], T)];

fn gauges(
    to: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: Labeled<'_, f64>,
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
    values: Labeled<'_, u64>,
) -> std::fmt::Result {
    let mut family = to.encode_descriptor(name, help, None, MetricType::Counter)?;
    values.iter().try_for_each(|(labels, value)| {
        ConstCounter::new(*value).encode(family.encode_family(labels)?)
    })
}

impl Collector for Metrics {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> std::fmt::Result {
        let to = &mut to;
        let (database, cable, jobs) = (&self.database, &self.cable, &self.jobs);
        gauges(to, "uptime_seconds", "Seconds since the start", &[(&[], self.uptime)])?;
        gauges(
            to,
            "writes_failing",
            "1 while writes fail",
            &[(&[], f64::from(u8::from(database.failing.is_some())))],
        )?;
        gauges(
            to,
            "writes_waiting",
            "Writes waiting for the writer",
            &[(&[], database.waiting as f64)],
        )?;
        counters(to, "writes", "Writes committed", &[(&[], database.writes)])?;
        counters(to, "commits", "Commits", &[(&[], database.commits)])?;
        gauges(
            to,
            "wal_bytes",
            "Size of the write-ahead log in bytes",
            &[(&[], database.wal_bytes as f64)],
        )?;
        counters(
            to,
            "foreign_writes",
            "Times that another process wrote to the database",
            &[(&[], database.external_writes)],
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
            "Streams with subscribers or history",
            &[(&[], cable.streams as f64)],
        )?;
        gauges(
            to,
            "sockets_resumable",
            "Disconnected sockets that may resume",
            &[(&[], cable.resumable as f64)],
        )?;
        counters(to, "broadcasts", "Events published to streams", &[(&[], cable.broadcasts)])?;
        counters(to, "deliveries", "Frames queued for subscribers", &[(&[], cable.deliveries)])?;
        counters(
            to,
            "sockets_dropped_slow",
            "Sockets closed because they read too slowly",
            &[(&[], cable.dropped_slow)],
        )?;
        let labels = self
            .stored_jobs
            .iter()
            .flatten()
            .map(|(kind, state, count)| {
                ([("kind", kind.as_str()), ("state", state.as_str())], *count as f64)
            })
            .collect::<Vec<_>>();
        let stored =
            labels.iter().map(|(labels, count)| (labels.as_slice(), *count)).collect::<Vec<_>>();
        gauges(to, "jobs_stored", "Jobs in the database by kind and state", &stored)?;
        counters(to, "jobs_done", "Jobs done", &[(&[], jobs.done)])?;
        counters(to, "jobs_failed_attempts", "Failed attempts", &[(&[], jobs.failed)])?;
        counters(
            to,
            "jobs_interrupted_attempts",
            "Attempts interrupted by an internal error",
            &[(&[], jobs.interrupted)],
        )?;
        counters(
            to,
            "jobs_given_up",
            "Jobs given up after the last attempt",
            &[(&[], jobs.given_up)],
        )?;
        gauges(
            to,
            "jobs_circuits_open",
            "Destinations with an open circuit",
            &[(&[], jobs.open_circuits.len() as f64)],
        )?;
        let classes = self.requests.map(|(class, count)| ([("status", class)], count));
        let answers =
            classes.iter().map(|(labels, count)| (labels.as_slice(), *count)).collect::<Vec<_>>();
        counters(to, "requests", "Requests by status class", &answers)?;
        if let Some(process) = self.process {
            gauges(
                to,
                "resident_bytes",
                "Resident memory in bytes",
                &[(&[], process.resident_bytes as f64)],
            )?;
            gauges(to, "cpu_seconds", "CPU time in seconds", &[(&[], process.cpu_seconds)])?;
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
