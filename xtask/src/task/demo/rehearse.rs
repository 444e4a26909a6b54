use std::time::Instant;

use super::super::context::{Context, Ended};
use super::super::publish::stdout_look;
use super::open::Opened;
use super::shelf::Shelf;
use super::worker;
use crate::cli::DemoArgs;
use crate::demo::{Lesson, Mode, Record, Source, plain, rehearsal};
use crate::lang::phrases;
use crate::model::{Outcome, Problem, ReportProblem};
use crate::report::{Line, Look, Style, Styles, wrap};

/// Columns of the screens that are kept with the results.
const WIDTH: usize = 80;

/// Runs all steps unattended, compares them with the record, and records them unless one
/// deviates.
pub(super) fn run(args: &DemoArgs, shelf: &Shelf, cx: &Context) -> Result<Ended, Problem> {
    // What can't be read, or is of something else, is not written over.
    let before = shelf.record(&cx.cancel)?;
    let sink = shelf.open_record()?;
    let _ = super::warnings(shelf, cx);
    let opened = Opened::of(args, shelf, cx)?;
    let look = stdout_look(&cx.terminal);
    let mut sheet = Sheet::new(look);
    let before = match before {
        Some(record) if !record.is_on(opened.base.as_ref()) => {
            let base = record.base.map_or_else(String::new, |base| base.reference);
            sheet.note(&sheet.say().rehearsal_other_base(&base));
            None
        }
        before => before,
    };
    let all = steps(&opened, shelf, before.as_ref(), (&mut sheet, cx))?;
    let path = shelf.record_path().display().to_string();
    let outcome = if all.failed == 0 {
        let written = sink.write(&all.record.write());
        written.map_err(|source| shelf.unwritable(source))?;
        let count = shelf.script.steps.len();
        let sentence = sheet.say().rehearsal_passed(all.compared, count, &path);
        sheet.step(true, &sentence);
        Outcome::Accepted
    } else {
        sheet.step(false, &sheet.say().rehearsal_failed(all.failed, &path));
        Outcome::Rejected
    };
    let text = super::text(&sheet.lines).map_err(|source| ReportProblem::Stdout { source })?;
    Ok(Ended {
        exit_code: outcome.exit_code(),
        report: Some(text),
    })
}

/// How all steps went.
struct All {
    record: Record,
    compared: usize,
    failed: usize,
}

/// Runs each step and compares it with what was recorded before.
fn steps(
    opened: &Opened,
    shelf: &Shelf,
    before: Option<&Record>,
    (sheet, cx): (&mut Sheet, &Context),
) -> Result<All, Problem> {
    let (script, language) = (&shelf.script, sheet.look.language);
    let plans = opened.steps.iter().map(|step| step.plan.clone());
    let mut lesson = Lesson::new(script.clone(), Mode::Live, plans.collect());
    let mut all = All {
        record: Record {
            lab: script.lab.clone(),
            base: opened.base.clone(),
            steps: Vec::new(),
        },
        compared: 0,
        failed: 0,
    };
    for (at, step) in script.steps.iter().enumerate() {
        let begun = Instant::now();
        let taken = worker::take(opened, at, cx)?;
        let took = begun.elapsed();
        let earlier = before.and_then(|record| record.taken(&step.id));
        let rehearsed = rehearsal(step, earlier, &taken, language);
        all.compared += usize::from(rehearsed.before.is_some());
        let is_well = rehearsed.deviations.is_empty();
        all.failed += usize::from(!is_well);
        for sentence in rehearsed.sentences(step, &taken, language) {
            sheet.step(is_well, &sentence);
        }
        if took > step.limit {
            sheet.note(&sheet.say().rehearsed_late(took, step.limit));
        }
        lesson.put(at, taken.clone(), Source::Live);
        let kept = Look {
            language,
            width: WIDTH,
            styles: Styles::none(),
        };
        let screen = plain(&lesson, at, &kept);
        let screen = screen.iter().map(Line::text).collect();
        all.record.steps.push((step.id.clone(), taken, screen));
    }
    Ok(all)
}

/// What a rehearsal reports: a sentence for each step, and one for all.
struct Sheet {
    look: Look,
    lines: Vec<Line>,
}

impl Sheet {
    fn new(look: Look) -> Self {
        Self {
            look,
            lines: Vec::new(),
        }
    }

    fn say(&self) -> crate::lang::Phrases {
        phrases(self.look.language)
    }

    fn step(&mut self, is_well: bool, sentence: &str) {
        let styles = self.look.styles;
        let mark = if is_well {
            (styles.pass, "✔")
        } else {
            (styles.fail, "✘")
        };
        self.sentence(mark, sentence);
    }

    fn note(&mut self, sentence: &str) {
        self.sentence((self.look.styles.warn, "!"), sentence);
    }

    fn sentence(&mut self, (style, mark): (Style, &str), sentence: &str) {
        let lines = wrap(sentence, self.look.width.saturating_sub(3));
        for (at, line) in lines.iter().enumerate() {
            let before = if at == 0 { mark } else { " " };
            let line = Line::of(style, before).then(Style::NONE, &format!(" {line}"));
            self.lines.push(line);
        }
    }
}
