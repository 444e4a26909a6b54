//! Images made up by hand, as large as a benchmark wants them.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "each benchmark is a crate of its own and takes what it needs"
)]

use std::sync::Arc;

use xtask::model::{
    Bytes, Digest, Entry, ImageConfig, ImagePath, ImageRecord, Kind, Layer, LayerRef, Platform,
    Verified,
};

pub fn image(layers: Vec<Vec<Entry>>) -> ImageRecord {
    let layers = (0..).zip(layers).map(|(number, entries)| LayerRef {
        content: Arc::new(Layer {
            diff_id: digest(number),
            entries,
            scripts: std::collections::BTreeMap::new(),
        }),
        packed: None,
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

pub fn file(path: &str, n: u64) -> Entry {
    let kind = Kind::File {
        bytes: Bytes(1_000 + n % 50_000),
        content: Some(digest(n)),
    };
    entry(path, kind)
}

pub fn entry(path: &str, kind: Kind) -> Entry {
    Entry {
        path: ImagePath::from(path),
        kind,
        mode: 0o644,
        stamp: 0,
    }
}

fn digest(n: u64) -> Digest {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    hash[8..16].copy_from_slice(&n.to_le_bytes());
    Digest::from_hash(hash)
}
