use clap::ValueEnum;

use super::{Length, render_check};
use crate::model::{
    Bytes, Capture, Cause, CheckFormat, CheckId, CheckOutcome, CheckReport, CheckResult, Diagnosis,
    Difference, Digest, Ending, FoundFile, ImagePath, Language, Lesson, Medal, NextStep,
    OutputFault, Place, Proof, Replaced, Shape, Step, Wording,
};
use crate::report::{Look, Styles};

fn shown(report: &CheckReport, format: CheckFormat, language: Language) -> String {
    let look = Look {
        language,
        width: 80,
        styles: Styles::none(),
    };
    let mut out = Vec::new();
    render_check(report, format, (&look, Length::Screen), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn capture(text: &str) -> Capture {
    Capture {
        kept: text.into(),
        bytes: Bytes(text.len() as u64),
        sha256: Digest::from_hash([7; 32]),
    }
}

/// A check that fails at `id`, for this cause and with this proof.
fn failed(id: CheckId, cause: &Cause, proof: &Proof) -> CheckReport {
    let result = |one: CheckId| {
        let is_it = one == id;
        CheckResult {
            id: one,
            outcome: match one.cmp(&id) {
                std::cmp::Ordering::Less => CheckOutcome::Pass,
                std::cmp::Ordering::Equal => CheckOutcome::Fail,
                std::cmp::Ordering::Greater => CheckOutcome::Skipped,
            },
            because: (one > id).then_some(id),
            diagnosis: is_it.then(|| {
                let mut diagnosis = Diagnosis::new(cause.clone(), Some(9));
                diagnosis.scene.output = "output.txt".to_owned();
                diagnosis
            }),
            proof: is_it.then(|| proof.clone()),
            problem: None,
        }
    };
    CheckReport {
        lab: Some("ex08".to_owned()),
        submission: "lab/ex08/Dockerfile".to_owned(),
        shape: Some(Shape {
            stages: 2,
            instructions: 7,
        }),
        checks: CheckId::ALL.map(result).into(),
        hints: 1,
        wording: Wording::default(),
        output: "output.txt".to_owned(),
        size: Some(Bytes(2_053_120)),
        medal: None,
        next: None,
        remarks: Vec::new(),
        replaced: Vec::new(),
        left_out: Vec::new(),
        report: None,
    }
}

fn differs() -> CheckReport {
    let difference = Difference {
        offset: 33,
        line: 1,
        expected: Some("Bonjour depuis la phase de build !".to_owned()),
        actual: Some("Bonjour depuis la phase de build !\r".to_owned()),
    };
    let proof = Proof::Output {
        expected: b"Bonjour depuis la phase de build !\n".to_vec(),
        actual: capture("Bonjour depuis la phase de build !\r\n"),
        difference: Some(difference),
    };
    let cause = Cause::Lesson(Lesson::Output(OutputFault::LineEnds));
    failed(CheckId::Shows, &cause, &proof)
}

fn passed() -> CheckReport {
    let mut report = differs();
    for check in &mut report.checks {
        check.outcome = CheckOutcome::Pass;
        (check.because, check.diagnosis, check.proof) = (None, None, None);
    }
    let medal = |name: &str, at_most| Medal {
        name: name.to_owned(),
        at_most: Bytes(at_most),
    };
    report.medal = Some(medal("silver", 10_000_000));
    report.next = Some(NextStep {
        step: Some(Step {
            stage: Some("1".to_owned()),
            instruction: "COPY --from=tools /bin/busybox /busybox".to_owned(),
            place: Some(Place {
                dockerfile: "lab/ex08/Dockerfile".to_owned(),
                line: Some(11),
            }),
        }),
        bytes: Bytes(2_053_000),
        medal: Some((medal("gold", 1_000_000), Bytes(1_053_120))),
    });
    report.replaced = vec![Replaced {
        image: "python:3.13-slim".to_owned(),
        by: "lab/python:offline".to_owned(),
    }];
    report.left_out = vec!["output.txt".to_owned()];
    report
}

/// What the engine, a program and a Dockerfile say at their worst.
fn hostile() -> [CheckReport; 3] {
    let evil = "\u{1b}[31m<script>|`x`\n::error::\u{202e}".repeat(30);
    let lines = vec![evil.clone(); 200];
    let instruction = Some(evil.clone());
    let log = Proof::Log { instruction, lines };
    let ended = Proof::Ended {
        ending: Ending::NotStarted {
            code: 127,
            reason: evil.clone(),
        },
        stdout: capture(&evil),
        stderr: capture(&evil),
    };
    let file = |number: usize| FoundFile {
        path: ImagePath::from(format!("{evil}{number}").as_str()),
        bytes: Bytes(9),
        layer: number,
        part: evil.clone(),
        is_of_base: false,
        is_removed: false,
        place: None,
    };
    let files = Proof::Files {
        found: (0..50).map(file).collect(),
        count: 50,
        bytes: Bytes(450),
    };
    let lesson = Lesson::WholeFileSystem {
        stage: evil.clone(),
    };
    let cause = Cause::Lesson(lesson);
    [
        (CheckId::Builds, log),
        (CheckId::Runs, ended),
        (CheckId::Clean, files),
    ]
    .map(|(id, proof)| {
        let mut report = failed(id, &cause, &proof);
        report.submission.clone_from(&evil);
        report.hints = 3;
        report.left_out = vec![evil.clone(); 9];
        report
    })
}

#[test]
fn what_people_read_in_each_language() {
    for (name, report) in [("failed", differs()), ("passed", passed())] {
        for language in Language::ALL {
            let table = shown(&report, CheckFormat::Table, language);
            insta::assert_snapshot!(format!("{name}-{}", language.name()), table);
        }
        let markdown = shown(&report, CheckFormat::Markdown, Language::English);
        insta::assert_snapshot!(format!("{name}-markdown"), markdown);
        let junit = shown(&report, CheckFormat::Junit, Language::English);
        insta::assert_snapshot!(format!("{name}-junit"), junit);
    }
}

#[test]
fn a_result_fits_a_small_window_whatever_happens() {
    let reports = hostile().into_iter().chain([differs(), passed()]);
    for report in reports {
        for language in Language::ALL {
            let table = shown(&report, CheckFormat::Table, language);
            assert!(table.lines().count() <= 24, "{table}");
            let widest = table.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(80), "{table}");
        }
    }
}

#[test]
fn nothing_that_was_said_leaves_its_place() {
    for report in hostile() {
        for format in CheckFormat::value_variants().iter().copied() {
            let text = shown(&report, format, Language::French);
            let is_hidden = |it: char| it == '\u{1b}' || it == '\u{202e}';
            let is_kept = matches!(format, CheckFormat::Json);
            assert!(is_kept || !text.contains(is_hidden), "{format:?}");
            let is_page = matches!(format, CheckFormat::Html | CheckFormat::Markdown);
            assert!(!is_page || !text.contains("<script>|"), "{format:?}");
        }
    }
}
