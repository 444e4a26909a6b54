use std::io::{self, Write};

use super::told::{Advice, Fault, Line as Evidence, Told};
use crate::lang::{Word, phrases};
use crate::model::{CheckOutcome, CheckVerdict};
use crate::report::check::Length;
use crate::report::line::{Line, width, wrap_at};
use crate::report::look::{Look, Style};

/// Lines of a terminal's window that a result takes, at most.
const MOST_LINES: usize = 24;

/// Lines of evidence that are worth showing, at least and at most.
const EVIDENCE: [usize; 2] = [3, 8];

/// Lines of a cause's sentence, of a hint, and of anything else that is said, at most.
const SENTENCE: usize = 3;
const HINT: usize = 6;
const NOTE: usize = 2;

/// Notes on what was replaced and left out, at most.
const NOTES: usize = 2;

struct Page<'a> {
    look: &'a Look,
    length: Length,
    columns: usize,
}

pub(super) fn render(
    told: &Told,
    (look, length): (&Look, Length),
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page {
        look,
        length,
        columns: look.width.clamp(60, 120) - 1,
    };
    let mut lines = page.top(told);
    let mut bottom = page.bottom(told);
    let room = page.at_most(MOST_LINES).saturating_sub(lines.len());
    bottom.truncate(room);
    let room = room - bottom.len();
    if let Some(fault) = &told.fault {
        let mut shown = page.fault(fault, room);
        shown.truncate(room);
        // The verdict stands apart where there is room.
        if shown.len() < room {
            shown.push(Line::default());
        }
        lines.extend(shown);
    }
    for line in lines.into_iter().chain(bottom) {
        let line = match length {
            Length::Screen => line.fit(page.columns),
            Length::All => line,
        };
        line.write(out)?;
    }
    Ok(())
}

impl Page<'_> {
    /// So many lines, if all has to fit on a screen.
    fn at_most(&self, lines: usize) -> usize {
        match self.length {
            Length::Screen => lines,
            Length::All => usize::MAX,
        }
    }

    fn top(&self, told: &Told) -> Vec<Line> {
        let styles = self.look.styles;
        let say = phrases(self.look.language);
        let shape = told.shape.as_ref().map(|it| format!(" ({it})"));
        let heading = Line::plain(" ")
            .then(styles.strong, &told.lab)
            .then(Style::NONE, " · ")
            .then(Style::NONE, say.word(Word::Submission))
            .then(Style::NONE, " ")
            .then(styles.strong, &told.submission)
            .then(styles.dim, shape.as_deref().unwrap_or_default());
        let names = told.rows.iter().map(|row| width(row.id.name()));
        let widest = names.max().unwrap_or(0);
        let rows = told.rows.iter().map(|row| {
            let (style, sign) = self.sign(row.outcome);
            let text = match row.outcome {
                CheckOutcome::Skipped => styles.dim,
                _ => Style::NONE,
            };
            Line::plain(" ")
                .then(style, sign)
                .then(Style::NONE, " ")
                .join(Line::of(text, row.id.name()).pad(widest))
                .then(text, &format!("  {}", row.text))
        });
        let mut lines = vec![heading, Line::default()];
        lines.extend(rows);
        lines.push(Line::default());
        lines
    }

    fn sign(&self, outcome: CheckOutcome) -> (Style, &'static str) {
        let styles = self.look.styles;
        match outcome {
            CheckOutcome::Pass => (styles.pass, "✔"),
            CheckOutcome::Fail => (styles.fail, "✘"),
            CheckOutcome::Skipped => (styles.dim, "–"),
            CheckOutcome::Undecided => (styles.warn, "?"),
        }
    }

    /// The sentence and the hint, and as much of the evidence as there is room for.
    fn fault(&self, fault: &Fault, room: usize) -> Vec<Line> {
        let styles = self.look.styles;
        let (style, sign) = self.sign(fault.outcome);
        let mut lines = self.item((style, sign), styles.strong, &fault.sentence, &fault.place);
        lines.truncate(self.at_most(SENTENCE));
        if let Some(instruction) = &fault.instruction {
            lines.push(Line::plain("   ").then(styles.dim, instruction));
        }
        let hints = self.hints(fault);
        let [least, most] = EVIDENCE;
        let left = room.saturating_sub(lines.len() + hints.len());
        let evidence = self.evidence(&fault.proof, left.clamp(least, self.at_most(most)));
        lines.extend(evidence);
        lines.extend(hints);
        lines
    }

    /// The hint that is due, and how the next one is had.
    fn hints(&self, fault: &Fault) -> Vec<Line> {
        let styles = self.look.styles;
        let say = phrases(self.look.language);
        let label = match fault.hints.len() {
            1 if fault.more.is_none() => "→".to_owned(),
            number => say.hint_number(number),
        };
        let hint = fault.hints.last();
        let hint = hint.map(|it| self.item((styles.warn, &label), Style::NONE, it, ""));
        let mut lines = hint.unwrap_or_default();
        lines.truncate(self.at_most(HINT));
        if let Some(more) = &fault.more {
            lines.push(Line::plain("   ").then(styles.dim, more));
        }
        lines
    }

    /// The last lines of a log, or the first of anything else.
    fn evidence(&self, proof: &[Evidence], room: usize) -> Vec<Line> {
        let styles = self.look.styles;
        let is_log = proof.iter().all(|it| matches!(it, Evidence::Quoted(_)));
        let from = if is_log {
            proof.len().saturating_sub(room)
        } else {
            0
        };
        let shown = proof.iter().skip(from).take(room);
        let labels = proof.iter().filter_map(|it| match it {
            Evidence::Labelled(label, _) => Some(width(label)),
            Evidence::Quoted(_) | Evidence::Said(_) => None,
        });
        let widest = labels.max().unwrap_or(0);
        let line = |it: &Evidence| match it {
            Evidence::Quoted(text) => Line::plain("   ")
                .then(styles.dim, "│ ")
                .then(Style::NONE, text),
            Evidence::Labelled(label, text) => Line::plain("   ")
                .join(Line::of(styles.dim, label).pad(widest))
                .then(styles.dim, " │ ")
                .then(Style::NONE, text),
            Evidence::Said(text) => Line::plain("   ").then(Style::NONE, text),
        };
        shown.map(line).collect()
    }

    fn bottom(&self, told: &Told) -> Vec<Line> {
        let styles = self.look.styles;
        let (style, sign) = match told.verdict {
            CheckVerdict::Accepted => (styles.pass, "✔"),
            CheckVerdict::Rejected => (styles.fail, "✘"),
            CheckVerdict::Undecided => (styles.warn, "?"),
        };
        let notes = told.notes.iter().take(self.at_most(NOTES));
        let notes = notes.flat_map(|it| {
            let lines = self.item((styles.dim, "·"), styles.dim, it, "");
            lines.into_iter().take(self.at_most(NOTE))
        });
        let advice = told.next.iter().map(|it| ("→", it));
        let advice = advice.chain(told.remarks.iter().map(|it| ("·", it)));
        let advice = advice.flat_map(|(sign, it)| self.advice(sign, it));
        let verdict = Line::plain(" ")
            .then(style, sign)
            .then(Style::NONE, " ")
            .then(style, &told.conclusion);
        let lines = std::iter::once(verdict).chain(advice);
        lines.chain(notes).collect()
    }

    fn advice(&self, sign: &str, advice: &Advice) -> Vec<Line> {
        let styles = self.look.styles;
        let Some(instruction) = &advice.instruction else {
            let mut lines = self.item((styles.dim, sign), Style::NONE, &advice.text, &advice.place);
            lines.truncate(self.at_most(NOTE));
            return lines;
        };
        let mut lines = self.item((styles.dim, sign), Style::NONE, &advice.text, "");
        lines.truncate(self.at_most(NOTE));
        let place = Line::of(styles.dim, &format!("  {}", advice.place));
        let room = self.columns.saturating_sub(place.width() + 3);
        lines.push(
            Line::plain("   ")
                .join(Line::plain(instruction).fit(room))
                .join(place),
        );
        lines
    }

    /// A sentence after a sign, with its place at its end. What follows a line feed is kept as it
    /// is: an example to type.
    fn item(
        &self,
        (style, sign): (Style, &str),
        text: Style,
        sentence: &str,
        place: &str,
    ) -> Vec<Line> {
        let indent = width(sign) + 2;
        let (sentence, example) = match sentence.split_once('\n') {
            Some((sentence, example)) => (sentence, example),
            None => (sentence, ""),
        };
        let (lines, place) = wrap_at(sentence, place, self.columns.saturating_sub(indent));
        let last = lines.len().saturating_sub(1);
        let lines = lines.iter().enumerate().map(|(at, line)| {
            let start = if at == 0 {
                Line::plain(" ").then(style, sign).then(Style::NONE, " ")
            } else {
                Line::plain(&" ".repeat(indent))
            };
            let line = start.then(text, line);
            if at == last && !place.is_empty() {
                line.then(Style::NONE, "  ")
                    .then(self.look.styles.dim, &place)
            } else {
                line
            }
        });
        let example = example.lines();
        let example = example.map(|it| Line::plain("   ").then(self.look.styles.dim, it));
        lines.chain(example).collect()
    }
}
