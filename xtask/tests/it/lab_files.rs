//! The files of exercise 08: what they promise each other, and the images that they give.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use tar::Archive;
use tempfile::TempDir;
use xshell::{Shell, cmd};

const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(TOP).join(path)).unwrap()
}

/// The instructions from the first FROM to the line before `end`; comments and the name of
/// the stage left out, for the engine's cache does not look at them either.
fn build_phase(path: &str, end: &str) -> Vec<String> {
    text(path)
        .lines()
        .skip_while(|line| !line.starts_with("FROM"))
        .take_while(|line| *line != end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.trim_end_matches(" AS build").to_owned())
        .collect()
}

#[test]
fn every_variant_has_the_same_build_phase() {
    let single = build_phase("Dockerfile.single", r#"CMD ["/app/display"]"#);
    assert_eq!(single.len(), 8);
    assert_eq!(single, build_phase("Dockerfile.multi", "FROM scratch"));
    let ladder = build_phase(
        "lab/ex08/ladder/Dockerfile",
        "FROM ${PYTHON_IMAGE} AS python",
    );
    assert_eq!(single, ladder);
}

/// Compose 1.29 refuses a `name:`; a `# syntax=` makes BuildKit ask a registry; Docker
/// 20.10 has no heredocs.
#[test]
fn the_files_use_nothing_that_old_tools_refuse_or_that_needs_a_registry() {
    assert!(
        !text("compose.yaml")
            .lines()
            .any(|line| line.starts_with("name:"))
    );
    for path in [
        "Dockerfile.single",
        "Dockerfile.multi",
        "lab/ex08/ladder/Dockerfile",
    ] {
        assert!(!text(path).contains("syntax="), "{path}");
        assert!(!text(path).contains("<<"), "{path}");
    }
}

/// An image under a name of the test's own, which is taken away at the end. Its parents
/// stay: they are the build cache, and another image's layers.
struct Image<'a> {
    shell: &'a Shell,
    name: String,
}

impl<'a> Image<'a> {
    fn built(shell: &'a Shell, variant: &str) -> Self {
        let name = format!("lab-kit-test-{}:{variant}", std::process::id());
        let base = format!("PYTHON_IMAGE={}", base(shell));
        cmd!(shell, "docker build --quiet --tag {name} --build-arg {base} --file Dockerfile.{variant} lab/ex08")
            .quiet()
            .env("DOCKER_BUILDKIT", "0")
            .output()
            .unwrap();
        Self { shell, name }
    }

    fn output(&self) -> Vec<u8> {
        let name = &self.name;
        let sandbox = ["--rm", "--network=none", "--read-only"];
        cmd!(self.shell, "docker run {sandbox...} {name}")
            .quiet()
            .output()
            .unwrap()
            .stdout
    }

    /// The bytes of the regular files of each layer, by path.
    fn layers(&self) -> Vec<Vec<(String, u64)>> {
        let dir = TempDir::new().unwrap();
        let (saved, name) = (dir.path().join("saved.tar"), &self.name);
        cmd!(self.shell, "docker save --output {saved} {name}")
            .quiet()
            .run()
            .unwrap();
        Archive::new(File::open(&saved).unwrap())
            .unpack(dir.path())
            .unwrap();
        let manifest = fs::read(dir.path().join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        let layers = manifest[0]["Layers"].as_array().unwrap();
        layers
            .iter()
            .map(|layer| files(&dir.path().join(layer.as_str().unwrap())))
            .collect()
    }
}

impl Drop for Image<'_> {
    fn drop(&mut self) {
        let name = &self.name;
        let _ = cmd!(self.shell, "docker rmi --no-prune {name}")
            .quiet()
            .ignore_stdout()
            .run();
    }
}

/// The stand-in where this machine has one, for there the registry may be out of reach.
fn base(shell: &Shell) -> &'static str {
    let stand_in = "lab/python:offline";
    let found = cmd!(shell, "docker image inspect {stand_in}")
        .quiet()
        .ignore_stderr()
        .read();
    if found.is_ok() {
        stand_in
    } else {
        "python:3.13-slim"
    }
}

/// An engine that keeps layers as they are transferred saves them compressed.
fn files(layer: &Path) -> Vec<(String, u64)> {
    let mut content = fs::read(layer).unwrap();
    if content.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        GzDecoder::new(content.as_slice())
            .read_to_end(&mut unpacked)
            .unwrap();
        content = unpacked;
    }
    Archive::new(content.as_slice())
        .entries()
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.header().entry_type().is_file())
        .map(|entry| (entry.path().unwrap().display().to_string(), entry.size()))
        .collect()
}

#[test]
#[ignore = "needs Docker"]
fn both_images_display_the_same_and_multi_is_one_layer_of_512_bytes_at_most() {
    let shell = Shell::new().unwrap();
    shell.change_dir(TOP);
    let single = Image::built(&shell, "single");
    let multi = Image::built(&shell, "multi");

    let displayed = multi.output();
    assert!(displayed.starts_with("Bonjour depuis la phase de build !\n".as_bytes()));
    assert_eq!(displayed, single.output());

    let layers = multi.layers();
    assert_eq!(layers.len(), 1, "{layers:?}");
    let (paths, bytes): (Vec<_>, Vec<_>) = layers[0].iter().cloned().unzip();
    assert_eq!(paths, ["display", "output.txt"]);
    assert!(bytes.iter().sum::<u64>() <= 512, "{layers:?}");
}
