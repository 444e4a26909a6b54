use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::plan::Plan;
use super::step::{Place, State, Step};

/// Lines of the builder's own words that are kept: errors come last.
const KEPT: usize = 100;

/// The rule above and below the lines of the Dockerfile that BuildKit shows with an error.
const RULE: &str = "--------------------";

/// All that a builder has told of one build.
#[derive(Debug, Default)]
pub(in crate::engine) struct Told {
    /// In the order in which they were named.
    steps: Vec<Step>,
    places: BTreeMap<String, usize>,
    stages: BTreeMap<String, Stage>,
    plan: Plan,
    current: Option<usize>,
    /// Outside every step.
    said: VecDeque<String>,
    /// Between two rules.
    is_quoting: bool,
    line: Option<u32>,
    id: Option<String>,
}

#[derive(Debug, Default)]
struct Stage {
    total: u32,
    /// How many `FROM` are among them, as far as is known.
    froms: u32,
    /// A stage from scratch counts from its second instruction.
    is_from_scratch: bool,
}

/// How far a build is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Summary {
    /// Steps that are over, those from the cache included.
    pub(in crate::engine) done: u32,
    /// As far as is known by now.
    pub(in crate::engine) total: Option<u32>,
    pub(in crate::engine) cached: u32,
    /// The latest one that began.
    pub(in crate::engine) instruction: String,
}

impl Told {
    /// The step known to the builder by `key`, named if it is new.
    pub(super) fn step(&mut self, key: &str, name: &str) -> usize {
        if let Some(index) = self.places.get(key) {
            return *index;
        }
        let step = Step::named(name);
        if let Some(place) = &step.place {
            self.note_place(place, step.is_from());
        }
        self.steps.push(step);
        let index = self.steps.len() - 1;
        self.places.insert(key.to_owned(), index);
        index
    }

    pub(super) fn known(&self, key: &str) -> Option<usize> {
        self.places.get(key).copied()
    }

    fn note_place(&mut self, place: &Place, is_from: bool) {
        let stage = self.stages.entry(place.stage.clone()).or_default();
        stage.total = place.total;
        stage.froms += u32::from(is_from);
        stage.is_from_scratch |= place.index == 1 && !is_from;
    }

    /// The step is new, and the builder tells what it stands on.
    pub(super) fn stands_on(&mut self, index: usize, inputs: Vec<String>) {
        self.plan.stands_on(index, inputs);
    }

    /// The step is new, and has not begun.
    pub(super) fn is_waiting(&mut self, index: usize) {
        if self.steps[index].place.is_some() {
            self.plan.waits(index);
        }
    }

    pub(super) fn is_running(&mut self, index: usize) {
        self.steps[index].state = State::Running;
        if self.steps[index].place.is_some() {
            self.current = Some(index);
        }
    }

    pub(super) fn is_over(&mut self, index: usize) {
        self.set_over(index, State::Done);
    }

    pub(super) fn is_cached(&mut self, index: usize) {
        self.set_over(index, State::Cached);
    }

    pub(super) fn is_over_unless_cached(&mut self, index: usize) {
        if self.steps[index].state != State::Cached {
            self.is_over(index);
        }
    }

    fn set_over(&mut self, index: usize, state: State) {
        let step = &mut self.steps[index];
        step.state = state;
        step.log.finish();
        let has_place = step.place.is_some();
        if has_place && self.current.is_none_or(|at| self.steps[at].is_over()) {
            self.current = Some(index);
        }
    }

    pub(super) fn has_failed(&mut self, index: usize, error: &str) {
        let step = &mut self.steps[index];
        step.state = State::Running;
        step.error = Some(error.to_owned());
        step.log.finish();
    }

    pub(super) fn logs(&mut self, index: usize, bytes: &[u8]) {
        self.steps[index].log.feed(bytes);
    }

    /// A line outside every step. BuildKit shows where an error lies in these lines:
    /// `Dockerfile:12`, a rule, the lines around it, a rule.
    pub(super) fn says(&mut self, line: &str) {
        if line == RULE {
            self.is_quoting = !self.is_quoting;
            if self.is_quoting {
                self.line = self
                    .said
                    .back()
                    .and_then(|place| line_in(place))
                    .or(self.line);
            }
        } else if !self.is_quoting && !is_log_entry(line) {
            if self.said.len() == KEPT {
                self.said.pop_front();
            }
            self.said.push_back(line.to_owned());
        }
    }

    /// The image was built: no step is left to do. Of one that another build did at the same
    /// time Docker 20.10 tells nothing more, and it was not done here.
    pub(in crate::engine) fn has_succeeded(&mut self) {
        for index in self.own() {
            match self.steps[index].state {
                State::Waiting => self.is_cached(index),
                State::Running => self.is_over(index),
                State::Done | State::Cached => (),
            }
        }
    }

    /// The steps that are this build's own.
    fn own(&self) -> BTreeSet<usize> {
        let planned = self.plan.steps(&self.places);
        planned.unwrap_or_else(|| (0..self.steps.len()).collect())
    }

    pub(in crate::engine) fn summary(&self) -> Summary {
        let planned = self.plan.steps(&self.places);
        let is_own = |index| planned.as_ref().is_none_or(|own| own.contains(&index));
        let own = || (0..).zip(&self.steps).filter(|(index, _)| is_own(*index));
        let counted = || own().map(|(_, step)| step).filter(|step| step.is_counted());
        let over = || counted().filter(|step| step.is_over());
        let cached = over().filter(|step| step.state == State::Cached);
        let known = count(counted());
        let stages = || self.stages.values().map(Stage::counted).sum::<u32>();
        let total = match planned {
            Some(_) => known,
            None => known.max(stages()),
        };
        Summary {
            done: count(over()),
            total: (!self.stages.is_empty()).then_some(total),
            cached: count(cached),
            instruction: self
                .current
                .map(|index| self.steps[index].instruction.clone())
                .unwrap_or_default(),
        }
    }

    /// What the step at work printed last, as far as its line is complete.
    pub(in crate::engine) fn last_line(&self) -> Option<&str> {
        self.steps[self.current?].log.last_line()
    }

    /// The step that made the build fail: one that the builder says failed of itself, else
    /// the one whose command its error repeats, else, for a builder that names none, the one
    /// at work.
    pub(in crate::engine) fn failed(&self) -> Option<&Step> {
        let own = |step: &&Step| {
            let error = step.error.as_deref();
            error.is_some_and(|error| !error.contains("context canceled"))
        };
        let at_work = || {
            let current = &self.steps[self.current?];
            (self.steps.iter().all(|step| step.error.is_none()) && !current.is_over())
                .then_some(current)
        };
        let of_error = self.steps.iter().find(own);
        of_error.or_else(|| self.repeated()).or_else(at_work)
    }

    /// What a step said of a missing network: the failed one, or an earlier one that ignored
    /// it, as `apt-get update` does.
    pub(in crate::engine) fn offline(&self) -> Option<&str> {
        let failed = self.failed().and_then(|step| step.log.offline.as_deref());
        let earlier = || {
            let mut all = self.steps.iter();
            all.find_map(|step| step.log.offline.as_deref())
        };
        failed.or_else(earlier)
    }

    /// Docker 20.10 tells nothing of a step that another build does at the same time, but
    /// that the build failed of its command.
    fn repeated(&self) -> Option<&Step> {
        let message = self.message();
        let own = self.own().into_iter().map(|index| &self.steps[index]);
        let mut meant = own.filter(|step| !step.is_over() && step.is_repeated_in(&message));
        let one = meant.next()?;
        meant.next().is_none().then_some(one)
    }

    pub(super) fn has_id(&mut self, id: String) {
        self.id = Some(id);
    }

    /// The image's id, from a builder that prints it and writes it to no file.
    pub(in crate::engine) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(in crate::engine) fn has_begun(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The 1-based line of the Dockerfile that BuildKit points at.
    pub(in crate::engine) fn line(&self) -> Option<u32> {
        self.line
    }

    /// Why the build failed, in the builder's words: from the last `ERROR: ` on, or all that
    /// it said. An error may have several lines, for it repeats a heredoc.
    pub(in crate::engine) fn message(&self) -> String {
        let from = self
            .said
            .iter()
            .rposition(|line| line.starts_with("ERROR: "));
        let lines: Vec<_> = self
            .said
            .iter()
            .skip(from.unwrap_or(0))
            .map(|line| line.strip_prefix("ERROR: ").unwrap_or(line))
            .collect();
        lines.join("\n").trim().to_owned()
    }

    /// The last lines of all that is known, for a failure that can't be explained.
    pub(in crate::engine) fn last_lines(&self) -> Vec<String> {
        let log = self
            .failed()
            .map(|step| step.log.lines())
            .unwrap_or_default();
        let said = self.said.iter().filter(|line| !line.trim().is_empty());
        log.into_iter().chain(said.cloned()).collect()
    }
}

impl Stage {
    fn counted(&self) -> u32 {
        let froms = u32::from(!self.is_from_scratch);
        self.total.saturating_sub(self.froms.max(froms))
    }
}

fn count<'a>(steps: impl Iterator<Item = &'a Step>) -> u32 {
    u32::try_from(steps.count()).unwrap_or(u32::MAX)
}

/// What the client's own logger writes, `time="…" level=error msg="…"`: it comes with the
/// error's sentence and is none.
fn is_log_entry(line: &str) -> bool {
    line.starts_with("time=\"") && line.contains(" level=")
}

/// Of `path/Dockerfile:12`.
fn line_in(place: &str) -> Option<u32> {
    place.rsplit_once(':')?.1.parse().ok()
}
