//! Where the reference's bytes come from, and what the solution does without.

use super::{Page, beside};
use crate::lang::one_line;
use crate::model::{Bytes, Delta, LeftPart, Place};
use crate::report::line::{Line, tail};
use crate::report::look::Style;
use crate::report::view::{From, Source};
use crate::report::{Compared, LabReport};

const SHOWN: usize = 6;
/// Between two blocks side by side.
const GAP: usize = 2;

/// One row: how much, a note to it, what, and where.
struct Row {
    amount: String,
    note: String,
    what: String,
    place: String,
}

/// Side by side where both fit uncut, else one above the other.
pub(super) fn lines(page: Page, report: &LabReport) -> Vec<Line> {
    let left = laid_out(page, sources(page, report));
    let right = report
        .shown_comparison()
        .map(|compared| laid_out(page, left_behind(page, compared)))
        .unwrap_or_default();
    let widest = |block: &[Line]| block.iter().map(Line::width).max().unwrap_or(0);
    let at = widest(&left) + GAP;
    if left.is_empty() || right.is_empty() {
        [left, right].concat()
    } else if at + widest(&right) < page.width {
        beside(left, right, at)
    } else {
        [left, vec![Line::default()], right].concat()
    }
}

type Block = (String, Vec<Row>);

fn sources(page: Page, report: &LabReport) -> Block {
    let Some((variant, measured)) = report.explained() else {
        return Block::default();
    };
    let sources = measured.sources();
    let file = common_file(sources.iter().map(|source| source.place.as_ref()));
    let row = |source: &Source| Row {
        amount: page.say.size(source.bytes),
        note: page
            .say
            .percent(source.bytes.share_of(measured.size.unpacked)),
        what: match &source.from {
            From::Base => page.say.base_of(measured),
            From::Instruction(instruction) => instruction.clone(),
            From::Layer(id) => id.map(|id| id.short()).unwrap_or_default(),
        },
        place: place(source.place.as_ref(), file),
    };
    let mut rows: Vec<Row> = sources.iter().take(SHOWN).map(row).collect();
    let rest = sources.get(SHOWN..).unwrap_or_default();
    if !rest.is_empty() {
        let bytes = rest.iter().map(|source| source.bytes).sum();
        rows.push(more(page, rest.len(), bytes));
    }
    if rows.is_empty() {
        return Block::default();
    }
    (headed(&page.say.comes_from(&variant.name), file), rows)
}

fn left_behind(page: Page, compared: &Compared) -> Block {
    let parts = &compared.left_behind;
    let steps = parts.iter().filter_map(|part| part.step.as_ref());
    let file = common_file(steps.map(|step| step.place.as_ref()));
    let row = |part: &LeftPart| Row {
        amount: page.say.left(part.bytes),
        note: page.say.left_cause(part.cause).to_owned(),
        what: part
            .step
            .as_ref()
            .map_or_else(String::new, |step| one_line(&step.instruction)),
        place: place(
            part.step.as_ref().and_then(|step| step.place.as_ref()),
            file,
        ),
    };
    let mut rows: Vec<Row> = parts.iter().take(SHOWN).map(row).collect();
    let rest = parts.get(SHOWN..).unwrap_or_default();
    if !rest.is_empty() {
        let bytes: Delta = rest.iter().map(|part| part.bytes).sum();
        rows.push(more(page, rest.len(), Bytes(bytes.0.unsigned_abs())));
    }
    (headed(&page.say.left_behind(&compared.name), file), rows)
}

fn more(page: Page, count: usize, bytes: Bytes) -> Row {
    Row {
        amount: "…".to_owned(),
        note: String::new(),
        what: page.say.more(count, bytes),
        place: String::new(),
    }
}

/// A heading with the file that all below it are in.
pub(super) fn headed(title: &str, file: Option<&str>) -> String {
    file.map_or_else(|| title.to_owned(), |file| format!("{title} ({file})"))
}

/// The Dockerfile that all places are in, which is then said once.
pub(super) fn common_file<'a>(places: impl Iterator<Item = Option<&'a Place>>) -> Option<&'a str> {
    let mut files = places.flatten().map(|place| place.dockerfile.as_str());
    let first = files.next()?;
    files.all(|file| file == first).then_some(first)
}

/// Where, without the file that is said already.
pub(super) fn place(place: Option<&Place>, common: Option<&str>) -> String {
    let Some(place) = place else {
        return String::new();
    };
    let line = place
        .line
        .map_or_else(String::new, |line| format!(":{line}"));
    match common {
        Some(_) => line,
        None => format!("{}{line}", place.dockerfile),
    }
}

fn laid_out(page: Page, (heading, rows): Block) -> Vec<Line> {
    if rows.is_empty() {
        return Vec::new();
    }
    let widest = |of: fn(&Row) -> &str| {
        let all = rows.iter().map(|row| Line::plain(of(row)).width());
        all.max().unwrap_or(0)
    };
    let (amount, note) = (widest(|row| &row.amount), widest(|row| &row.note));
    let room = page.width.saturating_sub(amount + note + 8);
    let place = widest(|row| &row.place).min(room / 2);
    let what = widest(|row| &row.what).min(room.saturating_sub(place + 2));
    let line = |row: &Row| {
        Line::plain("   ")
            .join(Line::of(page.styles.strong, &row.amount).pad_left(amount))
            .then(Style::NONE, "  ")
            .join(note_of(page, row, note))
            .then(Style::NONE, "  ")
            .join(Line::plain(&row.what).fit(what).pad(what + 2))
            .join(Line::of(page.styles.dim, &tail(&row.place, place)))
    };
    let heading = page.heading(&heading).fit(page.width - 1);
    std::iter::once(heading)
        .chain(rows.iter().map(line))
        .collect()
}

/// A share is a number and stands to the right, a cause is a word and stands to the left.
fn note_of(page: Page, row: &Row, columns: usize) -> Line {
    let is_number = row.note.ends_with('%');
    let note = Line::of(page.styles.dim, &row.note);
    if is_number {
        note.pad_left(columns)
    } else {
        note.pad(columns)
    }
}
