use std::time::Duration;

use bollard::errors::Error;
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::CreateContainerOptions;
use tokio::time::timeout;

use super::api::Client;
use super::ending;
use super::watch::Stop;
use crate::model::{Ending, EngineAction, EngineProblem};

/// How long the answer may still come once the container is no longer wanted: what the
/// engine says then is surer than what it is seen to have made.
const UNWANTED: Duration = Duration::from_secs(2);

/// What became of asking for a container.
pub(super) enum Creation {
    Made,
    /// None was made: the image has no command.
    NothingToRun(Ending),
    /// None was made: the engine said no.
    Refused(EngineProblem),
    /// The engine has been asked and has not answered: it may have made the container, be
    /// making it, or never have heard.
    Unanswered(EngineProblem),
}

impl Client {
    pub(super) async fn create(
        &self,
        name: &str,
        body: ContainerCreateBody,
        stop: &Stop,
    ) -> Creation {
        let options = CreateContainerOptions {
            name: Some(name.to_owned()),
            ..CreateContainerOptions::default()
        };
        let mut answer = Box::pin(self.in_time(EngineAction::CreateContainer, async {
            match self.docker.create_container(Some(options), body).await {
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
        }));
        match self.while_alive(stop, answer.as_mut()).await {
            Ok(Ok(None)) => Creation::Made,
            Ok(Ok(Some(refusal))) => Creation::NothingToRun(refusal),
            Ok(Err(problem)) if is_answer(&problem) => Creation::Refused(problem),
            Err(reason) if stop.reason().is_some() => match timeout(UNWANTED, answer).await {
                Ok(Ok(Some(_))) => Creation::Refused(reason),
                Ok(Err(problem)) if is_answer(&problem) => Creation::Refused(reason),
                _ => Creation::Unanswered(reason),
            },
            Ok(Err(problem)) | Err(problem) => Creation::Unanswered(problem),
        }
    }
}

/// Whether it is what an engine said, and not what became of its saying it.
fn is_answer(problem: &EngineProblem) -> bool {
    matches!(
        problem,
        EngineProblem::Refused { .. } | EngineProblem::DiskFull
    )
}
