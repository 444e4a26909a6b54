//! Several reports: a row each, then each as it is alone.

use super::verdict::finding_lines;
use super::{Page, sections};
use crate::lang::Word;
use crate::model::Outcome;
use crate::report::columns::{self, Align, Column};
use crate::report::line::{Line, width};
use crate::report::look::Style;
use crate::report::merged::Shard;
use crate::report::{MergedReport, VariantReport};

/// Where the engine stands, from the end of the facts.
const ENGINE: usize = 2;

pub(super) fn lines(page: Page, merged: &MergedReport) -> Vec<Line> {
    let shards = merged.shards();
    let count = page.say.reports(shards.len());
    let mut lines = vec![
        Line::plain(" ")
            .join(Line::of(page.styles.strong, &merged.title(page.say)).fit(page.width / 2))
            .then(page.styles.dim, " · ")
            .then(Style::NONE, &count),
        Line::default(),
    ];
    lines.extend(summary(page, merged, &shards));
    lines.push(Line::default());
    for reference in merged.stand_ins() {
        let sentence = page.say.stand_in(reference);
        lines.extend(page.item((page.styles.warn, "!"), 1, &sentence));
    }
    lines.extend(verdict(page, merged));
    for shard in &shards {
        lines.push(Line::default());
        lines.push(rule(page, &shard.label(page.say)));
        lines.push(Line::default());
        lines.extend(sections(page, shard.report));
    }
    lines.push(Line::default());
    lines.push(rule(page, &format!("{} · {count}", merged.title(page.say))));
    lines.push(Line::default());
    lines.extend(verdict(page, merged));
    lines.extend(shards.iter().flat_map(|shard| wrong(page, shard)));
    lines
}

/// What was wrong in one report: whoever reads the end need not look for it above.
fn wrong(page: Page, shard: &Shard<'_>) -> Vec<Line> {
    let errors = shard.errors().map(|error| finding_lines(page, error));
    let lines: Vec<Line> = errors.flatten().collect();
    let label = Line::plain("   ").then(page.styles.strong, &shard.label(page.say));
    let heading = (!lines.is_empty()).then_some(label);
    heading.into_iter().chain(lines).collect()
}

/// A line across, with what begins below it.
fn rule(page: Page, label: &str) -> Line {
    let start = Line::of(page.styles.dim, " ── ")
        .join(Line::of(page.styles.strong, label))
        .fit(page.width - 4)
        .then(Style::NONE, " ");
    let rest = page.width.saturating_sub(start.width() + 1);
    start.then(page.styles.dim, &"─".repeat(rest))
}

fn verdict(page: Page, merged: &MergedReport) -> Vec<Line> {
    let judged = page.say.judged(merged.rejected(), merged.reports().len());
    let (sign, word) = match merged.outcome() {
        Outcome::Accepted => ((page.styles.pass, "✔"), Word::Accepted),
        Outcome::Rejected => ((page.styles.fail, "✘"), Word::Rejected),
    };
    page.item(sign, 1, &page.say.labelled(page.say.word(word), &judged))
}

/// The sizes stand in a column a variant where that fits, else below their report.
fn summary(page: Page, merged: &MergedReport, shards: &[Shard<'_>]) -> Vec<Line> {
    let mut columns = facts(page, merged, shards);
    let names = merged.variants();
    let sizes = names.iter().map(|name| sizes(page, name, shards));
    let at = columns.len();
    columns.extend(sizes);
    if 1 + columns::total(&columns) < page.width {
        return columns::rows(" ", &columns).collect();
    }
    columns.truncate(at);
    let fixed = 1 + columns::total(&columns) - columns[at - ENGINE].width;
    let engine = &mut columns[at - ENGINE];
    let room = page.width.saturating_sub(fixed + 1).max(12);
    engine.width = engine.width.min(room);
    let mut rows = columns::rows(" ", &columns);
    let mut lines: Vec<Line> = rows.next().into_iter().collect();
    for (row, shard) in rows.zip(shards) {
        lines.push(row);
        lines.extend(below(page, shard));
    }
    lines
}

/// What tells the reports apart, the lab only where there is more than one, and how each
/// came out.
fn facts(page: Page, merged: &MergedReport, shards: &[Shard<'_>]) -> Vec<Column> {
    let longest = page.width / 4;
    let lab = column(page, Word::Lab, Align::Left, shards, |shard| {
        Line::of(page.styles.strong, shard.report.title()).fit(longest)
    });
    let platform = column(page, Word::Platform, Align::Left, shards, |shard| {
        Line::plain(&shard.platforms()).fit(longest)
    });
    let engine = column(page, Word::Engine, Align::Left, shards, |shard| {
        Line::plain(&shard.engine(page.say))
    });
    let verdict = column(page, Word::Verdict, Align::Left, shards, |shard| {
        decided(page, shard)
    });
    let lab = (merged.labs().len() > 1).then_some(lab);
    lab.into_iter().chain([platform, engine, verdict]).collect()
}

fn column(
    page: Page,
    heading: Word,
    align: Align,
    shards: &[Shard<'_>],
    cell: impl Fn(&Shard<'_>) -> Line,
) -> Column {
    let heading = Line::of(page.styles.dim, page.say.word(heading));
    let cells = std::iter::once(heading).chain(shards.iter().map(cell));
    Column::of(align, cells)
}

fn sizes(page: Page, name: &str, shards: &[Shard<'_>]) -> Column {
    let cell = |shard: &Shard<'_>| {
        let mut variants = shard.report.variants.iter();
        let variant = variants.find(|variant| variant.name == name);
        variant.map_or_else(Line::default, |variant| size(page, shard, variant))
    };
    let heading = Line::of(page.styles.dim, name);
    let cells = std::iter::once(heading).chain(shards.iter().map(cell));
    Column::of(Align::Right, cells)
}

/// A variant's size, behind a sign where the variant is at fault.
fn size(page: Page, shard: &Shard<'_>, variant: &VariantReport) -> Line {
    let text = variant.measured.as_ref().map_or_else(
        || "–".to_owned(),
        |measured| page.say.size(measured.size.unpacked),
    );
    if shard.is_at_fault(&variant.name) {
        Line::of(page.styles.fail, &format!("✘ {text}"))
    } else {
        Line::plain(&text)
    }
}

fn decided(page: Page, shard: &Shard<'_>) -> Line {
    match shard.errors().count() {
        0 => Line::of(
            page.styles.pass,
            &format!("✔ {}", page.say.word(Word::Accepted)),
        ),
        errors => Line::of(page.styles.fail, &format!("✘ {}", page.say.errors(errors))),
    }
}

/// Each variant with its size, on as many lines as it takes.
fn below(page: Page, shard: &Shard<'_>) -> Vec<Line> {
    let parts = shard.report.variants.iter().map(|variant| {
        let name = Line::of(page.styles.dim, &variant.name).fit(page.width / 2);
        name.then(Style::NONE, " ").join(size(page, shard, variant))
    });
    let margin = || Line::plain("   ");
    let mut lines: Vec<Line> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.width() + width(" · ") + part.width() < page.width => {
                let start = std::mem::take(line);
                *line = start.then(page.styles.dim, " · ").join(part);
            }
            _ => lines.push(margin().join(part)),
        }
    }
    lines
}
