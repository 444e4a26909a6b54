//! What fuzzing guided by coverage kept.

use std::fs;
use std::path::Path;

use xtask::archive::Verify;

use super::{open_bytes, sign, stream};

#[test]
fn the_corpus_is_read_the_same_as_a_stream_and_as_a_file() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/archives");
    let mut images = 0;
    for file in fs::read_dir(corpus).unwrap() {
        let mut archive = fs::read(file.unwrap().path()).unwrap();
        sign::sign(&mut archive);
        let streamed = stream(&archive);
        if let (Ok(streamed), Ok(opened)) = (streamed, open_bytes(&archive, Verify::All)) {
            assert!(streamed.contains(&opened), "{opened:?}");
            images += 1;
        }
    }
    assert!(images >= 13, "{images}");
}
