//! Images made by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::measure::{Subject, images};
use crate::model::{
    Bytes, Digest, Entry, HistoryEntry, ImageConfig, ImagePath, ImageRecord, Kind, Layer, LayerRef,
    Measured, Platform, Verified,
};

pub(crate) fn digest(seed: u64) -> Digest {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    hash[8..16].copy_from_slice(&seed.to_le_bytes());
    Digest::from_hash(hash)
}

fn entry(path: &str, kind: Kind) -> Entry {
    Entry {
        path: ImagePath::from(path),
        kind,
        mode: 0o644,
        stamp: 0,
    }
}

/// A file whose content is `seed`, repeated.
pub(crate) fn file(path: &str, bytes: u64, seed: u64) -> Entry {
    let content = Some(digest(seed));
    let bytes = Bytes(bytes);
    entry(path, Kind::File { bytes, content })
}

/// A file that was not read, for nothing else has its size.
pub(crate) fn unread(path: &str, bytes: u64) -> Entry {
    let bytes = Bytes(bytes);
    let content = None;
    entry(path, Kind::File { bytes, content })
}

pub(crate) fn link(path: &str, target: &str) -> Entry {
    let target = ImagePath::from(target);
    entry(path, Kind::HardLink { target })
}

pub(crate) fn symlink(path: &str, target: &str) -> Entry {
    let target = target.as_bytes().into();
    entry(path, Kind::Symlink { target })
}

pub(crate) fn directory(path: &str) -> Entry {
    entry(path, Kind::Directory)
}

pub(crate) fn whiteout(path: &str) -> Entry {
    entry(path, Kind::Whiteout)
}

pub(crate) fn opaque(path: &str) -> Entry {
    entry(path, Kind::Opaque)
}

/// Layers from the lowest, with `diff_id`s by their place and content.
pub(crate) fn image(layers: Vec<Vec<Entry>>) -> ImageRecord {
    let layers = (1..).zip(layers).map(|(number, entries)| {
        let diff_id = digest(seed(number, &entries));
        LayerRef {
            content: Arc::new(Layer {
                diff_id,
                entries,
                scripts: BTreeMap::new(),
            }),
            packed: None,
        }
    });
    ImageRecord {
        id: digest(0),
        names: Vec::new(),
        platform: Platform::parse("linux/amd64"),
        base_name: None,
        config: ImageConfig::default(),
        layers: layers.collect(),
        verified: Verified::Whole,
    }
}

fn seed(number: u64, entries: &[Entry]) -> u64 {
    format!("{entries:?}").bytes().fold(number, |seed, byte| {
        seed.wrapping_mul(1_099_511_628_211) ^ u64::from(byte)
    })
}

/// One history entry a line; a leading `-` says that it made no layer.
pub(crate) fn with_history(mut record: ImageRecord, lines: &[&str]) -> ImageRecord {
    let entries = lines.iter().map(|line| HistoryEntry {
        created_by: line.trim_start_matches('-').to_owned(),
        empty_layer: line.starts_with('-'),
        ..HistoryEntry::default()
    });
    record.config.history = entries.collect();
    record
}

pub(crate) fn measured(record: &ImageRecord) -> Measured {
    let subject = Subject {
        record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    };
    images(&[subject]).remove(0)
}
