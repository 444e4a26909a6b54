//! Whose layers are the base's, and how sure that is.

use serde_json::{Value, json};
use xtask::model::Cancel;

use super::{Archive, SCHEMA, check, json_of, stdout};
use crate::images::{Layout, Members, Packing, descriptor, file, image, layer, members};
use crate::live;

const BASE_NAME: &str = "org.opencontainers.image.base.name";

/// Where an OCI archive can name the base.
#[derive(Clone, Copy)]
struct Named {
    index: Option<&'static str>,
    descriptor: Option<&'static str>,
    manifest: Option<&'static str>,
}

fn json_at(members: &Members, path: &str) -> Value {
    serde_json::from_slice(members.content(path)).unwrap()
}

fn annotate(value: &mut Value, name: Option<&str>) {
    if let Some(name) = name {
        value["annotations"][BASE_NAME] = json!(name);
    }
}

fn archive(named: Named) -> Archive {
    let layers = [("etc/os", 700), ("app/tool", 30)];
    let layers = layers.map(|(path, bytes)| layer(&[file(path, &vec![1; bytes])]));
    let image = image("ex08:multi", layers.to_vec());
    let mut members = members(&[image], Layout::Oci, Packing::Gzip);
    let mut index = json_at(&members, "index.json");
    let old = index["manifests"][0].clone();
    let hex = old["digest"].as_str().unwrap().replace("sha256:", "");
    let mut manifest = json_at(&members, &format!("blobs/sha256/{hex}"));
    annotate(&mut manifest, named.manifest);
    let media_type = old["mediaType"].as_str().unwrap();
    let content = manifest.to_string().into_bytes();
    let mut new = descriptor(&mut members, media_type, content);
    annotate(&mut new, named.descriptor);
    index["manifests"][0] = new;
    annotate(&mut index, named.index);
    members.replace("index.json", index.to_string().as_bytes());
    Archive::of(&members.tar())
}

#[test]
fn the_annotation_nearest_to_an_image_names_its_base_and_shows_nothing() {
    let none = Named {
        index: None,
        descriptor: None,
        manifest: None,
    };
    let index = Named {
        index: Some("far:1"),
        ..none
    };
    let descriptor = Named {
        descriptor: Some("near:1"),
        ..index
    };
    let manifest = Named {
        manifest: Some("own:1\u{1b}[31m"),
        ..descriptor
    };
    for (named, expected) in [
        (none, None),
        (index, Some("far:1")),
        (descriptor, Some("near:1")),
        (manifest, Some("own:1\u{1b}[31m")),
    ] {
        let archive = archive(named);
        let report = json_of(&["layers", archive.text(), "--format", "json"]);
        check(SCHEMA, &report);
        let base = expected.map(|name| json!({ "reference": name, "id": null, "stand_in": false }));
        assert_eq!(report["base"], json!(base));
        let told = if expected.is_some() {
            "name"
        } else {
            "nothing"
        };
        assert_eq!(report["base_told"], told);
        assert_eq!(report["size"]["own"], 730);
        let table = stdout(&["layers", archive.text()]);
        assert!(!table.contains('\u{1b}'));
        assert_eq!(
            table.contains("base unknown"),
            expected.is_none(),
            "{table}"
        );
        if let Some(name) = expected {
            let readable = name.split('\u{1b}').next().unwrap();
            assert!(table.contains(&format!("base {readable}")), "{table}");
            assert!(table.contains("base known by name only"), "{table}");
        }
    }
}

/// buildah names the base of an image that has none so.
#[test]
fn an_image_that_names_no_base_is_all_its_own() {
    for name in ["", "scratch"] {
        let named = Named {
            index: Some("far:1"),
            descriptor: None,
            manifest: Some(name),
        };
        let archive = archive(named);
        let report = json_of(&["layers", archive.text(), "--format", "json"]);
        check(SCHEMA, &report);
        assert_eq!(report["base"], json!(null));
        assert_eq!(report["base_told"], "whole");
        assert_eq!(report["size"]["own"], 730);
        assert!(!stdout(&["layers", archive.text()]).contains("base unknown"));
    }
}

/// Its label decides: Podman names it `localhost/lab/python:offline`.
#[test]
#[ignore = "needs Docker"]
fn a_stand_in_is_known_on_every_engine() {
    let engine = live::engine();
    let stand_in = "lab/python:offline";
    let is_there = engine.has_image(stand_in, &Cancel::default()).unwrap();
    let base = if is_there {
        stand_in
    } else {
        "python:3.13-slim"
    };
    let text = format!("FROM {base}\nLABEL {BASE_NAME}={base}\nCOPY Dockerfile /x\n");
    let image = live::Image::built(&text);
    let report = json_of(&["layers", &image.name, "--format", "json"]);
    assert_eq!(report["base"]["stand_in"], is_there, "{}", report["base"]);
}

#[test]
#[ignore = "needs Docker"]
fn a_stand_in_under_another_name_is_still_one() {
    let made = "FROM scratch\nLABEL lab-kit.stand-in=python:3.13-slim\nCOPY Dockerfile /os\n";
    let base = live::Image::built(made);
    let text = format!(
        "FROM {0}\nLABEL {BASE_NAME}={0}\nCOPY Dockerfile /x\n",
        base.name
    );
    let image = live::Image::built(&text);
    let report = json_of(&["layers", &image.name, "--format", "json"]);
    assert_eq!(report["base"]["reference"], json!(base.name));
    assert_eq!(report["base"]["stand_in"], true);
}

#[test]
#[ignore = "needs Docker"]
fn a_label_that_names_no_image_ends_nothing() {
    let text = format!("FROM scratch\nLABEL {BASE_NAME}=LAB/Base:1\nCOPY Dockerfile /x\n");
    let image = live::Image::built(&text);
    let report = json_of(&["layers", &image.name, "--format", "json"]);
    assert_eq!(report["base"], json!(null));
}
