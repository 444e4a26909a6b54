//! The warm lab against the script that a user would write: both build, run both images and
//! tell their sizes, and nothing skips its build. And an unchanged rerun over 21 services that
//! have three images, against one over three services.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "it starts peers as a shell would"
)]

mod pairs;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use self::pairs::{choice, in_turn, is_here, load, median, quiet, run};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

fn main() {
    load();
    let [help] = in_turn(21, [Some(&|| run(XTASK, &["--help"]))]);
    help.alone("0.01 s", "xtask --help");
    if !is_here("docker", "version") {
        return;
    }
    let rounds = choice("LAB_BENCH_ROUNDS", "9").parse().unwrap_or(9);
    let ours = || run(XTASK, &["lab", "ex08", "--lang", "en"]);
    ours();
    let lines = (0..rounds).map(|_| first_line().as_secs_f64());
    let line = median(lines.collect());
    println!("{line:>7.4} s (at most 0.2 s): first line of the lab on stderr");
    let with_v1 = || script("docker-compose", &[]);
    let with_v2 = || script("docker", &["compose"]);
    let has_v1 = is_here("docker-compose", "version");
    let has_v2 = has_plugin();
    let [ours, v1, v2] = in_turn(
        rounds,
        [
            Some(&ours as &dyn Fn()),
            has_v1.then_some(&with_v1),
            has_v2.then_some(&with_v2),
        ],
    );
    ours.to(
        &v1,
        "0.8",
        "the warm lab, to the script with docker-compose",
    );
    ours.to(
        &v2,
        "0.8",
        "the warm lab, to the script with docker compose",
    );
    shared(rounds);
    load();
}

/// Names of the images that the services share.
const SHARED: [&str; 3] = ["web", "worker", "cron"];

/// Nothing changed: 21 services of three images, and three services.
fn shared(rounds: usize) {
    let directory = tempfile::tempdir().expect("there is room for a few files");
    let root = directory.path();
    for name in SHARED {
        let context = root.join(name);
        fs::create_dir(&context).expect("it is new");
        fs::write(context.join("Dockerfile"), "FROM scratch\nCOPY . /\n").expect("there is room");
        for at in 0..200 {
            let text = format!("{name} {at} ").repeat(500);
            fs::write(context.join(at.to_string()), text).expect("there is room");
        }
    }
    let project = |each: usize| {
        let mut text = "services:\n".to_owned();
        for (name, at) in SHARED
            .iter()
            .flat_map(|name| (0..each).map(move |at| (name, at)))
        {
            let image = format!("kit-bench:{each}-{name}-{at}");
            let build = format!("{{ build: ./{name}, image: \"{image}\" }}");
            text.push_str(&["  ", name, "-", &at.to_string(), ": ", &build, "\n"].concat());
        }
        let file = root.join(format!("compose-{each}.yaml"));
        fs::write(&file, text).expect("there is room");
        file
    };
    let (few, many) = (project(1), project(7));
    let lab = |file: &Path| {
        run(
            XTASK,
            &["lab", "--offline", "--file", &file.to_string_lossy()],
        );
    };
    let work = [Some(&(|| lab(&many)) as &dyn Fn()), Some(&|| lab(&few))];
    let [many, few] = in_turn(rounds, work);
    many.to(
        &few,
        "1.3",
        "an unchanged rerun over 21 services of three images, to one over 3",
    );
    for each in [1, 7] {
        for (name, at) in SHARED
            .iter()
            .flat_map(|name| (0..each).map(move |at| (name, at)))
        {
            run("docker", &["rmi", &format!("kit-bench:{each}-{name}-{at}")]);
        }
    }
}

fn has_plugin() -> bool {
    let told = quiet("docker", &["compose", "version"]).status();
    let here = told.is_ok_and(|status| status.success());
    if !here {
        println!("missing: `docker compose version` does not answer here");
    }
    here
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
