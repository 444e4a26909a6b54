//! What is folded until a reader wants it.

use super::escape;
use super::section::{Fold, folded};
use super::summary::place;
use crate::lang::{Phrases, Word, one_line};
use crate::model::{Bytes, Capture, Stream};
use crate::report::listing::Part;
use crate::report::listing::markdown::table;
use crate::report::{LabReport, sections};

/// Rows of one table, and lines of one output.
const SHOWN: usize = 20;

pub(super) fn failures(report: &LabReport, say: Phrases) -> Vec<String> {
    let builds = report.variants.iter().filter_map(|variant| {
        let failure = variant.failure()?;
        let cause = escape::text(&say.build_cause(&failure.cause));
        let instruction = failure.instruction.as_deref().unwrap_or_default();
        let instruction = escape::code(&one_line(instruction));
        let from = failure.log.len().saturating_sub(SHOWN);
        let log = escape::block(&failure.log[from..]);
        let body = format!("{cause} {instruction}\n\n{log}");
        let heading = say.does_not_build(&variant.name);
        Some(folded(Fold::Open, &heading, &body))
    });
    let runs = report.failed_runs().filter_map(|(variant, run)| {
        let (stream, capture) = match run.stderr.bytes.0 {
            0 => (Stream::Stdout, &run.stdout),
            _ => (Stream::Stderr, &run.stderr),
        };
        let heading = say.printed_to(&variant.name, stream, capture.bytes);
        let is_empty = capture.bytes.0 == 0;
        (!is_empty).then(|| folded(Fold::Open, &heading, &content(capture, say)))
    });
    builds.chain(runs).collect()
}

pub(super) fn sources(report: &LabReport, say: Phrases) -> Vec<String> {
    let part = sections::sources(report, say, SHOWN);
    part.iter().map(|part| section(part, say)).collect()
}

pub(super) fn left_behind(report: &LabReport, say: Phrases) -> Vec<String> {
    let compared = report.shown_comparison().into_iter();
    let parts = compared.map(|it| sections::left_behind(it, say, SHOWN));
    parts.map(|part| section(&part, say)).collect()
}

fn section(part: &Part, say: Phrases) -> String {
    folded(Fold::Closed, &part.heading, &table(part, say))
}

pub(super) fn advice(report: &LabReport, say: Phrases) -> Vec<String> {
    let all = report.advice();
    if all.is_empty() {
        return Vec::new();
    }
    let line = |(variant, advice): &(&crate::report::VariantReport, &crate::model::Advice)| {
        let what = say.labelled(&variant.name, say.word(advice.kind));
        let at = advice.place.as_ref().map_or_else(String::new, place);
        let saves = say.saved(advice.saves);
        format!("- **{saves}** {} {at}\n", escape::text(&what))
    };
    let body: String = all.iter().take(SHOWN).map(line).collect();
    vec![folded(Fold::Closed, say.word(Word::Savings), &body)]
}

pub(super) fn outputs(report: &LabReport, say: Phrases) -> Vec<String> {
    let printed = report.printed().into_iter().map(|printed| {
        let heading = say.printed(&printed.variants, report.ran(), printed.output.bytes);
        folded(Fold::Closed, &heading, &content(printed.output, say))
    });
    printed.collect()
}

fn content(capture: &Capture, say: Phrases) -> String {
    let mut lines = capture.lines();
    let hidden = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    let mut body = escape::block(&lines);
    if hidden > 0 {
        body.push_str(&format_note(&say.more_lines(hidden)));
    }
    if capture.is_cut() {
        body.push_str(&format_note(&say.kept(Bytes(capture.kept.len() as u64))));
    }
    body
}

fn format_note(text: &str) -> String {
    format!("\n… {}\n", escape::text(text))
}
