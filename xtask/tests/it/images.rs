//! Images made by hand, in every layout that an engine or a tool writes.

mod tarball;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) use tarball::Tar;

/// One entry of a layer's tar.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) path: Vec<u8>,
    pub(crate) kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    File(Vec<u8>),
    Directory,
    Symlink(Vec<u8>),
    HardLink(Vec<u8>),
    Pipe,
}

/// How a tool lays an image out in an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Docker 20.10: a directory a layer, a repeated layer as a symlink.
    Docker20,
    /// Docker 25 and newer: an OCI layout with `manifest.json` beside.
    Docker25,
    /// Podman and skopeo's `docker-archive`.
    Podman,
    /// An OCI archive.
    Oci,
}

pub(crate) const LAYOUTS: [Layout; 4] = [
    Layout::Docker20,
    Layout::Docker25,
    Layout::Podman,
    Layout::Oci,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    /// Two members one after the other, as `pigz` and `cat` make them.
    GzipTwice,
    Zstd,
    /// A skippable frame and two frames.
    ZstdFrames,
    /// Some layers compressed and some not.
    Mixed,
}

pub(crate) const PACKINGS: [Packing; 6] = [
    Packing::Plain,
    Packing::Gzip,
    Packing::GzipTwice,
    Packing::Zstd,
    Packing::ZstdFrames,
    Packing::Mixed,
];

/// An image before it is laid out.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) name: String,
    pub(crate) platform: (&'static str, &'static str),
    /// The tars of its layers.
    pub(crate) layers: Vec<Vec<u8>>,
}

/// An image of these layers for `linux/amd64`.
pub(crate) fn image(name: &str, layers: Vec<Vec<u8>>) -> Image {
    Image {
        name: name.to_owned(),
        platform: ("linux", "amd64"),
        layers,
    }
}

pub(crate) fn file(path: &str, content: &[u8]) -> Node {
    node(path, NodeKind::File(content.to_vec()))
}

pub(crate) fn node(path: &str, kind: NodeKind) -> Node {
    Node {
        path: path.as_bytes().to_vec(),
        kind,
    }
}

/// A layer's tar, long names as GNU tar writes them.
pub(crate) fn layer(nodes: &[Node]) -> Vec<u8> {
    let mut tar = Tar::default();
    for node in nodes {
        tar.node(node);
    }
    tar.end()
}

pub(crate) fn pack(packing: Packing, content: &[u8]) -> Vec<u8> {
    let zstd = |part: &[u8]| compress_to_vec(part, CompressionLevel::Fastest);
    let (first, second) = content.split_at(content.len() / 2);
    match packing {
        Packing::Gzip => gzip(content),
        Packing::GzipTwice => [gzip(first), gzip(second)].concat(),
        Packing::Zstd => zstd(content),
        Packing::ZstdFrames => {
            let skipped = [0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3].to_vec();
            [skipped, zstd(first), zstd(second)].concat()
        }
        Packing::Mixed if is_packed(packing, content) => gzip(content),
        Packing::Plain | Packing::Mixed => content.to_vec(),
    }
}

pub(crate) fn is_packed(packing: Packing, content: &[u8]) -> bool {
    match packing {
        Packing::Plain => false,
        Packing::Mixed => Sha256::digest(content)[0] % 2 == 0,
        _ => true,
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn hex(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
}

pub(crate) fn digest(content: &[u8]) -> String {
    format!("sha256:{}", hex(content))
}

impl Image {
    pub(crate) fn config(&self) -> Vec<u8> {
        let diff_ids: Vec<String> = self.layers.iter().map(|tar| digest(tar)).collect();
        let config = json!({
            "architecture": self.platform.1,
            "os": self.platform.0,
            "config": { "Env": ["PATH=/bin"], "Cmd": ["/show"], "Labels": null },
            "rootfs": { "type": "layers", "diff_ids": diff_ids },
            "history": [{ "created_by": "COPY . . # buildkit" }],
        });
        config.to_string().into_bytes()
    }
}

/// The members of an archive: paths and contents, in the order in which they are written.
pub(crate) struct Members(pub(crate) Vec<(String, Member)>);

pub(crate) enum Member {
    Content(Vec<u8>),
    Symlink(String),
}

impl Members {
    fn add(&mut self, path: String, content: Vec<u8>) {
        if !self.0.iter().any(|(there, _)| *there == path) {
            self.0.push((path, Member::Content(content)));
        }
    }

    fn blob(&mut self, content: Vec<u8>) -> String {
        let path = format!("blobs/sha256/{}", hex(&content));
        self.add(path.clone(), content);
        path
    }

    fn json(&mut self, path: &str, value: &Value) {
        self.add(path.to_owned(), value.to_string().into_bytes());
    }

    pub(crate) fn tar(&self) -> Vec<u8> {
        let mut tar = Tar::default();
        for (path, member) in &self.0 {
            match member {
                Member::Content(content) => tar.entry(b'0', path.as_bytes(), b"", content),
                Member::Symlink(target) => {
                    tar.entry(b'2', path.as_bytes(), target.as_bytes(), b"");
                }
            }
        }
        tar.end()
    }

    /// Writes them as a directory.
    pub(crate) fn unpack(&self, directory: &Path) {
        for (path, member) in &self.0 {
            let path = directory.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            if let Member::Content(content) = member {
                std::fs::write(path, content).unwrap();
            }
        }
    }

    /// Puts other content in the place of a member's.
    pub(crate) fn replace(&mut self, path: &str, content: &[u8]) {
        let at = self.0.iter().position(|(there, _)| there == path);
        self.0[at.unwrap()].1 = Member::Content(content.to_vec());
    }

    pub(crate) fn content(&self, path: &str) -> &[u8] {
        let found = self.0.iter().find(|(there, _)| there == path);
        match &found.unwrap().1 {
            Member::Content(content) => content,
            Member::Symlink(_) => &[],
        }
    }
}

/// Lays images out as one of the tools does.
pub(crate) fn members(images: &[Image], layout: Layout, packing: Packing) -> Members {
    let mut members = Members(Vec::new());
    match layout {
        Layout::Docker20 => docker20(&mut members, images, packing),
        Layout::Podman => podman(&mut members, images, packing),
        Layout::Oci => {
            let index = oci(&mut members, images, packing);
            members.json("index.json", &index);
        }
        Layout::Docker25 => docker25(&mut members, images, packing),
    }
    members
}

fn docker20(members: &mut Members, images: &[Image], packing: Packing) {
    let mut list = Vec::new();
    for image in images {
        let mut paths = Vec::new();
        let mut parent = String::new();
        for tar in &image.layers {
            parent = hex(&[parent.as_bytes(), hex(tar).as_bytes()].concat());
            let path = format!("{parent}/layer.tar");
            members.add(format!("{parent}/VERSION"), b"1.0".to_vec());
            members.add(format!("{parent}/json"), b"{}".to_vec());
            let packed = pack(packing, tar);
            let same = |(path, member): &(String, Member)| match member {
                Member::Content(content) if *content == packed => Some(path.clone()),
                _ => None,
            };
            match members.0.iter().find_map(same) {
                Some(first) if first != path => {
                    let link = Member::Symlink(format!("../{first}"));
                    members.0.push((path.clone(), link));
                }
                _ => members.add(path.clone(), packed),
            }
            paths.push(path);
        }
        let config = format!("{}.json", hex(&image.config()));
        members.add(config.clone(), image.config());
        list.push(json!({ "Config": config, "RepoTags": [image.name], "Layers": paths }));
    }
    members.json("manifest.json", &Value::Array(list));
    members.json("repositories", &repositories(images));
}

fn podman(members: &mut Members, images: &[Image], packing: Packing) {
    let mut list = Vec::new();
    for image in images {
        let mut paths = Vec::new();
        for tar in &image.layers {
            let path = format!("{}.tar", hex(tar));
            members.add(path.clone(), pack(packing, tar));
            paths.push(path);
        }
        let config = format!("{}.json", hex(&image.config()));
        members.add(config.clone(), image.config());
        list.push(json!({ "Config": config, "RepoTags": [image.name], "Layers": paths }));
    }
    members.json("repositories", &repositories(images));
    members.json("manifest.json", &Value::Array(list));
}

fn docker25(members: &mut Members, images: &[Image], packing: Packing) {
    let index = oci(members, images, packing);
    let mut list = Vec::new();
    for image in images {
        let mut paths = Vec::new();
        let mut sources = serde_json::Map::new();
        for tar in &image.layers {
            let packed = pack(packing, tar);
            let source =
                json!({ "mediaType": LAYER, "digest": digest(&packed), "size": packed.len() });
            sources.insert(digest(tar), source);
            paths.push(members.blob(packed));
        }
        let config = format!("blobs/sha256/{}", hex(&image.config()));
        list.push(json!({
            "Config": config, "RepoTags": [image.name], "Layers": paths, "LayerSources": sources,
        }));
    }
    members.json("index.json", &index);
    members.json("manifest.json", &Value::Array(list));
    members.json("oci-layout", &json!({ "imageLayoutVersion": "1.0.0" }));
    members.json("repositories", &repositories(images));
}

fn repositories(images: &[Image]) -> Value {
    let mut all = serde_json::Map::new();
    for image in images {
        let (name, tag) = image.name.rsplit_once(':').unwrap();
        let tags = all.entry(name).or_insert_with(|| json!({}));
        tags[tag] = json!(hex(b"the last layer"));
    }
    Value::Object(all)
}

pub(crate) const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// Adds the blobs and gives the index. Where images have the same name and different
/// platforms, they are put in an index of their own, an attestation beside them.
fn oci(members: &mut Members, images: &[Image], packing: Packing) -> Value {
    let mut manifests = Vec::new();
    for image in images {
        let layers: Vec<Value> = image
            .layers
            .iter()
            .map(|tar| {
                let packed = pack(packing, tar);
                let media_type = match packing {
                    Packing::Plain => LAYER.to_owned(),
                    Packing::Gzip | Packing::GzipTwice | Packing::Mixed => format!("{LAYER}+gzip"),
                    Packing::Zstd | Packing::ZstdFrames => format!("{LAYER}+zstd"),
                };
                descriptor(members, &media_type, packed)
            })
            .collect();
        let config = descriptor(members, CONFIG, image.config());
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers,
        });
        let mut descriptor = descriptor(members, MANIFEST, manifest.to_string().into_bytes());
        let (os, arch) = image.platform;
        descriptor["platform"] = json!({ "os": os, "architecture": arch });
        descriptor["annotations"] =
            json!({ "io.containerd.image.name": format!("docker.io/library/{}", image.name) });
        manifests.push(descriptor);
    }
    json!({ "schemaVersion": 2, "manifests": manifests })
}

pub(crate) fn descriptor(members: &mut Members, media_type: &str, content: Vec<u8>) -> Value {
    let value =
        json!({ "mediaType": media_type, "digest": digest(&content), "size": content.len() });
    members.blob(content);
    value
}
