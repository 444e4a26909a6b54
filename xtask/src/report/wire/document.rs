use serde::{Deserialize, Serialize};

use super::SCHEMA;
use super::baseline::WireBaseline;
use super::finding::WireFinding;
use super::image::WireStep;
use super::variant::WireVariant;
use crate::model::{
    Builder, Delta, EngineFacts, EngineKind, LeftCause, LeftPart, Outcome, Platform, ReportFault,
    Verdict,
};
use crate::report::{Compared, Comparison, LabReport};

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
    pub(super) comparison: Option<WireComparison>,
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
pub(super) struct WireComparison {
    pub(super) reference: String,
    outputs_match: Option<bool>,
    pub(super) variants: Vec<WireCompared>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireCompared {
    pub(super) name: String,
    pub(super) saved: Delta,
    ratio: Option<f64>,
    #[serde(default)]
    pub(super) left_behind: Vec<WireLeft>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireLeft {
    cause: LeftCause,
    #[serde(flatten)]
    step: WireStep,
    pub(super) bytes: Delta,
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
            variants: report.variants.iter().map(Into::into).collect(),
            left_out: report.left_out.clone(),
            comparison: report.comparison.as_ref().map(Into::into),
            baseline: report.baseline.as_ref().map(Into::into),
            verdict: WireVerdict {
                outcome: report.verdict.outcome,
                findings: report.verdict.findings.iter().map(Into::into).collect(),
            },
        }
    }
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
            comparison: self.comparison.map(Into::into),
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

impl From<&Comparison> for WireComparison {
    fn from(comparison: &Comparison) -> Self {
        let left = |part: &LeftPart| WireLeft {
            cause: part.cause,
            step: part.step.as_ref().into(),
            bytes: part.bytes,
        };
        let compared = |compared: &Compared| WireCompared {
            name: compared.name.clone(),
            saved: compared.saved,
            ratio: compared.ratio,
            left_behind: compared.left_behind.iter().map(left).collect(),
        };
        Self {
            reference: comparison.reference.clone(),
            outputs_match: comparison.outputs_match,
            variants: comparison.variants.iter().map(compared).collect(),
        }
    }
}

impl From<WireComparison> for Comparison {
    fn from(wire: WireComparison) -> Self {
        let left = |part: WireLeft| LeftPart {
            cause: part.cause,
            step: part.step.into(),
            bytes: part.bytes,
        };
        let compared = |compared: WireCompared| Compared {
            name: compared.name,
            saved: compared.saved,
            ratio: compared.ratio,
            left_behind: compared.left_behind.into_iter().map(left).collect(),
        };
        Self {
            reference: wire.reference,
            outputs_match: wire.outputs_match,
            variants: wire.variants.into_iter().map(compared).collect(),
        }
    }
}
