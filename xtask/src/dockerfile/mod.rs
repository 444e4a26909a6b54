//! Dockerfile text → stages and instructions with their lines. Pure.
//!
//! It is lenient: a builder reports syntax errors, and does it better. What it must get
//! right is where each instruction begins and ends, which stages lead to a target, and
//! which images a build needs before it starts.
//!
//! The rules are those of BuildKit's `frontend/dockerfile/parser` (`parser.go`,
//! `split_command.go`), which the classic builder shares but for heredocs.

mod beyond;
mod blame;
mod ignore;
mod instruction;
mod lineage;
mod needs;
mod parse;
mod reader;
mod replace;
mod substitute;
#[cfg(test)]
mod tests;
mod words;

pub use ignore::is_ignored;
pub use instruction::{BuildFlag, Dockerfile, Form, Heredoc, Instruction, Stage};
pub use lineage::{Lineage, LineageStep, Origin};
pub use needs::platform_args;
pub use parse::parse;
pub use replace::with_images;
pub use words::{as_shown, single_spaced};
