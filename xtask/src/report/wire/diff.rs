//! `diff-report/1`, the JSON of what `diff` found out.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::image::WireStep;
use super::scalar::Path;
use crate::model::{BaseTold, Bytes, CauseKind, Change, Delta, DiffCause, Digest, PathChange};
use crate::report::{DiffReport, DiffSide};

/// The value of `schema`.
pub const DIFF_SCHEMA: &str = "diff-report/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    before: Side<'a>,
    after: Side<'a>,
    unpacked: WireChange,
    base_delta: Delta,
    own_delta: Delta,
    causes: Vec<Cause>,
    explained: f64,
}

#[derive(Serialize)]
struct Side<'a> {
    source: &'a str,
    /// Of a saved report.
    variant: Option<&'a str>,
    image_id: Option<Digest>,
    platform: String,
    base_told: BaseTold,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct WireChange {
    before: Bytes,
    after: Bytes,
    /// Made of the two, and never read back.
    #[serde(default, skip_deserializing)]
    delta: Delta,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Cause {
    kind: CauseKind,
    #[serde(flatten)]
    step: WireStep,
    /// The instruction as the earlier image had it.
    before: Option<WireStep>,
    delta: Delta,
    paths: Vec<PathChanged>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PathChanged {
    #[serde(flatten)]
    path: Path,
    #[serde(flatten)]
    change: WireChange,
}

/// Writes a report as JSON, indented by two, with a line feed at the end.
pub fn write_diff(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    let diff = &report.diff;
    let document = Document {
        schema: DIFF_SCHEMA,
        before: (&report.before).into(),
        after: (&report.after).into(),
        unpacked: diff.unpacked.into(),
        base_delta: diff.base_delta,
        own_delta: diff.own_delta,
        causes: diff.causes.iter().map(Into::into).collect(),
        explained: diff.explained,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

impl<'a> From<&'a DiffSide> for Side<'a> {
    fn from(side: &'a DiffSide) -> Self {
        Self {
            source: &side.source,
            variant: side.variant.as_deref(),
            image_id: side.image_id,
            platform: side.platform.to_string(),
            base_told: side.base_told,
        }
    }
}

impl From<Change> for WireChange {
    fn from(change: Change) -> Self {
        Self {
            before: change.before,
            after: change.after,
            delta: change.delta(),
        }
    }
}

impl From<WireChange> for Change {
    fn from(wire: WireChange) -> Self {
        Self {
            before: wire.before,
            after: wire.after,
        }
    }
}

impl From<&DiffCause> for Cause {
    fn from(cause: &DiffCause) -> Self {
        let before = cause.step_before.as_ref();
        Self {
            kind: cause.kind,
            step: cause.step.as_ref().into(),
            before: before.map(|step| Some(step).into()),
            delta: cause.delta,
            paths: cause.paths.iter().map(Into::into).collect(),
        }
    }
}

impl From<&PathChange> for PathChanged {
    fn from(changed: &PathChange) -> Self {
        let change = Change {
            before: changed.before,
            after: changed.after,
        };
        Self {
            path: (&changed.path).into(),
            change: change.into(),
        }
    }
}

impl From<Cause> for DiffCause {
    fn from(wire: Cause) -> Self {
        Self {
            kind: wire.kind,
            step: wire.step.into(),
            step_before: wire.before.and_then(Into::into),
            delta: wire.delta,
            paths: wire.paths.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<PathChanged> for PathChange {
    fn from(wire: PathChanged) -> Self {
        Self {
            path: wire.path.into(),
            before: wire.change.before,
            after: wire.change.after,
        }
    }
}

/// A cause as data names it; the same words as in JSON.
pub(in crate::report) fn cause_name(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::BaseDrift => "base_drift",
        CauseKind::ChangedInstruction => "changed_instruction",
        CauseKind::SameInstructionNewContent => "same_instruction_new_content",
        CauseKind::Added => "added",
        CauseKind::Removed => "removed",
    }
}
