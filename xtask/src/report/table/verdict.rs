//! What could be done, and what was decided.

use super::Page;
use crate::lang::Word;
use crate::model::{Advice, Fact, Finding, Level, Outcome};
use crate::report::alike::Told;
use crate::report::line::{Line, width};
use crate::report::listing::place;
use crate::report::look::Style;
use crate::report::sections::Places;
use crate::report::{LabReport, VariantReport};

const ADVICE: usize = 4;

pub(super) fn advice(page: Page, report: &LabReport) -> Vec<Line> {
    let all = report.advice();
    let shown = &all[..all.len().min(ADVICE)];
    let amounts = shown
        .iter()
        .map(|(_, advice)| width(&page.say.saved(advice.saves)));
    let Some(columns) = amounts.max() else {
        return Vec::new();
    };
    let places = Places::of(shown.iter().map(|(_, advice)| advice.place.as_ref()));
    let heading = places.headed(page.say.word(Word::Savings));
    let mut lines = vec![page.heading(&heading).fit(page.width - 1)];
    for (variant, advice) in shown {
        let place = places.cell(advice.place.as_ref());
        lines.extend(advice_lines(page, variant, advice, columns, &place));
    }
    let rest = &all[shown.len()..];
    if !rest.is_empty() {
        let bytes = rest.iter().map(|(_, advice)| advice.saves).sum();
        let start = Line::plain("   ").join(Line::plain("…").pad_left(columns));
        let text = page.say.more(rest.len(), bytes);
        lines.push(start.then(Style::NONE, "  ").join(Line::plain(&text)));
    }
    lines
}

fn advice_lines(
    page: Page,
    variant: &VariantReport,
    advice: &Advice,
    columns: usize,
    place: &str,
) -> Vec<Line> {
    let amount = Line::of(page.styles.strong, &page.say.saved(advice.saves)).pad_left(columns);
    let start = Line::plain("   ").join(amount).then(Style::NONE, "  ");
    let text = page.say.labelled(&variant.name, page.say.word(advice.kind));
    page.after(start, &text, place)
}

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let errors = report
        .findings()
        .filter(|one| one.level == Level::Error)
        .count();
    let mut lines = match report.verdict.outcome {
        Outcome::Accepted => {
            let word = page.say.word(Word::Accepted);
            let text = page.say.labelled(word, &page.say.praises(&report.praise()));
            page.item((page.styles.pass, "✔"), 1, &text)
        }
        Outcome::Rejected => {
            let word = page.say.word(Word::Rejected);
            let text = page.say.labelled(word, &page.say.errors(errors));
            page.item((page.styles.fail, "✘"), 1, &text)
        }
    };
    let told = report.told();
    let told = told
        .iter()
        .filter(|it| !matches!(it.finding.fact, Fact::StandInBase { .. }));
    for Told { finding, also } in told {
        lines.extend(finding_also(page, finding, also));
    }
    lines
}

pub(super) fn finding_lines(page: Page, finding: &Finding) -> Vec<Line> {
    finding_also(page, finding, &[])
}

/// The same, with other variants about which it is said.
fn finding_also(page: Page, finding: &Finding, also: &[&str]) -> Vec<Line> {
    let sign = match finding.level {
        Level::Error => (page.styles.fail, "✘"),
        Level::Warning => (page.styles.warn, "!"),
        Level::Note => (page.styles.dim, "·"),
    };
    let place = place(finding.place.as_ref());
    page.item_at(
        sign,
        3,
        &page.say.with_also(&page.say.finding(finding), also),
        &place,
    )
}
