//! `JUnit` XML, as CI services read it: a suite a variant, a case a rule that was checked.
//! The elements and attributes are those of the Jenkins schema (`junit-10.xsd`) and of
//! GitLab's reader (`file`).

use std::io::{self, Write};
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

mod cases;

use cases::{Case, cases, gone};

use super::{LabReport, MergedReport, VariantReport};
use crate::lang::{Phrases, brief, phrases};
use crate::model::{Fact, Finding, Language, Level, Place};

/// What is counted together.
struct Suite<'a> {
    name: String,
    /// What the variant's name follows in the class of a case.
    class: String,
    report: &'a LabReport,
    variants: Vec<(&'a VariantReport, Vec<Case<'a>>)>,
}

impl Suite<'_> {
    fn cases(&self) -> impl Iterator<Item = &Case<'_>> {
        self.variants.iter().flat_map(|(_, cases)| cases)
    }
}

/// Writes `<testsuites>`: cases named by rule, what broke one as its `<failure>`, warnings
/// and notes of a variant in its `<system-out>`.
pub(super) fn render(
    report: &LabReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let gone = gone(report);
    let suites = report.variants.iter().chain(&gone).map(|variant| Suite {
        name: variant.name.clone(),
        class: report.title().to_owned(),
        report,
        variants: vec![(variant, cases(report, variant))],
    });
    write(report.title(), &suites.collect::<Vec<_>>(), language, out)
}

/// Writes a suite a report, which is also the class of its cases: a service knows a case by
/// class and name.
pub(super) fn render_merged(
    merged: &MergedReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shards = merged.shards();
    let gone: Vec<_> = shards.iter().map(|shard| gone(shard.report)).collect();
    let suites = shards.iter().zip(&gone).map(|(shard, gone)| {
        let variants = shard.report.variants.iter().chain(gone);
        Suite {
            name: shard.id.clone(),
            class: shard.id.clone(),
            report: shard.report,
            variants: variants
                .map(|variant| (variant, cases(shard.report, variant)))
                .collect(),
        }
    });
    write(&merged.name(), &suites.collect::<Vec<_>>(), language, out)
}

fn write(
    name: &str,
    suites: &[Suite<'_>],
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let [tests, failures] = count(suites.iter().flat_map(Suite::cases));
    xml.create_element("testsuites")
        .with_attribute(("name", clean(name).as_str()))
        .with_attribute(("tests", tests.as_str()))
        .with_attribute(("failures", failures.as_str()))
        .with_attribute(("errors", "0"))
        .write_inner_content(|xml| {
            let mut suites = suites.iter();
            suites.try_for_each(|it| suite(it, phrases(language), xml))
        })?;
    xml.into_inner().write_all(b"\n")
}

fn count<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> [String; 2] {
    let (tests, failures) = cases.fold((0, 0), |(tests, failures), case| {
        (tests + 1, failures + u32::from(!case.broken.is_empty()))
    });
    [tests.to_string(), failures.to_string()]
}

fn suite(suite: &Suite<'_>, phrases: Phrases, xml: &mut Writer<&mut dyn Write>) -> io::Result<()> {
    let [tests, failures] = count(suite.cases());
    let took: Duration = suite.cases().map(|case| case.took).sum();
    let created = suite.report.created.as_deref().map(clean);
    xml.create_element("testsuite")
        .with_attribute(("name", clean(&suite.name).as_str()))
        .with_attribute(("tests", tests.as_str()))
        .with_attribute(("failures", failures.as_str()))
        .with_attribute(("errors", "0"))
        .with_attribute(("skipped", "0"))
        .with_attribute(("time", seconds(took).as_str()))
        .with_attributes(created.as_deref().map(|created| ("timestamp", created)))
        .write_inner_content(|xml| {
            for (variant, cases) in &suite.variants {
                for it in cases {
                    case(suite, variant, it, phrases, xml)?;
                }
            }
            remarks(suite, phrases, xml)
        })?;
    Ok(())
}

fn case(
    suite: &Suite<'_>,
    variant: &VariantReport,
    case: &Case<'_>,
    phrases: Phrases,
    xml: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let class = clean(&format!("{}.{}", suite.class, variant.name));
    let mut element = xml
        .create_element("testcase")
        .with_attribute(("name", case.name))
        .with_attribute(("classname", class.as_str()))
        .with_attribute(("time", seconds(case.took).as_str()));
    if let Some(dockerfile) = &variant.dockerfile {
        element = element.with_attribute(("file", clean(dockerfile).as_str()));
    }
    if case.broken.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    // A case has one failure, whatever there is to say of it.
    let sentences = case.broken.iter().map(|it| clean(&phrases.finding(it)));
    let told = case.broken.iter().map(|it| details(variant, it, phrases));
    let message = sentences.collect::<Vec<_>>().join("; ");
    let told = told.collect::<Vec<_>>().join("\n\n");
    let rule = case.broken.first().map(|it| it.fact.rule().name());
    element.write_inner_content(|xml| {
        xml.create_element("failure")
            .with_attribute(("message", message.as_str()))
            .with_attributes(rule.map(|rule| ("type", rule)))
            .write_text_content(BytesText::new(&told))?;
        Ok(())
    })?;
    Ok(())
}

/// The sentence, its place, and for a build that failed its log.
fn details(variant: &VariantReport, finding: &Finding, phrases: Phrases) -> String {
    let mut lines = vec![phrases.finding(finding)];
    lines.extend(finding.place.as_ref().map(Place::to_string));
    if matches!(finding.fact, Fact::BuildFailed { .. }) {
        let failure = variant.failure();
        lines.extend(failure.iter().flat_map(|failure| failure.log.clone()));
    }
    let lines: Vec<String> = lines.iter().map(|line| clean(line)).collect();
    lines.join("\n")
}

fn remarks(
    suite: &Suite<'_>,
    phrases: Phrases,
    xml: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let is_of_suite = |finding: &&Finding| {
        suite
            .variants
            .iter()
            .any(|(it, _)| it.name == finding.variant)
    };
    let findings = suite.report.verdict.findings.iter();
    let remarks: Vec<String> = findings
        .filter(|finding| finding.level != Level::Error)
        .filter(is_of_suite)
        .map(|finding| clean(&phrases.finding(finding)))
        .collect();
    if !remarks.is_empty() {
        xml.create_element("system-out")
            .write_text_content(BytesText::new(&remarks.join("\n")))?;
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// One line of a stranger's text with what XML 1.0 has no way to write (section 2.2,
/// "Characters") shown by its name.
fn clean(text: &str) -> String {
    let text = brief(text);
    text.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

#[cfg(test)]
mod tests {
    use quick_junit::{Report, TestCaseStatus};

    use super::{render, render_merged};
    use crate::model::Language;
    use crate::report::LabReport;
    use crate::report::sample::{accepted, matrix, regressed, rejected};

    fn written(report: &LabReport, language: Language) -> String {
        let mut bytes = Vec::new();
        render(report, language, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn parsed(report: &LabReport) -> Report {
        let text = written(report, Language::English);
        Report::deserialize_from_str(&text).unwrap()
    }

    #[test]
    fn the_samples_in_each_language() {
        insta::assert_snapshot!(written(&accepted(), Language::English));
        insta::assert_snapshot!(written(&rejected(), Language::French));
        insta::assert_snapshot!(written(&regressed(), Language::English));
    }

    #[test]
    fn a_parser_of_junit_reads_a_suite_a_variant_and_a_case_a_rule() {
        let junit = parsed(&accepted());
        assert_eq!((junit.name.unwrap().as_str(), junit.tests), ("ex08", 9));
        let names: Vec<&str> = junit.test_suites[1]
            .test_cases
            .iter()
            .map(|case| case.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["build", "measure", "run", "output", "budget", "lighter"]
        );
    }

    #[test]
    fn every_error_of_the_verdict_is_a_failure_of_its_variant() {
        let report = rejected();
        let junit = parsed(&report);
        let failed = junit
            .test_suites
            .iter()
            .flat_map(|suite| &suite.test_cases)
            .filter(|case| matches!(case.status, TestCaseStatus::NonSuccess { .. }));
        assert_eq!(failed.count(), 6);
        assert_eq!((junit.failures, junit.errors), (6, 0));
    }

    #[test]
    fn each_gate_is_a_case_and_a_missing_variant_a_suite() {
        let junit = parsed(&regressed());
        let suite = |name: &str| {
            let suites = junit.test_suites.iter();
            suites.clone().find(|it| it.name.as_str() == name).unwrap()
        };
        let failed: Vec<&str> = suite("multi")
            .test_cases
            .iter()
            .filter(|case| matches!(case.status, TestCaseStatus::NonSuccess { .. }))
            .map(|case| case.name.as_str())
            .collect();
        assert_eq!(failed, ["run", "growth", "behaviour", "output"]);
        let names = suite("single").test_cases.iter().map(|it| it.name.as_str());
        assert_eq!(
            names.collect::<Vec<_>>()[3..],
            ["growth", "base_drift", "content_drift", "behaviour"]
        );
        assert_eq!(suite("gone|<b>").test_cases.len(), 1);
    }

    #[test]
    fn hostile_names_are_text() {
        let mut report = rejected();
        report.variants[0].name = "]]>\u{0}\u{fffe}<failure/>\"&amp;'".to_owned();
        report.lab = Some("\u{1b}\u{8}".to_owned());
        let junit = parsed(&report);
        let name = junit.test_suites[0].name.as_str();
        assert_eq!(name, "]]>\\x00\\u{fffe}<failure/>\"&amp;'");
        assert_eq!(junit.test_suites.len(), report.variants.len());
    }

    #[test]
    fn several_reports_are_a_suite_each_and_no_case_is_there_twice() {
        let mut bytes = Vec::new();
        render_merged(&matrix(), Language::French, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let junit = Report::deserialize_from_str(&text).unwrap();
        let shards = matrix();
        let ids: Vec<_> = shards.shards().into_iter().map(|shard| shard.id).collect();
        let suites = junit.test_suites.iter();
        let names: Vec<_> = suites.map(|suite| suite.name.as_str().to_owned()).collect();
        assert_eq!(names, ids);
        let tests = 3 * parsed(&accepted()).tests + parsed(&rejected()).tests;
        assert_eq!((junit.tests, junit.failures), (tests, 6));
        let cases = junit.test_suites.iter().flat_map(|suite| &suite.test_cases);
        let mut known: Vec<_> = cases
            .map(|case| {
                (
                    case.classname.as_ref().unwrap().as_str(),
                    case.name.as_str(),
                )
            })
            .collect();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), junit.tests);
    }
}
