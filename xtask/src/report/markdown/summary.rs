//! What is read without opening anything.

use super::escape;
use super::section::{Align, Table};
use crate::lang::{Phrases, Word};
use crate::model::{Build, Finding, Level, Measured, Outcome, Place, Role};
use crate::report::{LabReport, VariantReport, sections};

/// More rows or findings than this are counted and not shown.
const SHOWN: usize = 50;

pub(super) fn headline(report: &LabReport, say: Phrases) -> Vec<String> {
    let errors = report
        .findings()
        .filter(|one| one.level == Level::Error)
        .count();
    let (sign, said) = match report.verdict.outcome {
        Outcome::Accepted => ("✅", say.word(Word::Accepted).to_owned()),
        Outcome::Rejected => {
            let word = say.word(Word::Rejected);
            ("❌", format!("{word} ({})", say.errors(errors)))
        }
    };
    let title = escape::text(&say.labelled(report.title(), &said));
    let mut parts = vec![format!("### {sign} {title}\n")];
    let lighter = report
        .variants
        .iter()
        .filter_map(|one| lighter(report, one, say));
    parts.extend(lighter.map(|text| format!("{text}\n")));
    let praise = report.praise();
    if !praise.is_empty() {
        parts.push(format!("{}\n", escape::text(&say.praises(&praise))));
    }
    parts.extend(stand_ins(&report.stand_ins(), say));
    parts
}

pub(super) fn stand_ins(references: &[&str], say: Phrases) -> Vec<String> {
    let warning = |reference| format!("⚠️ {}\n", escape::text(&say.stand_in(reference)));
    references.iter().copied().map(warning).collect()
}

/// What the solution weighs beside the reference.
fn lighter(report: &LabReport, variant: &VariantReport, say: Phrases) -> Option<String> {
    let ratio = report.ratio(variant)?;
    let measured = variant.measured.as_ref()?;
    let size = say.size(measured.size.unpacked);
    (variant.role == Some(Role::Solution)).then(|| {
        format!(
            "{}{}",
            escape::code(&variant.name),
            escape::text(&format!(" · {size} · {}", say.lighter(ratio)))
        )
    })
}

pub(super) fn variants(report: &LabReport, say: Phrases) -> Vec<String> {
    let columns = [
        (Word::Variant, Align::Left),
        (Word::Role, Align::Left),
        (Word::Size, Align::Right),
        (Word::Own, Align::Right),
        (Word::Layers, Align::Right),
        (Word::Build, Align::Right),
        (Word::Run, Align::Right),
        (Word::Output, Align::Left),
    ];
    let distinct = report.distinct();
    let rows = distinct.iter().take(SHOWN);
    let rows: Vec<_> = rows
        .map(|(variant, also)| row(report, variant, also, say))
        .collect();
    // A column without any entry says nothing.
    let is_used = |at: &usize| rows.iter().any(|row| !row[*at].is_empty());
    let used: Vec<usize> = (0..columns.len()).filter(is_used).collect();
    let headings = used
        .iter()
        .map(|at| (say.word(columns[*at].0), columns[*at].1));
    let mut table = Table::new(&headings.collect::<Vec<_>>());
    for row in &rows {
        let cells: Vec<String> = used.iter().map(|at| row[*at].clone()).collect();
        table.row(&cells);
    }
    let mut sections = vec![table.text()];
    sections.extend(more(distinct.len(), say));
    sections
}

fn row(report: &LabReport, variant: &VariantReport, also: &[&str], say: Phrases) -> [String; 8] {
    let measured = variant.measured.as_ref();
    let of = |text: &dyn Fn(&Measured) -> String| measured.map_or_else(String::new, text);
    let run = variant.run.as_ref();
    [
        named(&variant.name, also, say),
        variant.role.map_or("", |role| say.word(role)).to_owned(),
        of(&|one| say.size(one.size.unpacked)),
        of(&|one| say.size(one.size.own)),
        of(&|one| say.number(one.layers.len() as u64)),
        build(variant, say),
        run.and_then(|run| run.took)
            .map_or_else(String::new, |took| say.seconds(took)),
        output(report, variant, say),
    ]
}

/// The first name of an image, and how many others it has.
pub(super) fn named(name: &str, also: &[&str], say: Phrases) -> String {
    let name = escape::code(name);
    if also.is_empty() {
        return name;
    }
    format!("{name} {}", escape::text(&format!("({})", say.also(also))))
}

fn build(variant: &VariantReport, say: Phrases) -> String {
    match &variant.build {
        None => String::new(),
        Some(Build::Failed(_)) => format!("❌ {}", say.word(Word::Failed)),
        Some(Build::Done(done)) if done.steps > 0 && done.cached == Some(done.steps) => {
            say.word(Word::Cached).to_owned()
        }
        Some(Build::Done(done)) => done.took.map_or_else(String::new, |took| say.seconds(took)),
    }
}

fn output(report: &LabReport, variant: &VariantReport, say: Phrases) -> String {
    let Some(run) = &variant.run else {
        return String::new();
    };
    if !run.ending.is_success() {
        return format!("❌ {}", escape::text(&say.ending(&run.ending)));
    }
    match report.expected_of(variant) {
        None => escape::text(&say.ending(&run.ending)),
        Some(expected) if run.stdout.is_same(&expected.stdout) => {
            say.word(Word::SameOutput).to_owned()
        }
        Some(_) => format!("❌ {}", say.word(Word::OtherOutput)),
    }
}

pub(super) fn findings(report: &LabReport, say: Phrases) -> Vec<String> {
    let findings: Vec<&Finding> = report.findings().collect();
    if findings.is_empty() {
        return Vec::new();
    }
    let shown = findings.iter().take(SHOWN);
    let lines: String = shown.map(|finding| found(finding, say)).collect();
    let mut sections = vec![lines];
    sections.extend(more(findings.len(), say));
    sections
}

pub(super) fn found(finding: &Finding, say: Phrases) -> String {
    found_also(finding, &[], say)
}

/// The same, with other variants about which it is said.
pub(super) fn found_also(finding: &Finding, also: &[&str], say: Phrases) -> String {
    let sign = match finding.level {
        Level::Error => "❌",
        Level::Warning => "⚠️",
        Level::Note => "ℹ️",
    };
    let place = finding.place.as_ref().map_or_else(String::new, place);
    let said = escape::text(&say.with_also(&say.finding(finding), also));
    format!("{}\n", format!("- {sign} {said} {place}").trim_end())
}

fn more(count: usize, say: Phrases) -> Option<String> {
    let hidden = count.checked_sub(SHOWN).filter(|hidden| *hidden > 0)?;
    Some(format!("{}\n", escape::text(&say.more_items(hidden))))
}

pub(super) fn place(place: &Place) -> String {
    escape::code(&place.to_string())
}

pub(super) fn made_on(report: &LabReport, say: Phrases) -> String {
    let facts = sections::made_on(report, say);
    format!("<sub>{}</sub>\n", escape::text(&facts.join(" · ")))
}
