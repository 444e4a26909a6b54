use std::hash::{BuildHasher, RandomState};
use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use bollard::models::ContainerCreateBody;
use futures_util::{StreamExt as _, stream};
use tokio::time::timeout_at;

use super::api::{Client, Engine};
use super::capture::Streams;
use super::create::Creation;
use super::volumes::{MOST, Volumes};
use super::watch::Stop;
use super::{ending, sandbox, sweep};
use crate::model::{
    Bytes, Cancel, Digest, Ending, EngineAction, EngineProblem, Event, Events, Run, RunSpec,
};

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
            if !sweep::is_gone(&problem) {
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
        let container = sandbox::name_of(&self.id, number);
        let run = self.container(&container, request).await;
        if let Ok(run) = &run {
            self.events.send(Event::RunEnded {
                variant,
                success: run.ending.is_success(),
                took: run.took.unwrap_or_default(),
            });
        }
        (number, run)
    }

    /// Makes a container and its volumes, runs it and removes them.
    async fn container(&self, name: &str, request: &RunRequest<'_>) -> Result<Run, EngineProblem> {
        let image = request.image.to_string();
        let config = self.client.config_of(&image, &self.stop).await?;
        let declared = config.volumes.iter().flatten();
        let paths: Vec<&str> = declared.map(|(path, _)| path.as_str()).collect();
        let volumes = Volumes::of(name, &paths, &request.spec.tmpfs).map_err(|count| {
            EngineProblem::NoContainer {
                engine: self.client.kind,
                variant: request.variant.to_owned(),
                message: format!("its image declares {count} volumes, at most {MOST} can be made"),
            }
        })?;
        let limit = request.spec.timeout.unwrap_or(self.limits.deadline);
        let now = self.client.clock.now();
        let labels = sandbox::labels(request.spec, &self.id, now, limit);
        let mut body = sandbox::container(&request.image, request.spec, labels, &volumes);
        let command = &request.spec.command;
        // The one empty word that stands for no entrypoint would make the engine leave the
        // image's own arguments out too.
        if command.entrypoint.is_some() && command.uses_image_arguments() {
            body.cmd = Some(config.cmd.unwrap_or_default());
        }
        let run = match self.make_volumes(name, &volumes, request, &body).await {
            Ok(()) => self.contained(name, request, body, limit).await,
            Err(problem) => Err(problem),
        };
        self.client.remove_volumes_after(&volumes, run).await
    }

    /// Makes the volumes, with a place for each of the container's mounts within them.
    async fn make_volumes(
        &self,
        name: &str,
        volumes: &Volumes,
        request: &RunRequest<'_>,
        body: &ContainerCreateBody,
    ) -> Result<(), EngineProblem> {
        let labels = body.labels.clone().unwrap_or_default();
        self.client
            .make_volumes(volumes, &labels, &self.stop)
            .await?;
        if volumes.may_hold_mounts(&request.spec.tmpfs) {
            let body = body.clone();
            let made = self.client.make_mount_points(name, body, &self.stop);
            Box::pin(made).await?;
        }
        Ok(())
    }

    /// Makes the container itself, runs it and removes it.
    async fn contained(
        &self,
        name: &str,
        request: &RunRequest<'_>,
        body: ContainerCreateBody,
        limit: Duration,
    ) -> Result<Run, EngineProblem> {
        let mut streams =
            Streams::keeping(usize::try_from(self.limits.kept.0).unwrap_or(usize::MAX));
        let (ending, took) = match self.client.create(name, body, &self.stop).await {
            Creation::Made => {
                let ended = self.watch(name, limit, &mut streams).await;
                self.client.remove_after(name, ended).await?
            }
            Creation::NothingToRun(refusal) => (refusal, Duration::ZERO),
            Creation::Refused(EngineProblem::Refused { message, .. }) if is_no_image(&message) => {
                return Err(EngineProblem::NoImage {
                    image: request.image.to_string(),
                });
            }
            Creation::Refused(EngineProblem::Refused { message, .. }) => {
                return Err(EngineProblem::NoContainer {
                    engine: self.client.kind,
                    variant: request.variant.to_owned(),
                    message,
                });
            }
            Creation::Refused(problem) => return Err(problem),
            Creation::Unanswered(problem) => {
                return Err(self.client.remove_late(name, problem).await);
            }
        };
        let (stdout, stderr) = streams.finish();
        Ok(Run {
            ending: ending::of_exit(ending, &stdout, &stderr),
            took: Some(took),
            stdout,
            stderr,
        })
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
            .call(EngineAction::AttachContainer, &self.stop, attach)
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
            Ok(ended) => {
                let (ending, took) = ended??;
                Ok((self.explained(container, ending).await?, took))
            }
            Err(_) => Ok((Ending::TimedOut { limit }, started.elapsed())),
        }
    }

    /// A kill that nobody is known to have asked for may be the kernel's, for want of memory.
    /// Asked when the container's time no longer runs.
    async fn explained(&self, container: &str, ending: Ending) -> Result<Ending, EngineProblem> {
        let Ending::Killed {
            code: ending::KILLED,
            out_of_memory: false,
        } = ending
        else {
            return Ok(ending);
        };
        let told = self.client.tells_of_no_memory(container);
        Ok(Ending::Killed {
            code: ending::KILLED,
            out_of_memory: self.client.or_stopped(&self.stop, told).await?,
        })
    }

    /// `Some` where the engine could not start the image's command.
    async fn start(&self, container: &str) -> Result<Option<Ending>, EngineProblem> {
        match self.client.docker.start_container(container, None).await {
            Ok(()) => Ok(None),
            Err(error) => {
                not_started(self.client.problem(EngineAction::StartContainer, error)).map(Some)
            }
        }
    }
}

/// The ending of a container whose command is at fault; other problems stay problems.
fn not_started(problem: EngineProblem) -> Result<Ending, EngineProblem> {
    match problem {
        EngineProblem::Refused { ref message, .. } => ending::of_start(message).ok_or(problem),
        problem => Err(problem),
    }
}

fn is_no_image(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("no such image") || message.contains("image not known")
}
