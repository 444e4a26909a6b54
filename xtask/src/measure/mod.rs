//! Stacks layers and maps history to instructions: what is live, wasted, base and own. Pure.
//!
//! It takes what `archive` read and what `dockerfile` understood, and asks nobody anything:
//! the same records give the same figures on every machine.

mod advice;
mod align;
mod by_digest;
mod command;
mod contradiction;
mod copied;
mod diff;
mod excluded;
mod fates;
mod files;
mod growth;
mod history;
mod image;
mod index;
mod largest;
mod left;
mod links;
mod makers;
mod parts;
mod paths;
mod programs;
mod recorded;
mod refold;
mod rollup;
mod stack;
#[cfg(test)]
mod tests;
mod totals;
mod tree;

pub use crate::model::redact;
pub use advice::{ADVICE_PATHS_NAMED, not_allowed};
pub use copied::{Copied, largest_copied};
pub use diff::{compare, diff, needs_content};
pub use excluded::{OwnFile, OwnKind, own_files, without_own_files};
pub use files::files;
pub use growth::{BroughtBy, Part, growth};
pub use history::{Source, made_by};
pub use image::{KnownBase, Subject, images, share_base, stands_on};
pub use left::Reference;
pub use recorded::without_values;
pub use refold::{folded_to, refolded};
pub use rollup::rolled_up;
pub use totals::{LARGEST_NAMED, WASTE_NAMED};
pub use tree::FOLDED_BELOW;
