//! Which rules were checked on each variant, and what broke them.

use std::time::Duration;

use crate::model::{Changed, Fact, Finding, GateKind, Level, Policy, Role, Rule, Since};
use crate::report::{LabReport, VariantReport};

/// One rule that a variant keeps or breaks.
pub(super) struct Case<'a> {
    /// Stable from run to run and in every language, for a service keeps its history by it.
    pub(super) name: &'static str,
    pub(super) took: Duration,
    pub(super) broken: Vec<&'a Finding>,
}

/// What is in the baseline and not in the report: a suite with nothing in it but that.
pub(super) fn gone(report: &LabReport) -> Vec<VariantReport> {
    let baseline = report.baseline.iter().flat_map(|it| &it.variants);
    let missing = baseline.filter(|it| it.state == Since::Missing);
    missing
        .map(|since| VariantReport {
            name: since.name.clone(),
            role: None,
            image: None,
            dockerfile: None,
            command_line: None,
            base_line: None,
            policy: Policy::default(),
            made_from: crate::model::MadeFrom::default(),
            measured: None,
            build: None,
            run: None,
        })
        .collect()
}

/// Each rule that was checked on the variant, in the order of the pipeline.
pub(super) fn cases<'a>(report: &'a LabReport, variant: &VariantReport) -> Vec<Case<'a>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut add = |name, took: Option<Duration>| {
        cases.push(Case {
            name,
            took: took.unwrap_or_default(),
            broken: Vec::new(),
        });
    };
    if variant.build.is_some() {
        add("build", variant.built().and_then(|built| built.took));
    }
    if variant.measured.is_some() {
        add("measure", None);
    }
    if let Some(run) = &variant.run {
        add("run", run.took);
    }
    let comparison = report.comparison.as_ref();
    let is_compared = comparison.is_some_and(|it| it.reference != variant.name);
    let has_output = variant
        .run
        .as_ref()
        .is_some_and(|run| run.ending.is_success());
    if report.expected_of(variant).is_some() && has_output {
        add("output", None);
    }
    if variant.policy.budget.is_some() && variant.measured.is_some() {
        add("budget", None);
    }
    if is_compared && variant.role == Some(Role::Solution) && variant.measured.is_some() {
        add("lighter", None);
    }
    let since = report.baseline.as_ref().and_then(|it| it.of(&variant.name));
    for gate in since.iter().flat_map(|since| &since.gates) {
        add(gate_name(gate.kind), None);
    }
    if since.is_some_and(|since| since.behaviour.is_some()) {
        add("behaviour", None);
    }
    for finding in errors(report, variant) {
        let name = case_of(&finding.fact);
        match cases.iter_mut().find(|case| case.name == name) {
            Some(case) => case.broken.push(finding),
            None => cases.push(Case {
                name,
                took: Duration::ZERO,
                broken: vec![finding],
            }),
        }
    }
    cases
}

/// The case that a broken rule fails; a rule without one makes a case of its own name.
fn case_of(fact: &Fact) -> &'static str {
    match fact {
        Fact::BuildFailed { .. } => "build",
        Fact::ExitCode { .. }
        | Fact::Killed { .. }
        | Fact::TimedOut { .. }
        | Fact::NotStarted { .. } => "run",
        Fact::OutputsDiffer { .. } => "output",
        Fact::NotLighter { .. } => "lighter",
        Fact::Changed(Changed::Output { .. } | Changed::ExitCode { .. } | Changed::NotRun) => {
            "behaviour"
        }
        other => other.rule().name(),
    }
}

/// The same as the name of the rule that it breaks.
fn gate_name(gate: GateKind) -> &'static str {
    let rule = match gate {
        GateKind::Growth => Rule::Growth,
        GateKind::BaseDrift => Rule::BaseDrift,
        GateKind::ContentDrift => Rule::ContentDrift,
    };
    rule.name()
}

fn errors<'a>(
    report: &'a LabReport,
    variant: &VariantReport,
) -> impl Iterator<Item = &'a Finding> + use<'a> {
    let name = variant.name.clone();
    let findings = report.verdict.findings.iter();
    findings.filter(move |finding| finding.level == Level::Error && finding.variant == name)
}
