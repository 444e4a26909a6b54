use crate::lang::one_line;
use crate::model::{
    Base, BuildFailure, Bytes, ExpectedEnd, LabReport, LayerSize, Measured, Origin, Place, Run,
    VariantReport,
};

/// What a step came to: the report of its one variant, and what was shown before it ran.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    pub report: LabReport,
    pub commands: Vec<String>,
    /// The lines of its Dockerfile.
    pub dockerfile: Vec<String>,
}

/// The instruction, or the base, that brought most of an image.
pub(super) struct Heaviest<'a> {
    /// `None` for the base.
    pub(super) instruction: Option<String>,
    pub(super) place: Option<&'a Place>,
    pub(super) bytes: Bytes,
}

impl Taken {
    pub(super) fn variant(&self) -> Option<&VariantReport> {
        self.report.variants.first()
    }

    pub(super) fn measured(&self) -> Option<&Measured> {
        self.variant()?.measured.as_ref()
    }

    pub fn size(&self) -> Option<Bytes> {
        Some(self.measured()?.size.unpacked)
    }

    pub fn base(&self) -> Option<&Base> {
        self.measured()?.base.as_ref()
    }

    pub(super) fn run(&self) -> Option<&Run> {
        self.variant()?.run.as_ref()
    }

    pub(super) fn failure(&self) -> Option<&BuildFailure> {
        self.variant()?.failure()
    }

    /// The Dockerfile, as findings name it.
    pub fn file(&self) -> &str {
        let variant = self.variant();
        let file = variant.and_then(|variant| variant.dockerfile.as_deref());
        file.unwrap_or_default()
    }

    /// RFC 3339.
    pub fn made(&self) -> &str {
        self.report.created.as_deref().unwrap_or_default()
    }

    pub fn ended(&self) -> ExpectedEnd {
        let is_run_well = self.run().is_none_or(|run| run.ending.is_success());
        if self.failure().is_none() && is_run_well && self.variant().is_some() {
            ExpectedEnd::Success
        } else {
            ExpectedEnd::Failure
        }
    }

    /// The layers of one instruction, or of the base, count together.
    pub(super) fn heaviest(&self) -> Option<Heaviest<'_>> {
        let layers = &self.measured()?.layers;
        let key = |layer: &LayerSize| match layer.origin {
            Origin::Base => None,
            Origin::Own => Some(layer.step.as_ref().map(|step| one_line(&step.instruction))),
        };
        let weight = |of: &LayerSize| -> Bytes {
            let same = layers.iter().filter(|layer| key(layer) == key(of));
            same.map(|layer| layer.unpacked).sum()
        };
        let heaviest = layers.iter().max_by_key(|layer| weight(layer))?;
        Some(Heaviest {
            instruction: key(heaviest).flatten(),
            place: heaviest.step.as_ref().and_then(|step| step.place.as_ref()),
            bytes: weight(heaviest),
        })
    }
}
