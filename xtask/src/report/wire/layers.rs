//! `layers-report/1`, the JSON of what `layers` found out.

use std::io::{self, Write};

use serde::Serialize;

use super::image::{WireLayer, WireSize, numbered};
use crate::model::{
    Advice, Base, BaseTold, Bytes, Digest, Fate, FileFate, ImagePath, Kind, Origin, SizedPath,
    Tree, Verified, WastedPath,
};
use crate::report::LayersReport;

/// The value of `schema`.
pub const LAYERS_SCHEMA: &str = "layers-report/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    source: &'a str,
    image_id: Option<Digest>,
    platform: Option<String>,
    verified: Verified,
    base: Option<Base>,
    base_told: BaseTold,
    size: WireSize,
    layers: Vec<Layer>,
    tree: Tree,
    largest: Vec<SizedPath>,
    waste: Vec<WastedPath>,
    advice: Vec<Advice>,
}

#[derive(Serialize)]
struct Layer {
    #[serde(flatten)]
    layer: WireLayer,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<Entry>>,
}

#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    path: ImagePath,
    kind: &'static str,
    bytes: Bytes,
    sha256: Option<Digest>,
    fate: Fate,
}

/// Writes a report as JSON, indented by two, with a line feed at the end.
pub fn write_layers(report: &LayersReport, out: &mut dyn Write) -> io::Result<()> {
    let measured = &report.measured;
    let mut entries = report.files.as_deref().map(|files| {
        let mut layers: Vec<Vec<Entry>> = Vec::new();
        layers.resize_with(measured.layers.len(), Vec::new);
        for file in files {
            layers[file.layer].push(file.into());
        }
        layers
    });
    let layers = numbered(&measured.layers).into_iter().map(|layer| {
        let entries = entries.as_mut();
        let entries = entries.map(|all| std::mem::take(&mut all[layer.index]));
        Layer { layer, entries }
    });
    let document = Document {
        schema: LAYERS_SCHEMA,
        source: &report.source,
        image_id: measured.image_id,
        platform: measured.platform.as_ref().map(ToString::to_string),
        verified: measured.verified,
        base: measured.base.clone(),
        base_told: measured.base_told(),
        size: measured.size.into(),
        layers: layers.collect(),
        tree: measured.tree.clone(),
        largest: measured.largest.clone(),
        waste: measured.waste.clone(),
        advice: measured.advice.clone(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

impl From<&FileFate> for Entry {
    fn from(file: &FileFate) -> Self {
        Self {
            path: file.path.clone(),
            kind: kind_name(&file.kind),
            bytes: file.bytes,
            sha256: file.sha256,
            fate: file.fate,
        }
    }
}

/// A kind as data names it, whatever the language.
pub(in crate::report) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::File { .. } => "file",
        Kind::HardLink { .. } => "hard_link",
        Kind::Symlink { .. } => "symlink",
        Kind::Directory => "directory",
        Kind::Device => "device",
        Kind::Whiteout => "whiteout",
        Kind::Opaque => "opaque",
    }
}

/// A fate as data names it; the same words as in JSON.
pub(in crate::report) fn fate_name(fate: Fate) -> &'static str {
    match fate {
        Fate::Live => "live",
        Fate::Overwritten => "overwritten",
        Fate::Deleted => "deleted",
        Fate::MetadataOnly => "metadata_only",
    }
}

/// An origin as data names it; the same words as in JSON.
pub(in crate::report) fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Base => "base",
        Origin::Own => "own",
    }
}
