use std::borrow::Cow;
use std::io::{self, Write};

use super::{Column, Part, Sheet};
use crate::lang::{phrases, visible};
use crate::report::Look;
use crate::report::columns::{self, Align};
use crate::report::line::{Line, tail, width, wrap};
use crate::report::look::Style;

/// The most that a column of words takes.
const WORD: usize = 31;

pub(super) fn render(sheet: &Sheet, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let columns = look.width.clamp(60, 120);
    for line in top(sheet, look, columns) {
        line.write(out)?;
    }
    for part in sheet.tables() {
        writeln!(out)?;
        for line in lines(part, look, columns) {
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

fn lines(part: &Part, look: &Look, columns: usize) -> Vec<Line> {
    let mut laid_out = Vec::new();
    for (at, (name, column)) in part.columns.iter().enumerate() {
        let name = phrases(look.language).word(*name);
        let cells: Vec<_> = part.rows.iter().map(|row| visible(&row[at])).collect();
        let widest = cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
        let most = match column {
            // A column without content needs no name.
            Column::Word | Column::Place if widest == 0 => 0,
            Column::Word => WORD,
            Column::Place => WORD.min(columns / 3),
            Column::Number | Column::Text | Column::Path => usize::MAX,
        };
        laid_out.push((*column, name, cells, widest.max(width(name)).min(most)));
    }
    let is_wide = |column: Column| matches!(column, Column::Text | Column::Path);
    let fixed = laid_out.iter().filter(|(column, ..)| !is_wide(*column));
    let fixed: usize = fixed.map(|it| if it.3 > 0 { it.3 + 2 } else { 0 }).sum();
    // What is left goes to the one of text.
    let room = columns.saturating_sub(fixed + 4);
    let laid_out = laid_out.into_iter().map(|(column, name, cells, width)| {
        let width = if is_wide(column) {
            width.min(room)
        } else {
            width
        };
        let cell = |cell: &Cow<'_, str>| match column {
            Column::Path | Column::Place => Line::plain(&tail(cell, width)),
            Column::Number | Column::Word | Column::Text => Line::plain(cell),
        };
        let align = match column {
            Column::Number => Align::Right,
            Column::Word | Column::Place | Column::Text | Column::Path => Align::Left,
        };
        let name = Line::of(look.styles.dim, name);
        let cells = std::iter::once(name).chain(cells.iter().map(cell));
        let mut laid_out = columns::Column::of(align, cells);
        laid_out.width = width;
        laid_out
    });
    let laid_out: Vec<columns::Column> = laid_out.collect();
    let heading = Line::plain(" ").then(look.styles.strong, &part.heading);
    let rest = part.rest.iter();
    let rest = rest.map(|rest| Line::plain("   ").then(look.styles.dim, &format!("… {rest}")));
    std::iter::once(heading)
        .chain(columns::rows("   ", &laid_out))
        .chain(rest)
        .collect()
}
