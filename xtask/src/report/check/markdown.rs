use std::fmt::Write as _;
use std::io::{self, Write};

use super::told::{Advice, Fault, Line, Told};
use crate::lang::{Phrases, Word, phrases};
use crate::model::CheckOutcome;
use crate::report::look::Look;
use crate::report::markdown::{Align, Table, block, code, text};

/// Lines of evidence, at most: the comment has a limit of its own.
const MOST_LINES: usize = 40;

pub(super) fn render(told: &Told, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let say = phrases(look.language);
    let mut parts = vec![format!(
        "### {} {}: {}\n",
        code(&told.lab),
        text(&told.conclusion),
        code(&told.submission)
    )];
    parts.extend(
        told.shape
            .as_ref()
            .map(|shape| format!("{}\n", text(shape))),
    );
    parts.push(checks(told, say));
    parts.extend(told.fault.as_ref().map(|it| fault(it, say)));
    let advice = told.next.iter().chain(&told.remarks).map(advice);
    let notes = told.notes.iter().map(|it| format!("- {}\n", text(it)));
    let list: String = advice.chain(notes).collect();
    parts.extend((!list.is_empty()).then_some(list));
    out.write_all(parts.join("\n").as_bytes())
}

fn checks(told: &Told, say: Phrases) -> String {
    let columns = [("", Align::Left), (say.word(Word::Check), Align::Left)];
    let mut table = Table::new(&[columns[0], columns[1], ("", Align::Left)]);
    for row in &told.rows {
        let name = code(row.id.name());
        table.row(&[sign(row.outcome).to_owned(), name, text(&row.text)]);
    }
    table.text()
}

fn sign(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "✔",
        CheckOutcome::Fail => "✘",
        CheckOutcome::Skipped => "–",
        CheckOutcome::Undecided => "?",
    }
}

fn fault(fault: &Fault, say: Phrases) -> String {
    let place = code(&fault.place);
    let mut shown = format!("**{}** {place}\n", text(&fault.sentence));
    if let Some(instruction) = &fault.instruction {
        let _ = writeln!(shown, "\n{}", code(instruction));
    }
    let from = fault.proof.len().saturating_sub(MOST_LINES);
    let lines = fault.proof.iter().skip(from).map(|line| match line {
        Line::Quoted(text) | Line::Said(text) => crate::lang::brief(text).into_owned(),
        Line::Labelled(label, text) => format!("{label}: {}", crate::lang::brief(text)),
    });
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        shown.push('\n');
        shown.push_str(&block(&lines));
    }
    for (at, hint) in fault.hints.iter().enumerate() {
        let label = format!("{} {}", say.word(Word::Hint), at + 1);
        let _ = writeln!(shown, "\n{}: {}", text(&label), text(hint));
    }
    shown
}

fn advice(advice: &Advice) -> String {
    let instruction = advice.instruction.as_deref().map(code).unwrap_or_default();
    let parts = [text(&advice.text), instruction, code(&advice.place)];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    format!("- {}\n", parts.join(" "))
}
