use crate::model::{ImageConfig, Kind};

use super::index::Spot;
use super::parts::Parts;
use super::paths::{Language, Part, by_ending, of_program};
use super::programs::{Found, find};
use super::recorded;
use super::stack::Stack;

/// Programs that start what no command line names.
const LAUNCHERS: [&str; 14] = [
    "cron",
    "crond",
    "find",
    "init",
    "make",
    "monit",
    "parallel",
    "runit",
    "runsvdir",
    "s6-svscan",
    "supervisord",
    "systemd",
    "watch",
    "xargs",
];

const SHELLS: [&str; 7] = ["ash", "bash", "busybox", "dash", "ksh", "sh", "zsh"];

const BUILTINS: [&str; 14] = [
    ":", "[", "cd", "echo", "exit", "export", "false", "printf", "read", "set", "test", "true",
    "umask", "wait",
];

/// Words of a shell that stand before a command.
const BEFORE: [&str; 8] = ["!", "do", "else", "exec", "if", "then", "time", "while"];

/// What the image's own command needs, as far as its words and its programs tell. Where they
/// don't, everything counts as needed.
pub(super) struct Needed {
    is_unknown: bool,
    parts: Vec<Part>,
}

impl Needed {
    pub(super) fn of(config: &ImageConfig, stack: &Stack, parts: &Parts) -> Self {
        let command: Vec<&str> = config
            .entrypoint
            .iter()
            .chain(&config.cmd)
            .map(String::as_str)
            .collect();
        let mut needed = Self {
            is_unknown: command.is_empty(),
            parts: Vec::new(),
        };
        // A health check runs in the container too; only the history tells of it.
        let history = config.history.iter().map(|entry| entry.created_by.as_str());
        let checks = history.filter(|text| recorded::keyword(text) == Some("HEALTHCHECK"));
        for word in command
            .iter()
            .copied()
            .chain(checks)
            .flat_map(str::split_whitespace)
        {
            let word = word.trim_matches(['"', '\'', '[', ']', ',']);
            let name = base_name(word);
            needed.parts.push(of_program(name));
            needed.parts.extend(by_ending(name).map(Part::Interpreter));
            // What a variable holds nobody can tell.
            needed.is_unknown |= word.contains(['$', '`'])
                || matches!(name.rsplit_once('.'), Some((_, "sh")))
                || LAUNCHERS.contains(&name);
        }
        if let Some(program) = command.first() {
            needed.parts.extend(installed_with(program, stack, parts));
            needed.look_into(&command, &config.working_dir, stack);
        }
        needed
    }

    pub(super) fn is_needed(&self, part: Part) -> bool {
        self.is_unknown || self.parts.contains(&part)
    }

    pub(super) fn is_language_needed(&self, language: Language) -> bool {
        self.is_needed(Part::Interpreter(language))
    }

    /// Looks at the files that are run, and at the scripts that are handed to them.
    fn look_into(&mut self, command: &[&str], directory: &str, stack: &Stack) {
        let (programs, arguments) = split(command);
        for program in programs {
            match find(stack, directory, program) {
                Found::Script(line) => self.script(line),
                Found::Other => {}
                Found::Nothing => {
                    let is_known = of_program(base_name(program)) != Part::Other;
                    self.is_unknown |= !is_known && !is_shells_own(program);
                }
                Found::Unclear => self.is_unknown = true,
            }
        }
        for argument in arguments {
            match find(stack, directory, argument) {
                Found::Script(line) => self.script(line),
                Found::Unclear => self.is_unknown = true,
                Found::Other | Found::Nothing => {}
            }
        }
    }

    /// `/usr/bin/env -S python3 -u`, `/bin/sh -e`.
    fn script(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_whitespace().map(base_name);
        let is_other =
            |word: &&str| *word != "env" && !word.starts_with('-') && !word.contains('=');
        match words.find(is_other).map(of_program) {
            Some(part @ Part::Interpreter(_)) => self.parts.push(part),
            // A shell's script may run anything.
            _ => self.is_unknown = true,
        }
    }
}

fn is_shells_own(word: &str) -> bool {
    BUILTINS.contains(&word) || SHELLS.contains(&base_name(word))
}

fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}

/// What is run and what is handed to it. A shell's script is both the shell and what its
/// text runs; a shell with a file runs that file.
fn split<'w>(command: &[&'w str]) -> (Vec<&'w str>, Vec<&'w str>) {
    let Some((program, rest)) = command.split_first() else {
        return (Vec::new(), Vec::new());
    };
    let mut programs = vec![*program];
    if !SHELLS.contains(&base_name(program)) {
        return (programs, rest.to_vec());
    }
    let mut arguments = Vec::new();
    let texts = rest.iter().filter(|word| !word.starts_with('-'));
    let ends = [';', '&', '|', '\n', '(', ')', '{', '}'];
    for part in texts.flat_map(|text| text.split(ends)) {
        let words = part.split_whitespace();
        let mut words = words.skip_while(|word| BEFORE.contains(word) || word.contains('='));
        programs.extend(words.next());
        arguments.extend(words);
    }
    (programs, arguments)
}

/// The interpreters whose files came in the program's own layer: a program that a package
/// manager of a language installs (`pip install gunicorn`) is a script of that language.
fn installed_with<'p>(
    program: &str,
    stack: &'p Stack,
    parts: &'p Parts,
) -> impl Iterator<Item = Part> + 'p {
    let wanted = program.trim_start_matches('/').to_owned();
    let is_bare = !program.contains('/');
    let is_program = move |spot: Spot| {
        let path = stack.entry(spot).path.as_bytes();
        match path.strip_suffix(wanted.as_bytes()) {
            Some(before) if is_bare => before.ends_with(b"bin/"),
            Some(before) => before.is_empty(),
            None => false,
        }
    };
    let layer = stack
        .files()
        .map(|(spot, _)| spot)
        .filter(|spot| is_program(*spot))
        .map(|spot| spot.layer)
        .last();
    // The lowest layer holds a whole system: that a program lies in it says nothing.
    let layer = layer.filter(|layer| *layer > 0);
    let entries = layer.map(|layer| (0..).zip(&stack.layers[layer as usize].entries));
    let spots = layer.into_iter().zip(entries).flat_map(|(layer, entries)| {
        entries.map(move |(entry, held)| (Spot { layer, entry }, held))
    });
    spots
        .filter(|(_, held)| matches!(held.kind, Kind::File { .. }))
        .map(|(spot, held)| parts.part(&stack.index, spot, held).0)
        .filter(|part| matches!(part, Part::Interpreter(_)))
}
