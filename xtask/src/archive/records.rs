//! An image read from the layer records that an engine keeps on this machine.
//!
//! Docker keeps, for each layer of a graph driver, the headers of its tar with the size and the
//! CRC-64 of each file (`layerdb`, moby `layer/filestore.go`; tar-split `tar/storage`). With them
//! an image is measured without its content. What is damaged, missing or unknown is no problem of
//! the image: the caller reads the engine's save stream instead.

mod split;
mod tree;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use self::split::Split;
pub(super) use self::tree::Tree;
use super::applied::Applied;
use super::blob::Known;
use super::config::{self, Config};
use super::layer::{self, Scripts};
use super::limits::{Budget, Limits};
use super::pair::two_at_a_time;
use super::pipe::{digest, digest_of};
use super::survey::{self, Contents, Draft, Survey, Unread};
use super::tar::Walker;
use super::watch::{Watch, Watched};
use crate::model::{
    ArchiveProblem, Digest, EngineRecords, ImageRecord, Kind, Layer, LayerRef, RecordedLayer,
    Verified,
};

/// Digests, and the names of directories that hold one, take at most so many bytes.
const NAME: u64 = 128;

/// Bytes of the source for the limits that grow with it.
const OWN: u64 = 1 << 40;

/// What the records say of some images.
#[derive(Debug)]
pub struct FromRecords {
    /// In the order they were asked for.
    pub images: Vec<ImageRecord>,
    /// Layers that were new. Keep them apart from verified ones.
    pub learned: Vec<RecordedLayer>,
}

/// What is known already.
pub struct KnownLayers<'a> {
    /// Layers that were verified whole.
    pub verified: &'a Known<'a>,
    /// Layers that were read from records.
    pub recorded: &'a (dyn Fn(&Digest) -> Option<RecordedLayer> + Sync),
}

/// Reads images, by the digests of their configs, from an engine's own records.
///
/// File contents are read only where two files of `beside` or of these images have the same size
/// and checksum. Nothing is written or locked, and nothing outside the store is opened.
///
/// # Errors
///
/// Whatever is not as expected: the caller falls back to the save stream.
pub fn read_records(
    records: &EngineRecords,
    ids: &[Digest],
    beside: &[&ImageRecord],
    known: &KnownLayers<'_>,
    watch: &Watch,
) -> Result<FromRecords, ArchiveProblem> {
    // Who keeps them is this machine's own engine, which reads as much for each `docker save`.
    let budget = Budget::new(Limits::STATED, watch.clone()).of(OWN);
    let store = Store {
        root: &records.root,
        driver: &records.driver,
        budget: &budget,
    };
    let configs = ids.iter().map(|id| store.config(id));
    let configs = configs.collect::<Result<Vec<_>, _>>()?;
    let (work, at) = wanted(&configs);
    let mut drafts = two_at_a_time(&work, |wanted| store.draft(wanted, known))?;
    let own = drafts.len();
    let others = beside.iter().flat_map(|image| &image.layers);
    let others = others.filter(|layer| !at.contains_key(&layer.content.diff_id));
    drafts.extend(others.map(|layer| Draft::Whole(Arc::clone(&layer.content))));
    survey::settle(&mut drafts, watch)?;
    drafts.truncate(own);
    watch.check()?;
    let learned = drafts.iter().filter_map(Draft::recorded).collect();
    let is_verified: Vec<bool> = drafts.iter().map(Draft::is_whole).collect();
    let layers: Vec<Arc<Layer>> = drafts.into_iter().map(Draft::finish).collect();
    let images = ids.iter().zip(configs).map(|(id, config)| {
        let places: Vec<usize> = config.diff_ids.iter().map(|it| at[it]).collect();
        let whole = places.iter().all(|place| is_verified[*place]);
        ImageRecord {
            id: *id,
            names: Vec::new(),
            platform: config.platform,
            base_name: None,
            config: config.image,
            layers: places
                .iter()
                .map(|place| LayerRef {
                    content: Arc::clone(&layers[*place]),
                    packed: None,
                })
                .collect(),
            verified: if whole {
                Verified::Whole
            } else {
                Verified::Headers
            },
        }
    });
    Ok(FromRecords {
        images: images.collect(),
        learned,
    })
}

/// A layer of the images, each once.
struct Wanted {
    diff_id: Digest,
    chain: Digest,
    /// How often the images hold it.
    times: usize,
}

/// The layers of these images, each once, and the place of each.
fn wanted(configs: &[Config]) -> (Vec<Wanted>, HashMap<Digest, usize>) {
    let mut work: Vec<Wanted> = Vec::new();
    let mut at: HashMap<Digest, usize> = HashMap::new();
    for diff_ids in configs.iter().map(|config| &config.diff_ids) {
        for (diff_id, chain) in diff_ids.iter().zip(chains(diff_ids)) {
            let index = *at.entry(*diff_id).or_insert(work.len());
            match work.get_mut(index) {
                Some(wanted) => wanted.times += 1,
                None => work.push(Wanted {
                    diff_id: *diff_id,
                    chain,
                    times: 1,
                }),
            }
        }
    }
    (work, at)
}

/// What names a layer on top of those below it (OCI image specification, config.md, "Layer
/// `ChainID`"), for each of them.
fn chains(diff_ids: &[Digest]) -> Vec<Digest> {
    let mut chains: Vec<Digest> = Vec::new();
    for diff_id in diff_ids {
        chains.push(match chains.last() {
            None => *diff_id,
            Some(below) => {
                let mut hash = Sha256::new();
                hash.update(format!("{below} {diff_id}"));
                digest(hash)
            }
        });
    }
    chains
}

/// The directories of one engine.
struct Store<'a> {
    root: &'a Path,
    driver: &'a str,
    budget: &'a Budget,
}

impl Store<'_> {
    fn image(&self) -> PathBuf {
        self.root.join("image").join(self.driver)
    }

    fn config(&self, id: &Digest) -> Result<Config, ArchiveProblem> {
        let path = self.image().join("imagedb/content/sha256").join(id.hex());
        let content = read_file(&path, self.budget.limits.json)?;
        let blob = path.display().to_string();
        super::store::check_digest(&blob, id, &digest_of(&content))?;
        config::parse(&blob, &content, &self.budget.limits)
    }

    fn draft(&self, wanted: &Wanted, known: &KnownLayers<'_>) -> Result<Draft, ArchiveProblem> {
        if let Some(layer) = (known.verified)(&wanted.diff_id) {
            return Ok(Draft::Whole(layer));
        }
        let directory = self.image().join("layerdb/sha256").join(wanted.chain.hex());
        let diff_id = directory.join("diff");
        let stated = read_file(&diff_id, NAME)?;
        let stated = String::from_utf8_lossy(&stated);
        let blob = directory.display().to_string();
        super::store::check_digest(
            &blob,
            &wanted.diff_id,
            &config::digest(&blob, stated.trim())?,
        )?;
        let cache_id = read_file(&directory.join("cache-id"), NAME)?;
        let tree = Tree::open(self.root, self.driver, &cache_id)
            .map_err(|error| open(&directory, error))?;
        let recorded = (known.recorded)(&wanted.diff_id);
        let is_learned = recorded.is_none();
        let survey = if let Some(recorded) = recorded {
            Survey::recorded(recorded)
        } else {
            let path = directory.join("tar-split.json.gz");
            let file = File::open(&path).map_err(|error| open(&path, error))?;
            let file = BufReader::new(Watched::new(file, &self.budget.watch));
            self.survey(file, &path.display().to_string(), &tree)?
        };
        Ok(Draft::Headers {
            survey,
            contents: Contents::Tree(Arc::new(tree)),
            blob,
            diff_id: wanted.diff_id,
            times: wanted.times,
            is_learned,
        })
    }

    fn survey(
        &self,
        packed: impl io::BufRead,
        blob: &str,
        tree: &Tree,
    ) -> Result<Survey, ArchiveProblem> {
        let failed = |error| super::fault::fault(blob, 0, error);
        let mut split = Split::new(packed);
        let mut walker = Walker::new(blob, &self.budget.limits);
        let (mut entries, mut unread) = (Vec::new(), Vec::new());
        let mut scripts = Scripts::default();
        while let Some(item) = walker.next(&mut split)? {
            self.budget.spend(blob, &item)?;
            if item.sparse.is_some() {
                // Its content in the tar is not the file's.
                return Err(failed(io::ErrorKind::Unsupported.into()));
            }
            let checksum = split.content(item.bytes).map_err(failed)?;
            let Some(mut entry) = layer::entry(&walker, &item)? else {
                continue;
            };
            let mut later = None;
            if let Kind::File { content, .. } = &mut entry.kind {
                if item.bytes == 0 {
                    *content = Some(digest_of(b""));
                } else {
                    later = Some(Unread::checksum(checksum));
                }
                // A kernel looks at the first line of nothing else.
                if item.mode & 0o111 != 0 && item.bytes > 0 {
                    let start = tree.start(&entry.path).map_err(failed)?;
                    scripts.note(entries.len(), &entry.kind, &start);
                }
            }
            entries.push(entry);
            unread.push(later);
        }
        split.finish().map_err(failed)?;
        if Applied::of(&entries).is_some() {
            // Only what is there at the end is on disk.
            return Err(failed(io::ErrorKind::InvalidData.into()));
        }
        Ok(Survey {
            scripts: scripts.by_path(&entries),
            entries,
            unread,
        })
    }
}

/// A small file of the engine, whole.
fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, ArchiveProblem> {
    let read = || {
        let mut content = Vec::new();
        File::open(path)?
            .take(limit + 1)
            .read_to_end(&mut content)?;
        if content.len() as u64 > limit {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(content)
    };
    read().map_err(|error| open(path, error))
}

fn open(path: &Path, source: io::Error) -> ArchiveProblem {
    ArchiveProblem::Open {
        path: path.to_owned(),
        source,
    }
}
