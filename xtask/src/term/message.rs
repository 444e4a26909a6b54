use std::error::Error;
use std::io::{self, Write};

use super::Terminal;
use crate::lang::{UsageProblem, Word, brief, phrases, problem, usage};
use crate::model::{EngineProblem, HostProblem, Language, Problem, ReportProblem};

/// Prints one problem on standard error: the sentence, its causes, the log it bears, the
/// remedy. A signal needs no sentence: the user sent it.
pub fn explain(problem: &Problem, terminal: &Terminal) {
    if problem.signal().is_some() {
        return;
    }
    let message = compose(
        problem,
        terminal.language,
        Paint::of(terminal.stderr_colour),
    );
    let _ = io::stderr().write_all(message.as_bytes());
}

/// Prints what is wrong with what was typed, or the help that was asked for, and gives the exit
/// code.
pub fn explain_usage(error: &clap::Error, terminal: &Terminal) -> u8 {
    let problem = usage(error, terminal.language).filter(|_| error.use_stderr());
    let printed = match problem {
        Some(problem) => {
            let paint = Paint::of(terminal.stderr_colour);
            let message = refusal(&problem, terminal.language, paint);
            io::stderr().write_all(message.as_bytes())
        }
        None => error.print(),
    };
    // A reader that went away is a quiet success.
    let _ = printed;
    u8::try_from(error.exit_code()).unwrap_or(2)
}

fn refusal(problem: &UsageProblem, language: Language, paint: Paint) -> String {
    let say = phrases(language);
    let sentence = paint.line(paint.error, say.word(Word::ErrorHeading), &problem.sentence);
    let cause = problem.cause.iter();
    let cause = cause.map(|cause| paint.line(paint.dim, say.word(Word::CauseHeading), cause));
    let help = problem.help.iter();
    let help = help.map(|help| paint.line(paint.help, say.word(Word::HelpHeading), help));
    std::iter::once(sentence).chain(cause).chain(help).collect()
}

#[derive(Clone, Copy)]
struct Paint {
    error: &'static str,
    help: &'static str,
    dim: &'static str,
    off: &'static str,
}

impl Paint {
    fn line(self, colour: &str, heading: &str, text: &str) -> String {
        format!("{colour}{heading}{} {}\n", self.off, brief(text))
    }

    fn of(colour: bool) -> Self {
        if colour {
            Self {
                error: "\u{1b}[1;31m",
                help: "\u{1b}[1;36m",
                dim: "\u{1b}[2m",
                off: "\u{1b}[0m",
            }
        } else {
            Self {
                error: "",
                help: "",
                dim: "",
                off: "",
            }
        }
    }
}

fn compose(problem: &Problem, language: Language, paint: Paint) -> String {
    let say = phrases(language);
    let sentence = problem::sentence(problem, language);
    let mut lines = vec![paint.line(paint.error, say.word(Word::ErrorHeading), &sentence)];
    for reason in causes(problem, language) {
        if !sentence.contains(&reason) {
            lines.push(paint.line(paint.dim, say.word(Word::CauseHeading), &reason));
        }
    }
    let (dim, off) = (paint.dim, paint.off);
    let log = log(problem).iter();
    lines.extend(log.map(|line| format!("  {dim}│{off} {}\n", brief(line))));
    let help = problem::help(problem, language).unwrap_or_default();
    let help = help.lines();
    lines.extend(help.map(|line| paint.line(paint.help, say.word(Word::HelpHeading), line)));
    lines.concat()
}

/// What lies behind the problem, nearest first, each once.
fn causes(problem: &Problem, language: Language) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    let mut causes = Vec::new();
    let mut next = match problem {
        // Its sentence has that of the problem in it.
        Problem::Report(ReportProblem::Baseline { problem, .. }) => problem.source(),
        problem => problem.source(),
    };
    while let Some(cause) = next {
        let text = cause.to_string();
        if !known.iter().any(|known| known.contains(&text)) {
            causes.push(problem::reason(cause, language));
            known.push(text);
        }
        next = cause.source();
    }
    causes
}

/// The last lines of the program that failed.
fn log(problem: &Problem) -> &[String] {
    match problem {
        Problem::Engine(EngineProblem::BuildUnclear { log, .. })
        | Problem::Host(HostProblem::Command { log, .. } | HostProblem::DaemonDown { log }) => log,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use super::{Paint, compose};
    use crate::model::{HostProblem, LabProblem, Language, Problem, ReportProblem};

    #[test]
    fn a_message_names_the_thing_its_cause_and_nothing_that_moves_the_cursor() {
        let problem = Problem::Lab(LabProblem::Read {
            path: PathBuf::from("a\u{1b}[2J.yaml"),
            source: io::Error::from_raw_os_error(13),
        });
        let message = compose(&problem, Language::English, Paint::of(false));
        assert!(
            message.starts_with("error: cannot read `a\\x1b[2J.yaml`\n"),
            "{message}"
        );
        assert!(message.contains("because: Permission denied"), "{message}");
        assert!(!message.contains('\u{1b}'));
    }

    #[test]
    fn the_usual_reasons_are_told_in_french_and_others_in_their_own_words() {
        let cause = |source| {
            let path = PathBuf::from("a.json");
            let problem = Problem::Report(ReportProblem::Baseline {
                problem: Box::new(ReportProblem::Read {
                    path: path.clone(),
                    source,
                }),
                path,
            });
            [Language::English, Language::French].map(|language| {
                let message = compose(&problem, language, Paint::of(false));
                message.lines().nth(1).unwrap().to_owned()
            })
        };
        assert_eq!(
            cause(io::Error::from_raw_os_error(21)),
            [
                "because: Is a directory (os error 21)",
                "cause\u{a0}: c’est un dossier"
            ]
        );
        let wrapped = io::Error::from_raw_os_error(13).to_string();
        assert_eq!(
            cause(io::Error::other(wrapped))[1],
            "cause\u{a0}: accès refusé"
        );
        assert_eq!(
            cause(io::ErrorKind::NotFound.into()),
            [
                "because: no such file or directory",
                "cause\u{a0}: ce fichier ou ce dossier n’existe pas"
            ]
        );
        assert_eq!(
            cause(io::Error::new(io::ErrorKind::NotFound, "no context")),
            ["because: no context", "cause\u{a0}: no context"]
        );
    }

    #[test]
    fn the_log_of_a_failed_command_is_shown() {
        let log = vec!["E: no such package".to_owned()];
        let problem = Problem::Host(HostProblem::Command {
            command: "apt-get".into(),
            log,
        });
        let message = compose(&problem, Language::French, Paint::of(false));
        assert!(message.starts_with("erreur\u{a0}:"), "{message}");
        assert!(message.contains("  │ E: no such package\n"), "{message}");
    }
}
