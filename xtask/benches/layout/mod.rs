//! OCI layout directories made up on disk, as large as a benchmark wants them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use xtask::model::Digest;

pub(crate) type Tar<'a> = tar::Builder<&'a mut dyn Write>;

/// How the layers are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    Plain,
    Gzip,
}

pub(crate) struct Layout {
    directory: PathBuf,
    stored: Stored,
    diff_ids: Vec<String>,
    layers: Vec<Value>,
}

impl Layout {
    pub(crate) fn new(directory: &Path, stored: Stored) -> Self {
        fs::create_dir_all(directory.join("blobs/sha256")).expect("a place for the blobs");
        Self {
            directory: directory.to_owned(),
            stored,
            diff_ids: Vec::new(),
            layers: Vec::new(),
        }
    }

    /// Adds a layer of what `add` appends to its tar.
    pub(crate) fn layer(&mut self, add: impl FnOnce(&mut Tar<'_>)) {
        let unfinished = self.directory.join("unfinished");
        let file = File::create(&unfinished).expect("a blob can be written");
        let mut blob = Hashed::of(Sparse(BufWriter::with_capacity(1 << 16, file)));
        let mut diff_id = None;
        if self.stored == Stored::Gzip {
            let mut packed = Hashed::of(GzEncoder::new(&mut blob, Compression::fast()));
            write(&mut packed, add);
            let (encoder, digest, _) = packed.finish();
            encoder.finish().expect("a blob can be written");
            diff_id = Some(digest);
        } else {
            write(&mut blob, add);
        }
        let (sparse, digest, bytes) = blob.finish();
        sparse.end(bytes).expect("a blob can be written");
        self.keep(&unfinished, &digest);
        self.diff_ids
            .push(diff_id.unwrap_or_else(|| digest.clone()));
        self.layers.push(json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "digest": digest,
            "size": bytes,
        }));
    }

    /// Writes what names the layers.
    pub(crate) fn finish(self) {
        let config = self.json(
            "config",
            &json!({
                "architecture": "amd64",
                "os": "linux",
                "config": {},
                "rootfs": { "type": "layers", "diff_ids": self.diff_ids },
            }),
        );
        let manifest = self.json(
            "manifest",
            &json!({
                "schemaVersion": 2,
                "config": config,
                "layers": self.layers,
            }),
        );
        let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
        let write = |name, content: &str| fs::write(self.directory.join(name), content);
        write("index.json", &index.to_string()).expect("an index can be written");
        write("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#).expect("so can this");
    }

    fn json(&self, what: &str, content: &Value) -> Value {
        let mut blob = Hashed::of(Vec::new());
        write!(blob, "{content}").expect("memory takes it");
        let (content, digest, bytes) = blob.finish();
        let unfinished = self.directory.join("unfinished");
        fs::write(&unfinished, content).expect("a blob can be written");
        self.keep(&unfinished, &digest);
        json!({
            "mediaType": format!("application/vnd.oci.image.{what}.v1+json"),
            "digest": digest,
            "size": bytes,
        })
    }

    fn keep(&self, unfinished: &Path, digest: &str) {
        let name = digest.replace(':', "/");
        let blob = self.directory.join("blobs").join(name);
        fs::rename(unfinished, blob).expect("it is in the same directory");
    }
}

fn write(to: &mut dyn Write, add: impl FnOnce(&mut Tar<'_>)) {
    let mut tar = tar::Builder::new(to);
    add(&mut tar);
    tar.finish().expect("a blob can be written");
}

/// A file that begins with its number and goes on with zeros.
pub(crate) fn file(tar: &mut Tar<'_>, path: &str, number: u64, bytes: u64) {
    let mut header = tar::Header::new_ustar();
    header.set_mode(0o644);
    header.set_size(bytes);
    let start = number.to_le_bytes();
    let content = start.as_slice().chain(io::repeat(0)).take(bytes);
    tar.append_data(&mut header, path, content)
        .expect("a blob can be written");
}

struct Hashed<W> {
    to: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashed<W> {
    fn of(to: W) -> Self {
        Self {
            to,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn finish(self) -> (W, String, u64) {
        let digest = Digest::from_hash(self.hash.finalize().into());
        (self.to, digest.to_string(), self.bytes)
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Leaves holes where zeros are, so that 4 GB of them take no room.
struct Sparse(BufWriter<File>);

impl Sparse {
    fn end(self, bytes: u64) -> io::Result<()> {
        let file = self
            .0
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.set_len(bytes)
    }
}

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() >= 4096 && bytes.iter().all(|byte| *byte == 0) {
            let hole = i64::try_from(bytes.len()).map_err(io::Error::other)?;
            self.0.seek(SeekFrom::Current(hole))?;
            return Ok(bytes.len());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
