use std::collections::{BTreeMap, BTreeSet};

use crate::model::{HIDDEN, HistoryEntry, ImageConfig, Step, is_variable, redact};

/// Every instruction that a builder writes into an image's history (Dockerfile reference).
const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// The instructions that may add files. The others change the image's config.
const ADDING: [&str; 4] = ["ADD", "COPY", "RUN", "WORKDIR"];

/// A shorter value than this is too common a word to be struck out wherever it occurs.
const SHORTEST_VALUE: usize = 4;

/// What one history entry says, whichever builder wrote it.
#[derive(Debug, PartialEq, Eq)]
struct Recorded<'h> {
    keyword: &'static str,
    /// Without keyword, builder's marks and shell.
    arguments: &'h str,
    /// `|N NAME=value …`: the build arguments of a RUN, as they stand there.
    build_args: Option<&'h str>,
    /// Whether a Dockerfile's builder wrote it beyond doubt. A RUN in JSON form looks like any
    /// other program's text.
    is_certain: bool,
}

/// The instruction's keyword; `None` where the entry says nothing, as an imported image's.
pub(super) fn keyword(created_by: &str) -> Option<&'static str> {
    Recorded::read(created_by).map(|recorded| recorded.keyword)
}

/// Whether it is an instruction that may add files to an image.
pub(super) fn adds_files(created_by: &str) -> bool {
    let certain = Recorded::read(created_by).filter(|recorded| recorded.is_certain);
    certain.is_some_and(|recorded| ADDING.contains(&recorded.keyword))
}

/// Whether it is an instruction that never adds a file.
pub(super) fn adds_nothing(created_by: &str) -> bool {
    let certain = Recorded::read(created_by).filter(|recorded| recorded.is_certain);
    certain.is_some_and(|recorded| !ADDING.contains(&recorded.keyword))
}

/// What follows the keyword, builder's marks and shell left out; `None` as for [`keyword`].
pub(super) fn arguments(created_by: &str) -> Option<&str> {
    Recorded::read(created_by).map(|recorded| recorded.arguments)
}

impl<'h> Recorded<'h> {
    /// The four shapes, as builders write them:
    ///
    /// - `COPY a.txt /app/ # buildkit`, `RUN |1 V=1 /bin/sh -c make # buildkit`;
    /// - `/bin/sh -c #(nop) COPY file:… in /app/ ` (any other shell after SHELL);
    /// - `|1 V=1 /bin/sh -c make`;
    /// - `/bin/sh -c make`, or the words of a RUN in JSON form.
    fn read(created_by: &'h str) -> Option<Self> {
        let text = created_by.trim();
        let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
        if text.is_empty() {
            return None;
        }
        if let Some((keyword, arguments)) = known(text) {
            return Some(match keyword {
                "RUN" => Self::run(arguments),
                _ => Self::plain(keyword, arguments),
            });
        }
        let Some((shell, rest)) = text.split_once("#(nop)") else {
            return Some(Self::command(text));
        };
        match known(rest.trim_start()) {
            Some((keyword, arguments)) if is_shell(shell) => Some(Self::plain(keyword, arguments)),
            _ => Some(Self::command(text)),
        }
    }

    fn plain(keyword: &'static str, arguments: &'h str) -> Self {
        Self {
            keyword,
            arguments,
            build_args: None,
            is_certain: true,
        }
    }

    fn command(text: &'h str) -> Self {
        Self {
            is_certain: text.starts_with('|') || is_shell_call(text),
            ..Self::run(text)
        }
    }

    fn run(text: &'h str) -> Self {
        let (build_args, command) = match text.strip_prefix('|') {
            Some(rest) => {
                let (args, command) = split_args(rest);
                (Some(args), command)
            }
            None => (None, text),
        };
        Self {
            keyword: "RUN",
            arguments: command.strip_prefix("/bin/sh -c ").unwrap_or(command),
            build_args,
            is_certain: true,
        }
    }
}

fn known(text: &str) -> Option<(&'static str, &str)> {
    let (word, arguments) = text.split_once(' ').unwrap_or((text, ""));
    let keyword = KEYWORDS.into_iter().find(|keyword| *keyword == word)?;
    Some((keyword, arguments.trim()))
}

/// Whether it is the head of what a shell is called with, and not a command's text.
fn is_shell(text: &str) -> bool {
    text.ends_with(' ')
        && text
            .split_whitespace()
            .all(|word| !word.contains(['"', '\'']))
        && text.split_whitespace().count() <= 4
}

/// Whether a shell is called with a command, as the builders' histories have it.
fn is_shell_call(text: &str) -> bool {
    let mut words = text.split(' ');
    let program = words.next().unwrap_or_default().to_ascii_lowercase();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let option = words.next().unwrap_or_default();
    match name {
        "cmd" => option.starts_with('/'),
        "powershell" | "pwsh" => option.starts_with('-'),
        _ => program.starts_with('/') && name.ends_with("sh") && option.starts_with('-'),
    }
}

/// Splits `2 A=1 B=two words /bin/sh -c make` into arguments and command.
///
/// Values are not quoted there, so their end is told by the shell that follows. Where none
/// is recognised all of it counts as arguments: better to show too little than a secret.
fn split_args(text: &str) -> (&str, &str) {
    let (_, args) = text.split_once(' ').unwrap_or((text, ""));
    let mut from = 0;
    while let Some(found) = args[from..].find(" /") {
        let start = from + found + 1;
        let mut words = args[start..].split(' ');
        let is_shell = words.next().is_some_and(|program| program.ends_with("sh"));
        if is_shell && words.next().is_some_and(|option| option.starts_with('-')) {
            return (&args[..start - 1], &args[start..]);
        }
        from = start;
    }
    (args, "")
}

/// Shows history entries, with what the image's build arguments and environment hold
/// struck out.
pub(super) struct Shown {
    /// Longest first, so that no part of a value is left when a shorter one is in it.
    values: Vec<String>,
}

impl Shown {
    pub(super) fn of(
        config: &ImageConfig,
        args: Option<&BTreeMap<String, Option<String>>>,
    ) -> Self {
        let mut values = BTreeSet::new();
        let mut add = |value: &str| {
            if value.len() >= SHORTEST_VALUE {
                values.insert(value.to_owned());
            }
        };
        for entry in &config.history {
            let Some(recorded) = Recorded::read(&entry.created_by) else {
                continue;
            };
            if let Some(args) = recorded.build_args {
                assignments(args).for_each(|(_, value)| add(value));
            }
            if matches!(recorded.keyword, "ARG" | "ENV") {
                assignments(recorded.arguments).for_each(|(_, value)| add(value));
            }
        }
        for variable in &config.env {
            if let Some((_, value)) = variable.split_once('=') {
                add(value);
            }
        }
        args.into_iter()
            .flat_map(BTreeMap::values)
            .flatten()
            .for_each(|value| add(value));
        let mut values: Vec<String> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// The step of a layer that no Dockerfile at hand has made. What another builder says is
    /// shown as it is.
    pub(super) fn step(&self, entry: &HistoryEntry) -> Option<Step> {
        let shown = |text: &str| Step {
            stage: None,
            instruction: text.to_owned(),
            place: None,
        };
        let Some(recorded) = Recorded::read(&entry.created_by) else {
            let comment = entry.comment.as_deref()?.trim();
            return (!comment.is_empty()).then(|| shown(comment));
        };
        if !recorded.is_certain {
            return Some(shown(entry.created_by.trim()));
        }
        let mut instruction = recorded.keyword.to_owned();
        if let Some(args) = recorded.build_args {
            for (name, _) in assignments(args) {
                instruction.push(' ');
                instruction.push_str(name);
                instruction.push('=');
                instruction.push_str(HIDDEN);
            }
        }
        instruction.push(' ');
        // A shell fills its variables in by itself: a RUN stands there as it was written.
        instruction.push_str(&match recorded.keyword {
            "RUN" => recorded.arguments.to_owned(),
            _ => self.without_values(recorded.arguments),
        });
        Some(shown(&redact(instruction.trim_end())))
    }

    fn without_values(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, value| {
            text.replace(value.as_str(), HIDDEN)
        })
    }
}

/// An image's config as it may be kept: what its build arguments and its environment hold is
/// struck out as in a report, and the names stay.
pub fn without_values(config: &ImageConfig) -> ImageConfig {
    let shown = Shown::of(config, None);
    let name = |variable: &String| match variable.split_once('=') {
        Some((name, _)) => format!("{name}={HIDDEN}"),
        None => variable.clone(),
    };
    let labels = config.labels.iter();
    let history = config.history.iter().map(|entry| HistoryEntry {
        created_by: shown.kept(&entry.created_by),
        comment: entry
            .comment
            .as_deref()
            .map(|comment| shown.without_values(comment)),
        ..entry.clone()
    });
    ImageConfig {
        env: config.env.iter().map(name).collect(),
        labels: labels
            .map(|(name, value)| (name.clone(), shown.without_values(value)))
            .collect(),
        history: history.collect(),
        ..config.clone()
    }
}

impl Shown {
    /// A history entry in its builder's own form.
    fn kept(&self, created_by: &str) -> String {
        let Some(recorded) = Recorded::read(created_by) else {
            return created_by.to_owned();
        };
        let instead = |part: &str, text: &str| {
            let start = part.as_ptr() as usize - created_by.as_ptr() as usize;
            let (before, after) = (&created_by[..start], &created_by[start + part.len()..]);
            format!("{before}{text}{after}")
        };
        if let Some(args) = recorded.build_args {
            let names = assignments(args).map(|(name, _)| format!("{name}={HIDDEN}"));
            return instead(args, &names.collect::<Vec<_>>().join(" "));
        }
        let arguments = recorded.arguments;
        let redacted = match recorded.keyword {
            "RUN" => return created_by.to_owned(),
            keyword @ ("ENV" | "ARG" | "ONBUILD") => {
                let whole = redact(&format!("{keyword} {arguments}"));
                let rest = whole.strip_prefix(keyword).unwrap_or_default();
                rest.trim_start().to_owned()
            }
            _ => arguments.to_owned(),
        };
        instead(arguments, &self.without_values(&redacted))
    }
}

/// `A=1 B=two words` → (`A`, `1`), (`B`, `two words`).
fn assignments(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let end = next_name(after).unwrap_or(after.len());
        rest = after[end..].trim_start();
        Some((name.trim(), after[..end].trim()))
    })
}

/// Where the next ` NAME=` begins.
fn next_name(text: &str) -> Option<usize> {
    text.match_indices(' ').map(|(at, _)| at).find(|at| {
        let word = text[at + 1..].split(' ').next().unwrap_or_default();
        word.split_once('=')
            .is_some_and(|(name, _)| is_variable(name))
    })
}
