use std::fs;
use std::path::{Path, PathBuf};

use super::publish::Sink;
use crate::cli::GateArgs;
use crate::lab::{Override, overridden};
use crate::model::{
    Baseline, BaselineNews, Event, Events, Fact, LabProblem, Policy, PolicySource, ReportProblem,
    Rule, Verdict,
};
use crate::report::{self, LabReport, wire};
use crate::verdict::{self, Case, Earlier};

/// What a report is judged by: an earlier one, its policy or that of the Compose file, and
/// what was typed.
pub(super) struct Gate {
    earlier: Option<LabReport>,
    path: Option<PathBuf>,
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
    pub(super) fn open(args: &GateArgs, update: Update) -> Result<Self, ReportProblem> {
        let typed = args.limits.typed().into_iter();
        let overrides = typed.flat_map(|(key, values)| {
            values.iter().map(move |typed| Override {
                key,
                typed: typed.clone(),
            })
        });
        let mut gate = Self {
            earlier: None,
            path: args.baseline.clone(),
            policy: args.policy.into(),
            overrides: overrides.collect(),
            update: None,
        };
        let Some(path) = &args.baseline else {
            return Ok(gate);
        };
        if update == Update::Nothing || path.exists() {
            gate.earlier = Some(read(path)?);
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

    /// The policy of each variant, of those that state these.
    pub(super) fn policies(&self, stated: &[(&str, &Policy)]) -> Result<Vec<Policy>, LabProblem> {
        let of_baseline = |name: &str| {
            let earlier = self.earlier.as_ref()?;
            let variant = earlier.variants.iter().find(|it| it.name == name)?;
            Some(&variant.policy)
        };
        let chosen: Vec<(&str, &Policy)> = stated
            .iter()
            .map(|(name, policy)| match self.policy {
                PolicySource::File => (*name, *policy),
                PolicySource::Baseline => (*name, of_baseline(name).unwrap_or(policy)),
            })
            .collect();
        overridden(&chosen, &self.overrides)
    }

    /// Variants of the baseline that these are not, in its order.
    pub(super) fn others(&self, names: &[&str]) -> Vec<String> {
        let earlier = self.earlier.iter().flat_map(|it| &it.variants);
        let others = earlier.filter(|variant| !names.contains(&variant.name.as_str()));
        others.map(|variant| variant.name.clone()).collect()
    }

    /// Whether the baseline is of this lab: all that can be known of it before a build.
    pub(super) fn check_lab(&self, lab: Option<&str>) -> Result<(), ReportProblem> {
        let (Some(path), Some(earlier)) = (&self.path, &self.earlier) else {
            return Ok(());
        };
        let comparable = verdict::comparable([earlier.lab.as_deref(), lab], &[], &[]);
        match comparable {
            Err(reason) if self.update.is_none() => Err(ReportProblem::Incomparable {
                path: path.clone(),
                reason,
            }),
            _ => Ok(()),
        }
    }

    /// Judges, where the baseline is one of the same lab.
    ///
    /// # Errors
    /// Where it is not, unless it is to be replaced.
    pub(super) fn judge(
        &self,
        lab: Option<&str>,
        cases: &[Case<'_>],
        left_out: &[String],
        events: &Events,
    ) -> Result<(Verdict, Option<Baseline>), ReportProblem> {
        let Some((path, earlier)) = self.path.as_ref().zip(self.earlier.as_ref()) else {
            return Ok(verdict::judge(cases, None));
        };
        let before = earlier.cases();
        let comparable = verdict::comparable([earlier.lab.as_deref(), lab], &before, cases);
        if let Err(reason) = comparable {
            let path = path.clone();
            if self.update.is_none() {
                return Err(ReportProblem::Incomparable { path, reason });
            }
            events.send(Event::Baseline(BaselineNews::Replaced { path, reason }));
            return Ok(verdict::judge(cases, None));
        }
        let earlier = Earlier {
            created: earlier.created.as_deref(),
            policy: self.policy,
            cases: before,
            left_out,
        };
        Ok(verdict::judge(cases, Some(&earlier)))
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
        wire::write(&report::baseline_of(&baseline), &mut json)
            .and_then(|()| sink.write(&json))
            .map_err(|source| write_problem(&path, source))?;
        events.send(Event::Baseline(BaselineNews::Written { path }));
        Ok(())
    }
}

fn write_problem(path: &Path, source: std::io::Error) -> ReportProblem {
    ReportProblem::Write {
        path: path.to_owned(),
        source,
    }
}

fn read(path: &Path) -> Result<LabReport, ReportProblem> {
    let report = fs::read(path)
        .map_err(|source| ReportProblem::Read {
            path: path.to_owned(),
            source,
        })
        .and_then(|text| wire::read(path, &text));
    report.map_err(|problem| ReportProblem::Baseline {
        path: path.to_owned(),
        problem: Box::new(problem),
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
