//! Runs other programs: each in a process group of its own, its output captured as it
//! comes, with a deadline, and ended with all that it started when the user asks.
//!
//! Knows nothing of Docker or packages: the rooms that do describe their commands with
//! xshell and turn a [`ProcessProblem`](crate::model::ProcessProblem) into their own.

mod group;
mod lines;
#[cfg(test)]
pub(crate) mod program;
mod run;

#[cfg(test)]
mod tests;

pub use lines::Lines;
pub use run::{Output, Process, Stream};
