//! One row a variant.

use super::Page;
use crate::lang::Word;
use crate::model::{Bytes, Ending, Measured, Run};
use crate::report::line::Line;
use crate::report::look::Style;
use crate::report::{BuildReport, LabReport, VariantReport};

struct Column {
    heading: Word,
    align: Align,
    cells: Vec<Line>,
    width: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Align {
    Left,
    Right,
}

/// How much the cells of the last column say.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    Full,
    Short,
}

const GAP: usize = 2;

/// What is left out where the width does not do, the least needed first.
const DROPPED: [Word; 4] = [Word::Layers, Word::Own, Word::Role, Word::Build];

/// No name is cut below this.
const NAME: usize = 8;

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    if report.variants.is_empty() {
        return Vec::new();
    }
    let columns = fitted(page, report);
    let heading = columns
        .iter()
        .map(|column| Line::of(page.styles.dim, page.say.word(column.heading)));
    let mut lines = vec![row(&columns, heading)];
    for at in 0..report.variants.len() {
        let cells = columns.iter().map(|column| column.cells[at].clone());
        lines.push(row(&columns, cells));
    }
    lines
}

fn row(columns: &[Column], cells: impl Iterator<Item = Line>) -> Line {
    let mut line = Line::plain(" ");
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let gap = if at == 0 { 0 } else { GAP };
        let cell = cell.fit(column.width);
        let cell = match column.align {
            Align::Left => cell.pad(column.width),
            Align::Right => cell.pad_left(column.width),
        };
        line = line.then(Style::NONE, &" ".repeat(gap)).join(cell);
    }
    line
}

/// The columns that fit, cut where even the fewest do not.
fn fitted(page: Page, report: &LabReport) -> Vec<Column> {
    let mut columns = columns(page, report, Detail::Full);
    let longest_name = (page.width / 5).max(NAME);
    columns[0].width = columns[0].width.min(longest_name);
    if total(&columns) <= page.width {
        return columns;
    }
    let name = columns[0].width;
    columns = self::columns(page, report, Detail::Short);
    columns[0].width = name;
    for dropped in DROPPED {
        if total(&columns) <= page.width {
            return columns;
        }
        columns.retain(|column| column.heading != dropped);
    }
    let excess = total(&columns).saturating_sub(page.width);
    if let Some(last) = columns.last_mut() {
        last.width = last.width.saturating_sub(excess).max(1);
    }
    columns
}

fn total(columns: &[Column]) -> usize {
    let cells: usize = columns.iter().map(|column| column.width).sum();
    2 + cells + GAP * columns.len().saturating_sub(1)
}

fn columns(page: Page, report: &LabReport, detail: Detail) -> Vec<Column> {
    let column = |heading, align, cell: &dyn Fn(&VariantReport) -> Line| {
        let cells: Vec<Line> = report.variants.iter().map(cell).collect();
        let widest = cells.iter().map(Line::width).max().unwrap_or(0);
        Column {
            heading,
            align,
            width: widest.max(Line::plain(page.say.word(heading)).width()),
            cells,
        }
    };
    let sized = |of: fn(&Measured) -> Bytes| {
        move |one: &VariantReport| {
            let size = one.measured.as_ref().map(of);
            Line::plain(&size.map_or_else(String::new, |size| page.say.size(size)))
        }
    };
    let layers = |one: &VariantReport| {
        let count = one.measured.as_ref().map(|one| one.layers.len() as u64);
        Line::plain(&count.map_or_else(String::new, |count| page.say.number(count)))
    };
    let role = |one: &VariantReport| Line::plain(one.role.map_or("", |role| page.say.role(role)));
    let took = |one: &VariantReport| {
        let took = one.run.as_ref().and_then(|run| run.took);
        Line::plain(&took.map_or_else(String::new, |took| page.say.seconds(took)))
    };
    let output = |one: &VariantReport| output(page, report, one, detail);
    vec![
        column(Word::Variant, Align::Left, &|one| {
            Line::of(page.styles.strong, &one.name)
        }),
        column(Word::Role, Align::Left, &role),
        column(Word::Size, Align::Right, &sized(|one| one.size.unpacked)),
        column(Word::Own, Align::Right, &sized(|one| one.size.own)),
        column(Word::Layers, Align::Right, &layers),
        column(Word::Build, Align::Right, &|one| {
            build(page, one.build.as_ref())
        }),
        column(Word::Run, Align::Right, &took),
        column(Word::Output, Align::Left, &output),
    ]
}

fn build(page: Page, build: Option<&BuildReport>) -> Line {
    match build {
        None => Line::default(),
        Some(build) if build.failure.is_some() => {
            Line::of(page.styles.fail, page.say.word(Word::Failed))
        }
        Some(build) if build.steps > 0 && build.cached == Some(build.steps) => {
            Line::of(page.styles.dim, page.say.word(Word::Cached))
        }
        Some(build) => {
            let took = build.took.map(|took| page.say.seconds(took));
            Line::plain(&took.unwrap_or_default())
        }
    }
}

fn output(page: Page, report: &LabReport, variant: &VariantReport, detail: Detail) -> Line {
    let Some(run) = &variant.run else {
        return Line::default();
    };
    let expected = report.expected_of(variant);
    match (&run.ending, expected) {
        (Ending::Exited { code: 0 }, Some(expected)) => compared(page, run, expected, detail),
        (ending, _) if ending.is_success() => Line::plain(&page.say.ending(ending)),
        (ending, _) => Line::of(page.styles.fail, &page.say.ending(ending)),
    }
}

fn compared(page: Page, run: &Run, expected: &Run, detail: Detail) -> Line {
    let (style, word) = match (run.stdout.is_same(&expected.stdout), detail) {
        (true, Detail::Full) => (page.styles.pass, Word::SameOutput),
        (true, Detail::Short) => (page.styles.pass, Word::Same),
        (false, Detail::Full) => (page.styles.fail, Word::OtherOutput),
        (false, Detail::Short) => (page.styles.fail, Word::Differs),
    };
    Line::of(style, page.say.word(word))
}
