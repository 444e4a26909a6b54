use std::io::{self, Write};

use ::csv::Writer;

use crate::model::{Bytes, FileFate, ImagePath, Kind, Order};
use crate::report::LayersReport;
use crate::report::csv::{cell, number};
use crate::report::listing::{View, folded, sums};
use crate::report::wire::{fate_name, kind_name, origin_name};

/// One table of comma-separated values (RFC 4180, line feeds alone): the files where they
/// were asked for, else the directories of so many levels where these were, else the layers.
/// Its bytes add up to the image.
pub(super) fn render(report: &LayersReport, view: View, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Writer::from_writer(out);
    match (&report.files, view.depth) {
        (Some(all), _) => files(all, view, &mut rows)?,
        (None, Some(depth)) => directories(report, depth, view, &mut rows)?,
        (None, None) => layers(report, &mut rows)?,
    }
    rows.flush()
}

fn layers<W: Write>(report: &LayersReport, rows: &mut Writer<W>) -> io::Result<()> {
    rows.write_record([
        "layer",
        "diff_id",
        "origin",
        "unpacked",
        "packed",
        "files",
        "wasted",
        "dockerfile",
        "line",
        "instruction",
    ])?;
    for (index, layer) in report.measured.layers.iter().enumerate() {
        let step = layer.step.as_ref();
        let place = step.and_then(|step| step.place.as_ref());
        rows.write_record([
            index.to_string(),
            layer.diff_id.map(|id| id.to_string()).unwrap_or_default(),
            origin_name(layer.origin).to_owned(),
            layer.unpacked.0.to_string(),
            number(layer.packed.map(|Bytes(packed)| packed)),
            layer.files.to_string(),
            layer.wasted.0.to_string(),
            cell(place.map(|place| place.dockerfile.as_str())),
            number(place.and_then(|place| place.line)),
            cell(step.map(|step| step.instruction.as_str())),
        ])?;
    }
    Ok(())
}

fn directories<W: Write>(
    report: &LayersReport,
    depth: u16,
    view: View,
    rows: &mut Writer<W>,
) -> io::Result<()> {
    let entries = report.measured.tree.entries.iter();
    let sums = sums(
        entries.map(|entry| ((folded(&entry.path, depth), entry.layer), entry.bytes)),
        |sum: &mut Bytes, bytes| *sum += bytes,
    );
    let mut all: Vec<((ImagePath, usize), Bytes)> = sums.into_iter().collect();
    if view.order == Order::Size {
        all.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    }
    rows.write_record(["path", "layer", "bytes"])?;
    let min = view.min.unwrap_or_default();
    for ((path, layer), bytes) in all.into_iter().filter(|(_, bytes)| *bytes >= min) {
        let path = cell(Some(&path.to_string()));
        rows.write_record([path, layer.to_string(), bytes.0.to_string()])?;
    }
    Ok(())
}

fn files<W: Write>(all: &[FileFate], view: View, rows: &mut Writer<W>) -> io::Result<()> {
    let min = view.min.unwrap_or_default();
    let mut all: Vec<&FileFate> = all.iter().filter(|file| file.bytes >= min).collect();
    match view.order {
        Order::Size => all.sort_by_key(|file| std::cmp::Reverse(file.bytes)),
        Order::Path => all.sort_by(|one, other| one.path.cmp(&other.path)),
    }
    rows.write_record(["layer", "path", "kind", "bytes", "fate", "sha256", "target"])?;
    for file in all {
        let target = match &file.kind {
            Kind::HardLink { target } => target.to_string(),
            Kind::Symlink { target } => String::from_utf8_lossy(target).into_owned(),
            _ => String::new(),
        };
        rows.write_record([
            file.layer.to_string(),
            cell(Some(&file.path.to_string())),
            kind_name(&file.kind).to_owned(),
            file.bytes.0.to_string(),
            fate_name(file.fate).to_owned(),
            number(file.sha256),
            cell(Some(&target)),
        ])?;
    }
    Ok(())
}
