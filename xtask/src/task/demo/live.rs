use std::process;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::shelf::Shelf;
use crate::demo::{Lesson, LiveState};

/// Tells a second terminal where the lesson is, and at its end that it is over.
pub(super) struct Live<'a> {
    shelf: &'a Shelf,
    state: LiveState,
}

impl<'a> Live<'a> {
    pub(super) fn begin(shelf: &'a Shelf) -> Self {
        let state = LiveState {
            process: process::id(),
            began: now().as_secs(),
            step: None,
            is_over: false,
        };
        shelf.tell_live(&state);
        Self { shelf, state }
    }

    pub(super) fn is_at(&mut self, lesson: &Lesson) {
        let step = lesson.step().map(|at| lesson.script().steps[at].id.clone());
        if self.state.step != step {
            self.state.step = step;
            self.shelf.tell_live(&self.state);
        }
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        self.state.is_over = true;
        self.shelf.tell_live(&self.state);
    }
}

/// Since 1970.
pub(super) fn now() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default()
}
