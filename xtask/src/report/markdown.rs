//! The report as a comment on a pull request, in GitHub's Markdown.
//!
//! It begins with a comment of its own, `<!-- lab-kit:NAME -->`, by which it is found again
//! and updated in place.

mod details;
pub(super) mod escape;
mod section;
mod since;
mod summary;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use super::LabReport;
use super::look::Look;
use crate::lang::{Phrases, phrases};

/// The most characters that GitHub takes in one comment.
const LIMIT: usize = 65_536;

/// Kept free for the line that says what was left out.
const RESERVE: usize = 256;

pub(super) fn render(report: &LabReport, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let say = phrases(look.language);
    let mut comment = marker(report.title());
    let mut left_out = 0;
    let sections = [
        summary::headline(report, say),
        since::headline(report, say),
        summary::variants(report, say),
        summary::findings(report, say),
        since::sections(report, say),
        details::failures(report, say),
        details::sources(report, say),
        details::left_behind(report, say),
        details::advice(report, say),
        details::outputs(report, say),
        vec![summary::made_on(report, say)],
    ];
    let mut length = comment.chars().count();
    for section in sections.into_iter().flatten() {
        let longer = length + section.chars().count() + 1;
        if longer > LIMIT - RESERVE {
            left_out += 1;
            continue;
        }
        comment.push('\n');
        comment.push_str(&section);
        length = longer;
    }
    if left_out > 0 {
        comment.push_str(&format_left_out(say, left_out));
    }
    out.write_all(comment.as_bytes())
}

fn format_left_out(say: &dyn Phrases, count: usize) -> String {
    format!("\n{}\n", escape::text(&say.left_out(count)))
}

/// Any name as one that an HTML comment may hold.
fn marker(name: &str) -> String {
    let mut safe = String::new();
    for one in name.chars().take(100) {
        match one {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' => safe.push(one),
            _ if safe.ends_with('-') => {}
            _ => safe.push('-'),
        }
    }
    format!("<!-- lab-kit:{} -->\n", safe.trim_matches('-'))
}
