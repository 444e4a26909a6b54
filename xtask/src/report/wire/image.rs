use serde::{Deserialize, Serialize};

use super::scalar::Path;
use crate::model::{
    Advice, AdviceKind, Base, Bytes, Digest, Fate, LargeFile, LayerSize, Origin, Place, Size, Step,
    Tree, TreeEntry, Wasted, WastedPath,
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireBase {
    reference: String,
    id: Option<Digest>,
    stand_in: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireSize {
    pub(super) unpacked: Bytes,
    packed: Option<Bytes>,
    pub(super) live: Bytes,
    pub(super) base: Bytes,
    pub(super) own: Bytes,
    pub(super) shared: Bytes,
    pub(super) unique: Bytes,
    engine_reported: Option<Bytes>,
    pub(super) wasted: WireWasted,
    duplicate: Bytes,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireWasted {
    pub(super) total: Bytes,
    pub(super) overwritten: Bytes,
    pub(super) deleted: Bytes,
    pub(super) metadata_only: Bytes,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireLayer {
    pub(super) index: usize,
    pub(super) diff_id: Option<Digest>,
    origin: Origin,
    #[serde(flatten)]
    step: WireStep,
    pub(super) unpacked: Bytes,
    packed: Option<Bytes>,
    files: u64,
    wasted: Bytes,
}

/// An instruction, flattened into what it made. `instruction` is null where it is unknown.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct WireStep {
    stage: Option<String>,
    instruction: Option<String>,
    #[serde(flatten)]
    place: WirePlace,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct WirePlace {
    dockerfile: Option<String>,
    line: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireTree {
    folded_below: Bytes,
    pub(super) entries: Vec<WireFile>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireFile {
    #[serde(flatten)]
    path: Path,
    pub(super) bytes: Bytes,
    pub(super) layer: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireWaste {
    #[serde(flatten)]
    pub(super) file: WireFile,
    fate: Fate,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireAdvice {
    kind: AdviceKind,
    saves: Bytes,
    #[serde(flatten)]
    place: WirePlace,
    pub(super) paths: Vec<WireFile>,
}

impl From<&Base> for WireBase {
    fn from(base: &Base) -> Self {
        Self {
            reference: base.reference.clone(),
            id: base.id,
            stand_in: base.stand_in,
        }
    }
}

impl From<WireBase> for Base {
    fn from(wire: WireBase) -> Self {
        Self {
            reference: wire.reference,
            id: wire.id,
            stand_in: wire.stand_in,
        }
    }
}

impl From<Size> for WireSize {
    fn from(size: Size) -> Self {
        Self {
            unpacked: size.unpacked,
            packed: size.packed,
            live: size.live,
            base: size.base,
            own: size.own,
            shared: size.shared,
            unique: size.unique,
            engine_reported: size.engine_reported,
            wasted: WireWasted {
                total: size.wasted.total(),
                overwritten: size.wasted.overwritten,
                deleted: size.wasted.deleted,
                metadata_only: size.wasted.metadata_only,
            },
            duplicate: size.duplicate,
        }
    }
}

impl From<WireSize> for Size {
    fn from(wire: WireSize) -> Self {
        Self {
            unpacked: wire.unpacked,
            packed: wire.packed,
            live: wire.live,
            base: wire.base,
            own: wire.own,
            shared: wire.shared,
            unique: wire.unique,
            engine_reported: wire.engine_reported,
            wasted: Wasted {
                overwritten: wire.wasted.overwritten,
                deleted: wire.wasted.deleted,
                metadata_only: wire.wasted.metadata_only,
            },
            duplicate: wire.duplicate,
        }
    }
}

impl WireLayer {
    pub(super) fn new(index: usize, layer: &LayerSize) -> Self {
        Self {
            index,
            diff_id: layer.diff_id,
            origin: layer.origin,
            step: layer.step.as_ref().into(),
            unpacked: layer.unpacked,
            packed: layer.packed,
            files: layer.files,
            wasted: layer.wasted,
        }
    }
}

impl From<WireLayer> for LayerSize {
    fn from(wire: WireLayer) -> Self {
        Self {
            diff_id: wire.diff_id,
            origin: wire.origin,
            step: wire.step.into(),
            unpacked: wire.unpacked,
            packed: wire.packed,
            files: wire.files,
            wasted: wire.wasted,
        }
    }
}

impl From<Option<&Step>> for WireStep {
    fn from(step: Option<&Step>) -> Self {
        step.map_or_else(Self::default, |step| Self {
            stage: step.stage.clone(),
            instruction: Some(step.instruction.clone()),
            place: step.place.as_ref().into(),
        })
    }
}

impl From<WireStep> for Option<Step> {
    fn from(wire: WireStep) -> Self {
        wire.instruction.map(|instruction| Step {
            stage: wire.stage,
            instruction,
            place: wire.place.into(),
        })
    }
}

impl From<Option<&Place>> for WirePlace {
    fn from(place: Option<&Place>) -> Self {
        Self {
            dockerfile: place.map(|place| place.dockerfile.clone()),
            line: place.and_then(|place| place.line),
        }
    }
}

impl From<WirePlace> for Option<Place> {
    fn from(wire: WirePlace) -> Self {
        wire.dockerfile.map(|dockerfile| Place {
            dockerfile,
            line: wire.line,
        })
    }
}

impl From<&Tree> for WireTree {
    fn from(tree: &Tree) -> Self {
        let entry = |entry: &TreeEntry| WireFile {
            path: (&entry.path).into(),
            bytes: entry.bytes,
            layer: entry.layer,
        };
        Self {
            folded_below: tree.folded_below,
            entries: tree.entries.iter().map(entry).collect(),
        }
    }
}

impl From<WireTree> for Tree {
    fn from(wire: WireTree) -> Self {
        let entry = |wire: WireFile| TreeEntry {
            path: wire.path.into(),
            bytes: wire.bytes,
            layer: wire.layer,
        };
        Self {
            folded_below: wire.folded_below,
            entries: wire.entries.into_iter().map(entry).collect(),
        }
    }
}

impl From<&LargeFile> for WireFile {
    fn from(file: &LargeFile) -> Self {
        Self {
            path: (&file.path).into(),
            bytes: file.bytes,
            layer: file.layer,
        }
    }
}

impl From<WireFile> for LargeFile {
    fn from(wire: WireFile) -> Self {
        Self {
            path: wire.path.into(),
            bytes: wire.bytes,
            layer: wire.layer,
        }
    }
}

impl From<&WastedPath> for WireWaste {
    fn from(waste: &WastedPath) -> Self {
        Self {
            file: WireFile {
                path: (&waste.path).into(),
                bytes: waste.bytes,
                layer: waste.layer,
            },
            fate: waste.fate,
        }
    }
}

impl From<WireWaste> for WastedPath {
    fn from(wire: WireWaste) -> Self {
        Self {
            path: wire.file.path.into(),
            bytes: wire.file.bytes,
            layer: wire.file.layer,
            fate: wire.fate,
        }
    }
}

impl From<&Advice> for WireAdvice {
    fn from(advice: &Advice) -> Self {
        Self {
            kind: advice.kind,
            saves: advice.saves,
            place: advice.place.as_ref().into(),
            paths: advice.paths.iter().map(Into::into).collect(),
        }
    }
}

impl From<WireAdvice> for Advice {
    fn from(wire: WireAdvice) -> Self {
        Self {
            kind: wire.kind,
            saves: wire.saves,
            place: wire.place.into(),
            paths: wire.paths.into_iter().map(Into::into).collect(),
        }
    }
}
