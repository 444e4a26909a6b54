//! The lab kit: builds, runs, measures and compares the images of a Docker lab.
//!
//! Each module is a room with one purpose; the table in `docs/architecture.md` says which
//! may import which, and a test holds it.

pub mod archive;
pub mod cache;
pub mod check;
pub mod cli;
pub mod demo;
pub mod dockerfile;
pub mod engine;
pub mod host;
pub mod lab;
pub mod lang;
pub mod measure;
pub mod model;
pub mod process;
pub mod report;
pub mod task;
pub mod term;
pub mod verdict;
