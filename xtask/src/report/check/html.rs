use std::io::{self, Write};

use maud::{Markup, html};

use super::told::{Advice, Fault, Line, Told};
use crate::lang::{Phrases, Word, brief, phrases, visible};
use crate::model::{CheckOutcome, CheckReport, CheckVerdict, Language};
use crate::report::html::{images_of, whole};

pub(super) fn render(
    told: &Told,
    report: &CheckReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let say = phrases(language);
    let head = head(told, say);
    let main = html! {
        (checks(told))
        @if let Some(it) = &told.fault { (fault(it, say)) }
        @if !told.next.is_empty() || !told.remarks.is_empty() || !told.notes.is_empty() {
            section {
                ul {
                    @for it in told.next.iter().chain(&told.remarks) { li { (advice(it)) } }
                    @for it in &told.notes { li { (brief(it)) } }
                }
            }
        }
        @if let Some(report) = &report.report { (images_of(report, say)) }
    };
    let title = format!("{} · {}", told.lab, told.submission);
    let page = whole(say, &title, &head, &main, &html! {});
    out.write_all(page.into_string().as_bytes())
}

fn head(told: &Told, say: Phrases) -> Markup {
    let class = match told.verdict {
        CheckVerdict::Accepted => "pass",
        CheckVerdict::Rejected => "fail",
        CheckVerdict::Undecided => "warn",
    };
    html! {
        header {
            p { (brief(&told.lab)) }
            h1 .(class) { (brief(&told.conclusion)) }
            p {
                (say.word(Word::Submission)) " " code { (brief(&told.submission)) }
                @if let Some(shape) = &told.shape { " (" (shape) ")" }
            }
        }
    }
}

fn checks(told: &Told) -> Markup {
    html! {
        section {
            table {
                tbody {
                    @for row in &told.rows {
                        tr {
                            td { (sign(row.outcome)) }
                            th scope="row" { code { (row.id.name()) } }
                            td { (brief(&row.text)) }
                        }
                    }
                }
            }
        }
    }
}

fn sign(outcome: CheckOutcome) -> Markup {
    let (class, sign) = match outcome {
        CheckOutcome::Pass => ("pass", "✔"),
        CheckOutcome::Fail => ("fail", "✘"),
        CheckOutcome::Skipped => ("dim", "–"),
        CheckOutcome::Undecided => ("warn", "?"),
    };
    html! { span .(class) { (sign) } }
}

fn fault(fault: &Fault, say: Phrases) -> Markup {
    html! {
        section {
            h2 { (brief(&fault.sentence)) }
            @if !fault.place.is_empty() { p { code { (brief(&fault.place)) } } }
            @if let Some(instruction) = &fault.instruction { p { code { (brief(instruction)) } } }
            @if !fault.proof.is_empty() {
                pre {
                    @for line in &fault.proof {
                        @match line {
                            Line::Quoted(text) | Line::Said(text) => (visible(text)),
                            Line::Labelled(label, text) => { (label) ": " (visible(text)) },
                        }
                        "\n"
                    }
                }
            }
            @for (at, hint) in fault.hints.iter().enumerate() {
                p { strong { (say.word(Word::Hint)) " " (at + 1) } ": " (brief(hint)) }
            }
            @if let Some(more) = &fault.more { p .dim { (brief(more)) } }
        }
    }
}

fn advice(advice: &Advice) -> Markup {
    html! {
        (brief(&advice.text))
        @if let Some(instruction) = &advice.instruction { " " code { (brief(instruction)) } }
        @if !advice.place.is_empty() { " " code { (brief(&advice.place)) } }
    }
}
