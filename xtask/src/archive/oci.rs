//! Indexes and manifests (OCI image specification, image-index.md, manifest.md and
//! image-layout.md); Docker's own are the same but for their media types.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::config::{self, Config, Few, digest, json, null_is_none, unsupported};
use super::image::{Absent, Catalogue, Listed, Place, join, name};
use super::limits::{Limits, within};
use super::pipe::digest_of;
use super::store::{Store, check_bytes};
use crate::model::{ArchiveProblem, Bound, Digest, Feature, Platform};

pub(super) const INDEX: &str = "index.json";

/// Images or layers of one list, one more than the limits allow so that they say it.
pub(super) const MANIFESTS: usize = 1_001;

const CONTAINERD_NAME: &str = "io.containerd.image.name";
const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Of a manifest, of the descriptor that leads to it or of an index above (annotations.md).
const BASE_NAME: &str = "org.opencontainers.image.base.name";
/// What the builder puts on the descriptor of an attestation.
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";
/// A manifest of early drafts, which has blobs and no config.
const ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// What the builder calls the platform of an attestation.
const NO_PLATFORM: &str = "unknown";

const CONFIGS: [&str; 2] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
];

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    /// What the manifest is about, if not an image.
    #[serde(default, deserialize_with = "null_is_none")]
    artifact_type: String,
    #[serde(default)]
    platform: Option<WirePlatform>,
    #[serde(default, deserialize_with = "null_is_none")]
    annotations: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
struct WirePlatform {
    #[serde(default, deserialize_with = "null_is_none")]
    os: String,
    #[serde(default, deserialize_with = "null_is_none")]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

/// An index or a manifest: which of them it is, its own fields say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    /// Descriptors. One of them may be damaged.
    #[serde(default)]
    manifests: Option<Few<Box<RawValue>, MANIFESTS>>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default, deserialize_with = "null_is_none")]
    layers: Few<Descriptor, MANIFESTS>,
    #[serde(default, deserialize_with = "null_is_none")]
    media_type: String,
    #[serde(default, deserialize_with = "null_is_none")]
    artifact_type: String,
    #[serde(default, deserialize_with = "null_is_none")]
    annotations: BTreeMap<String, String>,
    #[serde(default)]
    schema_version: u64,
}

impl Descriptor {
    /// Where its blob lies.
    pub(super) fn path(&self, blob: &str) -> Result<String, ArchiveProblem> {
        Ok(format!("blobs/sha256/{}", self.digest(blob)?.hex()))
    }

    fn digest(&self, blob: &str) -> Result<Digest, ArchiveProblem> {
        digest(blob, &self.digest)
    }

    fn platform(&self) -> Option<Platform> {
        let platform = self.platform.clone()?;
        config::platform(platform.os, platform.architecture, platform.variant)
    }

    fn names(&self) -> Vec<String> {
        let annotation = |key| self.annotations.get(key);
        annotation(CONTAINERD_NAME)
            .or_else(|| annotation(REF_NAME))
            .map(|text| name::familiar(text))
            .into_iter()
            .collect()
    }

    /// Whether it leads to what a builder or a tool says of an image, and to none.
    fn is_about_another(&self) -> bool {
        let is_unknown = |it: &WirePlatform| it.os == NO_PLATFORM && it.architecture == NO_PLATFORM;
        self.annotations.contains_key(REFERENCE_TYPE)
            || self.platform.as_ref().is_some_and(is_unknown)
            || is_artifact(&self.artifact_type)
    }
}

/// Whether a manifest's `artifactType` says that it is no image (manifest.md, "Guidelines for
/// Artifact Usage").
fn is_artifact(artifact_type: &str) -> bool {
    !artifact_type.is_empty() && !CONFIGS.contains(&artifact_type)
}

/// A layer whose content is elsewhere, as Windows bases have.
pub(super) fn is_foreign(media_type: &str) -> bool {
    media_type.contains(".foreign.") || media_type.contains(".nondistributable.")
}

/// The images that `index.json` leads to.
pub(super) fn images(store: &dyn Store, limits: &Limits) -> Result<Catalogue, ArchiveProblem> {
    let mut reader = Reader {
        store,
        limits,
        manifests: 0,
        catalogue: Catalogue::default(),
    };
    let content = store.json(INDEX)?;
    let index: Document = json(INDEX, &content)?;
    let mut way = Way::default();
    way.note_base(&index.annotations);
    let Some(manifests) = index.manifests else {
        return Err(ArchiveProblem::NotAnArchive {
            source_name: store.name().to_owned(),
        });
    };
    for descriptor in &manifests.0 {
        reader.follow(INDEX, descriptor, &way, 1)?;
    }
    Ok(reader.catalogue)
}

/// The images of a source that is one manifest, or one index, and its blobs.
pub(super) fn single(
    store: &dyn Store,
    path: &str,
    limits: &Limits,
) -> Result<Catalogue, ArchiveProblem> {
    let content = store.json(path)?;
    let document: Document = json(path, &content)?;
    let mut reader = Reader {
        store,
        limits,
        manifests: 0,
        catalogue: Catalogue::default(),
    };
    let mut way = Way::default();
    way.led_by.push(digest_of(&content));
    way.note_base(&document.annotations);
    let led = match document.manifests {
        Some(manifests) => Ok(Led::Index {
            path: path.to_owned(),
            manifests: manifests.0,
            way,
        }),
        None => reader.manifest(path, &document, way),
    };
    reader.add(led, 1)?;
    Ok(reader.catalogue)
}

/// What was passed on the way from `index.json` to a manifest.
#[derive(Clone, Default)]
struct Way {
    names: Vec<String>,
    led_by: Vec<Digest>,
    /// As the nearest to the manifest has it.
    base_name: Option<String>,
}

impl Way {
    fn note_base(&mut self, annotations: &BTreeMap<String, String>) {
        if let Some(name) = annotations.get(BASE_NAME) {
            self.base_name = Some(name.clone());
        }
    }
}

struct Reader<'a> {
    store: &'a dyn Store,
    limits: &'a Limits,
    manifests: u64,
    catalogue: Catalogue,
}

/// What a descriptor leads to.
enum Led {
    Index {
        path: String,
        manifests: Vec<Box<RawValue>>,
        way: Way,
    },
    Image(Box<Listed>),
    /// A chart, a signature or an attestation, by its media type.
    Other(String),
    Absent(Absent),
}

impl Reader<'_> {
    /// Adds what a descriptor leads to. A limit that is passed ends all; anything else that is
    /// wrong is wrong with one image.
    fn follow(
        &mut self,
        from: &str,
        descriptor: &RawValue,
        way: &Way,
        depth: u64,
    ) -> Result<(), ArchiveProblem> {
        self.manifests += 1;
        within(
            from,
            Bound::Manifests,
            self.manifests,
            self.limits.manifests,
        )?;
        within(from, Bound::Depth, depth, self.limits.depth)?;
        let descriptor: Descriptor = match serde_json::from_str(descriptor.get()) {
            Ok(descriptor) => descriptor,
            Err(source) => {
                let blob = from.to_owned();
                let problem = ArchiveProblem::Json { blob, source };
                self.catalogue.images.push(Listed::unread(problem));
                return Ok(());
            }
        };
        let led = self.lead(from, &descriptor, way, depth);
        let led = led.or_else(|problem| {
            let mut names = way.names.clone();
            names.extend(descriptor.names());
            Ok(Led::Image(Box::new(Listed {
                names,
                platform: descriptor.platform(),
                ..Listed::unread(problem)
            })))
        });
        self.add(led, depth)
    }

    fn add(&mut self, led: Result<Led, ArchiveProblem>, depth: u64) -> Result<(), ArchiveProblem> {
        match led {
            Ok(Led::Index {
                path,
                manifests,
                way,
            }) => {
                for below in &manifests {
                    self.follow(&path, below, &way, depth + 1)?;
                }
            }
            Ok(Led::Image(image)) => self.catalogue.images.push(*image),
            Ok(Led::Other(what)) => self.catalogue.others.push(what),
            Ok(Led::Absent(absent)) => self.catalogue.absent.push(absent),
            Err(problem) => self.catalogue.images.push(Listed::unread(problem)),
        }
        Ok(())
    }

    fn lead(
        &self,
        from: &str,
        descriptor: &Descriptor,
        way: &Way,
        depth: u64,
    ) -> Result<Led, ArchiveProblem> {
        if descriptor.is_about_another() {
            let what = [&descriptor.artifact_type, &descriptor.media_type];
            let what = what.into_iter().find(|it| !it.is_empty());
            return Ok(Led::Other(what.cloned().unwrap_or_default()));
        }
        let path = descriptor.path(from)?;
        let Some(bytes) = self.store.bytes(&path) else {
            if depth == 1 {
                return Err(ArchiveProblem::MissingBlob { blob: path });
            }
            // An engine that pulled one platform of several still names the others.
            return Ok(Led::Absent(Absent {
                platform: descriptor.platform(),
                blob: path,
            }));
        };
        self.store.check(&path)?;
        check_bytes(&path, descriptor.size, bytes)?;
        let content = self.store.json(&path)?;
        let document: Document = json(&path, &content)?;
        let mut way = way.clone();
        way.names.extend(descriptor.names());
        way.led_by.push(descriptor.digest(from)?);
        way.note_base(&descriptor.annotations);
        way.note_base(&document.annotations);
        if let Some(manifests) = document.manifests {
            return Ok(Led::Index {
                path,
                manifests: manifests.0,
                way,
            });
        }
        self.manifest(&path, &document, way)
    }

    fn manifest(&self, path: &str, document: &Document, way: Way) -> Result<Led, ArchiveProblem> {
        if is_artifact(&document.artifact_type) {
            return Ok(Led::Other(document.artifact_type.clone()));
        }
        let Some(config) = &document.config else {
            if document.media_type == ARTIFACT {
                return Ok(Led::Other(ARTIFACT.to_owned()));
            }
            let what = format!("manifest, schema version {}", document.schema_version);
            return Err(unsupported(path, Feature::MediaType(what)));
        };
        if !CONFIGS.contains(&config.media_type.as_str()) {
            return Ok(Led::Other(config.media_type.clone()));
        }
        // cosign and others sign with the config of an image and no layer of one.
        let mut layers = document.layers.0.iter();
        if let Some(first) = document.layers.0.first()
            && layers.all(|layer| !is_layer(&layer.media_type))
        {
            return Ok(Led::Other(first.media_type.clone()));
        }
        let (id, parsed) = self.config(path, config)?;
        let platform = parsed.platform.clone();
        let places: Result<_, _> = document.layers.0.iter().map(|it| place(path, it)).collect();
        let image = places.and_then(|places| {
            let mut candidate = join(self.store, id, parsed, places)?;
            candidate.led_by = way.led_by;
            candidate.base_name = way.base_name;
            Ok(candidate)
        });
        Ok(Led::Image(Box::new(Listed {
            id: Some(id),
            names: way.names,
            platform,
            image,
        })))
    }

    fn config(
        &self,
        manifest: &str,
        config: &Descriptor,
    ) -> Result<(Digest, Config), ArchiveProblem> {
        let path = config.path(manifest)?;
        let content = self.store.json(&path)?;
        check_bytes(&path, config.size, content.len() as u64)?;
        let parsed = config::parse(&path, &content, self.limits)?;
        Ok((config.digest(manifest)?, parsed))
    }
}

/// Whether it is a layer, whatever it is packed with: that its first bytes tell.
fn is_layer(media_type: &str) -> bool {
    media_type.contains(".image.layer.") || media_type.contains(".image.rootfs.")
}

fn place(manifest: &str, layer: &Descriptor) -> Result<Place, ArchiveProblem> {
    if is_foreign(&layer.media_type) {
        return Err(unsupported(&layer.digest, Feature::ForeignLayer));
    }
    if !is_layer(&layer.media_type) || layer.media_type.ends_with("+encrypted") {
        let feature = Feature::MediaType(layer.media_type.clone());
        return Err(unsupported(&layer.digest, feature));
    }
    Ok(Place {
        path: layer.path(manifest)?,
        descriptor: Some(layer.size),
    })
}
