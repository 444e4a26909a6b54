//! Lines of a terminal, measured by the columns that they take.

use std::io::{self, Write};
use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::look::Style;
use crate::lang::brief;

/// One line: pieces of text, each in its style. Whatever is put in is made harmless, so a
/// line is one line.
#[derive(Clone, Debug, Default)]
pub struct Line(Vec<(Style, String)>);

impl Line {
    pub fn of(style: Style, text: &str) -> Self {
        Self::default().then(style, text)
    }

    pub fn plain(text: &str) -> Self {
        Self::of(Style::NONE, text)
    }

    #[must_use]
    pub fn then(mut self, style: Style, text: &str) -> Self {
        self.0.push((style, brief(text).into_owned()));
        self
    }

    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| width(text)).sum()
    }

    /// Cut to so many columns, with `…` as the last of them where something is cut.
    #[must_use]
    pub fn fit(self, columns: usize) -> Self {
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

    #[must_use]
    pub fn pad(self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        self.then(Style::NONE, &" ".repeat(missing))
    }

    #[must_use]
    pub fn pad_left(self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        Self::plain(&" ".repeat(missing)).join(self)
    }

    /// With the sequences of its styles, and without blanks at its end.
    pub fn painted(&self) -> String {
        let mut left = self.text().trim_end_matches(' ').len();
        let mut painted = String::new();
        for (style, text) in &self.0 {
            let piece = &text[..text.len().min(left)];
            left -= piece.len();
            painted.push_str(&style.paint(piece));
        }
        painted
    }

    /// Without blanks at its end.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.painted())
    }
}

/// Columns that a text without control characters takes.
pub fn width(text: &str) -> usize {
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
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    for word in words(&brief(text)) {
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
        // Only the beginning is measured each time: a word may be long.
        loop {
            let piece = head(rest, columns);
            if piece.len() == rest.len() {
                break;
            }
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

/// The same for a sentence about a place, which is never cut off from its last word: gives
/// the lines, and the place as it is to stand two columns after the last of them.
pub(super) fn wrap_at(text: &str, place: &str, columns: usize) -> (Vec<String>, String) {
    let mut lines = wrap(text, columns);
    let last = lines.pop().unwrap_or_default();
    let room = |line: &str| columns.saturating_sub(width(line) + 2);
    match last_word(&last).filter(|_| !place.is_empty() && room(&last) < width(place)) {
        Some((before, word)) => lines.extend([before, word].map(str::to_owned)),
        None => lines.push(last),
    }
    let left = room(lines.last().map_or("", String::as_str));
    if left >= width(place).min(LEAST_PLACE) {
        return (lines, tail(place, left));
    }
    // One word that fills its line.
    lines.push(String::new());
    (lines, tail(place, room("")))
}

/// A place that is cut keeps so many columns, for the end of its file's name and its line.
const LEAST_PLACE: usize = 20;

/// A line's last word, with the signs that follow it, and what is before it.
fn last_word(line: &str) -> Option<(&str, &str)> {
    let is_word = |part: &&&str| part.contains(char::is_alphanumeric);
    let word = *words(line).iter().rev().find(is_word)?;
    let (before, word) = line.split_at(line.rfind(word)?);
    let before = before.trim_end();
    (!before.is_empty()).then_some((before, word))
}

/// The end of a path or place, with `…` before it where something is cut.
pub(super) fn tail(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut taken = 1;
    let fits = text.char_indices().rev().take_while(|(_, one)| {
        taken += one.width().unwrap_or(0);
        taken <= columns
    });
    let start = fits.last().map_or(text.len(), |(at, _)| at);
    format!("…{}", &text[start..])
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

    use super::{Line, Style, tail, width, wrap, wrap_at};

    #[test]
    fn a_path_keeps_its_end() {
        assert_eq!(tail("usr/lib/gcc/cc1", 20), "usr/lib/gcc/cc1");
        assert_eq!(tail("usr/lib/gcc/cc1", 8), "…gcc/cc1");
        assert_eq!(tail("é服务", 3), "…务");
    }

    #[test]
    fn a_place_takes_the_last_word_with_it_where_it_does_not_fit() {
        let (lines, place) = wrap_at("keep the caches out", ":12", 22);
        assert_eq!(
            (lines, place.as_str()),
            (vec!["keep the caches".into(), "out".into()], ":12")
        );
        let (lines, place) = wrap_at("it weighs 12 MB", ":12", 19);
        assert_eq!(
            (lines, place.as_str()),
            (vec!["it weighs".into(), "12 MB".into()], ":12")
        );
        let (lines, _) = wrap_at("keep the caches !”", ":12", 21);
        assert_eq!(lines, ["keep the", "caches !”"]);
        let (lines, _) = wrap_at("keep the caches out", ":12", 24);
        assert_eq!(lines, ["keep the caches out"]);
        let (lines, place) = wrap_at("abcdefghijabcdefghij", "some/Dockerfile:12", 20);
        assert_eq!((lines.len(), place.as_str()), (2, "some/Dockerfile:12"));
    }

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
        fn a_place_is_whole_or_keeps_its_end(
            text in "[a-z0-9 B,é]{0,80}", file in "[a-z/]{1,60}", columns in 40usize..120
        ) {
            let whole = format!("{file}:17");
            let (lines, place) = wrap_at(&text, &whole, columns);
            let last = lines.last().unwrap();
            prop_assert!(width(last) + 2 + width(&place) <= columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns));
            prop_assert!(place.ends_with(":17"));
            prop_assert!(place == whole || width(&place) >= 20);
            let has_words = text.contains(|one| one != ' ');
            prop_assert!(!has_words || !last.is_empty() || lines[lines.len() - 2].len() + 23 > columns);
        }

        #[test]
        fn wrapping_loses_nothing(text in "[a-z0-9 B,é]{0,80}", columns in 2usize..40) {
            let letters = |text: &str| text.replace(' ', "");
            prop_assert_eq!(letters(&wrap(&text, columns).concat()), letters(&text));
        }
    }
}
