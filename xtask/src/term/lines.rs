use std::io::{self, Write};

use super::{Detail, Terminal};
use crate::lang::{BuildEnded, Phrases, note, phrases, read_from, visible};
use crate::model::Event;

/// Events as plain lines, for a log.
pub(super) struct Lines {
    phrases: Phrases,
    detail: Detail,
    dim: &'static str,
    bold: &'static str,
    off: &'static str,
}

impl Lines {
    pub(super) fn new(terminal: &Terminal) -> Self {
        let style = |code| if terminal.stderr_colour { code } else { "" };
        Self {
            phrases: phrases(terminal.language),
            detail: terminal.detail,
            dim: style("\u{1b}[2m"),
            bold: style("\u{1b}[1m"),
            off: style("\u{1b}[0m"),
        }
    }

    /// The line of an event, escaped; `None` for what is not shown.
    pub(super) fn line_of(&self, event: &Event) -> Option<String> {
        if !self.detail.shows(event) {
            return None;
        }
        let (dim, bold, off) = (self.dim, self.bold, self.off);
        let line = match event {
            Event::Command(command) => return Some(format!("{dim}$ {}{off}", visible(command))),
            Event::Provision { command, reason } => {
                let reason = self.phrases.provision_reason(reason);
                let (reason, command) = (visible(&reason).into_owned(), visible(command));
                return Some(format!(
                    "{reason}
  {bold}$ {command}{off}"
                ));
            }
            Event::ReadFrom(from) => {
                let line = read_from(from, self.phrases.language());
                return Some(format!("  {dim}{}{off}", visible(&line)));
            }
            Event::Progress(line) | Event::Remark(line) => {
                return Some(format!("  {dim}{}{off}", visible(line)));
            }
            Event::Note(what) => note(what, self.phrases.language()),
            event => sentence(self.phrases, event)?,
        };
        Some(visible(&line).into_owned())
    }

    #[expect(clippy::unused_self, reason = "where lines go is this type's business")]
    pub(super) fn print(&self, line: &str) {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

fn sentence(phrases: Phrases, event: &Event) -> Option<String> {
    Some(match event {
        Event::Stage(stage) => phrases.stage(stage),
        Event::BuildStarted { variant } => phrases.build_started(variant),
        Event::BuildStep {
            variant,
            done,
            total,
            instruction,
            ..
        } => {
            let total = total.map_or_else(String::new, |total| format!("/{total}"));
            format!("{variant} [{done}{total}] {instruction}")
        }
        Event::BuildEnded {
            variant,
            success,
            took,
            steps,
            cached,
        } => phrases.build_ended(&BuildEnded {
            variant,
            success: *success,
            took: *took,
            steps: *steps,
            cached: *cached,
        }),
        Event::Baseline(news) => phrases.baseline_news(news),
        Event::ReadSoFar(so_far) => phrases.read_so_far(so_far),
        Event::RunStarted { variant } => phrases.run_started(variant),
        Event::RunEnded {
            variant,
            success,
            took,
        } => phrases.run_ended(variant, *success, *took),
        Event::Command(_)
        | Event::Remark(_)
        | Event::ReadFrom(_)
        | Event::Note(_)
        | Event::BuildLog { .. }
        | Event::Provision { .. }
        | Event::TerminalWanted(_)
        | Event::Progress(_) => {
            return None;
        }
    })
}
