use std::io::{self, Write};

use super::{
    LabReport, Look, MergedReport, annotations, bencher, csv, html, junit, markdown, sarif, table,
    wire,
};
use crate::model::Format;

/// Writes several reports as one document. One alone is written as [`render`] does.
pub fn render_merged(
    merged: &MergedReport,
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(report) = merged.only() {
        return render(report, format, look, out);
    }
    match format {
        Format::Table => table::render_merged(merged, look, out),
        Format::Json => wire::write_merged(merged, out),
        Format::Markdown => markdown::render_merged(merged, look, out),
        Format::Html => html::render_merged(merged, look.language, out),
        Format::Csv => csv::render_merged(merged, out),
        Format::Junit => junit::render_merged(merged, look.language, out),
        Format::Sarif => sarif::render_merged(merged, look.language, out),
        Format::Annotations => annotations::render_merged(merged, look.language, out),
        Format::Bencher => bencher::render_merged(merged, out),
    }
}

/// Writes a report in a format. The same report and look give the same bytes.
pub fn render(
    report: &LabReport,
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Table => table::render(report, look, out),
        Format::Json => wire::write(report, out),
        Format::Markdown => markdown::render(report, look, out),
        Format::Html => html::render(report, look.language, out),
        Format::Csv => csv::render(report, out),
        Format::Junit => junit::render(report, look.language, out),
        Format::Sarif => sarif::render(report, look.language, out),
        Format::Annotations => annotations::render(report, look.language, out),
        Format::Bencher => bencher::render(report, out),
    }
}
