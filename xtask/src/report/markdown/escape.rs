//! A stranger's words made harmless in Markdown.
//!
//! Whatever means something to Markdown or HTML is written as a character reference
//! (`CommonMark` 0.31, 2.5), which can't be the sign of any structure. So nothing but what
//! this module writes itself holds a raw `<`.

use std::fmt::Write as _;

use crate::lang::visible;

/// No single text is longer than this: a comment is for reading.
const LONGEST: usize = 300;

/// Text of a sentence. A name after `@` would notify a person and a number after `#` would
/// refer to an issue: a zero-width space (U+200B) keeps both apart.
pub(in crate::report) fn text(text: &str) -> String {
    let safe = referenced(text);
    safe.replace('@', "@&#8203;")
        .replace("&#35;", "&#35;&#8203;")
}

/// A name, path or instruction. GitHub links neither people nor issues in code.
pub(in crate::report) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("<code>{}</code>", referenced(text))
}

/// Lines that a program wrote. In an HTML block that begins with `<pre>` no Markdown is
/// read, so only what HTML knows is escaped.
pub(super) fn block(lines: &[String]) -> String {
    let mut safe = String::from("<pre>\n");
    for line in lines {
        for one in cut(line).chars() {
            match one {
                '<' => safe.push_str("&lt;"),
                '>' => safe.push_str("&gt;"),
                '&' => safe.push_str("&amp;"),
                other => safe.push(other),
            }
        }
        safe.push('\n');
    }
    safe.push_str("</pre>\n");
    safe
}

/// Character references for all that could be a sign of structure.
fn referenced(text: &str) -> String {
    let cut = cut(text);
    let mut safe = String::new();
    let mut rest = cut.chars().peekable();
    while let Some(one) = rest.next() {
        match one {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            // After these a link begins, or an emoji's name.
            ':' if rest
                .peek()
                .is_some_and(|next| *next == '/' || next.is_ascii_alphabetic()) =>
            {
                safe.push_str("&#58;");
            }
            '.' if safe.ends_with("www") => safe.push_str("&#46;"),
            ' ' | '.' | ',' | '-' | '/' | '%' | '\'' | '"' | ';' | ':' | '(' | ')' | '@' | '!'
            | '?' | '=' | '+' => safe.push(one),
            sign if sign.is_ascii_punctuation() => {
                let _ = write!(safe, "&#{};", u32::from(sign));
            }
            other => safe.push(other),
        }
    }
    safe
}

/// One visible line of no more than the longest.
fn cut(text: &str) -> String {
    let shown = visible(text);
    let mut chars = shown.chars();
    let mut cut: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::{block, code, text};

    #[test]
    fn markdown_and_html_become_text() {
        assert_eq!(
            text("*a* <b> [c](d) | `e` & _f_"),
            "&#42;a&#42; &lt;b&gt; &#91;c&#93;(d) &#124; &#96;e&#96; &amp; &#95;f&#95;"
        );
        assert_eq!(code("a|b`c"), "<code>a&#124;b&#96;c</code>");
        assert_eq!(code(""), "");
    }

    #[test]
    fn nobody_is_called_and_nothing_is_linked() {
        assert_eq!(text("@root #1"), "@&#8203;root &#35;&#8203;1");
        assert_eq!(text("https://a.b"), "https&#58;//a.b");
        assert_eq!(text("www.a.b"), "www&#46;a.b");
        assert_eq!(text("a: 1 :x:"), "a: 1 &#58;x:");
    }

    #[test]
    fn a_program_cannot_end_its_block() {
        let lines = ["</pre>\n# x".to_owned(), String::new()];
        assert_eq!(block(&lines), "<pre>\n&lt;/pre&gt;\\n# x\n\n</pre>\n");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(text(&"x".repeat(400)).chars().count(), 301);
    }
}
