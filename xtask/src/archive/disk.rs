use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blob;
use super::docker::MANIFEST;
use super::fault::fault;
use super::image::{Candidate, Wanted};
use super::limits::{Budget, Share, within};
use super::packing::Packing;
use super::pair::two_at_a_time;
use super::pipe::{Hashing, Tee, digest_of};
use super::region::{Region, Window};
use super::store::{Found, Members, Store, check_digest, member_path, named_digest, not_a_tar};
use super::survey::{self, Contents, Draft};
use super::tar::{BLOCK, End, Input, Walker, is_tar};
use super::watch::Watch;
use crate::model::{ArchiveProblem, Bound, Bytes, ImageRecord, Layer, Verified};

/// How much of a plain layer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Its headers, and contents only where two files may be the same. A header's checksum
    /// does not cover a name that is too long for it, which is a content of its own.
    Headers,
    /// Every byte, against its digest.
    All,
}

/// An archive or a layout directory whose blobs are found and not read yet.
pub(super) struct Disk {
    name: String,
    blobs: Blobs,
    json_limit: u64,
    watch: Watch,
}

enum Blobs {
    Archive(Members<Region>),
    Layout(PathBuf),
    /// As skopeo's `dir:` has it: a manifest, and each blob under its digest.
    Transport(PathBuf),
}

impl Disk {
    /// Goes over the members of a plain archive without reading them.
    pub(super) fn archive(
        file: &Region,
        name: &str,
        budget: &Budget,
    ) -> Result<Self, ArchiveProblem> {
        let mut window = Window::new(file.clone());
        let mut walker = Walker::new(name, &budget.limits);
        let mut members = Members::new();
        while let Some(item) = walker.next(&mut window)? {
            budget.spend(name, &item)?;
            if item.sparse.is_some() {
                return Err(walker.sparse_refused(&item.path));
            }
            match (item.flag, member_path(&item)) {
                (b'0' | b'7', Some(path)) => {
                    members.insert(path, file.part(window.position(), item.bytes));
                }
                (b'1' | b'2', Some(path)) => members.link(path, &item),
                _ => {}
            }
            walker.skip(&mut window, item.bytes)?;
        }
        if walker.end() != Some(End::Marked) {
            return Err(ArchiveProblem::Truncated {
                blob: name.to_owned(),
                offset: window.position(),
            });
        }
        let padding = file.bytes().saturating_sub(window.position());
        within(name, Bound::Padding, padding, budget.limits.padding)?;
        Ok(Self {
            name: name.to_owned(),
            blobs: Blobs::Archive(members),
            json_limit: budget.limits.json,
            watch: budget.watch.clone(),
        })
    }

    /// An OCI layout directory, or one of skopeo's.
    pub(super) fn layout(directory: &Path, name: &str, budget: &Budget) -> Self {
        Self {
            name: name.to_owned(),
            blobs: if is_transport(directory, &budget.watch) {
                Blobs::Transport(directory.to_owned())
            } else {
                Blobs::Layout(directory.to_owned())
            },
            json_limit: budget.limits.json,
            watch: budget.watch.clone(),
        }
    }

    /// Only the index and blobs that are named by a digest are looked for in a directory, so
    /// that no path of a stranger is ever opened. A blob that is a pipe or a device is none.
    fn find(&self, path: &str) -> Option<Region> {
        match &self.blobs {
            Blobs::Archive(members) => members.find(path).cloned(),
            Blobs::Layout(directory) => {
                if path != super::oci::INDEX && named_digest(path).is_none() {
                    return None;
                }
                self.regular(directory, path)
            }
            Blobs::Transport(directory) => match named_digest(path) {
                // Of an image for several platforms the manifests have names of their own.
                Some(digest) => self.regular(directory, &digest.hex()).or_else(|| {
                    let name = format!("{}.manifest.json", digest.hex());
                    self.regular(directory, &name)
                }),
                None if path == MANIFEST => self.regular(directory, path),
                None => None,
            },
        }
    }

    fn regular(&self, directory: &Path, name: &str) -> Option<Region> {
        regular(&directory.join(name), &self.watch)
    }

    fn need(&self, path: &str) -> Result<Region, ArchiveProblem> {
        self.find(path).ok_or_else(|| ArchiveProblem::MissingBlob {
            blob: path.to_owned(),
        })
    }

    /// Reads the layers of one image, each once, two at a time.
    pub(super) fn image(
        &self,
        image: Candidate,
        verify: Verify,
        budget: &Budget,
    ) -> Result<ImageRecord, ArchiveProblem> {
        let mut unique: HashMap<&str, usize> = HashMap::new();
        let mut work: Vec<(&Wanted, usize)> = Vec::new();
        for wanted in &image.layers {
            let at = *unique.entry(&wanted.path).or_insert_with(|| {
                work.push((wanted, 0));
                work.len() - 1
            });
            work[at].1 += 1;
        }
        if verify == Verify::All {
            let regions = work
                .iter()
                .filter_map(|(wanted, _)| self.find(&wanted.path));
            let bytes: u64 = regions.map(|region| region.bytes()).sum();
            self.watch.expect(Bytes(self.watch.read() + bytes));
        }
        let read = two_at_a_time(&work, |(wanted, times)| {
            self.draft(wanted, *times, verify, budget)
        })?;
        let (mut drafts, bytes): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        survey::settle(&mut drafts, &budget.watch)?;
        let whole = drafts.iter().all(Draft::is_whole);
        let layers: Vec<_> = drafts.into_iter().map(Draft::finish).collect();
        let found = image.layers.iter().map(|wanted| {
            let at = unique[wanted.path.as_str()];
            let (bytes, packing) = bytes[at];
            Found {
                layer: layers[at].clone(),
                bytes,
                packed: packing.map(|_| bytes),
            }
        });
        let found = found.collect();
        image.record(
            found,
            if whole {
                Verified::Whole
            } else {
                Verified::Headers
            },
        )
    }

    fn draft(
        &self,
        wanted: &Wanted,
        times: usize,
        verify: Verify,
        budget: &Budget,
    ) -> Result<(Draft, Stored), ArchiveProblem> {
        let blob = wanted.path.as_str();
        let failed = |error| fault(blob, 0, error);
        let region = self.need(blob)?;
        let bytes = region.bytes();
        let start = region.beginning(BLOCK).map_err(failed)?;
        let packing = Packing::of(&start);
        if packing.is_none() && !is_tar(&start) && bytes > 0 {
            return Err(not_a_tar(blob, &start));
        }
        let stored = (Bytes(bytes), packing);
        if packing.is_none() && verify == Verify::Headers {
            if let Some(named) = named_digest(blob) {
                check_digest(blob, &wanted.diff_id, &named)?;
            }
            if let Some(survey) = survey::headers(&region, blob, budget)? {
                let draft = Draft::Headers {
                    survey,
                    contents: Contents::Tar(region),
                    blob: blob.to_owned(),
                    diff_id: wanted.diff_id,
                    times,
                    is_learned: true,
                };
                return Ok((draft, stored));
            }
        }
        let chunks = region.chunks();
        let reading = blob::read(chunks, bytes, packing, blob, budget, Share::Named, &|_| {
            None
        })
        .map_err(failed)?;
        if let Some(named) = named_digest(blob) {
            check_digest(blob, &named, &reading.digest)?;
        }
        Ok((Draft::Whole(reading.layer?), stored))
    }
}

/// Whether a directory says that skopeo wrote it.
fn is_transport(directory: &Path, watch: &Watch) -> bool {
    let version = regular(&directory.join("version"), watch);
    let version = version.and_then(|it| it.beginning(BLOCK).ok());
    version.is_some_and(|version| version.starts_with(b"Directory Transport Version"))
}

/// A file, unless it is a pipe or a device.
fn regular(path: &Path, watch: &Watch) -> Option<Region> {
    let is_file = fs::metadata(path).ok()?.is_file();
    is_file.then(|| Region::new(File::open(path).ok()?, watch).ok())?
}

/// A blob's bytes, and how it is compressed.
type Stored = (Bytes, Option<Packing>);

impl Draft {
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Whole(_))
    }

    pub(super) fn finish(self) -> Arc<Layer> {
        match self {
            Self::Whole(layer) => layer,
            Self::Headers {
                survey, diff_id, ..
            } => Arc::new(Layer {
                diff_id,
                entries: survey.entries,
                scripts: survey.scripts,
            }),
        }
    }
}

impl Store for Disk {
    fn name(&self) -> &str {
        &self.name
    }

    fn bytes(&self, path: &str) -> Option<u64> {
        self.find(path).map(|region| region.bytes())
    }

    /// A blob is checked when it is read.
    fn check(&self, _path: &str) -> Result<(), ArchiveProblem> {
        Ok(())
    }

    fn blame(&self, path: &str, size: ArchiveProblem) -> ArchiveProblem {
        let (Some(named), Some(region)) = (named_digest(path), self.find(path)) else {
            return size;
        };
        let digest = Tee::new(region.chunks(), Hashing::here()).finish();
        let checked = digest.map(|digest| check_digest(path, &named, &digest));
        checked.ok().and_then(Result::err).unwrap_or(size)
    }

    fn json(&self, path: &str) -> Result<Cow<'_, [u8]>, ArchiveProblem> {
        let region = self.need(path)?;
        within(path, Bound::Json, region.bytes(), self.json_limit)?;
        let content = region.whole().map_err(|error| fault(path, 0, error))?;
        if let Some(named) = named_digest(path) {
            check_digest(path, &named, &digest_of(&content))?;
        }
        Ok(Cow::Owned(content))
    }
}
