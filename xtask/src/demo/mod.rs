//! The lesson as it is shown: which key leads where, what a screen holds, what is recorded. Pure.
//!
//! `task/demo` brings the results, the keys and the time; `term` draws the lines.

mod bars;
mod cast;
mod changes;
mod digits;
mod lesson;
mod notes;
mod outcome;
mod overlays;
mod page;
mod plain;
mod record;
mod rehearsal;
#[cfg(test)]
mod sample;
mod screen;
mod size;
mod taken;
#[cfg(test)]
mod tests;

pub use cast::Cast;
pub use lesson::{Lesson, Mode, Order, Overlay, Plan, Position, Source, Trouble};
pub use notes::{LiveState, notes};
pub use plain::plain;
pub use record::{Record, SCHEMA};
pub use rehearsal::{Deviation, Rehearsed, rehearsal};
pub use screen::screen;
pub use taken::Taken;
