use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::built::{Answers, Named};
use super::cli::Cli;
use super::command::{check_flags, command};
use super::driver::Driver;
use super::failure;
use super::hidden::Hidden;
use super::progress::{Reader, Summary, Told};
use super::store::Disk;
use crate::model::{
    Build, BuildFailure, BuildSpec, Built, Cancel, EngineProblem, Event, Events, Signal, Variant,
};

/// Builds that run at the same time, at most: each is a process of its own.
const AT_ONCE: usize = 8;

/// SIGTERM: what stops the other builds once one has met a problem.
const STOP: Signal = Signal(15);

/// One variant to build.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    pub variant: &'a str,
    pub spec: &'a BuildSpec,
    /// What the image is tagged with.
    pub tag: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BuildCache {
    #[default]
    Use,
    /// `--no-cache`.
    Ignore,
}

impl<'a> Job<'a> {
    /// `None` for a variant that only names an image.
    pub fn of(variant: &'a Variant) -> Option<Self> {
        Some(Self {
            variant: &variant.name,
            spec: variant.build.as_ref()?,
            tag: variant.image.as_deref(),
        })
    }
}

/// Builds every job with `docker build` and gives what became of each, in their order.
///
/// With BuildKit they are built at the same time and the engine does a shared step once. The
/// classic builder would do it twice, and BuildKit's plain text tells too little of a step that
/// another build does to name or count it: there they follow one another. The bases must be in
/// the engine's store. A Dockerfile's own fault is a [`Build::Failed`] and stops no other
/// build; the first problem stops all.
pub fn all(
    cli: &Cli,
    driver: Driver,
    jobs: &[Job<'_>],
    cache: BuildCache,
    events: &Events,
    cancel: &Cancel,
) -> Result<Vec<Build>, EngineProblem> {
    for job in jobs {
        check_flags(driver, job)?;
    }
    let workers = match driver {
        Driver::BuildxJson => jobs.len().min(AT_ONCE),
        Driver::BuildxPlain | Driver::Inside | Driver::Classic => 1,
    };
    let stop = cancel.nested();
    let next = AtomicUsize::new(0);
    let builds = Mutex::new(vec![None; jobs.len()]);
    let problem = Mutex::new(None);
    let plain = Mutex::new(());
    let work = || {
        while let Some((index, job)) = claim(&next, jobs) {
            let order = Order {
                cli,
                job,
                hidden: Hidden::of(job.spec),
                events,
                cancel: &stop,
                plain: &plain,
            };
            match order.build(driver, cache) {
                Ok(build) => lock(&builds)[index] = Some(build),
                Err(met) => {
                    lock(&problem).get_or_insert(met);
                    stop.request(STOP);
                    return;
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    if let Some(problem) = lock(&problem).take() {
        return Err(problem);
    }
    let mut builds: Vec<_> = lock(&builds).drain(..).flatten().collect();
    share_logs(&mut builds);
    Ok(builds)
}

/// Of a RUN that two builds wait for, Docker 20.10 tells one of them what it printed.
fn share_logs(builds: &mut [Build]) {
    let failures = || {
        builds.iter().filter_map(|build| match build {
            Build::Failed(failure) => Some(failure),
            Build::Done(_) => None,
        })
    };
    let told: Vec<_> = failures()
        .filter(|it| !it.log.is_empty() && it.instruction.is_some())
        .cloned()
        .collect();
    for build in builds {
        if let Build::Failed(failure) = build
            && failure.log.is_empty()
            && let Some(twin) = told.iter().find(|it| is_twin(it, failure))
        {
            failure.log.clone_from(&twin.log);
        }
    }
}

fn is_twin(one: &BuildFailure, other: &BuildFailure) -> bool {
    one.cause == other.cause && one.instruction == other.instruction
}

fn claim<'a, 'b>(next: &AtomicUsize, jobs: &'a [Job<'b>]) -> Option<(usize, &'a Job<'b>)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, jobs.get(index)?))
}

/// A thread that panicked ends the task anyway; what it held is still whole.
fn lock<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A variant that is being built.
struct Order<'a> {
    cli: &'a Cli,
    job: &'a Job<'a>,
    hidden: Hidden,
    events: &'a Events,
    cancel: &'a Cancel,
    /// Held while BuildKit tells its progress as plain text, where it refused to as JSON.
    plain: &'a Mutex<()>,
}

impl Order<'_> {
    fn build(&self, driver: Driver, cache: BuildCache) -> Result<Build, EngineProblem> {
        let variant = self.job.variant;
        self.events.send(Event::BuildStarted {
            variant: variant.to_owned(),
        });
        let mut began = Instant::now();
        let ended = match self.attempt(driver, cache)? {
            Ended::Failed(told, _) if is_json_refused(driver, &told) => {
                let _alone = lock(self.plain);
                began = Instant::now();
                self.attempt(Driver::BuildxPlain, cache)?
            }
            Ended::Failed(told, _) if is_outrun(&told) => self.attempt(driver, BuildCache::Use)?,
            ended => ended,
        };
        let took = began.elapsed();
        let build = match &ended {
            Ended::Done(told, named) => done(told, named, took, self.job),
            Ended::Failed(told, disk) => failure::classify(self.cli, variant, told, *disk)
                .map(|failure| Build::Failed(self.hidden.in_failure(failure)))
                .map_err(|problem| self.hidden.in_problem(problem)),
        };
        let (Ended::Done(told, _) | Ended::Failed(told, _)) = &ended;
        let summary = told.summary();
        self.events.send(Event::BuildEnded {
            variant: variant.to_owned(),
            success: matches!(build, Ok(Build::Done(_))),
            took,
            steps: summary.done,
            cached: summary.cached,
        });
        build
    }

    fn attempt(&self, driver: Driver, cache: BuildCache) -> Result<Ended, EngineProblem> {
        let scratch = tempfile::tempdir().map_err(|source| EngineProblem::Scratch { source })?;
        let answers = Answers::within(scratch.path());
        let build = command(self.cli, driver, self.job, cache, &answers);
        let mut reader = Reader::of(driver);
        let mut shown = Summary::default();
        let (status, disk) = self.cli.store().watched(|| {
            build.run(self.events, self.cancel, &mut |stream, bytes| {
                reader.feed(stream, bytes);
                let summary = reader.told().summary();
                if summary != shown {
                    shown = summary;
                    self.events.send(self.step(&shown));
                }
            })
        });
        let status = status?;
        let mut told = reader.finish();
        if !status.success() {
            return Ok(Ended::Failed(told, disk));
        }
        told.has_succeeded();
        let named = answers.read(&told);
        Ok(Ended::Done(told, named))
    }

    fn step(&self, summary: &Summary) -> Event {
        Event::BuildStep {
            variant: self.job.variant.to_owned(),
            done: summary.done,
            total: summary.total,
            cached: summary.cached,
            instruction: self.hidden.in_instruction(&summary.instruction),
        }
    }
}

/// What `docker build` came to, with what it told.
enum Ended {
    Done(Told, Named),
    Failed(Told, Disk),
}

fn done(told: &Told, named: &Named, took: Duration, job: &Job<'_>) -> Result<Build, EngineProblem> {
    let summary = told.summary();
    let id = named.id.trim().parse();
    let id = id.map_err(|_| EngineProblem::BuildUnclear {
        variant: job.variant.to_owned(),
        log: told.last_lines(),
    })?;
    Ok(Build::Done(Built {
        id,
        manifest: named.manifest,
        took,
        steps: summary.done,
        cached: summary.cached,
    }))
}

/// buildx before 0.13 knows no `rawjson`.
fn is_json_refused(driver: Driver, told: &Told) -> bool {
    driver == Driver::BuildxJson && !told.has_begun() && told.message().contains("rawjson")
}

/// In containerd's store two builds at once can't give their images one name, or one content:
/// the second one's export fails, and finds it done when tried again.
fn is_outrun(told: &Told) -> bool {
    let message = told.message();
    message.contains("image \"") && message.ends_with("already exists")
}
