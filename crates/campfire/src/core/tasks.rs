//! Background tasks. Every task that outlives the request that started it is spawned here, so that
//! a shutdown can wait for all of them.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The running tasks and the signal that the server shuts down.
#[derive(Default)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: CancellationToken,
}

impl Tasks {
    /// Spawns a task that ends by itself; a shutdown waits for it.
    pub fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.tracker.spawn(task)
    }

    /// Spawns a task that is dropped at its next await point when the server shuts down.
    pub fn spawn_until_shutdown(&self, task: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        self.tracker.spawn(async move { shutdown.run_until_cancelled(task).await });
    }

    /// Runs `work` now and then every `period` until the server shuts down.
    pub fn spawn_every<F: Future<Output = ()> + Send>(
        &self,
        period: Duration,
        work: impl Fn() -> F + Send + 'static,
    ) {
        self.spawn_until_shutdown(async move {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                work().await;
            }
        });
    }

    /// Completes when the server shuts down.
    pub fn shutdown_signal(&self) -> impl Future<Output = ()> + Send + 'static {
        self.shutdown.clone().cancelled_owned()
    }

    /// Sends the shutdown signal to all tasks.
    pub fn begin_shutdown(&self) {
        self.shutdown.cancel();
        self.tracker.close();
    }

    /// Waits for all tasks; `false` if some are still running after `limit`.
    pub async fn wait(&self, limit: Duration) -> bool {
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_shutdown_ends_periodic_tasks_and_waits_for_the_others() {
        let tasks = Tasks::default();
        tasks.spawn_every(LONG, || async {});
        tasks.spawn_until_shutdown(std::future::pending());
        let shutdown = tasks.shutdown_signal();
        let other = tasks.spawn(async {
            shutdown.await;
            "finished"
        });
        tasks.begin_shutdown();
        assert!(tasks.wait(LONG).await);
        assert_eq!(other.await.expect("no panic"), "finished");
    }

    #[tokio::test]
    async fn waiting_for_a_task_that_hangs_ends_with_the_limit() {
        let tasks = Tasks::default();
        drop(tasks.spawn(std::future::pending::<()>()));
        tasks.begin_shutdown();
        assert!(!tasks.wait(Duration::ZERO).await);
    }
}
