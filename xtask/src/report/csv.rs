//! One row a layer, for a spreadsheet: what is of the whole variant stands in each of its
//! rows, so that sums over `layer_*` columns add up to the images.

use std::io::{self, Write};
use std::time::Duration;

use ::csv::Writer;

use super::merged::{builder_name, kind_name};
use super::{LabReport, MergedReport, VariantReport};
use crate::lang::visible;
use crate::model::{Bytes, Ending, LayerSize, Origin, Role, Run};

const COLUMNS: [&str; 28] = [
    "lab",
    "created",
    "variant",
    "role",
    "image",
    "platform",
    "base",
    "image_unpacked",
    "image_live",
    "build_seconds",
    "run_exit_code",
    "run_seconds",
    "layer",
    "layer_origin",
    "layer_unpacked",
    "layer_packed",
    "layer_files",
    "layer_wasted",
    "dockerfile",
    "line",
    "instruction",
    "image_before",
    "image_change",
    "engine",
    "engine_version",
    "engine_platform",
    "storage",
    "builder",
];

/// Writes comma-separated values (RFC 4180, line feeds alone) under the names of
/// [`COLUMNS`]: bytes and seconds, an unknown value empty. A variant without an image has
/// one row.
pub(super) fn render(report: &LabReport, out: &mut dyn Write) -> io::Result<()> {
    write(std::slice::from_ref(report), out)
}

/// The rows of every report in one table.
pub(super) fn render_merged(merged: &MergedReport, out: &mut dyn Write) -> io::Result<()> {
    write(merged.reports(), out)
}

fn write(reports: &[LabReport], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for (report, variant) in reports.iter().flat_map(variants_of) {
        let layers = variant
            .measured
            .as_ref()
            .map_or(&[][..], |measured| &measured.layers);
        for (index, layer) in layers.iter().enumerate() {
            rows.write_record(row(report, variant, Some((index, layer))))?;
        }
        if layers.is_empty() {
            rows.write_record(row(report, variant, None))?;
        }
    }
    rows.flush()
}

fn variants_of(report: &LabReport) -> impl Iterator<Item = (&LabReport, &VariantReport)> {
    report.variants.iter().map(move |variant| (report, variant))
}

fn row(
    report: &LabReport,
    variant: &VariantReport,
    layer: Option<(usize, &LayerSize)>,
) -> [String; COLUMNS.len()] {
    let measured = variant.measured.as_ref();
    let run = variant.run.as_ref();
    let engine = &report.engine;
    let (index, layer) = layer.unzip();
    let step = layer.and_then(|layer| layer.step.as_ref());
    let place = step.and_then(|step| step.place.as_ref());
    let baseline = report.baseline.as_ref();
    let unpacked = baseline
        .and_then(|it| it.of(&variant.name))
        .map(|it| it.diff.unpacked);
    [
        cell(report.lab.as_deref()),
        cell(report.created.as_deref()),
        cell(Some(&variant.name)),
        cell(variant.role.map(role)),
        cell(variant.image.as_deref()),
        cell(
            measured
                .and_then(|it| it.platform.as_ref())
                .map(ToString::to_string)
                .as_deref(),
        ),
        cell(
            measured
                .and_then(|it| it.base.as_ref())
                .map(|base| base.reference.as_str()),
        ),
        number(measured.map(|it| it.size.unpacked.0)),
        number(measured.map(|it| it.size.live.0)),
        number(seconds(variant.built().and_then(|it| it.took))),
        number(run.and_then(exit_code)),
        number(seconds(run.and_then(|it| it.took))),
        number(index),
        cell(layer.map(|layer| origin(layer.origin))),
        number(layer.map(|layer| layer.unpacked.0)),
        number(layer.and_then(|layer| layer.packed).map(|Bytes(it)| it)),
        number(layer.map(|layer| layer.files)),
        number(layer.map(|layer| layer.wasted.0)),
        cell(place.map(|place| place.dockerfile.as_str())),
        number(place.and_then(|place| place.line)),
        cell(step.map(|step| step.instruction.as_str())),
        number(unpacked.map(|it| it.before.0)),
        number(unpacked.map(|it| it.delta().0)),
        cell(Some(kind_name(engine.kind))),
        cell(engine.version.as_deref()),
        cell(Some(&engine.platform.to_string())),
        cell(engine.storage.as_deref()),
        cell(Some(builder_name(engine.builder))),
    ]
}

pub(super) fn number(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A stranger's text on one line. What a spreadsheet would run as a formula is made text by
/// an apostrophe before it.
pub(super) fn cell(text: Option<&str>) -> String {
    let text = visible(text.unwrap_or_default());
    let first = text.trim_start().chars().next();
    let is_formula = first.is_some_and(|first| "=+-@＝＋－＠|%".contains(first));
    if is_formula {
        format!("'{text}")
    } else {
        text.into_owned()
    }
}

fn exit_code(run: &Run) -> Option<i64> {
    match run.ending {
        Ending::TimedOut { .. } => None,
        ref ending => ending.code(),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Reference => "reference",
        Role::Rung => "rung",
        Role::Solution => "solution",
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Base => "base",
        Origin::Own => "own",
    }
}

fn seconds(time: Option<Duration>) -> Option<f64> {
    time.map(|time| time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use ::csv::Reader;

    use super::{COLUMNS, cell, render, render_merged};
    use crate::report::LabReport;
    use crate::report::sample::{accepted, matrix, regressed, rejected};

    fn written(report: &LabReport) -> Vec<u8> {
        let mut bytes = Vec::new();
        render(report, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_row_is_a_layer() {
        let text = String::from_utf8(written(&accepted())).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 7 + 1);
        insta::assert_snapshot!(lines[2], @r"ex08,2026-01-31T12:00:00Z,single,reference,ex08:single,linux/amd64,python:3.13-slim,569392468,550090017,0.31,0,0.24,1,own,381166870,,7624,19302451,Dockerfile.single,7,RUN apt-get update \\n && apt-get install -y --no-install-recommends gcc libc6-dev,,,docker,28.2.2,linux/amd64,overlay2,buildkit");
        insta::assert_snapshot!(lines[8], @"ex08,2026-01-31T12:00:00Z,multi,solution,ex08:multi,linux/amd64,,453,453,0.31,0,0.112,0,own,453,,1,0,Dockerfile.multi,20,COPY --from=build /app/ /,,,docker,28.2.2,linux/amd64,overlay2,buildkit");
    }

    #[test]
    fn what_was_and_what_changed_stands_beside_each_layer() {
        let bytes = written(&regressed());
        let mut reader = Reader::from_reader(bytes.as_slice());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        let last = records.last().unwrap();
        assert_eq!(&last[2], "multi");
        assert_eq!((&last[21], &last[22]), ("453", "3000007"));
    }

    #[test]
    fn the_layers_of_an_image_add_up_to_it_and_no_variant_is_missing() {
        let report = rejected();
        let bytes = written(&report);
        let mut reader = Reader::from_reader(bytes.as_slice());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        let column = |name| COLUMNS.iter().position(|it| *it == name).unwrap();
        for variant in &report.variants {
            let name = cell(Some(&variant.name));
            let of_variant = records
                .iter()
                .filter(|record| record[column("variant")] == name);
            let sizes: Vec<u64> = of_variant
                .map(|record| record[column("layer_unpacked")].parse().unwrap_or(0))
                .collect();
            let unpacked = variant.measured.as_ref().map_or(0, |it| it.size.unpacked.0);
            assert!(!sizes.is_empty(), "{name}");
            assert_eq!(sizes.iter().sum::<u64>(), unpacked, "{name}");
        }
    }

    #[test]
    fn a_formula_is_made_text_and_a_record_is_one_line() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{a0}=1", "＝1"] {
            assert_eq!(cell(Some(formula)), format!("'{formula}"));
        }
        assert_eq!(cell(Some("\t=1\r\n")), "\\t=1\\r\\n");
        assert_eq!(cell(Some("a-b")), "a-b");
        let text = String::from_utf8(written(&rejected())).unwrap();
        let mut reader = Reader::from_reader(text.as_bytes());
        assert_eq!(reader.records().count() + 1, text.lines().count());
    }

    #[test]
    fn several_reports_are_one_table_with_their_engines() {
        let mut bytes = Vec::new();
        render_merged(&matrix(), &mut bytes).unwrap();
        let mut reader = Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap(), COLUMNS.as_slice());
        let column = |name| COLUMNS.iter().position(|it| *it == name).unwrap();
        let told = ["lab", "platform", "engine", "engine_version"].map(column);
        let records = reader.records().map(Result::unwrap);
        let mut shards: Vec<_> = records
            .map(|record| told.map(|at| record[at].to_owned()).join(" "))
            .filter(|shard| shard.starts_with("ex08"))
            .collect();
        shards.dedup();
        assert_eq!(
            shards,
            [
                "ex08 linux/amd64 docker 20.10.24",
                "ex08 linux/amd64 docker 28.2.2",
                "ex08 linux/arm64 podman 5.4.2",
            ]
        );
    }
}
