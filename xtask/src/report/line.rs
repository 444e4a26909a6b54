//! Lines of a terminal, measured by the columns that they take.

use std::io::{self, Write};
use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::look::Style;
use crate::lang::visible;

/// One line: pieces of text, each in its style. Whatever is put in is made harmless, so a
/// line is one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Vec<(Style, String)>);

impl Line {
    pub(super) fn of(style: Style, text: &str) -> Self {
        Self::default().then(style, text)
    }

    pub(super) fn plain(text: &str) -> Self {
        Self::of(Style::NONE, text)
    }

    pub(super) fn then(mut self, style: Style, text: &str) -> Self {
        self.0.push((style, visible(text).into_owned()));
        self
    }

    pub(super) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub(super) fn text(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| width(text)).sum()
    }

    /// Cut to so many columns, with `…` as the last of them where something is cut.
    pub(super) fn fit(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut left = columns.saturating_sub(1);
        let mut cut = Vec::new();
        for (style, text) in self.0 {
            let piece = head(&text, left);
            left -= width(piece);
            let is_whole = piece.len() == text.len();
            cut.push((style, piece.to_owned()));
            if !is_whole {
                if columns > 0 {
                    cut.push((style, "…".to_owned()));
                }
                break;
            }
        }
        Self(cut)
    }

    pub(super) fn pad(self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        self.then(Style::NONE, &" ".repeat(missing))
    }

    pub(super) fn pad_left(self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        Self::plain(&" ".repeat(missing)).join(self)
    }

    /// Without blanks at its end.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut left = self.text().trim_end_matches(' ').len();
        let mut painted = String::new();
        for (style, text) in &self.0 {
            let piece = &text[..text.len().min(left)];
            left -= piece.len();
            painted.push_str(&style.paint(piece));
        }
        writeln!(out, "{painted}")
    }
}

/// Columns that a text without control characters takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|one| one.width().unwrap_or(0)).sum()
}

/// The longest beginning that takes no more than so many columns.
fn head(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (at, one) in text.char_indices() {
        taken += one.width().unwrap_or(0);
        if taken > columns {
            return &text[..at];
        }
    }
    text
}

/// A sentence, broken at spaces into lines of at most so many columns. A number stays with
/// its unit; a word that is too long is broken where the line ends.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    for word in words(&visible(text)) {
        let room = columns - width(lines.last().map_or("", String::as_str));
        if let Some(line) = lines.last_mut().filter(|line| !line.is_empty()) {
            if width(word) < room {
                line.push(' ');
                line.push_str(word);
                continue;
            }
            lines.push(String::new());
        }
        let mut rest = word;
        while width(rest) > columns {
            let piece = head(rest, columns);
            // A character wider than the line still has to go somewhere.
            let end = piece
                .len()
                .max(rest.chars().next().map_or(0, char::len_utf8));
            lines.insert(lines.len() - 1, rest[..end].to_owned());
            rest = &rest[end..];
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(rest);
        }
    }
    lines
}

/// The words of a text, where `12.3 MB` is one.
fn words(text: &str) -> Vec<&str> {
    const UNITS: [&str; 12] = [
        "B", "kB", "MB", "GB", "TB", "PB", "EB", "KiB", "MiB", "GiB", "s", "min",
    ];
    let is_unit = |part: &str| {
        let stem = part.trim_end_matches(|sign: char| sign.is_ascii_punctuation());
        UNITS.contains(&stem)
    };
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for part in text.split(' ') {
        let end = start + part.len();
        match words.last_mut() {
            Some(last)
                if last.end + 1 == start
                    && is_unit(part)
                    && text[..last.end].ends_with(|digit: char| digit.is_ascii_digit()) =>
            {
                last.end = end;
            }
            _ if part.is_empty() => {}
            _ => words.push(start..end),
        }
        start = end + 1;
    }
    words.into_iter().map(|word| &text[word]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Line, Style, width, wrap};

    #[test]
    fn a_line_is_cut_by_columns_and_not_by_bytes() {
        let shown = |line: Line| {
            let mut out = Vec::new();
            line.write(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(Line::plain("Échec complet").fit(6)), "Échec…\n");
        assert_eq!(shown(Line::plain("服务器服务器").fit(6)), "服务…\n");
        assert_eq!(shown(Line::plain("abc").fit(3)), "abc\n");
        assert_eq!(shown(Line::plain("a").pad(5)), "a\n");
        assert_eq!(shown(Line::plain("a\nb").pad_left(6)), "  a\\nb\n");
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        assert_eq!(
            wrap("it weighs 1.0 kB, 1 B over", 14),
            ["it weighs", "1.0 kB, 1 B", "over"]
        );
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("", 4), [""]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in ".{0,80}", columns in 2usize..40) {
            for line in wrap(&text, columns) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
            prop_assert!(Line::plain(&text).then(Style::NONE, &text).fit(columns).width() <= columns);
        }

        #[test]
        fn wrapping_loses_nothing(text in "[a-z0-9 B,é]{0,80}", columns in 2usize..40) {
            let letters = |text: &str| text.replace(' ', "");
            prop_assert_eq!(letters(&wrap(&text, columns).concat()), letters(&text));
        }
    }
}
