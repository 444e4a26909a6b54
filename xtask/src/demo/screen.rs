use std::time::Duration;

use super::changes::{Change, Row, changes, folded};
use super::lesson::{Lesson, Mode, Position, Source, Work};
use super::outcome::{outcome, quote};
use super::overlays::overlay;
use super::page::{Keep, Page};
use super::size::{end, size};
use crate::lang::{LessonWord, phrases};
use crate::report::{Line, Look, Style, Styles, width, wrap};

/// Columns and rows below which nothing is shown but a word about it.
const LEAST: [usize; 2] = [60, 16];
/// Rows of the header and of the keys.
const FRAME: usize = 3;
/// Rows that a Dockerfile gets, where its step has much to say.
const LEAST_FILE: usize = 6;

/// What the terminal shows now: at most `rows` lines of the look's width. `now` is the time since
/// the lesson began.
pub fn screen(lesson: &Lesson, look: &Look, rows: usize, now: Duration) -> Vec<Line> {
    if look.width < LEAST[0] || rows < LEAST[1] {
        let sentence = phrases(look.language).too_small([look.width, rows], LEAST);
        let lines = wrap(&sentence, look.width);
        return lines
            .iter()
            .take(rows)
            .map(|line| Line::plain(line))
            .collect();
    }
    let room = rows - FRAME;
    let mut page = Page::new(lesson, look);
    match (lesson.overlay(), lesson.position()) {
        (Some(shown), _) => overlay(&mut page, shown),
        (None, Position::Cover) => cover(&mut page),
        (None, Position::Plan(at)) => plan(&mut page, at, room, now),
        (None, Position::Output(at)) => outcome(&mut page, at),
        (None, Position::Size(at)) => size(&mut page, at, room),
        (None, Position::End) => end(&mut page, room),
    }
    let mut lines = header(lesson, look).to_vec();
    let body = page.fit(room);
    let missing = room - body.len();
    lines.extend(body);
    lines.extend(vec![Line::default(); missing]);
    lines.push(keys(lesson, look, now));
    lines
}

/// The step's number and title, and what its images stand on, or when it was recorded.
fn header(lesson: &Lesson, look: &Look) -> [Line; 2] {
    let (say, styles) = (phrases(look.language), look.styles);
    let all = lesson.script.steps.len();
    let left = match lesson.step() {
        None => lesson.script.title.in_language(look.language).to_owned(),
        Some(at) => {
            let title = lesson.step_of(at).title.in_language(look.language);
            format!("{}/{all}  {title}", at + 1)
        }
    };
    let recorded = lesson.step().and_then(|at| lesson.shown(at));
    let recorded = recorded.filter(|(_, source)| *source == Source::Recorded);
    let right = match recorded {
        Some((taken, _)) => Line::of(styles.warn, &say.recorded_on_day(taken.made())),
        None => Line::of(styles.dim, &lesson.base),
    };
    let lab = Line::of(styles.own, &format!(" {} ", lesson.script.lab));
    let left = Line::of(styles.strong, &left);
    // A title is read, what stands beside it is looked up.
    let room = look.width.saturating_sub(lab.width() + 3);
    let beside = room.saturating_sub(left.width());
    let right = if recorded.is_some() || right.width() <= beside {
        right.fit(room / 2)
    } else {
        Line::default()
    };
    let room = room.saturating_sub(right.width());
    let left = left.fit(room).pad(room);
    let first = lab
        .then(Style::NONE, " ")
        .join(left)
        .then(Style::NONE, " ")
        .join(right);
    [first, Line::of(styles.dim, &"─".repeat(look.width))]
}

fn cover(page: &mut Page<'_>) {
    page.gap();
    let lesson = page.lesson;
    for (at, step) in lesson.script.steps.iter().enumerate() {
        let title = step.title.in_language(page.say.language());
        page.push(
            Keep::Always,
            Line::plain(&format!("{:>2}  {title}", at + 1)),
        );
    }
    page.gap();
    let twins: Vec<_> = lesson.twins().collect();
    if let Some(twin) = twins.first() {
        let all = lesson.script.steps.len();
        let sentence = page.say.recorded_steps(twins.len(), all, twin.made());
        page.push(Keep::Context, Line::of(page.styles.dim, &sentence));
    }
    for warning in &lesson.warnings {
        page.item(Keep::Always, (page.styles.warn, "!"), warning);
    }
}

/// What will be done, and what became of it so far.
pub(super) fn plan(page: &mut Page<'_>, at: usize, room: usize, now: Duration) {
    let lesson = page.lesson;
    let mut below = page.empty();
    commands(&mut below, at);
    match (lesson.work(), lesson.trouble(at)) {
        (Some(work), _) => at_work(&mut below, work, now),
        (None, Some(_)) => trouble(&mut below, at),
        (None, None) => {}
    }
    let intro = lesson.step_of(at).intro.in_language(page.say.language());
    let is_calm = lesson.work().is_none() && lesson.trouble(at).is_none();
    let keep = if is_calm { Keep::Always } else { Keep::Context };
    if !intro.is_empty() {
        page.paragraph(keep, Style::NONE, intro);
        page.gap();
    }
    let left = room.saturating_sub(page.height() + below.height() + 1);
    dockerfile(page, at, left.max(LEAST_FILE));
    page.gap();
    page.append(below);
}

/// The lines of the step's Dockerfile, with what changed since the step before.
fn dockerfile(page: &mut Page<'_>, at: usize, room: usize) {
    let lesson = page.lesson;
    let after = lesson.plan(at);
    let heading = Line::of(page.styles.dim, &after.file);
    page.push(Keep::Detail, heading);
    let before = at
        .checked_sub(1)
        .map(|before| &lesson.plan(before).dockerfile);
    let rows = if let Some(before) = before {
        folded(changes(before, &after.dockerfile), room.saturating_sub(1))
    } else {
        let lines = after.dockerfile.iter();
        lines.map(|line| Row::Line(Change::Same, line)).collect()
    };
    for row in rows {
        let styles = page.styles;
        let (keep, line) = match row {
            Row::Line(Change::Same, text) => {
                (Keep::Detail, Line::plain("  ").then(Style::NONE, text))
            }
            Row::Line(Change::Added, text) => (
                Keep::Always,
                Line::of(styles.pass, "+ ").then(styles.pass, text),
            ),
            Row::Line(Change::Removed, text) => (
                Keep::Context,
                Line::of(styles.fail, "− ").then(styles.dim, text),
            ),
            Row::Folded(count) => {
                let folded = page.say.unchanged_lines(count);
                (Keep::Detail, Line::of(styles.dim, &format!("  ⋮ {folded}")))
            }
        };
        page.push(keep, line);
    }
}

/// As a person can paste them: a long one goes on after a backslash.
fn commands(page: &mut Page<'_>, at: usize) {
    for command in &page.lesson.plan(at).commands {
        for line in pasteable(command, page.columns) {
            page.push(Keep::Always, Line::of(page.styles.strong, &line));
        }
    }
}

/// A command on lines of at most so many columns, after a prompt.
pub(super) fn pasteable(command: &str, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(4);
    let mut lines = vec![String::new()];
    for group in groups(command) {
        let last = lines
            .last_mut()
            .filter(|line| line.is_empty() || width(line) + 1 + width(&group) <= room);
        match last {
            Some(line) if line.is_empty() => line.push_str(&group),
            Some(line) => {
                line.push(' ');
                line.push_str(&group);
            }
            None => lines.push(group),
        }
    }
    let last = lines.len() - 1;
    let line = |(at, text): (usize, &String)| {
        let before = if at == 0 { "$ " } else { "  " };
        let after = if at < last { " \\" } else { "" };
        format!("{before}{text}{after}")
    };
    lines.iter().enumerate().map(line).collect()
}

/// The words of a command, each flag with its value; what stands in quotes stays whole.
fn groups(command: &str) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in command.split(' ') {
        let is_after_flag = groups
            .last()
            .is_some_and(|group| group.starts_with('-') && !group.contains([' ', '=']));
        match groups.last_mut() {
            Some(last) if is_open || (is_after_flag && !word.starts_with('-')) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => groups.push(word.to_owned()),
        }
        is_open ^= word.matches('\'').count() % 2 == 1;
    }
    groups
}

fn at_work(page: &mut Page<'_>, work: &Work, now: Duration) {
    let (say, styles) = (page.say, page.styles);
    let took = now.saturating_sub(work.began);
    let what = if work.is_built {
        LessonWord::Running
    } else {
        LessonWord::Building
    };
    let clock = say.at_work(say.word(what), took);
    page.push(Keep::Always, Line::of(styles.own, &format!("▶ {clock}")));
    if !work.is_built && !work.instruction.is_empty() {
        let total = work.total.map_or_else(String::new, |all| format!("/{all}"));
        let number = (work.done + 1).min(work.total.unwrap_or(u32::MAX));
        let step = format!("  [{number}{total}] {}", work.instruction);
        page.push(Keep::Always, Line::plain(&step));
    }
    let line = if work.line.is_empty() {
        " "
    } else {
        &work.line
    };
    quote(page, &[line]);
    if page.lesson.is_overdue(now) {
        let limit = page.lesson.step_of(work.step).limit;
        let twin = page.lesson.twin(work.step);
        let offer = say.overdue(limit, twin.map(super::Taken::made));
        page.item(Keep::Always, (styles.warn, "!"), &offer);
    }
}

fn trouble(page: &mut Page<'_>, at: usize) {
    let (say, styles) = (page.say, page.styles);
    let Some(trouble) = page.lesson.trouble(at) else {
        return;
    };
    page.item(
        Keep::Always,
        (styles.fail, "✘"),
        say.word(LessonWord::Failed),
    );
    for sentence in &trouble.sentences {
        page.paragraph(Keep::Always, Style::NONE, sentence);
    }
    let from = trouble.log.len().saturating_sub(4);
    let log: Vec<&str> = trouble.log[from..].iter().map(String::as_str).collect();
    quote(page, &log);
    let offer = match page.lesson.twin(at) {
        Some(twin) => say.stands_in(twin.made()),
        None => say.word(LessonWord::NoTwin).to_owned(),
    };
    page.item(Keep::Always, (styles.warn, "!"), &offer);
}

/// The keys that lead on from here.
fn keys(lesson: &Lesson, look: &Look, now: Duration) -> Line {
    let (say, styles) = (phrases(look.language), look.styles);
    let is_idle = lesson.work().is_none();
    let next = match lesson.position() {
        Position::Cover => Some(LessonWord::Begin),
        Position::Plan(at) => next_of_plan(lesson, at, now),
        Position::Output(at) if lesson.size_of(at).is_some() => Some(LessonWord::SeeSize),
        Position::Output(_) | Position::Size(_) => Some(LessonWord::Next),
        Position::End => None,
    };
    let back = if is_idle {
        LessonWord::Back
    } else {
        LessonWord::GiveUp
    };
    let again = lesson.step().filter(|_| is_idle).map(|_| LessonWord::Again);
    let all = [
        ("⏎", next),
        ("b", Some(back)),
        ("r", again),
        ("j", Some(LessonWord::Jump)),
        ("?", Some(LessonWord::Help)),
        ("q", Some(LessonWord::Quit)),
    ];
    let shown = all.into_iter().filter_map(|(key, word)| Some((key, word?)));
    let line = shown.fold(Line::default(), |line, (key, word)| {
        one_key(line, key, say.word(word), styles)
    });
    line.fit(look.width)
}

fn one_key(line: Line, key: &str, word: &str, styles: Styles) -> Line {
    line.then(Style::NONE, " ")
        .then(styles.strong, key)
        .then(Style::NONE, " ")
        .then(Style::NONE, word)
        .then(Style::NONE, "  ")
}

fn next_of_plan(lesson: &Lesson, at: usize, now: Duration) -> Option<LessonWord> {
    let stands_in = lesson.twin(at).is_some();
    if lesson.work().is_some() {
        return (lesson.is_overdue(now) && stands_in).then_some(LessonWord::ShowIt);
    }
    let is_stuck = lesson.trouble(at).is_some();
    Some(match (is_stuck, lesson.shown(at), lesson.mode) {
        (true, _, _) if stands_in => LessonWord::ShowIt,
        (true, _, _) | (false, Some(_), _) => LessonWord::Next,
        (false, None, Mode::Replay) => LessonWord::ShowIt,
        (false, None, Mode::Live) => LessonWord::RunIt,
    })
}
