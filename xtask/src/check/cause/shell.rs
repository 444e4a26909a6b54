//! A shell's line as simple commands: enough to tell what a RUN runs, reads and writes.

use crate::dockerfile::{Form, Instruction};

/// What stands between two commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// The beginning or the end.
    Edge,
    And,
    Or,
    /// `;` or a line's end.
    Then,
    Pipe,
    Background,
}

/// One program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Without quotes and redirections.
    pub(super) words: Vec<String>,
    /// The files that it reads by `<` and writes by `>`.
    pub(super) reads: Vec<String>,
    pub(super) writes: Vec<String>,
    pub(super) after: Joint,
}

/// What reads or moves files, and executes none.
const FILE_TOOLS: [&str; 38] = [
    "[",
    "awk",
    "base64",
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "cmp",
    "cp",
    "cut",
    "diff",
    "dos2unix",
    "du",
    "echo",
    "file",
    "find",
    "grep",
    "head",
    "install",
    "less",
    "ln",
    "ls",
    "md5sum",
    "mkdir",
    "mv",
    "od",
    "printf",
    "rm",
    "sed",
    "sha256sum",
    "sort",
    "stat",
    "tail",
    "tee",
    "test",
    "touch",
    "tr",
    "wc",
];

/// Those of them that print the text of a file, or a part of it.
const READERS: [&str; 12] = [
    "awk", "base64", "cat", "cut", "grep", "head", "less", "od", "sed", "sort", "tail", "tr",
];

/// What comes before the program that it runs.
const WRAPPERS: [&str; 7] = ["env", "exec", "nice", "nohup", "sudo", "time", "then"];

impl Command {
    /// The name of its program, without directories.
    pub(super) fn program(&self) -> &str {
        self.own().first().map_or("", |word| base_name(word))
    }

    /// From the program on: what stands before it are variables and other programs' names.
    fn own(&self) -> &[String] {
        let is_before = |word: &String| is_assignment(word) || WRAPPERS.contains(&word.as_str());
        let skipped = self.words.iter().take_while(|word| is_before(word)).count();
        &self.words[skipped..]
    }

    pub(super) fn arguments(&self) -> &[String] {
        self.own().get(1..).unwrap_or_default()
    }

    /// Whether it executes the script: by its name, by an interpreter, or as Python's module.
    pub(super) fn executes(&self, script: &str) -> bool {
        let name = base_name(script);
        let program = self.program();
        if program == name {
            return true;
        }
        if FILE_TOOLS.contains(&program) || program.is_empty() {
            return false;
        }
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_python = program.starts_with("python") || program.starts_with("pypy");
        let names = |word: &String| mentions(word, name) || (is_python && mentions(word, stem));
        self.arguments().iter().any(names) || self.reads.iter().any(|file| mentions(file, name))
    }

    /// Whether it takes text out of the script without executing it.
    pub(super) fn cuts_from(&self, script: &str) -> bool {
        let name = base_name(script);
        let is_read = || {
            let mut files = self.arguments().iter().chain(&self.reads);
            files.any(|word| base_name(word) == name)
        };
        READERS.contains(&self.program()) && !self.changes(script) && is_read()
    }

    /// Whether it writes another text into the script.
    pub(super) fn changes(&self, script: &str) -> bool {
        let name = base_name(script);
        let is_it = |word: &String| base_name(word) == name;
        let last_is_it = || self.arguments().last().is_some_and(is_it);
        let is_edited = match self.program() {
            "sed" | "perl" => {
                let in_place = |word: &String| word.starts_with("-i") || word == "--in-place";
                self.arguments().iter().any(in_place) && self.arguments().iter().any(is_it)
            }
            "tee" | "patch" => self.arguments().iter().any(is_it),
            "cp" | "mv" | "ln" => last_is_it() && !self.arguments().iter().rev().skip(1).any(is_it),
            _ => false,
        };
        is_edited || self.writes.iter().any(is_it)
    }
}

/// The commands of a RUN, CMD or ENTRYPOINT, those of its heredocs included.
pub(super) fn commands_of(instruction: &Instruction) -> Vec<Command> {
    match &instruction.form {
        Form::Json(words) => of_words(words),
        Form::Shell => {
            let mut all = commands(&instruction.arguments);
            for heredoc in &instruction.heredocs {
                all.extend(commands(&heredoc.body));
            }
            all
        }
    }
}

/// A list is one command, unless it calls a shell with a line: `["sh", "-c", "…"]`.
fn of_words(words: &[String]) -> Vec<Command> {
    if let [shell, flag, line, ..] = words
        && ["sh", "bash", "ash", "dash"].contains(&base_name(shell))
        && flag.starts_with('-')
        && flag.ends_with('c')
    {
        return commands(line);
    }
    vec![Command {
        words: words.to_vec(),
        reads: Vec::new(),
        writes: Vec::new(),
        after: Joint::Edge,
    }]
}

pub(super) fn commands(line: &str) -> Vec<Command> {
    let mut reader = Reader::default();
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' => reader.quoted(chars.by_ref().take_while(|it| *it != '\'')),
            '"' => reader.double_quoted(&mut chars),
            '\\' => reader.quoted(chars.next().into_iter().filter(|it| *it != '\n')),
            '\n' | ';' => reader.end(Joint::Then),
            '&' if chars.next_if_eq(&'&').is_some() => reader.end(Joint::And),
            '&' if reader.is_after_arrow() => reader.quoted(['&'].into_iter()),
            '&' => reader.end(Joint::Background),
            '|' if chars.next_if_eq(&'|').is_some() => reader.end(Joint::Or),
            '|' => reader.end(Joint::Pipe),
            '<' | '>' => {
                while chars.next_if_eq(&char).is_some() {}
                reader.arrow(char);
            }
            '(' | ')' => reader.end_word(),
            char if char.is_whitespace() => reader.end_word(),
            char => reader.quoted([char].into_iter()),
        }
    }
    reader.end(Joint::Edge);
    reader.done
}

#[derive(Default)]
struct Reader {
    done: Vec<Command>,
    words: Vec<String>,
    reads: Vec<String>,
    writes: Vec<String>,
    word: Option<String>,
    /// `<` or `>` stands before the word.
    arrow: Option<char>,
}

impl Reader {
    fn quoted(&mut self, chars: impl Iterator<Item = char>) {
        self.word.get_or_insert_default().extend(chars);
    }

    fn double_quoted(&mut self, chars: &mut impl Iterator<Item = char>) {
        let word = self.word.get_or_insert_default();
        while let Some(char) = chars.next() {
            match char {
                '"' => return,
                '\\' => word.extend(chars.next()),
                char => word.push(char),
            }
        }
    }

    fn is_after_arrow(&self) -> bool {
        self.arrow.is_some() && self.word.is_none()
    }

    /// `2>`: the number is of the arrow.
    fn arrow(&mut self, arrow: char) {
        let is_number = |word: &String| word.chars().all(|it| it.is_ascii_digit());
        if self.word.as_ref().is_some_and(is_number) {
            self.word = None;
        }
        self.end_word();
        self.arrow = Some(arrow);
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else {
            return;
        };
        match self.arrow.take() {
            Some('<') => self.reads.push(word),
            Some(_) => self.writes.push(word),
            None => self.words.push(word),
        }
    }

    fn end(&mut self, after: Joint) {
        self.end_word();
        self.arrow = None;
        let is_brace = |word: &String| word == "{" || word == "}";
        let mut words = std::mem::take(&mut self.words);
        words.retain(|word| !is_brace(word));
        let reads = std::mem::take(&mut self.reads);
        let writes = std::mem::take(&mut self.writes);
        if words.is_empty() && reads.is_empty() && writes.is_empty() {
            // `x &\n`: what matters stands closest to the command.
            return;
        }
        self.done.push(Command {
            words,
            reads,
            writes,
            after,
        });
    }
}

pub(super) fn base_name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_')
    })
}

/// Whether a text has a name in it that no letter, digit or dash goes on.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let of_word = |it: char| it.is_alphanumeric() || it == '_' || it == '-';
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            !text[..at].ends_with(of_word) && !text[at + name.len()..].starts_with(of_word)
        })
}

#[cfg(test)]
mod tests {
    use super::{Joint, commands, mentions};

    #[test]
    fn a_line_falls_apart_where_a_shell_parts_it() {
        let all =
            commands("cd /app && A=1 python 'my script.py' 2>/dev/null || true; cat <x >>y &");
        let words: Vec<_> = all.iter().map(|it| it.words.join(" ")).collect();
        assert_eq!(words, ["cd /app", "A=1 python my script.py", "true", "cat"]);
        let after: Vec<_> = all.iter().map(|it| it.after).collect();
        assert_eq!(
            after,
            [Joint::And, Joint::Or, Joint::Then, Joint::Background]
        );
        assert_eq!(all[1].writes, ["/dev/null"]);
        assert_eq!((&all[3].reads[0][..], &all[3].writes[0][..]), ("x", "y"));
        assert_eq!(all[1].program(), "python");
        let both = commands("x >&2; { y; }");
        assert_eq!((both.len(), &both[0].writes[0][..]), (2, "&2"));
    }

    #[test]
    fn what_executes_a_script_is_told_from_what_reads_or_changes_it() {
        let is = |line: &str| {
            let all = commands(line);
            let any = |of: &dyn Fn(&super::Command) -> bool| all.iter().any(of);
            let name = "src/make_it.py";
            [
                any(&|it| it.executes(name)),
                any(&|it| it.cuts_from(name)),
                any(&|it| it.changes(name)),
            ]
        };
        for line in [
            "python make_it.py",
            "python3 -u /src/make_it.py",
            "./make_it.py",
            "env X=1 python -m make_it",
            "python < make_it.py",
            "python -c \"exec(open('make_it.py').read())\"",
            "python -c 'import make_it'",
        ] {
            assert_eq!(is(line), [true, false, false], "{line}");
        }
        for line in [
            "cat make_it.py",
            "grep -o x make_it.py > y",
            "sed -n 3p make_it.py",
        ] {
            assert_eq!(is(line), [false, true, false], "{line}");
        }
        for line in [
            "sed -i s/a/b/ make_it.py",
            "echo x > make_it.py",
            "cp y.py make_it.py",
        ] {
            assert_eq!(is(line), [false, false, true], "{line}");
        }
        for line in [
            "cp make_it.py /x",
            "chmod +x make_it.py",
            "python other_make_it.py",
            "",
        ] {
            assert_eq!(is(line), [false; 3], "{line}");
        }
    }

    #[test]
    fn a_name_is_found_whole() {
        assert!(mentions("/x/a.py", "a.py") && mentions("open('a.py')", "a.py"));
        assert!(!mentions("aa.py", "a.py") && !mentions("a.pyc", "a.py"));
    }
}
