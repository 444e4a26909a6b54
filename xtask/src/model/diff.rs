use serde::{Deserialize, Serialize};

use super::{Bytes, Delta, ImagePath, Step, flat};

/// What came and what went between two images. Σ `causes` = the change of `unpacked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageDiff {
    pub unpacked: Change,
    pub base_delta: Delta,
    pub own_delta: Delta,
    /// The largest change first, whichever its sign.
    pub causes: Vec<DiffCause>,
    /// The share of the change of `unpacked` that is in some cause; 1.0 for any two images
    /// that were measured, less only for figures that somebody edited.
    pub explained: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "ChangeWithDelta")]
pub struct Change {
    pub before: Bytes,
    pub after: Bytes,
}

/// One reason for a change. Σ `paths` = `delta`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffCause {
    pub kind: CauseKind,
    /// The instruction, as the later image has it; for what was removed, as the earlier one
    /// had it. `None` for a base, and where the history is silent.
    #[serde(flatten, with = "flat::step")]
    pub step: Option<Step>,
    /// As the earlier image had it; `None` for what was added.
    #[serde(rename = "before")]
    pub step_before: Option<Step>,
    pub delta: Delta,
    /// The largest change first, whichever its sign, then by path; all of them. Files, or
    /// directories where only measurements were compared. Of
    /// [`MetadataOnly`](CauseKind::MetadataOnly) what has other metadata, of any kind.
    pub paths: Vec<PathChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// Other layers in the base image.
    BaseDrift,
    /// An instruction that was rewritten.
    ChangedInstruction,
    /// An instruction whose text did not change and whose result did: unpinned packages, a
    /// changed source file, another build argument.
    SameInstructionNewContent,
    /// The same instruction left the same content with other times, modes, owners or
    /// attributes, or in another order.
    MetadataOnly,
    Added,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WithDelta")]
pub struct PathChange {
    #[serde(flatten)]
    pub path: ImagePath,
    pub before: Bytes,
    pub after: Bytes,
}

impl Change {
    pub fn delta(self) -> Delta {
        self.after.since(self.before)
    }
}

impl PathChange {
    pub fn delta(&self) -> Delta {
        self.after.since(self.before)
    }
}

/// The difference is written beside the two, and never read back.
#[derive(Serialize)]
struct ChangeWithDelta {
    before: Bytes,
    after: Bytes,
    delta: Delta,
}

impl From<Change> for ChangeWithDelta {
    fn from(change: Change) -> Self {
        Self {
            before: change.before,
            after: change.after,
            delta: change.delta(),
        }
    }
}

/// Its change is written beside it, and never read back.
#[derive(Serialize)]
struct WithDelta {
    #[serde(flatten)]
    path: ImagePath,
    before: Bytes,
    after: Bytes,
    delta: Delta,
}

impl From<PathChange> for WithDelta {
    fn from(changed: PathChange) -> Self {
        Self {
            delta: changed.delta(),
            path: changed.path,
            before: changed.before,
            after: changed.after,
        }
    }
}
