//! What an adversary can make of a source: each input ends in time, in little memory, with an
//! exit code of the kit's own.

mod bombs;
mod dockerfiles;
mod mutated;
mod mutation;
mod rare;
mod reports;
mod stalled;

use std::fs;
use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What nothing under 10 MB may cost, whatever is in it.
pub(crate) const STATED: Limits = Limits {
    time: Duration::from_secs(10),
    kilobytes: 200_000,
};

/// Time is the processor's, so that a busy machine is no failure.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    pub(crate) kilobytes: u64,
}

/// How a run of the kit ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) cost: Cost,
}

/// What a run took, of the processor and of memory.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) time: Duration,
    pub(crate) kilobytes: u64,
}

impl Cost {
    /// The more of each.
    fn max(self, other: Self) -> Self {
        Self {
            time: self.time.max(other.time),
            kilobytes: self.kilobytes.max(other.kilobytes),
        }
    }
}

/// The kit's own program, in English and without colours.
#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
pub(crate) fn kit(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env("LC_ALL", "C").env("COLUMNS", "80").args(words);
    command
}

/// Runs a command and fails if it takes more than the limits.
pub(crate) fn within(limits: Limits, mut command: Command) -> Ended {
    command.stdin(Stdio::null());
    watched(limits, command, Vec::new())
}

/// The same with these bytes on its standard input, through a pipe.
pub(crate) fn piped(limits: Limits, mut command: Command, bytes: Vec<u8>) -> Ended {
    command.stdin(Stdio::piped());
    watched(limits, command, bytes)
}

fn watched(limits: Limits, mut command: Command, bytes: Vec<u8>) -> Ended {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    if let Some(mut stdin) = child.stdin.take() {
        // A reader that has seen enough goes away.
        thread::spawn(move || drop(stdin.write_all(&bytes)));
    }
    let read = |mut pipe: Box<dyn Read + Send>| {
        thread::spawn(move || {
            let mut all = Vec::new();
            pipe.read_to_end(&mut all).unwrap();
            String::from_utf8(all).unwrap()
        })
    };
    let stdout = read(Box::new(child.stdout.take().unwrap()));
    let stderr = read(Box::new(child.stderr.take().unwrap()));
    let (start, mut cost) = (Instant::now(), Cost::default());
    let mut pause = Duration::from_millis(2);
    let status = loop {
        cost = cost.max(cost_of(&child));
        let is_late = cost.time > limits.time || start.elapsed() > PATIENCE * limits.time;
        if is_late || cost.kilobytes > limits.kilobytes {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("after {:?}: {cost:?}", start.elapsed());
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(20));
    };
    Ended {
        code: status.code(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
        cost,
    }
}

/// By how much a run that waits for the processor may be longer than its time there.
const PATIENCE: u32 = 12;

/// What it has taken so far, with the programs that it has waited for.
fn cost_of(child: &Child) -> Cost {
    let read = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id()));
    let status = read("status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let digits = line.and_then(|line| line.trim().strip_suffix(" kB"));
    // The fields after the name, from the third: 14 to 17 are times in hundredths of a second.
    let stat = read("stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let times = fields.split_whitespace().skip(11).take(4);
    let hundredths: u64 = times.filter_map(|it| it.parse::<u64>().ok()).sum();
    Cost {
        time: Duration::from_millis(10 * hundredths),
        kilobytes: digits.and_then(|it| it.trim().parse().ok()).unwrap_or(0),
    }
}
