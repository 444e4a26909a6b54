//! The config of an image (OCI image specification, config.md).

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::limits::{Limits, within};
use crate::model::{ArchiveProblem, Bound, Digest, Feature, HistoryEntry, ImageConfig, Platform};

pub(super) struct Config {
    /// `None` if the config does not say it.
    pub(super) platform: Option<Platform>,
    pub(super) image: ImageConfig,
    pub(super) diff_ids: Vec<Digest>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    created: Option<String>,
    #[serde(default, deserialize_with = "null_is_none")]
    architecture: String,
    #[serde(default, deserialize_with = "null_is_none")]
    os: String,
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    config: Option<Runtime>,
    rootfs: Rootfs,
    #[serde(default)]
    history: Option<Few<History, HISTORY>>,
}

/// A history has one entry for each instruction, and images have at most 127 layers.
const HISTORY: usize = 10_000;

/// A list of at most so many. Each takes far more memory than its text, which is what the limits
/// on JSON count.
pub(super) struct Few<T, const MOST: usize>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Few<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each<T, const MOST: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Each<T, MOST> {
            type Value = Vec<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "a list of at most {MOST}")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut few = Vec::new();
                while let Some(next) = list.next_element()? {
                    if few.len() == MOST {
                        return Err(de::Error::invalid_length(MOST + 1, &self));
                    }
                    few.push(next);
                }
                Ok(few)
            }
        }

        deserializer
            .deserialize_seq(Each::<T, MOST>(PhantomData))
            .map(Self)
    }
}

impl<T, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Runtime {
    entrypoint: Option<Words>,
    cmd: Option<Words>,
    env: Option<Vec<String>>,
    user: Option<String>,
    working_dir: Option<String>,
    labels: Option<BTreeMap<String, String>>,
}

/// Docker before 1.10 wrote a single word as a string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Many(Vec<String>),
    One(String),
}

#[derive(Deserialize)]
struct Rootfs {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "null_is_none")]
    diff_ids: Vec<String>,
}

#[derive(Deserialize)]
struct History {
    #[serde(default)]
    created: Option<String>,
    #[serde(default, deserialize_with = "null_is_none")]
    created_by: String,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    empty_layer: bool,
}

/// Go writes an empty list as `null` as readily as `[]`.
pub(super) fn null_is_none<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

pub(super) fn parse(blob: &str, content: &[u8], limits: &Limits) -> Result<Config, ArchiveProblem> {
    let wire: Wire = json(blob, content)?;
    if wire.rootfs.kind != "layers" {
        return Err(unsupported(blob, Feature::Rootfs(wire.rootfs.kind)));
    }
    let count = wire.rootfs.diff_ids.len() as u64;
    within(blob, Bound::Layers, count, limits.layers)?;
    let diff_ids = wire.rootfs.diff_ids.iter();
    Ok(Config {
        platform: platform(wire.os, wire.architecture, wire.variant),
        diff_ids: diff_ids
            .map(|text| digest(blob, text))
            .collect::<Result<_, _>>()?,
        image: image(
            wire.created,
            wire.config.unwrap_or_default(),
            wire.history.unwrap_or_default().0,
        ),
    })
}

/// `None` if either half is unknown.
pub(super) fn platform(os: String, arch: String, variant: Option<String>) -> Option<Platform> {
    let is_known = !os.is_empty() && !arch.is_empty();
    is_known.then(|| Platform {
        os,
        arch,
        variant: variant.filter(|variant| !variant.is_empty()),
    })
}

fn image(created: Option<String>, runtime: Runtime, history: Vec<History>) -> ImageConfig {
    let words = |words| match words {
        Some(Words::Many(words)) => words,
        Some(Words::One(word)) => vec![word],
        None => Vec::new(),
    };
    let history = history.into_iter().map(|entry| HistoryEntry {
        created: entry.created,
        created_by: entry.created_by,
        comment: entry.comment.filter(|comment| !comment.is_empty()),
        empty_layer: entry.empty_layer,
    });
    ImageConfig {
        created,
        entrypoint: words(runtime.entrypoint),
        cmd: words(runtime.cmd),
        env: runtime.env.unwrap_or_default(),
        user: runtime.user.unwrap_or_default(),
        working_dir: runtime.working_dir.unwrap_or_default(),
        labels: runtime.labels.unwrap_or_default(),
        history: history.collect(),
    }
}

pub(super) fn json<'c, T: Deserialize<'c>>(
    blob: &str,
    content: &'c [u8],
) -> Result<T, ArchiveProblem> {
    serde_json::from_slice(content).map_err(|source| ArchiveProblem::Json {
        blob: blob.to_owned(),
        source,
    })
}

pub(super) fn digest(blob: &str, text: &str) -> Result<Digest, ArchiveProblem> {
    text.parse().map_err(|_| {
        unsupported(
            blob,
            Feature::DigestAlgorithm(text.chars().take(96).collect()),
        )
    })
}

pub(super) fn unsupported(blob: &str, feature: Feature) -> ArchiveProblem {
    ArchiveProblem::Unsupported {
        blob: blob.to_owned(),
        feature,
    }
}
