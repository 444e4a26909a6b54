//! Plain layers read header by header, and contents only where two files may be the same.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::applied::Applied;
use super::chunk::Chunks;
use super::fault::fault;
use super::layer::{self, Scripts};
use super::limits::Budget;
use super::pair::two_at_a_time;
use super::pipe::{digest, digest_of};
use super::records::Tree;
use super::region::{Region, Window};
use super::tar::{End, Input, Walker};
use super::watch::Watch;
use crate::model::{ArchiveProblem, Digest, Entry, ImagePath, Kind, Layer, RecordedLayer};

/// How much of each file's beginning is read along with its header, to tell most files of
/// one size apart without reading them.
const BEGINNING: u64 = 512;

/// A plain layer, whose larger files were not read yet.
pub(super) struct Survey {
    pub(super) entries: Vec<Entry>,
    /// See [`Layer::scripts`].
    pub(super) scripts: BTreeMap<ImagePath, Box<[u8]>>,
    /// For each entry, what is known of its content without reading it.
    pub(super) unread: Vec<Option<Unread>>,
}

/// What is known of a content that was not read.
#[derive(Clone, Copy)]
pub(super) struct Unread {
    /// Where it lies in the tar.
    offset: u64,
    /// Equal for equal contents: a checksum of the first bytes, or of all.
    mark: u64,
}

impl Unread {
    /// A file of an engine's store, known by the checksum of its content.
    pub(super) fn checksum(mark: u64) -> Self {
        Self { offset: 0, mark }
    }
}

/// Reads the headers of a layer; `None` where its end is not marked, so that only its digest
/// can tell whether it is whole.
pub(super) fn headers(
    region: &Region,
    blob: &str,
    budget: &Budget,
) -> Result<Option<Survey>, ArchiveProblem> {
    let mut window = Window::new(region.clone());
    let mut walker = Walker::new(blob, &budget.limits);
    let (mut entries, mut unread) = (Vec::new(), Vec::new());
    let mut scripts = Scripts::default();
    while let Some(item) = walker.next(&mut window)? {
        budget.spend(blob, &item)?;
        let mut left = item.bytes;
        if let Some(mut entry) = layer::entry(&walker, &item)? {
            let mut later = None;
            let start = layer::start(&mut window, blob, layer::beginning(&item))?;
            scripts.note(entries.len(), &entry.kind, start);
            if let (Kind::File { content, .. }, Some(sparse)) = (&mut entry.kind, &item.sparse) {
                *content = Some(layer::hash_sparse(&mut window, blob, sparse, budget)?);
                left = 0;
            } else if let Kind::File { content, .. } = &mut entry.kind {
                let offset = window.position();
                let (digest, beginning) = begin(&mut window, blob, item.bytes)?;
                if item.bytes <= BEGINNING {
                    *content = Some(digest);
                } else {
                    later = Some(Unread {
                        offset,
                        mark: beginning,
                    });
                }
            }
            entries.push(entry);
            unread.push(later);
        }
        walker.skip(&mut window, left)?;
    }
    if walker.end() != Some(End::Marked) {
        return Ok(None);
    }
    if let Some(applied) = Applied::of(&entries) {
        applied.entries(&mut entries);
        applied.contents(&mut unread);
        scripts.apply(&applied);
    }
    Ok(Some(Survey {
        scripts: scripts.by_path(&entries),
        entries,
        unread,
    }))
}

/// The digest of a file's first bytes, and a number that stands for it.
fn begin(window: &mut Window, blob: &str, bytes: u64) -> Result<(Digest, u64), ArchiveProblem> {
    let at = window.position();
    let count = usize::try_from(bytes.min(BEGINNING)).unwrap_or_default();
    let start = window.peek(count).map_err(|error| fault(blob, at, error))?;
    if start.len() < count {
        return Err(ArchiveProblem::Truncated {
            blob: blob.to_owned(),
            offset: at + start.len() as u64,
        });
    }
    let digest = digest_of(start);
    let number = digest.as_hash().first_chunk().copied().unwrap_or_default();
    Ok((digest, u64::from_le_bytes(number)))
}

/// A layer of the image at hand, as far as it was read.
pub(super) enum Draft {
    Whole(Arc<Layer>),
    Headers {
        survey: Survey,
        contents: Contents,
        blob: String,
        diff_id: Digest,
        /// How often the images hold this layer.
        times: usize,
        /// Something of it was not known before.
        is_learned: bool,
    },
}

/// Where the contents of a layer's files are.
#[derive(Clone)]
pub(super) enum Contents {
    /// In its tar.
    Tar(Region),
    /// Unpacked, in an engine's store.
    Tree(Arc<Tree>),
}

impl Contents {
    fn of(&self, entry: &Entry, offset: u64, watch: &Watch) -> io::Result<Region> {
        match self {
            Self::Tar(region) => Ok(region.part(offset, entry.bytes().0)),
            Self::Tree(tree) => Region::new(tree.content(&entry.path, entry.bytes())?, watch),
        }
    }
}

/// Reads the contents that have an equal in size and mark, and leaves the others unread: they
/// can equal none.
pub(super) fn settle(drafts: &mut [Draft], watch: &Watch) -> Result<(), ArchiveProblem> {
    let jobs = candidates(drafts);
    let hashed = two_at_a_time(&jobs, |(draft, entry)| hash(&drafts[*draft], *entry, watch))?;
    for ((draft, entry), hashed) in jobs.into_iter().zip(hashed) {
        if let Draft::Headers {
            survey, is_learned, ..
        } = &mut drafts[draft]
            && let Kind::File { content, .. } = &mut survey.entries[entry].kind
        {
            *content = hashed;
            *is_learned = true;
        }
    }
    Ok(())
}

/// The digest of an entry's content; `None` for what has none to read.
fn hash(draft: &Draft, entry: usize, watch: &Watch) -> Result<Option<Digest>, ArchiveProblem> {
    let Draft::Headers {
        survey,
        contents,
        blob,
        ..
    } = draft
    else {
        return Ok(None);
    };
    let offset = survey.unread[entry].map_or(0, |unread| unread.offset);
    let failed = |error| fault(blob, offset, error);
    let content = contents.of(&survey.entries[entry], offset, watch);
    let mut chunks = content.map_err(failed)?.chunks();
    let mut hash = Sha256::new();
    while let Some(chunk) = chunks.next_chunk().map_err(failed)? {
        hash.update(&*chunk);
    }
    Ok(Some(digest(hash)))
}

/// The contents to read, each by its draft and entry.
fn candidates(drafts: &[Draft]) -> Vec<(usize, usize)> {
    let mut alike: HashMap<(u64, u64), usize> = HashMap::new();
    let mut read = HashSet::new();
    for draft in drafts {
        match draft {
            Draft::Whole(layer) => {
                read.extend(layer.entries.iter().map(|entry| entry.bytes().0));
            }
            Draft::Headers { survey, times, .. } => {
                for (_, bytes, unread) in survey.unread() {
                    *alike.entry((bytes, unread.mark)).or_default() += times;
                }
            }
        }
    }
    let mut jobs = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let Draft::Headers { survey, .. } = draft else {
            continue;
        };
        for (entry, bytes, unread) in survey.unread() {
            let alone = alike.get(&(bytes, unread.mark)) == Some(&1);
            if (!alone || read.contains(&bytes)) && !survey.is_read(entry) {
                jobs.push((at, entry));
            }
        }
    }
    jobs
}

impl Survey {
    /// What was learned of a layer from an engine's records before.
    pub(super) fn recorded(recorded: RecordedLayer) -> Self {
        let layer = Arc::unwrap_or_clone(recorded.layer);
        let unread = recorded.checksums.into_iter();
        Self {
            entries: layer.entries,
            scripts: layer.scripts,
            unread: unread.map(|sum| sum.map(Unread::checksum)).collect(),
        }
    }

    /// The entries whose content was not read at first: index, bytes, and what is known.
    fn unread(&self) -> impl Iterator<Item = (usize, u64, &Unread)> {
        let places = self.entries.iter().zip(&self.unread).enumerate();
        places.filter_map(|(at, (entry, unread))| Some((at, entry.bytes().0, unread.as_ref()?)))
    }

    fn is_read(&self, entry: usize) -> bool {
        let kind = &self.entries[entry].kind;
        matches!(
            kind,
            Kind::File {
                content: Some(_),
                ..
            }
        )
    }
}

impl Draft {
    /// What was learned of a layer from an engine's records.
    pub(super) fn recorded(&self) -> Option<RecordedLayer> {
        let Self::Headers {
            survey,
            diff_id,
            is_learned: true,
            ..
        } = self
        else {
            return None;
        };
        let sum = |unread: &Option<Unread>| unread.as_ref().map(|unread| unread.mark);
        Some(RecordedLayer {
            layer: Arc::new(Layer {
                diff_id: *diff_id,
                entries: survey.entries.clone(),
                scripts: survey.scripts.clone(),
            }),
            checksums: survey.unread.iter().map(sum).collect(),
        })
    }
}
