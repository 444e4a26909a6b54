use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::group::Group;
use crate::model::{Cancel, ProcessProblem};

/// How long a wait lasts before the child, the deadline and the user are looked at again.
const TICK: Duration = Duration::from_millis(20);

/// What a child that has exited may still have to say: something that it left running may
/// hold its output open for ever.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The most that [`Process::output`] keeps of each stream.
const OUTPUT_CAP: usize = 16 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// A program that is about to be run. It never sees the terminal: its input is empty or
/// given, and a key typed at the terminal does not reach it.
#[derive(Debug)]
pub struct Process {
    command: Command,
    program: String,
    input: Option<Vec<u8>>,
    limit: Option<Duration>,
    first_output: Option<Duration>,
    grace: Duration,
}

/// How a program ended and what it wrote, each stream up to 16 MiB.
#[derive(Debug)]
pub struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Process {
    /// Of `Command::from(xshell::cmd!(…))`. The command's own input and output are replaced.
    pub fn new(command: Command) -> Self {
        Self {
            program: command.get_program().to_string_lossy().into_owned(),
            command,
            input: None,
            limit: None,
            first_output: None,
            grace: Duration::from_secs(1),
        }
    }

    /// What the program reads from its standard input.
    #[must_use]
    pub fn input(mut self, bytes: Vec<u8>) -> Self {
        self.input = Some(bytes);
        self
    }

    /// The longest that the program may take.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The longest that the program may take to write anything at all, or to end.
    #[must_use]
    pub fn first_output(mut self, limit: Duration) -> Self {
        self.first_output = Some(limit);
        self
    }

    /// How long the program has between being asked to end (SIGINT) and being killed: 1 s
    /// unless said otherwise.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Runs it to its end and gives each piece of its output to `sink`, in the order of each
    /// stream. Cancelled or too late, the program and all that it started are ended first.
    ///
    /// What the program leaves running when it ends by itself is left alone.
    pub fn run(
        mut self,
        cancel: &Cancel,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<ExitStatus, ProcessProblem> {
        if let Some(signal) = cancel.requested() {
            return Err(ProcessProblem::Cancelled(signal));
        }
        let mut child = self.spawn()?;
        let mut pipes = Pipes::of(&mut child);
        let mut group = Group::new(child);
        let began = Instant::now();
        let mut silent = true;
        let mut exited: Option<Instant> = None;
        loop {
            if let Some(problem) = self.why_stop(cancel, began, silent) {
                let _ = group.end(self.grace, || {
                    let _ = pipes.drain(&mut |_, _| ());
                });
                return Err(problem);
            }
            let got = pipes
                .drain(&mut |stream, bytes| {
                    silent = false;
                    sink(stream, bytes);
                })
                .map_err(|source| self.lost(source))?;
            let Some(status) = group.status().map_err(|source| self.lost(source))? else {
                continue;
            };
            let known = exited.is_some();
            let since = exited.get_or_insert_with(Instant::now).elapsed();
            if !pipes.are_open() || (known && !got) || since >= LAST_WORDS {
                return Ok(status);
            }
        }
    }

    /// Runs it to its end and keeps what it wrote.
    pub fn output(self, cancel: &Cancel) -> Result<Output, ProcessProblem> {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let status = self.run(cancel, &mut |stream, bytes| {
            let kept = match stream {
                Stream::Stdout => &mut stdout,
                Stream::Stderr => &mut stderr,
            };
            let room = OUTPUT_CAP.saturating_sub(kept.len());
            kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        })?;
        Ok(Output {
            status,
            stdout,
            stderr,
        })
    }

    fn spawn(&mut self) -> Result<Child, ProcessProblem> {
        let input = match &self.input {
            None => Stdio::null(),
            Some(bytes) => file_of(bytes).map_err(|source| self.lost(source))?.into(),
        };
        self.command
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|source| ProcessProblem::Spawn {
                program: self.program.clone(),
                source,
            })
    }

    fn why_stop(&self, cancel: &Cancel, began: Instant, silent: bool) -> Option<ProcessProblem> {
        if let Some(signal) = cancel.requested() {
            return Some(ProcessProblem::Cancelled(signal));
        }
        let first_output = self.first_output.filter(|_| silent);
        let limit = [self.limit, first_output].into_iter().flatten().min()?;
        (began.elapsed() >= limit).then(|| ProcessProblem::TimedOut {
            program: self.program.clone(),
            limit,
        })
    }

    fn lost(&self, source: io::Error) -> ProcessProblem {
        ProcessProblem::Io {
            program: self.program.clone(),
            source,
        }
    }
}

/// A nameless file with `bytes` in it, at its start: unlike a pipe it can't fill up while
/// the program waits for its output to be read.
fn file_of(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

/// A child's two output streams, read by one thread.
struct Pipes {
    open: Vec<(Stream, File)>,
    buffer: Vec<u8>,
}

impl Pipes {
    fn of(child: &mut Child) -> Self {
        let stdout = child.stdout.take().map(OwnedFd::from);
        let stderr = child.stderr.take().map(OwnedFd::from);
        let open = [(Stream::Stdout, stdout), (Stream::Stderr, stderr)]
            .into_iter()
            .filter_map(|(stream, end)| Some((stream, File::from(end?))))
            .collect();
        Self {
            open,
            buffer: vec![0; 64 * 1024],
        }
    }

    fn are_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Waits at most [`TICK`] for output and gives what is there; false when nothing came.
    fn drain(&mut self, sink: &mut dyn FnMut(Stream, &[u8])) -> io::Result<bool> {
        let mut got = false;
        for index in self.readable()?.into_iter().rev() {
            let (stream, pipe) = &mut self.open[index];
            match pipe.read(&mut self.buffer) {
                Ok(0) => {
                    self.open.remove(index);
                }
                Ok(length) => {
                    sink(*stream, &self.buffer[..length]);
                    got = true;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
        Ok(got)
    }

    /// The places in `open` of the pipes that can be read without waiting.
    fn readable(&self) -> io::Result<Vec<usize>> {
        let mut waiting: Vec<_> = self
            .open
            .iter()
            .map(|(_, pipe)| PollFd::new(pipe, PollFlags::IN))
            .collect();
        // Both streams closed: the child is about to end, and a tick would be felt.
        let tick = if waiting.is_empty() { TICK / 20 } else { TICK };
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: i64::from(tick.subsec_nanos()),
        };
        match poll(&mut waiting, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => (),
            Err(error) => return Err(error.into()),
        }
        let ready = waiting.iter().enumerate();
        Ok(ready
            .filter(|(_, pipe)| !pipe.revents().is_empty())
            .map(|(index, _)| index)
            .collect())
    }
}
