use std::env;
use std::io::{self, IsTerminal};

use crate::model::Language;

/// How much standard error says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Errors, and what changes this machine.
    Quiet,
    #[default]
    Normal,
    /// The commands of other programs too.
    Verbose,
}

/// What the two streams are; decided once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of one stream"
)]
pub struct Terminal {
    pub language: Language,
    pub detail: Detail,
    /// Whether standard output takes colours.
    pub stdout_colour: bool,
    pub stderr_colour: bool,
    /// Columns of the report.
    pub width: usize,
    /// Whether standard error can be drawn on again: bars, not lines.
    pub redraws: bool,
    /// Whether a person can press keys and see a screen that is drawn again.
    pub interactive: bool,
}

/// Columns where standard output is not a terminal, or hides its width.
const PLAIN_WIDTH: usize = 80;

impl Terminal {
    /// Asks the streams and the environment: `NO_COLOR`, `CLICOLOR_FORCE`, `CI`, `TERM`,
    /// `COLUMNS`, and the locale where no language was typed.
    pub fn decide(language: Option<Language>, detail: Detail) -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour =
            |terminal: bool| !set("NO_COLOR") && !dumb && (terminal || set("CLICOLOR_FORCE"));
        let (stdout, stderr) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Self {
            language: language.unwrap_or_else(locale),
            detail,
            stdout_colour: colour(stdout),
            stderr_colour: colour(stderr),
            width: if stdout { width() } else { PLAIN_WIDTH },
            interactive: stdout && io::stdin().is_terminal() && !dumb,
            redraws: stderr && !dumb && !set("CI") && detail != Detail::Quiet,
        }
    }
}

fn width() -> usize {
    let columns = rustix::termios::tcgetwinsize(io::stdout())
        .ok()
        .map(|size| size.ws_col);
    match columns {
        Some(columns) if columns > 0 => usize::from(columns),
        _ => PLAIN_WIDTH,
    }
}

fn locale() -> Language {
    match sys_locale::get_locale() {
        Some(locale) if locale.to_lowercase().starts_with("fr") => Language::French,
        _ => Language::English,
    }
}
