use serde::{Deserialize, Serialize};

use super::{
    Baseline, Build, BuildFailure, Built, Delta, EngineFacts, LeftPart, MadeFrom, Measured, Policy,
    Role, Rule, Run, Verdict,
};

/// All that `lab` found out; exactly what `lab-report/1` holds.
#[derive(Clone, Debug, PartialEq)]
pub struct LabReport {
    pub lab: Option<String>,
    /// RFC 3339, UTC, whole seconds. `None`, as is every time and version, in a baseline,
    /// which leaves out what changes from run to run.
    pub created: Option<String>,
    pub engine: EngineFacts,
    /// Reference, rungs from the heaviest, solution, then the others by name.
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
    /// The first variant with the same image; `None` where its id is not known.
    pub fn first_of(&self, variant: &VariantReport) -> Option<&VariantReport> {
        let id = |variant: &VariantReport| variant.measured.as_ref()?.image_id;
        let wanted = id(variant)?;
        self.variants.iter().find(|it| id(it) == Some(wanted))
    }

    /// Whether a variant weighs less than in the baseline.
    pub fn has_shrunk(&self) -> bool {
        let findings = self.verdict.findings.iter();
        findings
            .map(|finding| finding.fact.rule())
            .any(|rule| rule == Rule::Shrank)
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
    pub made_from: MadeFrom,
    /// `None` where there is no image to measure.
    pub measured: Option<Measured>,
    /// `None` for a service that only names an image.
    pub build: Option<Build>,
    /// `None` where nothing was run.
    pub run: Option<Run>,
}

impl VariantReport {
    /// Its build, where it was done.
    pub fn built(&self) -> Option<&Built> {
        match self.build.as_ref()? {
            Build::Done(built) => Some(built),
            Build::Failed(_) => None,
        }
    }

    /// Why it does not build, where it does not.
    pub fn failure(&self) -> Option<&BuildFailure> {
        match self.build.as_ref()? {
            Build::Done(_) => None,
            Build::Failed(failure) => Some(failure),
        }
    }
}

/// The reference against the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub reference: String,
    /// `None` where fewer than two outputs are there to compare.
    pub outputs_match: Option<bool>,
    /// Every measured variant but the reference, in the report's order.
    pub variants: Vec<Compared>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    pub name: String,
    /// The reference's `unpacked` less the variant's: positive when the variant is lighter.
    pub saved: Delta,
    /// How many times lighter; `None` for an empty image.
    pub ratio: Option<f64>,
    /// Most bytes first; adds up to `saved`.
    #[serde(default)]
    pub left_behind: Vec<LeftPart>,
}
