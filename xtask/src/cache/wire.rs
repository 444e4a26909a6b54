//! The bytes of an entry: this format's mark, the content, and its SHA-256.
//!
//! Compact and flat, since an image of 20,000 files is to be there in a few milliseconds
//! even in a debug build.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::model::{Bytes, Digest, Entry, ImagePath, Kind, Layer, RecordedLayer};

/// Changes with whatever is written between the marks.
pub(super) const FORMAT: &str = "v5";

/// Formats of before. Their images have values of arguments and of the environment in clear.
pub(super) const OLDER: [&str; 4] = ["v1", "v2", "v3", "v4"];
const MARK: &[u8; 8] = b"labkit3\n";
const HASH: usize = 32;

/// Puts the mark before and the hash after a content.
pub(super) fn seal(content: &[u8]) -> Vec<u8> {
    let hash: [u8; HASH] = Sha256::digest(content).into();
    [MARK, content, &hash].concat()
}

/// The content of what was sealed; `None` where it is not whole.
pub(super) fn unseal(sealed: &[u8]) -> Option<&[u8]> {
    let (content, hash) = sealed.strip_prefix(MARK)?.split_last_chunk::<HASH>()?;
    let actual: [u8; HASH] = Sha256::digest(content).into();
    (actual == *hash).then_some(content)
}

/// A layer in bytes; `None` for a name longer than any archive may have.
pub(super) fn write_layer(layer: &Layer) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(layer.entries.len() * 96);
    out.extend_from_slice(layer.diff_id.as_hash());
    out.extend_from_slice(&u32::try_from(layer.entries.len()).ok()?.to_le_bytes());
    for entry in &layer.entries {
        let mut extra = Vec::new();
        let code = match &entry.kind {
            Kind::File { bytes, content } => {
                extra.extend_from_slice(&bytes.0.to_le_bytes());
                extra.extend(content.iter().flat_map(Digest::as_hash));
                0
            }
            Kind::HardLink { target } => {
                extra.extend_from_slice(target.as_bytes());
                1
            }
            Kind::Symlink { target } => {
                extra.extend_from_slice(target);
                2
            }
            Kind::Directory => 3,
            Kind::Device => 4,
            Kind::Whiteout => 5,
            Kind::Opaque => 6,
        };
        let path = entry.path.as_bytes();
        out.push(code);
        for number in [entry.mode as usize, path.len(), extra.len()] {
            out.extend_from_slice(&u16::try_from(number).ok()?.to_le_bytes());
        }
        out.extend_from_slice(&entry.stamp.to_le_bytes());
        out.extend_from_slice(path);
        out.extend_from_slice(&extra);
    }
    for (path, line) in &layer.scripts {
        for text in [path.as_bytes(), line] {
            out.extend_from_slice(&u16::try_from(text.len()).ok()?.to_le_bytes());
            out.extend_from_slice(text);
        }
    }
    Some(out)
}

pub(super) fn read_layer(content: &[u8]) -> Option<Layer> {
    let (diff_id, rest) = content.split_first_chunk::<32>()?;
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    let count = u32::from_le_bytes(*count) as usize;
    let mut entries = Vec::with_capacity(count.min(rest.len() / 15));
    for _ in 0..count {
        let (head, after) = rest.split_first_chunk::<7>()?;
        let number = |at| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let (stamp, after) = after.split_first_chunk::<8>()?;
        let (path, after) = after.split_at_checked(number(3))?;
        let (extra, after) = after.split_at_checked(number(5))?;
        rest = after;
        entries.push(Entry {
            path: ImagePath::from_normalised(path),
            kind: read_kind(head[0], extra)?,
            mode: u32::try_from(number(1)).ok()?,
            stamp: u64::from_le_bytes(*stamp),
        });
    }
    let mut scripts = BTreeMap::new();
    while !rest.is_empty() {
        let path = take_text(&mut rest)?;
        let line = take_text(&mut rest)?;
        scripts.insert(ImagePath::from_normalised(path), line.into());
    }
    Some(Layer {
        diff_id: Digest::from_hash(*diff_id),
        entries,
        scripts,
    })
}

/// What an engine's records say of a layer, in bytes: the checksums, then the layer.
pub(super) fn write_recorded(recorded: &RecordedLayer) -> Option<Vec<u8>> {
    let checksums = &recorded.checksums;
    let mut out = u32::try_from(checksums.len()).ok()?.to_le_bytes().to_vec();
    for checksum in checksums {
        out.push(u8::from(checksum.is_some()));
        out.extend_from_slice(&checksum.unwrap_or_default().to_le_bytes());
    }
    out.extend(write_layer(&recorded.layer)?);
    Some(out)
}

pub(super) fn read_recorded(content: &[u8]) -> Option<RecordedLayer> {
    let (count, rest) = content.split_first_chunk::<4>()?;
    let count = u32::from_le_bytes(*count) as usize;
    let (sums, rest) = rest.split_at_checked(count.checked_mul(9)?)?;
    let checksums = sums
        .as_chunks::<9>()
        .0
        .iter()
        .map(|[is_there, sum @ ..]| (*is_there != 0).then(|| u64::from_le_bytes(*sum)));
    let checksums: Vec<Option<u64>> = checksums.collect();
    let layer = Arc::new(read_layer(rest)?);
    (checksums.len() == layer.entries.len()).then_some(RecordedLayer { layer, checksums })
}

fn take_text<'c>(rest: &mut &'c [u8]) -> Option<&'c [u8]> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let (text, after) = after.split_at_checked(u16::from_le_bytes(*length).into())?;
    *rest = after;
    Some(text)
}

fn read_kind(code: u8, extra: &[u8]) -> Option<Kind> {
    Some(match code {
        0 => {
            let (bytes, content) = extra.split_first_chunk::<8>()?;
            Kind::File {
                bytes: Bytes(u64::from_le_bytes(*bytes)),
                content: match content {
                    [] => None,
                    content => Some(Digest::from_hash(content.try_into().ok()?)),
                },
            }
        }
        1 => Kind::HardLink {
            target: ImagePath::from_normalised(extra),
        },
        2 => Kind::Symlink {
            target: extra.into(),
        },
        3 => Kind::Directory,
        4 => Kind::Device,
        5 => Kind::Whiteout,
        6 => Kind::Opaque,
        _ => return None,
    })
}
