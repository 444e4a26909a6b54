use std::path::PathBuf;

use super::Gate;
use crate::lab::overridden;
use crate::model::{
    Baseline, BaselineNews, Event, Events, FlagProblem, Incomparable, Policy, PolicySource,
    ReportProblem, VariantReport, Verdict,
};
use crate::report::LabReport;
use crate::verdict::{self, Earlier};

/// A gate, before one report.
pub(in crate::task) struct Judge<'a> {
    pub(super) gate: &'a Gate,
    pub(super) earlier: Option<&'a LabReport>,
    /// What the change makes of it.
    pub(super) proposed: Option<&'a LabReport>,
    /// The saved report that is judged.
    pub(super) report: Option<PathBuf>,
}

impl Judge<'_> {
    /// The policy of each variant, of those that state these; those `elsewhere` are in other
    /// reports.
    pub(in crate::task) fn policies(
        &self,
        stated: &[(&str, &Policy)],
        elsewhere: &[&str],
    ) -> Result<Vec<Policy>, FlagProblem> {
        let of_baseline = |name: &str| {
            let variant = self.earlier?.variants.iter().find(|it| it.name == name)?;
            Some(&variant.policy)
        };
        let chosen: Vec<(&str, &Policy)> = stated
            .iter()
            .map(|(name, policy)| match self.gate.policy {
                PolicySource::File => (*name, *policy),
                PolicySource::Baseline => (*name, of_baseline(name).unwrap_or(policy)),
            })
            .collect();
        overridden(&chosen, elsewhere, &self.gate.overrides)
    }

    /// Whether another report is judged by the same earlier one.
    pub(in crate::task) fn is_by_the_same_as(&self, other: &Self) -> bool {
        match (self.earlier, other.earlier) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            _ => false,
        }
    }

    /// Variants of the baseline that these are not, in its order.
    pub(in crate::task) fn others(&self, names: &[&str]) -> Vec<String> {
        let earlier = self.earlier.iter().flat_map(|it| &it.variants);
        let others = earlier.filter(|variant| !names.contains(&variant.name.as_str()));
        others.map(|variant| variant.name.clone()).collect()
    }

    /// Whether the baseline is of this lab: all that can be known of it before a build.
    pub(in crate::task) fn check_lab(&self, lab: Option<&str>) -> Result<(), ReportProblem> {
        let Some(earlier) = self.earlier else {
            return Ok(());
        };
        let comparable = verdict::comparable([earlier.lab.as_deref(), lab], &[], &[]);
        match comparable {
            Err(reason) if self.gate.update.is_none() => Err(self.incomparable(reason)),
            _ => Ok(()),
        }
    }

    /// Judges, where the baseline is one of the same lab; `stated` is the Compose file's policy of
    /// each variant.
    ///
    /// # Errors
    /// Where it is not, unless it is to be replaced.
    pub(in crate::task) fn judge(
        &self,
        lab: Option<&str>,
        variants: &[VariantReport],
        stated: &[(&str, &Policy)],
        left_out: &[String],
        events: &Events,
    ) -> Result<(Verdict, Option<Baseline>), ReportProblem> {
        let Some(earlier) = self.earlier else {
            return Ok(verdict::judge(variants, None));
        };
        let comparable =
            verdict::comparable([earlier.lab.as_deref(), lab], &earlier.variants, variants);
        if let Err(reason) = comparable {
            if self.gate.update.is_none() {
                return Err(self.incomparable(reason));
            }
            let path = self.gate.named.clone();
            events.send(Event::Baseline(BaselineNews::Replaced { path, reason }));
            return Ok(verdict::judge(variants, None));
        }
        let proposed = self.proposed.filter(|it| is_comparable(it, lab, variants));
        let name = self.gate.named.to_string_lossy();
        let earlier = Earlier {
            proposed: proposed.map(|it| it.variants.as_slice()),
            name: Some(&name),
            created: earlier.created.as_deref(),
            policy: self.gate.policy,
            variants: &earlier.variants,
            left_out,
            stated,
        };
        Ok(verdict::judge(variants, Some(&earlier)))
    }

    fn incomparable(&self, reason: Incomparable) -> ReportProblem {
        ReportProblem::Incomparable {
            path: self.gate.named.clone(),
            report: self.report.clone(),
            reason: Box::new(reason),
        }
    }
}

fn is_comparable(report: &LabReport, lab: Option<&str>, variants: &[VariantReport]) -> bool {
    verdict::comparable([report.lab.as_deref(), lab], &report.variants, variants).is_ok()
}
