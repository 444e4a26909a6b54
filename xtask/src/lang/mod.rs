//! Every sentence, unit and plural, in each language. Decides nothing.

mod en;
mod fr;
mod numerals;
mod phrases;
pub mod problem;
mod visible;
mod word;

pub use phrases::{BuildEnded, Phrases, phrases};
pub use visible::visible;
pub use word::{Praise, Stream, Word};
