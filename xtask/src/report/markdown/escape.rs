//! Untrusted text made harmless in Markdown, as GitHub and GitLab render it.
//!
//! Two things read a comment. Markdown itself: each sign that it, or HTML, knows is written as
//! a character reference (`CommonMark` 0.31, 2.5), which can't be structure. Then each host
//! looks through the text of the result, where references are signs again, for people, issues,
//! commits and links. No escape stops that, so every sign that is not known to be harmless is
//! kept apart from what follows: in text by a zero-width space (U+200B), in code, where hosts
//! link nothing but addresses, by an empty comment, which leaves the text as it is to copy.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

use crate::lang::visible;

/// No single text is longer than this: a comment is for reading.
const LONGEST: usize = 300;

/// A commit can be named by this many hexadecimal digits, and no fewer.
const SHORTEST_COMMIT: usize = 7;

/// Text of a sentence. Nobody is notified, and nothing is linked.
pub(in crate::report) fn text(text: &str) -> String {
    written(text, Context::Text)
}

/// A name, path or instruction.
pub(in crate::report) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("<code>{}</code>", written(text, Context::Code))
}

/// Lines that a program wrote. In an HTML block that begins with `<pre>` no Markdown is
/// read, so only what HTML knows is escaped, and what GitLab takes for a command to the
/// merge request: a line that starts with `/`.
pub(in crate::report) fn block(lines: &[String]) -> String {
    let mut safe = String::from("<pre>\n");
    for line in lines {
        let line = cut(line);
        let rest = line.trim_start();
        let (blank, rest) = line.split_at(line.len() - rest.len());
        safe.push_str(blank);
        for (at, one) in rest.char_indices() {
            match one {
                '/' if at == 0 => push_reference(&mut safe, one),
                '<' | '>' | '&' => push_reference(&mut safe, one),
                other => safe.push(other),
            }
        }
        safe.push('\n');
    }
    safe.push_str("</pre>\n");
    safe
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Text,
    Code,
}

impl Context {
    fn separator(self) -> &'static str {
        match self {
            Self::Text => "&#8203;",
            Self::Code => "<!-- -->",
        }
    }
}

fn written(text: &str, context: Context) -> String {
    let cut = cut(text);
    let mut safe = String::new();
    let mut rest = cut.chars().peekable();
    let mut before = String::new();
    while let Some(one) = rest.next() {
        if one.is_alphanumeric() {
            push_word(&mut safe, &mut before, one, &mut rest, context);
            continue;
        }
        match one {
            // At the start of a line, a command for GitLab.
            '/' if safe.is_empty() => push_reference(&mut safe, one),
            // Markdown itself links what begins with this.
            '.' if is_web(&before) => {
                safe.push_str(context.separator());
                safe.push_str("&#46;");
            }
            ' ' | '.' | ',' | '-' | '/' | '%' | '\'' | '"' | ';' | ':' | '(' | ')' | '@' | '!'
            | '?' | '=' | '+' => safe.push(one),
            sign if sign.is_ascii_punctuation() => push_reference(&mut safe, sign),
            other => safe.push(other),
        }
        let next = rest.peek().copied();
        let is_apart = match context {
            Context::Text => is_apart_in_text(one, next),
            Context::Code => is_apart_in_code(one, next),
        };
        if !is_apart {
            safe.push_str(context.separator());
        }
        before.clear();
    }
    safe
}

/// A word. In text, what could be a commit is divided into parts that are too short for one.
fn push_word(
    safe: &mut String,
    word: &mut String,
    first: char,
    rest: &mut Peekable<Chars<'_>>,
    context: Context,
) {
    word.clear();
    word.push(first);
    while let Some(next) = rest.next_if(|next| next.is_alphanumeric()) {
        word.push(next);
    }
    let is_commit =
        |word: &str| word.len() >= SHORTEST_COMMIT && word.bytes().all(|it| it.is_ascii_hexdigit());
    if context == Context::Code || !is_commit(word) {
        safe.push_str(word);
        return;
    }
    for (at, digit) in word.chars().enumerate() {
        if at > 0 && at % (SHORTEST_COMMIT - 1) == 0 {
            safe.push_str(context.separator());
        }
        safe.push(digit);
    }
}

/// Is this sign known to begin or join nothing with what follows?
fn is_apart_in_text(sign: char, next: Option<char>) -> bool {
    let Some(next) = next.filter(|next| !next.is_whitespace()) else {
        return true;
    };
    match sign {
        // `GH-1`, and what a repository chooses for its own tracker.
        '-' => !next.is_ascii_digit(),
        ' ' | '.' | ',' | '/' | '\'' | '"' | ';' | '(' | ')' | '?' | '=' | '+' | '_' => true,
        // Signs beyond ASCII, except the wide forms of the ASCII ones.
        other if !other.is_ascii() => !('\u{ff00}'..='\u{ff65}').contains(&other),
        // No name or number starts with these; they are kept apart from what follows them.
        _ => ".,;)(<>&|=?]{}".contains(next),
    }
}

/// The same within code: there only Markdown itself links, and only addresses.
fn is_apart_in_code(sign: char, next: Option<char>) -> bool {
    match sign {
        '@' => !next.is_some_and(char::is_alphanumeric),
        ':' => next != Some('/'),
        _ => true,
    }
}

fn is_web(word: &str) -> bool {
    let end = word.len().saturating_sub(3);
    word.get(end..)
        .is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

fn push_reference(safe: &mut String, sign: char) {
    match sign {
        '<' => safe.push_str("&lt;"),
        '>' => safe.push_str("&gt;"),
        '&' => safe.push_str("&amp;"),
        sign => {
            let _ = write!(safe, "&#{};", u32::from(sign));
        }
    }
}

/// One visible line of no more than the longest.
fn cut(text: &str) -> String {
    // Each character is shown by at least one.
    let start: String = text.chars().take(LONGEST + 1).collect();
    let shown = visible(&start);
    let mut chars = shown.chars();
    let mut cut: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
#[path = "escape_tests.rs"]
mod tests;
