use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use super::blob::Known;
use super::chunk::CHUNK;
use super::disk::{Disk, Verify};
use super::fault::fault;
use super::image::{Candidate, Select, catalogue};
use super::limits::{Budget, Limits, Share};
use super::packing::Packing;
use super::region::Region;
use super::store::Store as _;
use super::stream::{Pass, Reading, Streamed};
use super::tar::{BLOCK, is_tar};
use super::watch::{Patient, Watch, Watched};
use crate::model::{ArchiveProblem, Bytes, Digest, ImageRecord, Verified};

/// One image of a save stream.
#[derive(Clone, Debug)]
pub struct Sent {
    pub record: ImageRecord,
    /// The digests of the manifests and indexes that lead to it: what an engine with the
    /// containerd store calls its id is one of them.
    pub led_by: Vec<Digest>,
}

/// Reads every image of an engine's save stream, in one pass and verified whole: each layer
/// by its `diff_id`, each blob and config by the digest in its name. Memory does not grow
/// with the content of files.
///
/// `name` stands for the stream in problems. Layers that are `known` are hashed and not
/// looked into, where their name tells beforehand which they are.
pub fn read_stream(
    stream: impl Read,
    name: &str,
    known: &Known<'_>,
    watch: Watch,
) -> Result<Vec<Sent>, ArchiveProblem> {
    let mut stream = Watched::new(stream, &watch);
    let budget = Budget::new(Limits::STATED, watch);
    let reading = Reading {
        name,
        budget: &budget,
        known,
        pass: Pass::Only,
    };
    let mut streamed = Streamed::read(&mut stream, &reading)?;
    let images = catalogue(&streamed, &budget.limits)?.images;
    let sent = images.into_iter().map(|image| {
        let mut image = image.into_candidate()?;
        let led_by = std::mem::take(&mut image.led_by);
        let record = whole(image, &mut streamed, &reading)?;
        Ok(Sent { record, led_by })
    });
    sent.collect()
}

fn whole(
    image: Candidate,
    streamed: &mut Streamed,
    reading: &Reading<'_>,
) -> Result<ImageRecord, ArchiveProblem> {
    let wanted = image.layers.iter();
    let layers = wanted.map(|wanted| streamed.layer(&wanted.path, reading));
    let layers = layers.collect::<Result<_, _>>()?;
    image.record(layers, Verified::Whole)
}

/// Reads one image of an archive file, whatever its layout and compression, or of an OCI
/// layout directory.
///
/// A plain archive is gone over by its headers, unless `verify` asks for all of it. One that
/// is compressed as a whole, or that comes through a pipe, has to be read from its first byte
/// to its last, and is verified on the way.
pub fn open(
    path: &Path,
    select: &Select,
    verify: Verify,
    watch: Watch,
) -> Result<ImageRecord, ArchiveProblem> {
    let name = path.display().to_string();
    let failed = |source| ArchiveProblem::Open {
        path: path.to_owned(),
        source,
    };
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        let budget = Budget::new(Limits::STATED, watch);
        let disk = Disk::layout(path, &name, &budget);
        return on_disk(&disk, select, verify, &budget);
    }
    if metadata.is_file() {
        let file = File::open(path).map_err(failed)?;
        let region = Region::new(file, &watch).map_err(failed)?;
        let start = region.beginning(BLOCK);
        watch.check()?;
        if is_tar(&start.map_err(failed)?) {
            let budget = Budget::new(Limits::STATED, watch).of(region.bytes());
            let disk = Disk::archive(&region, &name, &budget);
            budget.watch.check()?;
            return on_disk(&disk?, select, verify, &budget);
        }
    } else if !metadata.file_type().is_fifo() {
        // What else there is, such as a device, need never end.
        return Err(ArchiveProblem::NotAnArchive { source_name: name });
    }
    let file = Whole {
        path,
        name: &name,
        bytes: metadata.is_file().then_some(metadata.len()),
        watch: &watch,
    };
    file.image(select)
}

fn on_disk(
    disk: &Disk,
    select: &Select,
    verify: Verify,
    budget: &Budget,
) -> Result<ImageRecord, ArchiveProblem> {
    let image = catalogue(disk, &budget.limits).and_then(|it| it.choose(disk.name(), select));
    let record = image.and_then(|image| disk.image(image, verify, budget));
    budget.watch.check()?;
    record
}

/// A file or pipe that is read from its first byte to its last, and unpacked on this thread.
struct Whole<'a> {
    path: &'a Path,
    name: &'a str,
    /// `None` of a pipe, which can't be read again.
    bytes: Option<u64>,
    watch: &'a Watch,
}

impl Whole<'_> {
    fn image(&self, select: &Select) -> Result<ImageRecord, ArchiveProblem> {
        let mut budget = self.budget();
        let again = self.bytes.map_or(Pass::Only, |_| Pass::First);
        let mut streamed = self.read(&budget, again)?;
        let image = catalogue(&streamed, &budget.limits)?.choose(self.name, select)?;
        let layers = image.layers.iter();
        let later = streamed.later(layers.map(|wanted| wanted.path.as_str()));
        if !later.is_empty() {
            // What names the layers is known by now.
            budget = self.budget();
            let second = self.read(&budget, Pass::Second(&later))?;
            streamed.fill(&later, second);
        }
        let reading = self.reading(&budget, Pass::Only);
        whole(image, &mut streamed, &reading)
    }

    fn budget(&self) -> Budget {
        Budget::new(Limits::STATED, self.watch.clone()).of(self.bytes.unwrap_or_default())
    }

    fn reading<'r>(&'r self, budget: &'r Budget, pass: Pass<'r>) -> Reading<'r> {
        Reading {
            name: self.name,
            budget,
            known: &|_| None,
            pass,
        }
    }

    fn read(&self, budget: &Budget, pass: Pass<'_>) -> Result<Streamed, ArchiveProblem> {
        let file = Patient::open(self.path, self.watch);
        let file = file.map_err(|source| ArchiveProblem::Open {
            path: self.path.to_owned(),
            source,
        })?;
        if let Some(bytes) = self.bytes {
            self.watch.expect(Bytes(self.watch.read() + bytes));
        }
        let mut file = BufReader::with_capacity(CHUNK, Watched::new(file, self.watch));
        let start = file.fill_buf();
        self.watch.check()?;
        let start = start.map_err(|error| fault(self.name, 0, error))?;
        let mut stream: Box<dyn Read> = match Packing::of(start) {
            Some(packing) => Box::new(packing.unpack(file, budget, Share::Outer)),
            None => Box::new(file),
        };
        Streamed::read(&mut stream, &self.reading(budget, pass))
    }
}
