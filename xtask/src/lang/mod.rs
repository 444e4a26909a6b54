//! Every sentence, unit and plural, in each language. Decides nothing.
//!
//! A fixed word is a line of `words.rs`. A sentence is an array of one text per language, built
//! in one exhaustive function: one that lacks a language does not compile.

mod cause;
mod changed;
mod check;
mod date;
mod doctor;
mod elision;
mod fault;
mod finding;
mod gate;
mod lesson;
pub mod listing;
mod note;
mod numerals;
mod page;
mod phrases;
mod praise;
pub mod problem;
mod progress;
mod read_from;
mod rules;
pub mod since;
mod task;
mod usage;
mod visible;
mod words;

pub use check::skeleton;
pub use doctor::{advice, doctor_verdict, found};
pub use gate::Copies;
pub use note::note;
pub use phrases::{Phrases, one_line, phrases};
pub use praise::Praise;
pub use progress::BuildEnded;
pub use read_from::read_from;
pub use task::tests_not_run;
pub use usage::{UsageProblem, usage};
pub use visible::{brief, visible};
pub use words::{LessonWord, Word};
