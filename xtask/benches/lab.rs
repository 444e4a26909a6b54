//! The warm lab against the script that a user would write: both build, run both images and
//! tell their sizes, and nothing skips its build.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "it starts peers as a shell would"
)]

mod pairs;

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use self::pairs::{alone, choice, compare, is_here, quiet, run};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

fn main() {
    alone("xtask --help", 21, "0.01 s", || {
        pairs::time(|| run(XTASK, &["--help"]))
    });
    if !is_here("docker", "version") {
        return;
    }
    let rounds = choice("LAB_BENCH_ROUNDS", "9").parse().unwrap_or(9);
    let ours = || run(XTASK, &["lab", "ex08", "--lang", "en"]);
    ours();
    alone(
        "first line of the lab on stderr",
        rounds,
        "0.2 s",
        first_line,
    );
    if is_here("docker-compose", "version") {
        let theirs = || script("docker-compose", &[]);
        compare(
            "warm lab, script with docker-compose",
            rounds,
            "0.8",
            ours,
            theirs,
        );
    }
    let plugin = quiet("docker", &["compose", "version"]).status();
    if plugin.is_ok_and(|status| status.success()) {
        let theirs = || script("docker", &["compose"]);
        compare(
            "warm lab, script with docker compose",
            rounds,
            "0.8",
            ours,
            theirs,
        );
    } else {
        println!("missing: `docker compose version` does not answer here");
    }
}

fn script(compose: &str, first: &[&str]) {
    run(compose, &[first, &["build", "single", "multi"]].concat());
    for image in ["ex08:single", "ex08:multi"] {
        run("docker", &["run", "--rm", "--network", "none", image]);
    }
    run("docker", &["images", "ex08"]);
}

/// From the start of the process to its first line of progress.
fn first_line() -> Duration {
    let start = Instant::now();
    let mut lab = quiet(XTASK, &["lab", "ex08", "--lang", "en"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was built beside this benchmark");
    let mut said = BufReader::new(lab.stderr.take().expect("it is piped"));
    let mut line = String::new();
    said.read_line(&mut line).expect("progress is UTF-8");
    let took = start.elapsed();
    std::io::copy(&mut said, &mut std::io::sink()).expect("it ends");
    lab.wait().expect("it ends");
    took
}
