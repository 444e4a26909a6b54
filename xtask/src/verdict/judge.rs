use super::baseline::{Earlier, since};
use super::outputs::{difference, ended};
use crate::model::{
    Baseline, BuildCause, BuildFailure, Bytes, Ending, Fact, Finding, Level, Measured, Origin,
    Outcome, OwnFiles, Place, PolicySource, Role, Run, VariantReport, Verdict,
};

/// Judges each variant by itself, against the reference, and against what it was earlier.
pub fn judge(
    variants: &[VariantReport],
    earlier: Option<&Earlier<'_>>,
) -> (Verdict, Option<Baseline>) {
    let role = |variant: &VariantReport| role(variant, earlier);
    let is_reference = |variant: &&VariantReport| role(variant) == Some(Role::Reference);
    let reference = variants.iter().find(is_reference);
    let mut findings: Vec<Finding> = Vec::new();
    for variant in variants {
        let failure = variant.failure();
        findings.extend(failure.map(|failure| variant.build_failed(failure)));
        findings.extend(variant.run.as_ref().and_then(|run| variant.ending(run)));
        findings.extend(variant.over_budget());
        findings.extend(variant.own_files());
        let reference = reference.filter(|reference| reference.name != variant.name);
        if let (Some(reference), Some(role)) = (reference, role(variant)) {
            findings.extend(variant.output_differs(reference));
            findings.extend(variant.not_lighter(role, reference));
        }
    }
    let since = earlier.map(|earlier| since(variants, earlier));
    let (baseline, changes) = since.unzip();
    findings.extend(changes.into_iter().flatten());
    findings.extend(stand_ins(variants));
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
fn role(variant: &VariantReport, earlier: Option<&Earlier<'_>>) -> Option<Role> {
    let earlier = earlier.filter(|earlier| earlier.policy == PolicySource::Baseline);
    let before = earlier.and_then(|earlier| earlier.of(&variant.name));
    before.unwrap_or(variant).role
}

impl VariantReport {
    pub(super) fn error(&self, line: Option<u32>, fact: Fact) -> Finding {
        let place = self
            .dockerfile
            .clone()
            .map(|dockerfile| Place { dockerfile, line });
        Finding {
            level: Level::Error,
            variant: self.name.clone(),
            place,
            fact,
        }
    }

    fn build_failed(&self, failure: &BuildFailure) -> Finding {
        let reason = match failure.cause {
            BuildCause::Run { .. } => None,
            BuildCause::Syntax | BuildCause::SourceMissing | BuildCause::Refused => {
                failure.log.last().cloned()
            }
        };
        self.error(
            failure.line,
            Fact::BuildFailed {
                cause: failure.cause,
                instruction: failure.instruction.clone(),
                reason,
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
        let (measured, limit) = (self.measured.as_ref()?, self.policy.budget?);
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

    fn own_files(&self) -> Option<Finding> {
        let excluded = self.measured.as_ref()?.excluded.as_ref()?;
        let files = OwnFiles::of(excluded)?;
        Some(Finding {
            level: Level::Warning,
            ..self.error(None, Fact::OwnFiles(files))
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

    fn output_differs(&self, reference: &Self) -> Option<Finding> {
        let (run, expected) = (self.run.as_ref()?, reference.run.as_ref()?);
        if !ended(run) || !ended(expected) {
            return None;
        }
        let difference = difference(&expected.stdout, &run.stdout)?;
        let reference = reference.name.clone();
        Some(self.error(
            self.command_line,
            Fact::OutputsDiffer {
                reference,
                difference,
            },
        ))
    }

    fn not_lighter(&self, role: Role, reference: &Self) -> Option<Finding> {
        let (own, other) = (
            self.measured.as_ref()?.size.unpacked,
            reference.measured.as_ref()?.size.unpacked,
        );
        let heavy = role == Role::Solution && own >= other;
        let reference = reference.name.clone();
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
fn stand_ins(variants: &[VariantReport]) -> Vec<Finding> {
    let mut seen: Vec<&str> = Vec::new();
    let mut notes = Vec::new();
    for variant in variants {
        let base = variant
            .measured
            .as_ref()
            .and_then(|measured| measured.base.as_ref());
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
                ..variant.error(None, fact)
            });
        }
    }
    notes
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
