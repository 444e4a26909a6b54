//! What a step printed, and why one that failed did.

use super::lesson::{Source, Trouble};
use super::page::{Keep, Page};
use super::taken::Taken;
use crate::lang::{LessonWord, Phrases, Word, one_line, phrases};
use crate::model::{Capture, Ending, ExpectedEnd, Language, Level, ScriptStep};
use crate::report::{Line, Style};

/// Lines of an output, and of a log.
const SHOWN: usize = 8;

/// The screen of what a step printed.
pub(super) fn outcome(page: &mut Page<'_>, at: usize) {
    let lesson = page.lesson;
    let Some((taken, source)) = lesson.shown(at) else {
        return;
    };
    let step = lesson.step_of(at);
    // What failed at its build was never run.
    let commands = taken.commands.len();
    let shown = if taken.run().is_some() { commands } else { 1 };
    if let Some(command) = taken.commands.get(shown.saturating_sub(1)) {
        page.push(
            Keep::Detail,
            Line::of(page.styles.strong, &format!("$ {command}")),
        );
    }
    printed(page, taken);
    how_it_ended(page, taken);
    if *source == Source::Recorded {
        let recorded = page.say.recorded_on(taken.made());
        page.push(Keep::Always, Line::of(page.styles.warn, &recorded));
    }
    page.gap();
    match step.expected {
        ExpectedEnd::Success => {
            let question = page.say.word(LessonWord::Question);
            page.push(Keep::Always, Line::of(page.styles.strong, question));
        }
        ExpectedEnd::Failure => {
            let heading = page.say.word(LessonWord::FailsAsMeant);
            page.item(Keep::Always, (page.styles.pass, "✔"), heading);
            for sentence in sentences(page.say, taken) {
                page.item(Keep::Always, (page.styles.strong, "▸"), &sentence);
            }
            page.gap();
            let lesson = step.lesson.in_language(page.say.language());
            page.paragraph(Keep::Context, Style::NONE, lesson);
        }
    }
}

/// What is wrong with an image or its container.
fn sentences(say: Phrases, taken: &Taken) -> Vec<String> {
    let findings = taken.report.verdict.findings.iter();
    let errors = findings.filter(|finding| finding.level == Level::Error);
    errors.map(|finding| say.finding(finding)).collect()
}

impl Trouble {
    /// Why a result is not the one that its step was meant to give; `None` if it is.
    pub fn of(step: &ScriptStep, taken: &Taken, language: Language) -> Option<Self> {
        let say = phrases(language);
        match (step.expected, taken.ended()) {
            (ExpectedEnd::Success, ExpectedEnd::Success)
            | (ExpectedEnd::Failure, ExpectedEnd::Failure) => None,
            (ExpectedEnd::Failure, ExpectedEnd::Success) => Some(Self {
                sentences: vec![say.word(LessonWord::ShouldFail).to_owned()],
                log: Vec::new(),
            }),
            (ExpectedEnd::Success, ExpectedEnd::Failure) => {
                let failure = taken.failure();
                Some(Self {
                    sentences: sentences(say, taken),
                    log: failure.map(|it| it.log.clone()).unwrap_or_default(),
                })
            }
        }
    }
}

/// Both streams of its container, else the end of the log of its build.
fn printed(page: &mut Page<'_>, taken: &Taken) {
    if let Some(failure) = taken.failure() {
        if let Some(instruction) = &failure.instruction {
            page.push(Keep::Always, Line::plain(&one_line(instruction)));
        }
        let from = failure.log.len().saturating_sub(SHOWN);
        let log: Vec<&str> = failure.log[from..].iter().map(String::as_str).collect();
        quote(page, &log);
        return;
    }
    let Some(run) = taken.run() else { return };
    let texts = [&run.stdout, &run.stderr].map(text);
    let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    if lines.is_empty() && run.ending.is_success() {
        let nothing = page.say.word(LessonWord::NothingPrinted);
        page.push(Keep::Always, Line::of(page.styles.dim, nothing));
    }
    quote(page, &lines[..lines.len().min(SHOWN)]);
    if let Some(rest) = lines.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
        let more = page.say.more_lines(rest);
        page.push(
            Keep::Detail,
            Line::of(page.styles.dim, &format!("… {more}")),
        );
    }
}

fn text(capture: &Capture) -> String {
    String::from_utf8_lossy(&capture.kept).into_owned()
}

pub(super) fn quote(page: &mut Page<'_>, lines: &[&str]) {
    for line in lines {
        let quoted = Line::of(page.styles.dim, "│ ").then(Style::NONE, line);
        page.push(Keep::Always, quoted);
    }
}

fn how_it_ended(page: &mut Page<'_>, taken: &Taken) {
    let say = page.say;
    let ending = match (taken.run(), taken.failure()) {
        (_, Some(failure)) => say.build_cause(&failure.cause),
        (Some(run), None) => say.ending(&run.ending),
        (None, None) => return,
    };
    let built = taken.variant().and_then(|variant| variant.built());
    let cached = built.is_some_and(|built| built.cached == Some(built.steps));
    // What never started took no time.
    let ran = taken
        .run()
        .filter(|run| !matches!(run.ending, Ending::NotStarted { .. }));
    let ran = ran.and_then(|run| run.took);
    let mut line = say.ended_in(&ending, ran, built.and_then(|built| built.took));
    if cached {
        line = format!("{line} ({})", say.word(Word::Cached));
    }
    page.push(Keep::Detail, Line::of(page.styles.dim, &line));
}
