//! Sizes as bars, in proportion.

use super::Page;
use crate::lang::Word;
use crate::model::{Bytes, Measured};
use crate::report::line::{Line, width};
use crate::report::look::Style;
use crate::report::{LabReport, VariantReport};

/// Eighths of a cell, from none to seven.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

const LONGEST: usize = 60;

/// A bar shorter than this shows nothing: the words beside it go first.
const SHORTEST: usize = 10;

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let measured: Vec<_> = report
        .variants
        .iter()
        .filter_map(|variant| Some((variant, variant.measured.as_ref()?)))
        .collect();
    if measured.len() < 2 {
        return Vec::new();
    }
    let widest = |text: &dyn Fn(&VariantReport, &Measured) -> String| {
        let all = measured.iter().map(|(one, of)| width(&text(one, of)));
        all.max().unwrap_or(0)
    };
    let name_width = measured
        .iter()
        .map(|(one, _)| Line::plain(&one.name).width());
    let name_width = name_width.max().unwrap_or(0).min((page.width / 5).max(8));
    let size_width = widest(&|_, of| page.say.size(of.size.unpacked));
    let ratio_width = widest(&|one, _| ratio(page, report, one));
    let left = page.width.saturating_sub(name_width + size_width + 6);
    let with_ratio = left.saturating_sub(ratio_width + 2);
    let shows_ratio = ratio_width > 0 && with_ratio >= SHORTEST;
    let room = if shows_ratio { with_ratio } else { left };
    let room = room.min(LONGEST);
    let mut lines: Vec<Line> = measured
        .iter()
        .map(|(variant, of)| {
            let size = page.say.size(of.size.unpacked);
            let line = Line::plain(" ")
                .join(Line::plain(&variant.name).fit(name_width))
                .pad(name_width + 3)
                .join(bar(page, of, report.heaviest(), room))
                .pad(name_width + room + 5)
                .join(Line::of(page.styles.strong, &size).pad_left(size_width));
            let text = ratio(page, report, variant);
            if !shows_ratio || text.is_empty() {
                return line;
            }
            let is_lighter = report.ratio(variant).is_some_and(|ratio| ratio >= 1.0);
            let style = if is_lighter {
                page.styles.pass
            } else {
                page.styles.warn
            };
            line.then(Style::NONE, "  ").then(style, &text)
        })
        .collect();
    lines.extend(
        legend(page, &measured).map(|legend| Line::plain(&" ".repeat(name_width + 3)).join(legend)),
    );
    lines
}

fn ratio(page: Page, report: &LabReport, variant: &VariantReport) -> String {
    let ratio = report.ratio(variant);
    ratio.map_or_else(String::new, |ratio| page.say.lighter(ratio))
}

/// What the base brought, then what was added to it. Whatever weighs anything shows.
fn bar(page: Page, measured: &Measured, heaviest: Bytes, room: usize) -> Line {
    let eighths = |bytes: Bytes| {
        let cells = u128::from(bytes.0) * 8 * room as u128;
        let rounded = (cells + u128::from(heaviest.0) / 2) / u128::from(heaviest.0.max(1));
        usize::try_from(rounded).unwrap_or(0)
    };
    let size = measured.size;
    let whole = eighths(size.unpacked).max(usize::from(size.unpacked.0 > 0));
    // A cell has one colour: the base takes whole ones, and the end of the bar is exact.
    let base = (eighths(size.base) + 4) / 8;
    let base = if size.own.0 == 0 {
        whole.div_ceil(8)
    } else {
        base.min(whole / 8)
    };
    let own = if size.own.0 == 0 { 0 } else { whole - base * 8 };
    Line::default()
        .then(page.styles.base, &"▒".repeat(base))
        .then(page.styles.own, &"█".repeat(own / 8))
        .then(page.styles.own, EIGHTHS[own % 8])
}

/// Where a base shows, which part of a bar it is.
fn legend(page: Page, measured: &[(&VariantReport, &Measured)]) -> Option<Line> {
    let has_base = measured.iter().any(|(_, of)| of.size.base.0 > 0);
    has_base.then(|| {
        Line::of(page.styles.base, "▒")
            .then(
                page.styles.dim,
                &format!(" {}  ", page.say.word(Word::Base)),
            )
            .then(page.styles.own, "█")
            .then(page.styles.dim, &format!(" {}", page.say.word(Word::Own)))
    })
}
