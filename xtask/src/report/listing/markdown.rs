use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Column, Part, Sheet};
use crate::lang::{Phrases, phrases};
use crate::report::Look;
use crate::report::markdown::{Align, Table, code, text};

pub(super) fn render(sheet: &Sheet, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}", text(&sheet.title))?;
    let facts: Vec<_> = sheet.facts.iter().map(|fact| text(fact)).collect();
    if !facts.is_empty() {
        writeln!(out, "\n{}", facts.join(" · "))?;
    }
    if !sheet.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &sheet.notes {
        writeln!(out, "- {}", text(note))?;
    }
    let say = phrases(look.language);
    sheet.tables().try_for_each(|part| {
        let heading = text(&part.heading);
        write!(out, "\n#### {heading}\n\n{}", table(part, say))
    })
}

/// The rows under the names of their columns, and what was left out.
pub(in crate::report) fn table(part: &Part, say: Phrases) -> String {
    let kinds = part.columns.iter().map(|(name, kind)| {
        let align = match kind {
            Column::Number => Align::Right,
            Column::Word | Column::Place | Column::Text | Column::Path => Align::Left,
        };
        (say.word(*name), align)
    });
    let mut table = Table::new(&kinds.collect::<Vec<_>>());
    for row in &part.rows {
        let cells = part.columns.iter().zip(row);
        let cells = cells.map(|((_, kind), cell)| match kind {
            Column::Text | Column::Path | Column::Place => code(cell),
            Column::Number | Column::Word => text(cell),
        });
        table.row(&cells.collect::<Vec<_>>());
    }
    let mut table = table.text();
    if let Some(rest) = &part.rest {
        let _ = write!(table, "\n… {}\n", text(rest));
    }
    table
}
