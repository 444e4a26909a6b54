use std::time::Duration;

use crate::model::{
    Baseline, BuildFailure, Delta, EngineFacts, LeftPart, Measured, Policy, Role, Rule, Run,
    Verdict,
};
use crate::verdict::Case;

/// All that `lab` found out; exactly what `lab-report/1` holds.
#[derive(Clone, Debug, PartialEq)]
pub struct LabReport {
    pub lab: Option<String>,
    /// RFC 3339, UTC, whole seconds. `None`, as is every time and version, in a baseline,
    /// which leaves out what changes from run to run.
    pub created: Option<String>,
    pub engine: EngineFacts,
    /// In the lab's order.
    pub variants: Vec<VariantReport>,
    /// Variants that what was typed left out, and which are not missing therefore.
    pub left_out: Vec<String>,
    /// `None` where no variant is the reference.
    pub comparison: Option<Comparison>,
    /// What changed since an earlier report; `None` where there was none to judge by.
    pub baseline: Option<Baseline>,
    pub verdict: Verdict,
}

impl LabReport {
    /// Whether a variant weighs less than in the baseline.
    pub fn has_shrunk(&self) -> bool {
        let findings = self.verdict.findings.iter();
        findings
            .map(|finding| finding.fact.rule())
            .any(|rule| rule == Rule::Shrank)
    }

    /// What is judged of each variant.
    pub fn cases(&self) -> Vec<Case<'_>> {
        let variants = self.variants.iter();
        variants
            .map(|variant| variant.case(&variant.policy))
            .collect()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct VariantReport {
    pub name: String,
    pub role: Option<Role>,
    pub image: Option<String>,
    /// The Dockerfile, as findings name it; `None` for a service that only names an image.
    pub dockerfile: Option<String>,
    /// 1-based line of the instruction that says what the container runs.
    pub command_line: Option<u32>,
    /// 1-based line of the FROM that names the base.
    pub base_line: Option<u32>,
    pub policy: Policy,
    /// `None` where there is no image to measure.
    pub measured: Option<Measured>,
    /// `None` for a service that only names an image.
    pub build: Option<BuildReport>,
    /// `None` where nothing was run.
    pub run: Option<Run>,
}

impl VariantReport {
    /// What is judged of it by what the report holds; `stated` is the Compose file's policy.
    pub fn case<'a>(&'a self, stated: &'a Policy) -> Case<'a> {
        let build = self.build.as_ref();
        Case {
            name: &self.name,
            role: self.role,
            policy: &self.policy,
            stated,
            dockerfile: self.dockerfile.as_deref(),
            command_line: self.command_line,
            base_line: self.base_line,
            failure: build.and_then(|build| build.failure.as_ref()),
            measured: self.measured.as_ref(),
            run: self.run.as_ref(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct BuildReport {
    /// Whole microseconds, as is every duration of a report.
    pub took: Option<Duration>,
    pub steps: u32,
    pub cached: Option<u32>,
    pub failure: Option<BuildFailure>,
}

/// The reference against the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub reference: String,
    /// `None` where fewer than two outputs are there to compare.
    pub outputs_match: Option<bool>,
    /// Every measured variant but the reference, in the report's order.
    pub variants: Vec<Compared>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub name: String,
    /// The reference's `unpacked` less the variant's: positive when the variant is lighter.
    pub saved: Delta,
    /// How many times lighter; `None` for an empty image.
    pub ratio: Option<f64>,
    /// Most bytes first; adds up to `saved`.
    pub left_behind: Vec<LeftPart>,
}
