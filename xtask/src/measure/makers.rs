use crate::model::HistoryEntry;

use super::recorded;

/// What `BuildKit` writes of itself where a base has more layers than history.
const FILLER: &str = "buildkit.exporter.image.v0";

/// What a history says of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// The entry that has a layer; `None` for a layer that has no entry.
    pub(super) entry: Option<usize>,
    /// The entries whose instructions made it.
    pub(super) by: Vec<usize>,
}

/// Whether it stands for a layer of a base whose history is too short. `BuildKit` puts these
/// behind the entries of the Dockerfile, whichever layers they stand for.
pub(super) fn is_filler(entry: &HistoryEntry) -> bool {
    entry.comment.as_deref() == Some(FILLER)
}

/// What made each layer, from the lowest. `None` if the history has more layers than the image,
/// or fewer and nothing shows that what it lacks lies at the bottom.
///
/// The i-th entry that has a layer made the i-th layer, but for two exceptions. Some builders
/// write one layer for several instructions, and give it to the last entry, which may be a CMD;
/// those before it say that they have none. And a base may have a shorter history than layers,
/// or none at all.
pub(super) fn makers(history: &[HistoryEntry], layers: usize) -> Option<Vec<Made>> {
    let mut makers: Vec<Made> = Vec::new();
    let (mut before, mut fillers) = (Vec::new(), Vec::new());
    for (number, entry) in history.iter().enumerate() {
        if is_filler(entry) && !entry.empty_layer {
            fillers.push(number);
            continue;
        }
        put_below(&mut makers, &mut fillers);
        if entry.empty_layer {
            if recorded::adds_files(&entry.created_by) {
                before.push(number);
            }
            continue;
        }
        let by = if recorded::adds_nothing(&entry.created_by) {
            std::mem::take(&mut before)
        } else {
            before.clear();
            vec![number]
        };
        makers.push(Made {
            entry: Some(number),
            by,
        });
    }
    put_below(&mut makers, &mut fillers);
    let lacking = layers.checked_sub(makers.len())?;
    let last = makers.iter().rev().find_map(|made| made.entry);
    let is_instruction = |number: usize| {
        let text = &history[number].created_by;
        recorded::adds_files(text) || recorded::adds_nothing(text)
    };
    if lacking > 0 && !last.is_some_and(is_instruction) {
        return None;
    }
    makers.splice(0..0, std::iter::repeat_n(Made::default(), lacking));
    Some(makers)
}

/// Puts the layers that `fillers` stand for below all others. Each describes the layer that is
/// at its place; those that are at the place of another entry's are not needed.
fn put_below(makers: &mut Vec<Made>, fillers: &mut Vec<usize>) {
    let told = makers.len();
    let below = (0..fillers.len()).map(|place| Made {
        entry: None,
        by: place
            .checked_sub(told)
            .map(|filler| fillers[filler])
            .into_iter()
            .collect(),
    });
    let below: Vec<Made> = below.collect();
    makers.splice(0..0, below);
    fillers.clear();
}
