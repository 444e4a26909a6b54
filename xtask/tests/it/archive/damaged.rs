//! One image of a source may be damaged, or be none; the others are read all the same.

use serde_json::{Value, json};
use xtask::archive::{Select, Verify};
use xtask::model::{ArchiveProblem, ImageRecord, Platform};

use super::{open_bytes, open_path, stream};
use crate::images::{
    Image, LAYOUTS, Layout, Member, Members, Packing, descriptor, digest, file, hex, image, layer,
    members, pack,
};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

fn good() -> Image {
    let base = layer(&[
        file("etc/os-release", b"NAME=x\n\n"),
        file("bin/tool", &[1; 5_000]),
    ]);
    image(
        "good:1",
        vec![base, layer(&[file("app/main", &[2; 3_000])])],
    )
}

fn bad() -> Image {
    Image {
        platform: ("linux", "arm64"),
        ..image("bad:1", vec![layer(&[file("bad", &[3; 700])])])
    }
}

/// Reads the archive in each of the three ways.
fn each_way(archive: &[u8], select: &Select, check: impl Fn(Result<ImageRecord, ArchiveProblem>)) {
    for packing in [Packing::Plain, Packing::Gzip] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), pack(packing, archive)).unwrap();
        for verify in [Verify::Headers, Verify::All] {
            check(open_path(file.path(), select, verify));
        }
    }
}

fn called(name: &str) -> Select {
    Select {
        name: Some(name.to_owned()),
        platform: None,
    }
}

fn platform(text: &str) -> Select {
    Select {
        name: None,
        platform: Platform::parse(text),
    }
}

fn unpacked(image: &ImageRecord) -> u64 {
    let layers = image.layers.iter();
    layers.map(|layer| layer.content.unpacked().0).sum()
}

/// The paths of what only `bad` needs: its layer, its config and its manifest.
fn needed_by_bad(layout: Layout) -> Vec<String> {
    let alone = members(&[good()], layout, Packing::Plain);
    let both = members(&[good(), bad()], layout, Packing::Plain);
    let is_new = |path: &String| !alone.0.iter().any(|(there, _)| there == path);
    let paths = both.0.into_iter().map(|(path, _)| path);
    let mentioned = |path: &String| path.ends_with("VERSION") || path.ends_with("/json");
    paths
        .filter(|path| is_new(path) && !mentioned(path))
        .collect()
}

type Harm = fn(&mut Members, &str);

#[test]
fn a_damaged_image_ends_only_what_asks_for_it() {
    let harms: [(&str, Harm); 3] = [
        ("gone", |members, path| {
            members.0.retain(|(it, _)| it != path);
        }),
        ("harmed", |members, path| members.replace(path, b"harmed")),
        ("empty", |members, path| members.replace(path, b"")),
    ];
    for layout in LAYOUTS {
        let needed = needed_by_bad(layout);
        assert!(needed.len() >= 2, "{needed:?}");
        for path in &needed {
            for (what, harm) in harms {
                let mut both = members(&[good(), bad()], layout, Packing::Plain);
                harm(&mut both, path);
                let archive = both.tar();
                for select in [called("good:1"), platform("linux/amd64")] {
                    each_way(&archive, &select, |read| {
                        let read =
                            read.unwrap_or_else(|it| panic!("{layout:?} {path} {what}: {it}"));
                        assert_eq!(unpacked(&read), 8_008);
                    });
                }
                each_way(&archive, &called("bad:1"), |read| {
                    let problem = read.unwrap_err().to_string();
                    assert!(
                        problem.contains(path),
                        "{layout:?} {path} {what}: {problem}"
                    );
                });
                each_way(&archive, &Select::default(), |read| {
                    assert!(
                        matches!(read, Err(ArchiveProblem::Ambiguous { there, .. }) if there.len() == 2)
                    );
                });
                // What an engine sends holds what it was asked for.
                stream(&archive).unwrap_err();
            }
        }
    }
}

#[test]
fn an_entry_that_is_no_entry_ends_nothing_but_itself() {
    let mut docker = members(&[good()], Layout::Docker20, Packing::Plain);
    let mut list: Value = serde_json::from_slice(docker.content("manifest.json")).unwrap();
    list.as_array_mut().unwrap().push(json!({ "Config": 7 }));
    docker.replace("manifest.json", list.to_string().as_bytes());
    let mut oci = members(&[good()], Layout::Oci, Packing::Plain);
    let mut index: Value = serde_json::from_slice(oci.content("index.json")).unwrap();
    let entries = index["manifests"].as_array_mut().unwrap();
    entries.push(json!({ "digest": "sha256:00" }));
    entries.push(json!({ "digest": "md5:00", "size": 1 }));
    oci.replace("index.json", index.to_string().as_bytes());
    for members in [docker, oci] {
        each_way(&members.tar(), &called("good:1"), |read| {
            assert_eq!(unpacked(&read.unwrap()), 8_008);
        });
    }
}

/// The good image in an OCI archive, and these manifests beside it, each with what its
/// descriptor has more.
fn beside(others: &[(Value, Value)]) -> Members {
    let mut members = members(&[good()], Layout::Oci, Packing::Gzip);
    let mut index: Value = serde_json::from_slice(members.content("index.json")).unwrap();
    for (manifest, more) in others {
        let media_type = manifest["mediaType"].as_str().unwrap_or(MANIFEST);
        let content = manifest.to_string().into_bytes();
        let mut added = descriptor(&mut members, media_type, content);
        for (key, value) in more.as_object().unwrap() {
            added[key] = value.clone();
        }
        index["manifests"].as_array_mut().unwrap().push(added);
    }
    members.replace("index.json", index.to_string().as_bytes());
    members
}

/// What signs, attests or is something else, as cosign, `BuildKit`, oras and helm lay it out.
fn no_images() -> Vec<(Value, Value)> {
    let blob = |media_type: &str, content: &[u8]| json!({ "mediaType": media_type, "digest": digest(content), "size": content.len() });
    let empty = blob("application/vnd.oci.empty.v1+json", b"{}");
    let signature = blob(
        "application/vnd.dev.cosign.simplesigning.v1+json",
        b"{\"a\":1}",
    );
    let in_toto = blob("application/vnd.in-toto+json", b"{\"b\":2}");
    let config = blob(CONFIG, b"{\"c\":3}");
    let manifest = |config: &Value, layers: Value| json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
    let artifact = |layers: Value, kind: &str| {
        let mut manifest = manifest(&empty, layers);
        manifest["artifactType"] = json!(kind);
        manifest["subject"] = blob(MANIFEST, b"the image");
        manifest
    };
    let attestation = "application/vnd.docker.attestation.manifest.v1+json";
    let mut with_image_config = artifact(json!(null), attestation);
    with_image_config["config"] = config.clone();
    let unknown = json!({ "platform": { "os": "unknown", "architecture": "unknown" } });
    let reference =
        json!({ "annotations": { "vnd.docker.reference.type": "attestation-manifest" } });
    let named = json!({ "annotations": { "org.opencontainers.image.ref.name": "sha256-00.sig" } });
    let none = json!({});
    let chart = blob("application/vnd.cncf.helm.config.v1+json", b"{\"d\":4}");
    let draft = json!({
        "mediaType": "application/vnd.oci.artifact.manifest.v1+json",
        "artifactType": "application/vnd.x", "blobs": [signature],
    });
    vec![
        (manifest(&config, json!([signature])), named),
        (
            manifest(&config, json!([in_toto, in_toto])),
            unknown.clone(),
        ),
        (manifest(&config, json!(null)), unknown),
        (manifest(&config, json!([])), reference),
        (artifact(json!([in_toto]), attestation), none.clone()),
        (artifact(json!([]), attestation), none.clone()),
        (artifact(json!(null), "application/vnd.x"), none.clone()),
        (with_image_config, none.clone()),
        (
            manifest(&empty, json!(null)),
            json!({ "artifactType": "application/vnd.x" }),
        ),
        (manifest(&chart, json!([signature])), none.clone()),
        (draft, none),
    ]
}

#[test]
fn signatures_attestations_and_artifacts_are_no_images() {
    let mut all = no_images();
    let count = all.len();
    for some in 0..=count {
        let others = if some == count {
            std::mem::take(&mut all)
        } else {
            vec![all[some].clone()]
        };
        let archive = beside(&others).tar();
        each_way(&archive, &Select::default(), |read| {
            assert_eq!(unpacked(&read.unwrap()), 8_008, "{others:?}");
        });
        assert_eq!(stream(&archive).unwrap().len(), 1);
    }
}

#[test]
fn what_holds_no_image_is_called_by_what_it_holds() {
    for other in no_images() {
        let mut alone = beside(&[other]);
        let mut index: Value = serde_json::from_slice(alone.content("index.json")).unwrap();
        index["manifests"].as_array_mut().unwrap().remove(0);
        alone.replace("index.json", index.to_string().as_bytes());
        match open_bytes(&alone.tar(), Verify::Headers) {
            Err(ArchiveProblem::NotAnImage { what, .. }) => {
                assert!(what.starts_with("application/vnd."), "{what}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_image_without_layers_is_one_however_its_manifest_says_so() {
    for layers in [json!(null), json!([])] {
        let empty = image("none:1", Vec::new()).config();
        let config = json!({ "mediaType": CONFIG, "digest": digest(&empty), "size": empty.len() });
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
        let mut members = beside(&[(
            manifest,
            json!({ "annotations": { "org.opencontainers.image.ref.name": "none:1" } }),
        )]);
        members.0.push((
            format!("blobs/sha256/{}", hex(&empty)),
            Member::Content(empty),
        ));
        each_way(&members.tar(), &called("none:1"), |read| {
            assert_eq!(read.unwrap().layers, []);
        });
        each_way(&members.tar(), &called("good:1"), |read| {
            assert_eq!(unpacked(&read.unwrap()), 8_008);
        });
    }
}

#[test]
fn a_platform_whose_layers_are_kept_elsewhere_leaves_the_others_readable() {
    let mut members = beside(&[]);
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    let windows = Image {
        platform: ("windows", "amd64"),
        ..bad()
    };
    let layers = [descriptor(&mut members, foreign, windows.layers[0].clone())];
    let config = descriptor(&mut members, CONFIG, windows.config());
    let manifest = json!({ "schemaVersion": 2, "config": config, "layers": layers });
    let content = manifest.to_string().into_bytes();
    let mut index: Value = serde_json::from_slice(members.content("index.json")).unwrap();
    let mut added = descriptor(&mut members, MANIFEST, content);
    added["platform"] = json!({ "os": "windows", "architecture": "amd64" });
    index["manifests"].as_array_mut().unwrap().push(added);
    members.replace("index.json", index.to_string().as_bytes());
    each_way(&members.tar(), &platform("linux/amd64"), |read| {
        assert_eq!(unpacked(&read.unwrap()), 8_008);
    });
    each_way(&members.tar(), &platform("windows/amd64"), |read| {
        assert!(matches!(read, Err(ArchiveProblem::Unsupported { .. })));
    });
}

/// Engines read `manifest.json` alone, and tools leave the older file empty or as it was.
#[test]
fn whatever_stands_in_repositories_decides_nothing() {
    for layout in [Layout::Docker20, Layout::Docker25, Layout::Podman] {
        for content in [&b"{}"[..], b"", b"nonsense", br#"{"other":{"1":"00"}}"#] {
            let mut members = members(&[good()], layout, Packing::Plain);
            members.replace("repositories", content);
            each_way(&members.tar(), &Select::default(), |read| {
                let read = read.unwrap();
                assert_eq!(unpacked(&read), 8_008);
                assert_eq!(read.names, ["good:1"]);
            });
        }
    }
}

#[test]
fn an_image_that_does_not_say_its_platform_is_read() {
    for platform in [
        json!({}),
        json!({ "architecture": null, "os": "linux" }),
        json!({ "architecture": "", "os": "" }),
    ] {
        let tar = layer(&[file("bin/tool", &[1; 5_008])]);
        let mut config = platform.clone();
        config["config"] = json!({});
        config["rootfs"] = json!({ "type": "layers", "diff_ids": [digest(&tar)] });
        let mut members = Members(Vec::new());
        let mut add = |path: &str, content: Vec<u8>| {
            members.0.push((path.to_owned(), Member::Content(content)));
        };
        add("layer.tar", tar);
        add("config", config.to_string().into_bytes());
        let manifest =
            json!([{ "Config": "config", "RepoTags": ["noarch:1"], "Layers": ["layer.tar"] }]);
        add("manifest.json", manifest.to_string().into_bytes());
        let archive = members.tar();
        each_way(&archive, &Select::default(), |read| {
            let read = read.unwrap();
            assert_eq!((unpacked(&read), read.platform), (5_008, None));
        });
        let select = Select {
            name: None,
            platform: Platform::parse("linux/amd64"),
        };
        each_way(&archive, &select, |read| {
            assert!(matches!(read, Err(ArchiveProblem::NoPlatform { .. })));
        });
    }
}
