//! Tables and folded parts.

use super::escape;

pub(in crate::report) struct Table {
    text: String,
}

#[derive(Clone, Copy)]
pub(in crate::report) enum Align {
    Left,
    Right,
}

impl Table {
    /// Headings are the kit's own words.
    pub(in crate::report) fn new(columns: &[(&str, Align)]) -> Self {
        let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
        let rules: Vec<&str> = columns
            .iter()
            .map(|(_, align)| match align {
                Align::Left => ":--",
                Align::Right => "--:",
            })
            .collect();
        let text = format!("| {} |\n| {} |\n", headings.join(" | "), rules.join(" | "));
        Self { text }
    }

    /// Cells are Markdown already.
    pub(in crate::report) fn row(&mut self, cells: &[String]) {
        self.text.push_str("| ");
        self.text.push_str(&cells.join(" | "));
        self.text.push_str(" |\n");
    }

    pub(super) fn length(&self) -> usize {
        self.text.chars().count()
    }

    pub(in crate::report) fn text(self) -> String {
        self.text
    }
}

#[derive(Clone, Copy)]
pub(super) enum Fold {
    Open,
    Closed,
}

/// A part that a reader opens; `body` is Markdown already.
pub(super) fn folded(fold: Fold, heading: &str, body: &str) -> String {
    let open = match fold {
        Fold::Open => " open",
        Fold::Closed => "",
    };
    let heading = escape::text(heading);
    format!("<details{open}><summary>{heading}</summary>\n\n{body}\n</details>\n")
}
