use std::io;
use std::sync::Arc;
use std::thread;

use super::chunk::{CHUNK, ChunkReader, Chunks};
use super::fault::fault;
use super::layer::{self, Content};
use super::limits::{Budget, Share};
use super::packing::Packing;
use super::pipe::{Hashing, Tee, ahead};
use super::store::named_digest;
use crate::model::{ArchiveProblem, Digest, Layer};

/// Finds a layer that is known already, by its `diff_id`.
pub type Known<'a> = dyn Fn(&Digest) -> Option<Arc<Layer>> + Sync + 'a;

/// A blob that looks like a layer, read to its end.
pub(super) struct Reading {
    /// What it holds. A problem matters only once something names the blob as a layer.
    pub(super) layer: Result<Arc<Layer>, ArchiveProblem>,
    /// The digest of its bytes as they are stored.
    pub(super) digest: Digest,
}

/// Reads one layer whole. Decompressing, hashing the tar and hashing its files each have a
/// thread, for each takes about as long as the other two.
///
/// An error is the source's own; what is wrong with the layer is in the [`Reading`]. The
/// caller compares the digest with the one that the blob's name promises.
pub(super) fn read(
    source: impl Chunks + Send,
    bytes: u64,
    packing: Option<Packing>,
    blob: &str,
    budget: &Budget,
    share: Share,
    known: &Known<'_>,
) -> io::Result<Reading> {
    let expected = named_digest(blob).filter(|_| packing.is_none());
    thread::scope(|scope| {
        let hashing = if bytes <= CHUNK as u64 {
            Hashing::here()
        } else {
            Hashing::beside(scope)
        };
        let mut stored = Tee::new(source, hashing);
        if let Some(layer) = expected.and_then(|diff_id| known(&diff_id)) {
            let digest = stored.finish()?;
            return Ok(Reading {
                layer: Ok(layer),
                digest,
            });
        }
        let Some(packing) = packing else {
            let content = layer::read(&mut stored, blob, budget);
            let digest = stored.finish()?;
            let layer = content.map(|content| shared(content, digest, known));
            return Ok(Reading { layer, digest });
        };
        let layer = unpack(&mut stored, packing, blob, budget, share)
            .map(|(content, diff_id)| shared(content, diff_id, known));
        let digest = stored.finish()?;
        Ok(Reading { layer, digest })
    })
}

fn unpack(
    stored: &mut (impl Chunks + Send),
    packing: Packing,
    blob: &str,
    budget: &Budget,
    of: Share,
) -> Result<(Content, Digest), ArchiveProblem> {
    thread::scope(|scope| {
        let packed = ChunkReader::new(stored);
        let unpacked = ahead(scope, packing.unpack(packed, budget, of));
        let mut tar = Tee::new(unpacked, Hashing::beside(scope));
        let content = layer::read(&mut tar, blob, budget)?;
        let diff_id = tar.finish().map_err(|error| fault(blob, 0, error))?;
        Ok((content, diff_id))
    })
}

/// The layer that is known by this digest, so that images share it, or a new one.
fn shared(content: Content, diff_id: Digest, known: &Known<'_>) -> Arc<Layer> {
    known(&diff_id).unwrap_or_else(|| {
        Arc::new(Layer {
            diff_id,
            scripts: content.scripts.by_path(&content.entries),
            entries: content.entries,
        })
    })
}
