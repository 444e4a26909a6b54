use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::saves::{Saves, Watched};
use super::submission::Submission;
use super::{Desk, Known, Missing, Opened, hint_more, length};
use crate::cli::CheckArgs;
use crate::lang::{phrases, problem};
use crate::model::{
    CheckFormat, CheckOutcome, CheckProblem, CheckReport, Delta, Problem, ReportProblem, Signal,
};
use crate::report;
use crate::task::context::{Context, Ended};
use crate::task::publish::{Text, stdout_look};
use crate::term::{self, Letters};

/// SIGTERM: what ends a check that a save has outrun.
const STOP: Signal = Signal(15);

/// How often signals, saves and letters are looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// What may happen while one waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happened {
    Saved,
    Letter(char),
}

/// What the person wants next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Again,
    Hint,
    Leave,
}

/// What came of one round.
enum Round {
    Report(Box<CheckReport>),
    /// There is no submission yet; with what one could begin with.
    Missing(CheckProblem, String),
    Problem(Problem),
    Ended(Wish),
}

/// A report that is on the screen, and the Dockerfile that it is of.
struct Shown {
    report: CheckReport,
    text: String,
}

struct Watch<'a> {
    args: &'a CheckArgs,
    cx: &'a Context,
    happened: Receiver<Happened>,
    sender: Sender<Happened>,
    saves: Option<Saves>,
    known: Option<Known>,
    path: PathBuf,
    shown: Option<Shown>,
}

/// Checks again at each save, until the person leaves.
pub(super) fn watch(args: &CheckArgs, cx: &Context) -> Result<Ended, Problem> {
    let (sender, happened) = mpsc::channel();
    let letters = Letters::open(sender.clone(), Happened::Letter);
    let mut watch = Watch {
        args,
        cx,
        happened,
        sender,
        saves: None,
        known: None,
        path: PathBuf::new(),
        shown: None,
    };
    let left = watch.rounds();
    drop(letters);
    left?;
    let shown = watch.shown.as_ref();
    Ok(Ended {
        exit_code: shown.map_or(2, |it| it.report.outcome().exit_code()),
        report: None,
    })
}

impl Watch<'_> {
    fn rounds(&mut self) -> Result<(), Problem> {
        loop {
            match self.round()? {
                Round::Report(report) => {
                    let text = fs::read(&self.path).unwrap_or_default();
                    let text = String::from_utf8_lossy(&text).into_owned();
                    self.show(&report, &text)?;
                    let report = *report;
                    self.shown = Some(Shown { report, text });
                }
                Round::Missing(problem, skeleton) => {
                    let language = self.cx.terminal.language;
                    let sentence = problem::sentence(&problem.into(), language);
                    self.print(&format!(" {sentence}\n\n{skeleton}"))?;
                }
                Round::Problem(problem) => {
                    let language = self.cx.terminal.language;
                    let sentence = problem::sentence(&problem, language);
                    let help = problem::help(&problem, language).unwrap_or_default();
                    self.print(&format!(" {sentence}\n {help}\n"))?;
                }
                Round::Ended(Wish::Leave) => return Ok(()),
                Round::Ended(Wish::Again | Wish::Hint) => continue,
            }
            loop {
                match self.wish()? {
                    Wish::Again => break,
                    Wish::Leave => return Ok(()),
                    Wish::Hint => self.hint()?,
                }
            }
        }
    }

    /// One check, which a save, a letter or a signal ends.
    fn round(&mut self) -> Result<Round, Problem> {
        let cx = Context {
            terminal: self.cx.terminal.clone(),
            events: self.cx.events.clone(),
            cancel: self.cx.cancel.nested(),
        };
        let opened = Desk::open(self.args, self.known.as_ref(), &cx);
        let desk = match opened {
            Ok(Opened::Ready(desk)) => desk,
            Ok(Opened::Missing(missing)) => {
                let Missing {
                    problem,
                    skeleton,
                    submission,
                    known,
                } = *missing;
                self.know(known, &submission);
                return Ok(Round::Missing(problem, skeleton));
            }
            Err(problem) if problem.signal().is_some() => return Err(problem),
            Err(problem) => return Ok(Round::Problem(problem)),
        };
        self.know(Known::of(&desk.ground), &desk.submission);
        let args = self.args;
        let (checked, ended) = thread::scope(|scope| {
            let check = scope.spawn(|| desk.check(args, &cx));
            let mut ended = None;
            while !check.is_finished() && ended.is_none() {
                ended = match self.next() {
                    Ok(wish) => wish.filter(|wish| *wish != Wish::Hint),
                    // The check sees the signal too.
                    Err(_) => Some(Wish::Leave),
                };
            }
            if ended.is_some() {
                cx.cancel.request(STOP);
            }
            (check.join(), ended)
        });
        if let Some(signal) = self.cx.cancel.requested() {
            return Err(Problem::Cancelled(signal));
        }
        match (checked, ended) {
            (_, Some(wish)) => Ok(Round::Ended(wish)),
            (Ok(Ok(report)), None) => Ok(Round::Report(Box::new(report))),
            (Ok(Err(problem)), None) => Ok(Round::Problem(problem)),
            (Err(panic), None) => std::panic::resume_unwind(panic),
        }
    }

    fn know(&mut self, known: Known, submission: &Submission) {
        self.known = Some(known);
        self.path.clone_from(&submission.path);
        if self.saves.is_none() {
            let sender = self.sender.clone();
            let tell = move || {
                // Nobody waits for it any more where this fails.
                let _ = sender.send(Happened::Saved);
            };
            self.saves = Saves::start(&Watched::of(submission), tell);
        }
    }

    /// What is wished next, if anything is within a moment.
    fn next(&self) -> Result<Option<Wish>, Problem> {
        if let Some(signal) = self.cx.cancel.requested() {
            return Err(Problem::Cancelled(signal));
        }
        Ok(match self.happened.recv_timeout(PAUSE) {
            Ok(Happened::Saved | Happened::Letter('r')) => Some(Wish::Again),
            Ok(Happened::Letter('h')) => Some(Wish::Hint),
            Ok(Happened::Letter('q')) | Err(RecvTimeoutError::Disconnected) => Some(Wish::Leave),
            Ok(Happened::Letter(_)) | Err(RecvTimeoutError::Timeout) => None,
        })
    }

    fn wish(&self) -> Result<Wish, Problem> {
        loop {
            if let Some(wish) = self.next()? {
                return Ok(wish);
            }
        }
    }

    fn hint(&mut self) -> Result<(), Problem> {
        let Some(mut shown) = self.shown.take() else {
            return Ok(());
        };
        hint_more(&mut shown.report, &self.path);
        let text = shown.text.clone();
        self.show(&shown.report, &text)?;
        self.shown = Some(shown);
        Ok(())
    }

    /// The report, and what became better or worse since the one before.
    fn show(&self, report: &CheckReport, text: &str) -> Result<(), Problem> {
        let look = stdout_look(&self.cx.terminal);
        let mut out = Vec::new();
        let look = (&look, length(self.args));
        report::render_check(report, CheckFormat::Table, look, &mut out)
            .map_err(|source| ReportProblem::Stdout { source })?;
        let mut screen = String::from_utf8_lossy(&out).into_owned();
        if let Some(since) = self.since(report, text) {
            let _ = writeln!(screen, " {since}");
        }
        self.print(&screen)
    }

    fn since(&self, report: &CheckReport, text: &str) -> Option<String> {
        let shown = self.shown.as_ref().filter(|it| it.text != text)?;
        let passed = |report: &CheckReport| {
            let passed = report.checks.iter();
            let passed = passed.filter(|it| it.outcome == CheckOutcome::Pass);
            i64::try_from(passed.count()).unwrap_or_default()
        };
        let gained = passed(report) - passed(&shown.report);
        let sizes = shown.report.size.zip(report.size);
        let delta: Option<Delta> = sizes.map(|(before, now)| now.since(before));
        let line = first_changed(&shown.text, text);
        Some(phrases(self.cx.terminal.language).since_last(gained, delta, line))
    }

    fn print(&self, text: &str) -> Result<(), Problem> {
        self.cx.events.leave_terminal();
        term::clear_screen();
        let say = phrases(self.cx.terminal.language);
        let polls = self.saves.as_ref().is_some_and(|it| it.is_polling);
        let watching = if polls { say.polling() } else { say.watching() };
        Text(format!("{text}\n {watching}\n").into_bytes()).to_stdout()?;
        Ok(())
    }
}

/// The first line of a text that another one does not have at its place; 1-based.
fn first_changed(before: &str, now: &str) -> Option<usize> {
    let same = before.lines().zip(now.lines());
    let same = same.take_while(|(before, now)| before == now).count();
    (before != now).then_some(same + 1)
}
