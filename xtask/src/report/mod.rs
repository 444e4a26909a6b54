//! The finished [`LabReport`] and its renderers, one file per format.
//!
//! A renderer decides nothing and reads nothing but the report: what it shows is the same
//! whether the report was just made or read back from its JSON.

pub mod annotations;
pub mod bencher;
pub mod csv;
pub mod junit;
mod lab;
#[cfg(test)]
mod sample;
pub mod sarif;
pub mod wire;

pub use lab::{BuildReport, Compared, Comparison, LabReport, VariantReport};
