//! The finished [`LabReport`] and its renderers, one file per format.
//!
//! A renderer decides nothing and reads nothing but the report: what it shows is the same
//! whether the report was just made or read back from its JSON.

mod alike;
mod annotations;
mod baseline;
mod bencher;
mod check;
mod columns;
mod csv;
mod diff;
mod doctor;
mod html;
mod junit;
mod layers;
mod line;
mod listing;
mod look;
mod markdown;
mod merged;
mod render;
#[cfg(test)]
mod sample;
mod sarif;
mod sections;
mod table;
mod view;
pub mod wire;

pub use baseline::baseline_of;
pub use check::{Length, render_check};
pub use diff::{DiffPaths, DiffReport, DiffSide, render_diff};
pub use doctor::DoctorReport;
pub use layers::{LayersReport, render_layers};
pub use line::{Line, width, wrap};
pub use listing::View;
pub use look::{Look, Style, Styles};
pub use merged::MergedReport;
pub use render::{render, render_merged};

pub use crate::model::{Compared, Comparison, LabReport, VariantReport};
