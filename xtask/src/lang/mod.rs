//! Every sentence, unit and plural, in each language. Decides nothing.

mod doctor;
mod en;
mod fr;
pub mod listing;
mod numerals;
mod page;
mod phrases;
pub mod problem;
pub mod since;
mod task;
mod usage;
mod visible;
mod word;

pub use doctor::{advice, doctor_verdict, found, part_name};
pub use listing::{Listed, cause_kind, listed};
pub use page::{PagePhrases, PageWord, page_phrases};
pub use phrases::{BuildEnded, Phrases, one_line, phrases};
pub use task::tests_not_run;
pub use usage::{french_usage, french_usage_help};
pub use visible::visible;
pub use word::{Praise, Stream, Word};
