use std::io::{self, Write};

use serde::Serialize;

use super::line::{Line, width, wrap};
use super::listing::{self, Column, Medium, Sheet};
use super::look::{Look, Style};
use crate::lang::{Word, advice, doctor_verdict, found, phrases};
use crate::model::{Found, Language, Mend, Part, PartName, PartState};

/// What the main job needs, part by part.
#[derive(Debug)]
pub struct DoctorReport {
    pub parts: Vec<Part>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    ok: bool,
    parts: Vec<PartDocument<'a>>,
}

/// `found` and `advice` are English phrases: for reading, not for parsing.
#[derive(Serialize)]
struct PartDocument<'a> {
    name: PartName,
    state: &'static str,
    found: Option<String>,
    /// A command.
    mend: Option<&'a str>,
    /// What to do where no command mends it.
    advice: Option<String>,
}

impl<'a> PartDocument<'a> {
    fn of(part: &'a Part) -> Self {
        let (mend, advice) = match part.state.mend() {
            None => (None, None),
            Some(Mend::Command(command)) => (Some(command.as_str()), None),
            Some(Mend::Word(kind)) => (None, Some(advice(kind, &part.found, Language::English))),
        };
        Self {
            name: part.name,
            state: match part.state {
                PartState::Good => "good",
                PartState::Optional(_) => "optional",
                PartState::Lacking(_) => "lacking",
            },
            found: match &part.found {
                Found::Nothing => None,
                there => Some(found(part.name, there, Language::English)),
            },
            mend,
            advice,
        }
    }
}

impl DoctorReport {
    /// Whether the main job can be done.
    pub fn is_good(&self) -> bool {
        self.lacking().is_empty()
    }

    fn lacking(&self) -> Vec<PartName> {
        let lacking = self.parts.iter().filter(|part| part.state.is_lacking());
        let mut names: Vec<_> = lacking.map(|part| part.name).collect();
        names.dedup();
        names
    }

    /// `doctor-report/1`, indented by two, with a line feed at the end.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let document = Document {
            schema: "doctor-report/1",
            ok: self.is_good(),
            parts: self.parts.iter().map(PartDocument::of).collect(),
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }

    /// The same as the table, as Markdown.
    pub fn write_markdown(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        listing::render(&self.sheet(look.language), Medium::Markdown, look, out)
    }

    /// The same as the table, as a page.
    pub fn write_html(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        listing::render(&self.sheet(look.language), Medium::Html, look, out)
    }

    fn sheet(&self, language: Language) -> Sheet {
        let say = phrases(language);
        let row = |part: &Part| {
            let fix = match part.state.mend() {
                None => String::new(),
                Some(Mend::Command(command)) => command.clone(),
                Some(Mend::Word(kind)) => advice(kind, &part.found, language),
            };
            let name = format!("{} {}", sign(&part.state), say.word(part.name));
            vec![name, found(part.name, &part.found, language), fix]
        };
        let table = listing::Part {
            heading: say.word(Word::Prerequisites).to_owned(),
            columns: vec![
                (Word::Prerequisite, Column::Word),
                (Word::FoundHere, Column::Word),
                (Word::Fix, Column::Word),
            ],
            rows: self.parts.iter().map(row).collect(),
            rest: None,
        };
        Sheet {
            title: "lab-kit doctor".to_owned(),
            facts: Vec::new(),
            notes: vec![doctor_verdict(&self.lacking(), language)],
            parts: vec![table],
        }
    }

    /// A line a part, and below it what fixes it.
    pub fn write_table(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let names = self
            .parts
            .iter()
            .map(|part| phrases(look.language).word(part.name));
        let page = Page {
            columns: look.width.clamp(60, 120),
            left: 3 + names.map(width).max().unwrap_or(0) + 2,
            look,
        };
        for line in self.parts.iter().flat_map(|part| page.part(part)) {
            line.write(out)?;
        }
        writeln!(out)?;
        let lacking = self.lacking();
        let (style, sign) = if lacking.is_empty() {
            (look.styles.pass, "✔ ")
        } else {
            (look.styles.fail, "✘ ")
        };
        let verdict = doctor_verdict(&lacking, look.language);
        let lines = wrap(&verdict, page.columns - 2).into_iter().enumerate();
        for (at, text) in lines {
            let start = if at == 0 { sign } else { "  " };
            Line::of(style, start).then(style, &text).write(out)?;
        }
        Ok(())
    }
}

struct Page<'a> {
    columns: usize,
    /// Where what was found begins.
    left: usize,
    look: &'a Look,
}

impl Page<'_> {
    fn part(&self, part: &Part) -> Vec<Line> {
        let styles = self.look.styles;
        let style = match part.state {
            PartState::Good => styles.pass,
            PartState::Optional(_) => styles.warn,
            PartState::Lacking(_) => styles.fail,
        };
        let sign = sign(&part.state);
        let name = phrases(self.look.language).word(part.name);
        let text = found(part.name, &part.found, self.look.language);
        let margin = " ".repeat(self.left);
        let mut lines: Vec<_> = wrap(&text, self.columns - self.left)
            .iter()
            .enumerate()
            .map(|(at, text)| {
                let start = if at == 0 {
                    let head = Line::plain(" ").then(style, sign).then(Style::NONE, " ");
                    head.then(styles.strong, name).pad(self.left)
                } else {
                    Line::plain(&margin)
                };
                start.then(Style::NONE, text)
            })
            .collect();
        if let Some(mend) = part.state.mend() {
            lines.extend(self.mend(mend, &part.found));
        }
        lines
    }

    /// A command that is long is on several lines so that a shell still takes it whole.
    fn mend(&self, mend: &Mend, of: &Found) -> Vec<Line> {
        const ARROW: &str = "     → ";
        let Look {
            styles, language, ..
        } = self.look;
        let columns = self.columns - width(ARROW);
        let (style, indent, lines) = match mend {
            Mend::Command(command) => (styles.warn, "         ", shell_lines(command, columns)),
            Mend::Word(kind) => {
                let text = advice(kind, of, *language);
                (Style::NONE, "       ", wrap(&text, columns))
            }
        };
        let lines = lines.iter().enumerate().map(|(at, text)| {
            let start = if at == 0 { ARROW } else { indent };
            Line::of(styles.dim, start).then(style, text)
        });
        lines.collect()
    }
}

fn sign(state: &PartState) -> &'static str {
    match state {
        PartState::Good => "✔",
        PartState::Optional(_) => "!",
        PartState::Lacking(_) => "✘",
    }
}

/// A command, broken only between its words and with a backslash where it goes on. What
/// follows the first line leaves two more columns for its indent.
fn shell_lines(command: &str, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(" \\".len() + 2);
    let mut lines: Vec<String> = Vec::new();
    for word in shell_words(command) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let last = lines.len().saturating_sub(1);
    for line in &mut lines[..last] {
        line.push_str(" \\");
    }
    lines
}

/// Split at blanks, except in single quotes.
fn shell_words(command: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let words = command.split(move |one: char| {
        is_quoted ^= one == '\'';
        one == ' ' && !is_quoted
    });
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests;
