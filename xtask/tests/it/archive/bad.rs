//! Whatever is wrong with a source ends in a problem that says what and where.

use std::path::Path;

use serde_json::{Value, json};
use xtask::archive::{Select, Verify};
use xtask::model::{ArchiveProblem, Bound, Damage, Feature};

use super::{open_bytes, open_path, stream};
use crate::images::{
    Image, LAYER, LAYOUTS, Layout, Member, Members, Packing, Tar, descriptor, file, image, layer,
    members,
};

fn small() -> Image {
    let base = layer(&[file("etc/motd", b"hello"), file("bin/sh", &[9; 3_000])]);
    image("a:b", vec![base, layer(&[file("output.txt", b"text")])])
}

/// What both ways of reading say of an archive; they agree.
fn problem(members: &Members) -> ArchiveProblem {
    let archive = members.tar();
    let streamed = stream(&archive).unwrap_err();
    let opened = open_bytes(&archive, Verify::Headers).unwrap_err();
    assert_eq!(
        std::mem::discriminant(&streamed),
        std::mem::discriminant(&opened),
        "{streamed} and {opened}"
    );
    opened
}

#[test]
fn what_is_no_archive_is_said_to_be_none() {
    let none = |bytes: &[u8]| {
        for read in [
            stream(bytes).map(drop),
            open_bytes(bytes, Verify::Headers).map(drop),
        ] {
            assert!(
                matches!(read, Err(ArchiveProblem::NotAnArchive { .. })),
                "{read:?}"
            );
        }
    };
    none(b"hello");
    none(&[7; 5_000]);
    none(&Tar::default().end());
    none(&layer(&[file("etc/motd", b"a root file system")]));
    let inner = members(&[small()], Layout::Docker20, Packing::Plain).tar();
    none(&layer(&[file("image.tar", &inner)]));
    assert!(matches!(stream(b""), Err(ArchiveProblem::Empty { .. })));
    assert!(matches!(
        open_bytes(b"", Verify::All),
        Err(ArchiveProblem::Empty { .. })
    ));
    let open = |path: &Path| open_path(path, &Select::default(), Verify::Headers).unwrap_err();
    assert!(matches!(
        open(Path::new("/nowhere/image.tar")),
        ArchiveProblem::Open { .. }
    ));
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(
        open(directory.path()),
        ArchiveProblem::NotAnArchive { .. }
    ));
}

#[test]
fn a_blob_that_is_named_and_not_there_is_missing() {
    for layout in LAYOUTS {
        let whole = members(&[small()], layout, Packing::Plain);
        for left_out in 0..whole.0.len() {
            let mut members = members(&[small()], layout, Packing::Plain);
            let (path, _) = members.0.remove(left_out);
            let optional = [
                "VERSION",
                "json",
                "index.json",
                "manifest.json",
                "oci-layout",
                "repositories",
            ];
            let needed = !optional.contains(&path.rsplit('/').next().unwrap());
            if needed {
                match problem(&members) {
                    ArchiveProblem::MissingBlob { blob } => assert_eq!(blob, path),
                    other => panic!("{other}"),
                }
            }
        }
    }
}

fn manifest(members: &mut Members, change: impl FnOnce(&mut Value)) {
    let mut manifest: Value = serde_json::from_slice(members.content("manifest.json")).unwrap();
    change(&mut manifest[0]);
    members.replace("manifest.json", manifest.to_string().as_bytes());
}

#[test]
fn layers_and_diff_ids_must_be_as_many() {
    let mut fewer = members(&[small()], Layout::Podman, Packing::Plain);
    manifest(&mut fewer, |image| {
        drop(image["Layers"].as_array_mut().unwrap().pop());
    });
    assert!(matches!(
        problem(&fewer),
        ArchiveProblem::LayerCount {
            layers: 1,
            diff_ids: 2
        }
    ));
}

#[test]
fn layers_in_another_order_do_not_match_their_diff_ids() {
    let mut swapped = members(&[small()], Layout::Docker25, Packing::Plain);
    swapped.0.retain(|(path, _)| path != "index.json");
    manifest(&mut swapped, |image| {
        image["Layers"].as_array_mut().unwrap().reverse();
    });
    assert!(matches!(problem(&swapped), ArchiveProblem::Digest { .. }));
}

#[test]
fn an_image_without_layers_is_an_image() {
    for layout in LAYOUTS {
        let archive = members(&[image("a:b", vec![])], layout, Packing::Plain).tar();
        let read = open_bytes(&archive, Verify::Headers).unwrap();
        assert_eq!(read.layers, []);
        assert_eq!(stream(&archive).unwrap(), [read]);
    }
}

/// An archive whose only config is this, under a name that promises nothing.
fn with_config(config: &[u8]) -> Members {
    let mut members = members(&[small()], Layout::Docker20, Packing::Plain);
    let member = Member::Content(config.to_vec());
    members.0.push(("config".to_owned(), member));
    manifest(&mut members, |image| image["Config"] = json!("config"));
    members
}

#[test]
fn a_config_that_is_no_config_is_refused() {
    for content in [
        &b"nonsense"[..],
        b"",
        b"{",
        b"[]",
        br#"{"os":"linux"}"#,
        b"{} {}",
    ] {
        let refused = problem(&with_config(content));
        assert!(
            matches!(&refused, ArchiveProblem::Json { blob, .. } if blob == "config"),
            "{refused:?}"
        );
    }
    let config = |rootfs: Value| json!({ "architecture": "a", "os": "b", "rootfs": rootfs });
    let refused = |rootfs| match problem(&with_config(config(rootfs).to_string().as_bytes())) {
        ArchiveProblem::Unsupported { feature, .. } => feature,
        other => panic!("{other}"),
    };
    let other = json!({ "type": "snapshot" });
    assert_eq!(refused(other), Feature::Rootfs("snapshot".to_owned()));
    let sha512 = json!({ "type": "layers", "diff_ids": ["sha512:00"] });
    assert_eq!(
        refused(sha512),
        Feature::DigestAlgorithm("sha512:00".to_owned())
    );
}

#[test]
fn json_larger_than_its_limit_is_not_read() {
    let config = [b"{\"os\":\"", &vec![b'x'; 9 << 20][..], b"\"}"].concat();
    match problem(&with_config(&config)) {
        ArchiveProblem::Limit { blob, bound, .. } => {
            assert_eq!((blob.as_str(), bound), ("config", Bound::Json));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_layer_that_is_no_tar_is_refused() {
    let mut json = members(&[small()], Layout::Podman, Packing::Plain);
    manifest(&mut json, |image| {
        image["Layers"][1] = json!("manifest.json");
    });
    let refused = problem(&json);
    assert!(
        matches!(&refused, ArchiveProblem::Damaged { blob, damage: Damage::NotATar, .. } if blob == "manifest.json"),
        "{refused:?}"
    );
}

#[test]
fn a_blob_that_is_not_what_its_name_says_is_refused() {
    for layout in [Layout::Docker25, Layout::Oci] {
        for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
            let mut lying = members(&[small()], layout, packing);
            let path = lying.0[0].0.clone();
            let other = crate::images::pack(packing, &layer(&[file("other", b"content")]));
            lying.replace(&path, &other);
            let archive = lying.tar();
            let streamed = stream(&archive).unwrap_err();
            assert!(
                matches!(streamed, ArchiveProblem::Digest { .. }),
                "{streamed}"
            );
            let verified = open_bytes(&archive, Verify::All).unwrap_err();
            assert!(
                matches!(verified, ArchiveProblem::Digest { .. }),
                "{verified}"
            );
        }
    }
}

/// An OCI archive whose manifest was changed, and all digests with it.
fn with_manifest(change: impl FnOnce(&mut Value)) -> Members {
    let mut members = members(&[small()], Layout::Oci, Packing::Plain);
    let index: Value = serde_json::from_slice(members.content("index.json")).unwrap();
    let digest = index["manifests"][0]["digest"].as_str().unwrap();
    let path = digest.replace("sha256:", "blobs/sha256/");
    let mut manifest: Value = serde_json::from_slice(members.content(&path)).unwrap();
    change(&mut manifest);
    let manifest = manifest.to_string().into_bytes();
    let manifest = descriptor(
        &mut members,
        "application/vnd.oci.image.manifest.v1+json",
        manifest,
    );
    let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
    members.replace("index.json", index.to_string().as_bytes());
    members
}

#[test]
fn foreign_layers_and_unknown_media_types_are_refused_by_name() {
    let refused = |media_type: &str| {
        let media_type = media_type.to_owned();
        let changed =
            with_manifest(|manifest| manifest["layers"][0]["mediaType"] = json!(media_type));
        match problem(&changed) {
            ArchiveProblem::Unsupported { feature, .. } => feature,
            other => panic!("{other}"),
        }
    };
    for foreign in [
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ] {
        assert_eq!(refused(foreign), Feature::ForeignLayer);
    }
    for other in [
        &format!("{LAYER}+encrypted"),
        "application/vnd.in-toto+json",
    ] {
        assert_eq!(refused(other), Feature::MediaType(other.to_owned()));
    }
    let sha512 = with_manifest(|manifest| manifest["layers"][0]["digest"] = json!("sha512:00"));
    assert!(matches!(
        problem(&sha512),
        ArchiveProblem::Unsupported { .. }
    ));
    let size = with_manifest(|manifest| manifest["layers"][0]["size"] = json!(3));
    assert!(matches!(
        problem(&size),
        ArchiveProblem::Damaged {
            damage: Damage::Size,
            ..
        }
    ));
}

#[test]
fn indexes_inside_each_other_meet_a_limit() {
    let mut members = members(&[small()], Layout::Oci, Packing::Plain);
    for _ in 0..6 {
        let index = members.content("index.json").to_vec();
        let media_type = "application/vnd.oci.image.index.v1+json";
        let index = json!({ "manifests": [descriptor(&mut members, media_type, index)] });
        members.replace("index.json", index.to_string().as_bytes());
    }
    assert!(matches!(
        problem(&members),
        ArchiveProblem::Limit {
            bound: Bound::Depth,
            ..
        }
    ));
}

#[test]
fn headers_of_absurd_sizes_meet_a_limit() {
    for (flag, bound) in [
        (b'x', Bound::Extended),
        (b'g', Bound::Extended),
        (b'L', Bound::Name),
    ] {
        let mut tar = Tar::default();
        tar.header(flag, b"absurd", b"", 1 << 40);
        tar.0.resize(4_096, b'a');
        let one = image("a:b", vec![tar.end()]);
        match problem(&members(&[one], Layout::Docker20, Packing::Plain)) {
            ArchiveProblem::Limit { bound: met, .. } => assert_eq!(met, bound),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_follows_the_end_of_an_archive_meets_a_limit_however_it_is_read() {
    let whole = members(&[small()], Layout::Docker20, Packing::Plain).tar();
    for (megabytes, passes) in [(15, true), (17, false)] {
        let mut archive = whole.clone();
        archive.resize(whole.len() + (megabytes << 20), 0);
        for read in [
            stream(&archive).map(drop),
            open_bytes(&archive, Verify::Headers).map(drop),
            open_bytes(&archive, Verify::All).map(drop),
        ] {
            match read {
                Ok(()) => assert!(passes),
                Err(ArchiveProblem::Limit { bound, .. }) => {
                    assert_eq!((bound, passes), (Bound::Padding, false));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn the_layout_of_before_docker_1_10_is_refused_by_name() {
    let mut old = members(&[small()], Layout::Docker20, Packing::Plain);
    old.0.retain(|(path, _)| path != "manifest.json");
    let feature = match problem(&old) {
        ArchiveProblem::Unsupported { feature, .. } => feature,
        other => panic!("{other}"),
    };
    assert_eq!(feature, Feature::LegacyLayout);
}

#[test]
fn links_that_lead_in_circles_or_outside_lead_nowhere() {
    for target in ["layer.tar", "../../etc/passwd", "/nowhere"] {
        let mut circle = members(&[small()], Layout::Podman, Packing::Plain);
        manifest(&mut circle, |image| image["Layers"][0] = json!("layer.tar"));
        let link = Member::Symlink(target.to_owned());
        circle.0.push(("layer.tar".to_owned(), link));
        assert!(matches!(
            problem(&circle),
            ArchiveProblem::MissingBlob { .. }
        ));
    }
}
