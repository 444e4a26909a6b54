use std::collections::HashMap;

use crate::model::{Bytes, Digest, Entry, Fate, ImageRecord, Kind, Layer};

use super::fates;
use super::index::{Index, Spot};
use super::links::{Links, Reach};

/// The layers of one image, stacked: what becomes of each entry.
///
/// Within a layer the order of entries says nothing: a marker applies to lower layers
/// only, wherever it stands in the tar (OCI image specification, layer.md, "Whiteouts").
pub(super) struct Stack<'a> {
    pub(super) layers: Vec<&'a Layer>,
    pub(super) index: Index<'a>,
    outcomes: Vec<Outcome>,
    /// Where a file is seen whose own path is hidden and one of whose hard links is not.
    seen_at: HashMap<Spot, Spot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The layer that hides it; above all layers for what is live.
    pub(super) by: u32,
    pub(super) fate: Fate,
}

/// What a file holds. Two are equal only where the bytes are known to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Known(Bytes, Digest),
    /// Not read: like nothing but the same entry of the same layer.
    Unread(Digest, u32),
}

impl<'a> Stack<'a> {
    pub(super) fn of(record: &'a ImageRecord) -> Self {
        let layers: Vec<&Layer> = record.layers.iter().map(|layer| &*layer.content).collect();
        let mut index = Index::of(&layers);
        let links = Links::of(&layers, &index);
        let in_layer = links.owners(&layers, Reach::Layer);
        let mut outcomes = fates::of_names(&layers, &mut index, &in_layer);
        let reach = Reach::Stack {
            outcomes: &outcomes,
            index: &index,
        };
        let owners = links.owners(&layers, reach);
        if owners != in_layer {
            // Which layer hides a name is known, and so what a link finds below; whether it
            // wrote the same content again is told only by what the link is a name of.
            outcomes = fates::of_names(&layers, &mut index, &owners);
        }
        let seen_at = join_names(&owners, &mut outcomes, &index);
        Self {
            layers,
            index,
            outcomes,
            seen_at,
        }
    }

    pub(super) fn entry(&self, spot: Spot) -> &'a Entry {
        &self.layers[spot.layer as usize].entries[spot.entry as usize]
    }

    /// Of a file, with all its names: it is live while any of them is. Of anything else, of
    /// its own name.
    pub(super) fn outcome(&self, spot: Spot) -> Outcome {
        self.outcomes[self.index.flat(spot)]
    }

    /// The path at which a container sees a live file.
    pub(super) fn seen_at(&self, spot: Spot) -> &'a Entry {
        self.entry(self.seen_at.get(&spot).copied().unwrap_or(spot))
    }

    pub(super) fn digest(&self, spot: Spot) -> Option<Digest> {
        digest(self.layers[spot.layer as usize], spot)
    }

    /// See [`files`].
    pub(super) fn files(&self) -> impl Iterator<Item = (Spot, Bytes)> + '_ {
        files(&self.layers)
    }
}

/// Every regular file, from the lowest layer, in the order of its tar.
pub(super) fn files<'l>(layers: &'l [&Layer]) -> impl Iterator<Item = (Spot, Bytes)> + 'l {
    (0..).zip(layers).flat_map(|(layer, content)| {
        (0..)
            .zip(&content.entries)
            .filter_map(move |(entry, held)| match held.kind {
                Kind::File { bytes, .. } => Some((Spot { layer, entry }, bytes)),
                _ => None,
            })
    })
}

/// The digest of a file's content; `None` where it was not read.
pub(super) fn digest(layer: &Layer, spot: Spot) -> Option<Digest> {
    match layer.entries[spot.entry as usize].kind {
        Kind::File { content, .. } => content,
        _ => None,
    }
}

impl Outcome {
    pub(super) const LIVE: Self = Self {
        by: u32::MAX,
        fate: Fate::Live,
    };

    /// What becomes of a file with two names: it lasts as long as the longer one. Where one
    /// layer takes both, that it wrote the content again says most, that it removed it least.
    fn or(self, other: Self) -> Self {
        let rank = |outcome: Self| {
            let kind = match outcome.fate {
                Fate::Deleted => 0,
                Fate::Overwritten => 1,
                Fate::MetadataOnly => 2,
                Fate::Live => 3,
            };
            (outcome.by, kind)
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

impl Content {
    /// `None` for what is not a regular file.
    pub(super) fn of(layers: &[&Layer], spot: Spot) -> Option<Self> {
        let layer = layers[spot.layer as usize];
        match layer.entries[spot.entry as usize].kind {
            Kind::File {
                bytes,
                content: Some(digest),
            } => Some(Self::Known(bytes, digest)),
            Kind::File {
                bytes: _,
                content: None,
            } => Some(Self::Unread(layer.diff_id, spot.entry)),
            _ => None,
        }
    }
}

/// Gives each file the outcome of its longest-lived name.
fn join_names(
    owners: &HashMap<Spot, Option<Spot>>,
    outcomes: &mut [Outcome],
    index: &Index,
) -> HashMap<Spot, Spot> {
    let mut pairs: Vec<(Spot, Spot)> = owners
        .iter()
        .filter_map(|(link, owner)| Some(((*owner)?, *link)))
        .collect();
    pairs.sort_unstable();
    let mut seen_at = HashMap::new();
    for (owner, link) in pairs {
        let (own, linked) = (outcomes[index.flat(owner)], outcomes[index.flat(link)]);
        if own != Outcome::LIVE && linked == Outcome::LIVE {
            seen_at.insert(owner, link);
        }
        outcomes[index.flat(owner)] = own.or(linked);
    }
    seen_at
}
