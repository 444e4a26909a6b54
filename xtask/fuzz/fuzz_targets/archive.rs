//! Reads whatever bytes come, as a stream and as a file, which must agree.
//!
//! ```sh
//! cargo install cargo-fuzz
//! cd xtask && mkdir new && cargo fuzz run --sanitizer none archive new fuzz/corpus/archive
//! ```
//!
//! That runs on stable Rust, guided by coverage, and needs a C++ compiler. No sanitizer is
//! missed: the kit forbids unsafe code. What is found goes to `new`; the corpus here stays
//! small: of what a run adds, the few files that reach most per byte.
//!
//! Run so far, on one core: 25 minutes and 1.7 million archives before names were made right
//! (`cov` to 4,923, `ft` to 14,114), 8 minutes and 125,000 since (to 4,856 and 13,067). Neither
//! found anything.
#![no_main]

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};
use xtask::archive::{Select, Verify, Watch, open, read_stream};
use xtask::model::{Cancel, Events, Verified};

mod sign;

const BLOCK: usize = 512;

/// One file for the whole run: opening is what is tried, not making files.
static FILE: LazyLock<tempfile::NamedTempFile> =
    LazyLock::new(|| tempfile::NamedTempFile::new().expect("a temporary file"));

fuzz_target!(|bytes: &[u8]| {
    let mut archive = bytes.to_vec();
    // A manifest names a config, and an index a manifest.
    for _ in 0..3 {
        rename(&mut archive);
    }
    sign::sign(&mut archive);
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

/// Gives each blob the name that its content asks for, wherever the old one stands.
fn rename(archive: &mut [u8]) {
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
        let hash = Sha256::digest(content);
        let new: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut places = 0..archive.len().saturating_sub(old.len() - 1);
        while let Some(place) = places.find(|place| archive[*place..].starts_with(&old)) {
            archive[place..place + old.len()].copy_from_slice(new.as_bytes());
        }
    }
}
