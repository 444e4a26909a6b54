//! The lesson from the record: no engine is asked.

use std::process::Command;

use super::terminal::replayed;
use super::tmux::Tmux;
use super::{TOP, recorded};

const NEXT: &str = "Space";

#[test]
#[ignore = "needs tmux"]
fn keys_lead_a_lesson_at_80_by_24() {
    let directory = tempfile::tempdir().unwrap();
    let tmux = replayed([80, 24], directory.path(), "");
    tmux.wait_for("1  Everything in one stage");
    tmux.press(&[NEXT]);
    let plan = tmux.wait_for("Dockerfile.single lab/ex08");
    assert!(plan.contains("--build-arg PYTHON_IMAGE=lab/python:offline \\"));
    assert!(plan.contains("$ docker run --rm --network none ex08:single"));
    tmux.press(&[NEXT]);
    let output = tmux.wait_for("How big is this image");
    assert!(output.contains("│ Bonjour depuis la phase de build !"));
    assert!(
        !output.contains("607"),
        "the size is not told yet: {output}"
    );
    tmux.press(&[NEXT]);
    let size = tmux.wait_for("▸ single");
    assert!(
        size.contains("607.5 MB") && size.contains("██████"),
        "{size}"
    );
    // Back shows what was seen; jump and help come and go.
    tmux.press(&["PageUp"]);
    tmux.wait_for("How big is this image");
    tmux.press(&["?"]);
    tmux.wait_for("runs nothing");
    tmux.press(&["x"]);
    tmux.wait_for("How big is this image");
    tmux.press(&["j", "4", "Enter"]);
    let trap = tmux.wait_for("+ FROM scratch");
    assert!(trap.contains("4/7  No base at all: FROM scratch"), "{trap}");
    tmux.press(&[NEXT]);
    let failed = tmux.wait_for("It fails, as expected");
    assert!(failed.contains("`cat` is not in the image"), "{failed}");
    assert!(!failed.contains("runc"), "{failed}");
    tmux.press(&[NEXT]);
    tmux.wait_for("5/7  One program that is complete by itself");
    tmux.press(&["q", "q"]);
    tmux.wait_for("ended: 0");
}

#[test]
#[ignore = "needs tmux"]
fn a_lesson_in_french_on_a_larger_screen_survives_resizing() {
    let directory = tempfile::tempdir().unwrap();
    let tmux = replayed([100, 30], directory.path(), "--lang fr");
    tmux.wait_for("1  Tout en une seule phase");
    // All seven steps; the fourth has no size.
    for _ in 0..19 {
        tmux.press(&[NEXT]);
    }
    tmux.wait_for("À votre avis, combien pèse cette image");
    tmux.press(&[NEXT]);
    let size = tmux.wait_for("agrandi ");
    for part in [
        "▸ multi",
        "460\u{a0}o",
        "607,5\u{a0}Mo",
        "fois plus légère",
        "enregistré le 28 novembre 2026",
    ] {
        assert!(size.contains(part), "no {part} in {size}");
    }
    tmux.resize([40, 10]);
    tmux.wait_for("60 × 16");
    tmux.resize([80, 24]);
    let smaller = tmux.wait_for("▸ multi");
    assert!(smaller.contains("q quitter"), "{smaller}");
    tmux.press(&[NEXT]);
    tmux.wait_for("De la première image à la dernière");
}

/// What a person without colour misses is no word and no mark.
#[test]
#[ignore = "needs tmux"]
fn without_colour_the_same_is_on_the_screen() {
    let shown = |before: &str| {
        let directory = tempfile::tempdir().unwrap();
        let (kit, record) = (env!("CARGO_BIN_EXE_xtask"), recorded());
        let command = format!(
            "(cd {TOP} && {before} LC_ALL=C.UTF-8 XDG_CACHE_HOME=/nonexistent {kit} demo ex08 --replay --rehearsal {record})"
        );
        let tmux = Tmux::run([80, 24], directory.path(), &command);
        tmux.wait_for("1  Everything in one stage");
        tmux.press(&["j", "3", "Enter"]);
        tmux.wait_for("+ COPY --from=build");
        (tmux.screen(), tmux.painted())
    };
    let (plain, painted) = (shown("NO_COLOR=1"), shown(""));
    assert_eq!(plain.0, painted.0);
    assert!(painted.1.contains("\u{1b}[32m"), "{}", painted.1);
    let sequences: Vec<&str> = plain.1.split('\u{1b}').skip(1).collect();
    let coloured = sequences
        .iter()
        .filter(|it| !it.starts_with("[0m") && !it.starts_with("[39"));
    assert_eq!(coloured.count(), 0, "{:?}", plain.1);
}

#[test]
#[ignore = "needs tmux"]
fn the_notes_in_a_second_terminal_follow_the_lesson() {
    let directory = tempfile::tempdir().unwrap();
    let kit = env!("CARGO_BIN_EXE_xtask");
    let cache = directory.path().join(".cache");
    let speaker = tempfile::tempdir().unwrap();
    let command = format!(
        "(cd {TOP} && LC_ALL=C.UTF-8 XDG_CACHE_HOME={} {kit} demo ex08 --notes)",
        cache.display()
    );
    let notes = Tmux::run([80, 24], speaker.path(), &command);
    notes.wait_for("waiting for the lesson to begin");
    let lesson = replayed([80, 24], directory.path(), "");
    notes.wait_for("Next  1. Everything in one stage");
    lesson.wait_for("1  Everything in one stage");
    lesson.press(&[NEXT]);
    let first = notes.wait_for("Read the Dockerfile aloud");
    assert!(first.contains("elapsed"), "{first}");
    assert!(
        first.contains("Next  2. And if we remove the compiler?"),
        "{first}"
    );
    lesson.press(&["j", "4", "Enter"]);
    notes.wait_for("Let somebody predict what happens");
    lesson.press(&["q", "q"]);
    notes.wait_for("the lesson is over");
    notes.press(&["q"]);
    notes.wait_for("ended: 0");
    notes.is_restored(speaker.path());
}

/// Reads a recording as asciinema itself does: the header's version, then each marker.
const READER: &str = "
import sys
from asciinema.asciicast import open_from_url
with open_from_url(sys.argv[1]) as cast:
    print('version', cast.version)
    last = 0.0
    for time, kind, data in cast.events():
        assert time >= last
        last = time
        if kind == 'm':
            print('marker', data)
";

#[test]
#[ignore = "needs tmux and asciinema"]
fn asciinema_reads_the_recording_and_finds_a_marker_for_each_step() {
    let directory = tempfile::tempdir().unwrap();
    let cast = directory.path().join("lesson.cast");
    let record = format!("--record {}", cast.display());
    let tmux = replayed([80, 24], directory.path(), &record);
    tmux.wait_for("1  Everything in one stage");
    for _ in 0..21 {
        tmux.press(&[NEXT]);
    }
    tmux.wait_for("From the first image to the last");
    tmux.press(&["q", "q"]);
    let screen = tmux.wait_for("ended: 0");
    assert!(screen.contains("lesson.cast"), "{screen}");
    let asciinema = on_path("asciinema");
    // Its own Python knows its package.
    let python = asciinema.with_file_name("python3");
    let shell = xshell::Shell::new().unwrap();
    let read = Command::from(shell.cmd(python))
        .args(["-c", READER])
        .arg(&cast)
        .output()
        .unwrap();
    let told = String::from_utf8(read.stdout).unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "version 2");
    let markers: Vec<&str> = lines[1..].to_vec();
    assert_eq!(markers.len(), 7, "{markers:?}");
    assert_eq!(markers[0], "marker 1. Everything in one stage");
    assert_eq!(markers[6], "marker 7. Without the habits of the compiler");
    // Played, it ends where the lesson did.
    let stage = tempfile::tempdir().unwrap();
    let play = format!(
        "LC_ALL=C.UTF-8 {} play -i 0.01 -s 100 {}; sleep 0.1",
        asciinema.display(),
        cast.display()
    );
    let played = Tmux::run([80, 24], stage.path(), &play);
    played.wait_for("ended: 0");
}

fn on_path(program: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut places = std::env::split_paths(&path).map(|place| place.join(program));
    places
        .find(|place| place.is_file())
        .expect("it is installed")
}
