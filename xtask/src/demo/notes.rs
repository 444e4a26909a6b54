use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::page::{Keep, Page};
use super::{Lesson, Mode, Plan};
use crate::lang::{LessonWord, phrases};
use crate::model::Script;
use crate::report::{Line, Look, Style};

/// Where a lesson is, for whoever follows it from another terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveState {
    /// The process that gives the lesson.
    pub process: u32,
    /// Seconds since 1970.
    pub began: u64,
    /// The name of the step that is shown, `None` before the first and after the last.
    pub step: Option<String>,
    pub is_over: bool,
}

/// The speaker's screen: the notes of this step, the next one, the time. `live` is `None` while
/// nobody gives the lesson.
pub fn notes(
    script: &Script,
    live: Option<&LiveState>,
    now: Duration,
    look: &Look,
    rows: usize,
) -> Vec<Line> {
    let plans = vec![Plan::default(); script.steps.len()];
    let lesson = Lesson::new(script.clone(), Mode::Replay, plans);
    let (say, styles) = (phrases(look.language), look.styles);
    let mut page = Page::new(&lesson, look);
    let at = live.and_then(|live| {
        let id = live.step.as_ref()?;
        script.steps.iter().position(|step| step.id == *id)
    });
    let began = live.map(|live| now.saturating_sub(Duration::from_secs(live.began)));
    let clock = began.map_or_else(String::new, |took| {
        let (minutes, seconds) = (took.as_secs() / 60, took.as_secs() % 60);
        format!("{minutes}:{seconds:02} {}", say.word(LessonWord::Elapsed))
    });
    let head = Line::of(styles.own, &script.lab)
        .then(Style::NONE, "  ")
        .then(styles.strong, &clock);
    page.push(Keep::Always, head);
    page.gap();
    let next = match (live, at) {
        (None, _) => {
            page.push(Keep::Always, Line::plain(say.word(LessonWord::NoLesson)));
            None
        }
        (Some(live), _) if live.is_over => {
            page.push(Keep::Always, Line::plain(say.word(LessonWord::LessonOver)));
            None
        }
        (Some(_), None) => script.steps.first().map(|step| (0, step)),
        (Some(_), Some(at)) => {
            notes_of(&mut page, at);
            script.steps.get(at + 1).map(|step| (at + 1, step))
        }
    };
    if let Some((number, step)) = next {
        page.gap();
        let title = step.title.in_language(look.language);
        let heading = Line::of(styles.dim, say.word(LessonWord::NextStep));
        let text = format!("  {}. {title}", number + 1);
        page.push(Keep::Always, heading.then(Style::NONE, &text));
    }
    page.fit(rows)
}

fn notes_of(page: &mut Page<'_>, at: usize) {
    let (all, language) = (page.lesson.script.steps.len(), page.say.language());
    let step = page.lesson.step_of(at);
    let title = format!("{}/{all}  {}", at + 1, step.title.in_language(language));
    page.push(Keep::Always, Line::of(page.styles.strong, &title));
    page.gap();
    let text = step.notes.in_language(language);
    if text.is_empty() {
        let nothing = page.say.word(LessonWord::NoNotes);
        page.push(Keep::Context, Line::of(page.styles.dim, nothing));
    }
    page.paragraph(Keep::Context, Style::NONE, text);
}
