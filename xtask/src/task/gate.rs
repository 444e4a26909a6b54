mod judge;
mod partner;

use std::path::{Path, PathBuf};

pub(super) use judge::Judge;
pub(super) use partner::Whose;

use super::context::Context;
use super::publish::Sink;
use super::saved;
use crate::cli::GateArgs;
use crate::lab::Override;
use crate::model::{
    BaselineNews, Cancel, Event, Events, Fact, Policy, PolicySource, ReportProblem, Rule,
};
use crate::report::{self, LabReport, wire};

/// What a report is judged by: an earlier one, its policy or that of the Compose file, and
/// what was typed.
pub(super) struct Gate {
    /// None, one, or those of a merged one.
    earlier: Vec<LabReport>,
    /// Those that the change brings; `None` where it brings none that can be read.
    proposed: Option<Vec<LabReport>>,
    path: Option<PathBuf>,
    /// As the user knows it.
    named: PathBuf,
    policy: PolicySource,
    overrides: Vec<Override>,
    /// `None` where the baseline stays as it is.
    update: Option<Sink>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Update {
    Baseline,
    Nothing,
}

impl Gate {
    /// Reads the baseline, which only an update may find missing.
    pub(super) fn open(
        args: &GateArgs,
        update: Update,
        cx: &Context,
    ) -> Result<Self, ReportProblem> {
        let cancel = &cx.cancel;
        let typed = args.limits.typed().into_iter();
        let overrides = typed.flat_map(|(key, values)| {
            values.iter().map(move |typed| Override {
                key,
                typed: typed.clone(),
            })
        });
        let mut gate = Self {
            earlier: Vec::new(),
            proposed: proposed(args, cx)?,
            path: args.baseline.clone(),
            named: PathBuf::new(),
            policy: args.policy.into(),
            overrides: overrides.collect(),
            update: None,
        };
        let Some(path) = &args.baseline else {
            return Ok(gate);
        };
        gate.named
            .clone_from(args.baseline_name.as_ref().unwrap_or(path));
        let named = gate.named.clone();
        if update == Update::Nothing {
            gate.earlier = read((path, &named), cancel, |text| {
                let merged = wire::read_merged(&[(named.clone(), text)])?;
                Ok(merged.into_reports())
            })?;
        } else if path.exists() {
            // One run is one report: of a merged one it could be but a part.
            gate.earlier = read((path, &named), cancel, |text| {
                Ok(vec![wire::read(&named, &text)?])
            })?;
        }
        if update == Update::Baseline {
            let sink = Sink::open(path).map_err(|source| write_problem(path, source))?;
            gate.update = Some(sink);
        }
        Ok(gate)
    }

    /// Whether there is anything to judge by that a report does not hold itself.
    pub(super) fn judges(&self) -> bool {
        self.path.is_some() || !self.overrides.is_empty()
    }

    /// What this one is judged by.
    ///
    /// # Errors
    /// Where the baseline is several reports, and none of them is of this lab and platform.
    pub(super) fn of(&self, whose: &Whose<'_>) -> Result<Judge<'_>, ReportProblem> {
        let earlier = match self.earlier.as_slice() {
            // Why it may not do is said by comparing.
            [] => None,
            [only] => Some(only),
            several => {
                let partner = whose.partner(several);
                Some(partner.ok_or_else(|| whose.alone(&self.named, several))?)
            }
        };
        let proposed = self.proposed.as_deref();
        Ok(Judge {
            gate: self,
            earlier,
            proposed: proposed.and_then(|all| whose.partner(all)),
            report: whose.report.map(Path::to_owned),
        })
    }

    /// Writes the report in the baseline's place where that was asked for and nothing failed.
    /// Variants that were left out stay as they were; `stated` are the policies of the others,
    /// for what was typed is of this run alone.
    pub(super) fn save(
        self,
        report: &LabReport,
        stated: &[(&str, &Policy)],
        left_out: &[String],
        events: &Events,
    ) -> Result<(), ReportProblem> {
        let (Some(sink), Some(path)) = (self.update, self.path) else {
            return Ok(());
        };
        let variants = failed(report);
        if !variants.is_empty() {
            events.send(Event::Baseline(BaselineNews::Kept { path, variants }));
            return Ok(());
        }
        let mut baseline = report::baseline_of(report);
        for variant in &mut baseline.variants {
            let policy = stated.iter().find(|(name, _)| *name == variant.name);
            if let Some((_, policy)) = policy {
                variant.policy = (*policy).clone();
            }
        }
        if report.baseline.is_some() {
            let earlier = self.earlier.into_iter().flat_map(|it| it.variants);
            let kept = earlier.filter(|variant| left_out.contains(&variant.name));
            baseline.variants.extend(kept);
        }
        let mut json = Vec::new();
        wire::write_baseline(&report::baseline_of(&baseline), &mut json)
            .and_then(|()| sink.write(&json))
            .map_err(|source| write_problem(&path, source))?;
        events.send(Event::Baseline(BaselineNews::Written { path }));
        Ok(())
    }
}

/// The baseline that a change brings. It is untrusted, and can only accept: one that can't be read
/// accepts nothing.
fn proposed(args: &GateArgs, cx: &Context) -> Result<Option<Vec<LabReport>>, ReportProblem> {
    let Some(path) = &args.proposed_baseline else {
        return Ok(None);
    };
    let named = args.baseline_name.as_ref().unwrap_or(path);
    let parse = |text| Ok(wire::read_merged(&[(named.clone(), text)])?.into_reports());
    match read((path, named), &cx.cancel, parse) {
        Ok(reports) => Ok(Some(reports)),
        Err(problem @ ReportProblem::Cancelled(_)) => Err(problem),
        Err(_) => {
            let path = named.clone();
            cx.events
                .send(Event::Baseline(BaselineNews::Unreadable { path }));
            Ok(None)
        }
    }
}

fn write_problem(path: &Path, source: std::io::Error) -> ReportProblem {
    ReportProblem::Write {
        path: path.to_owned(),
        source,
    }
}

/// Reads a file that messages name as the second path.
fn read(
    (path, named): (&Path, &Path),
    cancel: &Cancel,
    parse: impl FnOnce(Vec<u8>) -> Result<Vec<LabReport>, ReportProblem>,
) -> Result<Vec<LabReport>, ReportProblem> {
    let reports = saved::read(path, named, cancel).and_then(parse);
    reports.map_err(|problem| match problem {
        ReportProblem::Cancelled(_) => problem,
        problem => ReportProblem::Baseline {
            path: named.to_owned(),
            problem: Box::new(problem),
        },
    })
}

/// Variants that did not build, or whose container failed.
fn failed(report: &LabReport) -> Vec<String> {
    let is_failure = |fact: &Fact| {
        matches!(
            fact.rule(),
            Rule::BuildFailed | Rule::ExitCode | Rule::Killed | Rule::TimedOut | Rule::NotStarted
        )
    };
    let findings = report.verdict.findings.iter();
    let failed = findings.filter(|finding| is_failure(&finding.fact));
    let mut variants: Vec<String> = failed.map(|finding| finding.variant.clone()).collect();
    variants.dedup();
    variants
}
