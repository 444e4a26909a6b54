//! Images read from the layer records that an engine keeps on this machine.
//!
//! Stores are made here, so that they can be damaged: the records are what tar-split writes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use xtask::archive::{FromRecords, KnownLayers, Select, Verify, Watch, read_records};
use xtask::measure::{self, Subject};
use xtask::model::{
    ArchiveProblem, Cancel, Digest, EngineRecords, Events, ImageRecord, Kind, RecordedLayer,
};

use crate::archive::open_path;
use crate::images::{self, Layout, Packing};

/// A file of a made-up layer.
#[derive(Clone, Debug)]
struct Made {
    path: String,
    content: Vec<u8>,
    mode: u32,
}

fn hex(bytes: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    Digest::from_hash(hash).hex()
}

/// CRC-64 with the polynomial of ISO 3309, as tar-split uses it.
fn checksum(bytes: &[u8]) -> [u8; 8] {
    let mut sum = u64::MAX;
    for byte in bytes {
        sum ^= u64::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                sum >> 1 ^ 0xd800_0000_0000_0000
            } else {
                sum >> 1
            };
        }
    }
    (!sum).to_be_bytes()
}

/// A store with one image of these layers, as Docker lays it out.
struct Store {
    directory: tempfile::TempDir,
    id: Digest,
    tars: Vec<Vec<u8>>,
    chains: Vec<String>,
}

impl Store {
    fn of(layers: &[Vec<Made>]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().to_owned();
        let image = root.join("image/overlay2");
        let mut diff_ids = Vec::new();
        let mut chains: Vec<String> = Vec::new();
        let mut tars = Vec::new();
        for (number, files) in layers.iter().enumerate() {
            let (tar, records) = tar_and_records(files);
            let diff_id = format!("sha256:{}", hex(&tar));
            let chain = match chains.last() {
                None => diff_id["sha256:".len()..].to_owned(),
                Some(below) => hex(format!("sha256:{below} {diff_id}").as_bytes()),
            };
            let record = image.join("layerdb/sha256").join(&chain);
            fs::create_dir_all(&record).unwrap();
            fs::write(record.join("diff"), &diff_id).unwrap();
            fs::write(record.join("cache-id"), format!("cache{number}")).unwrap();
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(&records).unwrap();
            fs::write(record.join("tar-split.json.gz"), packed.finish().unwrap()).unwrap();
            let tree = root.join(format!("overlay2/cache{number}/diff"));
            fs::create_dir_all(&tree).unwrap();
            for made in files {
                let path = tree.join(&made.path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &made.content).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(made.mode)).unwrap();
            }
            diff_ids.push(diff_id);
            chains.push(chain);
            tars.push(tar);
        }
        let config = json!({
            "architecture": "amd64", "os": "linux", "config": {},
            "rootfs": { "type": "layers", "diff_ids": diff_ids },
            "history": [],
        });
        let config = serde_json::to_vec(&config).unwrap();
        let id = hex(&config);
        let contents = image.join("imagedb/content/sha256");
        fs::create_dir_all(&contents).unwrap();
        fs::write(contents.join(&id), config).unwrap();
        Self {
            directory,
            id: format!("sha256:{id}").parse().unwrap(),
            tars,
            chains,
        }
    }

    fn root(&self) -> &Path {
        self.directory.path()
    }

    fn record(&self, layer: usize) -> PathBuf {
        let layers = self.root().join("image/overlay2/layerdb/sha256");
        layers.join(&self.chains[layer])
    }

    fn read_knowing(
        &self,
        known: &BTreeMap<Digest, RecordedLayer>,
    ) -> Result<FromRecords, ArchiveProblem> {
        let (events, cancel) = (Events::nowhere(), Cancel::default());
        let known = KnownLayers {
            verified: &|_| None,
            recorded: &|diff_id| known.get(diff_id).cloned(),
        };
        let records = EngineRecords {
            root: self.root().to_owned(),
            driver: "overlay2".to_owned(),
        };
        let watch = Watch::new(&events, &cancel);
        read_records(&records, &[self.id], &[], &known, &watch)
    }

    fn read(&self) -> Result<ImageRecord, ArchiveProblem> {
        let mut read = self.read_knowing(&BTreeMap::new())?;
        Ok(read.images.remove(0))
    }

    /// The same image read byte by byte from an archive.
    fn whole(&self) -> ImageRecord {
        let image = images::image("a:b", self.tars.clone());
        let archive = images::members(&[image], Layout::Docker25, Packing::Plain).tar();
        let path = self.root().join("saved.tar");
        fs::write(&path, archive).unwrap();
        open_path(&path, &Select::default(), Verify::All).unwrap()
    }
}

/// The tar of a layer, and what tar-split stores of it.
fn tar_and_records(files: &[Made]) -> (Vec<u8>, Vec<u8>) {
    let mut builder = tar::Builder::new(Vec::new());
    for made in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(made.content.len() as u64);
        header.set_mode(made.mode);
        header.set_cksum();
        builder
            .append_data(&mut header, &made.path, &made.content[..])
            .unwrap();
    }
    let tar = builder.into_inner().unwrap();
    let mut records = Vec::new();
    let mut raw = 0;
    let mut archive = tar::Archive::new(&tar[..]);
    let line = |records: &mut Vec<u8>, value| {
        records.extend(serde_json::to_vec(&value).unwrap());
        records.push(b'\n');
    };
    for (entry, made) in archive.entries().unwrap().zip(files) {
        let content = usize::try_from(entry.unwrap().raw_file_position()).unwrap();
        line(
            &mut records,
            json!({ "type": 2, "payload": BASE64_STANDARD.encode(&tar[raw..content]) }),
        );
        let sum =
            (!made.content.is_empty()).then(|| BASE64_STANDARD.encode(checksum(&made.content)));
        line(
            &mut records,
            json!({ "type": 1, "name": made.path, "size": made.content.len(), "payload": sum }),
        );
        raw = content + made.content.len();
    }
    line(
        &mut records,
        json!({ "type": 2, "payload": BASE64_STANDARD.encode(&tar[raw..]) }),
    );
    (tar, records)
}

fn made(path: &str, content: &[u8]) -> Made {
    Made {
        path: path.to_owned(),
        content: content.to_owned(),
        mode: 0o755,
    }
}

/// Sizes, waste by cause and what becomes of each file, with equal contents as one number.
fn figures(record: &ImageRecord) -> impl PartialEq + std::fmt::Debug + use<> {
    let subject = Subject {
        record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    };
    let size = measure::images(&[subject]).remove(0).size;
    let fates = measure::files(record).into_iter().map(|mut file| {
        file.sha256 = None;
        if let Kind::File { content, .. } = &mut file.kind {
            *content = None;
        }
        file
    });
    let scripts = record
        .layers
        .iter()
        .map(|layer| layer.content.scripts.clone());
    (
        size.unpacked,
        size.live,
        size.wasted,
        size.duplicate,
        fates.collect::<Vec<_>>(),
        scripts.collect::<Vec<_>>(),
    )
}

fn layers() -> impl Strategy<Value = Vec<Vec<Made>>> {
    let content = prop_oneof![
        Just(Vec::new()),
        Just(b"#!/bin/sh\n".to_vec()),
        (0..3_u8, 500..1_100_usize).prop_map(|(byte, count)| vec![byte; count]),
        proptest::collection::vec(0..3_u8, 1..4),
    ];
    let long = "long/".repeat(40) + "x";
    let paths = ["a", "b", "d/c", "d/.wh.c", ".wh.a", &long].map(str::to_owned);
    let layer =
        proptest::collection::btree_map(proptest::sample::select(paths.to_vec()), content, 1..6);
    let layer = layer.prop_map(|files| {
        let files = files.into_iter();
        files
            .map(|(path, content)| Made {
                mode: if content.len() % 2 == 0 { 0o755 } else { 0o644 },
                path,
                content,
            })
            .filter(|made| !(made.mode == 0o644 && made.content.starts_with(b"#!")))
            .collect()
    });
    proptest::collection::vec(layer, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The second reading knows what the first one learned.
    #[test]
    fn records_and_the_whole_tars_give_the_same_figures(layers in layers()) {
        let store = Store::of(&layers);
        let expected = figures(&store.whole());
        let first = store.read_knowing(&BTreeMap::new()).unwrap();
        prop_assert_eq!(&figures(&first.images[0]), &expected);
        let known = first.learned.into_iter().map(|it| (it.layer.diff_id, it)).collect();
        let again = store.read_knowing(&known).unwrap();
        prop_assert_eq!(&again.images[0], &first.images[0]);
        prop_assert!(again.learned.is_empty());
    }
}

#[test]
fn contents_of_one_size_and_checksum_are_compared_byte_by_byte() {
    let store = Store::of(&[
        vec![made("a", b"one")],
        vec![made("a", b"one"), made("b", b"two")],
    ]);
    let record = store.read().unwrap();
    assert_eq!(figures(&record), figures(&store.whole()));
    // The records say that they are equal, and the disk says that they are not.
    fs::write(store.root().join("overlay2/cache1/diff/a"), b"eno").unwrap();
    let record = store.read().unwrap();
    assert_ne!(figures(&record), figures(&store.whole()));
}

#[test]
fn whatever_is_not_as_expected_is_left_to_the_save_stream() {
    type Damage = fn(&Store);
    let damages: [(&str, Damage); 9] = [
        ("no record", |store| {
            fs::remove_dir_all(store.record(1)).unwrap();
        }),
        ("another layer's record", |store| {
            fs::copy(store.record(0).join("diff"), store.record(1).join("diff")).unwrap();
        }),
        ("no headers", |store| {
            fs::remove_file(store.record(0).join("tar-split.json.gz")).unwrap();
        }),
        ("headers cut off", |store| {
            let path = store.record(0).join("tar-split.json.gz");
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 9]).unwrap();
        }),
        ("headers that are none", |store| {
            let mut packed = GzEncoder::new(
                File::create(store.record(0).join("tar-split.json.gz")).unwrap(),
                Compression::fast(),
            );
            packed.write_all(b"{\"type\":7}\n").unwrap();
            packed.finish().unwrap();
        }),
        ("a directory that is named by a path", |store| {
            fs::write(store.record(0).join("cache-id"), "../cache0").unwrap();
        }),
        ("another config", |store| {
            let path = store.root().join("image/overlay2/imagedb/content/sha256");
            let path = path.join(store.id.hex());
            let mut config = fs::read(&path).unwrap();
            config.push(b' ');
            fs::write(path, config).unwrap();
        }),
        ("a file that is gone", |store| {
            fs::remove_file(store.root().join("overlay2/cache0/diff/d/a")).unwrap();
        }),
        ("a link out of the store", |store| {
            let directory = store.root().join("overlay2/cache0/diff/d");
            fs::remove_dir_all(&directory).unwrap();
            let outside = store.root().join("outside");
            fs::create_dir(&outside).unwrap();
            fs::write(outside.join("a"), b"one").unwrap();
            symlink(outside, directory).unwrap();
        }),
    ];
    for (what, damage) in damages {
        let store = Store::of(&[vec![made("d/a", b"one")], vec![made("b", b"one")]]);
        assert!(store.read().is_ok(), "{what}");
        damage(&store);
        assert!(store.read().is_err(), "{what}");
    }
}
