use crate::dockerfile::{Form, Instruction, single_spaced};

use super::recorded;
use crate::model::HIDDEN;

/// What a RUN in shell form is called with where no SHELL says otherwise.
const SHELL: &str = "/bin/sh -c ";

const BUILDKIT: &str = "# buildkit";

/// Whether the entry of history says something else than the instruction of the same keyword.
///
/// Only what every builder leaves as it was written is compared; variables, quotes and escapes
/// are filled in by some and not by others. What can't be compared is no contradiction.
pub(super) fn contradicts(created_by: &str, instruction: &Instruction) -> bool {
    // What stood there in another encoding, each reader replaces in its own way.
    if instruction.text.contains(char::REPLACEMENT_CHARACTER) {
        return false;
    }
    let Some(said) = recorded::arguments(created_by) else {
        return false;
    };
    let written = instruction.arguments.trim();
    if said.contains(HIDDEN) {
        // Read from what was kept of the image, without any value.
        return instruction.keyword == "ENV" && !has_names(said, written);
    }
    match instruction.keyword.as_str() {
        "RUN" => !is_run(created_by, instruction),
        "COPY" | "ADD" => !is_copied(created_by, said, instruction),
        "CMD" | "ENTRYPOINT" | "SHELL" | "VOLUME" => !is_list(said, instruction),
        "ENV" => !has_assignments(said, written),
        "WORKDIR" => is_plain(written) && !is_directory(said, written),
        "USER" | "STOPSIGNAL" => is_plain(written) && said != written,
        _ => false,
    }
}

/// Whether a word stands in every builder's history as it was written.
fn is_plain(word: &str) -> bool {
    let is_special =
        |letter: char| letter.is_whitespace() || letter.is_control() || "$\"'\\`<".contains(letter);
    !word.contains(is_special)
}

/// The shell fills in a RUN's variables, so its text is all there. Before it stand the build's
/// arguments and the shell; a program that copies flags too has them between.
fn is_run(created_by: &str, run: &Instruction) -> bool {
    let text = created_by.trim();
    let is_buildkit = text.ends_with(BUILDKIT);
    let text = text.strip_suffix(BUILDKIT).unwrap_or(text);
    let said = single_spaced(text.strip_prefix("RUN ").unwrap_or(text));
    if !run.heredocs.is_empty() {
        // A script with a program of its own is kept elsewhere.
        let mut bodies = run.heredocs.iter().map(|heredoc| heredoc.body.as_str());
        return !is_buildkit
            || bodies.all(|body| body.starts_with("#!") || said.contains(&single_spaced(body)));
    }
    let written = single_spaced(&run.arguments);
    match &run.form {
        Form::Json(words) => {
            said.ends_with(&single_spaced(&words.join(" "))) || said.ends_with(&written)
        }
        Form::Shell => said.strip_suffix(&written).is_some_and(|before| {
            let is_word = before.is_empty() || before.ends_with(' ');
            is_word && (!run.flags.is_empty() || is_shell(before))
        }),
    }
}

/// Whether what stands before a command can be build arguments and a shell, and nothing of a
/// longer command. Which other shells there are nobody can tell.
fn is_shell(before: &str) -> bool {
    if before.starts_with('|') {
        before.ends_with(SHELL) || !before.contains(SHELL)
    } else {
        before == SHELL || !before.starts_with(SHELL)
    }
}

/// The classic builder knows the destination alone; `BuildKit` the sources too, from the last
/// up to one that it may have changed.
fn is_copied(created_by: &str, said: &str, copy: &Instruction) -> bool {
    let words: Vec<&str> = match &copy.form {
        Form::Json(words) => words.iter().map(String::as_str).collect(),
        Form::Shell => copy.arguments.split_whitespace().collect(),
    };
    let is_buildkit = created_by.trim().ends_with(BUILDKIT);
    let compared = if is_buildkit { words.len() } else { 1 };
    let written = words.into_iter().rev().take(compared);
    let mut said = said.split_whitespace().rev();
    let mut written = written.take_while(|word| is_plain(word) && !word.is_empty());
    written.all(|word| said.next() == Some(word))
}

/// A list of words, with or without quotes and commas; a text stands there behind its shell.
fn is_list(said: &str, written: &Instruction) -> bool {
    let bare = |text: &str| text.replace(['[', ']', '"', ',', '\\', ' '], "");
    let (text, is_whole) = match &written.form {
        Form::Json(words) => (words.concat(), true),
        Form::Shell => (written.arguments.clone(), written.keyword == "VOLUME"),
    };
    let is_escaped = |letter: char| letter == '\\' || (letter != ' ' && !letter.is_ascii_graphic());
    let is_filled_in = written.keyword == "VOLUME" && text.contains(['$', '\'']);
    if is_filled_in || text.contains(is_escaped) {
        return true;
    }
    let (said, text) = (bare(said), bare(&text));
    said == text || (!is_whole && said.ends_with(&text))
}

/// The old form, `ENV NAME value`, is not compared, nor what follows a quote: it may hold blanks.
fn has_assignments(said: &str, written: &str) -> bool {
    let said: Vec<&str> = said.split_whitespace().collect();
    let words = written.split_whitespace();
    let words = words.take_while(|word| !word.contains(['"', '\'', '\\']));
    let mut words = words.filter(|word| is_plain(word));
    let is_old = |first: &str| !first.contains('=');
    written.split_whitespace().next().is_none_or(is_old) || words.all(|word| said.contains(&word))
}

/// The same where the values are struck out.
fn has_names(said: &str, written: &str) -> bool {
    let said: Vec<&str> = said.split_whitespace().collect();
    let words = written.split_whitespace();
    let words = words.take_while(|word| !word.contains(['"', '\'', '\\']));
    let mut names = words.filter_map(|word| Some(word.split_once('=')?.0));
    names.all(|name| said.contains(&format!("{name}={HIDDEN}").as_str()))
}

/// Builders clean the path, and put a relative one behind that of the WORKDIR before.
fn is_directory(said: &str, written: &str) -> bool {
    let (said_names, names) = (names(said), names(written));
    if said.contains('\\') || names.contains(&"..") {
        return true;
    }
    said_names == names || (!written.starts_with('/') && said_names.ends_with(&names))
}

fn names(path: &str) -> Vec<&str> {
    let names = path.split('/').filter(|name| !matches!(*name, "" | "."));
    names.collect()
}
