use std::collections::VecDeque;

use crate::process::Lines;

/// Lines that are kept of a step's log.
const KEPT: usize = 200;

/// One thing that the builder does. Most are instructions; others load a context or export
/// the image.
#[derive(Debug, Default)]
pub(in crate::engine) struct Step {
    /// The instruction as the builder shows it, without the stage and number before it.
    pub(in crate::engine) instruction: String,
    pub(super) place: Option<Place>,
    pub(super) state: State,
    pub(in crate::engine) error: Option<String>,
    pub(in crate::engine) log: Log,
}

/// Where an instruction stands among those of its stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The stage as the builder names it; empty where it names none.
    pub(super) stage: String,
    /// 1-based, `FROM` included.
    pub(super) index: u32,
    pub(super) total: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Waiting,
    Running,
    Done,
    Cached,
}

impl Step {
    /// Of a name such as `[build 3/5] RUN make`.
    pub(super) fn named(name: &str) -> Self {
        let placed = || {
            let (bracket, instruction) = name.strip_prefix('[')?.split_once("] ")?;
            let (stage, numbers) = bracket.rsplit_once(' ').unwrap_or(("", bracket));
            let (index, total) = numbers.split_once('/')?;
            let place = Place {
                stage: stage.to_owned(),
                index: index.parse().ok()?,
                total: total.parse().ok()?,
            };
            Some((place, instruction.to_owned()))
        };
        let (place, instruction) = match placed() {
            Some((place, instruction)) => (Some(place), instruction),
            None => (None, name.to_owned()),
        };
        Self {
            instruction,
            place,
            ..Self::default()
        }
    }

    /// Whether it counts as a step: an instruction that makes or changes something. `FROM`
    /// only says where to begin.
    pub(super) fn is_counted(&self) -> bool {
        self.place.is_some() && !self.is_from()
    }

    /// BuildKit has steps of its own: it loads contexts and metadata and exports the image.
    /// It writes keywords in upper case; the classic builder leaves them as they are, and
    /// numbers every step.
    pub(in crate::engine) fn is_instruction(&self) -> bool {
        let word = self.instruction.split_whitespace().next().unwrap_or("");
        let is_upper = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        self.place.is_some() || is_upper
    }

    pub(super) fn is_from(&self) -> bool {
        let word = self.instruction.split_whitespace().next();
        word.is_some_and(|word| word.eq_ignore_ascii_case("FROM"))
    }

    /// Whether an error that repeats the command of a RUN, as `executor failed running
    /// [/bin/sh -c make]: exit code: 2` does, is of this one. Newer builders quote it.
    pub(super) fn is_repeated_in(&self, message: &str) -> bool {
        let Some(mut command) = self.instruction.strip_prefix("RUN ") else {
            return false;
        };
        while let Some((flag, rest)) = command.split_once(' ')
            && flag.starts_with("--")
        {
            command = rest.trim_start();
        }
        let quoted = command.replace('\\', "\\\\").replace('"', "\\\"");
        message.contains(&format!(" {command}]: "))
            || message.contains(&format!(" {quoted}\" did not complete successfully: "))
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, State::Done | State::Cached)
    }
}

/// The end of what a step printed.
#[derive(Debug, Default)]
pub(in crate::engine) struct Log {
    pending: Lines,
    last: VecDeque<String>,
    /// A line said that the disk is full. The exit code of a program tells nothing of it.
    pub(in crate::engine) is_disk_full: bool,
    /// The first line that said that there is no network.
    pub(in crate::engine) offline: Option<String>,
}

impl Log {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let mut complete = Vec::new();
        self.pending
            .feed(bytes, &mut |line| complete.push(line.to_owned()));
        for line in complete {
            self.push(line);
        }
    }

    pub(super) fn push(&mut self, line: String) {
        self.is_disk_full |= says_disk_full(&line);
        if self.offline.is_none() && says_offline(&line) {
            self.offline = Some(line.clone());
        }
        if self.last.len() == KEPT {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    pub(super) fn finish(&mut self) {
        let mut rest = None;
        self.pending
            .finish(&mut |line| rest = Some(line.to_owned()));
        if let Some(line) = rest {
            self.push(line);
        }
    }

    pub(super) fn last_line(&self) -> Option<&str> {
        self.last.back().map(String::as_str)
    }

    /// The last lines, oldest first.
    pub(in crate::engine) fn lines(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}

/// What programs that fetch print where no name can be resolved or nothing can be reached. A
/// server that answers with an error is none of these.
const OFFLINE: [&str; 14] = [
    // glibc, so apt, pip, curl, git and many more.
    "temporary failure resolving",
    "temporary failure in name resolution",
    "network is unreachable",
    "no route to host",
    // apt, curl.
    "could not resolve host",
    "could not resolve '",
    // pip.
    "failed to establish a new connection",
    // apk.
    "dns lookup error",
    "dns: transient error",
    "network error (check internet connection and firewall)",
    "temporary error (try again later)",
    // wget, and busybox's.
    "unable to resolve host address",
    "wget: bad address",
    // npm.
    "getaddrinfo eai_again",
];

fn says_offline(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    OFFLINE.iter().any(|sign| text.contains(sign))
}

/// In the words of the system's own message for ENOSPC, whoever prints it.
pub(in crate::engine) fn says_disk_full(text: &str) -> bool {
    text.to_ascii_lowercase()
        .contains("no space left on device")
}
