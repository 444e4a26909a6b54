//! `diff-report/1`, the JSON of what `diff` found out.

use std::io::{self, Write};

use serde::Serialize;

use crate::model::{BaseTold, CauseKind, Digest, ImageDiff};
use crate::report::{DiffReport, DiffSide};

/// The value of `schema`.
pub const DIFF_SCHEMA: &str = "diff-report/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    before: Side<'a>,
    after: Side<'a>,
    #[serde(flatten)]
    diff: &'a ImageDiff,
}

#[derive(Serialize)]
struct Side<'a> {
    source: &'a str,
    /// Of a saved report.
    variant: Option<&'a str>,
    image_id: Option<Digest>,
    platform: Option<String>,
    base_told: BaseTold,
}

/// Writes a report as JSON, indented by two, with a line feed at the end.
pub fn write_diff(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: DIFF_SCHEMA,
        before: side(&report.before),
        after: side(&report.after),
        diff: &report.diff,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn side(side: &DiffSide) -> Side<'_> {
    Side {
        source: &side.source,
        variant: side.variant.as_deref(),
        image_id: side.image_id,
        platform: side.platform.as_ref().map(ToString::to_string),
        base_told: side.base_told,
    }
}

/// A cause as data names it; the same words as in JSON.
pub(in crate::report) fn cause_name(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::BaseDrift => "base_drift",
        CauseKind::ChangedInstruction => "changed_instruction",
        CauseKind::SameInstructionNewContent => "same_instruction_new_content",
        CauseKind::MetadataOnly => "metadata_only",
        CauseKind::Added => "added",
        CauseKind::Removed => "removed",
    }
}
