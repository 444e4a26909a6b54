use std::collections::HashMap;

use crate::model::{Fate, Kind, Layer};

use super::index::{Index, ROOT, Said, Spot};
use super::stack::{Content, Outcome};

/// What becomes of each name. Marks in `index` which layers hide what lies in a directory.
///
/// A name is hidden by the nearest layer above that says something of it, or that removes or
/// replaces a directory above it.
pub(super) fn of_names<'a>(
    layers: &[&'a Layer],
    index: &mut Index<'a>,
    owners: &HashMap<Spot, Option<Spot>>,
) -> Vec<Outcome> {
    let mut names = Names {
        layers,
        owners,
        outcomes: vec![Outcome::LIVE; index.len()],
        barred: vec![None; index.dirs.len()],
    };
    let mut said = Vec::new();
    // A directory's number is above its parent's, whose barriers are thus complete.
    for dir in 0..u32::try_from(index.dirs.len()).expect("numbered with u32") {
        if index.dirs[dir as usize].is_contested {
            said.clear();
            said.extend(index.said_in(dir).map(|(layer, what)| Word {
                name: names.name(index, dir, layer, what),
                layer,
                what,
            }));
            // Stable: within a name the layers keep their order.
            said.sort_by(|one, other| one.name.cmp(other.name));
            names.hide_contested(index, dir, &said);
        } else if names.is_barred(index, dir) {
            names.hide_uncontested(index, dir);
        }
    }
    names.outcomes
}

/// The nearest layer above `layer` that hides all of `dir`, and the directory at which it
/// does; of several, the directory nearest to `dir`.
pub(super) fn nearest_barrier(index: &Index, dir: u32, layer: u32) -> Option<(u32, u32)> {
    let mut nearest = None;
    let mut at = dir;
    loop {
        let barriers = &index.dirs[at as usize].barriers;
        let next = barriers.partition_point(|barrier| *barrier <= layer);
        if let Some(barrier) = barriers.get(next)
            && nearest.is_none_or(|(known, _)| *barrier < known)
        {
            nearest = Some((*barrier, at));
        }
        if at == ROOT {
            return nearest;
        }
        at = index.dirs[at as usize].parent;
    }
}

#[derive(Clone, Copy)]
struct Word<'a> {
    name: &'a [u8],
    layer: u32,
    what: Said,
}

struct Names<'a, 'n> {
    layers: &'n [&'a Layer],
    owners: &'n HashMap<Spot, Option<Spot>>,
    outcomes: Vec<Outcome>,
    /// Whether a directory or one above it has barriers; `None` until asked.
    barred: Vec<Option<bool>>,
}

impl<'a> Names<'a, '_> {
    fn name(&self, index: &Index<'a>, dir: u32, layer: u32, what: Said) -> &'a [u8] {
        let path: &'a [u8] = match what {
            Said::Entry(entry) => self.layers[layer as usize].entries[entry as usize]
                .path
                .as_bytes(),
            Said::Within(child) => index.dirs[child as usize].path,
        };
        index.dirs[dir as usize].below(path).unwrap_or(path)
    }

    /// Asked of parents first, so that each answer needs one step.
    fn is_barred(&mut self, index: &Index, dir: u32) -> bool {
        if let Some(known) = self.barred[dir as usize] {
            return known;
        }
        let here = &index.dirs[dir as usize];
        let barred =
            !here.barriers.is_empty() || (dir != ROOT && self.is_barred(index, here.parent));
        self.barred[dir as usize] = Some(barred);
        barred
    }

    fn hide_uncontested(&mut self, index: &Index, dir: u32) {
        let mut above = None;
        for (layer, what) in index.said_in(dir) {
            let Said::Entry(entry) = what else { continue };
            let nearest = *above.get_or_insert_with(|| nearest_barrier(index, dir, layer));
            if let Some((by, _)) = nearest {
                self.set(index, Spot { layer, entry }, by, Fate::Deleted);
            }
        }
    }

    fn hide_contested(&mut self, index: &mut Index, dir: u32, said: &[Word<'a>]) {
        let barred = self.is_barred(index, dir);
        for group in said.chunk_by(|one, other| one.name == other.name) {
            if group.len() == 1 && !barred {
                continue;
            }
            self.hide_below(index, group);
            for (place, word) in group.iter().enumerate() {
                let Said::Entry(entry) = word.what else {
                    continue;
                };
                let spot = Spot {
                    layer: word.layer,
                    entry,
                };
                let barrier = barred
                    .then(|| nearest_barrier(index, dir, word.layer))
                    .flatten();
                if let Some(outcome) = self.outcome(spot, &group[place..], barrier) {
                    self.set(index, spot, outcome.by, outcome.fate);
                }
            }
        }
    }

    /// What takes the place of a directory hides all that lower layers hold in it.
    fn hide_below(&self, index: &mut Index, group: &[Word]) {
        let within = group.iter().find_map(|word| match word.what {
            Said::Within(dir) => Some(dir),
            Said::Entry(_) => None,
        });
        let Some(dir) = within else { return };
        for word in group {
            if self.ends_a_directory(word) {
                index.dirs[dir as usize].hide_below(word.layer);
            }
        }
    }

    fn kind(&self, spot: Spot) -> &'a Kind {
        &self.layers[spot.layer as usize].entries[spot.entry as usize].kind
    }

    fn ends_a_directory(&self, word: &Word) -> bool {
        let Said::Entry(entry) = word.what else {
            return false;
        };
        let spot = Spot {
            layer: word.layer,
            entry,
        };
        !matches!(self.kind(spot), Kind::Directory)
    }

    /// `from` starts with the entry's own word and goes up.
    fn outcome(&self, spot: Spot, from: &[Word], barrier: Option<(u32, u32)>) -> Option<Outcome> {
        let is_directory = match self.kind(spot) {
            Kind::Whiteout | Kind::Opaque => return None,
            kind => matches!(kind, Kind::Directory),
        };
        let hider = from.iter().position(|word| {
            word.layer > spot.layer && (!is_directory || self.ends_a_directory(word))
        });
        let own = hider.map(|place| {
            let by = from[place].layer;
            let same = from[place..].iter().take_while(|word| word.layer == by);
            Outcome {
                by,
                fate: self.fate(spot, same),
            }
        });
        let above = barrier.map(|(by, _)| Outcome {
            by,
            fate: Fate::Deleted,
        });
        match (own, above) {
            (Some(own), Some(above)) if above.by < own.by => Some(above),
            (own, above) => own.or(above),
        }
    }

    /// What `words`, all of one layer and of this name, make of the entry below them.
    fn fate<'w>(&self, spot: Spot, words: impl Iterator<Item = &'w Word<'w>>) -> Fate {
        let mut fate = Fate::Deleted;
        for word in words {
            let Said::Entry(entry) = word.what else {
                fate = Fate::Overwritten;
                continue;
            };
            let above = Spot {
                layer: word.layer,
                entry,
            };
            match self.kind(above) {
                Kind::Whiteout | Kind::Opaque => {}
                _ if self.is_same(spot, above) => return Fate::MetadataOnly,
                _ => fate = Fate::Overwritten,
            }
        }
        fate
    }

    /// A link to a lower layer's file writes nothing again.
    fn is_same(&self, below: Spot, above: Spot) -> bool {
        let content = |spot| Content::of(self.layers, spot);
        let (Some(below), Some(written)) = (self.owner(below), self.owner(above)) else {
            return false;
        };
        written.layer == above.layer
            && content(below).is_some_and(|below| content(written) == Some(below))
    }

    /// The file that the entry names, if any.
    fn owner(&self, spot: Spot) -> Option<Spot> {
        match self.kind(spot) {
            Kind::HardLink { .. } => self.owners.get(&spot).copied().flatten(),
            _ => Some(spot),
        }
    }

    fn set(&mut self, index: &Index, spot: Spot, by: u32, fate: Fate) {
        self.outcomes[index.flat(spot)] = Outcome { by, fate };
    }
}
