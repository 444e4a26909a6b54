use crate::model::{Cancel, Events};
use crate::term::Terminal;

/// What every task is given.
pub(super) struct Context {
    pub(super) terminal: Terminal,
    pub(super) events: Events,
    pub(super) cancel: Cancel,
}

/// How a task ended, and what it has to say on standard output once the bars are gone.
pub(super) struct Ended {
    pub(super) exit_code: u8,
    pub(super) report: Option<super::publish::Text>,
}
