/// Whether the rules of a `.dockerignore` keep a path out of the build context. The last rule that
/// matches the path, or a directory above it, decides (moby/patternmatcher).
pub fn is_ignored(rules: &str, path: &str) -> bool {
    let mut is_out = false;
    for line in rules.trim_start_matches('\u{feff}').lines() {
        if line.starts_with('#') {
            continue;
        }
        let line = line.trim();
        let (pattern, decides) = match line.strip_prefix('!') {
            Some(pattern) => (pattern.trim_start(), false),
            None => (line, true),
        };
        let pattern = clean(pattern);
        if !pattern.is_empty() && matches_any(&pattern, path) {
            is_out = decides;
        }
    }
    is_out
}

/// Without empty and `.` parts, and with each `..` taking the part before it away.
fn clean(pattern: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts
}

/// Whether the pattern is like the path or one of the directories above it.
fn matches_any(pattern: &[&str], path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    (1..=parts.len()).any(|depth| is_path_like(pattern, &parts[..depth]))
}

fn is_path_like(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=path.len()).any(|from| is_path_like(rest, &path[from..])),
        ([part, rest @ ..], [name, names @ ..]) => {
            is_name_like(part.as_bytes(), name.as_bytes()) && is_path_like(rest, names)
        }
        _ => false,
    }
}

/// Go's `filepath.Match` on one part of a path.
fn is_name_like(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|from| is_name_like(rest, &name[from..])),
        ([b'?', rest @ ..], [_, names @ ..]) => is_name_like(rest, names),
        ([b'[', class @ ..], [byte, names @ ..]) => {
            let Some(end) = class.iter().skip(1).position(|it| *it == b']') else {
                return false;
            };
            is_in_class(&class[..=end], *byte) && is_name_like(&class[end + 2..], names)
        }
        ([b'\\', literal, rest @ ..] | [literal, rest @ ..], [byte, names @ ..]) => {
            literal == byte && is_name_like(rest, names)
        }
        _ => false,
    }
}

fn is_in_class(class: &[u8], byte: u8) -> bool {
    let (class, is_in) = match class {
        [b'^', rest @ ..] => (rest, false),
        class => (class, true),
    };
    let mut rest = class;
    let mut found = false;
    while let [first, others @ ..] = rest {
        if let [b'-', last, others @ ..] = others {
            found |= (*first..=*last).contains(&byte);
            rest = others;
        } else {
            found |= *first == byte;
            rest = others;
        }
    }
    found == is_in
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_ignored;

    /// The examples of Docker's documentation and what moby/patternmatcher's tests expect.
    #[test]
    fn the_last_rule_that_matches_decides() {
        for (rules, path, is_out) in [
            ("", "a", false),
            ("a", "a", true),
            ("/a/", "a", true),
            ("./a", "a", true),
            ("# a", "a", false),
            ("a", "b/a", false),
            ("b", "b/a", true),
            ("*.py", "a.py", true),
            ("*.py", "b/a.py", false),
            ("**/*.py", "a.py", true),
            ("**/*.py", "c/b/a.py", true),
            ("*/temp*", "b/temporary", true),
            ("a?", "ab", true),
            ("a?", "a", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("*", "b/a", true),
            ("*\n!b/a", "b/a", false),
            ("*\n!b", "b/a", false),
            ("!a\na", "a", true),
            ("b/../a", "a", true),
            ("a\\*", "a*", true),
            ("**", "b/a", true),
            ("displayer/**", "displayer/display.c", true),
            ("[a", "a", false),
        ] {
            assert_eq!(is_ignored(rules, path), is_out, "{rules:?} {path}");
        }
    }

    proptest! {
        #[test]
        fn no_rule_makes_it_panic(rules in "\\PC{0,40}", path in "[a-z./]{0,12}") {
            let _ = is_ignored(&rules, &path);
        }
    }
}
