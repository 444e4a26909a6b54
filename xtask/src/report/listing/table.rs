use std::io::{self, Write};

use super::{Column, Part, Sheet};
use crate::lang::listing::listed;
use crate::lang::visible;
use crate::report::Look;
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
    let names: Vec<&str> = part
        .columns
        .iter()
        .map(|(name, _)| listed(*name, look.language))
        .collect();
    let rows: Vec<Vec<String>> = part
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| visible(cell).into_owned()).collect())
        .collect();
    let widths = widths(part, &names, &rows, columns);
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let heading = Line::plain(" ").then(look.styles.strong, &part.heading);
    let rows = rows
        .iter()
        .map(|cells| row(part, cells, &widths, Style::NONE));
    let mut lines = vec![heading, row(part, &names, &widths, look.styles.dim)];
    lines.extend(rows);
    lines.extend(
        part.rest
            .iter()
            .map(|rest| Line::plain("   ").then(look.styles.dim, &format!("… {rest}"))),
    );
    lines
}

/// Columns of each cell; what is left goes to the one of text.
fn widths(part: &Part, names: &[&str], rows: &[Vec<String>], columns: usize) -> Vec<usize> {
    let is_wide = |column: Column| matches!(column, Column::Text | Column::Path);
    let mut widths: Vec<usize> = Vec::new();
    for (at, (_, column)) in part.columns.iter().enumerate() {
        let cells = rows.iter().map(|row| width(&row[at]));
        let widest = cells.max().unwrap_or(0);
        widths.push(match column {
            // A column without content needs no name.
            Column::Word | Column::Place if widest == 0 => 0,
            Column::Word => widest.max(width(names[at])).min(WORD),
            Column::Place => widest.max(width(names[at])).min(WORD).min(columns / 3),
            _ => widest.max(width(names[at])),
        });
    }
    let fixed: usize = part
        .columns
        .iter()
        .zip(&widths)
        .filter(|((_, column), width)| !is_wide(*column) && **width > 0)
        .map(|(_, width)| width + 2)
        .sum();
    let room = columns.saturating_sub(fixed + 4);
    for ((_, column), width) in part.columns.iter().zip(&mut widths) {
        if is_wide(*column) {
            *width = (*width).min(room);
        }
    }
    widths
}

fn row(part: &Part, cells: &[String], widths: &[usize], style: Style) -> Line {
    let mut line = Line::plain(" ");
    for (((_, column), text), columns) in part.columns.iter().zip(cells).zip(widths) {
        if *columns == 0 {
            continue;
        }
        let text = match column {
            Column::Path | Column::Place => tail(text, *columns),
            _ => text.clone(),
        };
        let cell = Line::of(style, &text).fit(*columns);
        let cell = match column {
            Column::Number => cell.pad_left(*columns),
            _ => cell.pad(*columns),
        };
        line = line.then(Style::NONE, "  ").join(cell);
    }
    line
}
