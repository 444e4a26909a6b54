//! Indexes and manifests (OCI image specification, image-index.md, manifest.md and
//! image-layout.md); Docker's own are the same but for their media types.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::{self, digest, json, null_is_none, unsupported};
use super::image::{Absent, Candidate, Catalogue, Place, join, name};
use super::limits::{Limits, within};
use super::store::{Store, check_bytes};
use crate::model::{ArchiveProblem, Bound, Digest, Feature, Platform};

pub(super) const INDEX: &str = "index.json";

const CONTAINERD_NAME: &str = "io.containerd.image.name";
const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Of a manifest, of the descriptor that leads to it or of an index above (annotations.md).
const BASE_NAME: &str = "org.opencontainers.image.base.name";
/// What the builder puts on the descriptor of an attestation.
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";

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
    #[serde(default)]
    platform: Option<WirePlatform>,
    #[serde(default, deserialize_with = "null_is_none")]
    annotations: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
struct WirePlatform {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

/// An index or a manifest: which of them it is, its own fields say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default, deserialize_with = "null_is_none")]
    layers: Vec<Descriptor>,
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
        let platform = self.platform.as_ref()?;
        Some(Platform {
            os: platform.os.clone(),
            arch: platform.architecture.clone(),
            variant: platform.variant.clone().filter(|it| !it.is_empty()),
        })
    }

    fn names(&self) -> Vec<String> {
        let annotation = |key| self.annotations.get(key);
        annotation(CONTAINERD_NAME)
            .or_else(|| annotation(REF_NAME))
            .map(|text| name::familiar(text))
            .into_iter()
            .collect()
    }

    fn is_attestation(&self) -> bool {
        self.annotations.contains_key(REFERENCE_TYPE)
    }
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
    for descriptor in &manifests {
        let path = descriptor.path(INDEX)?;
        if store.bytes(&path).is_none() {
            return Err(ArchiveProblem::MissingBlob { blob: path });
        }
        reader.follow(INDEX, descriptor, &way, 1)?;
    }
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

impl Reader<'_> {
    fn follow(
        &mut self,
        from: &str,
        descriptor: &Descriptor,
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
        if descriptor.is_attestation() {
            return Ok(());
        }
        let path = descriptor.path(from)?;
        let Some(bytes) = self.store.bytes(&path) else {
            // An engine that pulled one platform of several still names the others.
            self.catalogue.absent.push(Absent {
                platform: descriptor.platform(),
                blob: path,
            });
            return Ok(());
        };
        check_bytes(&path, descriptor.size, bytes)?;
        let content = self.store.json(&path)?;
        let document: Document = json(&path, &content)?;
        let mut way = way.clone();
        way.names.extend(descriptor.names());
        way.led_by.push(descriptor.digest(from)?);
        way.note_base(&descriptor.annotations);
        way.note_base(&document.annotations);
        if let Some(manifests) = &document.manifests {
            return manifests
                .iter()
                .try_for_each(|below| self.follow(&path, below, &way, depth + 1));
        }
        if let Some(candidate) = self.manifest(&path, &document, way)? {
            self.catalogue.images.push(candidate);
        }
        Ok(())
    }

    /// `None` for a manifest of something else than an image: a chart, a signature.
    fn manifest(
        &self,
        path: &str,
        document: &Document,
        way: Way,
    ) -> Result<Option<Candidate>, ArchiveProblem> {
        let Some(config) = &document.config else {
            let what = format!("manifest, schema version {}", document.schema_version);
            return Err(unsupported(path, Feature::MediaType(what)));
        };
        if !CONFIGS.contains(&config.media_type.as_str()) {
            return Ok(None);
        }
        let config_path = config.path(path)?;
        let content = self.store.json(&config_path)?;
        check_bytes(&config_path, config.size, content.len() as u64)?;
        let parsed = config::parse(&config_path, &content, self.limits)?;
        let places = document
            .layers
            .iter()
            .map(|layer| place(path, layer))
            .collect::<Result<_, _>>()?;
        let id = config.digest(path)?;
        let mut candidate = join(self.store, id, way.names, parsed, places)?;
        candidate.led_by = way.led_by;
        candidate.base_name = way.base_name;
        Ok(Some(candidate))
    }
}

fn place(manifest: &str, layer: &Descriptor) -> Result<Place, ArchiveProblem> {
    if is_foreign(&layer.media_type) {
        return Err(unsupported(&layer.digest, Feature::ForeignLayer));
    }
    // What a layer is packed with its first bytes tell; this is about what it is.
    let is_layer =
        layer.media_type.contains(".image.layer.") || layer.media_type.contains(".image.rootfs.");
    if !is_layer || layer.media_type.ends_with("+encrypted") {
        let feature = Feature::MediaType(layer.media_type.clone());
        return Err(unsupported(&layer.digest, feature));
    }
    Ok(Place {
        path: layer.path(manifest)?,
        descriptor: Some(layer.size),
    })
}
