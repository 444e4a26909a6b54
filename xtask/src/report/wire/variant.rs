use serde::{Deserialize, Serialize};

use super::image::{WireLayer, WireSize, numbered};
use super::run::{WireBuild, WireRun};
use crate::model::{
    Advice, Base, Bytes, Digest, Excluded, MadeFrom, Measured, Platform, Policy, ReportFault, Role,
    SizedPath, Tree, Verified, WastedPath,
};
use crate::report::VariantReport;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireVariant {
    pub(super) name: String,
    role: Option<Role>,
    image: Option<String>,
    pub(super) image_id: Option<Digest>,
    /// The first variant of the report with this image; never read back.
    #[serde(default, skip_deserializing)]
    pub(super) same_image_as: Option<String>,
    pub(super) platform: Option<String>,
    base: Option<Base>,
    pub(super) size: Option<WireSize>,
    pub(super) layers: Option<Vec<WireLayer>>,
    pub(super) tree: Option<Tree>,
    build: Option<WireBuild>,
    run: Option<WireRun>,
    dockerfile: Option<String>,
    #[serde(default)]
    command_line: Option<u32>,
    #[serde(default)]
    base_line: Option<u32>,
    policy: Policy,
    #[serde(default)]
    made_from: MadeFrom,
    verified: Option<Verified>,
    pub(super) largest: Option<Vec<SizedPath>>,
    pub(super) waste: Option<Vec<WastedPath>>,
    pub(super) advice: Option<Vec<Advice>>,
    #[serde(default)]
    excluded_bytes: Option<Bytes>,
    #[serde(default)]
    excluded: Option<Vec<Excluded>>,
}

impl From<&VariantReport> for WireVariant {
    fn from(variant: &VariantReport) -> Self {
        let measured = variant.measured.as_ref();
        Self {
            name: variant.name.clone(),
            role: variant.role,
            image: variant.image.clone(),
            image_id: measured.and_then(|measured| measured.image_id),
            same_image_as: None,
            platform: measured
                .and_then(|measured| measured.platform.as_ref())
                .map(ToString::to_string),
            base: measured.and_then(|measured| measured.base.clone()),
            size: measured.map(|measured| measured.size.into()),
            layers: measured.map(|measured| numbered(&measured.layers)),
            tree: measured.map(|measured| measured.tree.clone()),
            build: variant.build.as_ref().map(Into::into),
            run: variant.run.as_ref().map(Into::into),
            dockerfile: variant.dockerfile.clone(),
            command_line: variant.command_line,
            base_line: variant.base_line,
            policy: variant.policy.clone(),
            made_from: variant.made_from.clone(),
            verified: measured.map(|measured| measured.verified),
            largest: measured.map(|measured| measured.largest.clone()),
            waste: measured.map(|measured| measured.waste.clone()),
            advice: measured.map(|measured| measured.advice.clone()),
            excluded_bytes: measured.and_then(Measured::excluded_bytes),
            excluded: measured.and_then(|measured| measured.excluded.clone()),
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
            policy: self.policy,
            made_from: self.made_from,
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
        let platform = self.platform.take().map(|platform| {
            Platform::parse(&platform).ok_or_else(|| ReportFault::Contradiction {
                place: format!("{place}.platform"),
            })
        });
        let layers = self.layers.take().ok_or_else(|| missing("layers"))?;
        let largest = self.largest.take().unwrap_or_default();
        let waste = self.waste.take().unwrap_or_default();
        let advice = self.advice.take().unwrap_or_default();
        Ok(Some(Measured {
            image_id: self.image_id,
            platform: platform.transpose()?,
            verified: self.verified.ok_or_else(|| missing("verified"))?,
            base: self.base.take(),
            is_from_scratch: false,
            size: size.into(),
            layers: layers.into_iter().map(|it| it.layer).collect(),
            tree: self.tree.take().ok_or_else(|| missing("tree"))?,
            largest,
            waste,
            advice,
            excluded: self.excluded.take(),
        }))
    }
}
