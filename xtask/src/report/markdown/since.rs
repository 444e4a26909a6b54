//! What changed since the baseline.

use std::fmt::Write as _;

use super::escape;
use super::section::{Align, Fold, Table, folded};
use super::summary::place;
use crate::lang::{Phrases, Word, one_line};
use crate::model::{DiffCause, Evolution, Since, SinceBaseline};
use crate::report::LabReport;
use crate::report::alike::Row;

/// Rows of a table, and paths of a cause.
const SHOWN: usize = 20;
const PATHS: usize = 5;

/// Which variants grew or shrank, for who reads no further.
pub(super) fn headline(report: &LabReport, say: Phrases) -> Vec<String> {
    let changed = evolutions(report).filter(|(_, evolution)| evolution.counted.delta().0 != 0);
    let line = |(name, evolution): (&str, &Evolution)| {
        let said = say.evolved(evolution);
        format!("{} {}\n", escape::code(name), escape::text(&said))
    };
    changed.take(SHOWN).map(line).collect()
}

fn evolutions(report: &LabReport) -> impl Iterator<Item = (&str, &Evolution)> {
    let variants = report.baseline.iter().flat_map(|it| &it.variants);
    variants.filter_map(|since| match &since.state {
        Since::Compared(evolution) => Some((since.name.as_str(), &**evolution)),
        _ => None,
    })
}

/// Before and after of each variant, and what did it.
pub(super) fn sections(report: &LabReport, say: Phrases) -> Vec<String> {
    let Some(baseline) = &report.baseline else {
        return Vec::new();
    };
    let word = |what| say.word(what);
    let mut table = Table::new(&[
        (say.word(Word::Variant), Align::Left),
        (word(Word::Before), Align::Right),
        (word(Word::After), Align::Right),
        (word(Word::Change), Align::Right),
    ]);
    for since in baseline.variants.iter().take(SHOWN) {
        table.row(&row(since, say));
    }
    let heading = say.since_baseline(baseline.created.as_deref());
    let mut body = table.text();
    let hidden = baseline.variants.len().saturating_sub(SHOWN);
    if hidden > 0 {
        body.push_str(&rest(hidden, say));
    }
    let mut sections = vec![format!("**{}**\n\n{body}", escape::text(&heading))];
    let changed = evolutions(report).filter(|(_, evolution)| !evolution.diff.causes.is_empty());
    sections.extend(changed.take(SHOWN).map(|(name, evolution)| {
        let heading = say.labelled(name, word(Word::Causes));
        folded(Fold::Open, &heading, &causes(evolution, say))
    }));
    sections
}

/// What did it, of each image that changed.
pub(super) fn causes_of_all(report: &LabReport, say: Phrases) -> Vec<String> {
    let rows = report.rows();
    let changed = rows.iter().filter_map(|row| Some((row, row.evolution()?)));
    let changed = changed.filter(|(_, evolution)| !evolution.diff.causes.is_empty());
    let section = |(row, evolution): (&Row<'_>, &Evolution)| {
        let heading = say.labelled(&row.since.name, say.word(Word::Causes));
        folded(Fold::Closed, &heading, &causes(evolution, say))
    };
    changed.take(SHOWN).map(section).collect()
}

fn row(since: &SinceBaseline, say: Phrases) -> [String; 4] {
    let name = escape::code(&since.name);
    let word = |word| say.word(word).to_owned();
    match &since.state {
        Since::New => [name, String::new(), String::new(), word(Word::NewVariant)],
        Since::Missing => [
            name,
            String::new(),
            String::new(),
            word(Word::MissingVariant),
        ],
        Since::NoImage => [name, String::new(), String::new(), word(Word::NoImageNow)],
        Since::Compared(evolution) => {
            let (counts, counted) = (evolution.counts, evolution.counted);
            let change = if evolution.is_unchanged() {
                word(Word::Unchanged)
            } else {
                say.change(counts, counted.delta())
            };
            let passed = !evolution.is_rejected();
            [
                name,
                escape::text(&say.amount(counts, counted.before)),
                escape::text(&say.amount(counts, counted.after)),
                format!(
                    "{}{}",
                    if passed { "" } else { "❌ " },
                    escape::text(&change)
                ),
            ]
        }
    }
}

fn causes(evolution: &Evolution, say: Phrases) -> String {
    let mut body = String::new();
    if let [Some(before), Some(after)] = &evolution.bases
        && before != after
    {
        let (before, after) = (escape::code(before), escape::code(after));
        let word = say.word(Word::Base);
        body = format!("{word}: {before} → {after}\n\n");
    }
    let shown = evolution.told_causes().iter().take(SHOWN);
    let hidden = evolution.diff.causes.len() - shown.len();
    for cause in shown {
        body.push_str(&line(cause, say));
    }
    if hidden > 0 {
        body.push_str(&rest(hidden, say));
    }
    body
}

fn line(cause: &DiffCause, say: Phrases) -> String {
    let step = cause.step.as_ref();
    let instruction = step.map_or_else(String::new, |step| {
        format!(" {}", escape::code(&one_line(&step.instruction)))
    });
    let at = step.and_then(|step| step.place.as_ref());
    let at = at.map_or_else(String::new, |at| format!(" {}", place(at)));
    let kind = escape::text(say.word(cause.kind));
    let mut text = format!(
        "- **{}** {kind}{instruction}{at}\n",
        escape::text(&say.delta(cause.delta))
    );
    for path in cause.paths.iter().take(PATHS) {
        let delta = escape::text(&say.delta(path.delta()));
        let path = escape::code(&format!("/{}", path.path));
        let _ = writeln!(text, "  - {delta} {path}");
    }
    text
}

fn rest(hidden: usize, say: Phrases) -> String {
    format!("\n… {}\n", escape::text(&say.more_items(hidden)))
}
