//! Jobs in an order in which each follows those it builds on.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::build::Job;
use crate::model::{Build, BuildFailure, BuiltImage, EngineProblem};

/// Jobs that several threads take from.
pub(super) struct Queue<'a, 'j> {
    jobs: &'a [Job<'j>],
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    places: Vec<Place>,
    /// The first one met; nothing more is begun after it.
    problem: Option<EngineProblem>,
}

enum Place {
    Waiting,
    Taken,
    Ended(Build<BuiltImage>),
}

/// A job to do.
pub(super) struct Claim<'a, 'j> {
    pub(super) index: usize,
    pub(super) job: &'a Job<'j>,
    /// A job that it builds on and that did not build.
    pub(super) failed: Option<(&'j str, BuildFailure)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    Well,
    /// The whole task ends with a problem.
    Wrong,
}

impl<'a, 'j> Queue<'a, 'j> {
    pub(super) fn of(jobs: &'a [Job<'j>]) -> Self {
        Self {
            jobs,
            state: Mutex::new(State {
                places: jobs.iter().map(|_| Place::Waiting).collect(),
                problem: None,
            }),
            changed: Condvar::new(),
        }
    }

    /// The first job whose bases are done, after waiting for one; `None` when there is nothing
    /// more to begin.
    pub(super) fn claim(&self) -> Option<Claim<'a, 'j>> {
        let mut state = lock(&self.state);
        loop {
            if state.problem.is_some() {
                return None;
            }
            let waiting = |place: &Place| matches!(place, Place::Waiting);
            let mut open = (0..self.jobs.len()).filter(|index| waiting(&state.places[*index]));
            let is_ready = |index: &usize| {
                let mut after = self.jobs[*index].after.iter();
                after.all(|other| matches!(state.places[*other], Place::Ended(_)))
            };
            if let Some(index) = open.clone().find(is_ready) {
                let job = &self.jobs[index];
                let failed = job
                    .after
                    .iter()
                    .find_map(|other| match &state.places[*other] {
                        Place::Ended(Build::Failed(failure)) => {
                            Some((self.jobs[*other].variant, failure.clone()))
                        }
                        _ => None,
                    });
                state.places[index] = Place::Taken;
                return Some(Claim { index, job, failed });
            }
            open.next()?;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes what became of a job.
    pub(super) fn end(
        &self,
        index: usize,
        result: Result<Build<BuiltImage>, EngineProblem>,
    ) -> Went {
        let mut state = lock(&self.state);
        let went = match result {
            Ok(build) => {
                state.places[index] = Place::Ended(build);
                Went::Well
            }
            Err(problem) => {
                state.problem.get_or_insert(problem);
                Went::Wrong
            }
        };
        self.changed.notify_all();
        went
    }

    /// What became of each job, in their order.
    ///
    /// # Errors
    ///
    /// The first problem that was met.
    pub(super) fn builds(self) -> Result<Vec<Build<BuiltImage>>, EngineProblem> {
        let state = self.state.into_inner();
        let State { places, problem } = state.unwrap_or_else(PoisonError::into_inner);
        if let Some(problem) = problem {
            return Err(problem);
        }
        let ended = places.into_iter().filter_map(|place| match place {
            Place::Ended(build) => Some(build),
            Place::Waiting | Place::Taken => None,
        });
        Ok(ended.collect())
    }
}

/// A thread that panicked ends the task anyway; what it held is still whole.
pub(super) fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;
    use std::thread;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Claim, Queue, lock};
    use crate::engine::build::Job;
    use crate::model::{Build, BuildCause, BuildFailure, BuildSpec, BuiltImage, Dockerfile};

    fn spec() -> BuildSpec {
        BuildSpec {
            context: String::new(),
            dockerfile: Dockerfile::Path(PathBuf::new()),
            args: BTreeMap::new(),
            target: None,
            platform: None,
            platforms: Vec::new(),
            secrets: Vec::new(),
            environment: BTreeMap::new(),
            flags: Vec::new(),
        }
    }

    fn failure() -> Build<BuiltImage> {
        Build::Failed(BuildFailure {
            cause: BuildCause::Refused,
            instruction: None,
            line: None,
            log: Vec::new(),
        })
    }

    proptest! {
        /// Each job may follow any of those before it.
        #[test]
        fn whatever_the_edges_a_job_begins_when_its_bases_have_ended(
            edges in proptest::collection::vec(any::<u8>(), 1..9),
            workers in 1..4_usize,
        ) {
            let spec = spec();
            let jobs: Vec<Job<'_>> = edges.iter().enumerate().map(|(index, bits)| Job {
                variant: "x",
                spec: &spec,
                tag: None,
                also: Vec::new(),
                fault: None,
                shown: std::collections::BTreeSet::new(),
                after: (0..index).filter(|other| bits >> other & 1 == 1).collect(),
            }).collect();
            let queue = Queue::of(&jobs);
            let ended = std::sync::Mutex::new(Vec::new());
            thread::scope(|scope| {
                for _ in 0..workers {
                    scope.spawn(|| {
                        while let Some(Claim { index, job, .. }) = queue.claim() {
                            for other in &job.after {
                                assert!(lock(&ended).contains(other), "{index} before {other}");
                            }
                            thread::sleep(Duration::from_micros(50));
                            lock(&ended).push(index);
                            queue.end(index, Ok(failure()));
                        }
                    });
                }
            });
            prop_assert_eq!(queue.builds().unwrap().len(), jobs.len());
        }
    }

    #[test]
    fn what_builds_on_a_failure_knows_which_one_it_is() {
        let spec = spec();
        let job = |variant, after| Job {
            variant,
            spec: &spec,
            tag: None,
            also: Vec::new(),
            after,
            fault: None,
            shown: std::collections::BTreeSet::new(),
        };
        let jobs = [job("base", vec![]), job("app", vec![0])];
        let queue = Queue::of(&jobs);
        let first = queue.claim().unwrap();
        assert!(first.failed.is_none());
        queue.end(first.index, Ok(failure()));
        assert_eq!(queue.claim().unwrap().failed.unwrap().0, "base");
    }
}
