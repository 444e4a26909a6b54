//! What was printed, and why what failed did.

use super::Page;
use crate::lang::one_line;
use crate::model::{BuildFailure, Bytes, Capture, Difference, Fact, Stream, located};
use crate::report::line::Line;
use crate::report::look::Style;
use crate::report::{LabReport, VariantReport};

/// Lines of an output that are shown, and of a log.
const SHOWN: usize = 8;

pub(super) fn failures(page: Page, report: &LabReport) -> Vec<Line> {
    let failed = report.variants.iter().filter_map(|variant| {
        let failure = variant.failure()?;
        Some(failure_lines(page, variant, failure))
    });
    let streams = report.failed_runs().filter_map(|(variant, run)| {
        let (stream, capture) = if run.stderr.bytes.0 > 0 {
            (Stream::Stderr, &run.stderr)
        } else {
            (Stream::Stdout, &run.stdout)
        };
        if capture.bytes.0 == 0 {
            return None;
        }
        let heading = page.say.printed_to(&variant.name, stream, capture.bytes);
        let mut lines = vec![page.heading(&heading).fit(page.width - 1)];
        lines.extend(complaint(page, capture));
        Some(lines)
    });
    spaced(failed.chain(streams))
}

fn failure_lines(page: Page, variant: &VariantReport, failure: &BuildFailure) -> Vec<Line> {
    let mut lines = vec![page.heading(&page.say.does_not_build(&variant.name))];
    if let Some(instruction) = &failure.instruction {
        let place = variant.dockerfile.as_ref().zip(failure.line);
        let place = place.map_or_else(String::new, |(file, line)| {
            format!("  {}", located(file, Some(line)))
        });
        let place = Line::of(page.styles.dim, &place).fit(page.width / 2);
        let room = page.width.saturating_sub(place.width() + 4);
        let what = Line::plain(&one_line(instruction)).fit(room);
        lines.push(Line::plain("   ").join(what).join(place));
    }
    let cause = page.say.build_cause(&failure.cause);
    lines.extend(page.item((page.styles.fail, "✘"), 3, &cause));
    let from = failure.log.len().saturating_sub(SHOWN);
    let log = failure.log[from..].iter();
    lines.extend(log.flat_map(|line| page.quoted_whole(line)));
    lines
}

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let differences: Vec<(&str, Vec<Line>)> = report
        .verdict
        .findings
        .iter()
        .filter_map(|finding| {
            let Fact::OutputsDiffer {
                reference,
                difference,
            } = &finding.fact
            else {
                return None;
            };
            let lines = difference_lines(page, &finding.variant, reference, difference)?;
            Some((finding.variant.as_str(), lines))
        })
        .collect();
    let is_told = |name: &str| differences.iter().any(|(told, _)| *told == name);
    let printed = report.printed();
    let printed = printed.into_iter().enumerate().filter(|(at, printed)| {
        // How an output differs says more than all of it once more.
        *at == 0 || !printed.variants.iter().any(|name| is_told(name))
    });
    let printed: Vec<_> = printed
        .map(|(_, printed)| {
            let heading = page
                .say
                .printed(&printed.variants, report.ran(), printed.output.bytes);
            let mut lines = vec![page.heading(&heading).fit(page.width - 1)];
            lines.extend(content(page, printed.output, SHOWN));
            lines
        })
        .collect();
    spaced(
        printed
            .into_iter()
            .chain(differences.into_iter().map(|(_, lines)| lines)),
    )
}

/// Both lines with a mark where they part; `None` where that does not show.
fn difference_lines(
    page: Page,
    variant: &str,
    reference: &str,
    difference: &Difference,
) -> Option<Vec<Line>> {
    let (expected, actual) = (difference.expected.as_ref()?, difference.actual.as_ref()?);
    let same = expected.chars().zip(actual.chars());
    let same: String = same.take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    if same == *expected && same == *actual {
        return None;
    }
    let names = [reference, variant].map(|name| Line::plain(name).fit(page.width / 5));
    let name_width = names.iter().map(Line::width).max().unwrap_or(0);
    let start = 3 + name_width + 3;
    let [reference_name, variant_name] = names;
    let line = |name: Line, style, text: &str| {
        Line::plain("   ")
            .join(name.pad(name_width))
            .then(page.styles.dim, " │ ")
            .then(style, text)
            .fit(page.width - 1)
    };
    let mark = start + Line::plain(&same).width();
    let heading = page.say.parts_from(variant, reference, difference);
    let mut lines = vec![
        page.heading(&heading).fit(page.width - 1),
        line(reference_name, page.styles.pass, expected),
        line(variant_name, page.styles.fail, actual),
    ];
    if mark < page.width - 1 {
        lines.push(Line::plain(&" ".repeat(mark)).then(page.styles.fail, "▲"));
    }
    Some(lines)
}

fn content(page: Page, capture: &Capture, limit: usize) -> Vec<Line> {
    let lines = capture.lines();
    let shown = lines.iter().take(limit).map(|line| page.quoted(line));
    let mut shown: Vec<Line> = shown.collect();
    shown.extend(left_out(page, lines.len().saturating_sub(limit)));
    if capture.is_cut() {
        let kept = Bytes(capture.kept.len() as u64);
        shown.push(note(page, &page.say.kept(kept)));
    }
    shown
}

/// What a program printed before it failed: the reason is at the beginning or at the end,
/// where that was kept.
fn complaint(page: Page, capture: &Capture) -> Vec<Line> {
    if capture.is_cut() {
        return content(page, capture, SHOWN / 2);
    }
    let lines = capture.lines();
    let head = match lines.len() {
        0..=SHOWN => lines.len(),
        _ => SHOWN / 4,
    };
    let tail = lines.len() - (lines.len() - head).min(SHOWN - SHOWN / 4);
    let whole = |line: &String| page.quoted_whole(line);
    let mut shown: Vec<Line> = lines[..head].iter().flat_map(whole).collect();
    shown.extend(left_out(page, tail - head));
    shown.extend(lines[tail..].iter().flat_map(whole));
    shown
}

fn left_out(page: Page, lines: usize) -> Option<Line> {
    (lines > 0).then(|| note(page, &page.say.more_lines(lines)))
}

fn note(page: Page, text: &str) -> Line {
    Line::plain("   ").then(page.styles.dim, &format!("… {text}"))
}

/// Blocks with an empty line between them.
fn spaced(blocks: impl Iterator<Item = Vec<Line>>) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.push(Line::of(Style::NONE, ""));
        }
        lines.extend(block);
    }
    lines
}
