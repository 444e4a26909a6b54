//! What goes in wrong, and what is said of it.

use std::fs;

use super::tmux::Tmux;
use super::{Desk, TOP, recorded};

const STEPS: &str = "
steps:
  - { variant: single, title: { en: One stage, fr: Une phase }, notes: { en: Slowly, fr: Lentement } }
";

/// The record of exercise 08, as one of lab `t`.
fn record_of_t() -> String {
    let text = fs::read_to_string(recorded()).unwrap();
    text.replacen("\"lab\": \"ex08\"", "\"lab\": \"t\"", 1)
}

fn replayed(steps: &str, record: &str) -> crate::lab::project::Ended {
    let desk = Desk::with(steps);
    desk.write("r.json", record);
    desk.run(&["t", "--replay", "--rehearsal", "r.json"])
}

#[test]
fn without_a_terminal_all_steps_are_printed() {
    let ended = replayed(STEPS, &record_of_t());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let printed = String::from_utf8(ended.stdout).unwrap();
    for part in [
        "1/1  One stage",
        "$ docker build -t ex08:single",
        "│ Bonjour depuis la phase de build !",
        "▸ single",
        "recorded on 28 November 2026 at 10:30 (UTC)",
    ] {
        assert!(printed.contains(part), "no {part} in {printed}");
    }
    assert!(!printed.contains('\u{1b}'), "{printed}");
}

#[test]
fn the_notes_are_printed_where_there_is_no_terminal() {
    let desk = Desk::with(STEPS);
    let ended = desk.run(&["t", "--notes", "--lang", "fr"]);
    let printed = String::from_utf8(ended.stdout).unwrap();
    assert!(printed.contains("1/1  Une phase"), "{printed}");
    assert!(printed.contains("Lentement"), "{printed}");
}

#[test]
fn a_key_that_no_step_has_is_named_with_the_nearest() {
    let steps = STEPS.replace("notes:", "note:");
    let ended = replayed(&steps, &record_of_t());
    ended.is_undecided(&["`demo.yaml`", "unknown key `steps[0].note`", "`notes`"]);
}

#[test]
fn a_step_without_french_is_shown_in_english_with_a_warning() {
    let steps = STEPS.replace(", fr: Une phase", "");
    let desk = Desk::with(&steps);
    desk.write("r.json", &record_of_t());
    let ended = desk.run(&["t", "--replay", "--rehearsal", "r.json", "--lang", "fr"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let warning = "n’a pas de texte français pour `single.title`";
    assert!(ended.stderr.contains(warning), "{ended:?}");
    let printed = String::from_utf8(ended.stdout).unwrap();
    assert!(printed.contains("1/1  One stage"), "{printed}");
    assert!(printed.contains("À votre avis"), "{printed}");
}

#[test]
fn a_record_of_another_lab_or_version_is_refused() {
    let other = fs::read_to_string(recorded()).unwrap();
    let ended = replayed(STEPS, &other);
    ended.is_undecided(&["r.json", "of lab `ex08`, not `t`", "rm r.json"]);
    let newer = record_of_t().replace("demo-record/1", "demo-record/9");
    replayed(STEPS, &newer).is_undecided(&["another version of the kit", "demo-record/9"]);
    replayed(STEPS, "{").is_undecided(&["damaged"]);
    replayed(STEPS, "").is_undecided(&["damaged"]);
    let more = format!("{STEPS}  - {{ variant: new, title: New }}\n");
    replayed(&more, &record_of_t()).is_undecided(&["nothing for `new`"]);
}

#[test]
fn a_rehearsal_writes_over_nothing_that_it_can_not_read() {
    let desk = Desk::with(STEPS);
    desk.write("r.json", "precious");
    let ended = desk.run(&["t", "--rehearse", "--rehearsal", "r.json"]);
    ended.is_undecided(&["r.json", "damaged"]);
    assert_eq!(fs::read_to_string(desk.path("r.json")).unwrap(), "precious");
}

#[test]
fn a_lesson_that_is_not_there_is_said_with_where_it_would_be() {
    let desk = Desk::with(STEPS);
    desk.run(&["t", "--replay"]).is_undecided(&[
        "no results were recorded yet",
        "cargo xtask demo t --rehearse",
    ]);
    fs::remove_file(desk.path("demo.yaml")).unwrap();
    desk.run(&["t", "--replay"]).is_undecided(&[
        "lab `t` has no lesson",
        "`lab/t/demo.yaml`",
        "`demo.yaml`",
    ]);
    for name in ["../t", "", "/etc"] {
        desk.run(&[name, "--replay"])
            .is_undecided(&["has no lesson"]);
    }
}

#[test]
fn a_recording_needs_a_terminal() {
    let desk = Desk::with(STEPS);
    desk.write("r.json", &record_of_t());
    let words = [
        "t",
        "--replay",
        "--rehearsal",
        "r.json",
        "--record",
        "a.cast",
    ];
    desk.run(&words)
        .is_undecided(&["`--record` needs a terminal"]);
    assert!(!desk.path("a.cast").exists());
}

#[test]
#[ignore = "needs tmux"]
fn a_terminal_of_40_by_10_is_told_what_it_takes_and_can_be_left() {
    let directory = tempfile::tempdir().unwrap();
    let tmux = super::terminal::replayed([40, 10], directory.path(), "");
    tmux.wait_for("40 × 10");
    tmux.press(&["q", "q"]);
    tmux.wait_for("ended: 0");
    tmux.is_restored(directory.path());
}

#[test]
#[ignore = "needs tmux"]
fn a_full_disk_does_not_end_a_lesson_that_is_recorded() {
    let directory = tempfile::tempdir().unwrap();
    let kit = env!("CARGO_BIN_EXE_xtask");
    let command = format!(
        "(cd {TOP} && LC_ALL=C.UTF-8 {kit} demo ex08 --replay --rehearsal {} --record /dev/full)",
        recorded()
    );
    let tmux = Tmux::run([80, 24], directory.path(), &command);
    tmux.wait_for("1  Everything in one stage");
    tmux.press(&["j", "7", "Enter", "Space", "Space"]);
    tmux.wait_for("▸ multi");
    tmux.press(&["q", "q"]);
    let screen = tmux.wait_for("ended: 2");
    assert!(screen.contains("/dev/full"), "{screen}");
    assert!(screen.contains("No space left on device"), "{screen}");
    tmux.is_restored(directory.path());
}
