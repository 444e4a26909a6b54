//! Where the reference's bytes come from, and what the solution does without.

use super::{Page, beside};
use crate::report::LabReport;
use crate::report::line::Line;
use crate::report::listing::{Part, unnamed};
use crate::report::sections;

const SHOWN: usize = 6;
/// Between two blocks side by side.
const GAP: usize = 2;

/// Side by side where both fit uncut, else one above the other.
pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let laid_out = |part: Part| unnamed(&part, page.styles, page.width);
    let left = sections::sources(report, page.say, SHOWN).map_or_else(Vec::new, laid_out);
    let right = report.shown_comparison();
    let right = right.map(|it| sections::left_behind(it, page.say, SHOWN));
    let right = right.map_or_else(Vec::new, laid_out);
    let widest = |block: &[Line]| block.iter().map(Line::width).max().unwrap_or(0);
    let at = widest(&left) + GAP;
    if left.is_empty() || right.is_empty() {
        [left, right].concat()
    } else if at + widest(&right) < page.width {
        beside(left, right, at)
    } else {
        [left, vec![Line::default()], right].concat()
    }
}
