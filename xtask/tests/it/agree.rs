//! One small and awkward image by every route that is at hand: the same figures and files.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use xtask::archive::{Select, Verify, Watch, read_stream};
use xtask::engine::{Endpoint, Engine};
use xtask::measure::{self, Subject};
use xtask::model::{Bytes, Cancel, Events, Fate, FileFate, ImageRecord, Kind, Wasted};

use crate::archive::open_path;
use crate::images::{self, Layout, Packing};
use crate::live;

/// Hard links, symlinks, names outside ASCII, empty files; then a change of mode alone, an
/// overwritten file, a removed file, directory and link, and a directory made anew.
const DOCKERFILE: &str = r#"FROM BASE
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

#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
fn command(program: &str) -> Command {
    Command::new(program)
}

fn is_here(program: &str) -> bool {
    let version = command(program).arg("--version").output();
    version.is_ok_and(|version| version.status.success())
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
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

/// The image in the engine's store, gone at the end.
fn built(engine: &Engine) -> live::Image {
    let image = live::Image { name: live::mark() };
    let words = ["build", "--no-cache", "--tag", &image.name, "-"];
    let base = engine.inspect(&live::base(engine).to_string(), &Cancel::default());
    let dockerfile = DOCKERFILE.replace("BASE", &base.unwrap().names[0]);
    let output = live::docker_reading(&words, dockerfile.as_bytes());
    assert!(output.status.success(), "{output:?}");
    image
}

/// What each route to the image gives, by the route's name.
#[derive(Default)]
struct Routes(BTreeMap<String, ImageRecord>);

impl Routes {
    fn add(&mut self, name: &str, record: ImageRecord) {
        self.0.insert(name.to_owned(), record);
    }

    fn skopeo(&mut self, saved: &Path, directory: &Path) {
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
            let to = format!("{transport}:{}:a/b:c", copy.display());
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

/// Podman with a store of its own.
struct Podman<'a>(&'a Path);

impl Podman<'_> {
    fn command(&self) -> Command {
        let mut podman = command("podman");
        podman.arg("--root").arg(self.0.join("podman-root"));
        podman.arg("--runroot").arg(self.0.join("podman-run"));
        podman.args(["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"]);
        podman
    }
}

/// Podman's Docker API on a socket, ended with this.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(podman: &Podman<'_>) -> Self {
        let address = format!("unix://{}", podman.0.join("podman.sock").display());
        let mut service = podman.command();
        service.args(["system", "service", "--time", "0", &address]);
        let child = service
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, address }
    }

    fn engine(&self) -> Engine {
        let endpoint = Endpoint::discover(Some(&self.address)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            match Engine::connect(&endpoint, &Cancel::default()) {
                Ok(engine) => return engine,
                Err(problem) => assert!(Instant::now() < deadline, "{problem}"),
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs Docker"]
#[expect(clippy::print_stderr, reason = "which routes were there")]
fn an_image_has_the_same_figures_and_files_by_every_route() {
    let engine = live::engine();
    let image = built(&engine);
    let expected = figures(&streamed(&engine, &image.name));
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
    let output = live::docker(&["save", "--output", saved.to_str().unwrap(), &image.name]);
    assert!(output.status.success(), "{output:?}");

    let mut routes = Routes::default();
    routes.add("docker save", opened(&saved, Verify::All));
    routes.newer(&saved, directory.path());
    let mut absent = Vec::new();
    if is_here("skopeo") {
        routes.skopeo(&saved, directory.path());
    } else {
        absent.push("skopeo");
    }
    if is_here("podman") {
        routes.podman(&saved, directory.path(), &image.name);
    } else {
        absent.push("podman");
    }
    for (route, record) in &routes.0 {
        assert!(figures(record) == expected, "{route}");
    }
    let headers = figures(&opened(&saved, Verify::Headers));
    assert!(
        without_content(headers) == without_content(expected),
        "by headers"
    );
    let run: Vec<_> = routes.0.keys().collect();
    eprintln!("agree with the engine: {run:?}, docker save by headers; absent: {absent:?}");
}
