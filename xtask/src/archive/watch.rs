use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::model::{ArchiveProblem, Bytes, Cancel, Event, Events, ReadSoFar};

/// How often it is said how much was read.
const INTERVAL: Duration = Duration::from_millis(100);

/// How long one wait for the bytes of a pipe takes before the signal is looked for again.
const PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// A file of so many bytes is named while it is read.
const LARGE: u64 = 64 << 20;

/// Tells the user how far reading has come, and learns from them whether to go on. Clones are
/// one watch.
#[derive(Clone)]
pub struct Watch(Arc<Shared>);

struct Shared {
    events: Events,
    cancel: Cancel,
    /// Bytes of the source that were read.
    read: AtomicU64,
    said: Mutex<Said>,
}

struct Said {
    at: Instant,
    /// How much there is to read in all, where that is known.
    total: Option<Bytes>,
    /// The large file that is being read.
    entry: Option<String>,
}

impl Watch {
    pub fn new(events: &Events, cancel: &Cancel) -> Self {
        Self(Arc::new(Shared {
            events: events.clone(),
            cancel: cancel.clone(),
            read: AtomicU64::new(0),
            said: Mutex::new(Said {
                at: Instant::now(),
                total: None,
                entry: None,
            }),
        }))
    }

    /// Says how much there is to read in all.
    pub(super) fn expect(&self, total: Bytes) {
        self.said().total = Some(total);
    }

    /// Says which file is being read, if it is a large one.
    pub(super) fn enter(&self, path: &[u8], bytes: u64) {
        if bytes >= LARGE {
            self.said().entry = Some(String::from_utf8_lossy(path).into_owned());
        }
    }

    /// The end of what [`enter`](Self::enter) began.
    pub(super) fn leave(&self, bytes: u64) {
        if bytes >= LARGE {
            self.said().entry = None;
        }
    }

    /// Bytes of the source that were read so far.
    pub(super) fn read(&self) -> u64 {
        self.0.read.load(Ordering::Relaxed)
    }

    /// Counts what was read.
    pub(super) fn passed(&self, bytes: usize) {
        self.0.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Asked in each read, and wherever else work goes on for long: fails once the user wants
    /// to stop. What it fails with is never shown, [`Watch::check`] is.
    pub(super) fn go_on(&self) -> io::Result<()> {
        if self.0.cancel.requested().is_some() {
            return Err(io::Error::other("cancelled"));
        }
        let mut said = self.said();
        if said.at.elapsed() >= INTERVAL {
            said.at = Instant::now();
            self.0.events.send(Event::ReadSoFar(ReadSoFar {
                bytes: Bytes(self.read()),
                total: said.total,
                entry: said.entry.clone(),
            }));
        }
        Ok(())
    }

    /// The problem to report where the user wanted to stop, whatever came of it.
    ///
    /// # Errors
    ///
    /// The signal that was sent.
    pub fn check(&self) -> Result<(), ArchiveProblem> {
        match self.0.cancel.requested() {
            Some(signal) => Err(ArchiveProblem::Cancelled(signal)),
            None => Ok(()),
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.0.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader that is counted, and ends once the user wants to stop.
pub(super) struct Watched<R> {
    reader: R,
    watch: Watch,
}

impl<R: Read> Watched<R> {
    pub(super) fn new(reader: R, watch: &Watch) -> Self {
        Self {
            reader,
            watch: watch.clone(),
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.watch.go_on()?;
        let count = self.reader.read(buffer)?;
        self.watch.passed(count);
        Ok(count)
    }
}

/// A file or named pipe. It is waited for in short turns, so that a pipe that says nothing can
/// be left; one that nobody has opened for writing is waited for in the same way.
pub(super) struct Patient {
    file: File,
    watch: Watch,
}

impl Patient {
    pub(super) fn open(path: &Path, watch: &Watch) -> io::Result<Self> {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(path)?;
        Ok(Self {
            file,
            watch: watch.clone(),
        })
    }

    fn wait(&self) -> io::Result<()> {
        loop {
            self.watch.go_on()?;
            let mut polled = [PollFd::new(&self.file, PollFlags::IN)];
            match poll(&mut polled, Some(&PATIENCE)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.wait()?;
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}
