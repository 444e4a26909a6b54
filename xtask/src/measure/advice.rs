use std::collections::HashMap;

use crate::model::{
    Advice, AdviceKind, Bytes, Fate, ImageConfig, ImagePath, LayerSize, Origin, Place, Policy,
    SizedPath,
};

use super::command::Needed;
use super::index::Spot;
use super::parts::{Decided, Parts};
use super::paths::{Language, Part};
use super::stack::Stack;
use super::totals::dir_that_went;

/// How many paths an advice names.
pub const ADVICE_PATHS_NAMED: usize = 10;

/// Less than this is not worth a person's time.
const WORTH_SAYING: Bytes = Bytes(1024);

/// An image and what is known of its layers.
pub(super) struct Brought<'b, 'a> {
    pub(super) stack: &'b Stack<'a>,
    pub(super) parts: &'b Parts,
    pub(super) config: &'b ImageConfig,
    pub(super) layers: &'b [LayerSize],
    /// The FROM that chose the base.
    pub(super) from: Option<Place>,
}

/// What to change. A byte is in one advice at most, so that they add up to what can be saved.
pub(super) fn of(brought: &Brought) -> Vec<Advice> {
    let needed = Needed::of(brought.config, brought.stack, brought.parts);
    let mut runs: Vec<(AdviceKind, Item, Bytes)> = Vec::new();
    for (spot, bytes) in brought.stack.files() {
        let Some((kind, item)) = brought.kind(&needed, spot) else {
            continue;
        };
        match runs.last_mut() {
            Some((last, same, sum)) if *last == kind && *same == item => *sum += bytes,
            _ => runs.push((kind, item, bytes)),
        }
    }
    let mut found: HashMap<AdviceKind, Found> = HashMap::new();
    for (kind, item, bytes) in runs {
        found.entry(kind).or_default().add(item, bytes);
    }
    let mut advice: Vec<Advice> = found
        .into_iter()
        .map(|(kind, found)| found.advice(kind, brought))
        .filter(|advice| advice.saves >= WORTH_SAYING)
        .collect();
    advice.sort_by(|one, other| (other.saves, one.kind).cmp(&(one.saves, other.kind)));
    advice
}

/// The advice without what is only about paths where the policy accepts waste.
pub fn not_allowed(advice: Vec<Advice>, policy: &Policy) -> Vec<Advice> {
    let about = |advice: Advice| {
        let (allowed, paths): (Vec<_>, Vec<_>) = advice
            .paths
            .into_iter()
            .partition(|file| policy.allows_waste_at(&file.path));
        let allowed: Bytes = allowed.iter().map(|file| file.bytes).sum();
        let saves = Bytes(advice.saves.0.saturating_sub(allowed.0));
        (!paths.is_empty()).then_some(Advice {
            saves,
            paths,
            ..advice
        })
    };
    advice.into_iter().filter_map(about).collect()
}

/// What bytes are added up under.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Item {
    named: Named,
    /// The layer that holds the bytes.
    layer: u32,
    /// The layer to change.
    blame: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Named {
    Dir(u32),
    File(Spot),
}

impl Brought<'_, '_> {
    fn is_own(&self, layer: u32) -> bool {
        self.layers
            .get(layer as usize)
            .is_some_and(|layer| layer.origin == Origin::Own)
    }

    fn part(&self, spot: Spot) -> (Part, Decided) {
        let entry = self.stack.entry(spot);
        self.parts.part(&self.stack.index, spot, entry)
    }

    fn kind(&self, needed: &Needed, spot: Spot) -> Option<(AdviceKind, Item)> {
        let outcome = self.stack.outcome(spot);
        let is_own = self.is_own(spot.layer);
        let mut item = Item {
            named: Named::File(spot),
            layer: spot.layer,
            blame: spot.layer,
        };
        match outcome.fate {
            Fate::MetadataOnly => {
                // It was the layer above that need not have written: even a base's file.
                item.blame = outcome.by;
                return self
                    .is_own(outcome.by)
                    .then_some((AdviceKind::RewrittenMetadata, item));
            }
            Fate::Deleted if is_own => {
                if let Some(dir) = dir_that_went(self.stack, spot) {
                    item.named = Named::Dir(dir);
                }
                return Some((AdviceKind::RemovedLater, item));
            }
            Fate::Deleted => return None,
            Fate::Live | Fate::Overwritten => {}
        }
        let (part, decided) = self.part(spot);
        if let Decided::ByDir(dir) = decided {
            item.named = Named::Dir(dir);
        }
        let is_live = outcome.fate == Fate::Live;
        let kind = match part {
            Part::PackageLists if is_own => AdviceKind::PackageLists,
            Part::Cache if is_own => AdviceKind::Caches,
            Part::BuildTool if is_live && !needed.is_needed(part) => AdviceKind::BuildTools,
            // Every Debian has a Perl that its own tools need.
            Part::Interpreter(Language::Perl) if !is_own => return None,
            Part::Interpreter(language) if is_live && !needed.is_language_needed(language) => {
                AdviceKind::Interpreter
            }
            _ => return None,
        };
        Some((kind, item))
    }
}

#[derive(Default)]
struct Found {
    saves: Bytes,
    items: HashMap<Item, Bytes>,
}

impl Found {
    fn add(&mut self, item: Item, bytes: Bytes) {
        self.saves += bytes;
        *self.items.entry(item).or_default() += bytes;
    }

    fn advice(self, kind: AdviceKind, brought: &Brought) -> Advice {
        let mut by_layer: HashMap<u32, Bytes> = HashMap::new();
        for (item, bytes) in &self.items {
            *by_layer.entry(item.blame).or_default() += *bytes;
        }
        let most = by_layer
            .into_iter()
            .max_by_key(|(layer, bytes)| (*bytes, std::cmp::Reverse(*layer)));
        let step = most.and_then(|(layer, _)| brought.layers[layer as usize].step.clone());
        Advice {
            kind,
            saves: self.saves,
            place: match most {
                Some((layer, _)) if !brought.is_own(layer) => brought.from.clone(),
                _ => step.and_then(|step| step.place),
            },
            paths: paths(self.items, brought.stack),
        }
    }
}

fn paths(items: HashMap<Item, Bytes>, stack: &Stack) -> Vec<SizedPath> {
    let path = |named| match named {
        Named::Dir(dir) => stack.index.dirs[dir as usize].path,
        Named::File(spot) => stack.entry(spot).path.as_bytes(),
    };
    let mut items: Vec<(Item, Bytes)> = items.into_iter().collect();
    items.sort_by(|(one, more), (other, less)| {
        let order = |item: &Item| (path(item.named), item.layer);
        less.cmp(more).then_with(|| order(one).cmp(&order(other)))
    });
    items.truncate(ADVICE_PATHS_NAMED);
    items
        .into_iter()
        .map(|(item, bytes)| SizedPath {
            path: ImagePath::from_normalised(path(item.named)),
            bytes,
            layer: item.layer as usize,
        })
        .collect()
}
