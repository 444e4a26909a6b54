use crate::lang::{Phrases, Word, one_line, problem};
use crate::model::{
    Capture, CheckId, CheckOutcome, CheckReport, CheckResult, CheckVerdict, Ending, Fact, Finding,
    FoundFile, Place, Proof, located,
};

/// What a person reads of a check, before it is laid out.
pub(super) struct Told {
    pub(super) lab: String,
    /// The file that was checked, and its shape.
    pub(super) submission: String,
    pub(super) shape: Option<String>,
    pub(super) rows: Vec<Row>,
    pub(super) fault: Option<Fault>,
    pub(super) verdict: CheckVerdict,
    /// What the verdict says, the medal included.
    pub(super) conclusion: String,
    /// What to do about the size of a submission that passes.
    pub(super) next: Vec<Advice>,
    pub(super) remarks: Vec<Advice>,
    /// What was replaced and left out.
    pub(super) notes: Vec<String>,
}

/// One check.
pub(super) struct Row {
    pub(super) id: CheckId,
    pub(super) outcome: CheckOutcome,
    pub(super) text: String,
}

/// The first check that did not pass, in full.
pub(super) struct Fault {
    pub(super) outcome: CheckOutcome,
    pub(super) sentence: String,
    pub(super) place: String,
    /// The instruction that is to blame, on one line.
    pub(super) instruction: Option<String>,
    pub(super) proof: Vec<Line>,
    pub(super) hints: Vec<String>,
    /// How the next hint is had, where there is one.
    pub(super) more: Option<String>,
}

/// A line of evidence.
pub(super) enum Line {
    /// As a program wrote it.
    Quoted(String),
    /// What it is, and then what was written.
    Labelled(&'static str, String),
    Said(String),
}

pub(super) struct Advice {
    pub(super) text: String,
    pub(super) instruction: Option<String>,
    pub(super) place: String,
}

impl Told {
    pub(super) fn of(report: &CheckReport, say: Phrases) -> Self {
        let verdict = report.outcome();
        let verdict_text = say.check_verdict(verdict);
        let conclusion = match (verdict, report.size) {
            (CheckVerdict::Accepted, Some(size)) => {
                format!(
                    "{verdict_text} · {}",
                    say.earned(size, report.medal.as_ref())
                )
            }
            _ => verdict_text,
        };
        let replaced = report.replaced.iter().map(|it| say.replaced(it));
        let findings = report.report.iter().flat_map(|it| &it.verdict.findings);
        let is_stand_in = |it: &&Finding| matches!(it.fact, Fact::StandInBase { .. });
        let stand_in = findings
            .filter(is_stand_in)
            .filter(|_| report.replaced.is_empty());
        let stand_in = stand_in.take(1).map(|it| say.finding(it));
        let left_out = report.left_out.iter().map(|it| say.not_used(it));
        Self {
            lab: report.lab.clone().unwrap_or_default(),
            submission: report.submission.clone(),
            shape: report.shape.map(|it| say.shape(it)),
            rows: report
                .checks
                .iter()
                .map(|it| row(it, report, say))
                .collect(),
            fault: report.first().map(|it| fault(it, report, say)),
            verdict,
            conclusion,
            next: next(report, say),
            remarks: remarks(report, say),
            notes: replaced.chain(stand_in).chain(left_out).collect(),
        }
    }
}

fn row(result: &CheckResult, report: &CheckReport, say: Phrases) -> Row {
    let text = match (result.outcome, result.because) {
        (CheckOutcome::Skipped, Some(because)) => say.skipped(because),
        _ => say.asks(result.id, &report.output),
    };
    Row {
        id: result.id,
        outcome: result.outcome,
        text,
    }
}

fn fault(result: &CheckResult, report: &CheckReport, say: Phrases) -> Fault {
    let language = say.language();
    let line = result.diagnosis.as_ref().and_then(|it| it.line);
    let place = at(report, line);
    let (sentence, hints) = match (&result.diagnosis, &result.problem) {
        (Some(diagnosis), _) => (
            say.cause(diagnosis, &report.wording),
            say.hints(diagnosis, &report.wording),
        ),
        (None, Some(problem)) => (
            problem::sentence(problem, language),
            problem::help(problem, language).into_iter().collect(),
        ),
        (None, None) => (String::new(), Vec::new()),
    };
    let shown = report.hints.clamp(1, hints.len().max(1));
    let has_more = hints.len() > shown;
    Fault {
        outcome: result.outcome,
        sentence,
        place,
        instruction: match &result.proof {
            Some(Proof::Log { instruction, .. }) => instruction.as_deref().map(one_line),
            _ => None,
        },
        proof: result
            .proof
            .as_ref()
            .map_or_else(Vec::new, |it| proof(it, say)),
        hints: hints.into_iter().take(shown).collect(),
        more: has_more.then(|| say.more_hints()),
    }
}

fn proof(proof: &Proof, say: Phrases) -> Vec<Line> {
    match proof {
        Proof::Log { lines, .. } => lines.iter().cloned().map(Line::Quoted).collect(),
        Proof::Ended {
            ending,
            stdout,
            stderr,
        } => ended(ending, stdout, stderr, say),
        Proof::Output {
            expected,
            actual,
            difference,
        } => {
            let Some(difference) = difference else {
                let first = quoted(&actual.kept);
                let size = Line::Said(say.printed_bytes(actual.bytes));
                return std::iter::once(size).chain(first).collect();
            };
            let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "∅".to_owned());
            let _ = expected;
            vec![
                Line::Said(say.parts_at(difference)),
                Line::Labelled(say.word(Word::Expected), shown(&difference.expected)),
                Line::Labelled(say.word(Word::Actual), shown(&difference.actual)),
            ]
        }
        Proof::Files {
            found,
            count,
            bytes,
        } => {
            let total = format!("{}, {}", say.files(*count), say.size(*bytes));
            let files = found.iter().map(|it| Line::Quoted(file(it, say)));
            std::iter::once(Line::Said(total)).chain(files).collect()
        }
        Proof::Sizes { .. } => Vec::new(),
    }
}

fn file(file: &FoundFile, say: Phrases) -> String {
    let origin = match &file.place {
        Some(place) => place.to_string(),
        None if file.is_of_base => say.word(Word::BaseImage).to_owned(),
        None => say.found_in(file.layer),
    };
    format!("/{}  {}  {origin}", file.path, say.size(file.bytes))
}

fn ended(ending: &Ending, stdout: &Capture, stderr: &Capture, say: Phrases) -> Vec<Line> {
    let mut lines = vec![Line::Said(say.ending(ending))];
    if let Ending::NotStarted { reason, .. } = ending {
        lines.push(Line::Quoted(reason.clone()));
        return lines;
    }
    let said = if stderr.kept.is_empty() {
        stdout
    } else {
        stderr
    };
    lines.extend(quoted(&said.kept));
    lines
}

fn quoted(bytes: &[u8]) -> Vec<Line> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(|it| Line::Quoted(it.to_owned())).collect()
}

fn next(report: &CheckReport, say: Phrases) -> Vec<Advice> {
    let Some(next) = &report.next else {
        return Vec::new();
    };
    let step = next.step.as_ref();
    let most = Advice {
        text: say.holds_most(next),
        instruction: step.map(|it| one_line(&it.instruction)),
        place: step
            .and_then(|it| it.place.as_ref())
            .map(Place::to_string)
            .unwrap_or_default(),
    };
    let medal = Advice {
        text: say.next_medal(next, &report.wording),
        instruction: None,
        place: String::new(),
    };
    match next.medal {
        Some(_) => vec![medal, most],
        None => vec![medal],
    }
}

fn remarks(report: &CheckReport, say: Phrases) -> Vec<Advice> {
    let remarks = report.remarks.iter().map(|it| Advice {
        text: say.remark(it),
        instruction: None,
        place: at(report, it.line),
    });
    remarks.collect()
}

/// A line of what is checked; nothing if none is known.
fn at(report: &CheckReport, line: Option<u32>) -> String {
    line.map_or_else(String::new, |_| located(&report.submission, line))
}
