use std::io;
use std::time::{Duration, Instant};

use crate::model::{ArchiveProblem, Bytes, Cancel, Event, Events};

/// How often it is said how much was read.
const INTERVAL: Duration = Duration::from_millis(100);

/// Tells the user how far reading has come, and learns from them whether to go on.
pub struct Watch<'a> {
    events: &'a Events,
    cancel: &'a Cancel,
    read: u64,
    total: Option<Bytes>,
    told: Instant,
}

impl<'a> Watch<'a> {
    pub fn new(events: &'a Events, cancel: &'a Cancel) -> Self {
        Self {
            events,
            cancel,
            read: 0,
            total: None,
            told: Instant::now(),
        }
    }

    /// Says how much there is to read in all, where that is known.
    pub(super) fn of(mut self, total: Option<Bytes>) -> Self {
        self.total = total;
        self
    }

    pub(super) fn cancel(&self) -> &'a Cancel {
        self.cancel
    }

    /// Counts what was read; fails once the user wants to stop.
    pub(super) fn passed(&mut self, bytes: usize) -> io::Result<()> {
        go_on(self.cancel)?;
        self.read += bytes as u64;
        if self.told.elapsed() >= INTERVAL || bytes == 0 {
            self.told = Instant::now();
            self.events.send(Event::ReadSoFar {
                bytes: Bytes(self.read),
                total: self.total,
            });
        }
        Ok(())
    }

    /// The problem to report where the user wanted to stop, whatever came of it.
    pub(super) fn check(&self) -> Result<(), ArchiveProblem> {
        match self.cancel.requested() {
            Some(signal) => Err(ArchiveProblem::Cancelled(signal)),
            None => Ok(()),
        }
    }
}

/// Ends a read in the middle. What it ends with is never shown: [`Watch::check`] is.
pub(super) fn go_on(cancel: &Cancel) -> io::Result<()> {
    match cancel.requested() {
        Some(_) => Err(io::Error::other("cancelled")),
        None => Ok(()),
    }
}
