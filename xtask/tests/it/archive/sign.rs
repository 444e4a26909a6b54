//! Makes a damaged archive right where a reader checks: no change would hit that by chance.

use crate::images::digest;

const BLOCK: usize = 512;

/// Makes the checksums of a tar's headers right where they are not. The digests of what is
/// right stay.
pub(crate) fn sign(archive: &mut [u8]) {
    for block in archive.chunks_exact_mut(BLOCK) {
        if &block[257..262] != b"ustar" {
            continue;
        }
        let field = block[148..156].to_vec();
        block[148..156].copy_from_slice(b"        ");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        let right = format!("{sum:06o}");
        let is_right = str::from_utf8(&field).is_ok_and(|it| it.contains(&right));
        let field = if is_right {
            field
        } else {
            format!("{right}\0 ").into_bytes()
        };
        block[148..156].copy_from_slice(&field);
    }
}

/// Gives each blob the name that its content asks for, wherever the old one stands. A manifest
/// names a config, and an index a manifest, so call it three times.
pub(crate) fn rename(archive: &mut [u8]) {
    const FOLDER: &[u8] = b"blobs/sha256/";
    for at in (0..archive.len()).step_by(BLOCK) {
        let Some(old) = archive[at..]
            .strip_prefix(FOLDER)
            .and_then(|it| it.first_chunk::<64>())
        else {
            continue;
        };
        let old = *old;
        let size = archive
            .get(at + 124..at + 135)
            .and_then(|it| str::from_utf8(it).ok());
        let size = size.and_then(|it| usize::from_str_radix(it, 8).ok());
        let content = size.and_then(|size| archive[at..].get(BLOCK..BLOCK.checked_add(size)?));
        let Some(content) = content else { continue };
        let new = digest(content).replace("sha256:", "");
        let mut places = 0..archive.len().saturating_sub(old.len() - 1);
        while let Some(place) = places.find(|place| archive[*place..].starts_with(&old)) {
            archive[place..place + old.len()].copy_from_slice(new.as_bytes());
        }
    }
}
