use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::built::{Answers, Named};
use super::cli::Cli;
use super::command::{check_flags, command};
use super::driver::Driver;
use super::failure;
use super::hidden::Hidden;
use super::progress::{Reader, Summary, Told};
use super::queue::{Claim, Queue, Went, lock};
use super::store::Disk;
use crate::model::{
    Build, BuildFailure, BuildSpec, Built, BuiltImage, Cancel, EngineProblem, Event, Events,
    Signal, Variant,
};

/// Builds that run at the same time, at most: each is a process of its own.
const AT_ONCE: usize = 8;

/// SIGTERM: what stops the other builds once one has met a problem.
const STOP: Signal = Signal(15);

/// One variant to build.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    pub variant: &'a str,
    pub spec: &'a BuildSpec,
    /// What the image is tagged with.
    pub tag: Option<&'a str>,
    /// Names of other variants that the same build makes.
    pub also: Vec<&'a str>,
    /// The jobs whose images this one builds on, by their places.
    pub after: Vec<usize>,
    /// The build arguments that name an image in a FROM: their values are shown.
    pub shown: BTreeSet<String>,
    /// What is wrong with its Dockerfile, where that is known without asking a builder.
    pub fault: Option<BuildFailure>,
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
            also: Vec::new(),
            after: Vec::new(),
            shown: BTreeSet::new(),
            fault: None,
        })
    }
}

/// Builds every job with `docker build` and gives what became of each, in their order.
///
/// With BuildKit they are built at the same time and the engine does a shared step once. The
/// classic builder would do it twice, and BuildKit's plain text tells too little of a step that
/// another build does to name or count it: there they follow one another. A job waits for those
/// it builds on, and fails with them. The bases must be in the engine's store. A Dockerfile's own
/// fault is a [`Build::Failed`] and stops no other build; the first problem stops all.
pub fn all(
    cli: &Cli,
    driver: Driver,
    jobs: &[Job<'_>],
    cache: BuildCache,
    events: &Events,
    cancel: &Cancel,
) -> Result<Vec<Build<BuiltImage>>, EngineProblem> {
    for job in jobs {
        check_flags(driver, job)?;
    }
    let workers = match driver {
        Driver::BuildxJson => jobs.len().min(AT_ONCE),
        Driver::BuildxPlain | Driver::Inside | Driver::Classic => 1,
    };
    let stop = cancel.nested();
    let queue = Queue::of(jobs);
    let plain = Mutex::new(());
    let work = || {
        while let Some(Claim { index, job, failed }) = queue.claim() {
            let order = Order {
                cli,
                job,
                hidden: Hidden::of(job.spec),
                events,
                cancel: &stop,
                plain: &plain,
            };
            let built = match (&job.fault, failed) {
                (Some(fault), _) => Ok(Build::Failed(fault.clone())),
                (None, Some((other, failure))) => {
                    Ok(Build::Failed(order.not_tried(other, failure)))
                }
                (None, None) => order.build(driver, cache),
            };
            if queue.end(index, built) == Went::Wrong {
                stop.request(STOP);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    let mut builds = queue.builds()?;
    share_logs(&mut builds);
    Ok(builds)
}

/// Of a RUN that two builds wait for, Docker 20.10 tells one of them what it printed.
fn share_logs(builds: &mut [Build<BuiltImage>]) {
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
    /// What a job comes to that builds on another, which failed: the same failure, of another
    /// Dockerfile.
    fn not_tried(&self, other: &str, failure: BuildFailure) -> BuildFailure {
        self.events.send(Event::BuildEnded {
            variant: self.job.variant.to_owned(),
            success: false,
            took: Duration::ZERO,
            steps: 0,
            cached: 0,
        });
        let instruction = failure.instruction.unwrap_or_default();
        let mut log = vec![format!("[{other}] {instruction}").trim_end().to_owned()];
        log.extend(failure.log);
        BuildFailure {
            instruction: None,
            line: None,
            log,
            ..failure
        }
    }

    fn build(&self, driver: Driver, cache: BuildCache) -> Result<Build<BuiltImage>, EngineProblem> {
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
        let (mut shown, mut printed) = (Summary::default(), None);
        let (status, disk) = self.cli.store().watched(|| {
            build.run(self.events, self.cancel, &mut |stream, bytes| {
                reader.feed(stream, bytes);
                let summary = reader.told().summary();
                if summary != shown {
                    shown = summary;
                    self.events.send(self.step(&shown));
                }
                let line = reader.told().last_line();
                if line != printed.as_deref() {
                    printed = line.map(str::to_owned);
                    self.events.send(self.log(line.unwrap_or_default()));
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

    fn log(&self, line: &str) -> Event {
        Event::BuildLog {
            variant: self.job.variant.to_owned(),
            line: self.hidden.in_text(line),
        }
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

fn done(
    told: &Told,
    named: &Named,
    took: Duration,
    job: &Job<'_>,
) -> Result<Build<BuiltImage>, EngineProblem> {
    let summary = told.summary();
    let id = named.id.trim().parse();
    let id = id.map_err(|_| EngineProblem::BuildUnclear {
        variant: job.variant.to_owned(),
        log: told.last_lines(),
    })?;
    Ok(Build::Done(BuiltImage {
        id,
        manifest: named.manifest,
        build: Built {
            took: Some(took),
            steps: summary.done,
            cached: Some(summary.cached),
        },
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
