//! What the report was made on.

use super::Page;
use crate::report::line::Line;
use crate::report::{LabReport, sections};

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let facts = sections::made_on(report, page.say);
    let mut lines = joined(page, report.title(), &facts);
    for reference in report.stand_ins() {
        let sentence = page.say.stand_in(reference);
        lines.extend(page.item((page.styles.warn, "!"), 1, &sentence));
    }
    lines
}

/// The title and the facts, broken between facts.
fn joined(page: Page, title: &str, facts: &[String]) -> Vec<Line> {
    let start = |title: Line| Line::plain(" ").join(title.fit(page.width / 3));
    let mut line = start(Line::of(page.styles.strong, title));
    let margin = line.width() + 3;
    let mut lines = Vec::new();
    for fact in facts {
        let fact = Line::plain(fact);
        if line.width() + 3 + fact.width() < page.width || line.width() <= margin {
            line = line.then(page.styles.dim, " · ").join(fact);
        } else {
            lines.push(line);
            line = Line::plain(&" ".repeat(margin)).join(fact);
        }
    }
    lines.push(line);
    lines
}
