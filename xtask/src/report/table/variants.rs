//! One row a variant.

use super::Page;
use crate::lang::Word;
use crate::model::{Build, Bytes, Ending, Measured, Run};
use crate::report::columns::{self, Align, Column};
use crate::report::line::Line;
use crate::report::{LabReport, VariantReport};

/// How much the cells of the last column say.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    Full,
    Short,
}

/// What is left out where the width does not do, the least needed first.
const DROPPED: [Word; 4] = [Word::Layers, Word::Own, Word::Role, Word::Build];

/// No name is cut below this.
const NAME: usize = 8;

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    if report.variants.is_empty() {
        return Vec::new();
    }
    let columns = fitted(page, report);
    columns::rows(" ", columns.iter().map(|(_, column)| column)).collect()
}

/// The columns that fit, cut where even the fewest do not.
fn fitted(page: Page, report: &LabReport) -> Vec<(Word, Column)> {
    let mut columns = columns(page, report, Detail::Full);
    // Names that are cut until they look alike tell nothing.
    let longest_name = (page.width / 5).max(NAME).max(telling(report));
    columns[0].1.width = columns[0].1.width.min(longest_name);
    if total(&columns) <= page.width {
        return columns;
    }
    let name = columns[0].1.width;
    columns = self::columns(page, report, Detail::Short);
    columns[0].1.width = name;
    for dropped in DROPPED {
        if total(&columns) <= page.width {
            return columns;
        }
        columns.retain(|(heading, _)| *heading != dropped);
    }
    let excess = total(&columns).saturating_sub(page.width);
    if let Some((_, last)) = columns.last_mut() {
        last.width = last.width.saturating_sub(excess).max(1);
    }
    columns
}

/// How many columns of its names tell a report's variants apart, and one for the mark of a cut.
fn telling(report: &LabReport) -> usize {
    let names: Vec<Vec<char>> = report
        .variants
        .iter()
        .map(|it| it.name.chars().collect())
        .collect();
    let mut longest = 0;
    for (at, one) in names.iter().enumerate() {
        for other in &names[at + 1..] {
            let same = one
                .iter()
                .zip(other)
                .take_while(|(one, other)| one == other)
                .count();
            longest = longest.max(same);
        }
    }
    (longest + 2).min(40)
}

/// With a space on each side.
fn total(columns: &[(Word, Column)]) -> usize {
    2 + columns::total(columns.iter().map(|(_, column)| column))
}

fn columns(page: Page, report: &LabReport, detail: Detail) -> Vec<(Word, Column)> {
    let column = |heading, align, cell: &dyn Fn(&VariantReport) -> Line| {
        let name = Line::of(page.styles.dim, page.say.word(heading));
        let cells = report.variants.iter().map(cell);
        let cells = std::iter::once(name).chain(cells);
        (heading, Column::of(align, cells))
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
    let role = |one: &VariantReport| Line::plain(one.role.map_or("", |role| page.say.word(role)));
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

fn build(page: Page, build: Option<&Build>) -> Line {
    match build {
        None => Line::default(),
        Some(Build::Failed(_)) => Line::of(page.styles.fail, page.say.word(Word::Failed)),
        Some(Build::Done(done)) if done.steps > 0 && done.cached == Some(done.steps) => {
            Line::of(page.styles.dim, page.say.word(Word::Cached))
        }
        Some(Build::Done(done)) => {
            let took = done.took.map(|took| page.say.seconds(took));
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
