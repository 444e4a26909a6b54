use serde::{Deserialize, Serialize};

use super::image::{WireAdvice, WireBase, WireFile, WireLayer, WireSize, WireTree, WireWaste};
use super::run::{WireBuild, WireRun};
use crate::model::{
    Bytes, Digest, Growth, Measure, Measured, Platform, Policy, ReportFault, Role, Verified,
};
use crate::report::VariantReport;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireVariant {
    pub(super) name: String,
    role: Option<Role>,
    image: Option<String>,
    pub(super) image_id: Option<Digest>,
    pub(super) platform: Option<String>,
    base: Option<WireBase>,
    pub(super) size: Option<WireSize>,
    pub(super) layers: Option<Vec<WireLayer>>,
    pub(super) tree: Option<WireTree>,
    build: Option<WireBuild>,
    run: Option<WireRun>,
    dockerfile: Option<String>,
    #[serde(default)]
    command_line: Option<u32>,
    #[serde(default)]
    base_line: Option<u32>,
    policy: WirePolicy,
    verified: Option<Verified>,
    pub(super) largest: Option<Vec<WireFile>>,
    pub(super) waste: Option<Vec<WireWaste>>,
    pub(super) advice: Option<Vec<WireAdvice>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct WirePolicy {
    budget: Option<Bytes>,
    counts: Measure,
    max_growth: Option<WireGrowth>,
    max_base_drift: Option<WireGrowth>,
    max_content_drift: Option<WireGrowth>,
    allow_waste: Vec<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct WireGrowth {
    bytes: Option<Bytes>,
    percent: Option<f64>,
}

impl From<&VariantReport> for WireVariant {
    fn from(variant: &VariantReport) -> Self {
        let measured = variant.measured.as_ref();
        let layers = |measured: &Measured| {
            let layers = measured.layers.iter().enumerate();
            layers
                .map(|(index, layer)| WireLayer::new(index, layer))
                .collect()
        };
        Self {
            name: variant.name.clone(),
            role: variant.role,
            image: variant.image.clone(),
            image_id: measured.and_then(|measured| measured.image_id),
            platform: measured.map(|measured| measured.platform.to_string()),
            base: measured.and_then(|measured| measured.base.as_ref().map(Into::into)),
            size: measured.map(|measured| measured.size.into()),
            layers: measured.map(layers),
            tree: measured.map(|measured| (&measured.tree).into()),
            build: variant.build.as_ref().map(Into::into),
            run: variant.run.as_ref().map(Into::into),
            dockerfile: variant.dockerfile.clone(),
            command_line: variant.command_line,
            base_line: variant.base_line,
            policy: (&variant.policy).into(),
            verified: measured.map(|measured| measured.verified),
            largest: measured.map(|measured| measured.largest.iter().map(Into::into).collect()),
            waste: measured.map(|measured| measured.waste.iter().map(Into::into).collect()),
            advice: measured.map(|measured| measured.advice.iter().map(Into::into).collect()),
        }
    }
}

impl WireVariant {
    /// `place` is where it stands, for the fault.
    pub(super) fn into_variant(mut self, place: &str) -> Result<VariantReport, ReportFault> {
        let measured = self.take_measured(place)?;
        let run = self.run.map(|run| run.into_run(&format!("{place}.run")));
        Ok(VariantReport {
            name: self.name,
            role: self.role,
            image: self.image,
            dockerfile: self.dockerfile,
            command_line: self.command_line,
            base_line: self.base_line,
            policy: self.policy.into(),
            measured,
            build: self.build.map(Into::into),
            run: run.transpose()?,
        })
    }

    /// An image is measured where `size` is there; all else of it must be there then.
    fn take_measured(&mut self, place: &str) -> Result<Option<Measured>, ReportFault> {
        let Some(size) = self.size.take() else {
            return Ok(None);
        };
        let missing = |key| ReportFault::Missing {
            place: format!("{place}.{key}"),
        };
        let platform = self.platform.take().ok_or_else(|| missing("platform"))?;
        let layers = self.layers.take().ok_or_else(|| missing("layers"))?;
        let largest = self.largest.take().unwrap_or_default();
        let waste = self.waste.take().unwrap_or_default();
        let advice = self.advice.take().unwrap_or_default();
        Ok(Some(Measured {
            image_id: self.image_id,
            platform: Platform::parse(&platform).ok_or_else(|| ReportFault::Contradiction {
                place: format!("{place}.platform"),
            })?,
            verified: self.verified.ok_or_else(|| missing("verified"))?,
            base: self.base.take().map(Into::into),
            size: size.into(),
            layers: layers.into_iter().map(Into::into).collect(),
            tree: self.tree.take().ok_or_else(|| missing("tree"))?.into(),
            largest: largest.into_iter().map(Into::into).collect(),
            waste: waste.into_iter().map(Into::into).collect(),
            advice: advice.into_iter().map(Into::into).collect(),
        }))
    }
}

impl From<&Policy> for WirePolicy {
    fn from(policy: &Policy) -> Self {
        Self {
            budget: policy.budget,
            counts: policy.counts,
            max_growth: policy.max_growth.map(Into::into),
            max_base_drift: policy.max_base_drift.map(Into::into),
            max_content_drift: policy.max_content_drift.map(Into::into),
            allow_waste: policy.allow_waste.clone(),
        }
    }
}

impl From<WirePolicy> for Policy {
    fn from(wire: WirePolicy) -> Self {
        Self {
            budget: wire.budget,
            counts: wire.counts,
            max_growth: wire.max_growth.map(Into::into),
            max_base_drift: wire.max_base_drift.map(Into::into),
            max_content_drift: wire.max_content_drift.map(Into::into),
            allow_waste: wire.allow_waste,
        }
    }
}

impl From<Growth> for WireGrowth {
    fn from(growth: Growth) -> Self {
        Self {
            bytes: growth.bytes,
            percent: growth.percent,
        }
    }
}

impl From<WireGrowth> for Growth {
    fn from(wire: WireGrowth) -> Self {
        Self {
            bytes: wire.bytes,
            percent: wire.percent,
        }
    }
}
