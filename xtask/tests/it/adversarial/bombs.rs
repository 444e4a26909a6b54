//! Small archives that would cost much.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::mutation::Chance;
use super::{Ended, Limits, STATED, kit, piped, within};
use crate::images::{Image, Layout, Packing, Tar, digest, file, image, layer, members, pack};
use crate::layers::Archive;

/// For the content of layers that a manifest names: memory is bounded, time by what they hold.
const PATIENT: Limits = Limits {
    time: Duration::from_secs(60),
    ..STATED
};

/// What `layers` makes of an archive, within the limits.
fn layers_of(archive: &[u8]) -> Ended {
    let archive = Archive::of(archive);
    within(STATED, kit(&["layers", archive.text(), "--format", "json"]))
}

fn refused(archive: &[u8], because: &str) {
    let ended = layers_of(archive);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains(because), "{}", ended.stderr);
    assert!(ended.stdout.is_empty());
}

fn unpacked(ended: &Ended) -> u64 {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    report["size"]["unpacked"].as_u64().unwrap()
}

/// A whole archive in gzip, of one layer.
fn packed(layer: Vec<u8>) -> Vec<u8> {
    let image = image("a:b", vec![layer]);
    pack(
        Packing::Gzip,
        &members(&[image], Layout::Docker20, Packing::Plain).tar(),
    )
}

/// A frame of Zstandard with a file of so many times 128 KiB of zeros, 4 bytes for each.
fn zeros(name: &str, blocks: u32) -> Vec<u8> {
    let mut tar = Tar::default();
    tar.header(b'0', name.as_bytes(), b"", u64::from(blocks) * 131_072);
    let block = |kind: u32, size: u32, last: u32| {
        ((size << 3) | (kind << 1) | last).to_le_bytes()[..3].to_vec()
    };
    let mut frame = b"\x28\xb5\x2f\xfd\x00\x38".to_vec();
    frame.extend(block(0, 512, 0));
    frame.extend(tar.0);
    for _ in 0..blocks {
        frame.extend(block(1, 131_072, 0));
        frame.push(0);
    }
    frame.extend(block(0, 1024, 1));
    frame.extend([0; 1024]);
    frame
}

#[test]
fn directories_in_each_other_have_a_limit_in_one_path_and_in_all() {
    let deep = |count: usize, levels: usize| {
        let mut tar = Tar::default();
        for number in 0..count {
            let path = format!("{number}/{}f", "a/".repeat(levels));
            tar.pax(&[("path", path.as_bytes())]);
            tar.entry(b'0', b"f", b"", b"x");
        }
        packed(tar.end())
    };
    refused(&deep(2_000, 8_000), "bytes in one name");
    refused(&deep(2_000, 2_000), "entries and directories");
    assert_eq!(unpacked(&layers_of(&deep(100, 2_000))), 100);
}

#[test]
fn entries_and_names_have_limits_by_the_size_of_the_source() {
    let many = |count: u32, long: usize| {
        let mut tar = Tar::default();
        for number in 0..count {
            let path = format!("d/{number}{}", "x".repeat(long));
            if long > 80 {
                tar.pax(&[("path", path.as_bytes())]);
            }
            tar.entry(b'0', path.as_bytes(), b"", b"");
        }
        packed(tar.end())
    };
    refused(&many(500_000, 0), "entries and directories");
    refused(&many(14_000, 4_000), "bytes of names");
}

#[test]
fn members_that_no_manifest_names_are_not_unpacked() {
    let mut archive = Tar::default();
    for number in 0..40 {
        let name = format!("junk{number}");
        archive.entry(b'0', name.as_bytes(), b"", &zeros("f", 32_767));
    }
    let image = image("a:b", vec![layer(&[file("a", b"x")])]);
    let rest = members(&[image], Layout::Docker20, Packing::Plain).tar();
    let plain = [archive.0, rest].concat();
    assert_eq!(unpacked(&layers_of(&plain)), 1);
    assert_eq!(unpacked(&layers_of(&pack(Packing::Gzip, &plain))), 1);
}

/// An archive of layers that are packed already and whose digests are not known.
fn of_packed(layers: &[Vec<u8>]) -> Vec<u8> {
    let mut archive = Tar::default();
    let names: Vec<String> = (0..layers.len()).map(|at| format!("{at}.tar")).collect();
    for (name, layer) in names.iter().zip(layers) {
        archive.entry(b'0', name.as_bytes(), b"", layer);
    }
    let ids: Vec<String> = names.iter().map(|it| digest(it.as_bytes())).collect();
    let config = json!({ "config": {}, "rootfs": { "type": "layers", "diff_ids": ids } });
    let manifest = json!([{ "Config": "config", "Layers": names }]);
    archive.entry(b'0', b"config", b"", config.to_string().as_bytes());
    archive.entry(b'0', b"manifest.json", b"", manifest.to_string().as_bytes());
    archive.end()
}

/// Bytes that do not compress.
fn noise(bytes: usize, seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed, 0);
    (0..bytes / 8)
        .flat_map(|_| chance.next().to_le_bytes())
        .collect()
}

/// Gzip that holds bytes as they are.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A pipe can't be read again, and its manifest comes last: more than 32 MiB don't wait for it.
#[test]
fn a_pipe_of_more_compressed_layers_than_may_wait_is_read_as_a_file() {
    let layers = |at: u64| layer(&[file(&at.to_string(), &noise(12 << 20, at))]);
    let image = image("a:b", (0..4).map(layers).collect());
    let mut members = members(&[image], Layout::Docker20, Packing::Plain);
    let paths: Vec<String> = members.0.iter().map(|(path, _)| path.clone()).collect();
    for path in paths.iter().filter(|path| path.ends_with("layer.tar")) {
        let packed = stored(members.content(path));
        members.replace(path, &packed);
    }
    let archive = members.tar();
    assert!(archive.len() > 48 << 20);
    let as_file = layers_of(&archive);
    let as_pipe = piped(
        STATED,
        kit(&["layers", "/dev/stdin", "--format", "json"]),
        archive,
    );
    assert_eq!(unpacked(&as_file), unpacked(&as_pipe));
    assert_eq!(unpacked(&as_pipe), 4 * (12 << 20));
}

#[test]
#[ignore = "needs ten seconds"]
fn what_does_not_wait_in_a_pipe_has_one_limit_too() {
    let mut archive = Tar::default();
    archive.entry(b'0', b"noise", b"", &stored(&noise(31 << 20, 1)));
    for number in 0..30 {
        let name = format!("junk{number}");
        archive.entry(b'0', name.as_bytes(), b"", &zeros("f", 32_767));
    }
    let image = image("a:b", vec![layer(&[file("a", b"x")])]);
    archive
        .0
        .extend(members(&[image], Layout::Docker20, Packing::Plain).tar());
    let ended = piped(
        PATIENT,
        kit(&["layers", "/dev/stdin", "--format", "json"]),
        archive.0,
    );
    assert_eq!(unpacked(&ended), 1);
}

#[test]
#[ignore = "needs ten seconds"]
fn all_layers_together_have_one_limit_of_unpacked_bytes() {
    let layers: Vec<_> = (0..10).map(|at| zeros(&at.to_string(), 32_767)).collect();
    let archive = of_packed(&layers);
    for archive in [pack(Packing::Gzip, &archive), archive] {
        let archive = Archive::of(&archive);
        let ended = within(PATIENT, kit(&["layers", archive.text()]));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let limit = "8,589,934,592 bytes when unpacked";
        assert!(ended.stderr.contains(limit), "{}", ended.stderr);
    }
}

#[test]
#[ignore = "needs ten seconds"]
fn a_log_of_5_000_mib_of_zeros_is_an_honest_layer() {
    let bytes = 5_000 << 20;
    let mut head = Tar::default();
    head.header(b'0', b"var/log/lastlog", b"", bytes);
    // Gzip in many members, each of them compressed once.
    let some = pack(Packing::Gzip, &vec![0; 50 << 20]);
    let mut layer = pack(Packing::Gzip, &head.0);
    (0..100).for_each(|_| layer.extend(&some));
    layer.extend(pack(Packing::Gzip, &[0; 1024]));
    assert!(layer.len() > 20_000_000);
    let mut archive = Tar::default();
    archive.entry(b'0', b"layer.tar", b"", &layer);
    let config = json!({ "config": {}, "rootfs": { "type": "layers", "diff_ids": [LASTLOG] } });
    let manifest = json!([{ "Config": "config", "Layers": ["layer.tar"] }]);
    archive.entry(b'0', b"config", b"", config.to_string().as_bytes());
    archive.entry(b'0', b"manifest.json", b"", manifest.to_string().as_bytes());
    let archive = Archive::of(&archive.end());
    let words = ["layers", archive.text(), "--format", "json", "--verbose"];
    let ended = within(PATIENT, kit(&words));
    assert_eq!(unpacked(&ended), bytes);
    assert!(
        ended.stderr.contains(", var/log/lastlog"),
        "{}",
        ended.stderr
    );
}

/// The digest of that layer's tar.
const LASTLOG: &str = "sha256:09e7dea7cda560522e0ffd4959f7b4e1cb1a0f6dafde85906347e80d06d127d5";

#[test]
fn words_that_repeat_themselves_do_not_fill_the_stack() {
    let built = |by: String| {
        let image = image("a:b", vec![layer(&[file("a", b"x")])]);
        let mut members = members(&[image], Layout::Podman, Packing::Plain);
        let config = config_of(&members);
        let mut changed: Value = serde_json::from_slice(members.content(&config)).unwrap();
        changed["history"] = json!([{ "created_by": by }]);
        let changed = changed.to_string();
        let name = digest(changed.as_bytes()).replace("sha256:", "") + ".json";
        let mut manifest: Value = serde_json::from_slice(members.content("manifest.json")).unwrap();
        manifest[0]["Config"] = json!(name);
        members.replace(&config, changed.as_bytes());
        members.0.iter_mut().for_each(|(path, _)| {
            if *path == config {
                path.clone_from(&name);
            }
        });
        members.replace("manifest.json", manifest.to_string().as_bytes());
        members.tar()
    };
    assert_eq!(unpacked(&layers_of(&built("ONBUILD ".repeat(500_000)))), 1);
}

fn config_of(members: &crate::images::Members) -> String {
    let manifest: Value = serde_json::from_slice(members.content("manifest.json")).unwrap();
    manifest[0]["Config"].as_str().unwrap().to_owned()
}

#[test]
fn lists_in_json_take_little_memory() {
    let one: Image = image("a:b", vec![layer(&[file("a", b"x")])]);
    let with = |path: &str, content: &str| {
        let mut members = members(std::slice::from_ref(&one), Layout::Podman, Packing::Plain);
        let path = if path.is_empty() {
            config_of(&members)
        } else {
            path.to_owned()
        };
        members.replace(&path, content.as_bytes());
        pack(Packing::Gzip, &members.tar())
    };
    let list = |of: &str, count: usize| vec![of; count].join(",");
    let history = format!(
        r#"{{"rootfs":{{"type":"layers"}},"history":[{}]}}"#,
        list("{}", 1_300_000)
    );
    let labels: Vec<String> = (0..300_000).map(|it| format!("\"{it:x}\":\"\"")).collect();
    let labels = format!(
        r#"{{"rootfs":{{"type":"layers"}},"config":{{"Labels":{{{}}}}}}}"#,
        labels.join(",")
    );
    let words = format!(
        r#"{{"rootfs":{{"type":"layers"}},"config":{{"Cmd":[{}]}}}}"#,
        list("\"\"", 1_300_000)
    );
    let manifests = format!("[{}]", list("[[0],[0]]", 400_000));
    for (path, content) in [
        ("", history),
        ("", labels),
        ("", words),
        ("manifest.json", manifests),
    ] {
        let ended = layers_of(&with(path, &content));
        assert_eq!(ended.code, Some(2), "{path}: {ended:?}");
    }
}
