//! Reading one image, from the engine and from a file, against the peers that are here.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "it starts peers as a shell would"
)]

mod pairs;

use std::env;
use std::fs;
use std::path::Path;

use xtask::archive::{self, Select, Verify, Watch};
use xtask::engine::{Endpoint, Engine};
use xtask::measure::{Subject, images};
use xtask::model::{Cancel, Events, ImageRecord};

use self::pairs::{alone, choice, compare, is_here, quiet, run, time};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "peak", "engine", image] => return peak(|| from_engine(image)),
        [_, "peak", "file", path] => return peak(|| from_file(path)),
        _ => {}
    }
    let image = choice("LAB_BENCH_IMAGE", "ex08:single");
    if !is_here("docker", "version") {
        return;
    }
    if !has(&image) {
        println!("missing: the image `{image}`; `cargo xtask lab ex08` makes it");
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let plain = directory.path().join("image.tar").display().to_string();
    let packed = format!("{plain}.gz");
    run("docker", &["save", "--output", &plain, &image]);
    shell(&format!("gzip -1 -c {plain} > {packed}"));
    let bytes = fs::metadata(&plain).map_or(0, |it| it.len());
    println!("{image}: {bytes} bytes as `docker save` writes it");
    engine(&image);
    file(&plain, &packed);
    peaks(&image, &plain, &packed);
}

fn has(image: &str) -> bool {
    quiet("docker", &["image", "inspect", image])
        .status()
        .is_ok_and(|status| status.success())
}

fn engine(image: &str) {
    let endpoint = Endpoint::discover(None).expect("the CLI has found it");
    let dive = is_here("dive", "--version");
    match endpoint.address().strip_prefix("unix://") {
        Some(socket) if is_here("curl", "--version") => {
            let url = format!("http://engine/images/{image}/get");
            let theirs = || run("curl", &["-s", "--unix-socket", socket, &url]);
            let ours = || drop(from_engine(image));
            compare("from the engine, cold, to curl", 5, "1.1", ours, theirs);
        }
        _ => println!("missing: a socket of the engine on this machine, and curl"),
    }
    let unchanged = || run(XTASK, &["layers", image]);
    unchanged();
    alone("an unchanged image, whole process", 21, "0.05 s", || {
        time(unchanged)
    });
    if dive {
        let theirs = || run("dive", &["--json", "/dev/null", image]);
        let ours = || drop(from_engine(image));
        compare("from the engine, cold, to dive", 3, "1", ours, theirs);
        compare("an unchanged image to dive", 3, "0.01", unchanged, theirs);
    }
}

fn file(plain: &str, packed: &str) {
    let headers = || drop(from_file(plain));
    alone(
        "a plain archive by its headers",
        9,
        "an eighth of dive",
        || time(headers),
    );
    if is_here("dive", "--version") {
        let arguments = ["--source", "docker-archive", "--json", "/dev/null", plain];
        compare("a plain archive to dive", 3, "0.125", headers, || {
            run("dive", &arguments);
        });
    }
    let unpacked = || drop(from_file(packed));
    let gzip = || run("gzip", &["-dc", packed]);
    compare("a gzip archive to gzip -dc", 3, "1.15", unpacked, gzip);
    if is_here("pigz", "--version") {
        let pigz = || run("pigz", &["-dc", packed]);
        compare("a gzip archive to pigz -dc", 3, "1.15", unpacked, pigz);
    }
}

/// Each reading in a process of its own, for a peak is of a process.
fn peaks(image: &str, plain: &str, packed: &str) {
    let me = env::current_exe().expect("this benchmark has a path");
    for (from, subject, name) in [
        ("engine", image, "from the engine"),
        ("file", plain, "a plain archive"),
        ("file", packed, "a gzip archive"),
    ] {
        let told = quiet(&me.display().to_string(), &["peak", from, subject])
            .stdout(std::process::Stdio::piped())
            .output()
            .expect("this benchmark starts");
        let told = String::from_utf8_lossy(&told.stdout);
        println!("{} (at most 50 MB): peak memory, {name}", told.trim());
    }
}

fn peak(read: impl FnOnce() -> ImageRecord) {
    let record = read();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let entries: usize = record
        .layers
        .iter()
        .map(|layer| layer.content.entries.len())
        .sum();
    println!("{} for {entries} entries", peak.unwrap_or("unknown").trim());
}

/// What the lab does with an image that it has not seen: saves, reads, measures.
fn from_engine(image: &str) -> ImageRecord {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let endpoint = Endpoint::discover(None).expect("the CLI has found it");
    let engine = Engine::connect(&endpoint, &cancel).expect("the CLI has reached it");
    let id = engine.inspect(image, &cancel).expect("it is there").id;
    let saved = engine.save(&[id], &cancel).expect("it can be saved");
    let watch = Watch::new(&events, &cancel);
    let records = archive::read_stream(saved, endpoint.address(), &|_| None, watch);
    measured(records.expect("the stream is whole").remove(0).record)
}

fn from_file(path: &str) -> ImageRecord {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let select = Select {
        name: None,
        platform: None,
    };
    let watch = Watch::new(&events, &cancel);
    let record = archive::open(Path::new(path), &select, Verify::Headers, watch);
    measured(record.expect("the archive is whole"))
}

fn measured(record: ImageRecord) -> ImageRecord {
    images(&[Subject {
        record: &record,
        engine_reported: None,
        source: None,
        base: None,
    }]);
    record
}

fn shell(line: &str) {
    run("sh", &["-c", line]);
}
