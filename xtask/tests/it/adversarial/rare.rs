//! Layers that no builder writes, counted as an engine unpacks them: in the order of the tar.

use std::process::Command;

use serde_json::Value;

use crate::archive::{open_bytes, stream};
use crate::images::{LAYOUTS, Layout, NodeKind, Packing, file, image, layer, members, node};
use crate::layers::{Archive, json_of};
use crate::live;
use xtask::archive::Verify;

/// What each layer holds and what is live, whichever way the archive is read.
fn counted(layers: &[Vec<u8>]) -> (Vec<u64>, u64) {
    let mut all = Vec::new();
    for packing in [Packing::Plain, Packing::Gzip] {
        for layout in LAYOUTS {
            let image = image("a:b", layers.to_vec());
            let bytes = members(&[image], layout, packing).tar();
            let streamed = stream(&bytes).unwrap().remove(0);
            assert_eq!(open_bytes(&bytes, Verify::All).unwrap(), streamed);
            let archive = Archive::of(&bytes);
            for verify in [&[][..], &["--verify"]] {
                let words = [&["layers", archive.text(), "--format", "json"], verify].concat();
                let report = json_of(&words);
                let layers = report["layers"].as_array().unwrap().iter();
                let bytes = |value: &Value| value.as_u64().unwrap();
                let layers: Vec<u64> = layers.map(|it| bytes(&it["unpacked"])).collect();
                all.push((layers, bytes(&report["size"]["live"])));
            }
        }
    }
    let first = all.remove(0);
    assert!(all.iter().all(|other| *other == first), "{all:?}");
    first
}

fn opaque() -> Vec<Vec<u8>> {
    let directory = node("b", NodeKind::Directory);
    vec![
        layer(&[directory, file("b/b", b"1")]),
        layer(&[file("b/b/.wh..wh..opq", b"")]),
    ]
}

fn file_over_directory() -> Vec<Vec<u8>> {
    vec![
        layer(&[file("b/a/d", &[b'x'; 100]), file("b", &[b'y'; 496])]),
        layer(&[file("b/b", &[b'z'; 100])]),
    ]
}

fn written_again() -> Vec<Vec<u8>> {
    let link = node("h", NodeKind::HardLink(b"g".to_vec()));
    vec![layer(&[file("g", b"123"), link, file("g", b"")])]
}

#[test]
fn an_opaque_marker_makes_a_directory_of_what_was_a_file() {
    assert_eq!(counted(&opaque()), (vec![1, 0], 0));
}

#[test]
fn a_file_removes_the_directory_of_its_own_layer_with_all_that_is_in_it() {
    assert_eq!(counted(&file_over_directory()), (vec![496, 100], 100));
}

#[test]
fn content_stays_as_long_as_a_hard_link_names_it() {
    assert_eq!(counted(&written_again()), (vec![3], 3));
}

/// The engine's own answer. This one refuses to load a layer that repeats a path.
#[test]
#[ignore = "needs Docker"]
#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
fn the_engine_unpacks_them_so() {
    for (layers, bytes) in [(opaque(), 0), (file_over_directory(), 100)] {
        let name = format!("kit-test-rare:{}", live::mark());
        let archive = members(&[image(&name, layers)], Layout::Docker20, Packing::Plain).tar();
        let archive = Archive::of(&archive);
        let docker = |words: &[&str]| {
            let output = Command::new("docker").args(words).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{words:?}: {said}");
            output.stdout
        };
        docker(&["load", "--input", archive.text()]);
        let container = docker(&["create", "--network", "none", &name, "/none"]);
        let container = String::from_utf8(container).unwrap();
        let exported = docker(&["export", container.trim()]);
        docker(&["rm", container.trim()]);
        docker(&["rmi", &name]);
        let mut tar = tar::Archive::new(&exported[..]);
        let sizes = tar.entries().unwrap().map(|entry| entry.unwrap().size());
        assert_eq!(sizes.sum::<u64>(), bytes);
    }
}
