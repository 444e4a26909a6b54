use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::{sleep, timeout};

use super::api::Client;
use crate::model::{Cancel, EngineAction, EngineProblem};

/// How often a signal is looked for.
const GLANCE: Duration = Duration::from_millis(25);
/// How often a long wait asks whether the engine is still there, and how long it may take to
/// say so: together well under the 5 s in which a hang must be known.
const PULSE: Duration = Duration::from_millis(500);
const PULSE_LIMIT: Duration = Duration::from_secs(3);
/// The most that a call may take which does a thing at once, on a busy machine.
const CALL_LIMIT: Duration = Duration::from_secs(20);

/// What ends a wait early: a signal, or another container of the same run that failed.
#[derive(Clone, Default)]
pub(super) struct Stop {
    cancel: Cancel,
    failed: Arc<AtomicBool>,
}

impl Stop {
    pub(super) fn by(cancel: &Cancel) -> Self {
        Self {
            cancel: cancel.clone(),
            failed: Arc::default(),
        }
    }

    /// For cleaning up, which a signal must not end.
    pub(super) fn never() -> Self {
        Self::default()
    }

    /// Ends what else waits with this.
    pub(super) fn fail(&self) {
        self.failed.store(true, Ordering::SeqCst);
    }

    pub(super) fn reason(&self) -> Option<EngineProblem> {
        if let Some(signal) = self.cancel.requested() {
            return Some(EngineProblem::Cancelled(signal));
        }
        let failed = self.failed.load(Ordering::SeqCst);
        failed.then_some(EngineProblem::OtherFailed)
    }

    pub(super) async fn asked(&self) -> EngineProblem {
        loop {
            if let Some(reason) = self.reason() {
                return reason;
            }
            sleep(GLANCE).await;
        }
    }
}

impl Client {
    /// One request whose answer is due at once.
    pub(super) async fn call<T>(
        &self,
        action: EngineAction,
        stop: &Stop,
        work: impl Future<Output = Result<T, bollard::errors::Error>>,
    ) -> Result<T, EngineProblem> {
        self.while_alive(stop, self.in_time(action, work)).await?
    }

    /// The same, not to be given up half-way: the engine would do it all the same.
    pub(super) async fn in_time<T>(
        &self,
        action: EngineAction,
        work: impl Future<Output = Result<T, bollard::errors::Error>>,
    ) -> Result<T, EngineProblem> {
        match timeout(CALL_LIMIT, work).await {
            Ok(answer) => answer.map_err(|error| self.problem(action, error)),
            Err(_) => Err(self.silent(CALL_LIMIT)),
        }
    }

    /// Waits for as long as the engine answers on another connection and nobody asks to stop.
    pub(super) async fn while_alive<T>(
        &self,
        stop: &Stop,
        work: impl Future<Output = T>,
    ) -> Result<T, EngineProblem> {
        let (asked, death) = (pin!(stop.asked()), pin!(self.death()));
        match select(pin!(work), select(asked, death)).await {
            Either::Left((value, _)) => Ok(value),
            Either::Right((end, _)) => Err(end.factor_first().0),
        }
    }

    /// Waits without asking whether the engine lives: the caller has a limit of its own.
    pub(super) async fn or_stopped<T>(
        &self,
        stop: &Stop,
        work: impl Future<Output = T>,
    ) -> Result<T, EngineProblem> {
        match select(pin!(work), pin!(stop.asked())).await {
            Either::Left((value, _)) => Ok(value),
            Either::Right((reason, _)) => Err(reason),
        }
    }

    /// Returns once the engine no longer answers.
    async fn death(&self) -> EngineProblem {
        loop {
            sleep(PULSE).await;
            match timeout(PULSE_LIMIT, self.ping()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return self.lost(error),
                Err(_) => return self.silent(PULSE_LIMIT),
            }
        }
    }
}
