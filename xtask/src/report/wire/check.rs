//! `check-report/1`, the JSON of what `check` found out.

use std::io::{self, Write};

use serde::Serialize;

use super::document::Document as LabDocument;
use super::scalar::Encoding;
use crate::lang::{phrases, problem};
use crate::model::{
    Bytes, Capture, CheckId, CheckOutcome, CheckReport, CheckResult, CheckVerdict, Difference,
    Digest, Ending, FoundFile, ImagePath, Language, Medal, Proof, Step,
};

/// The value of `schema`.
pub const CHECK_SCHEMA: &str = "check-report/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    lab: Option<&'a str>,
    submission: &'a str,
    outcome: CheckVerdict,
    checks: Vec<Check<'a>>,
    cause: Option<&'static str>,
    /// Those that are shown, in English.
    hints: Vec<String>,
    size: Option<Bytes>,
    medal: Option<&'a Medal>,
    next: Option<Next<'a>>,
    remarks: Vec<Remark<'a>>,
    replaced: Vec<Replaced<'a>>,
    left_out: &'a [String],
    report: Option<LabDocument>,
}

#[derive(Serialize)]
struct Check<'a> {
    id: CheckId,
    outcome: CheckOutcome,
    because: Option<CheckId>,
    cause: Option<&'static str>,
    dockerfile: Option<&'a str>,
    line: Option<u32>,
    evidence: Option<Evidence<'a>>,
    /// In English.
    message: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Evidence<'a> {
    Log {
        instruction: Option<&'a str>,
        lines: &'a [String],
    },
    Ended {
        ending: &'static str,
        exit_code: Option<i64>,
        /// The engine's own sentence, where it did not start.
        reason: Option<&'a str>,
        stdout: Written,
        stderr: Written,
    },
    Output {
        difference: Option<Parting<'a>>,
        expected_bytes: Bytes,
        stdout: Written,
    },
    Files {
        count: u64,
        bytes: Bytes,
        found: Vec<Found<'a>>,
    },
    Sizes {
        actual: Bytes,
        reference: Bytes,
    },
}

/// What a program wrote: what was kept of it, and what there was.
#[derive(Serialize)]
struct Written {
    kept: String,
    encoding: Encoding,
    bytes: Bytes,
    sha256: Digest,
}

impl From<&Capture> for Written {
    fn from(capture: &Capture) -> Self {
        let (kept, encoding) = Encoding::encode(&capture.kept);
        Self {
            kept,
            encoding,
            bytes: capture.bytes,
            sha256: capture.sha256,
        }
    }
}

#[derive(Serialize)]
struct Parting<'a> {
    offset: u64,
    line: u64,
    expected: Option<&'a str>,
    actual: Option<&'a str>,
}

#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    path: &'a ImagePath,
    bytes: Bytes,
    layer: usize,
    part: &'a str,
    of_base: bool,
    removed: bool,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Next<'a> {
    bytes: Bytes,
    step: Option<&'a Step>,
    medal: Option<&'a Medal>,
    save: Option<Bytes>,
}

#[derive(Serialize)]
struct Remark<'a> {
    id: &'static str,
    dockerfile: &'a str,
    line: Option<u32>,
    /// In English.
    message: String,
}

#[derive(Serialize)]
struct Replaced<'a> {
    image: &'a str,
    by: &'a str,
}

/// Writes the result of a check as JSON, indented by two, with a line feed at the end.
pub fn write_check(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let say = phrases(Language::English);
    let first = report.first();
    let cause = first.and_then(|it| it.diagnosis.as_ref());
    let hints = cause.map(|it| say.hints(it, &report.wording));
    let remarks = report.remarks.iter().map(|it| Remark {
        id: it.kind.id(),
        dockerfile: &report.submission,
        line: it.line,
        message: say.remark(it),
    });
    let replaced = report.replaced.iter().map(|it| Replaced {
        image: &it.image,
        by: &it.by,
    });
    let document = Document {
        schema: CHECK_SCHEMA,
        lab: report.lab.as_deref(),
        submission: &report.submission,
        outcome: report.outcome(),
        checks: report.checks.iter().map(|it| check(it, report)).collect(),
        cause: cause.map(|it| it.cause.id()),
        hints: hints.into_iter().flatten().take(report.hints).collect(),
        size: report.size,
        medal: report.medal.as_ref(),
        next: report.next.as_ref().map(|it| Next {
            bytes: it.bytes,
            step: it.step.as_ref(),
            medal: it.medal.as_ref().map(|(medal, _)| medal),
            save: it.medal.as_ref().map(|(_, save)| *save),
        }),
        remarks: remarks.collect(),
        replaced: replaced.collect(),
        left_out: &report.left_out,
        report: report.report.as_ref().map(Into::into),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn check<'a>(result: &'a CheckResult, report: &'a CheckReport) -> Check<'a> {
    let say = phrases(Language::English);
    let diagnosis = result.diagnosis.as_ref();
    let line = diagnosis.and_then(|it| it.line);
    let of_problem = || {
        let problem = result.problem.as_ref()?;
        Some(problem::sentence(problem, Language::English))
    };
    let message = diagnosis
        .map(|it| say.cause(it, &report.wording))
        .or_else(of_problem);
    Check {
        id: result.id,
        outcome: result.outcome,
        because: result.because,
        cause: diagnosis.map(|it| it.cause.id()),
        dockerfile: line.map(|_| report.submission.as_str()),
        line,
        evidence: result.proof.as_ref().map(evidence),
        message,
    }
}

fn evidence(proof: &Proof) -> Evidence<'_> {
    match proof {
        Proof::Log { instruction, lines } => Evidence::Log {
            instruction: instruction.as_deref(),
            lines,
        },
        Proof::Ended {
            ending,
            stdout,
            stderr,
        } => Evidence::Ended {
            ending: ending_name(ending),
            exit_code: ending.code(),
            reason: match ending {
                Ending::NotStarted { reason, .. } => Some(reason),
                Ending::Exited { .. } | Ending::Killed { .. } | Ending::TimedOut { .. } => None,
            },
            stdout: stdout.into(),
            stderr: stderr.into(),
        },
        Proof::Output {
            expected,
            actual,
            difference,
        } => Evidence::Output {
            difference: difference.as_ref().map(parting),
            expected_bytes: Bytes(expected.len() as u64),
            stdout: actual.into(),
        },
        Proof::Files {
            found,
            count,
            bytes,
        } => Evidence::Files {
            count: *count,
            bytes: *bytes,
            found: found.iter().map(found_file).collect(),
        },
        Proof::Sizes { actual, reference } => Evidence::Sizes {
            actual: *actual,
            reference: *reference,
        },
    }
}

/// The same words as in `lab-report/1`.
fn ending_name(ending: &Ending) -> &'static str {
    match ending {
        Ending::Exited { .. } => "exited",
        Ending::Killed { .. } => "killed",
        Ending::TimedOut { .. } => "timed_out",
        Ending::NotStarted { .. } => "not_started",
    }
}

fn parting(difference: &Difference) -> Parting<'_> {
    Parting {
        offset: difference.offset,
        line: difference.line,
        expected: difference.expected.as_deref(),
        actual: difference.actual.as_deref(),
    }
}

fn found_file(file: &FoundFile) -> Found<'_> {
    Found {
        path: &file.path,
        bytes: file.bytes,
        layer: file.layer,
        part: &file.part,
        of_base: file.is_of_base,
        removed: file.is_removed,
        line: file.place.as_ref().and_then(|it| it.line),
    }
}
