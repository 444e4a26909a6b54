use crate::model::{ImageConfig, Kind};

use super::index::Spot;
use super::parts::{Language, Part, Parts, by_ending, of_program};
use super::stack::Stack;

/// What the image's own command needs, as far as its words and the program's place tell.
pub(super) struct Needed {
    /// Nothing can be told: there is no command, or a shell script decides.
    is_unknown: bool,
    parts: Vec<Part>,
}

impl Needed {
    pub(super) fn of(config: &ImageConfig, stack: &Stack, parts: &Parts) -> Self {
        let command = || config.entrypoint.iter().chain(&config.cmd);
        // The text of `sh -c` is words too.
        let words: Vec<&str> = command().flat_map(|word| word.split_whitespace()).collect();
        let mut needed = Self {
            is_unknown: words.is_empty() || words.iter().any(|word| is_shell_script(word)),
            parts: Vec::new(),
        };
        for word in &words {
            let name = word.rsplit('/').next().unwrap_or_default();
            needed.parts.push(of_program(name));
            needed.parts.extend(by_ending(name).map(Part::Interpreter));
        }
        if let Some(program) = command().next() {
            needed.parts.extend(installed_with(program, stack, parts));
        }
        needed
    }

    pub(super) fn is_needed(&self, part: Part) -> bool {
        self.is_unknown || self.parts.contains(&part)
    }

    pub(super) fn is_language_needed(&self, language: Language) -> bool {
        self.is_needed(Part::Interpreter(language))
    }
}

fn is_shell_script(word: &str) -> bool {
    word.ends_with("entrypoint") || matches!(word.rsplit_once('.'), Some((_, "sh")))
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
