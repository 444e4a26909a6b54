//! Ours and a peer's, timed in turn within one run, so that both meet the same machine.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "each benchmark is a crate of its own and takes what it needs"
)]

use std::env;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs both once unmeasured, then in pairs whose order alternates; prints the medians, and
/// the median of the pairs' ratios beside the most that it is to be.
pub fn compare(
    name: &str,
    rounds: usize,
    at_most: &str,
    mut ours: impl FnMut(),
    mut theirs: impl FnMut(),
) {
    ours();
    theirs();
    let mut pairs: Vec<(Duration, Duration)> = Vec::new();
    for round in 0..rounds {
        pairs.push(if round % 2 == 0 {
            let first = time(&mut ours);
            (first, time(&mut theirs))
        } else {
            let first = time(&mut theirs);
            (time(&mut ours), first)
        });
    }
    let ratios = pairs
        .iter()
        .map(|(ours, theirs)| ours.div_duration_f64(*theirs));
    let ratio = median(ratios.collect());
    let ours = median(pairs.iter().map(|pair| pair.0.as_secs_f64()).collect());
    let theirs = median(pairs.iter().map(|pair| pair.1.as_secs_f64()).collect());
    println!(
        "{ratio:>7.3} times the peer ({ours:.3} s to {theirs:.3} s; at most {at_most}): {name}"
    );
}

/// Prints the median time of several runs.
pub fn alone(name: &str, rounds: usize, at_most: &str, mut ours: impl FnMut() -> Duration) {
    let times = (0..rounds).map(|_| ours().as_secs_f64());
    let took = median(times.collect());
    println!("{took:>7.4} s (at most {at_most}): {name}");
}

pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
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
    let status = quiet(program, arguments).status();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "`{program} {}`: {status:?}",
        arguments.join(" ")
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
