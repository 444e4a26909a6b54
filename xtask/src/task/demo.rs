mod commands;
mod follow;
mod give;
mod live;
mod open;
mod rehearse;
mod shelf;
mod worker;

use std::io;

use super::context::{Context, Ended};
use super::publish::{Text, stdout_look};
use crate::cli::DemoArgs;
use crate::demo::{Lesson, Mode, Plan, Record, Source, Taken, Trouble, plain};
use crate::lang::{note, phrases, problem};
use crate::model::{
    Event, Language, LessonProblem, Note, Outcome, Problem, RecordFault, ReportProblem,
};
use crate::report::Line;

use open::Opened;
use shelf::Shelf;

/// Gives a lesson: live, from the record, or unattended.
pub(super) fn run(args: &DemoArgs, cx: &Context) -> Result<Ended, Problem> {
    let shelf = Shelf::find(args)?;
    if args.notes {
        return follow::run(&shelf, cx);
    }
    if args.rehearse {
        return rehearse::run(args, &shelf, cx);
    }
    let warnings = warnings(&shelf, cx);
    if args.replay {
        let record = shelf.record(&cx.cancel)?;
        let record = record.ok_or_else(|| shelf.no_record())?;
        let lesson = replayed(&shelf, &record, cx.terminal.language)?.warning(warnings);
        return give::run(lesson, &shelf, args, None, cx);
    }
    let opened = match Opened::of(args, &shelf, cx) {
        Ok(opened) => opened,
        Err(problem) => {
            if problem.signal().is_none() && matches!(shelf.record(&cx.cancel), Ok(Some(_))) {
                let command = shelf.command("--replay");
                cx.events.send(Event::Note(Note::Recorded { command }));
            }
            return Err(problem);
        }
    };
    let (record, unusable) = twins(&shelf, &opened, cx);
    let plans = opened.steps.iter().map(|step| {
        let twin = record.as_ref().and_then(|record| record.taken(&step.id));
        // What was recorded of another Dockerfile shows something else.
        let twin = twin.filter(|twin| twin.dockerfile == step.plan.dockerfile);
        Plan {
            twin: twin.cloned(),
            ..step.plan.clone()
        }
    });
    let base = opened.base_text(cx.terminal.language);
    let warnings = warnings.into_iter().chain(unusable).collect();
    let lesson = Lesson::new(shelf.script.clone(), Mode::Live, plans.collect());
    let lesson = lesson.on(base).warning(warnings);
    give::run(lesson, &shelf, args, Some(&opened), cx)
}

/// What is lacking in the script's language; told, and shown on the first screen.
fn warnings(shelf: &Shelf, cx: &Context) -> Vec<String> {
    let language = cx.terminal.language;
    let places = shelf.script.untranslated(language);
    if places.is_empty() {
        return Vec::new();
    }
    let path = shelf.script_name();
    tell(Note::Untranslated { path, places }, cx)
}

fn tell(warning: Note, cx: &Context) -> Vec<String> {
    let sentence = note(&warning, cx.terminal.language);
    cx.events.send(Event::Note(warning));
    vec![sentence]
}

/// The record, if it can stand in for this engine's results; else why it can't.
fn twins(shelf: &Shelf, opened: &Opened, cx: &Context) -> (Option<Record>, Vec<String>) {
    let again = shelf.command("--rehearse");
    match shelf.record(&cx.cancel) {
        Ok(Some(record)) if record.is_on(opened.base.as_ref()) => (Some(record), Vec::new()),
        Ok(Some(record)) => {
            let recorded = record.base.map_or_else(String::new, |base| base.reference);
            (None, tell(Note::OtherBase { recorded, again }, cx))
        }
        Ok(None) => (None, Vec::new()),
        Err(problem) => {
            let reason = problem::sentence(&problem, cx.terminal.language);
            (None, tell(Note::NoTwins { reason, again }, cx))
        }
    }
}

/// A lesson of recorded results only.
fn replayed(shelf: &Shelf, record: &Record, language: Language) -> Result<Lesson, LessonProblem> {
    let script = shelf.script.clone();
    let steps = script.steps.iter();
    let (recorded, lacking): (Vec<_>, Vec<_>) = steps
        .map(|step| record.taken(&step.id).ok_or(&step.id))
        .partition(Result::is_ok);
    if !lacking.is_empty() {
        let steps = lacking
            .into_iter()
            .filter_map(Result::err)
            .cloned()
            .collect();
        return Err(shelf.unusable(RecordFault::NoResult { steps }));
    }
    let plan = |twin: &Taken| Plan {
        commands: twin.commands.clone(),
        dockerfile: twin.dockerfile.clone(),
        file: twin.file().to_owned(),
        twin: Some(twin.clone()),
    };
    let plans = recorded.into_iter().flatten().map(plan).collect();
    let base = record.base.as_ref();
    let base = base.map_or_else(String::new, |base| phrases(language).base(base));
    Ok(Lesson::new(script, Mode::Replay, plans).on(base))
}

/// All steps one below the other, for whoever has no terminal.
fn printed(
    mut lesson: Lesson,
    shelf: &Shelf,
    opened: Option<&Opened>,
    cx: &Context,
) -> Result<Ended, Problem> {
    let look = stdout_look(&cx.terminal);
    let mut lines: Vec<Line> = Vec::new();
    let mut outcome = Outcome::Accepted;
    for (at, step) in shelf.script.steps.iter().enumerate() {
        let taken = opened.map_or_else(
            || {
                Ok(lesson
                    .twin(at)
                    .expect("a replayed lesson has all twins")
                    .clone())
            },
            |opened| worker::take(opened, at, cx),
        );
        match taken {
            Ok(taken) => {
                if let Some(trouble) = Trouble::of(step, &taken, look.language) {
                    outcome = Outcome::Rejected;
                    let sentences = trouble.sentences.iter();
                    lines
                        .extend(sentences.map(|it| Line::of(look.styles.fail, &format!("✘ {it}"))));
                }
                let source = if opened.is_some() {
                    Source::Live
                } else {
                    Source::Recorded
                };
                lesson.put(at, taken, source);
            }
            Err(problem) => return Err(problem),
        }
        lines.extend(plain(&lesson, at, &look));
    }
    Ok(Ended {
        exit_code: outcome.exit_code(),
        report: Some(text(&lines).map_err(|source| ReportProblem::Stdout { source })?),
    })
}

fn text(lines: &[Line]) -> io::Result<Text> {
    let mut text = Vec::new();
    for line in lines {
        line.write(&mut text)?;
    }
    Ok(Text(text))
}
