//! Thousands of changed inputs for each surface: every one ends with exit code 0, 1 or 2, in
//! time and in little memory.
//!
//! A few of each run with every test, always the same ones. All of them:
//!
//! ```sh
//! KIT_MUTATIONS=10000 cargo test --test it mutated -- --include-ignored --test-threads 1
//! ```
//!
//! `KIT_SEED=2` gives others. A failure names the number of its input, and keeps it.

mod jobs;
mod zip;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use xtask::lab::{Resolved, Selection};
use xtask::model::Format;

use super::mutation::{self, Chance};
use super::{Cost, Ended, STATED, kit, piped, within};
use crate::archive::sign;
use crate::ci;
use crate::images::{Layout, Packing, file, image, layer, members};

/// How many of a surface run with every test.
const FEW: u64 = 40;

/// As many as were asked for. Without that, a slow surface takes one in `slow` of the few.
fn count(slow: u64) -> u64 {
    let asked = std::env::var("KIT_MUTATIONS").ok();
    asked.map_or(FEW / slow, |it| it.parse().unwrap())
}

/// The slowest and the largest run, with the numbers of their inputs.
#[derive(Debug, Default)]
struct Worst {
    slowest: (Duration, u64),
    largest: (u64, u64),
}

/// Tries each input by its number, on two threads, each with a place and a directory of its
/// own. `each` gives what its runs took.
#[expect(clippy::print_stderr, reason = "the figures of a long run")]
fn all<P>(
    surface: &str,
    slow: u64,
    place: impl Fn() -> P + Sync,
    each: impl Fn(u64, &mut Chance, &Path, &P) -> Cost + Sync,
) {
    let seed = std::env::var("KIT_SEED").map_or(1, |it| it.parse().unwrap());
    let (next, started) = (AtomicU64::new(0), Instant::now());
    let worst = Mutex::new(Worst::default());
    let some = || {
        let (directory, place) = (tempfile::tempdir().unwrap(), place());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count(slow) {
                return;
            }
            let mut chance = Chance::new(seed, number);
            let tried = || each(number, &mut chance, directory.path(), &place);
            let cost = catch_unwind(AssertUnwindSafe(tried)).unwrap_or_else(|panic| {
                let kept = directory.path().with_extension("kept");
                fs::rename(directory.path(), &kept).unwrap();
                eprintln!(
                    "{surface}, seed {seed}, number {number}: see {}",
                    kept.display()
                );
                // The other thread ends too.
                next.store(u64::MAX / 2, Ordering::Relaxed);
                std::panic::resume_unwind(panic);
            });
            let mut worst = worst.lock().unwrap();
            worst.slowest = worst.slowest.max((cost.time, number));
            worst.largest = worst.largest.max((cost.kilobytes, number));
            if (number + 1).is_multiple_of(1_000) {
                eprintln!("{surface}: {} in {:?}", number + 1, started.elapsed());
            }
        }
    };
    thread::scope(|scope| {
        let beside = scope.spawn(some);
        some();
        beside.join().unwrap();
    });
    let Worst { slowest, largest } = worst.into_inner().unwrap();
    eprintln!(
        "{surface}: {} inputs in {:?}; slowest {:?} (number {}), largest {} kB (number {})",
        count(slow),
        started.elapsed(),
        slowest.0,
        slowest.1,
        largest.0,
        largest.1,
    );
}

/// Checks how the kit ended. If it refused, it says why and prints nothing.
fn checked(ended: Ended) -> Ended {
    assert!(matches!(ended.code, Some(0..=2)), "{ended:?}");
    if ended.code == Some(2) {
        assert!(ended.stdout.is_empty(), "{ended:?}");
        let is_said = ["error: ", "erreur\u{a0}: "]
            .iter()
            .any(|it| ended.stderr.contains(it));
        assert!(is_said, "{ended:?}");
    }
    assert!(ended.stderr.len() < 20_000, "{} bytes", ended.stderr.len());
    ended
}

fn ran(words: &[&str]) -> Ended {
    checked(within(STATED, kit(words)))
}

/// Where the surface needs nothing that is prepared.
fn nothing() {}

fn put(directory: &Path, name: &str, bytes: &[u8]) -> String {
    let path = directory.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The files below a directory of this repository.
fn seeds(directory: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let files = fs::read_dir(root).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    files
        .into_iter()
        .map(|file| fs::read(file).unwrap())
        .collect()
}

/// What a report of an image holds, without where it was read from.
fn figures(ended: &Ended) -> Value {
    let mut report: Value = serde_json::from_str(&ended.stdout).unwrap();
    report.as_object_mut().unwrap().remove("source");
    report
}

/// A file and a pipe must agree.
#[test]
fn archives() {
    let seeds = seeds("tests/data/archives");
    let agreed = AtomicU64::new(0);
    all("archives", 1, nothing, |number, chance, directory, ()| {
        let mut archive = mutation::bytes(&seeds, chance);
        if number.is_multiple_of(3) && archive.len() < 100_000 {
            (0..3).for_each(|_| sign::rename(&mut archive));
        }
        if !number.is_multiple_of(4) {
            sign::sign(&mut archive);
        }
        let path = put(directory, "image.tar", &archive);
        let words = ["layers", &path, "--format", "json"];
        if number.is_multiple_of(2) {
            return ran(&words).cost;
        }
        let file = ran(&[&words[..], &["--verify"]].concat());
        let pipe = kit(&["layers", "/dev/stdin", "--format", "json"]);
        let pipe = checked(piped(STATED, pipe, archive));
        if file.code == Some(0) && pipe.code == Some(0) {
            assert_eq!(figures(&file), figures(&pipe));
            agreed.fetch_add(1, Ordering::Relaxed);
        }
        file.cost.max(pipe.cost)
    });
    let agreed = agreed.into_inner();
    assert!(agreed >= count(1) / 1_000, "{agreed} compared");
}

fn report() -> Value {
    serde_json::from_slice(&ci::sample(Format::Json)).unwrap()
}

/// Bytes or values are changed, by turns.
fn changed(number: u64, seeds: &[Value], chance: &mut Chance) -> Vec<u8> {
    if !number.is_multiple_of(4) {
        return mutation::json(seeds, chance);
    }
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|it| it.to_string().into_bytes()).collect();
    mutation::bytes(&seeds, chance)
}

const SARIF: &str = include_str!("../../data/sarif-2.1.0.schema.json");

#[test]
fn reports() {
    let seeds = [report()];
    let honest = report().to_string();
    // The standard's own pattern of a language has a bracket too many.
    let schema = SARIF.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let sarif = jsonschema::validator_for(&schema).unwrap();
    all("reports", 1, nothing, |number, chance, directory, ()| {
        let path = put(directory, "report.json", &changed(number, &seeds, chance));
        let other = put(directory, "other.json", honest.as_bytes());
        let format = *chance.one(&crate::FORMATS);
        let mut words = vec!["report", &path, "--format", format];
        match number % 5 {
            0 => words.push("--rejudge"),
            1 => words.push(&other),
            2 => words.extend(["--lang", "fr"]),
            _ => {}
        }
        let ended = ran(&words);
        if ended.code == Some(2) {
            return ended.cost;
        }
        let printed = ended.stdout;
        match format {
            "sarif" => {
                let printed: Value = serde_json::from_str(&printed).unwrap();
                let wrong: Vec<_> = sarif
                    .iter_errors(&printed)
                    .map(|it| it.to_string())
                    .collect();
                assert!(wrong.is_empty(), "{wrong:?}");
            }
            "json" | "bencher" => drop(serde_json::from_str::<Value>(&printed).unwrap()),
            _ => assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{format}"),
        }
        ended.cost
    });
}

#[test]
fn baselines() {
    let seeds = [report()];
    let honest = report().to_string();
    all("baselines", 1, nothing, |number, chance, directory, ()| {
        let baseline = put(directory, "base.json", &changed(number, &seeds, chance));
        let report = put(directory, "report.json", honest.as_bytes());
        let mut words = vec!["report", &report, "--baseline", &baseline];
        match number % 3 {
            0 => words.extend(["--policy", "baseline"]),
            1 => words.extend(["--proposed-baseline", &baseline, "--accept", "baseline"]),
            _ => {}
        }
        words.extend(["--format", *chance.one(&crate::FORMATS)]);
        ran(&words).cost
    });
}

#[test]
fn dockerfiles() {
    let seeds: Vec<Vec<u8>> = [
        "Dockerfile.single",
        "Dockerfile.multi",
        "lab/ex08/ladder/Dockerfile",
    ]
    .into_iter()
    .map(|file| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap())
    .collect();
    let image = image("a:b", vec![layer(&[file("a", b"x")])]);
    let archive = members(&[image], Layout::Docker20, Packing::Plain).tar();
    all("Dockerfiles", 1, nothing, |_, chance, directory, ()| {
        let dockerfile = put(directory, "Dockerfile", &mutation::bytes(&seeds, chance));
        let archive = put(directory, "image.tar", &archive);
        let words = ["layers", &archive, "--dockerfile", &dockerfile];
        ran(&[&words[..], &["--format", "json"]].concat()).cost
    });
}

/// Compose resolves a file on the way to the kit, so what it prints is changed here. It is read
/// and selected from by [`one_resolved_text`], in a process that has the limits.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
fn resolved_compose_text() {
    let seeds = seeds("tests/data/compose");
    let read = AtomicU64::new(0);
    let this = std::env::current_exe().unwrap();
    all(
        "resolved Compose text",
        1,
        nothing,
        |number, chance, directory, ()| {
            let resolved = put(directory, "resolved", &mutation::bytes(&seeds, chance));
            let said = directory.join("said");
            let mut command = Command::new(&this);
            command
                .args(["--exact", "adversarial::mutated::one_resolved_text"])
                .env("KIT_RESOLVED", resolved)
                .env("KIT_SAID", &said);
            if number.is_multiple_of(2) {
                command.env("KIT_LAB", "ex08");
            }
            let ended = within(STATED, command);
            assert_eq!(ended.code, Some(0), "{ended:?}");
            let is_read = fs::read_to_string(said).unwrap() == "true";
            read.fetch_add(u64::from(is_read), Ordering::Relaxed);
            ended.cost
        },
    );
    assert!(read.into_inner() > count(1) / 50, "what was read");
}

/// What [`resolved_compose_text`] runs; nothing without its variables. The thread has the stack
/// of a program's first one.
#[test]
fn one_resolved_text() {
    let variable = |name| std::env::var(name).ok();
    let (Some(path), Some(said)) = (variable("KIT_RESOLVED"), variable("KIT_SAID")) else {
        return;
    };
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let selection = Selection {
        lab: variable("KIT_LAB"),
        ..Selection::default()
    };
    let read = thread::Builder::new().stack_size(8 << 20).spawn(move || {
        let resolved = Resolved::read(&text, Path::new("compose.yaml"));
        resolved.and_then(|it| it.select(&selection)).is_ok()
    });
    fs::write(said, read.unwrap().join().unwrap().to_string()).unwrap();
}
