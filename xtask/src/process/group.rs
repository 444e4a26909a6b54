use std::io;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// A child that leads a process group of its own. Dropped before its end was waited for,
/// it is killed with all that it started.
pub(super) struct Group {
    child: Child,
    leader: Pid,
    status: Option<ExitStatus>,
}

impl Group {
    /// `child` must have been spawned with `process_group(0)`.
    pub(super) fn new(child: Child) -> Self {
        let leader = Pid::from_child(&child);
        Self {
            child,
            leader,
            status: None,
        }
    }

    /// How the child ended, once it has.
    pub(super) fn status(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.status.is_none() {
            self.status = self.child.try_wait()?;
        }
        Ok(self.status)
    }

    /// Asks the whole group to end, calls `meanwhile` while it does, and kills what is left
    /// of it after `grace`.
    pub(super) fn end(&mut self, grace: Duration, mut meanwhile: impl FnMut()) -> io::Result<()> {
        let deadline = Instant::now() + grace;
        // An error here means that there is no one left to ask.
        let _ = kill_process_group(self.leader, Signal::INT);
        while self.is_alive()? && Instant::now() < deadline {
            meanwhile();
        }
        let _ = kill_process_group(self.leader, Signal::KILL);
        if self.status.is_none() {
            self.status = Some(self.child.wait()?);
        }
        Ok(())
    }

    fn is_alive(&mut self) -> io::Result<bool> {
        Ok(self.status()?.is_none() || test_kill_process_group(self.leader).is_ok())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let (None, Ok(None)) = (self.status, self.child.try_wait()) {
            let _ = kill_process_group(self.leader, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}
