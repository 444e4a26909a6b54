use std::borrow::Cow;

use crate::model::{
    Bytes, Excluded, ImagePath, ImageRecord, Kind, Measured, Origin, SizedPath, Tree,
};

/// A file or directory of the kit that lies in a build context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// From the context, without slashes at its ends; also the line of a `.dockerignore` that
    /// leaves it out.
    pub path: String,
    pub kind: OwnKind,
    /// The `.dockerignore`, as the project names it.
    pub dockerignore: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnKind {
    /// A baseline or report of so many bytes.
    File(Bytes),
    /// A clone of the kit, known by a file in it.
    Clone { marker: &'static str },
}

/// What of the kit's own files an image holds, in layers that its Dockerfile adds. A file is one
/// of them if it has the path, at whatever place the context was copied to, and the size.
pub fn own_files(record: &ImageRecord, measured: &Measured, own: &[OwnFile]) -> Vec<Excluded> {
    let mut found = Vec::new();
    for file in own {
        match file.kind {
            OwnKind::File(bytes) => {
                let is_it = |path: &[u8], size| size == bytes && ends_with(path, &file.path);
                let files = files(record, measured).filter(|(_, path, size)| is_it(path, *size));
                found.extend(files.map(|(layer, path, bytes)| excluded(file, path, layer, bytes)));
            }
            OwnKind::Clone { marker } => {
                for root in roots(record, measured, file, marker) {
                    found.extend(whole(record, measured, file, root));
                }
            }
        }
    }
    found.retain(|it| it.bytes > Bytes::ZERO);
    found
}

/// The measurements without the kit's own files, by which growth is judged.
pub fn without_own_files(measured: &Measured) -> Cow<'_, Measured> {
    let excluded = measured.excluded.as_deref().unwrap_or_default();
    if excluded.is_empty() {
        return Cow::Borrowed(measured);
    }
    let mut rest = measured.clone();
    for it in excluded {
        let Some(layer) = rest.layers.get_mut(it.layer) else {
            continue;
        };
        let bytes = Bytes(it.bytes.0.min(layer.unpacked.0));
        layer.unpacked = less(layer.unpacked, bytes);
        layer.files = layer.files.saturating_sub(it.files);
        let size = &mut rest.size;
        let wasted = &mut size.wasted;
        // The sums stay right: where the files are wasted or shared, they are so in part only.
        take([&mut size.unpacked], bytes);
        take([&mut size.own], bytes);
        take([&mut size.unique, &mut size.shared], bytes);
        let hidden = [
            &mut wasted.overwritten,
            &mut wasted.deleted,
            &mut wasted.metadata_only,
        ];
        let left = take([&mut size.live], bytes);
        take(hidden, left);
        leave_out(&mut rest.tree, it, bytes);
    }
    rest.excluded = Some(Vec::new());
    Cow::Owned(rest)
}

/// Takes the bytes from the first amount, then from the next; gives what is left.
fn take<const N: usize>(amounts: [&mut Bytes; N], mut bytes: Bytes) -> Bytes {
    for amount in amounts {
        let taken = Bytes(amount.0.min(bytes.0));
        *amount = less(*amount, taken);
        bytes = less(bytes, taken);
    }
    bytes
}

/// Takes the bytes from the entries at and below the path, then from the nearest one above.
fn leave_out(tree: &mut Tree, excluded: &Excluded, bytes: Bytes) {
    let mut left = bytes;
    let path = excluded.path.as_bytes();
    for entry in &mut tree.entries {
        if entry.layer == excluded.layer && is_at_or_below(entry.path.as_bytes(), path) {
            let taken = Bytes(entry.bytes.0.min(left.0));
            entry.bytes = less(entry.bytes, taken);
            left = less(left, taken);
        }
    }
    let above = tree.entries.iter_mut().filter(|entry| {
        entry.layer == excluded.layer && is_at_or_below(path, entry.path.as_bytes())
    });
    if let Some(nearest) = above.max_by_key(|entry| entry.path.as_bytes().len()) {
        nearest.bytes = less(nearest.bytes, left);
        if nearest.bytes < tree.folded_below {
            let (path, bytes) = (nearest.path.clone(), std::mem::take(&mut nearest.bytes));
            fold(tree, &path, excluded.layer, bytes);
        }
    }
    tree.entries.retain(|entry| entry.bytes > Bytes::ZERO);
}

/// Adds what is too small for an entry of its own to the nearest one above, or to the root's.
fn fold(tree: &mut Tree, path: &ImagePath, layer: usize, bytes: Bytes) {
    let above = tree.entries.iter_mut().filter(|entry| {
        let own = entry.path == *path && !path.as_bytes().is_empty();
        entry.layer == layer && !own && is_at_or_below(path.as_bytes(), entry.path.as_bytes())
    });
    if let Some(nearest) = above.max_by_key(|entry| entry.path.as_bytes().len()) {
        nearest.bytes += bytes;
        return;
    }
    tree.entries.push(SizedPath {
        path: ImagePath::default(),
        bytes,
        layer,
    });
    tree.entries
        .sort_by_key(|entry| (entry.path.clone(), entry.layer));
}

fn less(one: Bytes, other: Bytes) -> Bytes {
    Bytes(one.0.saturating_sub(other.0))
}

fn excluded(file: &OwnFile, path: &[u8], layer: usize, bytes: Bytes) -> Excluded {
    Excluded {
        path: ImagePath::from_normalised(path),
        bytes,
        files: 1,
        layer,
        pattern: file.path.clone(),
        dockerignore: file.dockerignore.clone(),
    }
}

/// Regular files of the layers that the Dockerfile adds.
fn files<'r>(
    record: &'r ImageRecord,
    measured: &'r Measured,
) -> impl Iterator<Item = (usize, &'r [u8], Bytes)> {
    let layers = record.layers.iter().zip(&measured.layers).enumerate();
    let own = layers.filter(|(_, (_, layer))| layer.origin == Origin::Own);
    own.flat_map(|(number, (layer, _))| {
        let entries = layer.content.entries.iter();
        let files = entries.filter(|entry| matches!(entry.kind, Kind::File { .. }));
        files.map(move |entry| (number, entry.path.as_bytes(), entry.bytes()))
    })
}

/// Where a clone of the kit lies in the image, each place once.
fn roots<'r>(
    record: &'r ImageRecord,
    measured: &'r Measured,
    file: &OwnFile,
    marker: &str,
) -> Vec<&'r [u8]> {
    let marker = format!("{}/{marker}", file.path);
    let places = files(record, measured).filter(|(_, path, _)| ends_with(path, &marker));
    let mut roots: Vec<&[u8]> = places
        .map(|(_, path, _)| &path[..path.len() - (marker.len() - file.path.len())])
        .collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// A clone, as one entry for each layer.
fn whole(record: &ImageRecord, measured: &Measured, file: &OwnFile, root: &[u8]) -> Vec<Excluded> {
    let mut layers: Vec<Excluded> = Vec::new();
    for (layer, _, bytes) in
        files(record, measured).filter(|(_, path, _)| is_at_or_below(path, root))
    {
        match layers.last_mut().filter(|last| last.layer == layer) {
            Some(last) => {
                last.bytes += bytes;
                last.files += 1;
            }
            None => layers.push(excluded(file, root, layer, bytes)),
        }
    }
    layers
}

fn ends_with(path: &[u8], end: &str) -> bool {
    let before = path.strip_suffix(end.as_bytes());
    before.is_some_and(|before| before.is_empty() || before.ends_with(b"/"))
}

pub(super) fn is_at_or_below(path: &[u8], directory: &[u8]) -> bool {
    let below = path.strip_prefix(directory);
    directory.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}
