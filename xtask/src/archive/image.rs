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
    platform: Option<Platform>,
    pub(super) base_name: Option<String>,
    config: ImageConfig,
    pub(super) layers: Vec<Wanted>,
}

/// An image that a source names, whether it can be read or not. What is wrong with it matters
/// only if it is the one that is meant.
pub(super) struct Listed {
    /// `None` if its config can't be read, nor its platform.
    pub(super) id: Option<Digest>,
    pub(super) names: Vec<String>,
    /// As the config has it, or else the index.
    pub(super) platform: Option<Platform>,
    pub(super) image: Result<Candidate, ArchiveProblem>,
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
    pub(super) images: Vec<Listed>,
    pub(super) absent: Vec<Absent>,
    /// The media types of what is named and is no image.
    pub(super) others: Vec<String>,
}

/// Puts a manifest's layers and a config's `diff_ids` together.
pub(super) fn join(
    store: &dyn Store,
    id: Digest,
    config: Config,
    places: Vec<Place>,
) -> Result<Candidate, ArchiveProblem> {
    if places.len() != config.diff_ids.len() {
        return Err(ArchiveProblem::LayerCount {
            layers: places.len(),
            diff_ids: config.diff_ids.len(),
        });
    }
    if let Some(at) = places.iter().position(|place| place.path.is_empty()) {
        return Err(ArchiveProblem::LayerLeftOut { number: at + 1 });
    }
    for place in &places {
        let bytes = store.bytes(&place.path);
        let bytes = bytes.ok_or_else(|| ArchiveProblem::MissingBlob {
            blob: place.path.clone(),
        })?;
        store.check(&place.path)?;
        check_bytes(&place.path, place.descriptor.unwrap_or(bytes), bytes)
            .map_err(|size| store.blame(&place.path, size))?;
    }
    let layers = places.into_iter().zip(config.diff_ids);
    Ok(Candidate {
        id,
        led_by: Vec::new(),
        names: Vec::new(),
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
    if !index && manifest && store.json(docker::MANIFEST)?.trim_ascii_start().first() == Some(&b'{')
    {
        let mut catalogue = oci::single(store, docker::MANIFEST, limits)?;
        merge(&mut catalogue.images);
        return Ok(catalogue);
    }
    let mut catalogue = Catalogue::default();
    if index {
        catalogue = oci::images(store, limits)?;
    }
    if manifest {
        for image in &mut catalogue.images {
            if let Ok(image) = &mut image.image {
                image.layers.iter_mut().for_each(|it| it.travels = false);
            }
        }
        let named = docker::images(store, limits)?;
        for image in &mut catalogue.images {
            // An engine may know it by other names since.
            if named
                .iter()
                .any(|it| it.id == image.id && it.id.is_some() && !it.names.is_empty())
            {
                image.names.clear();
            }
        }
        for image in named {
            match catalogue.images.iter_mut().find(|it| it.is_same(&image)) {
                Some(there) => there.join(image),
                None => catalogue.images.push(image),
            }
        }
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

/// Makes one of what two names or two manifests describe.
fn merge(images: &mut Vec<Listed>) {
    let mut at: BTreeMap<Digest, usize> = BTreeMap::new();
    let mut merged: Vec<Listed> = Vec::new();
    for image in images.drain(..) {
        let first = image.id.and_then(|id| at.get(&id));
        if let Some(first) = first {
            merged[*first].join(image);
        } else {
            at.extend(image.id.map(|id| (id, merged.len())));
            merged.push(image);
        }
    }
    for image in &mut merged {
        image.names.sort_unstable();
        image.names.dedup();
    }
    *images = merged;
}

impl Listed {
    pub(super) fn unread(problem: ArchiveProblem) -> Self {
        Self {
            id: None,
            names: Vec::new(),
            platform: None,
            image: Err(problem),
        }
    }

    /// Whether two descriptions are of one image, as far as they can be read.
    fn is_same(&self, other: &Self) -> bool {
        if let (Some(one), Some(other)) = (self.id, other.id) {
            return one == other;
        }
        let is_platform = match (&self.platform, &other.platform) {
            (Some(one), Some(other)) => name::is_same_platform(one, other),
            _ => true,
        };
        is_platform && self.names.iter().any(|name| other.names.contains(name))
    }

    /// Takes in another description of the same image, which is damaged if either is; the
    /// layers of the first one stand.
    fn join(&mut self, other: Self) {
        self.id = self.id.or(other.id);
        self.names.extend(other.names);
        if self.platform.is_none() {
            self.platform = other.platform;
        }
        match (&mut self.image, other.image) {
            (Ok(image), Ok(other)) => {
                image.led_by.extend(other.led_by);
                image.base_name = image.base_name.take().or(other.base_name);
            }
            (image @ Ok(_), Err(problem)) => *image = Err(problem),
            (Err(_), _) => {}
        }
    }

    fn is_called(&self, wanted: &str) -> bool {
        let hex = wanted.strip_prefix("sha256:").unwrap_or(wanted);
        let is_id = |id: Digest| hex.len() >= 12 && id.hex().starts_with(hex);
        self.id.is_some_and(is_id) || self.names.iter().any(|own| name::is_same_name(wanted, own))
    }

    fn is_for(&self, wanted: &Platform) -> bool {
        let platform = self.platform.as_ref();
        platform.is_some_and(|platform| name::is_same_platform(wanted, platform))
    }

    /// As a list shows it: `ex08:multi linux/amd64`.
    fn describe(&self) -> String {
        let name = self.names.first().cloned();
        let name = name.or_else(|| self.id.map(|id| id.short()));
        let platform = self.platform.as_ref().map(ToString::to_string);
        let both: Vec<String> = name.into_iter().chain(platform).collect();
        if both.is_empty() {
            return "?".to_owned();
        }
        both.join(" ")
    }

    pub(super) fn into_candidate(self) -> Result<Candidate, ArchiveProblem> {
        let mut image = self.image?;
        image.names = self.names;
        Ok(image)
    }
}

impl Catalogue {
    /// The one image that is meant; `source` is what the user calls what holds them.
    pub(super) fn choose(self, source: &str, select: &Select) -> Result<Candidate, ArchiveProblem> {
        let source_name = source.to_owned();
        let there: Vec<String> = self.images.iter().map(Listed::describe).collect();
        if let (true, true, Some(what)) = (
            there.is_empty(),
            self.absent.is_empty(),
            self.others.first(),
        ) {
            let what = what.clone();
            return Err(ArchiveProblem::NotAnImage { source_name, what });
        }
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
            let is_there = images.iter().any(|image| image.is_for(wanted));
            images.retain(|image| {
                // One that can't be read may be for any platform, and is meant if no other is.
                let is_unknown = image.platform.is_none() && image.image.is_err();
                image.is_for(wanted) || (!is_there && is_unknown)
            });
        }
        let chosen: Vec<String> = images.iter().map(Listed::describe).collect();
        if images.iter().all(|image| image.image.is_err()) {
            images.truncate(1);
        }
        match (images.pop(), images.is_empty()) {
            (Some(image), true) => image.into_candidate(),
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
