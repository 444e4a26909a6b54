use proptest::prelude::*;

use crate::model::{Advice, Build, Bytes, Format, Language};
use crate::report::line::width;
use crate::report::sample::{accepted, matrix, platforms, regressed, rejected, told};
use crate::report::{LabReport, Look, MergedReport, Styles, render, render_merged, wire};

const LANGUAGES: [(Language, &str); 2] = [(Language::English, "en"), (Language::French, "fr")];

fn shown(report: &LabReport, look: Look) -> String {
    let mut out = Vec::new();
    render(report, Format::Table, &look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(language: Language, width: usize) -> Look {
    Look {
        language,
        width,
        styles: Styles::none(),
    }
}

#[test]
fn the_samples_look_as_they_did() {
    for (language, code) in LANGUAGES {
        for (report, name) in [
            (accepted(), "accepted"),
            (rejected(), "rejected"),
            (regressed(), "regressed"),
        ] {
            for width in [80, 120] {
                let name = format!("{name}-{width}-{code}");
                insta::assert_snapshot!(name, shown(&report, plain(language, width)));
            }
        }
    }
}

#[test]
fn the_reason_of_a_failure_is_shown_wherever_it_stands() {
    let mut report = rejected();
    let mut variants = report.variants.iter_mut();
    let failure = variants.find_map(|it| match &mut it.build {
        Some(Build::Failed(failure)) => Some(failure),
        _ => None,
    });
    let failure = failure.unwrap();
    failure.log = vec![format!("error: {} the-reason", "long-path/".repeat(12))];
    let mut runs = report.variants.iter_mut().filter_map(|it| it.run.as_mut());
    let run = runs.find(|run| run.stderr.bytes.0 > 0).unwrap();
    let frames = "  File \"x.py\", in call\n".repeat(30);
    run.stderr.kept = format!("Traceback:\n{frames}ValueError: no-such-thing\n").into_bytes();
    run.stderr.bytes.0 = run.stderr.kept.len() as u64;
    for (language, _) in LANGUAGES {
        let text = shown(&report, plain(language, 80));
        assert!(text.contains("the-reason"), "{text}");
        assert!(text.contains("   │ Traceback:\n   │   File"), "{text}");
        assert!(text.contains("   │ ValueError: no-such-thing\n"), "{text}");
        assert_eq!(
            text.matches("File \"x.py\", in call").count(),
            1 + 5,
            "{text}"
        );
        assert_fits(&text, 80);
    }
    let mut variants = report.variants.iter_mut();
    let failure = variants.find_map(|it| match &mut it.build {
        Some(Build::Failed(failure)) => Some(failure),
        _ => None,
    });
    let failure = failure.unwrap();
    failure.log = vec!["x".repeat(100_000) + "the-end"];
    let text = shown(&report, plain(Language::English, 80));
    assert!(
        text.contains("the-end") && text.lines().count() < 300,
        "{text}"
    );
}

#[test]
fn advice_that_is_not_shown_is_summed() {
    let mut report = accepted();
    let measured = report.variants[0].measured.as_mut().unwrap();
    let advice = Advice {
        saves: Bytes(2_000),
        ..measured.advice[0].clone()
    };
    measured.advice = vec![advice; 6];
    let text = shown(&report, plain(Language::English, 80));
    assert!(
        text.contains("\n         …  and 2 more, 4.0 kB\n"),
        "{text}"
    );
}

#[test]
fn a_base_that_nothing_tells_of_is_unknown_in_every_format() {
    let mut report = accepted();
    let single = report.variants[0].measured.as_mut().unwrap();
    single.base = None;
    for step in single.layers.iter_mut().filter_map(|it| it.step.as_mut()) {
        step.place = None;
    }
    for (language, unknown, none) in [
        (Language::English, "unknown base", "no base"),
        (Language::French, "base inconnue", "sans base"),
    ] {
        for (format, names_scratch) in [
            (Format::Table, false),
            (Format::Markdown, false),
            (Format::Html, true),
        ] {
            let mut out = Vec::new();
            render(&report, format, &plain(language, 80), &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.contains(unknown), "{format:?} {text}");
            assert_eq!(text.contains(none), names_scratch, "{format:?} {text}");
        }
    }
}

fn shown_merged(merged: &MergedReport, look: Look) -> String {
    let mut out = Vec::new();
    render_merged(merged, Format::Table, &look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What stands above the first report.
fn summary(text: &str) -> &str {
    &text[..text.find("\n ── ").unwrap()]
}

#[test]
fn several_reports_begin_with_a_row_each_and_end_with_what_was_wrong() {
    for (language, code) in LANGUAGES {
        for (merged, name) in [(platforms(), "platforms"), (matrix(), "matrix")] {
            let text = shown_merged(&merged, plain(language, 80));
            let last = text.rfind("\n ── ").unwrap();
            let ends = format!("{}\n…{}", summary(&text), &text[last..]);
            insta::assert_snapshot!(format!("{name}-80-{code}"), ends);
        }
    }
}

#[test]
fn each_of_several_reports_is_whole_and_fits() {
    for (language, _) in LANGUAGES {
        for columns in 60..=130 {
            let text = shown_merged(&matrix(), plain(language, columns));
            assert_fits(&text, columns);
            assert_harmless(&text);
        }
        let text = shown_merged(&platforms(), plain(language, 80));
        assert!(text.contains(&shown(&accepted(), plain(language, 80))));
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for (language, _) in LANGUAGES {
        for report in [accepted(), rejected(), regressed()] {
            for columns in 60..=200 {
                assert_fits(&shown(&report, plain(language, columns)), columns);
            }
        }
    }
}

#[test]
fn a_size_that_nothing_stands_beside_is_not_cut() {
    let mut report = accepted();
    report.comparison = None;
    for width in 70..120 {
        let text = shown(&report, plain(Language::English, width));
        let bars = text.lines().filter(|line| line.contains('▒'));
        let cut: Vec<&str> = bars.filter(|line| line.ends_with('…')).collect();
        assert!(cut.is_empty(), "{width}: {cut:?}");
    }
}

fn assert_fits(text: &str, columns: usize) {
    for line in text.lines() {
        let is_lone = line.trim().strip_prefix(':').is_some_and(is_number);
        assert!(!is_lone, "{columns} columns: a place stands alone:\n{text}");
        assert!(width(line) <= columns, "{columns} columns:\n{line}");
        assert_eq!(line, line.trim_end_matches(' '));
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Every place of a sample is on a line with words of what it is about, its line number whole.
#[test]
fn no_place_is_cut_and_none_stands_alone() {
    for (language, _) in LANGUAGES {
        for report in [accepted(), rejected(), regressed()] {
            let wide = shown(&report, plain(language, 130));
            let wide = places(&wide);
            assert!(!wide.is_empty());
            for columns in 60..130 {
                let text = shown(&report, plain(language, columns));
                assert_eq!(places(&text), wide, "{columns} columns:\n{text}");
            }
        }
    }
}

fn with_short_instructions(mut report: LabReport) -> LabReport {
    let measured = report
        .variants
        .iter_mut()
        .filter_map(|it| it.measured.as_mut());
    let layers = measured.flat_map(|it| &mut it.layers);
    let steps = layers.filter_map(|layer| layer.step.as_mut());
    let compared = report.comparison.iter_mut().flat_map(|it| &mut it.variants);
    let parts = compared.flat_map(|it| &mut it.left_behind);
    let left = parts.filter_map(|part| part.step.as_mut());
    steps
        .chain(left)
        .for_each(|step| "RUN x".clone_into(&mut step.instruction));
    report
}

#[test]
fn two_blocks_stand_side_by_side_where_neither_is_cut() {
    let cuts = |text: &str| text.lines().filter(|line| line.contains('…')).count();
    let are_beside = |text: &str| {
        let headings = ["Where single's bytes", "What multi leaves out"];
        text.lines()
            .any(|line| headings.iter().all(|it| line.contains(it)))
    };
    let (long, short) = (accepted(), with_short_instructions(accepted()));
    let mut last = usize::MAX;
    for columns in 60..=130 {
        let look = plain(Language::English, columns);
        let text = shown(&long, look);
        assert!(cuts(&text) <= last, "{columns} columns:\n{text}");
        last = cuts(&text);
        let text = shown(&short, look);
        assert_eq!(cuts(&text), 0, "{columns} columns:\n{text}");
        if columns >= 110 {
            assert!(are_beside(&text), "{columns} columns:\n{text}");
        }
    }
    assert_eq!(last, 0);
}

/// The line numbers of the places at the ends of lines, in their order.
fn places(text: &str) -> Vec<&str> {
    let last = text.lines().filter_map(|line| line.rsplit_once("  "));
    let placed = last.filter_map(|(_, last)| last.rsplit_once(':'));
    placed
        .map(|(_, line)| line)
        .filter(|line| is_number(line))
        .collect()
}

/// All that a stranger says stays on its line and is nothing but text.
fn assert_harmless(text: &str) {
    let is_harmful =
        |one: char| one.is_control() && one != '\n' || ('\u{202a}'..='\u{202e}').contains(&one);
    assert!(!text.contains(is_harmful), "{text:?}");
}

#[test]
fn colour_changes_nothing_but_colour() {
    for report in [accepted(), rejected(), regressed()] {
        let coloured = shown(
            &report,
            Look {
                styles: Styles::ansi(),
                ..plain(Language::English, 80)
            },
        );
        let mut bare = String::new();
        let mut pieces = coloured.split("\u{1b}[");
        bare.push_str(pieces.next().unwrap());
        for piece in pieces {
            let (style, text) = piece.split_once('m').unwrap();
            assert!(
                ["0", "1", "2", "32", "33", "34", "36", "1;31"].contains(&style),
                "{style}"
            );
            bare.push_str(text);
        }
        assert_eq!(bare, shown(&report, plain(Language::English, 80)));
    }
}

#[test]
fn a_report_that_was_read_back_looks_the_same() {
    let mut json = Vec::new();
    wire::write(&rejected(), &mut json).unwrap();
    let back = wire::read("report.json".as_ref(), &json).unwrap();
    let look = plain(Language::French, 80);
    assert_eq!(shown(&back, look), shown(&rejected(), look));
}

#[test]
fn an_empty_report_still_has_a_verdict() {
    let report = LabReport {
        variants: Vec::new(),
        comparison: None,
        ..accepted()
    };
    let text = shown(&report, plain(Language::English, 80));
    assert!(
        text.ends_with(" ✔ accepted: 0 images were built and measured\n"),
        "{text}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_report_fits_and_is_harmless(report in told(), columns in 60usize..130) {
        for (language, _) in LANGUAGES {
            let text = shown(&report, plain(language, columns));
            assert_fits(&text, columns);
            assert_harmless(&text);
        }
    }
}

#[test]
fn hostile_names_are_harmless() {
    for (language, _) in LANGUAGES {
        assert_harmless(&shown(&rejected(), plain(language, 80)));
        assert_harmless(&shown(&regressed(), plain(language, 80)));
    }
}
