use std::borrow::Cow;
use std::fmt::Write as _;

/// Untrusted text on one line of a terminal: whatever would move the cursor, change colours,
/// reorder the line or hide in it is shown by its name instead.
///
/// Controls become `\n`, `\t`, `\x1b`; bidirectional controls, separators and zero-width
/// characters become `\u{202e}`. All else is kept, a backslash too, so the result is for
/// reading and not for parsing back.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            hidden if !is_hidden(hidden) => shown.push(hidden),
            '\n' | '\r' | '\t' => shown.extend(character.escape_default()),
            ascii if ascii.is_ascii() => {
                let _ = write!(shown, "\\x{:02x}", u32::from(ascii));
            }
            other => shown.extend(other.escape_unicode()),
        }
    }
    Cow::Owned(shown)
}

/// The longest text that a message or a report for people repeats, in characters; a path has
/// at most 4,096 bytes and an ordinary sentence a few hundred.
const LONGEST: usize = 2_000;

/// Of a longer text, so many characters at its end are kept: a figure or the reason of a
/// failure stands there.
const END: usize = 500;

/// The same as [`visible`], for a message or a report: a text of more than 2,000 characters is
/// cut in its middle, with `…` instead of what is left out.
pub fn brief(text: &str) -> Cow<'_, str> {
    let start = text.char_indices().nth(LONGEST - END).map(|(at, _)| at);
    let end = text.char_indices().nth_back(END - 1).map(|(at, _)| at);
    match start.zip(end) {
        // One character at most is left out: then nothing is.
        Some((start, end)) if text[start..].chars().nth(END + 1).is_some() => {
            let (start, end) = (visible(&text[..start]), visible(&text[end..]));
            Cow::Owned(format!("{start}…{end}"))
        }
        _ => visible(text),
    }
}

/// Controls of C0 and C1, and format characters: bidirectional marks, embeddings, overrides
/// and isolates (Unicode Standard Annex 9), zero-width characters, line and paragraph
/// separators, the byte order mark, tags, variation selectors and interlinear annotations.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{e0000}'..='\u{e01ef}'
        )
}

#[cfg(test)]
mod tests {
    use super::{brief, visible};

    #[test]
    fn escape_sequences_and_line_breaks_are_named() {
        assert_eq!(
            visible("\u{1b}[31mred\n\r\t\u{7f}"),
            "\\x1b[31mred\\n\\r\\t\\x7f"
        );
        assert_eq!(visible("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn what_reorders_or_hides_is_named() {
        assert_eq!(
            visible("a\u{202e}b\u{200b}\u{2066}"),
            "a\\u{202e}b\\u{200b}\\u{2066}"
        );
    }

    #[test]
    fn a_long_text_keeps_its_start_and_its_end() {
        for length in [0, 1_999, 2_000, 2_001] {
            let whole = "é".repeat(length);
            assert_eq!(brief(&whole), whole);
        }
        let long = format!("start{}end", "é".repeat(10_000_000));
        let cut = brief(&long);
        assert_eq!(cut.chars().count(), 2_001);
        assert!(cut.starts_with("start") && cut.ends_with("end"));
        assert_eq!(brief(&"\n".repeat(3_000)).chars().count(), 4_001);
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(
            visible("Échec : 12,3\u{a0}Mo"),
            std::borrow::Cow::Borrowed(_)
        ));
    }
}
