use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::model::{Problem, Signal};
use crate::task::context::Context;

/// SIGTERM: what ends the work when its time is over.
const STOP: Signal = Signal(15);

/// Does the work; `None` where its time was over before it was done.
pub(super) fn in_time<T>(
    limit: Duration,
    cx: &Context,
    work: impl FnOnce(&Context) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    let inner = Context {
        terminal: cx.terminal.clone(),
        events: cx.events.clone(),
        cancel: cx.cancel.nested(),
    };
    let is_over = AtomicBool::new(false);
    let (done, waits) = mpsc::channel::<()>();
    let result = thread::scope(|scope| {
        let (is_over, stop) = (&is_over, &inner.cancel);
        scope.spawn(move || {
            if waits.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                is_over.store(true, Ordering::SeqCst);
                stop.request(STOP);
            }
        });
        let result = work(&inner);
        drop(done);
        result
    });
    match result {
        Err(problem) if problem.signal().is_some() && is_over.load(Ordering::SeqCst) => Ok(None),
        result => result.map(Some),
    }
}
