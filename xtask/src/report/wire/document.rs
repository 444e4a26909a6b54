use serde::{Deserialize, Serialize};

use super::SCHEMA;
use super::baseline::WireBaseline;
use super::finding::WireFinding;
use super::variant::WireVariant;
use crate::model::{Builder, EngineFacts, EngineKind, Outcome, Platform, ReportFault, Verdict};
use crate::report::{Comparison, LabReport, VariantReport};

/// The whole of a `lab-report/1`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Document {
    schema: String,
    lab: Option<String>,
    pub(super) created: Option<String>,
    pub(super) engine: WireEngine,
    pub(super) variants: Vec<WireVariant>,
    #[serde(default)]
    left_out: Vec<String>,
    pub(super) comparison: Option<Comparison>,
    pub(super) baseline: Option<WireBaseline>,
    pub(super) verdict: WireVerdict,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireEngine {
    name: EngineKind,
    version: Option<String>,
    api: Option<String>,
    os: String,
    arch: String,
    pub(super) storage: Option<String>,
    builder: Builder,
    variant: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireVerdict {
    pub(super) outcome: Outcome,
    pub(super) findings: Vec<WireFinding>,
}

impl From<&LabReport> for Document {
    fn from(report: &LabReport) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            lab: report.lab.clone(),
            created: report.created.clone(),
            engine: (&report.engine).into(),
            variants: variants(report),
            left_out: report.left_out.clone(),
            comparison: report.comparison.clone(),
            baseline: report.baseline.as_ref().map(Into::into),
            verdict: WireVerdict {
                outcome: report.verdict.outcome,
                findings: report.verdict.findings.iter().map(Into::into).collect(),
            },
        }
    }
}

/// Each names the first one with the same image.
fn variants(report: &LabReport) -> Vec<WireVariant> {
    let same = |variant: &VariantReport| {
        let first = report.first_of(variant)?;
        (first.name != variant.name).then(|| first.name.clone())
    };
    let variants = report.variants.iter();
    variants
        .map(|variant| {
            let mut wire = WireVariant::from(variant);
            wire.same_image_as = same(variant);
            wire
        })
        .collect()
}

impl Document {
    pub(super) fn into_report(self) -> Result<LabReport, ReportFault> {
        let variants = self.variants.into_iter().enumerate();
        let variants =
            variants.map(|(at, variant)| variant.into_variant(&format!("variants[{at}]")));
        let findings = self.verdict.findings.into_iter().enumerate();
        let findings =
            findings.map(|(at, finding)| finding.into_finding(&format!("verdict.findings[{at}]")));
        let baseline = self.baseline.map(WireBaseline::into_baseline).transpose()?;
        Ok(LabReport {
            lab: self.lab,
            created: self.created,
            engine: self.engine.into(),
            variants: variants.collect::<Result<_, _>>()?,
            left_out: self.left_out,
            comparison: self.comparison,
            baseline,
            verdict: Verdict {
                outcome: self.verdict.outcome,
                findings: findings.collect::<Result<_, _>>()?,
            },
        })
    }
}

impl From<&EngineFacts> for WireEngine {
    fn from(engine: &EngineFacts) -> Self {
        Self {
            name: engine.kind,
            version: engine.version.clone(),
            api: engine.api.clone(),
            os: engine.platform.os.clone(),
            arch: engine.platform.arch.clone(),
            storage: engine.storage.clone(),
            builder: engine.builder,
            variant: engine.platform.variant.clone(),
        }
    }
}

impl From<WireEngine> for EngineFacts {
    fn from(wire: WireEngine) -> Self {
        Self {
            kind: wire.name,
            version: wire.version,
            api: wire.api,
            platform: Platform {
                os: wire.os,
                arch: wire.arch,
                variant: wire.variant,
            },
            storage: wire.storage,
            builder: wire.builder,
        }
    }
}
