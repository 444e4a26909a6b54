use std::collections::BTreeMap;

/// Fills in the variables of a word as BuildKit's `frontend/dockerfile/shell` does, quotes
/// removed: `$X`, `${X}`, `${X:-d}`, `${X-d}`, `${X:+a}`, `${X+a}`, `${X:?e}`, `${X?e}`.
///
/// A variable without a value is empty, as it is to the builders. `None` where the result
/// can't be known here: a platform variable that `values` lacks, a required one that is
/// missing, a pattern form (`${X#p}`, `${X%p}`, `${X/a/b}`), defaults inside defaults, deeper
/// than [`DEEPEST`], or more than [`LONGEST`] bytes.
pub(super) fn substitute(word: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let mut cursor = Cursor {
        rest: word,
        values,
        depth: 0,
    };
    let text = cursor.until(None)?;
    cursor.rest.is_empty().then_some(text)
}

/// Quotes and defaults inside each other. A file may nest as many as it likes, and each takes a
/// part of the stack.
const DEEPEST: usize = 64;

/// The longest result, in bytes. No image has a longer name, and a variable that holds another
/// one twice, and so on, has no end.
const LONGEST: usize = 1024;

struct Cursor<'a> {
    rest: &'a str,
    values: &'a BTreeMap<String, String>,
    depth: usize,
}

impl Cursor<'_> {
    /// Reads up to `end`, which is taken too, or to the end of the text.
    fn until(&mut self, end: Option<char>) -> Option<String> {
        let mut text = String::new();
        loop {
            if text.len() > LONGEST {
                return None;
            }
            let Some(char) = self.take() else {
                return end.is_none().then_some(text);
            };
            match char {
                char if Some(char) == end => return Some(text),
                '\\' => text.extend(self.take()),
                '\'' if end != Some('"') => text.push_str(&self.literal()?),
                '"' => text.push_str(&self.within('"')?),
                '$' => text.push_str(&self.variable()?),
                char => text.push(char),
            }
        }
    }

    /// As [`until`](Self::until), one level deeper.
    fn within(&mut self, end: char) -> Option<String> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let text = self.until(Some(end));
        self.depth -= 1;
        text
    }

    /// The rest of a text in single quotes, in which nothing is special.
    fn literal(&mut self) -> Option<String> {
        let (text, rest) = self.rest.split_once('\'')?;
        self.rest = rest;
        Some(text.to_owned())
    }

    fn variable(&mut self) -> Option<String> {
        if self.rest.starts_with('{') {
            self.take();
            let name = self.name();
            return self.modified(&name);
        }
        match self.name() {
            name if name.is_empty() => Some("$".to_owned()),
            name => self.value(&name),
        }
    }

    /// What follows the name in `${NAME…}`, up to the brace.
    fn modified(&mut self, name: &str) -> Option<String> {
        let mut operator = self.take()?;
        let mut set = self.values.get(name).cloned();
        if operator == ':' {
            set = set.filter(|value| !value.is_empty());
            operator = self.take()?;
        } else if operator == '}' {
            return self.value(name);
        }
        let word = matches!(operator, '-' | '+' | '?')
            .then(|| self.within('}'))
            .flatten()?;
        match operator {
            '-' => Some(set.unwrap_or(word)),
            '+' => Some(set.map_or(String::new(), |_| word)),
            _ => set,
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        let value = self.values.get(name).cloned();
        value.or_else(|| (!is_platform_arg(name)).then(String::new))
    }

    fn name(&mut self) -> String {
        let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let end = self.rest.find(|char| !is_name(char));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        name.to_owned()
    }

    fn take(&mut self) -> Option<char> {
        let char = self.rest.chars().next()?;
        self.rest = &self.rest[char.len_utf8()..];
        Some(char)
    }
}

/// The variables that BuildKit sets by itself from the platforms of build and target.
pub(super) fn is_platform_arg(name: &str) -> bool {
    let part = name
        .strip_prefix("TARGET")
        .or_else(|| name.strip_prefix("BUILD"));
    matches!(part, Some("PLATFORM" | "OS" | "ARCH" | "VARIANT"))
}
