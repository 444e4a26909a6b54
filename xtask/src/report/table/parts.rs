//! Where the reference's bytes come from, and what the solution does without.

use super::{Page, beside};
use crate::lang::one_line;
use crate::model::{Bytes, Delta, LeftPart, Place};
use crate::report::columns::{self, Align, Column};
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
    let laid_out = |block| laid_out(page, &block);
    let left = sources(page, report).map_or_else(Vec::new, laid_out);
    let right = report.shown_comparison();
    let right = right.map_or_else(Vec::new, |it| laid_out(left_behind(page, it)));
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

/// A heading, and its rows; a share is a number and stands to the right, a cause is a word and
/// stands to the left.
struct Block {
    heading: String,
    note: Align,
    rows: Vec<Row>,
}

fn sources(page: Page, report: &LabReport) -> Option<Block> {
    let (variant, measured) = report.explained()?;
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
    Some(Block {
        heading: headed(&page.say.comes_from(&variant.name), file),
        note: Align::Right,
        rows,
    })
}

fn left_behind(page: Page, compared: &Compared) -> Block {
    let parts = &compared.left_behind;
    let steps = parts.iter().filter_map(|part| part.step.as_ref());
    let file = common_file(steps.map(|step| step.place.as_ref()));
    let row = |part: &LeftPart| Row {
        amount: page.say.left(part.bytes),
        note: page.say.word(part.cause).to_owned(),
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
    Block {
        heading: headed(&page.say.left_behind(&compared.name), file),
        note: Align::Left,
        rows,
    }
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

fn laid_out(page: Page, block: &Block) -> Vec<Line> {
    if block.rows.is_empty() {
        return Vec::new();
    }
    let (dim, strong) = (page.styles.dim, page.styles.strong);
    let column = |align, style, of: fn(&Row) -> &str| {
        let cells = block.rows.iter().map(|row| Line::of(style, of(row)));
        Column::of(align, cells)
    };
    let amount = column(Align::Right, strong, |row| &row.amount);
    let note = column(block.note, dim, |row| &row.note);
    let mut what = column(Align::Left, Style::NONE, |row| &row.what);
    let widest = column(Align::Left, dim, |row| &row.place).width;
    let room = page.width.saturating_sub(amount.width + note.width + 8);
    let places = block
        .rows
        .iter()
        .map(|row| tail(&row.place, widest.min(room / 2)));
    let place = Column::of(Align::Left, places.map(|place| Line::of(dim, &place)));
    what.width = what.width.min(room.saturating_sub(place.width + 2));
    let heading = page.heading(&block.heading).fit(page.width - 1);
    let columns = [amount, note, what, place];
    std::iter::once(heading)
        .chain(columns::rows("   ", &columns))
        .collect()
}
