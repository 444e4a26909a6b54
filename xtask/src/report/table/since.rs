//! What changed since the baseline, and what did it.

use super::Page;
use crate::lang::{Word, one_line};
use crate::model::{Delta, DiffCause, Evolution, Since, SinceBaseline};
use crate::report::LabReport;
use crate::report::line::{Line, tail, width};
use crate::report::listing::place;
use crate::report::look::Style;

/// Variants, causes of one, and paths of one of those.
const VARIANTS: usize = 20;
const CAUSES: usize = 4;
const PATHS: usize = 3;

pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let Some(baseline) = &report.baseline else {
        return Vec::new();
    };
    let heading = page.say.since_baseline(baseline.created.as_deref());
    let mut lines = vec![page.heading(&heading).fit(page.width - 1)];
    let rows = report.rows();
    let shown = &rows[..rows.len().min(VARIANTS)];
    // A name is cut only where it would leave no room: cut ones may look alike.
    let names = shown
        .iter()
        .map(|row| width(&row.since.name).min(page.width / 2));
    let columns = names.max().unwrap_or(0);
    for row in shown {
        lines.extend(variant(page, row.since, columns));
        if !row.also.is_empty() {
            let also = format!("     {}", page.say.also(&row.also));
            lines.push(Line::of(page.styles.dim, &also).fit(page.width - 1));
        }
    }
    let hidden = rows.len() - shown.len();
    if hidden > 0 {
        lines.push(Line::plain(&format!("   {}", page.say.more_items(hidden))));
    }
    lines
}

fn variant(page: Page, since: &SinceBaseline, columns: usize) -> Vec<Line> {
    let name = Line::of(page.styles.strong, &since.name)
        .fit(columns)
        .pad(columns);
    let start = Line::plain("   ").join(name).then(Style::NONE, "  ");
    let word = |style, word| vec![start.clone().then(style, page.say.word(word))];
    match &since.state {
        Since::New => word(page.styles.warn, Word::NewVariant),
        Since::Missing => word(page.styles.fail, Word::MissingVariant),
        Since::NoImage => word(page.styles.fail, Word::NoImageNow),
        Since::Compared(evolution) => compared(page, start, evolution),
    }
}

fn compared(page: Page, start: Line, evolution: &Evolution) -> Vec<Line> {
    let amount = |bytes| page.say.amount(evolution.counts, bytes);
    let counted = evolution.counted;
    if evolution.is_unchanged() {
        let size = start.then(Style::NONE, &amount(counted.after));
        let word = format!("  {}", page.say.word(Word::Unchanged));
        return vec![size.then(page.styles.dim, &word)];
    }
    let passed = !evolution.is_rejected();
    let style = match (counted.delta().0, passed) {
        (_, false) => page.styles.fail,
        (..0, true) => page.styles.pass,
        _ => Style::NONE,
    };
    let sides = format!("{} → {}  ", amount(counted.before), amount(counted.after));
    let change = page.say.change(evolution.counts, counted.delta());
    let mut lines = vec![start.then(Style::NONE, &sides).then(style, &change)];
    if let [Some(before), Some(after)] = &evolution.bases
        && before != after
    {
        let text = format!("     {} {before} → {after}", page.say.word(Word::Base));
        lines.push(Line::of(page.styles.dim, &text).fit(page.width - 1));
    }
    let causes = &evolution.diff.causes;
    let told = evolution.told_causes();
    let shown = &told[..told.len().min(CAUSES)];
    let deltas = shown
        .iter()
        .map(|cause| width(&page.say.delta(cause.delta)));
    let columns = deltas.max().unwrap_or(0);
    for cause in shown {
        lines.extend(cause_lines(page, cause, columns));
    }
    let rest = &causes[shown.len()..];
    if !rest.is_empty() {
        let bytes: Delta = rest.iter().map(|cause| cause.delta).sum();
        let more = page.say.more_items(rest.len());
        lines.push(Line::plain(&format!(
            "     {more} ({})",
            page.say.delta(bytes)
        )));
    }
    lines
}

fn cause_lines(page: Page, cause: &DiffCause, columns: usize) -> Vec<Line> {
    let delta = Line::plain(&page.say.delta(cause.delta)).pad_left(columns);
    let start = Line::plain("     ").join(delta).then(Style::NONE, "  ");
    let indent = start.width();
    let step = cause.step.as_ref();
    let at = place(step.and_then(|step| step.place.as_ref()));
    let kind = page.say.word(cause.kind);
    let what = match step {
        Some(step) => page.say.labelled(kind, &one_line(&step.instruction)),
        None => kind.to_owned(),
    };
    let place_width = width(&at).min(page.width / 3);
    let room = page.width.saturating_sub(indent + place_width + 3);
    let what = Line::plain(&what).fit(room);
    let place = Line::of(page.styles.dim, &tail(&at, place_width));
    let first = start.join(what).then(Style::NONE, "  ").join(place);
    let paths: Vec<String> = cause
        .paths
        .iter()
        .take(PATHS)
        .map(|path| format!("{} /{}", page.say.delta(path.delta()), path.path))
        .collect();
    let paths = (!paths.is_empty()).then(|| {
        let margin = Line::plain(&" ".repeat(indent));
        margin
            .then(page.styles.dim, &paths.join(", "))
            .fit(page.width - 1)
    });
    std::iter::once(first).chain(paths).collect()
}
