use crate::model::{FileFate, ImageRecord, Kind};

use super::index::Spot;
use super::stack::Stack;

/// Every entry of every layer, from the lowest layer and in the order of its tar, with what
/// becomes of it. A marker that hides lower entries is itself never hidden; what becomes of a
/// file with several names is told at the entry that holds its bytes.
pub fn files(record: &ImageRecord) -> Vec<FileFate> {
    let stack = Stack::of(record);
    let entries = (0..).zip(&stack.layers).flat_map(|(layer, content)| {
        (0..)
            .zip(&content.entries)
            .map(move |(entry, held)| (Spot { layer, entry }, held))
    });
    entries
        .map(|(spot, held)| FileFate {
            path: held.path.clone(),
            kind: held.kind.clone(),
            bytes: held.bytes(),
            sha256: match held.kind {
                Kind::File { content, .. } => content,
                _ => None,
            },
            fate: stack.outcome(spot).fate,
            layer: spot.layer as usize,
        })
        .collect()
}
