use std::io::{self, Write};

use super::{Column, Part, Sheet};
use crate::lang::phrases;
use crate::report::Look;
use crate::report::markdown::escape::{code, text};

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
    sheet.tables().try_for_each(|one| part(one, look, out))
}

fn part(part: &Part, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n#### {}\n", text(&part.heading))?;
    let names = part
        .columns
        .iter()
        .map(|(name, _)| phrases(look.language).word(*name));
    writeln!(out, "| {} |", names.collect::<Vec<_>>().join(" | "))?;
    let rules = part.columns.iter().map(|(_, column)| match column {
        Column::Number => "--:",
        _ => ":--",
    });
    writeln!(out, "| {} |", rules.collect::<Vec<_>>().join(" | "))?;
    for row in &part.rows {
        let cells = part.columns.iter().zip(row);
        let cells = cells.map(|((_, column), cell)| match column {
            Column::Text | Column::Path => code(cell),
            Column::Number | Column::Word | Column::Place => text(cell),
        });
        let cells: Vec<_> = cells.collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    match &part.rest {
        Some(rest) => writeln!(out, "\n{}", text(rest)),
        None => Ok(()),
    }
}
