use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::dockerfile::Origin as Root;
use crate::model::{
    Base, Bytes, Digest, HistoryEntry, ImageConfig, ImageRecord, LayerSize, Measured, Origin,
    ServiceCommand, Size,
};

use super::advice::{self, Brought};
use super::history::{self, Origins, Source, origins};
use super::parts::Parts;
use super::stack::Stack;
use super::totals::Totals;
use super::tree::{self, FOLDED_BELOW};

/// An image to measure, with all that is known of how it came to be.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    pub record: &'a ImageRecord,
    pub engine_reported: Option<Bytes>,
    /// `None` for an image that was built elsewhere.
    pub source: Option<Source<'a>>,
    /// Where a service runs something else than its image says.
    pub command: Option<&'a ServiceCommand>,
    /// `None` for `FROM scratch`, and where the base is not at hand.
    pub base: Option<KnownBase>,
}

/// A base image that was asked about.
#[derive(Clone, Debug)]
pub struct KnownBase {
    /// As the Dockerfile names it once its arguments are filled in.
    pub reference: String,
    pub id: Option<Digest>,
    /// The `diff_id`s of its layers, from the lowest; empty where they are not known.
    pub layers: Vec<Digest>,
    /// It was made on this machine instead of the real one.
    pub stand_in: bool,
}

const SCRATCH: &str = "scratch";

/// Measures the images of one report, in order. Together, for what they share.
pub fn images(subjects: &[Subject]) -> Vec<Measured> {
    let mut holders: HashMap<Digest, usize> = HashMap::new();
    for subject in subjects {
        let layers = &subject.record.layers;
        let distinct: HashSet<Digest> = layers.iter().map(|layer| layer.content.diff_id).collect();
        for layer in distinct {
            *holders.entry(layer).or_default() += 1;
        }
    }
    let is_shared = |layer: &Digest| holders.get(layer).is_some_and(|images| *images > 1);
    subjects
        .iter()
        .map(|subject| image(subject, is_shared))
        .collect()
}

fn image(subject: &Subject, is_shared: impl Fn(&Digest) -> bool) -> Measured {
    let record = subject.record;
    let stack = Stack::of(record);
    let totals = Totals::of(&stack);
    let origins = origins(record, subject.source.as_ref());
    let own_from = own_from(subject, &origins);
    let layers = layers(record, &totals, origins, own_from);
    let size = size(subject, &totals, &layers, is_shared);
    let tree = tree::folded(&stack.index, FOLDED_BELOW);
    let advice = advice::of(&Brought {
        stack: &stack,
        parts: &Parts::of(&stack.index),
        config: &run_as(&record.config, subject.command),
        layers: &layers,
        from: subject.source.as_ref().and_then(history::from),
    });
    Measured {
        image_id: Some(record.id),
        platform: record.platform.clone(),
        verified: record.verified,
        base: base(subject),
        is_from_scratch: subject.base.as_ref().is_some_and(KnownBase::is_scratch),
        size,
        layers,
        tree,
        largest: totals.largest,
        waste: totals.waste,
        advice,
        excluded: None,
    }
}

/// The config that the image would have if it said itself what its service runs.
fn run_as<'a>(config: &'a ImageConfig, command: Option<&ServiceCommand>) -> Cow<'a, ImageConfig> {
    let mut config = Cow::Borrowed(config);
    let Some(command) = command.filter(|it| **it != ServiceCommand::default()) else {
        return config;
    };
    let own = config.to_mut();
    if let Some(entrypoint) = &command.entrypoint {
        own.entrypoint.clone_from(entrypoint);
    }
    if !command.uses_image_arguments() {
        own.cmd = command.arguments.clone().unwrap_or_default();
    }
    if let Some(directory) = &command.working_dir {
        own.working_dir.clone_from(directory);
    }
    if !command.healthcheck.is_empty() {
        own.history.push(HistoryEntry {
            created: None,
            created_by: format!("HEALTHCHECK {}", command.healthcheck.join(" ")),
            comment: None,
            empty_layer: true,
        });
    }
    config
}

/// How many of the lowest layers are the base's.
///
/// The base's own layers decide where the image does stand on them: they tell what an ONBUILD
/// of the base added from the base itself. Else the history does.
fn own_from(subject: &Subject, origins: &Origins) -> usize {
    match &subject.base {
        Some(base) if base.is_scratch() => 0,
        Some(base) if stands_on(subject.record, base) => base.layers.len(),
        _ => origins.own_from.unwrap_or(0),
    }
}

/// Gives the base that a Dockerfile tells of one image to those that stand on its layers and
/// have none told. Else the same layer would be the base's on one side and own on the other.
pub fn share_base(subjects: &mut [Subject]) {
    let Some(told) = subjects.iter().find_map(base_by_source) else {
        return;
    };
    for subject in subjects {
        let is_silent = subject.source.is_none() && subject.base.is_none();
        if is_silent && stands_on(subject.record, &told) {
            subject.base = Some(told.clone());
        }
    }
}

fn base_by_source(subject: &Subject) -> Option<KnownBase> {
    let base = base(subject).filter(|_| subject.source.is_some())?;
    let origins = origins(subject.record, subject.source.as_ref());
    let layers = subject
        .record
        .layers
        .iter()
        .take(own_from(subject, &origins));
    Some(KnownBase {
        reference: base.reference,
        id: base.id,
        layers: layers.map(|layer| layer.content.diff_id).collect(),
        stand_in: base.stand_in,
    })
}

/// Whether the image's lowest layers are the base's.
pub fn stands_on(record: &ImageRecord, base: &KnownBase) -> bool {
    let lowest = record.layers.iter().map(|layer| &layer.content.diff_id);
    !base.layers.is_empty()
        && base.layers.len() <= record.layers.len()
        && base.layers.iter().eq(lowest.take(base.layers.len()))
}

impl KnownBase {
    /// What an image stands on that says of itself that it stands on no other.
    pub fn scratch() -> Self {
        Self {
            reference: SCRATCH.to_owned(),
            id: None,
            layers: Vec::new(),
            stand_in: false,
        }
    }

    fn is_scratch(&self) -> bool {
        self.reference == SCRATCH
    }
}

/// Its id is only told where the image is seen to stand on it: its name may have moved.
fn base(subject: &Subject) -> Option<Base> {
    if let Some(known) = &subject.base {
        if known.is_scratch() {
            return None;
        }
        return Some(Base {
            reference: known.reference.clone(),
            id: known.id.filter(|_| stands_on(subject.record, known)),
            stand_in: known.stand_in,
        });
    }
    let source = subject.source.as_ref()?;
    let lineage = source
        .dockerfile
        .lineage(source.target.as_deref(), &source.args)?;
    match lineage.origin {
        Root::Scratch | Root::Unknown(_) => None,
        Root::Image(reference) => Some(Base {
            reference,
            id: None,
            stand_in: false,
        }),
    }
}

fn layers(
    record: &ImageRecord,
    totals: &Totals,
    origins: Origins,
    own_from: usize,
) -> Vec<LayerSize> {
    let steps = origins.steps.into_iter().enumerate();
    steps
        .zip(&record.layers)
        .zip(&totals.layers)
        .map(|(((number, step), layer), total)| LayerSize {
            diff_id: Some(layer.content.diff_id),
            origin: if number < own_from {
                Origin::Base
            } else {
                Origin::Own
            },
            step,
            unpacked: total.unpacked,
            packed: layer.packed,
            files: total.files,
            wasted: total.wasted,
        })
        .collect()
}

fn size(
    subject: &Subject,
    totals: &Totals,
    layers: &[LayerSize],
    is_shared: impl Fn(&Digest) -> bool,
) -> Size {
    let sum = |counts: &dyn Fn(&LayerSize) -> bool| {
        let counted = layers.iter().filter(|layer| counts(layer));
        counted.map(|layer| layer.unpacked).sum()
    };
    Size {
        unpacked: sum(&|_| true),
        packed: layers.iter().map(|layer| layer.packed).sum(),
        live: totals.live,
        base: sum(&|layer| layer.origin == Origin::Base),
        own: sum(&|layer| layer.origin == Origin::Own),
        shared: sum(&|layer| layer.diff_id.as_ref().is_some_and(&is_shared)),
        unique: sum(&|layer| !layer.diff_id.as_ref().is_some_and(&is_shared)),
        engine_reported: subject.engine_reported,
        wasted: totals.wasted,
        duplicate: totals.duplicate,
    }
}
