//! What a SOURCE may be called, and what is said of one that can't be read.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{SCHEMA, check};
use crate::images::{Layout, Packing, file, hex, image, layer, members, pack};
use crate::live;

/// Runs `layers` in a directory.
fn layers(directory: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(directory).env("LC_ALL", "C");
    // No engine is there.
    command.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
    command.args(["layers", "--quiet", "--format", "json"]);
    let output = command.args(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn unpacked(directory: &Path, words: &[&str]) -> u64 {
    let (code, report, said) = layers(directory, words);
    assert_eq!(code, Some(0), "{words:?}: {said}");
    let report: Value = serde_json::from_str(&report).unwrap();
    check(SCHEMA, &report);
    report["size"]["unpacked"].as_u64().unwrap()
}

fn refused(directory: &Path, words: &[&str]) -> String {
    let (code, report, said) = layers(directory, words);
    assert_eq!((code, report.as_str()), (Some(2), ""), "{words:?}: {said}");
    said
}

fn small() -> crate::images::Image {
    let base = layer(&[file("etc/os", &[1; 5_008])]);
    image("small:1", vec![base, layer(&[file("app", &[2; 3_000])])])
}

/// The image as `skopeo copy … dir:` writes it.
fn transport(directory: &Path) {
    let members = members(&[small()], Layout::Oci, Packing::Gzip);
    fs::create_dir(directory).unwrap();
    let index: Value = serde_json::from_slice(members.content("index.json")).unwrap();
    let manifest = index["manifests"][0]["digest"].as_str().unwrap();
    let manifest = manifest.strip_prefix("sha256:").unwrap();
    for (path, _) in &members.0 {
        if let Some(name) = path.strip_prefix("blobs/sha256/") {
            let name = if name == manifest {
                "manifest.json"
            } else {
                name
            };
            fs::write(directory.join(name), members.content(path)).unwrap();
        }
    }
    fs::write(
        directory.join("version"),
        "Directory Transport Version: 1.1\n",
    )
    .unwrap();
}

#[test]
fn transports_names_are_understood() {
    let root = tempfile::tempdir().unwrap();
    let here = root.path();
    let mut other = small();
    other.name = "other:1".to_owned();
    other.layers.pop();
    let both = [small(), other];
    fs::write(
        here.join("d.tar"),
        members(&both, Layout::Podman, Packing::Plain).tar(),
    )
    .unwrap();
    fs::write(
        here.join("o.tar"),
        members(&both, Layout::Oci, Packing::Gzip).tar(),
    )
    .unwrap();
    members(&both, Layout::Oci, Packing::Plain).unpack(&here.join("layout"));
    transport(&here.join("skopeo"));
    for (source, bytes) in [
        ("docker-archive:d.tar:small:1", 8_008),
        ("docker-archive:./d.tar:other:1", 5_008),
        ("oci-archive:o.tar:other:1", 5_008),
        ("oci:layout:small:1", 8_008),
        ("dir:skopeo", 8_008),
        ("./skopeo", 8_008),
        ("skopeo", 8_008),
    ] {
        assert_eq!(unpacked(here, &[source]), bytes, "{source}");
    }
    assert_eq!(
        unpacked(here, &["oci-archive:o.tar", "--image", "small:1"]),
        8_008
    );
    let said = refused(here, &["docker-archive:none.tar"]);
    assert!(said.contains("cannot read `none.tar`"), "{said}");
}

#[test]
fn a_blob_of_a_transports_directory_that_is_harmed_is_damage() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("skopeo");
    transport(&directory);
    let config = hex(&small().config());
    fs::write(directory.join(config), "{}").unwrap();
    let said = refused(root.path(), &["./skopeo"]);
    assert!(said.contains("does not match its digest"), "{said}");
}

/// Whether there is an image of that name only an engine can say, and none is there.
#[test]
fn a_directory_that_is_no_layout_leaves_its_name_to_the_image() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("app.d/deep")).unwrap();
    fs::create_dir(root.path().join("app")).unwrap();
    let said = refused(root.path(), &["app"]);
    assert!(!said.contains("is not an image archive"), "{said}");
    for path in ["./app", "app.d/deep"] {
        let said = refused(root.path(), &[path]);
        assert!(said.contains("is not an image archive"), "{said}");
    }
    fs::create_dir(root.path().join("app.tar")).unwrap();
    let said = refused(root.path(), &["app.tar"]);
    assert!(said.contains("is not an image archive"), "{said}");
}

#[test]
#[ignore = "needs Docker"]
fn an_image_of_the_engine_wins_over_a_directory_of_its_name() {
    let image = live::Image::built("FROM scratch\nCOPY Dockerfile /x\n");
    let root = tempfile::tempdir().unwrap();
    let layout = root.path().join(&image.name);
    fs::create_dir_all(layout.parent().unwrap()).unwrap();
    members(&[small()], Layout::Oci, Packing::Gzip).unpack(&layout);
    let measured = |source: &str| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.current_dir(root.path());
        let output = command
            .args(["layers", "--format", "json", source])
            .output();
        let report: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        report["size"]["unpacked"].as_u64().unwrap()
    };
    assert!(!image.name.contains('/'), "{}", image.name);
    assert!(measured(&image.name) < 8_008);
    assert!(measured(&format!("docker-daemon:{}", image.name)) < 8_008);
    assert_eq!(measured(&format!("./{}", image.name)), 8_008);
}

#[test]
fn compressions_that_are_not_read_have_the_command_that_unpacks_them() {
    let root = tempfile::tempdir().unwrap();
    for (magic, name, command) in [
        (&b"\xfd7zXZ\0"[..], "xz", "`xz -d`"),
        (b"BZh9", "bzip2", "`bzip2 -d`"),
    ] {
        let packed = [magic, &[7; 2_000]].concat();
        fs::write(root.path().join("image.tar"), &packed).unwrap();
        let mut inside = members(&[small()], Layout::Docker20, Packing::Plain);
        let layers = inside.0.iter().map(|(path, _)| path.clone());
        let layer = layers
            .into_iter()
            .find(|path| path.ends_with("layer.tar"))
            .unwrap();
        inside.replace(&layer, &packed);
        fs::write(root.path().join("inside.tar"), inside.tar()).unwrap();
        fs::write(
            root.path().join("inside.tgz"),
            pack(Packing::Gzip, &inside.tar()),
        )
        .unwrap();
        for file in ["image.tar", "inside.tar", "inside.tgz"] {
            let said = refused(root.path(), &[file]);
            assert!(said.contains(&format!("{name} compression")), "{said}");
            assert!(said.contains(command), "{said}");
        }
    }
}

#[test]
fn a_layer_that_an_archive_leaves_out_is_counted() {
    let root = tempfile::tempdir().unwrap();
    let mut top = members(&[small()], Layout::Podman, Packing::Plain);
    let mut list: Value = serde_json::from_slice(top.content("manifest.json")).unwrap();
    list[0]["Layers"][0] = "".into();
    top.replace("manifest.json", list.to_string().as_bytes());
    fs::write(root.path().join("top.tar"), top.tar()).unwrap();
    let said = refused(root.path(), &["top.tar"]);
    assert!(
        said.contains("layer 1 is missing from the archive"),
        "{said}"
    );
}
