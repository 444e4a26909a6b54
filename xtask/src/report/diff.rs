//! What came and what went between two images, in each format.

mod csv;
mod sheet;

use std::io::{self, Write};

use super::listing::{self, Maker, Medium, View};
use super::{Look, wire};
use crate::model::{BaseTold, Digest, ImageDiff, ListFormat, Platform};

/// All that `diff` found out; exactly what `diff-report/1` holds.
#[derive(Clone, Debug, PartialEq)]
pub struct DiffReport {
    pub before: DiffSide,
    pub after: DiffSide,
    pub diff: ImageDiff,
    pub paths: DiffPaths,
}

/// One of the two images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffSide {
    /// The image, archive or report, as it was named.
    pub source: String,
    /// Which variant of a report; `None` for anything else.
    pub variant: Option<String>,
    /// `None` of a baseline.
    pub image_id: Option<Digest>,
    pub platform: Option<Platform>,
    pub base_told: BaseTold,
}

/// What the paths of the causes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffPaths {
    Files,
    /// One side is a saved report, which holds no files.
    Directories,
}

/// Writes a report in a format. The same report, view and look give the same bytes.
pub fn render_diff(
    report: &DiffReport,
    view: View,
    format: ListFormat,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let medium = match format {
        ListFormat::Json => return wire::write_diff(report, out),
        ListFormat::Csv => return csv::render(report, out),
        ListFormat::Table => Medium::Terminal,
        ListFormat::Markdown => Medium::Markdown,
        ListFormat::Html => Medium::Html,
    };
    let sheet = sheet::of(report, Maker::new(view, look));
    listing::render(&sheet, medium, look, out)
}
