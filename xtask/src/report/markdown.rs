//! The report as a comment on a pull request, in GitHub's Markdown.
//!
//! It begins with a comment of its own, `<!-- lab-kit:NAME -->`, by which it is found again
//! and updated in place.

mod details;
pub(super) mod escape;
mod gate;
mod merged;
mod section;
mod since;
mod summary;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub(super) use escape::{block, code, text};
pub(super) use section::{Align, Table};

use super::look::Look;
use super::{LabReport, MergedReport};
use crate::lang::{Phrases, phrases};

/// The most characters that GitHub takes in one comment.
const LIMIT: usize = 65_536;

/// Kept free for the line that says what was left out.
const RESERVE: usize = 256;

pub(super) fn render(report: &LabReport, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let say = phrases(look.language);
    let mut comment = Comment::about(report.title());
    if report.baseline.is_some() {
        gate::write(&mut comment, report, say);
        return out.write_all(comment.finished(say).as_bytes());
    }
    comment.extend(summary::headline(report, say));
    comment.extend(summary::variants(report, say));
    comment.extend(summary::findings(report, say));
    comment.extend(explained(report, say));
    out.write_all(comment.finished(say).as_bytes())
}

/// One comment on several reports.
pub(super) fn render_merged(
    merged: &MergedReport,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let say = phrases(look.language);
    let mut comment = Comment::about(&merged.name());
    merged::write(&mut comment, merged, say);
    out.write_all(comment.finished(say).as_bytes())
}

/// Why it came out as it did, most of it folded.
fn explained(report: &LabReport, say: Phrases) -> Vec<String> {
    let sections = [
        since::sections(report, say),
        details::failures(report, say),
        details::sources(report, say),
        details::left_behind(report, say),
        details::advice(report, say),
        details::outputs(report, say),
        vec![summary::made_on(report, say)],
    ];
    sections.into_iter().flatten().collect()
}

/// Sections with an empty line before each, as many as there is room for.
struct Comment {
    text: String,
    /// Characters that are left.
    room: usize,
    /// Sections that found no room.
    left_out: usize,
}

impl Comment {
    fn about(title: &str) -> Self {
        let marker = marker(title);
        let room = LIMIT - RESERVE - marker.chars().count();
        Self {
            text: marker,
            ..Self::within(room)
        }
    }

    fn within(room: usize) -> Self {
        Self {
            text: String::new(),
            room,
            left_out: 0,
        }
    }

    fn push(&mut self, section: &str) {
        let taken = section.chars().count() + 1;
        match self.room.checked_sub(taken) {
            Some(room) => {
                self.room = room;
                self.text.push('\n');
                self.text.push_str(section);
            }
            None => self.left_out += 1,
        }
    }

    fn extend(&mut self, sections: impl IntoIterator<Item = String>) {
        for section in sections {
            self.push(&section);
        }
    }

    /// It says what was left out.
    fn finished(self, say: Phrases) -> String {
        let mut text = self.text;
        if self.left_out > 0 {
            text.push_str(&format_left_out(say, self.left_out));
        }
        text
    }
}

fn format_left_out(say: Phrases, count: usize) -> String {
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
