//! `manifest.json` of `docker save`, which Podman, skopeo and others write too (Docker image
//! specification v1.2, "Combined Image JSON + Filesystem Changeset Format").

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::config::{self, json, null_is_none, unsupported};
use super::image::{Candidate, Place, join, name};
use super::limits::Limits;
use super::oci::{Descriptor, is_foreign};
use super::pipe::digest_of;
use super::store::{Store, check_bytes, check_digest, named_digest};
use crate::model::{ArchiveProblem, Damage, Digest, Feature};

pub(super) const MANIFEST: &str = "manifest.json";
const REPOSITORIES: &str = "repositories";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    config: String,
    #[serde(default, deserialize_with = "null_is_none")]
    repo_tags: Vec<String>,
    #[serde(default, deserialize_with = "null_is_none")]
    layers: Vec<String>,
    /// By `diff_id`, since Docker 25; before that of foreign layers alone.
    #[serde(default, deserialize_with = "null_is_none")]
    layer_sources: BTreeMap<String, Descriptor>,
}

/// The images that `manifest.json` lists.
pub(super) fn images(store: &dyn Store, limits: &Limits) -> Result<Vec<Candidate>, ArchiveProblem> {
    let content = store.json(MANIFEST)?;
    let images: Vec<Image> = json(MANIFEST, &content)?;
    check_names(store, &images)?;
    images
        .into_iter()
        .map(|image| candidate(store, image, limits))
        .collect()
}

fn candidate(
    store: &dyn Store,
    image: Image,
    limits: &Limits,
) -> Result<Candidate, ArchiveProblem> {
    let content = store.json(&image.config)?;
    let id = digest_of(&content);
    if let Some(named) = config_digest(&image.config) {
        check_digest(&image.config, &named, &id)?;
    }
    let config = config::parse(&image.config, &content, limits)?;
    for (diff_id, source) in &image.layer_sources {
        check_source(store, diff_id, source)?;
    }
    let places = image.layers.into_iter().map(|path| Place {
        path,
        descriptor: None,
    });
    let names = image.repo_tags.iter().map(|tag| name::familiar(tag));
    join(store, id, names.collect(), config, places.collect())
}

/// Docker names a config `<digest>.json`, crane `sha256:<digest>`, newer ones by its blob.
fn config_digest(path: &str) -> Option<Digest> {
    let hex = path.strip_suffix(".json").unwrap_or(path);
    let hex = hex.strip_prefix("sha256:").unwrap_or(hex);
    named_digest(path).or_else(|| format!("sha256:{hex}").parse().ok())
}

fn check_source(
    store: &dyn Store,
    diff_id: &str,
    source: &Descriptor,
) -> Result<(), ArchiveProblem> {
    if is_foreign(&source.media_type) {
        return Err(unsupported(diff_id, Feature::ForeignLayer));
    }
    let path = source.path(MANIFEST)?;
    match store.bytes(&path) {
        Some(bytes) => check_bytes(&path, source.size, bytes),
        None => Ok(()),
    }
}

/// The names stand in `repositories` too, by repository and tag, where that file is there;
/// nothing else could tell that one of them is damaged.
fn check_names(store: &dyn Store, images: &[Image]) -> Result<(), ArchiveProblem> {
    if store.bytes(REPOSITORIES).is_none() {
        return Ok(());
    }
    let content = store.json(REPOSITORIES)?;
    let repositories: BTreeMap<String, BTreeMap<String, String>> = json(REPOSITORIES, &content)?;
    let named: BTreeSet<String> = repositories
        .iter()
        .flat_map(|(name, tags)| tags.keys().map(move |tag| format!("{name}:{tag}")))
        .collect();
    let listed = images.iter().flat_map(|image| &image.repo_tags);
    if listed.cloned().collect::<BTreeSet<_>>() == named {
        return Ok(());
    }
    Err(ArchiveProblem::Damaged {
        blob: MANIFEST.to_owned(),
        offset: 0,
        damage: Damage::Names,
    })
}
