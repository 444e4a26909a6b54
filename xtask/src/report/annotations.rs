//! Workflow commands, one a finding, that make GitHub show it at its line of the Dockerfile:
//! `::error file=Dockerfile.multi,line=20,title=multi: budget::…`
//! (GitHub Docs, "Workflow commands for GitHub Actions").

use std::io::{self, Write};

use super::alike::Told;
use super::{LabReport, MergedReport};
use crate::lang::{Phrases, brief, phrases};
use crate::model::{Fact, Finding, Language, Level};

/// Writes a command a finding, in the verdict's order: errors first, for a step shows no
/// more than ten annotations of a level.
pub(super) fn render(
    report: &LabReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    commands(report, None, phrases(language), out)
}

/// The commands of every report; the title says which it is of.
pub(super) fn render_merged(
    merged: &MergedReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let phrases = phrases(language);
    merged.shards().iter().try_for_each(|shard| {
        let label = shard.label(phrases);
        commands(shard.report, Some(&label), phrases, out)
    })
}

fn commands(
    report: &LabReport,
    label: Option<&str>,
    phrases: Phrases,
    out: &mut dyn Write,
) -> io::Result<()> {
    let told = report.told();
    for Told { finding, also } in told.iter().filter(|it| it.finding.is_worth_a_note()) {
        let properties = properties(report, finding, label);
        let message = message(report, finding, also, phrases);
        writeln!(out, "::{}{properties}::{message}", command(finding.level))?;
    }
    Ok(())
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

fn properties(report: &LabReport, finding: &Finding, label: Option<&str>) -> String {
    let place = finding.place.as_ref();
    let dockerfile = place.map(|place| place.dockerfile.as_str()).or_else(|| {
        let of_finding = |variant: &&super::VariantReport| variant.name == finding.variant;
        let variant = report.variants.iter().find(of_finding)?;
        variant.dockerfile.as_deref()
    });
    let mut properties = Vec::new();
    if let Some(dockerfile) = dockerfile {
        properties.push(format!("file={}", property(dockerfile)));
    }
    if let Some(line) = place.and_then(|place| place.line) {
        properties.push(format!("line={line}"));
        let end = report.end_of(finding);
        properties.extend(end.map(|end| format!("endLine={end}")));
    }
    let mut title = format!("{}: {}", finding.variant, finding.fact.rule().name());
    if let Some(label) = label {
        title = format!("{title} ({label})");
    }
    properties.push(format!("title={}", property(&title)));
    format!(" {}", properties.join(","))
}

/// Lines of a log that an annotation shows.
const LOG: usize = 20;

/// The sentence; for a build that failed, the end of its log below.
fn message(report: &LabReport, finding: &Finding, also: &[&str], phrases: Phrases) -> String {
    let mut lines = vec![phrases.with_also(&phrases.finding(finding), also)];
    if matches!(finding.fact, Fact::BuildFailed { .. }) {
        let log = report
            .variants
            .iter()
            .filter(|variant| variant.name == finding.variant)
            .filter_map(|variant| variant.failure())
            .flat_map(|failure| {
                let from = failure.log.len().saturating_sub(LOG);
                failure.log[from..].iter().cloned()
            });
        lines.extend(log);
    }
    let lines: Vec<String> = lines.iter().map(|line| data(line)).collect();
    lines.join("%0A")
}

/// Text after the last `::`, on one line.
fn data(text: &str) -> String {
    brief(text).replace('%', "%25")
}

/// The value of a property, which a comma or colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property, render, render_merged};
    use crate::model::Language;
    use crate::report::sample::{accepted, matrix, regressed, rejected};

    fn written(report: &crate::report::LabReport, language: Language) -> String {
        let mut bytes = Vec::new();
        render(report, language, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn each_finding_is_a_command_at_its_line() {
        insta::assert_snapshot!(written(&rejected(), Language::English));
        insta::assert_snapshot!(written(&rejected(), Language::French));
        insta::assert_snapshot!(written(&regressed(), Language::English));
        insta::assert_snapshot!(written(&regressed(), Language::French));
        assert_eq!(written(&accepted(), Language::English), "");
    }

    #[test]
    fn a_finding_can_start_no_command_of_its_own() {
        let mut report = rejected();
        for finding in &mut report.verdict.findings {
            finding.variant = "x\n::stop-commands::t\r::add-mask::y,line=7::".to_owned();
        }
        let text = written(&report, Language::English);
        assert_eq!(text.lines().count(), report.verdict.findings.len());
        for line in text.lines() {
            assert!(line.starts_with("::error ") || line.starts_with("::notice "));
            let properties = line[2..].split("::").next().unwrap();
            assert!(
                !line.contains('\r') && !properties.contains(",line=7"),
                "{line}"
            );
        }
    }

    #[test]
    fn what_ends_a_property_or_escapes_is_written_in_percent() {
        assert_eq!(property("a:b,c%3A"), "a%3Ab%2Cc%253A");
        assert_eq!(data("100%: a, b"), "100%25: a, b");
    }

    #[test]
    fn the_title_says_which_of_several_reports_it_is_of() {
        let mut bytes = Vec::new();
        render_merged(&matrix(), Language::English, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), rejected().verdict.findings.len());
        assert!(text.starts_with(
            "::error file=ladder/Dockerfile,line=4,title=heavy%3A budget \
             (ex09 <b>|@x · linux/amd64 · Docker Engine 28.2.2)::heavy weighs"
        ));
    }
}
