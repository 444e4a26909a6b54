//! Budget, comparison, endings and what changed since a baseline → findings and an outcome. Pure.
//!
//! Nothing here phrases or prints: a finding holds the facts of its sentence.

mod accepted;
mod baseline;
mod behaviour;
mod comparable;
mod growth;
mod judge;
mod outputs;
mod policy;
#[cfg(test)]
mod tests;

pub use baseline::Earlier;
pub use comparable::comparable;
pub use judge::judge;
pub use outputs::{difference_of, outputs_match, same_output};
