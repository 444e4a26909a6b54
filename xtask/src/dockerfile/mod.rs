//! Dockerfile text → stages and instructions with their lines. Pure.
//!
//! It is lenient: a builder reports syntax errors, and does it better. What it must get
//! right is where each instruction begins and ends, which stages lead to a target, and
//! which images a build needs before it starts.

mod instruction;

pub use instruction::{BuildFlag, Dockerfile, Form, Heredoc, Instruction, Stage};
