use serde::{Deserialize, Serialize};

use crate::model::{Bytes, LayerSize, Size, Wasted};

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
pub(super) struct WireLayer {
    pub(super) index: usize,
    #[serde(flatten)]
    pub(super) layer: LayerSize,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireWasted {
    pub(super) total: Bytes,
    pub(super) overwritten: Bytes,
    pub(super) deleted: Bytes,
    pub(super) metadata_only: Bytes,
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

/// Each with its number.
pub(super) fn numbered(layers: &[LayerSize]) -> Vec<WireLayer> {
    let numbered = layers.iter().cloned().enumerate();
    numbered
        .map(|(index, layer)| WireLayer { index, layer })
        .collect()
}
