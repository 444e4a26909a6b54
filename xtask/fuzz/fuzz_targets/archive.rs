//! Reads whatever bytes come, as a stream and as a file, which must agree.
//!
//! ```sh
//! cargo install cargo-fuzz
//! cd xtask && RUSTC_BOOTSTRAP=1 cargo fuzz run archive -- -detect_leaks=0
//! ```
//!
//! Leaks are not looked for: a thread that is just ending counts as one.
#![no_main]

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xtask::archive::{Select, Verify, Watch, open, read_stream};
use xtask::model::{Cancel, Events, Verified};

const BLOCK: usize = 512;

/// One file for the whole run: opening is what is tried, not making files.
static FILE: LazyLock<tempfile::NamedTempFile> =
    LazyLock::new(|| tempfile::NamedTempFile::new().expect("a temporary file"));

fuzz_target!(|bytes: &[u8]| {
    let mut archive = bytes.to_vec();
    sign(&mut archive);
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let watch = || Watch::new(&events, &cancel);
    let streamed = read_stream(&archive[..], "stream", &|_| None, watch());
    fs::write(FILE.path(), &archive).expect("writing it");
    let opened = open(FILE.path(), &Select::default(), Verify::Headers, watch());
    if let (Ok(streamed), Ok(opened)) = (streamed, opened) {
        let mut images = streamed.iter().map(|sent| &sent.record);
        let same = images.find(|image| image.id == opened.id);
        let same = same.expect("a stream holds what the file does");
        if opened.verified == Verified::Whole {
            assert_eq!(*same, opened);
        }
        for (one, other) in same.layers.iter().zip(&opened.layers) {
            assert_eq!(one.content.unpacked(), other.content.unpacked());
        }
    }
});

/// Makes the checksums of headers right, which no mutation would hit by chance.
fn sign(archive: &mut [u8]) {
    for block in archive.chunks_exact_mut(BLOCK) {
        if &block[257..262] == b"ustar" {
            block[148..156].copy_from_slice(b"        ");
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
}
