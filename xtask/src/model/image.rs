use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Bytes, Digest, ImagePath, Platform};

/// One image, as its config and the tars of its layers say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRecord {
    /// The digest of the image's config, whatever the engine calls its id.
    pub id: Digest,
    /// The names that the source gives it, such as `ex08:multi`; sorted.
    pub names: Vec<String>,
    /// `None` if its config does not say it.
    pub platform: Option<Platform>,
    /// The base that a manifest or index names for it; nothing shows that it stands on it.
    pub base_name: Option<String>,
    pub config: ImageConfig,
    /// From the lowest. An identical layer may occur twice.
    pub layers: Vec<LayerRef>,
    pub verified: Verified,
}

/// A layer at its place in one image. Two images (or two places) may share one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerRef {
    pub content: Arc<Layer>,
    /// Bytes of the blob as transferred, where this source holds it compressed or is
    /// itself a registry layout; `None` where only the unpacked tar is at hand.
    pub packed: Option<Bytes>,
}

/// What an image's config says of it (OCI image specification, config.md).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageConfig {
    pub created: Option<String>,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    /// `NAME=value`, values included: a secret may stand here, so a report keeps names only.
    pub env: Vec<String>,
    pub user: String,
    pub working_dir: String,
    pub labels: BTreeMap<String, String>,
    /// From the lowest; the i-th entry without `empty_layer` made the i-th layer.
    pub history: Vec<HistoryEntry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub created: Option<String>,
    pub created_by: String,
    pub comment: Option<String>,
    pub empty_layer: bool,
}

/// The content of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The digest of the unpacked tar.
    pub diff_id: Digest,
    /// In the order of the tar, each path once: what is there when the tar is unpacked. What a
    /// hard link still names of a path that was written again is a file at that link's path.
    pub entries: Vec<Entry>,
    /// What stands after `#!` in the first line of each file that begins with it.
    pub scripts: BTreeMap<ImagePath, Box<[u8]>>,
}

/// A layer as an engine's own records describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedLayer {
    pub layer: Arc<Layer>,
    /// For each entry the CRC-64 of its content; `None` for what has no content.
    pub checksums: Vec<Option<u64>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: ImagePath,
    pub kind: Kind,
    /// Permission bits of the tar header.
    pub mode: u32,
    /// Stands for its owner, its times and its other attributes: another number if the headers
    /// give others.
    pub stamp: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    File {
        bytes: Bytes,
        /// Known where the content was read; `None` only for a file that differs from every
        /// other of the image in its size or in how it begins, so that it can equal none.
        content: Option<Digest>,
    },
    /// Another name for a file that the same layer holds.
    HardLink {
        target: ImagePath,
    },
    Symlink {
        target: Box<[u8]>,
    },
    Directory,
    /// A character or block device, or a named pipe.
    Device,
    /// `.wh.NAME`: what lower layers hold at `path` is gone.
    Whiteout,
    /// `.wh..wh..opq` in the directory `path`: all that lower layers hold in it is gone.
    Opaque,
}

/// How far the content was checked against the digests that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    /// Every byte of every layer matches its digest.
    Whole,
    /// Config and manifests match; plain layers were read header by header.
    Headers,
}

impl Layer {
    /// Bytes of regular files; a hard link counts once, everything else 0.
    pub fn unpacked(&self) -> Bytes {
        self.entries.iter().map(Entry::bytes).sum()
    }

    /// How many regular files it holds.
    pub fn files(&self) -> u64 {
        self.entries
            .iter()
            .filter(|entry| matches!(entry.kind, Kind::File { .. }))
            .count() as u64
    }
}

impl Entry {
    pub fn bytes(&self) -> Bytes {
        match self.kind {
            Kind::File { bytes, .. } => bytes,
            _ => Bytes::ZERO,
        }
    }
}

/// Whether a stand-in from the distribution's packages can take an image's place: Python,
/// whichever registry it is from.
pub fn has_stand_in(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split([':', '@']).next() == Some("python")
}

#[cfg(test)]
mod tests {
    use super::has_stand_in;

    #[test]
    fn a_stand_in_replaces_python_and_nothing_else() {
        for image in [
            "python",
            "python:3.13-slim",
            "127.0.0.1:5000/x/python@sha256:0",
        ] {
            assert!(has_stand_in(image), "{image}");
        }
        for image in [
            "node:20",
            "pythonic:3",
            "python/tool:1",
            "127.0.0.1:5000/tool",
        ] {
            assert!(!has_stand_in(image), "{image}");
        }
    }
}
