//! One real image by every route that is at hand: the same layers from each.
//!
//! The oracle is the `tar` crate, which adds up what Docker's own archive holds.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use xtask::archive::{Select, Verify, Watch, read_stream};
use xtask::model::{Cancel, Entry, Events, ImageRecord};

use super::open_path;

/// The bases that a lab is built on, the stand-in first, since it is there without network.
const IMAGES: [&str; 2] = ["lab/python:offline", "python:3.13-slim"];

#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
fn command(line: &str) -> Command {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words).stderr(Stdio::null());
    command
}

fn succeeds(line: &str) -> bool {
    let mut command = command(line);
    command.stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Bytes and number of regular files in each layer, as another reader of tars has them.
fn counted(archive: &Path) -> Vec<(u64, u64)> {
    let mut layers = std::collections::HashMap::new();
    let mut manifest = String::new();
    let mut outer = tar::Archive::new(File::open(archive).unwrap());
    for member in outer.entries().unwrap() {
        let mut member = member.unwrap();
        let path = member.path().unwrap().display().to_string();
        if path == "manifest.json" {
            member.read_to_string(&mut manifest).unwrap();
        } else {
            // A config has no entries.
            let mut sum = (0, 0);
            for entry in tar::Archive::new(member).entries().into_iter().flatten() {
                let Ok(entry) = entry else { break };
                let name = entry.path_bytes();
                let whiteout = name.rsplit(|byte| *byte == b'/').next().unwrap();
                if entry.header().entry_type().is_file() && !whiteout.starts_with(b".wh.") {
                    sum = (sum.0 + entry.size(), sum.1 + 1);
                }
            }
            layers.insert(path, sum);
        }
    }
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let paths = manifest[0]["Layers"].as_array().unwrap().clone();
    paths
        .iter()
        .map(|path| layers[path.as_str().unwrap()])
        .collect()
}

fn entries(record: &ImageRecord) -> Vec<&[Entry]> {
    let layers = record.layers.iter();
    layers.map(|layer| &layer.content.entries[..]).collect()
}

#[test]
#[ignore = "needs Docker"]
fn a_real_image_is_the_same_by_every_route() {
    let there = |image: &&&str| succeeds(&format!("docker image inspect {image}"));
    let image = IMAGES.iter().find(there).expect("one of the bases");
    let events = Events::nowhere();
    let cancel = Cancel::default();
    let mut save = command(&format!("docker save {image}"));
    let mut child = save.stdout(Stdio::piped()).spawn().unwrap();
    let stream = child.stdout.take().unwrap();
    let watch = Watch::new(&events, &cancel);
    let streamed = read_stream(stream, image, &|_| None, watch).unwrap();
    assert!(child.wait().unwrap().success());
    let streamed = &streamed[0].record;

    let directory = tempfile::tempdir().unwrap();
    let saved = directory.path().join("saved.tar");
    assert!(succeeds(&format!(
        "docker save --output {} {image}",
        saved.display()
    )));
    let figures = streamed.layers.iter().map(|layer| &layer.content);
    let figures: Vec<_> = figures
        .map(|layer| (layer.unpacked().0, layer.files()))
        .collect();
    assert_eq!(figures, counted(&saved));

    let open = |path: &Path, verify| open_path(path, &Select::default(), verify).unwrap();
    assert_eq!(entries(&open(&saved, Verify::All)), entries(streamed));
    let headers = open(&saved, Verify::Headers);
    assert_eq!(headers.id, streamed.id);
    for (read, whole) in headers.layers.iter().zip(&streamed.layers) {
        assert_eq!(read.content.unpacked(), whole.content.unpacked());
        assert_eq!(read.content.entries.len(), whole.content.entries.len());
    }

    if !succeeds("skopeo --version") {
        return;
    }
    for (transport, options) in [
        ("oci-archive", ""),
        ("oci", ""),
        ("oci", "--dest-compress-format zstd "),
        ("docker-archive", ""),
    ] {
        let copy = directory
            .path()
            .join(format!("{transport}{}", options.len()));
        let line = format!(
            "skopeo copy --quiet {options}docker-archive:{} {transport}:{}:a/b:c",
            saved.display(),
            copy.display()
        );
        assert!(succeeds(&line), "{line}");
        let read = open(&copy, Verify::All);
        assert_eq!(entries(&read), entries(streamed), "{line}");
    }
}
