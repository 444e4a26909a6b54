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
        let key = facts.config.unwrap_or(facts.id);
        match usable.and_then(|cache| cache.image(&key)) {
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
    for facts in unread {
        let record = take(&mut records, &facts)?;
        if let Some(cache) = &cache {
            // Forgetting an image costs time and no correctness.
            let _ = cache.put(&record);
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

/// The record of an image: by its config where the engine tells that digest, else by its
/// layers.
fn take(records: &mut Vec<ImageRecord>, facts: &ImageFacts) -> Result<ImageRecord, EngineProblem> {
    let same_layers = |record: &ImageRecord| {
        let layers = record.layers.iter().map(|layer| layer.content.diff_id);
        layers.eq(facts.layers.iter().copied())
    };
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
