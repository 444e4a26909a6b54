use std::io::{self, Write};

use maud::{Markup, html};

use super::{Column, Part, Sheet};
use crate::lang::{Phrases, brief, phrases};
use crate::report::Look;
use crate::report::html::{stranger, whole};

/// A table with more rows is folded.
const OPEN: usize = 60;

pub(super) fn render(sheet: &Sheet, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let say = phrases(look.language);
    let main = html! {
        section {
            h1 { (stranger(&sheet.title)) }
            @if !sheet.facts.is_empty() { (facts(&sheet.facts)) }
            @for note in &sheet.notes { p { (stranger(note)) } }
        }
        @for part in sheet.tables() { (self::part(part, say)) }
    };
    let page = whole(say, &sheet.title, &html! {}, &main, &html! {});
    out.write_all(page.into_string().as_bytes())
}

pub(in crate::report) fn facts(facts: &[String]) -> Markup {
    html! {
        p.facts {
            @for (at, fact) in facts.iter().enumerate() {
                @if at > 0 { " · " }
                (stranger(fact))
            }
        }
    }
}

fn part(part: &Part, say: Phrases) -> Markup {
    let rows = html! {
        (table(part, say))
        @if let Some(rest) = &part.rest { p.soft { (stranger(rest)) } }
    };
    html! {
        section {
            @if part.rows.len() > OPEN {
                details { summary { (stranger(&part.heading)) } (rows) }
            } @else {
                h2 { (stranger(&part.heading)) }
                (rows)
            }
        }
    }
}

/// The rows under the names of their columns.
pub(in crate::report) fn table(part: &Part, say: Phrases) -> Markup {
    html! {
        div.scroll { table {
            thead { tr {
                @for (name, column) in &part.columns {
                    th.n[*column == Column::Number] scope="col" { (say.word(*name)) }
                }
            } }
            tbody {
                @for row in &part.rows { tr {
                    @for ((_, column), text) in part.columns.iter().zip(row) { (cell(*column, text)) }
                } }
            }
        } }
    }
}

fn cell(column: Column, text: &str) -> Markup {
    match column {
        Column::Number => html! { td.n { (brief(text)) } },
        Column::Word => html! { td { (stranger(text)) } },
        Column::Place | Column::Text | Column::Path if text.is_empty() => html! { td {} },
        Column::Text => html! { td.instruction { code { (stranger(text)) } } },
        Column::Place | Column::Path => html! { td { code { (stranger(text)) } } },
    }
}
