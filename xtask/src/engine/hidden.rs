use std::env;

use crate::model::{BuildFailure, BuildSpec, EngineProblem, redact};

/// Stands for a value, as in the command line.
const SHOWN: &str = "***";
/// Shorter values can't be secrets, and are in many a word.
const SHORTEST: usize = 4;
/// From this length on a value is struck out in the middle of a word too.
const UNMISTAKABLE: usize = 8;

/// The values of a build's arguments, which a builder repeats: BuildKit in the names of its
/// steps, where it fills the variables in, and any RUN in what it prints.
pub(super) struct Hidden {
    /// The longest first, for one may be part of another.
    values: Vec<String>,
}

impl Hidden {
    pub(super) fn of(spec: &BuildSpec) -> Self {
        let value = |(name, value): (&String, &Option<String>)| match value {
            Some(value) => Some(value.clone()),
            None => env::var(name)
                .ok()
                .or_else(|| spec.environment.get(name).cloned()),
        };
        let args = spec.args.iter().filter_map(value);
        Self::from(args.chain(spec.environment.values().cloned()))
    }

    /// A key has many lines, and a log shows them one by one.
    fn from(values: impl Iterator<Item = String>) -> Self {
        let lines = |value: String| {
            let lines = value.lines().map(str::trim);
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let mut values: Vec<String> = values.flat_map(lines).collect();
        values.retain(|value| value.len() >= SHORTEST);
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// The values of `ENV` and `ARG` are struck out here as they are in a report. `FROM` keeps
    /// its image, which is often an argument's value and no secret.
    pub(super) fn in_instruction(&self, instruction: &str) -> String {
        let keyword = instruction.split_whitespace().next().unwrap_or_default();
        if keyword.eq_ignore_ascii_case("FROM") {
            return instruction.to_owned();
        }
        self.in_text(&redact(instruction))
    }

    pub(super) fn in_failure(&self, failure: BuildFailure) -> BuildFailure {
        let instruction = failure.instruction;
        BuildFailure {
            instruction: instruction.map(|text| self.in_instruction(&text)),
            log: self.in_lines(&failure.log),
            ..failure
        }
    }

    pub(super) fn in_problem(&self, problem: EngineProblem) -> EngineProblem {
        match problem {
            EngineProblem::BuildUnclear { variant, log } => EngineProblem::BuildUnclear {
                variant,
                log: self.in_lines(&log),
            },
            EngineProblem::BuildOffline {
                variant,
                instruction,
                said,
            } => EngineProblem::BuildOffline {
                variant,
                instruction: self.in_instruction(&instruction),
                said: self.in_text(&said),
            },
            problem => problem,
        }
    }

    fn in_lines(&self, lines: &[String]) -> Vec<String> {
        lines.iter().map(|line| self.in_text(line)).collect()
    }

    pub(super) fn in_text(&self, text: &str) -> String {
        let strike = |text: String, value: &String| strike(&text, value);
        self.values.iter().fold(text.to_owned(), strike)
    }
}

fn strike(text: &str, value: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for (at, _) in text.match_indices(value) {
        let after = at + value.len();
        if value.len() >= UNMISTAKABLE || stands_alone(&text[..at], &text[after..]) {
            shown.push_str(&text[end..at]);
            shown.push_str(SHOWN);
            end = after;
        }
    }
    shown.push_str(&text[end..]);
    shown
}

fn stands_alone(before: &str, after: &str) -> bool {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    !before.ends_with(is_of_word) && !after.starts_with(is_of_word)
}

#[cfg(test)]
mod tests {
    use super::Hidden;

    fn hidden(values: &[&str]) -> Hidden {
        Hidden::from(values.iter().map(|&value| value.to_owned()))
    }

    #[test]
    fn a_value_is_struck_out_of_what_a_builder_repeats() {
        let hidden = hidden(&["test", "hunter2", "hunter2-of-the-test", "abc"]);
        for (told, shown) in [
            ("RUN test -n \"hunter2-of-the-test\"", "RUN *** -n \"***\""),
            ("RUN echo hunter2", "RUN echo ***"),
            ("RUN echo abc", "RUN echo abc"),
            ("RUN echo hunter2hunter2", "RUN echo hunter2hunter2"),
            ("RUN apt install latest", "RUN apt install latest"),
            (
                "RUN curl https://u:Xhunter2-of-the-testX@host",
                "RUN curl https://u:X***X@host",
            ),
            ("ENV P=S3CRET Q=x", "ENV P=… Q=…"),
            ("arg Q=S3CRET", "arg Q=…"),
            ("ONBUILD ENV P S3CRET", "ONBUILD ENV P …"),
            ("FROM registry/test:hunter2", "FROM registry/test:hunter2"),
        ] {
            assert_eq!(hidden.in_instruction(told), shown);
        }
    }

    #[test]
    fn a_value_of_several_lines_is_struck_out_line_by_line() {
        let hidden = hidden(&["-----BEGIN KEY-----\n  c2VjcmV0\n-----END KEY-----\n"]);
        let log = ["+ cat key", "-----BEGIN KEY-----", "c2VjcmV0"].map(str::to_owned);
        assert_eq!(hidden.in_lines(&log), ["+ cat key", "***", "***"]);
    }
}
