//! Budget, comparison and endings → findings and an outcome. Pure.
//!
//! Nothing here phrases or prints: a finding holds the facts of its sentence.

mod judge;
mod outputs;

pub use judge::{Case, judge};
pub use outputs::{outputs_match, same_output};
