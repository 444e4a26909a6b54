//! Cells in columns, for a terminal.

use super::line::Line;
use super::look::Style;

/// Between two columns.
const GAP: usize = 2;

#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Right,
}

/// One column, from the top down.
pub(super) struct Column {
    align: Align,
    cells: Vec<Line>,
    /// Longer cells are cut; a column of no width is left out.
    pub(super) width: usize,
}

impl Column {
    /// As wide as its widest cell.
    pub(super) fn of(align: Align, cells: impl IntoIterator<Item = Line>) -> Self {
        let cells: Vec<Line> = cells.into_iter().collect();
        Self {
            align,
            width: cells.iter().map(Line::width).max().unwrap_or(0),
            cells,
        }
    }
}

/// How wide a row is, without its margin.
pub(super) fn total<'a>(columns: impl IntoIterator<Item = &'a Column>) -> usize {
    let widths = columns.into_iter().map(|column| column.width);
    let widths = widths.filter(|width| *width > 0).map(|width| width + GAP);
    widths.sum::<usize>().saturating_sub(GAP)
}

/// Each row, after a margin.
pub(super) fn rows<'a>(
    margin: &'a str,
    columns: impl IntoIterator<Item = &'a Column>,
) -> impl Iterator<Item = Line> {
    let columns = columns.into_iter().filter(|column| column.width > 0);
    let columns: Vec<&Column> = columns.collect();
    let count = columns.first().map_or(0, |column| column.cells.len());
    (0..count).map(move |at| {
        let mut line = Line::plain(margin);
        for (number, column) in columns.iter().enumerate() {
            let gap = if number == 0 { 0 } else { GAP };
            let cell = column.cells[at].clone().fit(column.width);
            let cell = match column.align {
                Align::Left => cell.pad(column.width),
                Align::Right => cell.pad_left(column.width),
            };
            line = line.then(Style::NONE, &" ".repeat(gap)).join(cell);
        }
        line
    })
}

#[cfg(test)]
mod tests {
    use super::{Align, Column, rows, total};
    use crate::report::line::Line;

    fn column(align: Align, cells: [&str; 2]) -> Column {
        Column::of(align, cells.map(Line::plain))
    }

    fn text(line: &Line) -> String {
        let mut out = Vec::new();
        line.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_stand_to_the_right_and_an_empty_column_takes_no_room() {
        let mut last = column(Align::Left, ["long text", "x"]);
        last.width = 5;
        let columns = [
            column(Align::Right, ["7 B", "12 kB"]),
            column(Align::Left, ["", ""]),
            last,
        ];
        assert_eq!(total(&columns), 12);
        let shown: Vec<String> = rows(" ", &columns).map(|line| text(&line)).collect();
        assert_eq!(shown, ["   7 B  long…\n", " 12 kB  x\n"]);
    }
}
