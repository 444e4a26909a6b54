//! The finished [`LabReport`] and its renderers, one file per format.
//!
//! A renderer decides nothing and reads nothing but the report: what it shows is the same
//! whether the report was just made or read back from its JSON.

mod annotations;
mod bencher;
mod csv;
mod html;
mod junit;
mod lab;
mod line;
mod look;
mod markdown;
mod render;
#[cfg(test)]
mod sample;
mod sarif;
mod table;
mod view;
pub mod wire;

pub use lab::{BuildReport, Compared, Comparison, LabReport, VariantReport};
pub use look::{Look, Style, Styles};
pub use render::render;
