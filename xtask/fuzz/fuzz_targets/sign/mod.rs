/// Makes the checksums of a tar's headers right where they are not: no mutation would hit them
/// by chance, and the digests of what is right stay.
pub(super) fn sign(archive: &mut [u8]) {
    for block in archive.chunks_exact_mut(512) {
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
