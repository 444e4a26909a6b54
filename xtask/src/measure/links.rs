use std::collections::{HashMap, HashSet};

use crate::model::{Kind, Layer};

use super::index::{Index, Said, Spot};
use super::stack::Outcome;

/// The hard links of an image and what lies at the paths that they name.
pub(super) struct Links<'a> {
    /// From the lowest layer.
    all: Vec<(Spot, &'a [u8])>,
    /// What each layer holds at a path that a link names, from the lowest; markers left out.
    at: HashMap<&'a [u8], Vec<Spot>>,
}

/// How far a link is followed.
#[derive(Clone, Copy)]
pub(super) enum Reach<'r> {
    Layer,
    /// Also down to what is visible just below the link's own layer.
    Stack {
        outcomes: &'r [Outcome],
        index: &'r Index<'r>,
    },
}

impl<'a> Links<'a> {
    pub(super) fn of(layers: &[&'a Layer], index: &Index<'a>) -> Self {
        let mut all = Vec::new();
        for (number, layer) in (0..).zip(layers) {
            for (entry, content) in (0..).zip(&layer.entries) {
                if let Kind::HardLink { target } = &content.kind {
                    let spot = Spot {
                        layer: number,
                        entry,
                    };
                    all.push((spot, target.as_bytes()));
                }
            }
        }
        let wanted: HashSet<&[u8]> = all.iter().map(|(_, target)| *target).collect();
        let at = holders(layers, index, &wanted);
        Self { all, at }
    }

    /// The file that each link names; `None` where it is a name of nothing.
    pub(super) fn owners(&self, layers: &[&'a Layer], reach: Reach) -> HashMap<Spot, Option<Spot>> {
        let mut known = HashMap::with_capacity(self.all.len());
        let mut trail = Vec::new();
        for (link, _) in &self.all {
            let owner = self.follow(layers, reach, *link, &mut known, &mut trail);
            for passed in trail.drain(..) {
                known.insert(passed, owner);
            }
        }
        known
    }

    fn follow(
        &self,
        layers: &[&'a Layer],
        reach: Reach,
        link: Spot,
        known: &mut HashMap<Spot, Option<Spot>>,
        trail: &mut Vec<Spot>,
    ) -> Option<Spot> {
        let mut at = link;
        loop {
            if let Some(owner) = known.get(&at) {
                return *owner;
            }
            match &layers[at.layer as usize].entries[at.entry as usize].kind {
                Kind::File { .. } => return Some(at),
                Kind::HardLink { target } => {
                    trail.push(at);
                    // Until it is known, so that links in a circle end here.
                    known.insert(at, None);
                    at = self.next(target.as_bytes(), at.layer, reach)?;
                }
                _ => return None,
            }
        }
    }

    fn next(&self, target: &[u8], layer: u32, reach: Reach) -> Option<Spot> {
        let held = self.at.get(target)?;
        let above = held.partition_point(|spot| spot.layer <= layer);
        let top = *held[..above].last()?;
        if top.layer == layer {
            return Some(top);
        }
        match reach {
            Reach::Layer => None,
            Reach::Stack { outcomes, index } => {
                (outcomes[index.flat(top)].by >= layer).then_some(top)
            }
        }
    }
}

fn holders<'a>(
    layers: &[&'a Layer],
    index: &Index<'a>,
    wanted: &HashSet<&'a [u8]>,
) -> HashMap<&'a [u8], Vec<Spot>> {
    let dirs: HashSet<u32> = wanted
        .iter()
        .filter_map(|path| {
            let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            index.find(&path[..end])
        })
        .collect();
    let mut at: HashMap<&[u8], Vec<Spot>> = HashMap::new();
    for dir in dirs {
        for (layer, said) in index.said_in(dir) {
            let Said::Entry(number) = said else { continue };
            let entry = &layers[layer as usize].entries[number as usize];
            let path = entry.path.as_bytes();
            if !matches!(entry.kind, Kind::Whiteout) && wanted.contains(path) {
                at.entry(path).or_default().push(Spot {
                    layer,
                    entry: number,
                });
            }
        }
    }
    at
}
