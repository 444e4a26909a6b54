use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::Overflow;
use super::tar::Item;
use super::watch::Watch;
use crate::model::{ArchiveProblem, Bound};

/// How much of a stranger's archive is believed. Each is far above what honest images hold,
/// and low enough that a hostile one of less than 10 MB costs seconds and 200 MB.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes that the layers a manifest names may unpack to, all together. A `lastlog` of
    /// 5,000 MiB of zeros is a real case.
    pub(super) unpacked: u64,
    /// The same as a multiple of the source's bytes, if that is more.
    pub(super) ratio: u64,
    /// Bytes beyond that to which a source may unpack that is compressed as a whole: what no
    /// manifest names is never unpacked again, but lies in it.
    pub(super) unnamed: u64,
    /// Compressed bytes that a stream may hold until its manifest comes.
    pub(super) held: u64,
    /// Bytes that the files of one source leave out as holes. They are hashed all the same.
    pub(super) holes: u64,
    /// Entries of all layers that are read, and members of the archive, together. Each new
    /// directory on the way to an entry counts as one.
    pub(super) entries: Allowance,
    /// Bytes of their paths and link targets together.
    pub(super) names: Allowance,
    /// Bytes of one path or link target, as Linux has it.
    pub(super) name: u64,
    /// Bytes of one PAX header: attributes of a file may take 64 KiB each.
    pub(super) extended: u64,
    /// Bytes of one config, manifest or index. Registries take as much.
    pub(super) json: u64,
    /// Bytes of all the JSON that a stream holds before it is known which is needed.
    pub(super) json_kept: u64,
    /// Bytes after the end of an archive: tar fills up its last record, 10 KiB by default.
    pub(super) padding: u64,
    /// Indexes inside each other.
    pub(super) depth: u64,
    /// Manifests that the indexes of one source name.
    pub(super) manifests: u64,
    /// Layers of one image. Docker takes 127.
    pub(super) layers: u64,
}

/// A limit that grows with the source, since a large one can't be made of nothing: so much is
/// free, beyond that each takes some bytes of the source, and there is an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    pub(super) free: u64,
    /// How many there may be for each KiB of the source.
    pub(super) per_kib: u64,
    pub(super) most: u64,
}

impl Allowance {
    fn of(self, source: u64) -> u64 {
        let grown = (source / 1024).saturating_mul(self.per_kib);
        grown.max(self.free).min(self.most)
    }
}

impl Limits {
    pub(super) const STATED: Self = Self {
        unpacked: 8 << 30,
        ratio: 100,
        unnamed: 64 << 20,
        held: 32 << 20,
        holes: 16 << 30,
        entries: Allowance {
            free: 400_000,
            per_kib: 40,
            most: 2_000_000,
        },
        names: Allowance {
            free: 48 << 20,
            per_kib: 8 << 10,
            most: 256 << 20,
        },
        name: 4096,
        extended: 1 << 20,
        json: 4 << 20,
        json_kept: 32 << 20,
        padding: 16 << 20,
        depth: 4,
        manifests: 1_000,
        layers: 1_000,
    };
}

/// What is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Layers that a manifest names. In a stream that can't be read again, and holds more
    /// compressed members than may wait for it, they are any of these.
    Named,
    /// The whole source, which is one compressed file.
    Outer,
}

/// What is left of the limits that all reading of one source shares, and the watch over it.
pub(super) struct Budget {
    pub(super) limits: Limits,
    pub(super) watch: Watch,
    /// Bytes of the source, where they are known before it is read.
    source: u64,
    entries: AtomicU64,
    names: AtomicU64,
    holes: AtomicU64,
    unpacked: [AtomicU64; 2],
}

impl Budget {
    pub(super) fn new(limits: Limits, watch: Watch) -> Self {
        Self {
            limits,
            watch,
            source: 0,
            entries: AtomicU64::new(0),
            names: AtomicU64::new(0),
            holes: AtomicU64::new(0),
            unpacked: Default::default(),
        }
    }

    /// For a source of so many bytes.
    pub(super) fn of(mut self, source: u64) -> Self {
        self.source = source;
        self
    }

    fn source(&self) -> u64 {
        self.source.max(self.watch.read())
    }

    /// Counts one more entry.
    pub(super) fn spend(&self, blob: &str, item: &Item) -> Result<(), ArchiveProblem> {
        let names = (item.path.len() + item.link.len()) as u64;
        let levels = item.levels.max(1);
        let entries = self.entries.fetch_add(levels, Ordering::Relaxed) + levels;
        let total = self.names.fetch_add(names, Ordering::Relaxed) + names;
        let limits = &self.limits;
        let source = self.source();
        within(blob, Bound::Entries, entries, limits.entries.of(source))?;
        within(blob, Bound::Names, total, limits.names.of(source))
    }

    /// Counts the bytes that one more file leaves out.
    pub(super) fn spend_holes(&self, blob: &str, bytes: u64) -> Result<(), ArchiveProblem> {
        let before = self.holes.fetch_add(bytes, Ordering::Relaxed);
        let total = before.saturating_add(bytes);
        within(blob, Bound::Holes, total, self.limits.holes)
    }

    /// Counts bytes that a decompressor gave.
    pub(super) fn spend_unpacked(&self, share: Share, bytes: usize) -> io::Result<()> {
        let bytes = bytes as u64;
        let spent = self.unpacked[share as usize].fetch_add(bytes, Ordering::Relaxed) + bytes;
        let limits = &self.limits;
        let named = limits
            .unpacked
            .max(self.source().saturating_mul(limits.ratio));
        let limit = match share {
            Share::Named => named,
            Share::Outer => named.saturating_add(limits.unnamed),
        };
        if spent > limit {
            let bound = Bound::Unpacked;
            return Err(io::Error::other(Overflow { bound, limit }));
        }
        Ok(())
    }
}

/// Refuses `actual` where it is more than `limit`.
pub(super) fn within(
    blob: &str,
    bound: Bound,
    actual: u64,
    limit: u64,
) -> Result<(), ArchiveProblem> {
    if actual <= limit {
        return Ok(());
    }
    Err(ArchiveProblem::Limit {
        blob: blob.to_owned(),
        bound,
        limit,
    })
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Budget, Limits, Share};
    use crate::archive::tar::Item;
    use crate::archive::watch::Watch;
    use crate::model::{ArchiveProblem, Bound, Cancel, Events};

    fn budget(limits: Limits) -> Budget {
        let watch = Watch::new(&Events::nowhere(), &Cancel::default());
        Budget::new(limits, watch)
    }

    fn item(path: &[u8], levels: u64) -> Item {
        Item {
            flag: b'0',
            path: path.to_vec(),
            link: Vec::new(),
            bytes: 0,
            sparse: None,
            mode: 0,
            stamp: 0,
            levels,
            offset: 0,
        }
    }

    #[test]
    fn entries_and_their_names_are_counted_together() {
        let fixed = |most| Allowance {
            free: most,
            per_kib: 0,
            most,
        };
        let passed = |entries, names, levels| {
            let budget = budget(Limits {
                entries: fixed(entries),
                names: fixed(names),
                ..Limits::STATED
            });
            let item = item(&[b'a'; 100], levels);
            let spent = (0..10).try_for_each(|_| budget.spend("layer.tar", &item));
            spent.map_err(|problem| match problem {
                ArchiveProblem::Limit { bound, limit, .. } => (bound, limit),
                other => panic!("{other}"),
            })
        };
        assert_eq!(passed(10, 1_000, 0), Ok(()));
        assert_eq!(passed(9, 1_000, 1), Err((Bound::Entries, 9)));
        assert_eq!(passed(10, 999, 1), Err((Bound::Names, 999)));
        assert_eq!(passed(10, 1_000, 2), Err((Bound::Entries, 10)));
    }

    #[test]
    fn a_limit_grows_with_the_source_as_far_as_its_end() {
        let entries = Limits::STATED.entries;
        assert_eq!(entries.of(0), 400_000);
        assert_eq!(entries.of(10 << 20), 409_600);
        assert_eq!(entries.of(20 << 20), 819_200);
        assert_eq!(entries.of(1 << 40), 2_000_000);
    }

    #[test]
    fn all_that_one_source_unpacks_is_counted_together() {
        let limits = Limits {
            unpacked: 1_000,
            unnamed: 10,
            ..Limits::STATED
        };
        let small = budget(limits);
        assert!(small.spend_unpacked(Share::Named, 600).is_ok());
        assert!(small.spend_unpacked(Share::Outer, 1_010).is_ok());
        assert!(small.spend_unpacked(Share::Named, 600).is_err());
        assert!(small.spend_unpacked(Share::Outer, 1).is_err());
        let large = budget(limits).of(20);
        assert!(large.spend_unpacked(Share::Named, 2_000).is_ok());
        assert!(large.spend_unpacked(Share::Named, 1).is_err());
    }
}
