//! One small and awkward image by every route that is at hand: the same figures and files.
//!
//! `LAB_TEST_ENGINES` may name more engines, by their addresses with blanks between them.

mod others;

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use xtask::archive::{KnownLayers, Select, Verify, Watch, read_records, read_stream};
use xtask::engine::{Endpoint, Engine};
use xtask::measure::{self, Subject};
use xtask::model::{Bytes, Cancel, Events, Fate, FileFate, ImageRecord, Kind, Verified, Wasted};

use crate::archive::open_path;
use crate::images::{self, Layout, Packing};
use crate::layers::json_of;
use crate::live;
use others::{Loaded, Podman, Service, command, is_here, succeed};

/// A shell and what it needs, a few megabytes of the base. Then
/// hard links, symlinks, names outside ASCII, empty files; then a change of mode alone, an
/// overwritten file, a removed file, directory and link, and a directory made anew.
const DOCKERFILE: &str = r#"FROM BASE AS base
RUN for program in sh mkdir head chmod rm ln; do \
      file=$(readlink -f "$(command -v $program)"); mkdir -p /small/bin; \
      cp "$file" /small/bin/$program; \
      ldd "$file" | grep -o '/[^ ]*' | while read -r library; do cp -L --parents "$library" /small; done; \
    done
FROM scratch
COPY --from=base /small /
RUN mkdir -p /a/old/deep /a/gone "/a/é ü" && cd /a && head -c 70000 /dev/zero >big \
 && echo one >over && echo same >mode && echo x >removed && echo y >old/deep/y \
 && echo z >gone/z && : >empty && echo é >"é ü/naïve 名" && ln big hard && ln -s /a/big soft \
 && ln -s nowhere broken
RUN cd /a && chmod 600 mode && echo two >over && rm removed hard broken && rm -r gone
RUN cd /a && rm -rf old && mkdir old && echo new >old/new && ln -sf over soft && ln over twin
"#;

type Figures = (Bytes, Bytes, Wasted, Vec<FileFate>);

fn figures(record: &ImageRecord) -> Figures {
    let subject = Subject {
        record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    };
    let size = measure::images(&[subject]).remove(0).size;
    (
        size.unpacked,
        size.live,
        size.wasted,
        measure::files(record),
    )
}

/// The same without the digests, which are told apart by headers where that is enough.
fn without_content((unpacked, live, wasted, mut files): Figures) -> Figures {
    for file in &mut files {
        file.sha256 = None;
        if let Kind::File { content, .. } = &mut file.kind {
            *content = None;
        }
    }
    (unpacked, live, wasted, files)
}

fn opened(path: &Path, verify: Verify) -> ImageRecord {
    open_path(path, &Select::default(), verify).unwrap()
}

fn streamed(engine: &Engine, name: &str) -> ImageRecord {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let id = engine.inspect(name, &cancel).unwrap().id;
    let saved = engine.save(&[id], &cancel).unwrap();
    let watch = Watch::new(&events, &cancel);
    read_stream(saved, name, &|_| None, watch)
        .unwrap()
        .remove(0)
        .record
}

/// By the engine's own layer records; `None` where it has none that can be read.
fn recorded(engine: &Engine, name: &str) -> Option<ImageRecord> {
    let records = engine.records()?;
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let id = engine.inspect(name, &cancel).unwrap().id;
    let known = KnownLayers {
        verified: &|_| None,
        recorded: &|_| None,
    };
    let watch = Watch::new(&events, &cancel);
    let read = read_records(records, &[id], &[], &known, &watch).unwrap();
    let [record] = <[_; 1]>::try_from(read.images).unwrap();
    assert_eq!(record.verified, Verified::Headers);
    Some(record)
}

/// The image in the engine's store, and the stage that its shell comes from.
fn built<'n>(engine: &'n Engine, names: &'n [String; 2]) -> [Loaded<'n>; 2] {
    let base = engine.inspect(&live::base(engine).to_string(), &Cancel::default());
    let dockerfile = DOCKERFILE.replace("BASE", &base.unwrap().names[0]);
    let address = engine.endpoint().address();
    [("base", &names[0]), ("", &names[1])].map(|(target, name)| {
        let words = ["build", "--target", target, "--tag", name, "-"];
        let words = if target.is_empty() {
            [&words[..1], &words[3..]].concat()
        } else {
            words.to_vec()
        };
        let output = live::docker_reading(&words, dockerfile.as_bytes());
        assert!(output.status.success(), "{output:?}");
        Loaded { address, name }
    })
}

/// What each route to the image gives, by the route's name.
#[derive(Default)]
struct Routes(BTreeMap<String, ImageRecord>);

impl Routes {
    fn add(&mut self, name: &str, record: ImageRecord) {
        self.0.insert(name.to_owned(), record);
    }

    fn skopeo(&mut self, saved: &Path, directory: &Path, tag: &str) {
        for (transport, packing) in [
            ("oci", "gzip"),
            ("oci", "zstd"),
            ("oci-archive", "gzip"),
            ("oci-archive", "zstd"),
            ("docker-archive", "gzip"),
        ] {
            let name = format!("skopeo {transport} {packing}");
            let copy = directory.join(name.replace(' ', "-"));
            let from = format!("docker-archive:{}", saved.display());
            let to = format!(
                "{transport}:{}:docker.io/library/{tag}:{packing}",
                copy.display()
            );
            let options = ["--dest-compress-format", packing];
            let mut skopeo = command("skopeo");
            succeed(
                skopeo
                    .args(["copy", "--quiet"])
                    .args(options)
                    .args([from, to]),
            );
            self.add(&name, opened(&copy, Verify::All));
        }
    }

    fn podman(&mut self, saved: &Path, directory: &Path, name: &str) {
        let podman = Podman(directory);
        succeed(podman.command().args(["load", "--input"]).arg(saved));
        for format in ["docker-archive", "oci-archive"] {
            let copy = directory.join(format!("podman-{format}"));
            let mut save = podman.command();
            succeed(
                save.args(["save", "--format", format, "--output"])
                    .arg(&copy)
                    .arg(name),
            );
            self.add(&format!("podman save {format}"), opened(&copy, Verify::All));
        }
        let service = Service::start(&podman);
        self.add("podman's engine", streamed(&service.engine(), name));
    }

    /// Another engine, into whose store the image is loaded.
    fn engine(&mut self, address: &str, saved: &Path, directory: &Path, name: &str) {
        let endpoint = Endpoint::discover(Some(address)).unwrap();
        let engine = Engine::connect(&endpoint, &Cancel::default()).unwrap();
        let facts = engine.facts();
        let called = format!(
            "{:?} {} {}",
            facts.kind,
            facts.version.as_deref().unwrap_or("?"),
            facts.storage.as_deref().unwrap_or("?")
        );
        let loaded = Loaded::of(address, saved, name).unwrap();
        self.add(&called, streamed(&engine, name));
        let copy = directory.join("of-another.tar");
        loaded.succeed(&["save", "--output", copy.to_str().unwrap(), name]);
        self.add(&format!("{called}, saved"), opened(&copy, Verify::All));
        // The classic stores take no OCI archive.
        for packing in ["gzip", "zstd"] {
            let archive = directory.join(format!("skopeo-oci-archive-{packing}"));
            let packed = format!("{name}:{packing}");
            if let Some(_loaded) = Loaded::of(address, &archive, &packed) {
                self.add(&format!("{called}, {packing}"), streamed(&engine, &packed));
            }
        }
    }

    /// The layers of the real save as Docker 25 and newer lay them out.
    fn newer(&mut self, saved: &Path, directory: &Path) {
        let image = images::image("a:b", layers_of(saved));
        let copy = directory.join("docker-25");
        let members = images::members(&[image], Layout::Docker25, Packing::Plain);
        fs::write(&copy, members.tar()).unwrap();
        self.add("docker 25", opened(&copy, Verify::All));
    }
}

/// The unpacked tars of a `docker save` file's layers, from the lowest.
fn layers_of(saved: &Path) -> Vec<Vec<u8>> {
    let mut members = HashMap::new();
    let mut archive = tar::Archive::new(fs::File::open(saved).unwrap());
    for member in archive.entries().unwrap() {
        let mut member = member.unwrap();
        let path = member.path().unwrap().display().to_string();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        if content.starts_with(&[0x1f, 0x8b]) {
            let packed = std::mem::take(&mut content);
            let mut unpacked = MultiGzDecoder::new(&packed[..]);
            unpacked.read_to_end(&mut content).unwrap();
        }
        members.insert(path, content);
    }
    let manifest: Value = serde_json::from_slice(&members["manifest.json"]).unwrap();
    let paths = manifest[0]["Layers"].as_array().unwrap().iter();
    paths
        .map(|path| members[path.as_str().unwrap()].clone())
        .collect()
}

#[test]
#[ignore = "needs Docker"]
#[expect(clippy::print_stderr, reason = "which routes were there")]
fn an_image_has_the_same_figures_and_files_by_every_route() {
    let engine = live::engine();
    let names = [live::mark(), live::mark()];
    let [_stage, image] = built(&engine, &names);
    let expected = figures(&streamed(&engine, image.name));
    let fates = [
        Fate::Live,
        Fate::Overwritten,
        Fate::Deleted,
        Fate::MetadataOnly,
    ];
    for fate in fates {
        assert!(expected.3.iter().any(|file| file.fate == fate), "{fate:?}");
    }
    let directory = tempfile::tempdir().unwrap();
    let saved = directory.path().join("saved.tar");
    let output = live::docker(&["save", "--output", saved.to_str().unwrap(), image.name]);
    assert!(output.status.success(), "{output:?}");

    let mut routes = Routes::default();
    routes.add("docker save", opened(&saved, Verify::All));
    routes.newer(&saved, directory.path());
    let mut absent = Vec::new();
    if is_here("skopeo") {
        routes.skopeo(&saved, directory.path(), image.name);
    } else {
        absent.push("skopeo");
    }
    if is_here("podman") {
        routes.podman(&saved, directory.path(), image.name);
    } else {
        absent.push("podman");
    }
    let others = env::var("LAB_TEST_ENGINES").unwrap_or_default();
    for address in others.split_whitespace() {
        routes.engine(address, &saved, directory.path(), image.name);
    }
    for (route, record) in &routes.0 {
        assert!(figures(record) == expected, "{route}");
    }
    let expected = without_content(expected);
    let headers = figures(&opened(&saved, Verify::Headers));
    assert!(without_content(headers) == expected, "by headers");
    match recorded(&engine, image.name) {
        Some(record) => assert!(without_content(figures(&record)) == expected, "by records"),
        None => absent.push("layer records"),
    }
    let run: Vec<_> = routes.0.keys().collect();
    eprintln!("agree with the engine: {run:?}, docker save by headers; absent: {absent:?}");
}

/// An engine with the containerd store calls images by their manifests.
#[test]
#[ignore = "needs Docker"]
fn two_images_of_the_same_layers_are_not_taken_for_each_other() {
    let others = env::var("LAB_TEST_ENGINES").unwrap_or_default();
    let own = live::endpoint().address().to_owned();
    for address in others.split_whitespace().chain([own.as_str()]) {
        let names = [live::mark(), live::mark()];
        let imported = [0, 1].map(|number| {
            let change = format!("ENV NUMBER={number}");
            let words = [
                "--host",
                address,
                "import",
                "--change",
                &change,
                "-",
                &names[number],
            ];
            let tar = images::layer(&[images::file("a", b"the same")]);
            assert!(live::docker_reading(&words, &tar).status.success());
            let name = &names[number];
            Loaded { address, name }
        });
        let asked = ["--host", address, "--cold", "--format", "json"];
        let alone = imported.each_ref().map(|image| {
            json_of(&[&["layers", image.name], &asked[..]].concat())["image_id"].clone()
        });
        assert_ne!(alone[0], alone[1]);
        for [one, other] in [[0, 1], [1, 0]] {
            let both = ["diff", imported[one].name, imported[other].name];
            let report = json_of(&[&both[..], &asked[..]].concat());
            assert_eq!(report["before"]["image_id"], alone[one], "{address}");
            assert_eq!(report["after"]["image_id"], alone[other], "{address}");
        }
    }
}
