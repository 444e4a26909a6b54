//! One image taken apart, in each format.

mod csv;
mod sheet;

use std::io::{self, Write};

use super::listing::{self, Maker, Medium, View};
use super::{Look, wire};
use crate::model::{FileFate, ListFormat, Measured};

/// All that `layers` found out; exactly what `layers-report/1` holds.
#[derive(Clone, Debug, PartialEq)]
pub struct LayersReport {
    /// The image or archive, as it was named.
    pub source: String,
    pub measured: Measured,
    /// Each entry of each layer, from the lowest; `None` where they were not asked for.
    pub files: Option<Vec<FileFate>>,
}

/// Writes a report in a format. The same report, view and look give the same bytes.
pub fn render_layers(
    report: &LayersReport,
    view: View,
    format: ListFormat,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let medium = match format {
        ListFormat::Json => return wire::write_layers(report, out),
        ListFormat::Csv => return csv::render(report, view, out),
        ListFormat::Table => Medium::Terminal,
        ListFormat::Markdown => Medium::Markdown,
        ListFormat::Html => Medium::Html,
    };
    let sheet = sheet::of(report, Maker::new(view, look));
    listing::render(&sheet, medium, look, out)
}
