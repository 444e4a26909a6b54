/// Stands for a value that must not be shown.
pub const HIDDEN: &str = "…";

/// An instruction with the values of build arguments and of the environment struck out;
/// their names stay. Everything else, a RUN's text too, is shown as it is.
pub fn redact(instruction: &str) -> String {
    let mut before = String::new();
    let mut rest = instruction;
    loop {
        let (keyword, arguments) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let arguments = arguments.trim_start();
        let is = |name: &str| keyword.eq_ignore_ascii_case(name);
        if is("ENV") || is("ARG") {
            let shown = format!("{before}{keyword} {}", names(keyword, arguments));
            return shown.trim_end().to_owned();
        }
        // Text from an image may repeat it as often as it likes: no recursion.
        if !is("ONBUILD") || arguments.is_empty() {
            return before + rest;
        }
        before = before + keyword + " ";
        rest = arguments;
    }
}

/// `A=1 B="two words"` → `A=… B=…`; `A 1`, the old form of ENV, → `A …`.
fn names(keyword: &str, arguments: &str) -> String {
    let words = words(arguments);
    let Some(first) = words.first() else {
        return String::new();
    };
    if keyword.eq_ignore_ascii_case("ENV") && !first.contains('=') {
        return format!("{first} {HIDDEN}");
    }
    let mut shown: Vec<String> = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some((name, _)) if is_variable(name) => {
                shown.push(format!("{name}={HIDDEN}"));
            }
            // `ARG A B`; what follows an assignment is the rest of its value, which a
            // builder's history does not quote.
            None if !shown.last().is_some_and(|last| last.ends_with(HIDDEN))
                && is_variable(word) =>
            {
                shown.push(word.to_owned());
            }
            _ => {}
        }
    }
    shown.join(" ")
}

/// Splits at blanks that are neither quoted nor escaped.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut is_escaped) = (0, None, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' | '\'' if quote.is_none() => quote = Some(letter),
            _ if quote == Some(letter) => quote = None,
            _ if letter.is_whitespace() && quote.is_none() => {
                words.push(&text[start..at]);
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether it can name a variable of the environment.
pub fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
