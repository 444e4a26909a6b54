use super::{BuildFlag, Form};

/// A text with each run of blanks and line ends made one space.
pub fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same with the keyword in upper case, as BuildKit shows it and the classic builder does
/// not.
pub fn as_shown(instruction: &str) -> String {
    let (keyword, rest) = split_keyword(instruction);
    single_spaced(&format!("{keyword} {rest}"))
}

/// The keyword in upper case, and the rest without the blanks around it.
pub(super) fn split_keyword(line: &str) -> (String, &str) {
    let line = line.trim();
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    (line[..end].to_ascii_uppercase(), line[end..].trim())
}

/// The leading words that begin with `--`, and what follows them. Quotes and backslashes
/// are resolved in them; a word `--` ends them.
pub(super) fn split_flags(arguments: &str) -> (Vec<BuildFlag>, &str) {
    let mut flags = Vec::new();
    let mut rest = arguments;
    while rest.starts_with("--") {
        let (word, after) = flag_word(rest);
        rest = after.trim_start();
        if word == "--" {
            break;
        }
        let bare = word.trim_start_matches("--");
        let (name, value) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (bare, None),
        };
        flags.push(BuildFlag {
            name: name.to_ascii_lowercase(),
            value,
        });
    }
    (flags, rest)
}

/// The first word with quotes and backslashes resolved, and the text after it.
fn flag_word(text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match (char, quote) {
            ('\\', _) => word.extend(chars.next().map(|(_, escaped)| escaped)),
            (char, Some(open)) if char == open => quote = None,
            ('"' | '\'', None) => quote = Some(char),
            (char, None) if char.is_whitespace() => return (word, &text[at..]),
            (char, _) => word.push(char),
        }
    }
    (word, "")
}

/// JSON form where the arguments begin with an array of strings, as Go's decoder reads it:
/// what follows the array is passed over.
pub(super) fn form(arguments: &str) -> Form {
    let array = arguments
        .starts_with('[')
        .then(|| serde_json::Deserializer::from_str(arguments).into_iter::<Vec<String>>())
        .and_then(|mut values| values.next()?.ok());
    array.map_or(Form::Shell, Form::Json)
}

/// A heredoc's announcement on its instruction's line.
pub(super) struct Opening {
    pub(super) name: String,
    pub(super) chomp: bool,
    pub(super) expand: bool,
}

/// The heredocs that a line announces: its shell words of the form `<<NAME` or `3<<-'NAME'`.
pub(super) fn openings(line: &str) -> Vec<Opening> {
    if !line.contains("<<") {
        return Vec::new();
    }
    shell_words(line)
        .iter()
        .filter_map(|word| opening(word))
        .collect()
}

fn opening(word: &str) -> Option<Opening> {
    let rest = word.trim_start_matches(|char: char| char.is_ascii_digit());
    let rest = rest.strip_prefix("<<")?;
    let (chomp, name) = match rest.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, rest),
    };
    if name.is_empty() || name.contains('<') {
        return None;
    }
    Some(Opening {
        name: unquote(name),
        chomp,
        expand: !name.contains(['"', '\'']),
    })
}

/// Words with their quotes and escapes kept; none where a quote is left open, which is what
/// the builder makes of it too.
pub(super) fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match (char, quote) {
            ('\\', None | Some('"')) => {
                word.push(char);
                word.extend(chars.next());
                continue;
            }
            (char, Some(open)) if char == open => quote = None,
            ('"' | '\'', None) => quote = Some(char),
            (char, None) if char.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            _ => {}
        }
        word.push(char);
    }
    if quote.is_some() {
        return Vec::new();
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn unquote(word: &str) -> String {
    let mut bare = String::new();
    let mut chars = word.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => bare.extend(chars.next()),
            '"' | '\'' => {}
            char => bare.push(char),
        }
    }
    bare
}
