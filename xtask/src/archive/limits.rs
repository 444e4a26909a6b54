use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::{ArchiveProblem, Bound};

/// How much of a stranger's archive is believed. Each is far above what honest images hold,
/// and low enough that a hostile one costs seconds and not the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes that one compressed blob may unpack to.
    pub(super) unpacked: u64,
    /// How many times its packed size a compressed blob may unpack to once it is past
    /// `unpacked_freely`: gzip reaches 1,032 on zeros, honest layers stay under 20.
    pub(super) ratio: u64,
    pub(super) unpacked_freely: u64,
    /// Entries of all layers that are read, and members of the archive, together.
    pub(super) entries: u64,
    /// Bytes of their paths and link targets together.
    pub(super) names: u64,
    /// Bytes of one path or link target. Linux takes 4,096.
    pub(super) name: u64,
    /// Bytes of one PAX header: attributes of a file may take 64 KiB each.
    pub(super) extended: u64,
    /// Bytes of one config, manifest or index. Registries take 4 MiB.
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

impl Limits {
    pub(super) const STATED: Self = Self {
        unpacked: 1 << 40,
        ratio: 200,
        unpacked_freely: 4 << 30,
        entries: 2_000_000,
        names: 256 << 20,
        name: 32 << 10,
        extended: 1 << 20,
        json: 8 << 20,
        json_kept: 32 << 20,
        padding: 16 << 20,
        depth: 4,
        manifests: 1_000,
        layers: 1_000,
    };
}

/// What is left of the limits that all layers of one source share.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) limits: Limits,
    entries: AtomicU64,
    names: AtomicU64,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            entries: AtomicU64::new(0),
            names: AtomicU64::new(0),
        }
    }

    /// Counts one more entry, whose names take so many bytes.
    pub(super) fn spend(&self, blob: &str, names: usize) -> Result<(), ArchiveProblem> {
        let names = names as u64;
        let entries = self.entries.fetch_add(1, Ordering::Relaxed) + 1;
        let total = self.names.fetch_add(names, Ordering::Relaxed) + names;
        let limits = &self.limits;
        within(blob, Bound::Entries, entries, limits.entries)?;
        within(blob, Bound::Names, total, limits.names)
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
    use super::{Budget, Limits};
    use crate::model::{ArchiveProblem, Bound};

    #[test]
    fn entries_and_their_names_are_counted_together() {
        let passed = |entries, names| {
            let budget = Budget::new(Limits {
                entries,
                names,
                ..Limits::STATED
            });
            let spent = (0..10).try_for_each(|_| budget.spend("layer.tar", 100));
            spent.map_err(|problem| match problem {
                ArchiveProblem::Limit { bound, limit, .. } => (bound, limit),
                other => panic!("{other}"),
            })
        };
        assert_eq!(passed(10, 1_000), Ok(()));
        assert_eq!(passed(9, 1_000), Err((Bound::Entries, 9)));
        assert_eq!(passed(10, 999), Err((Bound::Names, 999)));
    }
}
