//! `lab-report/1`, the JSON of a [`LabReport`](super::LabReport), both ways.
//!
//! The types of this module are the format: their fields are its keys, in its order. What
//! is written reads back equal. Keys that are not known are passed over, for keys may be
//! added within a version; what is missing, out of range or does not add up is refused.
//!
//! A text that is not UTF-8 stays exact: an output is base64 where its `_encoding` says so,
//! and a path is written with U+FFFD instead of what is not UTF-8 and once more, exactly,
//! as `path_base64`.

mod baseline;
mod check;
mod diff;
mod document;
mod finding;
mod image;
mod kept;
mod layers;
mod merged;
mod read;
mod run;
mod scalar;
mod variant;
mod write;

#[cfg(test)]
mod tests;

pub use check::{CHECK_SCHEMA, write_check};
pub(super) use diff::cause_name;
pub use diff::{DIFF_SCHEMA, write_diff};
pub use kept::{BASELINE_SCHEMA, write_baseline};
pub use layers::{LAYERS_SCHEMA, write_layers};
pub(super) use layers::{fate_name, kind_name, origin_name};
pub use merged::{MERGED_SCHEMA, read_each, read_merged, write_merged};
pub use read::read;
pub use write::write;

/// The value of `schema`.
pub const SCHEMA: &str = "lab-report/1";
