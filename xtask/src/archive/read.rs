use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use super::blob::Known;
use super::chunk::CHUNK;
use super::disk::{Disk, Verify};
use super::fault::fault;
use super::image::{Candidate, Select, catalogue};
use super::limits::{Budget, Limits};
use super::packing::Packing;
use super::region::Region;
use super::store::Store as _;
use super::stream::Streamed;
use super::tar::{BLOCK, is_tar};
use super::watch::Watch;
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
    mut stream: impl Read,
    name: &str,
    known: &Known<'_>,
    mut watch: Watch<'_>,
) -> Result<Vec<Sent>, ArchiveProblem> {
    let budget = Budget::new(Limits::STATED);
    let mut streamed = Streamed::read(&mut stream, name, &budget, known, &mut watch)?;
    let images = catalogue(&streamed, &budget.limits)?.images;
    let sent = images.into_iter().map(|mut image| {
        let led_by = std::mem::take(&mut image.led_by);
        let record = whole(image, &mut streamed)?;
        Ok(Sent { record, led_by })
    });
    sent.collect()
}

fn whole(image: Candidate, streamed: &mut Streamed) -> Result<ImageRecord, ArchiveProblem> {
    let layers = image
        .layers
        .iter()
        .map(|wanted| streamed.layer(&wanted.path));
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
    watch: Watch<'_>,
) -> Result<ImageRecord, ArchiveProblem> {
    let name = path.display().to_string();
    let failed = |source| ArchiveProblem::Open {
        path: path.to_owned(),
        source,
    };
    let budget = Budget::new(Limits::STATED);
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        let disk = Disk::layout(path, &name, &budget);
        return on_disk(&disk, select, verify, &budget, &watch);
    }
    // What else there is, such as a device, need never end.
    if !metadata.is_file() && !metadata.file_type().is_fifo() {
        return Err(ArchiveProblem::NotAnArchive { source_name: name });
    }
    let file = File::open(path).map_err(failed)?;
    if metadata.is_file() && verify == Verify::Headers {
        let region = Region::new(file.try_clone().map_err(failed)?).map_err(failed)?;
        let start = region.beginning(BLOCK).map_err(failed)?;
        if is_tar(&start) {
            let disk = Disk::archive(&region, &name, &budget)?;
            return on_disk(&disk, select, verify, &budget, &watch);
        }
    }
    let plain_bytes = metadata.is_file().then_some(Bytes(metadata.len()));
    through(file, plain_bytes, &name, select, &budget, watch)
}

fn on_disk(
    disk: &Disk,
    select: &Select,
    verify: Verify,
    budget: &Budget,
    watch: &Watch<'_>,
) -> Result<ImageRecord, ArchiveProblem> {
    let image = catalogue(disk, &budget.limits)?.choose(disk.name(), select)?;
    let record = disk.image(image, verify, budget, watch.cancel());
    watch.check()?;
    record
}

/// Reads a file from its first byte to its last, unpacking it on this thread.
fn through(
    file: File,
    plain_bytes: Option<Bytes>,
    name: &str,
    select: &Select,
    budget: &Budget,
    watch: Watch<'_>,
) -> Result<ImageRecord, ArchiveProblem> {
    let mut file = BufReader::with_capacity(CHUNK, file);
    let start = file.fill_buf().map_err(|error| fault(name, 0, error))?;
    let packing = Packing::of(start);
    let mut watch = watch.of(plain_bytes.filter(|_| packing.is_none()));
    let mut stream: Box<dyn Read> = match packing {
        Some(packing) => Box::new(packing.unpack(file, &budget.limits)),
        None => Box::new(file),
    };
    let mut streamed = Streamed::read(&mut stream, name, budget, &|_| None, &mut watch)?;
    let image = catalogue(&streamed, &budget.limits)?.choose(name, select)?;
    whole(image, &mut streamed)
}
