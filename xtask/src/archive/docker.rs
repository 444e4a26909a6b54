//! `manifest.json` of `docker save`, which Podman, skopeo and others write too (Docker image
//! specification v1.2, "Combined Image JSON + Filesystem Changeset Format").

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::config::{self, Config, Few, json, null_is_none, unsupported};
use super::image::{Listed, Place, join, name};
use super::limits::Limits;
use super::oci::{Descriptor, MANIFESTS, is_foreign};
use super::pipe::digest_of;
use super::store::{Store, check_bytes, check_digest, named_digest};
use crate::model::{ArchiveProblem, Digest, Feature};

pub(super) const MANIFEST: &str = "manifest.json";

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
pub(super) fn images(store: &dyn Store, limits: &Limits) -> Result<Vec<Listed>, ArchiveProblem> {
    let content = store.json(MANIFEST)?;
    let images: Few<Box<RawValue>, MANIFESTS> = json(MANIFEST, &content)?;
    let listed = images
        .0
        .into_iter()
        .map(|image| match serde_json::from_str(image.get()) {
            Ok(image) => listed(store, image, limits),
            Err(source) => Listed::unread(ArchiveProblem::Json {
                blob: MANIFEST.to_owned(),
                source,
            }),
        });
    Ok(listed.collect())
}

fn listed(store: &dyn Store, image: Image, limits: &Limits) -> Listed {
    let names = image.repo_tags.iter().map(|tag| name::familiar(tag));
    let names: Vec<String> = names.collect();
    let (id, config) = match config(store, &image.config, limits) {
        Ok(read) => read,
        Err(problem) => {
            return Listed {
                names,
                ..Listed::unread(problem)
            };
        }
    };
    Listed {
        id: Some(id),
        names,
        platform: config.platform.clone(),
        image: places(store, image).and_then(|places| join(store, id, config, places)),
    }
}

fn config(
    store: &dyn Store,
    path: &str,
    limits: &Limits,
) -> Result<(Digest, Config), ArchiveProblem> {
    let content = store.json(path)?;
    let id = digest_of(&content);
    if let Some(named) = config_digest(path) {
        check_digest(path, &named, &id)?;
    }
    Ok((id, config::parse(path, &content, limits)?))
}

fn places(store: &dyn Store, image: Image) -> Result<Vec<Place>, ArchiveProblem> {
    for (diff_id, source) in &image.layer_sources {
        check_source(store, diff_id, source)?;
    }
    let places = image.layers.into_iter().map(|path| Place {
        path,
        descriptor: None,
    });
    Ok(places.collect())
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
