//! The report as a table for a terminal, 60 to 120 columns wide.

mod bars;
mod merged;
mod outputs;
mod parts;
mod since;
mod top;
mod variants;
mod verdict;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use super::line::{Line, tail, wrap, wrap_at};
use super::look::{Look, Style, Styles};
use super::{LabReport, MergedReport};
use crate::lang::{Phrases, phrases, visible};

/// What every part of the table is laid out with.
#[derive(Clone, Copy)]
struct Page {
    width: usize,
    styles: Styles,
    say: Phrases,
}

pub(super) fn render(report: &LabReport, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::of(look);
    write(page, sections(page, report), out)
}

/// Several reports, one after another, below what they come to.
pub(super) fn render_merged(
    merged: &MergedReport,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page::of(look);
    write(page, merged::lines(page, merged), out)
}

fn write(page: Page, lines: Vec<Line>, out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        line.fit(page.width).write(out)?;
    }
    Ok(())
}

/// All of one report: the details first, so that the table, the bars and the verdict are what a
/// terminal still shows at the end.
fn sections(page: Page, report: &LabReport) -> Vec<Line> {
    let sections = [
        top::lines(page, report),
        parts::lines(page, report),
        outputs::failures(page, report),
        outputs::lines(page, report),
        verdict::advice(page, report),
        since::lines(page, report),
        variants::lines(page, report),
        bars::lines(page, report),
        verdict::lines(page, report),
    ];
    let mut sections = sections.into_iter().filter(|section| !section.is_empty());
    let first = sections.next().unwrap_or_default();
    let rest = sections.flat_map(|section| std::iter::once(Line::default()).chain(section));
    first.into_iter().chain(rest).collect()
}

impl Page {
    fn of(look: &Look) -> Self {
        Self {
            width: look.width.clamp(60, 120),
            styles: look.styles,
            say: phrases(look.language),
        }
    }

    fn heading(self, text: &str) -> Line {
        Line::plain(" ").then(self.styles.strong, text)
    }

    /// A sentence after a sign, on as many lines as it takes.
    fn item(self, sign: (Style, &str), indent: usize, text: &str) -> Vec<Line> {
        self.item_at(sign, indent, text, "")
    }

    /// The same with the place that it is about.
    fn item_at(self, sign: (Style, &str), indent: usize, text: &str, place: &str) -> Vec<Line> {
        let left = indent + super::line::width(sign.1) + 1;
        let margin = Line::plain(&" ".repeat(indent));
        self.after(margin.then(sign.0, sign.1).pad(left), text, place)
    }

    /// A sentence and its place after `start`, below which it goes on.
    fn after(self, start: Line, text: &str, place: &str) -> Vec<Line> {
        let left = start.width();
        let (texts, place) = wrap_at(text, place, self.width.saturating_sub(left + 1));
        let margin = Line::plain(&" ".repeat(left));
        let starts = std::iter::once(start).chain(std::iter::repeat(margin));
        let lines = texts.iter().zip(starts);
        let mut lines: Vec<Line> = lines
            .map(|(text, start)| start.then(Style::NONE, text))
            .collect();
        if let Some(last) = lines.last_mut().filter(|_| !place.is_empty()) {
            let place = Line::of(self.styles.dim, &place);
            *last = std::mem::take(last).then(Style::NONE, "  ").join(place);
        }
        lines
    }

    /// A line that a program wrote.
    fn quoted(self, text: &str) -> Line {
        self.quote_mark()
            .then(Style::NONE, text)
            .fit(self.width - 1)
    }

    /// The same on as many lines as it takes, up to a few, for what says why something
    /// failed: the reason is as often at the end.
    fn quoted_whole(self, text: &str) -> Vec<Line> {
        const MOST: usize = 4;
        let start = self.quote_mark();
        let text = visible(text);
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let (blanks, text) = text.split_at(blanks.min(self.width / 2));
        let columns = self.width - 1 - start.width() - blanks.len();
        let mut pieces = wrap(text, columns);
        if pieces.len() > MOST {
            pieces.truncate(MOST - 1);
            pieces.push(tail(text.trim_end(), columns));
        }
        let line = |piece: &String| start.clone().then(Style::NONE, &format!("{blanks}{piece}"));
        pieces.iter().map(line).collect()
    }

    fn quote_mark(self) -> Line {
        Line::plain("   ").then(self.styles.dim, "│ ")
    }
}

/// Two blocks side by side, the right one from column `at` on.
fn beside(left: Vec<Line>, right: Vec<Line>, at: usize) -> Vec<Line> {
    let rows = left.len().max(right.len());
    let mut right = right.into_iter();
    let mut left = left.into_iter();
    (0..rows)
        .map(|_| {
            let start = left.next().unwrap_or_default();
            match right.next() {
                Some(end) => start.pad(at).join(end),
                None => start,
            }
        })
        .collect()
}
