//! Every sentence, unit and plural, in each language. Decides nothing.

mod en;
mod fr;
mod numerals;
mod phrases;
pub mod problem;
mod word;

pub use phrases::{BuildEnded, Phrases, phrases};
pub use word::{Praise, Stream, Word};
