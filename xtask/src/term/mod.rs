//! Streams, colour, progress and signals.
//!
//! The only room that asks the terminal and the environment what they are, once, at the
//! start. Standard output carries the report and nothing else; all the rest goes to
//! standard error.

mod bars;
mod keys;
mod letters;
mod lines;
mod message;
mod progress;
mod screen;
mod signals;
mod terminal;

pub use letters::{Letters, clear_screen};
pub use message::{explain, explain_usage};
pub use progress::Progress;
pub use screen::Screen;
pub use signals::watch;
pub use terminal::{Detail, Terminal};
