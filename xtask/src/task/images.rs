use std::collections::BTreeMap;

use super::context::Context;
use crate::archive::{self, Watch};
use crate::cache::Cache;
use crate::engine::{Engine, ImageFacts, Saved};
use crate::model::{ArchiveProblem, Digest, EngineProblem, Event, ImageRecord, Problem, Stage};

/// Whether what was learned of an image before may answer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Use,
    /// `--cold`.
    PassBy,
}

/// An image of the engine, and its content.
pub(super) struct Image {
    pub(super) facts: ImageFacts,
    pub(super) record: ImageRecord,
}

/// Reads each image once, by the id that the engine knows it by: from the cache where it
/// was read before, all others in one request.
pub(super) fn read(
    engine: &Engine,
    ids: &[Digest],
    memory: Memory,
    cx: &Context,
) -> Result<BTreeMap<Digest, Image>, Problem> {
    let cache = Cache::of_user();
    let usable = cache.as_ref().filter(|_| memory == Memory::Use);
    let mut images = BTreeMap::new();
    let mut unread: Vec<ImageFacts> = Vec::new();
    for id in ids {
        if images.contains_key(id) || unread.iter().any(|facts| facts.id == *id) {
            continue;
        }
        let facts = engine.inspect(&id.to_string(), &cx.cancel)?;
        match usable.and_then(|cache| remembered(cache, &facts)) {
            Some(record) => {
                images.insert(*id, Image { facts, record });
            }
            None => unread.push(facts),
        }
    }
    if unread.is_empty() {
        return Ok(images);
    }
    let mut records = stream(engine, &unread, usable, cx)?;
    let layers_read: Vec<Vec<Digest>> = records.iter().map(layers).collect();
    for facts in unread {
        let record = take(&mut records, &facts)?;
        if let Some(cache) = &cache {
            // Forgetting an image costs time and no correctness.
            let _ = if told_apart(&layers_read, &facts) {
                cache.put_as(&facts.id, &record)
            } else {
                cache.put(&record)
            };
        }
        images.insert(facts.id, Image { facts, record });
    }
    Ok(images)
}

fn stream(
    engine: &Engine,
    unread: &[ImageFacts],
    cache: Option<&Cache>,
    cx: &Context,
) -> Result<Vec<ImageRecord>, Problem> {
    cx.events.send(Event::Stage(Stage::Read));
    let ids: Vec<Digest> = unread.iter().map(|facts| facts.id).collect();
    let saved = engine.save(&ids, &cx.cancel)?;
    let known = |diff_id: &Digest| cache.and_then(|cache| cache.layer(diff_id));
    let watch = Watch::new(&cx.events, &cx.cancel);
    archive::read_stream(saved, engine.endpoint().address(), &known, watch).map_err(cause)
}

/// What ended a stream in the middle: the engine's own problem where it is one.
fn cause(problem: ArchiveProblem) -> Problem {
    match problem {
        ArchiveProblem::Read {
            blob,
            offset,
            source,
        } => match Saved::problem_in(source) {
            Ok(problem) => problem.into(),
            Err(source) => ArchiveProblem::Read {
                blob,
                offset,
                source,
            }
            .into(),
        },
        problem => problem.into(),
    }
}

/// What was learned of an image before, by its config's digest where the engine tells it.
fn remembered(cache: &Cache, facts: &ImageFacts) -> Option<ImageRecord> {
    if let Some(config) = &facts.config {
        return cache.image(config);
    }
    let record = cache.known_as(&facts.id)?;
    let of_platform =
        record.platform.os == facts.platform.os && record.platform.arch == facts.platform.arch;
    // An index leads to an image for each of its platforms.
    (of_platform && layers(&record) == facts.layers).then_some(record)
}

/// Whether the engine's id is a digest other than the config's, and one image alone of those
/// that were read can be the one it leads to.
fn told_apart(read: &[Vec<Digest>], facts: &ImageFacts) -> bool {
    let alike = read.iter().filter(|layers| **layers == facts.layers);
    facts.config.is_none() && alike.count() == 1
}

fn layers(record: &ImageRecord) -> Vec<Digest> {
    let layers = record.layers.iter();
    layers.map(|layer| layer.content.diff_id).collect()
}

/// The record of an image: by its config where the engine tells that digest, else by its
/// layers.
fn take(records: &mut Vec<ImageRecord>, facts: &ImageFacts) -> Result<ImageRecord, EngineProblem> {
    let same_layers = |record: &ImageRecord| layers(record) == facts.layers;
    let config = facts.config.unwrap_or(facts.id);
    let index = records
        .iter()
        .position(|record| record.id == config)
        .or_else(|| records.iter().position(same_layers))
        .ok_or_else(|| EngineProblem::NoImage {
            image: facts.id.to_string(),
        })?;
    Ok(records.swap_remove(index))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::{layers, remembered, told_apart};
    use crate::cache::Cache;
    use crate::engine::ImageFacts;
    use crate::model::{Digest, ImageConfig, ImageRecord, Layer, LayerRef, Platform, Verified};

    fn digest(number: u8) -> Digest {
        Digest::from_hash([number; 32])
    }

    fn record() -> ImageRecord {
        let content = Arc::new(Layer {
            diff_id: digest(1),
            entries: Vec::new(),
        });
        ImageRecord {
            id: digest(9),
            names: Vec::new(),
            platform: Platform::parse("linux/arm64/v8").unwrap(),
            config: ImageConfig::default(),
            layers: vec![LayerRef {
                content,
                packed: None,
            }],
            verified: Verified::Whole,
        }
    }

    fn facts(platform: &str, layers: &[u8]) -> ImageFacts {
        ImageFacts {
            id: digest(8),
            config: None,
            names: Vec::new(),
            platform: Platform::parse(platform).unwrap(),
            engine_reported: None,
            layers: layers.iter().copied().map(digest).collect(),
            labels: BTreeMap::new(),
            entrypoint: Vec::new(),
            command: Vec::new(),
            created: None,
        }
    }

    #[test]
    fn the_id_of_an_index_answers_only_for_the_platform_and_layers_that_the_engine_tells() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path());
        cache.put_as(&digest(8), &record()).unwrap();
        let found = |facts: &ImageFacts| remembered(&cache, facts).is_some();
        assert!(found(&facts("linux/arm64", &[1])));
        assert!(!found(&facts("linux/amd64", &[1])));
        assert!(!found(&facts("linux/arm64", &[2])));
        let mut by_config = facts("linux/arm64", &[1]);
        by_config.config = Some(digest(8));
        assert!(!found(&by_config), "an id that is a config's is no alias");
    }

    #[test]
    fn images_of_the_same_layers_are_not_told_apart_by_them() {
        let read = layers(&record());
        let mut facts = facts("linux/arm64", &[1]);
        assert!(told_apart(std::slice::from_ref(&read), &facts));
        assert!(!told_apart(&[read.clone(), read.clone()], &facts));
        facts.config = Some(digest(9));
        assert!(!told_apart(&[read], &facts));
    }
}
