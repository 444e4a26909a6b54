use std::time::Duration;

use super::taken::Taken;
use crate::model::{Event, Key, Script, ScriptStep};

/// Where results come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From the engine; a recorded one stands in where a step fails.
    Live,
    /// From the record alone.
    Replay,
}

/// What is known of a step before it runs.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// As a person types them: the build, then the run.
    pub commands: Vec<String>,
    /// The lines of its Dockerfile, and the file's name.
    pub dockerfile: Vec<String>,
    pub file: String,
    /// The recorded result that may stand in for it.
    pub twin: Option<Taken>,
}

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    Cover,
    /// What the step is about to do; what it is doing; what kept it from doing it.
    Plan(usize),
    /// What it printed.
    Output(usize),
    Size(usize),
    End,
}

/// What is shown over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    Help,
    /// The list of steps, with the one that is chosen.
    Jump(usize),
    /// Whether to quit.
    Quit,
}

/// What a key asks of whoever runs the lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Nothing,
    /// Run this step.
    Run(usize),
    /// End the step at work; its result is not wanted.
    Stop,
    Quit,
    /// Ctrl-C.
    Interrupt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Live,
    Recorded,
}

/// Why a step gave no result, in sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    pub sentences: Vec<String>,
    /// The last lines of a log.
    pub log: Vec<String>,
}

/// A step at work.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Work {
    pub(super) step: usize,
    pub(super) began: Duration,
    pub(super) done: u32,
    pub(super) total: Option<u32>,
    pub(super) instruction: String,
    pub(super) line: String,
    pub(super) is_built: bool,
}

/// A step at this moment.
#[derive(Clone, Debug)]
struct Known {
    plan: Plan,
    shown: Option<(Taken, Source)>,
    trouble: Option<Trouble>,
}

impl Known {
    fn of(plan: Plan) -> Self {
        Self {
            plan,
            shown: None,
            trouble: None,
        }
    }

    fn forget(&mut self) {
        (self.shown, self.trouble) = (None, None);
    }
}

/// The lesson at a moment: which screen is shown, and all results so far.
#[derive(Clone, Debug)]
pub struct Lesson {
    pub(super) script: Script,
    pub(super) mode: Mode,
    /// For the first screen.
    pub(super) warnings: Vec<String>,
    /// What the images stand on, as people read it.
    pub(super) base: String,
    steps: Vec<Known>,
    position: Position,
    overlay: Option<Overlay>,
    work: Option<Work>,
}

impl Lesson {
    /// One plan for each step of the script.
    pub fn new(script: Script, mode: Mode, plans: Vec<Plan>) -> Self {
        Self {
            script,
            mode,
            warnings: Vec::new(),
            base: String::new(),
            steps: plans.into_iter().map(Known::of).collect(),
            position: Position::Cover,
            overlay: None,
            work: None,
        }
    }

    #[must_use]
    pub fn on(self, base: String) -> Self {
        Self { base, ..self }
    }

    #[must_use]
    pub fn warning(self, warnings: Vec<String>) -> Self {
        Self { warnings, ..self }
    }

    pub fn position(&self) -> Position {
        self.position
    }

    pub fn overlay(&self) -> Option<Overlay> {
        self.overlay
    }

    pub fn script(&self) -> &Script {
        &self.script
    }

    /// The step that is shown, if one is.
    pub fn step(&self) -> Option<usize> {
        match self.position {
            Position::Cover | Position::End => None,
            Position::Plan(at) | Position::Output(at) | Position::Size(at) => Some(at),
        }
    }

    pub(super) fn work(&self) -> Option<&Work> {
        self.work.as_ref()
    }

    pub(super) fn trouble(&self, at: usize) -> Option<&Trouble> {
        self.steps[at].trouble.as_ref()
    }

    /// The result of a step that was shown, and where it is from.
    pub fn shown(&self, at: usize) -> Option<&(Taken, Source)> {
        self.steps[at].shown.as_ref()
    }

    pub(super) fn plan(&self, at: usize) -> &Plan {
        &self.steps[at].plan
    }

    /// The recorded result of a step.
    pub fn twin(&self, at: usize) -> Option<&Taken> {
        self.plan(at).twin.as_ref()
    }

    /// All recorded results.
    pub(super) fn twins(&self) -> impl Iterator<Item = &Taken> {
        self.steps.iter().filter_map(|step| step.plan.twin.as_ref())
    }

    pub(super) fn step_of(&self, at: usize) -> &ScriptStep {
        &self.script.steps[at]
    }

    /// Whether the step at work has taken longer than it should.
    pub(super) fn is_overdue(&self, now: Duration) -> bool {
        self.work
            .as_ref()
            .is_some_and(|work| now.saturating_sub(work.began) > self.script.steps[work.step].limit)
    }

    /// Takes a key at this moment of the lesson.
    pub fn press(&mut self, key: Key, now: Duration) -> Order {
        if key == Key::Interrupt {
            return Order::Interrupt;
        }
        if let Some(overlay) = self.overlay.take() {
            return self.press_over(overlay, key);
        }
        match key {
            Key::Char(' ' | 'n') | Key::Enter | Key::Right | Key::Down | Key::PageDown => {
                self.next(now)
            }
            Key::Char('b' | 'p') | Key::Backspace | Key::Left | Key::Up | Key::PageUp => {
                self.back()
            }
            Key::Char('r') => self.again(now),
            Key::Char('j' | 'g') => {
                self.overlay = Some(Overlay::Jump(self.step().unwrap_or(0)));
                Order::Nothing
            }
            Key::Char('?' | 'h') => {
                self.overlay = Some(Overlay::Help);
                Order::Nothing
            }
            Key::Char('q') => {
                self.overlay = Some(Overlay::Quit);
                Order::Nothing
            }
            Key::Home => self.go(Position::Cover),
            Key::End => self.go(Position::End),
            Key::Char(_) | Key::Escape | Key::Interrupt => Order::Nothing,
        }
    }

    fn press_over(&mut self, overlay: Overlay, key: Key) -> Order {
        let last = self.script.steps.len() - 1;
        match (overlay, key) {
            (Overlay::Quit, Key::Char('q' | 'y' | 'o') | Key::Enter) => Order::Quit,
            (Overlay::Jump(at), Key::Enter | Key::Char(' ')) => self.go(Position::Plan(at)),
            (Overlay::Jump(at), Key::Down | Key::Char('j') | Key::PageDown) => {
                self.overlay = Some(Overlay::Jump((at + 1).min(last)));
                Order::Nothing
            }
            (Overlay::Jump(at), Key::Up | Key::Char('k') | Key::PageUp) => {
                self.overlay = Some(Overlay::Jump(at.saturating_sub(1)));
                Order::Nothing
            }
            (Overlay::Jump(at), Key::Char(digit)) if digit.is_ascii_digit() => {
                let number = digit.to_digit(10).map_or(0, |digit| digit as usize);
                // The second digit of a number of two.
                let both = (at + 1) * 10 + number;
                let chosen = if both <= last + 1 { both } else { number };
                let chosen = chosen.saturating_sub(1).min(last);
                self.overlay = Some(Overlay::Jump(chosen));
                Order::Nothing
            }
            (Overlay::Help | Overlay::Quit | Overlay::Jump(_), _) => Order::Nothing,
        }
    }

    /// Shows another screen; a step at work is not waited for.
    fn go(&mut self, position: Position) -> Order {
        self.position = position;
        match self.work.take() {
            Some(_) => Order::Stop,
            None => Order::Nothing,
        }
    }

    fn next(&mut self, now: Duration) -> Order {
        match self.position {
            Position::Cover => self.go(Position::Plan(0)),
            Position::Plan(at) => self.next_of_plan(at, now),
            Position::Output(at) if self.size_of(at).is_some() => self.go(Position::Size(at)),
            Position::Output(at) | Position::Size(at) => self.go(self.after(at)),
            Position::End => Order::Nothing,
        }
    }

    fn after(&self, at: usize) -> Position {
        if at + 1 < self.script.steps.len() {
            Position::Plan(at + 1)
        } else {
            Position::End
        }
    }

    fn next_of_plan(&mut self, at: usize, now: Duration) -> Order {
        if self.work.is_some() {
            let stands_in = self.is_overdue(now) && self.twin(at).is_some();
            return if stands_in {
                self.stand_in(at)
            } else {
                Order::Nothing
            };
        }
        if self.steps[at].shown.is_some() {
            return self.go(Position::Output(at));
        }
        let is_stuck = self.steps[at].trouble.is_some();
        if (is_stuck || self.mode == Mode::Replay) && self.twin(at).is_some() {
            return self.stand_in(at);
        }
        if is_stuck {
            return self.go(self.after(at));
        }
        self.run(at, now)
    }

    /// Shows what was recorded.
    fn stand_in(&mut self, at: usize) -> Order {
        let step = &mut self.steps[at];
        step.forget();
        step.shown = step.plan.twin.clone().map(|twin| (twin, Source::Recorded));
        self.go(Position::Output(at))
    }

    fn run(&mut self, at: usize, now: Duration) -> Order {
        self.position = Position::Plan(at);
        self.steps[at].forget();
        self.work = Some(Work {
            step: at,
            began: now,
            ..Work::default()
        });
        Order::Run(at)
    }

    fn again(&mut self, now: Duration) -> Order {
        let Some(at) = self.step().filter(|_| self.work.is_none()) else {
            return Order::Nothing;
        };
        match self.mode {
            Mode::Live => self.run(at, now),
            Mode::Replay => {
                self.steps[at].forget();
                self.go(Position::Plan(at))
            }
        }
    }

    fn back(&mut self) -> Order {
        match self.position {
            Position::Cover => Order::Nothing,
            // What is at work is given up, and its plan shown.
            Position::Plan(at) if self.work.is_some() => self.go(Position::Plan(at)),
            Position::Plan(0) => self.go(Position::Cover),
            Position::Plan(at) => self.go(self.last_of(at - 1)),
            Position::Output(at) => self.go(Position::Plan(at)),
            Position::Size(at) => self.go(Position::Output(at)),
            Position::End => self.go(self.last_of(self.script.steps.len() - 1)),
        }
    }

    fn last_of(&self, at: usize) -> Position {
        match (&self.steps[at].shown, self.size_of(at)) {
            (Some(_), Some(_)) => Position::Size(at),
            (Some(_), None) => Position::Output(at),
            (None, _) => Position::Plan(at),
        }
    }

    /// The size that a step has to show: none where its failure is what it shows.
    pub(super) fn size_of(&self, at: usize) -> Option<crate::model::Bytes> {
        use crate::model::ExpectedEnd::Success;
        let (taken, _) = self.steps[at].shown.as_ref()?;
        let is_meant = self.script.steps[at].expected == Success;
        taken.size().filter(|_| is_meant)
    }

    /// Takes the result of a step that nobody watched.
    pub fn put(&mut self, at: usize, taken: Taken, source: Source) {
        self.steps[at].shown = Some((taken, source));
    }

    /// Takes what the step at work tells.
    pub fn hear(&mut self, event: Event) {
        let Some(work) = &mut self.work else { return };
        match event {
            Event::BuildStep {
                done,
                total,
                instruction,
                ..
            } => {
                if work.instruction != instruction {
                    work.line.clear();
                }
                (work.done, work.total) = (done, total);
                work.instruction = instruction;
            }
            Event::BuildLog { line, .. } | Event::Progress(line) => work.line = line,
            Event::BuildEnded { .. } => {
                work.is_built = true;
                work.line.clear();
            }
            Event::Stage(_)
            | Event::Command(_)
            | Event::Remark(_)
            | Event::ReadFrom(_)
            | Event::Note(_)
            | Event::Provision { .. }
            | Event::TerminalWanted(_)
            | Event::BuildStarted { .. }
            | Event::ReadSoFar { .. }
            | Event::RunStarted { .. }
            | Event::Baseline(_)
            | Event::RunEnded { .. } => {}
        }
    }

    /// Takes the end of a step. One that was given up meanwhile is none.
    pub fn ended(&mut self, at: usize, result: Result<Taken, Trouble>) {
        if self.work.as_ref().is_none_or(|work| work.step != at) {
            return;
        }
        self.work = None;
        match result {
            Ok(taken) => {
                self.steps[at].shown = Some((taken, Source::Live));
                self.position = Position::Output(at);
            }
            Err(trouble) => self.steps[at].trouble = Some(trouble),
        }
    }
}
