//! Plain layers read header by header, and contents only where two files may be the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::chunk::Chunks;
use super::fault::fault;
use super::layer::{self, Scripts};
use super::limits::Budget;
use super::pair::two_at_a_time;
use super::pipe::{digest, digest_of};
use super::region::{Region, Window};
use super::tar::{End, Input, Walker};
use crate::model::{ArchiveProblem, Cancel, Digest, Entry, Kind, Layer};

/// How much of each file's beginning is read along with its header, to tell most files of
/// one size apart without reading them.
const BEGINNING: u64 = 512;

/// A plain layer, whose larger files were not read yet.
pub(super) struct Survey {
    pub(super) entries: Vec<Entry>,
    pub(super) scripts: Scripts,
    /// For each entry, where its content lies if it was not read.
    unread: Vec<Option<Unread>>,
}

#[derive(Clone, Copy)]
struct Unread {
    offset: u64,
    /// Of the file's first bytes.
    beginning: u64,
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
        budget.spend(blob, item.path.len() + item.link.len())?;
        if let Some(mut entry) = layer::entry(&walker, &item)? {
            let mut later = None;
            scripts.note(&entry, layer::start(&mut window, blob, item.bytes)?);
            if let Kind::File { content, .. } = &mut entry.kind {
                let offset = window.position();
                let (digest, beginning) = begin(&mut window, blob, item.bytes)?;
                if item.bytes <= BEGINNING {
                    *content = Some(digest);
                } else {
                    later = Some(Unread { offset, beginning });
                }
            }
            entries.push(entry);
            unread.push(later);
        }
        walker.skip(&mut window, item.bytes)?;
    }
    if walker.end() != Some(End::Marked) {
        return Ok(None);
    }
    if let Some(kept) = layer::keep_last(&mut entries) {
        let mut keep = kept.iter();
        unread.retain(|_| keep.next() != Some(&false));
    }
    Ok(Some(Survey {
        entries,
        scripts,
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
        region: Region,
        blob: String,
        diff_id: Digest,
        /// How often the image holds this layer.
        times: usize,
    },
}

/// Reads the contents that have an equal in size and beginning, and leaves the others
/// unread: they can equal none.
pub(super) fn settle(drafts: &mut [Draft], cancel: &Cancel) -> Result<(), ArchiveProblem> {
    let jobs = candidates(drafts);
    let hashed = two_at_a_time(&jobs, |job| job.hash(cancel))?;
    for (job, digest) in jobs.iter().zip(hashed) {
        if let Draft::Headers { survey, .. } = &mut drafts[job.draft]
            && let Kind::File { content, .. } = &mut survey.entries[job.entry].kind
        {
            *content = Some(digest);
        }
    }
    Ok(())
}

/// A content to be read.
struct Job {
    draft: usize,
    entry: usize,
    content: Region,
    blob: String,
    offset: u64,
}

impl Job {
    fn hash(&self, cancel: &Cancel) -> Result<Digest, ArchiveProblem> {
        let mut hash = Sha256::new();
        let mut chunks = self.content.clone().chunks(cancel);
        let failed = |error| fault(&self.blob, self.offset, error);
        while let Some(chunk) = chunks.next_chunk().map_err(failed)? {
            hash.update(&*chunk);
        }
        Ok(digest(hash))
    }
}

fn candidates(drafts: &[Draft]) -> Vec<Job> {
    let mut alike: HashMap<(u64, u64), usize> = HashMap::new();
    let mut read = HashSet::new();
    for draft in drafts {
        match draft {
            Draft::Whole(layer) => {
                read.extend(layer.entries.iter().map(|entry| entry.bytes().0));
            }
            Draft::Headers { survey, times, .. } => {
                for (bytes, unread) in survey.unread() {
                    *alike.entry((bytes, unread.beginning)).or_default() += times;
                }
            }
        }
    }
    let mut jobs = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let Draft::Headers {
            survey,
            region,
            blob,
            ..
        } = draft
        else {
            continue;
        };
        for (entry, unread) in survey.unread.iter().enumerate() {
            let Some(unread) = unread else { continue };
            let bytes = survey.entries[entry].bytes().0;
            let alone = alike.get(&(bytes, unread.beginning)) == Some(&1);
            if !alone || read.contains(&bytes) {
                jobs.push(Job {
                    draft: at,
                    entry,
                    content: region.part(unread.offset, bytes),
                    blob: blob.clone(),
                    offset: unread.offset,
                });
            }
        }
    }
    jobs
}

impl Survey {
    fn unread(&self) -> impl Iterator<Item = (u64, &Unread)> {
        let places = self.entries.iter().zip(&self.unread);
        places.filter_map(|(entry, unread)| Some((entry.bytes().0, unread.as_ref()?)))
    }
}
