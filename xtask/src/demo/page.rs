use super::Lesson;
use crate::lang::{Phrases, phrases};
use crate::report::{Line, Look, Style, Styles, wrap};

/// How readily a line is given up where there is no room for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Keep {
    /// An empty line.
    Spare,
    Detail,
    Context,
    Always,
}

/// The lines between the header and the keys, as they come together.
pub(super) struct Page<'a> {
    pub(super) lesson: &'a Lesson,
    pub(super) say: Phrases,
    pub(super) styles: Styles,
    /// Of a line, its margin left out.
    pub(super) columns: usize,
    lines: Vec<(Keep, Line)>,
}

impl<'a> Page<'a> {
    pub(super) fn new(lesson: &'a Lesson, look: &Look) -> Self {
        Self {
            lesson,
            say: phrases(look.language),
            styles: look.styles,
            columns: look.width.saturating_sub(2),
            lines: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, keep: Keep, line: Line) {
        let line = Line::plain(" ").join(line.fit(self.columns));
        self.lines.push((keep, line));
    }

    pub(super) fn gap(&mut self) {
        self.lines.push((Keep::Spare, Line::default()));
    }

    /// A text of an author, broken into lines; a line feed in it begins a new one.
    pub(super) fn paragraph(&mut self, keep: Keep, style: Style, text: &str) {
        let columns = self.columns;
        let lines = text.trim_end().lines();
        for line in lines.flat_map(|line| wrap(line, columns)) {
            self.push(keep, Line::of(style, &line));
        }
    }

    /// A sentence with a mark before its first line.
    pub(super) fn item(&mut self, keep: Keep, (style, mark): (Style, &str), text: &str) {
        let lines = wrap(text, self.columns.saturating_sub(2));
        for (at, line) in lines.iter().enumerate() {
            let before = if at == 0 { mark } else { " " };
            self.push(
                keep,
                Line::of(style, before)
                    .then(Style::NONE, " ")
                    .then(style, line),
            );
        }
    }

    /// One that is as wide and holds nothing yet.
    pub(super) fn empty(&self) -> Self {
        Self {
            lines: Vec::new(),
            ..*self
        }
    }

    /// The lines of another, below these.
    pub(super) fn append(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    pub(super) fn height(&self) -> usize {
        self.lines.len()
    }

    /// At most so many lines: those that matter least go first, the last of them before others.
    pub(super) fn fit(self, rows: usize) -> Vec<Line> {
        let mut lines = self.lines;
        for keep in [Keep::Spare, Keep::Detail, Keep::Context, Keep::Always] {
            while lines.len() > rows {
                let Some(at) = lines.iter().rposition(|(kept, _)| *kept == keep) else {
                    break;
                };
                lines.remove(at);
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }
}
