use std::io::{self, Write};

use super::{Column, Part, Sheet};
use crate::lang::{Phrases, Word, phrases, visible};
use crate::report::Look;
use crate::report::columns::{self, Align};
use crate::report::line::{Line, tail, width, wrap};
use crate::report::look::{Style, Styles};

/// The most that a column of words takes.
const WORD: usize = 31;

pub(super) fn render(sheet: &Sheet, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let columns = look.width.clamp(60, 120);
    for line in top(sheet, look, columns) {
        line.write(out)?;
    }
    let say = phrases(look.language);
    for part in sheet.tables() {
        writeln!(out)?;
        for line in lines(part, Some(say), look.styles, columns) {
            line.fit(columns - 1).write(out)?;
        }
    }
    Ok(())
}

fn top(sheet: &Sheet, look: &Look, columns: usize) -> Vec<Line> {
    let indented = |style: Style, text: &str| {
        wrap(text, columns - 2)
            .into_iter()
            .map(move |line| Line::plain(" ").then(style, &line))
    };
    let facts = sheet.facts.join(" · ");
    let notes = sheet.notes.iter();
    indented(look.styles.strong, &sheet.title)
        .chain(indented(look.styles.dim, &facts).filter(|_| !facts.is_empty()))
        .chain(notes.flat_map(|note| indented(Style::NONE, note)))
        .collect()
}

/// A table whose columns need no names; nothing of one without rows.
pub(in crate::report) fn unnamed(part: &Part, styles: Styles, columns: usize) -> Vec<Line> {
    if part.rows.is_empty() {
        return Vec::new();
    }
    let lines = lines(part, None, styles, columns).into_iter();
    lines.map(|line| line.fit(columns - 1)).collect()
}

/// The heading, the rows under the names of their columns, if `named` says them, and what was
/// left out.
fn lines(part: &Part, named: Option<Phrases>, styles: Styles, columns: usize) -> Vec<Line> {
    let widths: Vec<usize> = (0..part.columns.len())
        .map(|at| widest(part, at, named, columns))
        .collect();
    let is_wide = |kind: Column| matches!(kind, Column::Text | Column::Path);
    let kinds = part.columns.iter().map(|(_, kind)| *kind);
    let fixed = widths.iter().zip(kinds).filter(|(_, kind)| !is_wide(*kind));
    let fixed: usize = fixed.map(|(it, _)| if *it > 0 { it + 2 } else { 0 }).sum();
    // What is left goes to the one of text.
    let room = columns.saturating_sub(fixed + 4);
    let column = |(at, (name, kind)): (usize, &(Word, Column))| {
        let width = if is_wide(*kind) {
            widths[at].min(room)
        } else {
            widths[at]
        };
        let style = match (named, kind) {
            (None, Column::Number) if at == 0 => styles.strong,
            (None, Column::Number | Column::Place | Column::Word) => styles.dim,
            (None, Column::Text | Column::Path) | (Some(_), _) => Style::NONE,
        };
        let cells = part.rows.iter().map(|row| visible(&row[at]));
        let cells = cells.map(|cell| match kind {
            Column::Path | Column::Place => Line::of(style, &tail(&cell, width)),
            Column::Number | Column::Word | Column::Text => Line::of(style, &cell),
        });
        let align = match kind {
            Column::Number => Align::Right,
            Column::Word | Column::Place | Column::Text | Column::Path => Align::Left,
        };
        let name = named.map(|say| Line::of(styles.dim, say.word(*name)));
        let mut laid_out = columns::Column::of(align, name.into_iter().chain(cells));
        laid_out.width = width;
        laid_out
    };
    let laid_out: Vec<columns::Column> = part.columns.iter().enumerate().map(column).collect();
    let heading = Line::plain(" ").then(styles.strong, &part.heading);
    let rest = part.rest.iter();
    let rest = rest.map(|rest| Line::plain("   ").then(styles.dim, &format!("… {rest}")));
    std::iter::once(heading)
        .chain(columns::rows("   ", &laid_out))
        .chain(rest)
        .collect()
}

/// How wide a column is that has all the room it wants.
fn widest(part: &Part, at: usize, named: Option<Phrases>, columns: usize) -> usize {
    let (name, kind) = part.columns[at];
    let cells = part.rows.iter().map(|row| width(&visible(&row[at])));
    let widest = cells.max().unwrap_or(0);
    let most = match kind {
        // A column without content needs no name.
        Column::Word | Column::Place if widest == 0 => 0,
        Column::Word => WORD,
        Column::Place => WORD.min(columns / 3),
        Column::Number | Column::Text | Column::Path => usize::MAX,
    };
    widest
        .max(named.map_or(0, |say| width(say.word(name))))
        .min(most)
}
