use super::baseline::{Earlier, since};
use super::outputs::{difference, ended};
use crate::model::{
    Baseline, BuildFailure, Bytes, Ending, Fact, Finding, Level, Measured, Origin, Outcome, Place,
    Policy, PolicySource, Role, Run, Verdict,
};

/// All that is known of one variant when it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub name: &'a str,
    pub role: Option<Role>,
    pub policy: &'a Policy,
    /// What the Compose file states, which may not be what it is judged by.
    pub stated: &'a Policy,
    /// As findings name it.
    pub dockerfile: Option<&'a str>,
    /// 1-based line of the instruction that says what the container runs.
    pub command_line: Option<u32>,
    /// 1-based line of the FROM that names the base.
    pub base_line: Option<u32>,
    pub failure: Option<&'a BuildFailure>,
    pub measured: Option<&'a Measured>,
    pub run: Option<&'a Run>,
}

/// Judges each variant by itself, against the reference, and against what it was earlier.
pub fn judge(cases: &[Case<'_>], earlier: Option<&Earlier<'_>>) -> (Verdict, Option<Baseline>) {
    let held = in_their_roles(cases, earlier);
    let reference = held.iter().find(|case| case.role == Some(Role::Reference));
    let mut findings: Vec<Finding> = Vec::new();
    for case in &held {
        findings.extend(case.failure.map(|failure| case.build_failed(failure)));
        findings.extend(case.run.and_then(|run| case.ending(run)));
        findings.extend(case.over_budget());
        if let Some(reference) = reference.filter(|reference| reference.name != case.name) {
            findings.extend(case.output_differs(reference));
            findings.extend(case.not_lighter(reference));
        }
    }
    let since = earlier.map(|earlier| since(cases, earlier));
    let (baseline, changes) = since.unzip();
    findings.extend(changes.into_iter().flatten());
    findings.extend(stand_ins(cases));
    findings.sort_by_key(|finding| finding.level);
    let rejected = findings.iter().any(|finding| finding.level == Level::Error);
    let outcome = if rejected {
        Outcome::Rejected
    } else {
        Outcome::Accepted
    };
    (Verdict { outcome, findings }, baseline)
}

/// By a baseline's policy a variant is judged in the role that it had, as by the limits that
/// it had: no change excuses itself from what its role asks for.
fn in_their_roles<'a>(cases: &[Case<'a>], earlier: Option<&Earlier<'a>>) -> Vec<Case<'a>> {
    let earlier = earlier.filter(|earlier| earlier.policy == PolicySource::Baseline);
    let role = |case: &Case<'a>| {
        let mut before = earlier?.cases.iter();
        Some(before.find(|before| before.name == case.name)?.role)
    };
    let held = cases.iter().map(|case| Case {
        role: role(case).unwrap_or(case.role),
        ..*case
    });
    held.collect()
}

impl Case<'_> {
    pub(super) fn error(&self, line: Option<u32>, fact: Fact) -> Finding {
        let place = self.dockerfile.map(|dockerfile| Place {
            dockerfile: dockerfile.into(),
            line,
        });
        Finding {
            level: Level::Error,
            variant: self.name.to_owned(),
            place,
            fact,
        }
    }

    fn build_failed(&self, failure: &BuildFailure) -> Finding {
        let instruction = failure.instruction.clone();
        self.error(
            failure.line,
            Fact::BuildFailed {
                cause: failure.cause,
                instruction,
            },
        )
    }

    fn ending(&self, run: &Run) -> Option<Finding> {
        let fact = match &run.ending {
            Ending::Exited { code: 0 } => return None,
            Ending::Exited { code } => Fact::ExitCode { code: *code },
            Ending::Killed {
                code,
                out_of_memory,
            } => Fact::Killed {
                code: *code,
                out_of_memory: *out_of_memory,
            },
            Ending::TimedOut { limit } => Fact::TimedOut {
                seconds: limit.as_secs_f64(),
            },
            Ending::NotStarted { code, reason } => Fact::NotStarted {
                code: *code,
                reason: reason.clone(),
            },
        };
        Some(self.error(self.command_line, fact))
    }

    fn over_budget(&self) -> Option<Finding> {
        let (measured, limit) = (self.measured?, self.policy.budget?);
        let counts = self.policy.counts;
        let actual = self.policy.counted(measured);
        let fact = Fact::Budget {
            counts,
            actual,
            limit,
        };
        let over = self.error(self.base_line, fact);
        (actual > limit).then(|| Finding {
            place: self.heaviest_place(measured).or(over.place),
            ..over
        })
    }

    /// The instruction to look at first: the one that brought most of what is counted. `None`
    /// where that is the FROM, or is not known.
    fn heaviest_place(&self, measured: &Measured) -> Option<Place> {
        let counted = |(number, layer)| self.policy.counted_in(measured, number, layer);
        let layers = || measured.layers.iter().enumerate();
        let (of_base, own): (Vec<_>, Vec<_>) =
            layers().partition(|(_, layer)| layer.origin == Origin::Base);
        let (number, heaviest) = own.into_iter().max_by_key(|own| counted(*own))?;
        let base: Bytes = of_base.into_iter().map(counted).sum();
        if base > counted((number, heaviest)) {
            return None;
        }
        heaviest.step.as_ref()?.place.clone()
    }

    fn output_differs(&self, reference: &Case<'_>) -> Option<Finding> {
        let (run, expected) = (self.run?, reference.run?);
        self.role?;
        if !ended(run) || !ended(expected) {
            return None;
        }
        let difference = difference(&expected.stdout, &run.stdout)?;
        let reference = reference.name.to_owned();
        Some(self.error(
            self.command_line,
            Fact::OutputsDiffer {
                reference,
                difference,
            },
        ))
    }

    fn not_lighter(&self, reference: &Case<'_>) -> Option<Finding> {
        let (own, other) = (
            self.measured?.size.unpacked,
            reference.measured?.size.unpacked,
        );
        let heavy = self.role == Some(Role::Solution) && own >= other;
        let reference = reference.name.to_owned();
        heavy.then(|| {
            self.error(
                None,
                Fact::NotLighter {
                    reference,
                    actual: own,
                    limit: other,
                },
            )
        })
    }
}

/// A note for each stand-in base, at the first variant that is built on it.
fn stand_ins(cases: &[Case<'_>]) -> Vec<Finding> {
    let mut seen: Vec<&str> = Vec::new();
    let mut notes = Vec::new();
    for case in cases {
        let base = case.measured.and_then(|measured| measured.base.as_ref());
        let Some(base) = base.filter(|base| base.stand_in) else {
            continue;
        };
        if !seen.contains(&base.reference.as_str()) {
            seen.push(&base.reference);
            let fact = Fact::StandInBase {
                reference: base.reference.clone(),
            };
            notes.push(Finding {
                level: Level::Note,
                ..case.error(None, fact)
            });
        }
    }
    notes
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
