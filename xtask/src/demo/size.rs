//! The size of a step's image, so that the last row can read it.

use super::bars::{Bar, ratio, scales};
use super::digits::{HEIGHT, digits};
use super::page::{Keep, Page};
use super::taken::Taken;
use crate::lang::LessonWord;
use crate::model::Bytes;
use crate::report::{Line, Style};

/// The screen of a step's size; `rows` are those at hand.
pub(super) fn size(page: &mut Page<'_>, at: usize, rows: usize) {
    let lesson = page.lesson;
    let (Some((taken, _)), Some(size)) = (lesson.shown(at), lesson.size_of(at)) else {
        return;
    };
    // As large as what is to be said of it allows.
    let mut rest = page.empty();
    told(&mut rest, at, (taken, size));
    let room = rows.saturating_sub(rest.height() + 1).max(HEIGHT);
    let text = page.say.size(size);
    match digits(&text, page.columns, room) {
        Some(lines) => lines
            .iter()
            .for_each(|line| page.push(Keep::Always, Line::of(page.styles.own, line))),
        None => page.push(Keep::Always, Line::of(page.styles.strong, &text)),
    }
    page.append(rest);
}

/// What is below the digits.
fn told(page: &mut Page<'_>, at: usize, (taken, size): (&Taken, Bytes)) {
    page.gap();
    for line in differences(page, at, size) {
        page.push(Keep::Always, Line::of(page.styles.strong, &line));
    }
    made_by(page, taken, size);
    let deleted = taken
        .measured()
        .map(|measured| measured.size.wasted.deleted);
    if let Some(deleted) = deleted.filter(|deleted| deleted.0 > 0) {
        let sentence = page.say.still_inside(deleted);
        page.push(Keep::Always, Line::of(page.styles.warn, &sentence));
    }
    page.gap();
    ladder(page, &bars(page, at));
    page.gap();
    let step = page.lesson.step_of(at);
    let lesson = step.lesson.in_language(page.say.language());
    page.paragraph(Keep::Context, Style::NONE, lesson);
}

/// The last screen: every image that was shown.
pub(super) fn end(page: &mut Page<'_>, rows: usize) {
    let last_step = page.lesson.script.steps.len() - 1;
    let sizes = || (0..=last_step).filter_map(|at| page.lesson.size_of(at));
    let (first, last) = (sizes().next(), sizes().next_back());
    let heading = page.say.word(LessonWord::Ladder);
    page.push(Keep::Context, Line::of(page.styles.strong, heading));
    page.gap();
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    let mut rest = page.empty();
    rest.gap();
    if last.0 > 0 {
        let lighter = page.say.lighter(ratio(first, last));
        rest.push(Keep::Always, Line::of(page.styles.strong, &lighter));
    }
    rest.gap();
    let bars = bars(page, last_step);
    ladder(&mut rest, &bars);
    let room = rows.saturating_sub(page.height() + rest.height() + 1);
    let text = page.say.size(last);
    if let Some(lines) = digits(&text, page.columns, room.max(HEIGHT)) {
        for line in lines {
            page.push(Keep::Context, Line::of(page.styles.own, &line));
        }
    }
    page.append(rest);
}

/// Of every step up to this one that has a size to show; the last of them is the current one.
fn bars(page: &Page<'_>, at: usize) -> Vec<Bar> {
    let lesson = page.lesson;
    let sized = (0..=at).filter_map(|at| Some((at, lesson.size_of(at)?)));
    let mut bars: Vec<Bar> = sized
        .map(|(at, size)| Bar {
            name: lesson.step_of(at).variant.clone(),
            size,
            is_current: false,
        })
        .collect();
    if let Some(last) = bars.last_mut() {
        last.is_current = true;
    }
    bars
}

fn ladder(page: &mut Page<'_>, bars: &[Bar]) {
    let scales = scales(bars, page.say, page.styles, page.columns);
    for line in scales.first {
        page.push(Keep::Always, line);
    }
    let Some((times, lines)) = scales.second else {
        return;
    };
    page.gap();
    let heading = page.say.closer(times);
    page.push(Keep::Always, Line::of(page.styles.dim, &heading));
    for line in lines {
        page.push(Keep::Always, line);
    }
}

/// Against the step before that has a size, and against the first one.
fn differences(page: &Page<'_>, at: usize, size: Bytes) -> Vec<String> {
    let lesson = page.lesson;
    let earlier = (0..at).filter_map(|at| Some((at, lesson.size_of(at)?)));
    let earlier: Vec<(usize, Bytes)> = earlier.collect();
    let (Some(before), Some(first)) = (earlier.last(), earlier.first()) else {
        return Vec::new();
    };
    let against = |(at, other): &(usize, Bytes)| {
        let times = (size.0 > 0).then(|| ratio(*other, size));
        let name = &lesson.step_of(*at).variant;
        page.say.since_step(size.since(*other), times, name)
    };
    let mut lines = vec![against(before)];
    if first.0 != before.0 && first.1 != before.1 {
        lines.push(against(first));
    }
    lines
}

fn made_by(page: &mut Page<'_>, taken: &Taken, size: Bytes) {
    let Some(heaviest) = taken.heaviest().filter(|it| it.bytes.0 > 0) else {
        return;
    };
    let base = || match taken.base() {
        Some(base) => page.say.base(base),
        None => "FROM".to_owned(),
    };
    let what = heaviest.instruction.clone().unwrap_or_else(base);
    let sentence = page.say.made_by(heaviest.bytes.share_of(size), &what);
    let line = heaviest.place.and_then(|place| place.line);
    let place = line.map_or_else(String::new, |line| format!("  :{line}"));
    let place = Line::of(page.styles.dim, &place);
    let room = page.columns.saturating_sub(place.width());
    let line = Line::plain(&sentence).fit(room).join(place);
    page.push(Keep::Always, line);
}
