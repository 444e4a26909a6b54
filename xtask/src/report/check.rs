//! The result of a check, in each format. What people read is one [`Told`], painted three times.

mod html;
mod junit;
mod markdown;
mod table;
#[cfg(test)]
mod tests;
mod told;

use std::io::{self, Write};

use told::Told;

use super::{Look, wire};
use crate::lang::phrases;
use crate::model::{CheckFormat, CheckReport};

/// How much of a log and of a long sentence a table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// What fits on a screen.
    Screen,
    All,
}

/// Writes the result of a check in a format. The same report, look and length give the same
/// bytes.
pub fn render_check(
    report: &CheckReport,
    format: CheckFormat,
    (look, length): (&Look, Length),
    out: &mut dyn Write,
) -> io::Result<()> {
    let told = || Told::of(report, phrases(look.language));
    match format {
        CheckFormat::Table => table::render(&told(), (look, length), out),
        CheckFormat::Json => wire::write_check(report, out),
        CheckFormat::Markdown => markdown::render(&told(), look, out),
        CheckFormat::Html => html::render(&told(), report, look.language, out),
        CheckFormat::Junit => junit::render(report, look.language, out),
    }
}
