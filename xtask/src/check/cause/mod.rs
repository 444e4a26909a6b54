//! From what was observed to its cause: one function per check.

mod before;
mod build;
mod contents;
mod files;
#[cfg(test)]
mod found_tests;
mod output;
mod remarks;
mod run;
mod scene;
mod shell;
mod stages;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use before::before_build;
pub use build::of_build;
pub use files::of_files;
pub use output::{of_canary, of_canary_build, of_output};
pub use remarks::remarks;
pub use run::of_start_or_end;
pub use stages::of_stages;

use crate::dockerfile::Dockerfile;
use crate::model::{Cause, Diagnosis, ImageRecord};

/// The submission, and what the exercise says of it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub file: &'a Dockerfile,
    /// What the build is given; `None` leaves the file's default.
    pub args: &'a BTreeMap<String, Option<String>>,
    /// The given script, as the build context names it.
    pub script: &'a str,
    /// The file that it writes, by its name alone.
    pub output: &'a str,
    /// The given files, as the build context names them; the script is among them.
    pub given: &'a [String],
    /// The regular files of the build context, with `/` between their parts.
    pub context: &'a [String],
    /// The given files that the submission's `.dockerignore` hides.
    pub ignored: &'a [String],
    /// `None` where none was built.
    pub image: Option<&'a ImageRecord>,
}

/// A cause with the scene that its hints name.
pub fn diagnosis(subject: &Subject<'_>, cause: Cause, line: Option<u32>) -> Diagnosis {
    Diagnosis {
        cause,
        line,
        scene: subject.scene(),
    }
}

/// The last line that says something, without colours.
fn said<'l>(lines: impl DoubleEndedIterator<Item = &'l str>) -> Option<String> {
    let mut lines = lines.rev().map(build::strip_colour);
    lines.find(|line| !line.trim().is_empty())
}
