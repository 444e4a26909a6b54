use std::time::Duration;

use super::lesson::Lesson;
use super::outcome::outcome;
use super::page::Page;
use super::screen::plan;
use super::size::size;
use crate::report::{Line, Look};

/// Rows of a Dockerfile, and of a size, where nothing limits the page.
const ROOM: usize = 40;

/// A whole step one below the other, for a log or a printer.
pub fn plain(lesson: &Lesson, at: usize, look: &Look) -> Vec<Line> {
    let all = lesson.script.steps.len();
    let title = lesson.script.steps[at].title.in_language(look.language);
    let heading = format!("{}/{all}  {title}", at + 1);
    let rule = "─".repeat(look.width.min(100));
    let mut lines = vec![
        Line::of(look.styles.strong, &heading),
        Line::of(look.styles.dim, &rule),
    ];
    let mut page = Page::new(lesson, look);
    plan(&mut page, at, ROOM, Duration::ZERO);
    page.gap();
    outcome(&mut page, at);
    if lesson.size_of(at).is_some() {
        page.gap();
        size(&mut page, at, 0);
    }
    page.gap();
    lines.extend(page.fit(usize::MAX));
    lines
}
