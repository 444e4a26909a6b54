use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::Duration;

use super::{Bytes, Incomparable};

/// Something that happened while the user waits. Rooms send, `term` shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A stage of the whole task began.
    Stage(Stage),
    /// A command of another program is about to run, as a person would type it, secrets
    /// redacted. Shown with `--verbose`.
    Command(String),
    /// What another program remarked in passing. Shown with `--verbose`.
    Remark(String),
    /// Where images are read from. Shown with `--verbose`.
    ReadFrom(ReadFrom),
    /// Something about the lab that is worth knowing before it is built.
    Note(Note),
    /// A command that changes this machine is about to run; always shown.
    Provision {
        command: String,
        reason: ProvisionReason,
    },
    /// Another program is about to ask something on the terminal: nothing is drawn there until
    /// the next event. [`Events::leave_terminal`] sends it.
    TerminalWanted(Asker),
    /// One line that a provisioning command or a pull printed.
    Progress(String),
    BuildStarted {
        variant: String,
    },
    /// `done` of `total` steps are over, `cached` of them at once; `instruction` is at work.
    BuildStep {
        variant: String,
        done: u32,
        total: Option<u32>,
        cached: u32,
        instruction: String,
    },
    /// The last line that the instruction at work printed, secrets redacted.
    BuildLog {
        variant: String,
        line: String,
    },
    BuildEnded {
        variant: String,
        success: bool,
        took: Duration,
        steps: u32,
        cached: u32,
    },
    ReadSoFar(ReadSoFar),
    RunStarted {
        variant: String,
    },
    Baseline(BaselineNews),
    RunEnded {
        variant: String,
        success: bool,
        took: Duration,
    },
}

/// How much of the images was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSoFar {
    pub bytes: Bytes,
    /// Not known before the end of a stream.
    pub total: Option<Bytes>,
    /// A large file that is being read.
    pub entry: Option<String>,
}

/// Waits until the event that holds it is dealt with and dropped.
#[derive(Clone, Debug)]
pub struct Asker(#[expect(dead_code, reason = "its drop is what is waited for")] Sender<()>);

impl PartialEq for Asker {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is worth knowing of a lab before it is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A service builds on the image of another, which is therefore built first.
    BuildsOn { service: String, other: String },
    /// Of several platforms, this one is built.
    OnePlatform { service: String, platform: String },
    /// Services behind a profile that is not active.
    Inactive { services: Vec<String> },
    /// Services that Compose leaves to a provider.
    Provided { services: Vec<String> },
    /// Texts of a lesson that are shown in English for want of the language.
    Untranslated { path: String, places: Vec<String> },
    /// The recorded results are of another base, and stand in for nothing. `again` is the
    /// command that records.
    OtherBase { recorded: String, again: String },
    /// Recorded results that can't be read.
    NoTwins { reason: String, again: String },
    /// The engine can't be used, and the command gives the lesson without it.
    Recorded { command: String },
    /// A recording was written.
    Written { path: PathBuf },
    /// The solution is the lab's own, and not somebody's submission.
    OwnSolution {
        service: String,
        dockerfile: String,
        lab: String,
    },
}

/// Where images of an engine are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFrom {
    /// The engine's own layer records in this directory.
    Records { root: PathBuf },
    /// The save stream, because the records can't be used.
    Stream { reason: String },
}

/// What became of the baseline's file, or should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaselineNews {
    Written {
        path: PathBuf,
    },
    /// It was not updated, for these variants failed.
    Kept {
        path: PathBuf,
        variants: Vec<String>,
    },
    /// What was there is of something else, and nothing was judged by it.
    Replaced {
        path: PathBuf,
        reason: Incomparable,
    },
    /// The one that a change brings can't be read, and accepts nothing.
    Unreadable {
        path: PathBuf,
    },
    /// Something is lighter; the command makes that the baseline.
    Lighter {
        command: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Looking for the engine and resolving the Compose file.
    Resolve,
    Pull {
        image: String,
    },
    Build,
    Run,
    Read,
    Provision,
}

/// Why a provisioning command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvisionReason {
    /// These packages of the distribution are not installed.
    Packages { names: Vec<String> },
    /// What is missing is not in the lists of packages that this machine has.
    PackageLists,
    /// The password that the other commands need.
    Password,
    /// The engine's daemon does not run.
    Daemon,
    /// This user may not speak to the daemon. Who is in group docker is as good as root.
    Group { user: String },
    /// The base is not in the engine's store.
    Base { image: String },
    /// No registry has it, so a stand-in is made.
    StandIn { instead_of: String },
}

/// Where events go. Sending never fails: with nobody to show them they are dropped.
#[derive(Clone, Debug, Default)]
pub struct Events(Option<Sender<Event>>);

impl Events {
    pub fn new(sender: Sender<Event>) -> Self {
        Self(Some(sender))
    }

    /// For tests and for whoever wants silence.
    pub fn nowhere() -> Self {
        Self(None)
    }

    pub fn send(&self, event: Event) {
        if let Some(sender) = &self.0 {
            let _ = sender.send(event);
        }
    }

    /// Comes back when nothing is drawn on the terminal any more, until the next event.
    pub fn leave_terminal(&self) {
        let (asker, left) = std::sync::mpsc::channel();
        self.send(Event::TerminalWanted(Asker(asker)));
        // Nothing is ever sent: the wait ends when the other end is dropped.
        let _ = left.recv();
    }
}
