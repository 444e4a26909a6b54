use std::borrow::Cow;
use std::fmt::Write as _;

/// A stranger's text on one line of a terminal: whatever would move the cursor, change
/// colours, reorder the line or hide in it is shown by its name instead.
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
    use super::visible;

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
    fn plain_text_is_not_copied() {
        assert!(matches!(
            visible("Échec : 12,3\u{a0}Mo"),
            std::borrow::Cow::Borrowed(_)
        ));
    }
}
