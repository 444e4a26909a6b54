use std::collections::BTreeMap;

use super::context::Context;
use crate::archive::{self, KnownLayers, Sent, Watch, is_same_platform};
use crate::cache::Cache;
use crate::engine::{Engine, ImageFacts, Saved};
use crate::measure;
use crate::model::{
    ArchiveProblem, Digest, EngineProblem, Event, ImageRecord, Problem, ReadFrom, Stage,
};

/// Whether what was learned of an image before may answer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Use,
    /// `--cold`.
    PassBy,
}

/// Where an image that is not remembered may be read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// The engine's own records where they are at hand, else its save stream.
    Fastest,
    /// The save stream, which is verified whole.
    Stream,
}

/// An image of the engine, and its content.
pub(super) struct Image {
    pub(super) facts: ImageFacts,
    pub(super) record: ImageRecord,
}

impl Image {
    /// From here on nothing knows what the image's variables hold: neither the cache nor a report.
    fn new(facts: ImageFacts, mut record: ImageRecord) -> Self {
        record.config = measure::without_values(&record.config);
        Self { facts, record }
    }
}

/// Reads each image once: from the cache where it was read before, all others in one
/// request. They are found by the id that the engine knows them by.
pub(super) fn read(
    engine: &Engine,
    wanted: Vec<ImageFacts>,
    (memory, route): (Memory, Route),
    cx: &Context,
) -> Result<BTreeMap<Digest, Image>, Problem> {
    let cache = Cache::of_user();
    let usable = cache.as_ref().filter(|_| memory == Memory::Use);
    let mut images = BTreeMap::new();
    let mut unread: Vec<ImageFacts> = Vec::new();
    for facts in wanted {
        if images.contains_key(&facts.id) || unread.iter().any(|it| it.id == facts.id) {
            continue;
        }
        match usable.and_then(|cache| remembered(cache, &facts)) {
            Some(record) => {
                images.insert(facts.id, Image::new(facts, record));
            }
            None => unread.push(facts),
        }
    }
    if unread.is_empty() {
        return Ok(images);
    }
    if route == Route::Fastest {
        let beside: Vec<&ImageRecord> = images.values().map(|image| &image.record).collect();
        if let Some(records) = from_records(engine, &unread, &beside, (cache.as_ref(), memory), cx)?
        {
            let read = unread.into_iter().zip(records);
            images.extend(read.map(|(facts, record)| (facts.id, Image::new(facts, record))));
            return Ok(images);
        }
    }
    let mut saved = Vec::new();
    for facts in unread {
        match engine.without_layers(&facts, &cx.cancel)? {
            Some(record) => {
                images.insert(facts.id, Image::new(facts, record));
            }
            None => saved.push(facts),
        }
    }
    if saved.is_empty() {
        return Ok(images);
    }
    let sent = stream(engine, &saved, usable, cx)?;
    for facts in saved {
        let record = find(&sent, &facts)?.clone();
        let image = Image::new(facts, record);
        let (facts, record) = (&image.facts, &image.record);
        if let Some(cache) = &cache {
            // Forgetting an image costs time and no correctness.
            let _ = match facts.config {
                Some(_) => cache.put(record),
                None => cache.put_as(&facts.id, record),
            };
        }
        images.insert(facts.id, image);
    }
    Ok(images)
}

/// Reads images from the engine's own records; `None` where that can't be done, whatever the
/// reason: the stream has it all.
fn from_records(
    engine: &Engine,
    unread: &[ImageFacts],
    beside: &[&ImageRecord],
    (cache, memory): (Option<&Cache>, Memory),
    cx: &Context,
) -> Result<Option<Vec<ImageRecord>>, Problem> {
    let Some(records) = engine.records() else {
        return Ok(None);
    };
    let ids: Option<Vec<Digest>> = unread.iter().map(|facts| facts.config).collect();
    let Some(ids) = ids else { return Ok(None) };
    cx.events.send(Event::Stage(Stage::Read));
    let usable = cache.filter(|_| memory == Memory::Use);
    let known = KnownLayers {
        verified: &|diff_id| usable.and_then(|cache| cache.layer(diff_id)),
        recorded: &|diff_id| usable.and_then(|cache| cache.recorded(diff_id)),
    };
    let watch = Watch::new(&cx.events, &cx.cancel);
    let read = match archive::read_records(records, &ids, beside, &known, &watch) {
        Ok(read) => read,
        Err(problem @ ArchiveProblem::Cancelled(_)) => return Err(problem.into()),
        Err(problem) => {
            watch.check()?;
            let reason = problem.to_string();
            cx.events.send(Event::ReadFrom(ReadFrom::Stream { reason }));
            return Ok(None);
        }
    };
    let root = records.root.clone();
    cx.events.send(Event::ReadFrom(ReadFrom::Records { root }));
    for learned in &read.learned {
        // Forgetting a layer costs time and no correctness.
        let _ = cache.map(|cache| cache.put_recorded(learned));
    }
    Ok(Some(read.images))
}

fn stream(
    engine: &Engine,
    unread: &[ImageFacts],
    cache: Option<&Cache>,
    cx: &Context,
) -> Result<Vec<Sent>, Problem> {
    cx.events.send(Event::Stage(Stage::Read));
    let ids: Vec<Digest> = unread.iter().map(|facts| facts.id).collect();
    let saved = engine.save(&ids, &cx.cancel)?;
    let known = |diff_id: &Digest| cache.and_then(|cache| cache.layer(diff_id));
    let watch = Watch::new(&cx.events, &cx.cancel);
    let address = engine.endpoint().address();
    archive::read_stream(saved, address, &known, watch).map_err(|problem| cause(problem, address))
}

/// What ended a stream in the middle: the engine's own problem where it is one. The end of an
/// engine with containerd's store can look like the end of what it sends.
fn cause(problem: ArchiveProblem, address: &str) -> Problem {
    match problem {
        ArchiveProblem::Truncated { blob, .. } if blob == address => EngineProblem::Lost {
            endpoint: blob,
            source: None,
        }
        .into(),
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
    can_be(&record, facts).then_some(record)
}

/// Whether the image may be the one of several that an index leads to.
fn can_be(record: &ImageRecord, facts: &ImageFacts) -> bool {
    let (told, there) = (&facts.platform, &record.platform);
    let is_platform = there.as_ref().is_none_or(|there| match told.variant {
        Some(_) => is_same_platform(told, there),
        // Not every engine tells it.
        None => (&told.os, &told.arch) == (&there.os, &there.arch),
    });
    let layers = record.layers.iter().map(|layer| layer.content.diff_id);
    is_platform && layers.eq(facts.layers.iter().copied())
}

/// An image among those that the engine sent: by its config where the engine tells that
/// digest, else by what leads to it. Two images may well have the same layers.
fn find<'s>(sent: &'s [Sent], facts: &ImageFacts) -> Result<&'s ImageRecord, EngineProblem> {
    let is_meant = |sent: &&Sent| match facts.config {
        Some(config) => sent.record.id == config,
        None => sent.led_by.contains(&facts.id) && can_be(&sent.record, facts),
    };
    let mut meant = sent.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok(&one.record),
        _ => Err(EngineProblem::NoImage {
            image: facts.id.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::sync::Arc;

    use super::{Image, Sent, cause, find, remembered};
    use crate::cache::Cache;
    use crate::engine::ImageFacts;
    use crate::model::{
        ArchiveProblem, Digest, EngineProblem, HistoryEntry, ImageConfig, ImageRecord, Layer,
        LayerRef, Platform, Problem, Verified,
    };

    fn digest(number: u8) -> Digest {
        Digest::from_hash([number; 32])
    }

    fn record() -> ImageRecord {
        let content = Arc::new(Layer {
            diff_id: digest(1),
            entries: Vec::new(),
            scripts: BTreeMap::new(),
        });
        ImageRecord {
            id: digest(9),
            names: Vec::new(),
            platform: Platform::parse("linux/arm64/v8"),
            base_name: None,
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
    fn a_stream_that_ends_too_early_is_an_engine_that_went_away() {
        let truncated = |blob: &str| ArchiveProblem::Truncated {
            blob: blob.to_owned(),
            offset: 7,
        };
        let problem = cause(truncated("unix:///a.sock"), "unix:///a.sock");
        assert!(
            matches!(&problem, Problem::Engine(EngineProblem::Lost { .. })),
            "{problem:?}"
        );
        let problem = cause(truncated("blobs/sha256/a"), "unix:///a.sock");
        assert!(matches!(problem, Problem::Archive(_)), "{problem:?}");
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

    fn sent(config: u8, led_by: &[u8]) -> Sent {
        let mut record = record();
        record.id = digest(config);
        let led_by = led_by.iter().copied().map(digest).collect();
        Sent { record, led_by }
    }

    #[test]
    fn images_of_the_same_layers_are_told_apart_by_what_leads_to_them() {
        let both = [sent(20, &[7]), sent(21, &[6, 8])];
        let facts = facts("linux/arm64", &[1]);
        assert_eq!(find(&both, &facts).unwrap().id, digest(21));
        let swapped = [both[1].clone(), both[0].clone()];
        assert_eq!(find(&swapped, &facts).unwrap().id, digest(21));
        for unclear in [&both[..1], &[sent(20, &[8]), sent(21, &[8])]] {
            assert!(find(unclear, &facts).is_err());
        }
        let mut by_config = facts.clone();
        by_config.config = Some(digest(20));
        assert_eq!(find(&both, &by_config).unwrap().id, digest(20));
    }

    #[test]
    fn of_an_index_the_image_of_the_engines_platform_is_meant() {
        let mut other = sent(20, &[8]);
        other.record.platform = Platform::parse("linux/amd64");
        let both = [other, sent(21, &[8])];
        let found = |platform| find(&both, &facts(platform, &[1])).map(|found| found.id);
        assert_eq!(found("linux/amd64").unwrap(), digest(20));
        assert_eq!(found("linux/arm64").unwrap(), digest(21));
        assert!(found("linux/arm64/v9").is_err());
    }

    #[test]
    fn no_value_of_a_variable_is_kept_on_disk() {
        let directory = tempfile::tempdir().unwrap();
        let lines = [
            "/bin/sh -c #(nop)  ENV P=S3CRET-1 R=S3CRET-2 more",
            "ENV Q=\"S3CRET-3 more\"",
            "ARG A=S3CRET-4",
            "/bin/sh -c #(nop)  ARG B=S3CRET-5",
            "|2 A=S3CRET-4 C=S3CRET-6 words /bin/sh -c make",
            "RUN |1 C=S3CRET-6 /bin/sh -c make # buildkit",
            "ONBUILD ENV D=S3CRET-7",
            "COPY file:0 in /srv/S3CRET-1/ # buildkit",
            "LABEL l=S3CRET-1",
        ];
        let history = lines.map(|created_by| HistoryEntry {
            created_by: created_by.to_owned(),
            ..HistoryEntry::default()
        });
        let config = ImageConfig {
            env: vec!["P=S3CRET-1".to_owned(), "R=S3CRET-2 more".to_owned()],
            labels: [("l".to_owned(), "S3CRET-1".to_owned())].into(),
            history: history.to_vec(),
            ..ImageConfig::default()
        };
        let record = ImageRecord { config, ..record() };
        let image = Image::new(facts("linux/arm64", &[1]), record);
        let cache = Cache::open(directory.path());
        cache.put(&image.record).unwrap();
        let kept = directory.path().join("v5/images");
        let mut files = fs::read_dir(kept).unwrap();
        let text = fs::read(files.next().unwrap().unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains("S3CRET"), "{text}");
        for kept in [
            "ENV P=… R=…",
            "|2 A=… C=… /bin/sh -c make",
            "ONBUILD ENV D=…",
        ] {
            assert!(text.contains(kept), "{text}");
        }
        assert_eq!(
            Image::new(facts("linux/arm64", &[1]), image.record.clone()).record,
            image.record
        );
    }
}
