//! SARIF 2.1.0 (OASIS), for code scanning: a result a finding, at its line of the
//! Dockerfile. Only what consumers show is written.

use std::fmt::Write as _;
use std::io::{self, Write};

mod format;

use format::{
    Answer, ArtifactLocation, AutomationDetails, Configuration, Driver, Fingerprints, Location,
    Log, LogicalLocation, Message, PhysicalLocation, Region, Related, Rule, SCHEMA, Tool, ToolRun,
};

use super::alike::Told;
use super::{LabReport, MergedReport};
use crate::lang::{Phrases, brief, phrases};
use crate::model::{Changed, Fact, Finding, InputPlace, Language, Level};

/// Writes one run whose results are the verdict's findings, in its order.
pub(super) fn render(
    report: &LabReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lab = report.lab.as_deref().unwrap_or("lab");
    write(
        vec![tool_run(report, AutomationDetails::of(lab), language)],
        out,
    )
}

/// Writes one run a report, each a category of its own, for a service replaces the results
/// that it had of a category.
pub(super) fn render_merged(
    merged: &MergedReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let runs = merged.shards().into_iter().map(|shard| {
        let label = shard.label(phrases(language));
        let details = AutomationDetails {
            description: Some(Message {
                text: brief(&label).into_owned(),
            }),
            ..AutomationDetails::of(&shard.id)
        };
        tool_run(shard.report, details, language)
    });
    write(runs.collect(), out)
}

fn write(runs: Vec<ToolRun>, out: &mut dyn Write) -> io::Result<()> {
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs,
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

impl AutomationDetails {
    fn of(category: &str) -> Self {
        Self {
            id: format!("{}/", brief(category)),
            description: None,
        }
    }
}

fn tool_run(report: &LabReport, details: AutomationDetails, language: Language) -> ToolRun {
    let (phrases, page) = (phrases(language), phrases(language));
    let told = report.told();
    let findings = told.iter().map(|it| it.finding);
    let mut rules: Vec<Rule> = Vec::new();
    for finding in findings {
        if rules
            .iter()
            .all(|rule| rule.id != finding.fact.rule().name())
        {
            rules.push(rule(finding, page));
        }
    }
    let results = told
        .iter()
        .map(|told| answer(report, told, &rules, phrases))
        .collect();
    ToolRun {
        tool: Tool {
            driver: Driver {
                name: "lab-kit",
                version: env!("CARGO_PKG_VERSION"),
                rules,
            },
        },
        language: language.name(),
        automation_details: details,
        column_kind: "unicodeCodePoints",
        results,
    }
}

fn rule(finding: &Finding, page: Phrases) -> Rule {
    let said = |text: &str| Message {
        text: text.to_owned(),
    };
    let meaning = page.rule(finding.fact.rule());
    Rule {
        id: finding.fact.rule().name(),
        short_description: said(meaning),
        full_description: said(meaning),
        help: said(page.rule_help(finding.fact.rule())),
        default_configuration: Configuration {
            level: level(finding.level),
        },
    }
}

fn answer(report: &LabReport, told: &Told<'_>, rules: &[Rule], phrases: Phrases) -> Answer {
    let finding = told.finding;
    let rule_id = finding.fact.rule().name();
    let place = finding.place.as_ref();
    let of_finding = |variant: &&super::VariantReport| variant.name == finding.variant;
    let variant = report.variants.iter().find(of_finding);
    let dockerfile = place
        .map(|place| &place.dockerfile)
        .or(variant.and_then(|variant| variant.dockerfile.as_ref()));
    let physical_location = dockerfile.map(|dockerfile| PhysicalLocation {
        artifact_location: ArtifactLocation {
            uri: uri(dockerfile),
        },
        region: place.and_then(|place| place.line).map(|start_line| Region {
            start_line,
            end_line: report.end_of(finding),
        }),
    });
    let name = brief(&finding.variant).into_owned();
    Answer {
        rule_id,
        rule_index: rules.iter().position(|it| it.id == rule_id).unwrap_or(0),
        level: level(finding.level),
        message: Message {
            text: brief(&phrases.with_also(&phrases.finding(finding), &told.also)).into_owned(),
        },
        partial_fingerprints: Fingerprints {
            rule_and_variant: fingerprint(finding, &name),
        },
        locations: [Location {
            physical_location,
            logical_locations: [LogicalLocation {
                name,
                kind: "module",
            }],
        }],
        related_locations: inputs(finding).iter().zip(0..).map(related).collect(),
    }
}

/// Changed files that the instruction reads.
fn inputs(finding: &Finding) -> &[InputPlace] {
    match &finding.fact {
        Fact::Changed(Changed::Grew(grown)) => &grown.inputs,
        _ => &[],
    }
}

fn related((input, id): (&InputPlace, u32)) -> Related {
    Related {
        id,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(&input.file),
            },
            region: input.line.map(|start_line| Region {
                start_line,
                end_line: None,
            }),
        },
    }
}

/// Growth has a finding an instruction.
fn fingerprint(finding: &Finding, variant: &str) -> String {
    let rule = finding.fact.rule().name();
    let instruction = match &finding.fact {
        Fact::Changed(Changed::Grew(grown)) => grown.instruction.as_deref(),
        _ => None,
    };
    match instruction {
        Some(instruction) => format!("{rule}:{variant}:{}", brief(instruction)),
        None => format!("{rule}:{variant}"),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// A path as a URI reference (RFC 3986): relative stays relative, so that it is resolved
/// against the repository.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{render, render_merged, uri};
    use crate::model::Language;
    use crate::report::LabReport;
    use crate::report::sample::{accepted, matrix, regressed, rejected};

    /// The standard's own schema, as the crate `serde-sarif` 0.8.0 carries it.
    const STANDARD: &str = include_str!("../../tests/data/sarif-2.1.0.schema.json");

    fn written(report: &LabReport, language: Language) -> Value {
        let mut bytes = Vec::new();
        render(report, language, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn written_merged(language: Language) -> Value {
        let mut bytes = Vec::new();
        render_merged(&matrix(), language, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn standard() -> jsonschema::Validator {
        // Its pattern of a language has a bracket too many, which strict readers refuse.
        let mended = STANDARD.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
        jsonschema::validator_for(&serde_json::from_str(&mended).unwrap()).unwrap()
    }

    fn errors(json: &Value) -> Vec<String> {
        standard()
            .iter_errors(json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    #[test]
    fn several_reports_are_a_run_and_a_category_each() {
        let json = written_merged(Language::English);
        let runs = json["runs"].as_array().unwrap();
        let ids: Vec<_> = runs
            .iter()
            .map(|run| &run["automationDetails"]["id"])
            .collect();
        assert_eq!(
            ids,
            [
                "ex08/linux/amd64/docker/20.10.24/",
                "ex08/linux/amd64/docker/28.2.2/",
                "ex08/linux/arm64/podman/5.4.2/",
                "ex09 <b>|@x/linux/amd64/docker/28.2.2/",
            ]
        );
        let results = |at: usize| runs[at]["results"].as_array().unwrap().len();
        assert_eq!([0, 1, 2, 3].map(results), [0, 0, 0, 7]);
        let rules = runs[3]["tool"]["driver"]["rules"].as_array().unwrap();
        let mut names: Vec<_> = rules.iter().map(|rule| rule["id"].as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rules.len(), "a rule is there once");
    }

    #[test]
    fn what_is_written_satisfies_the_standards_schema() {
        let validator = standard();
        for language in [Language::English, Language::French] {
            for report in [accepted(), rejected(), regressed()] {
                assert_eq!(errors(&written(&report, language)), Vec::<String>::new());
            }
            assert_eq!(errors(&written_merged(language)), Vec::<String>::new());
        }
        let mut json = written(&rejected(), Language::English);
        json["runs"][0]["results"][0]["level"] = "fatal".into();
        assert!(!validator.is_valid(&json));
    }

    #[test]
    fn a_finding_is_a_result_at_its_line() {
        let json = written(&rejected(), Language::English);
        let results = &json["runs"][0]["results"];
        assert_eq!(
            results.as_array().unwrap().len(),
            rejected().verdict.findings.len()
        );
        insta::assert_snapshot!(serde_json::to_string_pretty(&results[0]).unwrap());
        let location = &results[1]["locations"][0]["physicalLocation"];
        assert_eq!(
            location["artifactLocation"]["uri"], "Dockerfile.heavy",
            "a finding without a place stands at its variant's Dockerfile"
        );
        let rules = &json["runs"][0]["tool"]["driver"]["rules"];
        for result in results.as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
    }

    #[test]
    fn each_instruction_that_grew_is_a_result_of_its_own() {
        let json = written(&regressed(), Language::English);
        let results = json["runs"][0]["results"].as_array().unwrap();
        let grew = results.iter().find(|it| it["ruleId"] == "growth").unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(grew).unwrap());
        let marks: std::collections::BTreeSet<String> = results
            .iter()
            .map(|it| it["partialFingerprints"].to_string())
            .collect();
        assert_eq!(marks.len(), results.len());
    }

    #[test]
    fn a_path_becomes_a_uri_that_stays_a_path() {
        assert_eq!(uri("lab/ex08/Dockerfile"), "lab/ex08/Dockerfile");
        assert_eq!(uri("javascript:x"), "javascript%3Ax");
        assert_eq!(uri("é b"), "%C3%A9%20b");
        assert_eq!(uri("/abs"), "file:///abs");
    }
}
