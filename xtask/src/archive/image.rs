use std::collections::BTreeMap;

use super::config::Config;
use super::limits::Limits;
pub(super) use super::name;
use super::store::{Found, Store, check_bytes, check_digest};
use super::{docker, oci};
use crate::model::{
    ArchiveProblem, Digest, Feature, ImageConfig, ImageRecord, LayerRef, Platform, Verified,
};

/// Which image of several is meant. What is `None` leaves no choice only where there is one.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// A name, an id, or the first 12 or more digits of an id.
    pub name: Option<String>,
    pub platform: Option<Platform>,
}

/// An image whose config and manifest are read, and whose layers are not.
pub(super) struct Candidate {
    pub(super) id: Digest,
    /// The manifests and indexes that lead to it.
    pub(super) led_by: Vec<Digest>,
    names: Vec<String>,
    platform: Platform,
    pub(super) base_name: Option<String>,
    config: ImageConfig,
    pub(super) layers: Vec<Wanted>,
}

/// Where a manifest says that a layer lies.
pub(super) struct Place {
    pub(super) path: String,
    /// The bytes that its descriptor states, where a descriptor names it.
    pub(super) descriptor: Option<u64>,
}

/// A layer that an image needs.
pub(super) struct Wanted {
    pub(super) path: String,
    pub(super) diff_id: Digest,
    /// Named by a descriptor of a registry's layout, so that its bytes are what travels.
    travels: bool,
}

/// What an index names and the source does not hold.
pub(super) struct Absent {
    pub(super) platform: Option<Platform>,
    pub(super) blob: String,
}

/// The images of a source.
#[derive(Default)]
pub(super) struct Catalogue {
    pub(super) images: Vec<Candidate>,
    pub(super) absent: Vec<Absent>,
}

/// Puts a manifest's layers and a config's `diff_ids` together.
pub(super) fn join(
    store: &dyn Store,
    id: Digest,
    names: Vec<String>,
    config: Config,
    places: Vec<Place>,
) -> Result<Candidate, ArchiveProblem> {
    if places.len() != config.diff_ids.len() {
        return Err(ArchiveProblem::LayerCount {
            layers: places.len(),
            diff_ids: config.diff_ids.len(),
        });
    }
    for place in &places {
        let bytes = store.bytes(&place.path);
        let bytes = bytes.ok_or_else(|| ArchiveProblem::MissingBlob {
            blob: place.path.clone(),
        })?;
        check_bytes(&place.path, place.descriptor.unwrap_or(bytes), bytes)?;
    }
    let layers = places.into_iter().zip(config.diff_ids);
    Ok(Candidate {
        id,
        led_by: Vec::new(),
        names,
        platform: config.platform,
        base_name: None,
        config: config.image,
        layers: layers
            .map(|(place, diff_id)| Wanted {
                path: place.path,
                diff_id,
                travels: place.descriptor.is_some(),
            })
            .collect(),
    })
}

/// Lists the images of a source, each once, by what it says of itself.
///
/// Since version 25 Docker describes them twice: `manifest.json` has one platform of each and
/// the names, `index.json` all of them.
pub(super) fn catalogue(store: &dyn Store, limits: &Limits) -> Result<Catalogue, ArchiveProblem> {
    let has = |path| store.bytes(path).is_some();
    let (index, manifest) = (has(oci::INDEX), has(docker::MANIFEST));
    let mut catalogue = Catalogue::default();
    if index {
        catalogue = oci::images(store, limits)?;
    }
    if manifest {
        for image in &mut catalogue.images {
            image.layers.iter_mut().for_each(|it| it.travels = false);
        }
        let named = docker::images(store, limits)?;
        for image in &mut catalogue.images {
            // These are checked against `repositories`, the index's against nothing.
            if named
                .iter()
                .any(|it| it.id == image.id && !it.names.is_empty())
            {
                image.names.clear();
            }
        }
        catalogue.images.extend(named);
    }
    if !index && !manifest {
        let source = store.name().to_owned();
        return Err(if has("repositories") {
            super::config::unsupported(&source, Feature::LegacyLayout)
        } else {
            ArchiveProblem::NotAnArchive {
                source_name: source,
            }
        });
    }
    merge(&mut catalogue.images);
    Ok(catalogue)
}

/// Makes one of what two names or two manifests describe; the first one's layers stand.
fn merge(images: &mut Vec<Candidate>) {
    let mut at: BTreeMap<Digest, usize> = BTreeMap::new();
    let mut merged: Vec<Candidate> = Vec::new();
    for image in images.drain(..) {
        if let Some(first) = at.get(&image.id) {
            merged[*first].names.extend(image.names);
            merged[*first].led_by.extend(image.led_by);
            merged[*first].base_name = merged[*first].base_name.take().or(image.base_name);
        } else {
            at.insert(image.id, merged.len());
            merged.push(image);
        }
    }
    for image in &mut merged {
        image.names.sort_unstable();
        image.names.dedup();
    }
    *images = merged;
}

impl Catalogue {
    /// The one image that is meant; `source` is what the user calls what holds them.
    pub(super) fn choose(self, source: &str, select: &Select) -> Result<Candidate, ArchiveProblem> {
        let source_name = source.to_owned();
        let there: Vec<String> = self.images.iter().map(Candidate::describe).collect();
        let mut images = self.images;
        if let Some(wanted) = &select.name {
            images.retain(|image| image.is_called(wanted));
            if images.is_empty() {
                return Err(ArchiveProblem::NoImage {
                    source_name,
                    wanted: wanted.clone(),
                    there,
                });
            }
        }
        if let Some(wanted) = &select.platform {
            images.retain(|image| name::is_same_platform(wanted, &image.platform));
        }
        let chosen: Vec<String> = images.iter().map(Candidate::describe).collect();
        match (images.pop(), images.is_empty()) {
            (Some(image), true) => Ok(image),
            (Some(_), false) => Err(ArchiveProblem::Ambiguous {
                source_name,
                there: chosen,
            }),
            (None, _) => Err(missing(source_name, self.absent, select, there)),
        }
    }
}

fn missing(
    source_name: String,
    absent: Vec<Absent>,
    select: &Select,
    there: Vec<String>,
) -> ArchiveProblem {
    let meant = |absent: &Absent| match (&select.platform, &absent.platform) {
        (Some(wanted), Some(platform)) => name::is_same_platform(wanted, platform),
        _ => there.is_empty(),
    };
    match (absent.into_iter().find(meant), &select.platform) {
        (Some(absent), _) => ArchiveProblem::MissingBlob { blob: absent.blob },
        (None, Some(wanted)) => ArchiveProblem::NoPlatform {
            wanted: wanted.to_string(),
            there,
        },
        (None, None) => ArchiveProblem::Ambiguous { source_name, there },
    }
}

impl Candidate {
    fn is_called(&self, wanted: &str) -> bool {
        let hex = wanted.strip_prefix("sha256:").unwrap_or(wanted);
        let by_id = hex.len() >= 12 && self.id.hex().starts_with(hex);
        by_id || self.names.iter().any(|own| name::is_same_name(wanted, own))
    }

    /// As a list shows it: `ex08:multi linux/amd64`.
    fn describe(&self) -> String {
        let name = self.names.first().cloned();
        let name = name.unwrap_or_else(|| self.id.short());
        format!("{name} {}", self.platform)
    }

    /// The whole image, once its layers are read.
    pub(super) fn record(
        self,
        layers: Vec<Found>,
        verified: Verified,
    ) -> Result<ImageRecord, ArchiveProblem> {
        let layers = self.layers.iter().zip(layers).map(|(wanted, found)| {
            check_digest(&wanted.path, &wanted.diff_id, &found.layer.diff_id)?;
            Ok(LayerRef {
                packed: found.packed.or(wanted.travels.then_some(found.bytes)),
                content: found.layer,
            })
        });
        Ok(ImageRecord {
            layers: layers.collect::<Result<_, ArchiveProblem>>()?,
            id: self.id,
            names: self.names,
            platform: self.platform,
            base_name: self.base_name,
            config: self.config,
            verified,
        })
    }
}
