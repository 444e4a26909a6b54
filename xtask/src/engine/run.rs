use std::hash::{BuildHasher, RandomState};
use std::io;
use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use hyper::StatusCode;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt;
use tokio::time::{timeout, timeout_at};

use bollard::errors::Error;
use bollard::query_parameters::{CreateContainerOptions, WaitContainerOptions};

use super::api::{self, Client, Engine};
use super::capture::Streams;
use super::watch::Stop;
use super::{ending, sandbox};
use crate::model::{Bytes, Cancel, Digest, Ending, EngineProblem, Event, Events, Run, RunSpec};

/// One read of what a container writes.
const READ: usize = 64 * 1024;
/// How long the engine may go on creating a container that is no longer wanted: giving it
/// up half-way would leave it behind.
const UNWANTED: Duration = Duration::from_secs(3);
/// What the removal may take on an engine that has just been found dead or hanging.
const LAST_TRY: Duration = Duration::from_secs(1);

/// A container to run.
#[derive(Clone, Copy, Debug)]
pub struct RunRequest<'a> {
    pub variant: &'a str,
    /// As the engine knows it.
    pub image: Digest,
    pub spec: &'a RunSpec,
}

/// What holds for each container of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one whose service has no `timeout`.
    pub deadline: Duration,
    /// How much of each stream is kept.
    pub kept: Bytes,
    /// How many run at the same time; 0 counts as 1.
    pub at_once: usize,
}

impl Default for Limits {
    /// 10 s, 64 KiB, and as many as there are processors.
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            kept: Bytes(64 * 1024),
            at_once: available_parallelism().map_or(1, NonZero::get),
        }
    }
}

impl Engine {
    /// Runs each container in its sandbox and reads all that it writes; the answers are in
    /// the order of the requests. No container is left, whatever happens; one that can't be
    /// removed is a problem.
    pub fn run(
        &self,
        requests: &[RunRequest<'_>],
        limits: &Limits,
        events: &Events,
        cancel: &Cancel,
    ) -> Result<Vec<Run>, EngineProblem> {
        let batch = Batch {
            client: &self.client,
            id: random_id(),
            limits,
            events,
            stop: Stop::by(cancel),
        };
        let net = Net {
            engine: self,
            run: &batch.id,
        };
        let runs = self.runtime.block_on(batch.all(requests));
        drop(net);
        runs
    }
}

/// Removes what is left of a run when a panic passes by.
struct Net<'a> {
    engine: &'a Engine,
    run: &'a str,
}

impl Drop for Net<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let removal = self.engine.client.remove_run(self.run);
            let _ = self.engine.runtime.block_on(removal);
        }
    }
}

fn random_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// The containers of one call.
struct Batch<'a> {
    client: &'a Client,
    id: String,
    limits: &'a Limits,
    events: &'a Events,
    stop: Stop,
}

impl Batch<'_> {
    async fn all(&self, requests: &[RunRequest<'_>]) -> Result<Vec<Run>, EngineProblem> {
        let mut runs = Vec::with_capacity(requests.len());
        let mut first_problem = None;
        let mut results = stream::iter(requests.iter().enumerate())
            .map(|(number, request)| self.one(number, request))
            .buffer_unordered(self.limits.at_once.max(1));
        while let Some((number, result)) = results.next().await {
            match result {
                Ok(run) => runs.push((number, run)),
                Err(problem) => {
                    // The others end at once, each cleaning up after itself.
                    self.stop.fail();
                    first_problem.get_or_insert(problem);
                }
            }
        }
        if let Some(problem) = first_problem {
            if !is_gone(&problem) {
                let _ = self.client.remove_run(&self.id).await;
            }
            return Err(problem);
        }
        runs.sort_unstable_by_key(|(number, _)| *number);
        Ok(runs.into_iter().map(|(_, run)| run).collect())
    }

    async fn one(
        &self,
        number: usize,
        request: &RunRequest<'_>,
    ) -> (usize, Result<Run, EngineProblem>) {
        if let Some(reason) = self.stop.reason() {
            return (number, Err(reason));
        }
        let variant = request.variant.to_owned();
        self.events.send(Event::RunStarted {
            variant: variant.clone(),
        });
        let container = format!("lab-kit-{}-{number}", self.id);
        let run = self.attempt(&container, request).await;
        let removal = self.client.remove(&container);
        let run = match run {
            Ok(run) => removal.await.map(|()| run),
            Err(problem) if is_gone(&problem) => {
                let _ = timeout(LAST_TRY, removal).await;
                Err(problem)
            }
            Err(problem) => removal.await.and(Err(problem)),
        };
        if let Ok(run) = &run {
            self.events.send(Event::RunEnded {
                variant,
                success: run.ending.is_success(),
                took: run.took.unwrap_or_default(),
            });
        }
        (number, run)
    }

    /// Everything but the removal.
    async fn attempt(
        &self,
        container: &str,
        request: &RunRequest<'_>,
    ) -> Result<Run, EngineProblem> {
        let limit = request.spec.timeout.unwrap_or(self.limits.deadline);
        let cap = usize::try_from(self.limits.kept.0).unwrap_or(usize::MAX);
        let mut streams = Streams::keeping(cap);
        let (ending, took) = match self.create(container, request, limit).await? {
            Some(refusal) => (refusal, Duration::ZERO),
            None => self.watch(container, limit, &mut streams).await?,
        };
        let (stdout, stderr) = streams.finish();
        Ok(Run {
            ending,
            took: Some(took),
            stdout,
            stderr,
        })
    }

    /// `Some` where there is nothing in the image to run.
    async fn create(
        &self,
        container: &str,
        request: &RunRequest<'_>,
        limit: Duration,
    ) -> Result<Option<Ending>, EngineProblem> {
        let now = self.client.clock.now();
        let labels = sandbox::labels(request.spec, &self.id, now, limit);
        let body = sandbox::container(&request.image, request.spec, labels);
        let options = CreateContainerOptions {
            name: Some(container.to_owned()),
            ..CreateContainerOptions::default()
        };
        let creation = async {
            let docker = &self.client.docker;
            match docker.create_container(Some(options), body).await {
                Err(Error::DockerResponseServerError {
                    message,
                    status_code,
                }) => ending::of_create(status_code, &message).map(Some).ok_or(
                    Error::DockerResponseServerError {
                        message,
                        status_code,
                    },
                ),
                created => created.map(|_| None),
            }
        };
        let mut creation = std::pin::pin!(self.client.in_time("create a container", creation));
        let created = self.client.while_alive(&self.stop, creation.as_mut()).await;
        match created {
            Err(reason @ (EngineProblem::Cancelled(_) | EngineProblem::Refused { .. })) => {
                let _ = timeout(UNWANTED, creation).await;
                Err(reason)
            }
            created => match created? {
                Err(EngineProblem::Refused { message, .. }) if is_no_image(&message) => {
                    Err(EngineProblem::NoImage {
                        image: request.image.to_string(),
                    })
                }
                created => created,
            },
        }
    }

    /// Starts it and reads all that it writes until it ends or its time is over.
    async fn watch(
        &self,
        container: &str,
        limit: Duration,
        streams: &mut Streams,
    ) -> Result<(Ending, Duration), EngineProblem> {
        let attach = self.client.attach(container);
        let attached = self
            .client
            .call("attach to a container", &self.stop, attach)
            .await;
        let output = match attached {
            Ok(output) => output,
            // Podman prepares the command here and not at the start.
            Err(problem) => return Ok((not_started(problem)?, Duration::ZERO)),
        };
        let started = Instant::now();
        let deadline = tokio::time::Instant::now() + limit;
        let life = async {
            if let Some(refusal) = self.start(container).await? {
                return Ok((refusal, started.elapsed()));
            }
            self.client.drain(output, streams).await?;
            let took = started.elapsed();
            Ok((self.client.ending_of(container).await?, took))
        };
        // Past the deadline `output` is dropped with the rest, before the removal: an engine
        // can't end a container whose reader holds on and does not read.
        let life = timeout_at(deadline, self.client.while_alive(&self.stop, life));
        match life.await {
            Ok(ended) => ended?,
            Err(_) => Ok((Ending::TimedOut { limit }, started.elapsed())),
        }
    }

    /// `Some` where the engine could not start the image's command.
    async fn start(&self, container: &str) -> Result<Option<Ending>, EngineProblem> {
        match self.client.docker.start_container(container, None).await {
            Ok(()) => Ok(None),
            Err(error) => not_started(self.client.problem("start a container", error)).map(Some),
        }
    }
}

/// The ending of a container whose command is at fault; other problems stay problems.
fn not_started(problem: EngineProblem) -> Result<Ending, EngineProblem> {
    match problem {
        EngineProblem::Refused { action, message } => {
            ending::of_start(&message).ok_or(EngineProblem::Refused { action, message })
        }
        problem => Err(problem),
    }
}

/// Whether the engine is past being asked to remove anything.
fn is_gone(problem: &EngineProblem) -> bool {
    matches!(
        problem,
        EngineProblem::Lost { .. } | EngineProblem::Silent { .. }
    )
}

fn is_no_image(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("no such image") || message.contains("image not known")
}

impl Client {
    /// The container's output from its first byte, before it is started.
    ///
    /// Never `logs=1`: with the log driver `none` it locks Docker 20.10 up for good.
    async fn attach(&self, container: &str) -> Result<TokioIo<Upgraded>, Error> {
        let api = self.docker.client_version();
        let path = format!(
            "/v{api}/containers/{container}/attach?stream=1&stdout=1&stderr=1&stdin=0&logs=0"
        );
        let upgrade = [("Connection", "Upgrade"), ("Upgrade", "tcp")];
        let response = self.send("POST", &path, &upgrade).await?;
        let status = response.status();
        if !status.is_success() && status != StatusCode::SWITCHING_PROTOCOLS {
            return Err(Error::DockerResponseServerError {
                status_code: status.as_u16(),
                message: api::message_of(response).await?,
            });
        }
        Ok(TokioIo::new(hyper::upgrade::on(response).await?))
    }

    async fn drain(
        &self,
        mut output: TokioIo<Upgraded>,
        streams: &mut Streams,
    ) -> Result<(), EngineProblem> {
        let mut buffer = vec![0; READ];
        loop {
            let length = output.read(&mut buffer).await;
            match length.map_err(|error| self.lost(error.into()))? {
                0 if streams.is_whole() => return Ok(()),
                0 => return Err(self.lost(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
                length => streams
                    .feed(&buffer[..length])
                    .map_err(|error| self.lost(error.into()))?,
            }
        }
    }

    /// Waits for a started container's end.
    ///
    /// `not-running` answers at once for one that has ended already, so it may be asked after
    /// the start; `next-exit` would have to be asked before, and be known to have arrived.
    async fn ending_of(&self, container: &str) -> Result<Ending, EngineProblem> {
        let options = WaitContainerOptions {
            condition: "not-running".to_owned(),
        };
        let mut answers = std::pin::pin!(self.docker.wait_container(container, Some(options)));
        let code = match answers.next().await {
            Some(Ok(answer)) => answer.status_code,
            Some(Err(Error::DockerContainerWaitError { code, .. })) => code,
            Some(Err(error)) => return Err(self.problem("wait for a container", error)),
            None => return Err(self.lost(io::Error::from(io::ErrorKind::UnexpectedEof).into())),
        };
        if !ending::is_signal(code) {
            return Ok(Ending::Exited { code });
        }
        let inspect = self.docker.inspect_container(container, None);
        let facts = inspect
            .await
            .map_err(|error| self.problem("inspect a container", error))?;
        Ok(Ending::Killed {
            code,
            out_of_memory: facts.state.and_then(|state| state.oom_killed) == Some(true),
        })
    }
}
