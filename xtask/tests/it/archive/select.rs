//! Which image of several is meant.

use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};
use xtask::archive::{Select, Verify, Watch, read_stream};
use xtask::model::{ArchiveProblem, Cancel, Digest, Events, ImageRecord, Platform, Verified};

use super::{open_path, stream};
use crate::images::{Image, LAYOUTS, Layout, Packing, descriptor, file, image, layer, members};

fn choose(
    archive: &[u8],
    name: Option<&str>,
    platform: Option<&str>,
) -> Result<ImageRecord, ArchiveProblem> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), archive).unwrap();
    let select = Select {
        name: name.map(str::to_owned),
        platform: platform.map(|text| Platform::parse(text).unwrap()),
    };
    open_path(file.path(), &select, Verify::Headers)
}

fn two() -> [Image; 2] {
    let base = layer(&[file("base", b"shared")]);
    [
        image("ex08:multi", vec![base.clone()]),
        image("ex08:single", vec![base, layer(&[file("gcc", &[1; 5000])])]),
    ]
}

#[test]
fn of_several_images_the_named_one_is_read() {
    for layout in LAYOUTS {
        let archive = members(&two(), layout, Packing::Plain).tar();
        let ambiguous = choose(&archive, None, None).unwrap_err();
        match ambiguous {
            ArchiveProblem::Ambiguous { there, .. } => assert_eq!(
                there,
                ["ex08:multi linux/amd64", "ex08:single linux/amd64"],
                "{layout:?}"
            ),
            other => panic!("{other}"),
        }
        let single = choose(&archive, Some("ex08:single"), None).unwrap();
        assert_eq!(
            (single.names.as_slice(), single.layers.len()),
            (&["ex08:single".to_owned()][..], 2)
        );
        let id = single.id.to_string();
        for name in [&id, &single.id.short(), "docker.io/library/ex08:single"] {
            assert_eq!(choose(&archive, Some(name), None).unwrap().id, single.id);
        }
        let missing = choose(&archive, Some("ex09"), None).unwrap_err();
        assert!(matches!(missing, ArchiveProblem::NoImage { there, .. } if there.len() == 2));
    }
}

#[test]
fn a_stream_gives_every_image_and_a_shared_layer_once() {
    for layout in LAYOUTS {
        let images = stream(&members(&two(), layout, Packing::Gzip).tar()).unwrap();
        assert_eq!(images.len(), 2);
        let base = |at: usize| &images[at].layers[0].content;
        assert_eq!(base(0), base(1));
        assert_eq!(images[0].verified, Verified::Whole);
    }
}

#[test]
fn two_names_of_one_image_are_one_image() {
    let one = image("a:1", vec![layer(&[file("x", b"1")])]);
    let mut other = one.clone();
    other.name = "b:2".to_owned();
    for layout in LAYOUTS {
        let archive = members(&[one.clone(), other.clone()], layout, Packing::Plain).tar();
        assert_eq!(choose(&archive, None, None).unwrap().names, ["a:1", "b:2"]);
    }
}

#[test]
fn of_several_platforms_the_wanted_one_is_read() {
    let mut images = two();
    images[0].platform.1 = "arm64";
    images[1].name = "ex08:multi".to_owned();
    let archive = members(&images, Layout::Oci, Packing::Plain).tar();
    for name in [None, Some("ex08:multi")] {
        let arm = choose(&archive, name, Some("linux/arm64/v8")).unwrap();
        assert_eq!(arm.platform, Platform::parse("linux/arm64"));
        assert_eq!(arm.layers.len(), 1);
        assert!(matches!(
            choose(&archive, name, None),
            Err(ArchiveProblem::Ambiguous { .. })
        ));
        assert!(matches!(
            choose(&archive, name, Some("linux/s390x")),
            Err(ArchiveProblem::NoPlatform { there, .. }) if there.len() == 2
        ));
    }
}

/// An index inside the index, as a containerd store saves an image of which it pulled one
/// platform: an attestation, and a platform whose blobs are not there.
#[test]
fn a_nested_index_is_followed_past_attestations_and_absent_platforms() {
    let mut members = members(&two()[..1], Layout::Oci, Packing::Zstd);
    let index: serde_json::Value = serde_json::from_slice(members.content("index.json")).unwrap();
    let mut absent = index["manifests"][0].clone();
    absent["platform"]["architecture"] = json!("s390x");
    absent["digest"] = json!(format!("sha256:{}", "7".repeat(64)));
    let mut attestation = descriptor(
        &mut members,
        "application/vnd.oci.image.manifest.v1+json",
        b"{}".to_vec(),
    );
    attestation["annotations"] = json!({ "vnd.docker.reference.type": "attestation-manifest" });
    let nested = json!({ "schemaVersion": 2,
        "manifests": [absent, index["manifests"][0], attestation] });
    let nested = descriptor(
        &mut members,
        "application/vnd.oci.image.index.v1+json",
        nested.to_string().into_bytes(),
    );
    let index = json!({ "schemaVersion": 2, "manifests": [nested] });
    members.replace("index.json", index.to_string().as_bytes());
    let archive = members.tar();
    assert_eq!(choose(&archive, None, None).unwrap().names, ["ex08:multi"]);
    assert_eq!(stream(&archive).unwrap().len(), 1);
    assert!(matches!(
        choose(&archive, None, Some("linux/s390x")),
        Err(ArchiveProblem::MissingBlob { .. })
    ));

    let directory = tempfile::tempdir().unwrap();
    members.unpack(directory.path());
    for (verify, packed) in [(Verify::Headers, true), (Verify::All, true)] {
        let read = open_path(directory.path(), &Select::default(), verify).unwrap();
        assert_eq!(read.verified, Verified::Whole, "compressed, so read whole");
        assert_eq!(read.layers[0].packed.is_some(), packed);
    }
}

#[test]
fn a_layout_directory_whose_blob_is_a_pipe_is_not_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let members = members(&two()[..1], Layout::Oci, Packing::Plain);
    members.unpack(directory.path());
    let blob = directory.path().join(&members.0[0].0);
    fs::remove_file(&blob).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &blob, rustix::fs::Mode::RWXU).unwrap();
    assert!(matches!(
        open_path(directory.path(), &Select::default(), Verify::Headers),
        Err(ArchiveProblem::MissingBlob { .. })
    ));
}

#[test]
fn packed_sizes_are_those_that_travel() {
    let one = &two()[..1];
    for layout in LAYOUTS {
        for packing in [Packing::Plain, Packing::Gzip] {
            let members = members(one, layout, packing);
            let read = choose(&members.tar(), None, None).unwrap();
            let stored = crate::images::pack(packing, &one[0].layers[0]).len() as u64;
            let travels = packing == Packing::Gzip || layout == Layout::Oci;
            assert_eq!(
                read.layers[0].packed.map(|packed| packed.0),
                travels.then_some(stored),
                "{layout:?} {packing:?}"
            );
        }
    }
}

#[test]
fn a_layer_that_is_known_is_shared_and_still_verified() {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let known = stream(&members(&two(), Layout::Docker25, Packing::Plain).tar()).unwrap();
    let known = Arc::clone(&known[0].layers[0].content);
    let find = |diff_id: &Digest| (*diff_id == known.diff_id).then(|| Arc::clone(&known));
    for layout in LAYOUTS {
        for packing in [Packing::Plain, Packing::Gzip] {
            let archive = members(&two(), layout, packing).tar();
            let watch = Watch::new(&events, &cancel);
            let images = read_stream(&archive[..], "stream", &find, watch).unwrap();
            for image in images {
                assert!(
                    Arc::ptr_eq(&image.record.layers[0].content, &known),
                    "{layout:?}"
                );
            }
        }
    }
    let mut lying = members(&two(), Layout::Docker25, Packing::Plain);
    let path = format!("blobs/sha256/{}", known.diff_id.hex());
    lying.replace(&path, &layer(&[file("base", b"harmed")]));
    let watch = Watch::new(&events, &cancel);
    let read = read_stream(&lying.tar()[..], "stream", &find, watch);
    assert!(matches!(read, Err(ArchiveProblem::Digest { .. })));
}

/// With the containerd store that is what an engine calls an image by.
#[test]
fn a_stream_tells_by_which_digests_it_leads_to_each_image() {
    let mut two = two();
    two[1].layers = two[0].layers.clone();
    two[1].platform = ("linux", "arm64");
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    for layout in [Layout::Docker25, Layout::Oci] {
        let members = members(&two, layout, Packing::Plain);
        let index: Value = serde_json::from_slice(members.content("index.json")).unwrap();
        let archive = members.tar();
        let watch = Watch::new(&events, &cancel);
        let sent = read_stream(&archive[..], "stream", &|_| None, watch).unwrap();
        for (number, image) in two.iter().enumerate() {
            let config = crate::images::digest(&image.config());
            let sent = sent
                .iter()
                .find(|sent| sent.record.id.to_string() == config);
            let led_by: Vec<String> = sent
                .unwrap()
                .led_by
                .iter()
                .map(ToString::to_string)
                .collect();
            let named = index["manifests"][number]["digest"].as_str().unwrap();
            assert_eq!(led_by, [named], "{layout:?}");
        }
    }
}
