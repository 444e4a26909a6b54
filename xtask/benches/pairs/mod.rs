//! Ours and its peers, run in turn within one run, so that all meet the same machine.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "each benchmark is a crate of its own and takes what it needs"
)]

use std::env;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What something took of the clock, and of the processors here: an engine's work for it is
/// not in that.
#[derive(Clone, Copy)]
pub struct Cost {
    pub wall: Duration,
    pub cpu: Duration,
}

/// What each round took. Empty where the program is missing.
pub struct Costs(Vec<Cost>);

/// Runs each once unmeasured, then all in turn, each round from another one on.
pub fn in_turn<const N: usize>(rounds: usize, work: [Option<&dyn Fn()>; N]) -> [Costs; N] {
    let mut costs = [const { Costs(Vec::new()) }; N];
    work.iter().flatten().for_each(|work| work());
    for round in 0..rounds {
        for at in (0..N).map(|at| (at + round) % N) {
            costs[at].0.extend(work[at].map(cost));
        }
    }
    costs
}

impl Costs {
    /// Prints the medians of both, and the median of the rounds' ratios with the lowest and
    /// the highest, beside the most that it is to be. Nothing where the peer is missing.
    pub fn to(&self, peer: &Self, at_most: &str, name: &str) {
        let rounds = self.0.iter().zip(&peer.0);
        let ratios = rounds.map(|(ours, peer)| ours.wall.div_duration_f64(peer.wall));
        let mut ratios: Vec<f64> = ratios.collect();
        ratios.sort_by(f64::total_cmp);
        let [Some(low), Some(high)] = [ratios.first(), ratios.last()] else {
            return;
        };
        println!(
            "{:>7.3} times the peer ({low:.3} to {high:.3}; at most {at_most}): {name}; \
             {:.3} s to {:.3} s, CPU {:.2} s to {:.2} s",
            median(ratios.clone()),
            self.wall(),
            peer.wall(),
            self.cpu(),
            peer.cpu(),
        );
    }

    /// Prints the median time.
    pub fn alone(&self, at_most: &str, name: &str) {
        let (wall, cpu) = (self.wall(), self.cpu());
        println!("{wall:>7.4} s (at most {at_most}): {name}; CPU {cpu:.3} s");
    }

    pub fn wall(&self) -> f64 {
        median(self.0.iter().map(|cost| cost.wall.as_secs_f64()).collect())
    }

    /// The mean, for the system counts a hundredth of a second at a time.
    #[expect(clippy::cast_precision_loss, reason = "there are few rounds")]
    fn cpu(&self) -> f64 {
        let all: Duration = self.0.iter().map(|cost| cost.cpu).sum();
        all.as_secs_f64() / self.0.len() as f64
    }
}

fn cost(work: &dyn Fn()) -> Cost {
    let before = processors();
    let wall = time(work);
    Cost {
        wall,
        cpu: processors().saturating_sub(before),
    }
}

/// What this process and the children it has waited for took of the processors.
fn processors() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    // proc(5): utime, stime, cutime and cstime are its fields 14 to 17, in hundredths.
    let fields = after_name.split_whitespace().skip(11).take(4);
    let hundredths = fields.filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(hundredths.sum::<u64>() * 10)
}

pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What a figure is worth depends on how busy the machine is; called before and after.
pub fn load() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    println!("machine: {cores} cores, load {load}");
}

/// Whether a program answers here; says so where it does not.
pub fn is_here(program: &str, argument: &str) -> bool {
    let silent = quiet(program, &[argument]).status();
    let here = silent.is_ok_and(|status| status.success());
    if !here {
        println!("missing: `{program} {argument}` does not answer here");
    }
    here
}

/// Runs a program to its end without a word. A failure would be a time of nothing, so it ends
/// the benchmark.
pub fn run(program: &str, arguments: &[&str]) {
    to_end(&mut quiet(program, arguments));
}

pub fn to_end(command: &mut Command) {
    let status = command.status();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "{command:?}: {status:?}"
    );
}

pub fn quiet(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// What an environment variable says, or what is taken otherwise.
pub fn choice(variable: &str, otherwise: &str) -> String {
    env::var(variable).unwrap_or_else(|_| otherwise.to_owned())
}
