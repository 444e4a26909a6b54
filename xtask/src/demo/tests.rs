//! The lesson as its audience sees it.

use std::time::Duration;

use super::lesson::{Lesson, Mode, Order, Overlay, Position, Source, Trouble};
use super::sample::{MADE, failing, lesson, script, taken};
use super::{LiveState, Record, notes, plain, screen};
use crate::model::{Event, Key, Language, LessonProblem, RecordFault};
use crate::report::{Line, Look, Styles};

const NOW: Duration = Duration::from_secs(5);
const NEXT: Key = Key::Char(' ');

fn look(language: Language, width: usize) -> Look {
    Look {
        language,
        width,
        styles: Styles::none(),
    }
}

fn at(lesson: &Lesson, width: usize, rows: usize) -> String {
    shown(lesson, &look(Language::English, width), rows, NOW)
}

fn shown(lesson: &Lesson, look: &Look, rows: usize, now: Duration) -> String {
    let lines = screen(lesson, look, rows, now);
    assert!(lines.len() <= rows);
    for line in &lines {
        assert!(line.width() <= look.width, "{}", line.text());
    }
    let lines = lines.iter().map(Line::text);
    let lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

fn twins() -> [Option<super::Taken>; 3] {
    [Some(taken(600_000_000)), Some(failing()), Some(taken(460))]
}

/// Presses these keys, and gives what the last of them asked for.
fn press(lesson: &mut Lesson, keys: &[Key]) -> Order {
    let orders = keys.iter().map(|key| lesson.press(*key, NOW));
    orders.last().unwrap_or(Order::Nothing)
}

#[test]
fn a_command_runs_only_at_the_next_key_and_back_runs_nothing() {
    let mut lesson = lesson(Mode::Live, &twins());
    assert_eq!(press(&mut lesson, &[NEXT]), Order::Nothing);
    assert_eq!(lesson.position(), Position::Plan(0));
    assert_eq!(press(&mut lesson, &[NEXT]), Order::Run(0));
    // Nothing more happens until it has ended.
    assert_eq!(
        press(&mut lesson, &[NEXT, NEXT, Key::Char('r')]),
        Order::Nothing
    );
    lesson.ended(0, Ok(taken(1_000)));
    assert_eq!(lesson.position(), Position::Output(0));
    press(&mut lesson, &[NEXT]);
    assert_eq!(lesson.position(), Position::Size(0));
    press(&mut lesson, &[NEXT]);
    assert_eq!(lesson.position(), Position::Plan(1));
    for position in [
        Position::Size(0),
        Position::Output(0),
        Position::Plan(0),
        Position::Cover,
        Position::Cover,
    ] {
        assert_eq!(press(&mut lesson, &[Key::PageUp]), Order::Nothing);
        assert_eq!(lesson.position(), position);
    }
    // What was seen is shown again, and not run again.
    assert_eq!(press(&mut lesson, &[NEXT, NEXT]), Order::Nothing);
    assert_eq!(lesson.position(), Position::Output(0));
    assert_eq!(press(&mut lesson, &[Key::Char('r')]), Order::Run(0));
}

#[test]
fn a_step_that_is_meant_to_fail_has_no_size() {
    let mut lesson = lesson(Mode::Replay, &twins());
    press(&mut lesson, &[NEXT; 5]);
    assert_eq!(lesson.position(), Position::Output(1));
    press(&mut lesson, &[NEXT]);
    assert_eq!(lesson.position(), Position::Plan(2));
    press(&mut lesson, &[NEXT; 5]);
    assert_eq!(lesson.position(), Position::End);
}

#[test]
fn a_step_that_fails_offers_what_was_recorded() {
    let mut lesson = lesson(Mode::Live, &twins());
    press(&mut lesson, &[NEXT, NEXT]);
    let trouble = Trouble {
        sentences: vec!["the engine is gone".to_owned()],
        log: Vec::new(),
    };
    lesson.ended(0, Err(trouble));
    let offer = at(&lesson, 80, 24);
    assert!(offer.contains("the engine is gone"), "{offer}");
    assert!(offer.contains("recorded on 30 November 2026"), "{offer}");
    assert_eq!(press(&mut lesson, &[NEXT]), Order::Nothing);
    assert_eq!(lesson.shown(0).unwrap().1, Source::Recorded);
    assert!(at(&lesson, 80, 24).contains("recorded on 30 November 2026"));
}

#[test]
fn without_a_record_a_step_that_fails_is_passed_over_or_run_again() {
    let mut lesson = lesson(Mode::Live, &[None, None, None]);
    press(&mut lesson, &[NEXT, NEXT]);
    lesson.ended(0, Err(Trouble::default()));
    assert!(at(&lesson, 80, 24).contains("no recorded result"));
    assert_eq!(press(&mut lesson, &[Key::Char('r')]), Order::Run(0));
    lesson.ended(0, Err(Trouble::default()));
    press(&mut lesson, &[NEXT]);
    assert_eq!(lesson.position(), Position::Plan(1));
}

#[test]
fn a_step_that_takes_too_long_offers_what_was_recorded_and_is_ended() {
    let mut lesson = lesson(Mode::Live, &twins());
    press(&mut lesson, &[NEXT, NEXT]);
    let english = look(Language::English, 80);
    let late = NOW + Duration::from_secs(61);
    let in_time = NOW + Duration::from_secs(59);
    assert!(!shown(&lesson, &english, 24, in_time).contains("longer"));
    assert!(shown(&lesson, &english, 24, late).contains("It takes longer than"));
    assert_eq!(lesson.press(NEXT, late), Order::Stop);
    assert_eq!(lesson.position(), Position::Output(0));
    // Its own result comes too late.
    lesson.ended(0, Ok(taken(1)));
    assert_eq!(lesson.shown(0).unwrap().1, Source::Recorded);
}

#[test]
fn what_a_build_tells_is_shown_with_a_clock() {
    let mut lesson = lesson(Mode::Live, &twins());
    press(&mut lesson, &[NEXT, NEXT]);
    let variant = || "one".to_owned();
    lesson.hear(Event::BuildStep {
        variant: variant(),
        done: 1,
        total: Some(3),
        cached: 0,
        instruction: "RUN make".to_owned(),
    });
    lesson.hear(Event::BuildLog {
        variant: variant(),
        line: "cc -o \u{1b}[2J main".to_owned(),
    });
    let later = NOW + Duration::from_secs(12);
    let text = shown(&lesson, &look(Language::English, 80), 24, later);
    for part in [
        "▶ building · 12 s",
        "[2/3] RUN make",
        "│ cc -o \\x1b[2J main",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    assert_eq!(press(&mut lesson, &[Key::Left]), Order::Stop);
    assert_eq!(lesson.position(), Position::Plan(0));
}

#[test]
fn keys_help_jump_and_quit_from_everywhere() {
    let mut lesson = lesson(Mode::Live, &twins());
    press(&mut lesson, &[Key::Char('?')]);
    assert!(at(&lesson, 80, 24).contains("runs nothing"));
    press(&mut lesson, &[Key::Escape]);
    assert_eq!(lesson.overlay(), None);
    press(&mut lesson, &[Key::Char('j'), Key::Char('3'), Key::Enter]);
    assert_eq!(lesson.position(), Position::Plan(2));
    press(
        &mut lesson,
        &[Key::Char('j'), Key::Up, Key::Up, Key::Up, Key::Enter],
    );
    assert_eq!(lesson.position(), Position::Plan(0));
    press(&mut lesson, &[Key::Char('j'), Key::Char('9')]);
    assert_eq!(lesson.overlay(), Some(Overlay::Jump(2)));
    // An unknown key changes nothing.
    press(&mut lesson, &[Key::Escape, Key::Char('x')]);
    assert_eq!(lesson.position(), Position::Plan(0));
    press(&mut lesson, &[Key::Char('q'), Key::Char('x')]);
    assert_eq!(lesson.overlay(), None);
    assert_eq!(
        press(&mut lesson, &[Key::Char('q'), Key::Char('q')]),
        Order::Quit
    );
    assert_eq!(press(&mut lesson, &[Key::Interrupt]), Order::Interrupt);
}

#[test]
fn a_jump_ends_what_is_at_work() {
    let mut lesson = lesson(Mode::Live, &twins());
    press(&mut lesson, &[NEXT, NEXT, Key::Char('j'), Key::Char('2')]);
    assert_eq!(press(&mut lesson, &[Key::Enter]), Order::Stop);
    lesson.ended(0, Ok(taken(1)));
    assert!(lesson.shown(0).is_none());
}

#[test]
fn every_screen_fits_every_terminal_in_both_languages() {
    let sizes = [(40, 10), (60, 16), (80, 24), (100, 30), (220, 70), (1, 1)];
    for (width, rows) in sizes {
        for language in Language::ALL {
            let mut lesson = lesson(Mode::Replay, &twins());
            for _ in 0..12 {
                shown(&lesson, &look(language, width), rows, NOW);
                press(&mut lesson, &[NEXT]);
            }
            assert_eq!(lesson.position(), Position::End);
        }
    }
}

#[test]
fn a_terminal_that_is_too_small_is_told_what_it_takes() {
    let text = at(&lesson(Mode::Replay, &twins()), 40, 10);
    assert!(text.contains("40 × 10"), "{text}");
    assert!(text.contains("60 × 16"), "{text}");
}

#[test]
fn the_screens_of_a_step() {
    let mut lesson = lesson(Mode::Replay, &twins());
    press(&mut lesson, &[NEXT; 6]);
    let plan = at(&lesson, 80, 24);
    press(&mut lesson, &[NEXT]);
    let output = at(&lesson, 80, 24);
    press(&mut lesson, &[NEXT]);
    let english = at(&lesson, 80, 24);
    let french = shown(&lesson, &look(Language::French, 100), 30, NOW);
    insta::assert_snapshot!([plan, output, english, french].join("\n\n"));
}

#[test]
fn without_a_terminal_a_step_is_printed_whole() {
    let mut lesson = lesson(Mode::Replay, &twins());
    press(&mut lesson, &[NEXT; 5]);
    let lines = plain(&lesson, 1, &look(Language::English, 80));
    let lines: Vec<String> = lines.iter().map(Line::text).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_notes_follow_the_step() {
    let live = |step: Option<&str>, is_over| LiveState {
        process: 1,
        began: 100,
        step: step.map(str::to_owned),
        is_over,
    };
    let text = |live: Option<&LiveState>| {
        let now = Duration::from_secs(165);
        let lines = notes(&script(), live, now, &look(Language::English, 60), 20);
        lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
    };
    let two = text(Some(&live(Some("two"), false)));
    for part in [
        "1:05 elapsed",
        "2/3  Step two",
        "Speak slowly.",
        "Next  3. Step three",
    ] {
        assert!(two.contains(part), "no {part} in {two}");
    }
    assert!(text(None).contains("waiting for the lesson"));
    assert!(text(Some(&live(None, false))).contains("Next  1. Step one"));
    assert!(text(Some(&live(None, true))).contains("the lesson is over"));
}

fn record() -> Record {
    let of = |id: &str, taken: super::Taken| (id.to_owned(), taken, vec!["screen".to_owned()]);
    let one = taken(600_000_000);
    Record {
        lab: "t".to_owned(),
        base: one.base().cloned(),
        steps: vec![
            of("one", one),
            of("two", failing()),
            of("three", taken(460)),
        ],
    }
}

#[test]
fn a_record_reads_back_equal_and_satisfies_its_schema() {
    let json = record().write();
    let read = Record::read(&json, "r.json".as_ref(), "t").unwrap();
    assert_eq!(read, record());
    assert_eq!(read.taken("one").unwrap().made(), MADE);
    let schema = include_str!("../../../docs/schema/demo-record-1.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let json = serde_json::from_slice(&json).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&json)
        .map(|it| it.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_record_of_something_else_is_refused() {
    let json = String::from_utf8(record().write()).unwrap();
    let fault = |json: &str, lab: &str| match Record::read(json.as_bytes(), "r.json".as_ref(), lab)
    {
        Err(LessonProblem::Record { fault, .. }) => fault,
        other => panic!("{other:?}"),
    };
    let other = fault(&json, "u");
    assert!(matches!(other, RecordFault::OtherLab { .. }), "{other:?}");
    let other = fault(&json.replace("demo-record/1", "demo-record/2"), "t");
    assert!(
        matches!(other, RecordFault::OtherVersion(Some(_))),
        "{other:?}"
    );
    let other = fault("{}", "t");
    assert!(
        matches!(other, RecordFault::OtherVersion(None)),
        "{other:?}"
    );
    for text in [
        "",
        "{\"schema\":\"demo-record/1\"}",
        &json[..json.len() / 2],
    ] {
        let damaged = fault(text, "t");
        assert!(matches!(damaged, RecordFault::Unreadable(_)), "{damaged:?}");
    }
    let mut base = record().base.unwrap();
    assert!(record().is_on(Some(&base)));
    base.id = None;
    assert!(!record().is_on(Some(&base)));
    assert!(!record().is_on(None));
}
