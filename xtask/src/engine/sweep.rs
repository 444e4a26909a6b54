use std::collections::HashMap;
use std::time::Duration;

use bollard::errors::Error;
use bollard::query_parameters::RemoveContainerOptions;
use futures_util::future::join_all;
use serde::de::IgnoredAny;
use tokio::time::{sleep, timeout};

use super::answers::Listed;
use super::api::{Client, Engine};
use super::sandbox::{EXPIRES_LABEL, RUN_LABEL, name_of};
use super::watch::Stop;
use crate::model::{Cancel, EngineAction, EngineKind, EngineProblem};

/// What the removal may take on an engine that has just been found dead or hanging.
pub(super) const LAST_TRY: Duration = Duration::from_secs(1);
/// How long an engine may go on making a container whose request it has not answered, and how
/// often it is looked for: with what came before, within the 5 s in which a fault is told.
pub(super) const LATE: Duration = Duration::from_secs(3);
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removed {
    Gone,
    /// There was none to remove.
    NotThere,
}

impl Engine {
    /// Removes what killed runs left: containers and volumes that have both labels of the kit
    /// and a name that belongs to them, and whose time is over by the engine's clock. Returns
    /// how many there were. Never any other: another run of the kit may be at work on the same
    /// engine, and the labels alone prove nothing, since a container has those of its image.
    pub fn sweep(&self, cancel: &Cancel) -> Result<usize, EngineProblem> {
        self.runtime.block_on(self.client.sweep(&Stop::by(cancel)))
    }
}

impl Client {
    async fn sweep(&self, stop: &Stop) -> Result<usize, EngineProblem> {
        let labelled = self.labelled(EXPIRES_LABEL, stop).await?;
        let volumes = self.labelled_volumes(EXPIRES_LABEL, stop).await?;
        let now = self.clock.now();
        let containers = labelled.into_iter();
        let containers: Vec<_> = containers
            .filter(|it| is_left(&it.names(), &it.labels(), now))
            .map(|it| it.id)
            .collect();
        let volumes: Vec<_> = volumes
            .into_iter()
            .filter(|(name, labels)| is_left(&[name], labels, now))
            .map(|(name, _)| name)
            .collect();
        let found = containers.len() + volumes.len();
        self.remove_all(&containers).await?;
        self.remove_volumes(volumes).await?;
        Ok(found)
    }

    /// Removes whatever container and volume of this run is still there.
    pub(super) async fn remove_run(&self, run: &str) -> Result<(), EngineProblem> {
        let label = format!("{RUN_LABEL}={run}");
        let never = Stop::never();
        let left = self.labelled(&label, &never).await?;
        let ids: Vec<_> = left.into_iter().map(|it| it.id).collect();
        self.remove_all(&ids).await?;
        let volumes = self.labelled_volumes(&label, &never).await?;
        let names = volumes.into_iter().map(|(name, _)| name);
        self.remove_volumes(names.collect()).await
    }

    async fn remove_all(&self, ids: &[String]) -> Result<(), EngineProblem> {
        join_all(ids.iter().map(|id| self.remove(id)))
            .await
            .into_iter()
            .try_for_each(|removed| removed.map(drop))
    }

    /// Removes a container at the end of its life, which `ended` tells of.
    pub(super) async fn remove_after<T>(
        &self,
        container: &str,
        ended: Result<T, EngineProblem>,
    ) -> Result<T, EngineProblem> {
        let removal = self.remove(container);
        match ended {
            Err(problem) if is_gone(&problem) => {
                let _ = timeout(LAST_TRY, removal).await;
                Err(problem)
            }
            ended => {
                removal.await?;
                ended
            }
        }
    }

    /// Removes a container that the engine may still be making: `problem` came instead of its
    /// answer. It is looked for by name until it is there, or surely never will be. Gives the
    /// problem that is to be told.
    ///
    /// Nothing is removed before the engine knows it: by force Podman removes the root file
    /// system of a container that it is about to enter into its books, and from then on lists
    /// containers to nobody ("getting container from store … container not known").
    pub(super) async fn remove_late(
        &self,
        container: &str,
        problem: EngineProblem,
    ) -> EngineProblem {
        let removal = async {
            while !self.is_there(container).await?
                || self.remove(container).await? == Removed::NotThere
            {
                sleep(LOOK_AGAIN).await;
            }
            Ok(())
        };
        let limit = match problem {
            EngineProblem::Silent { .. } => LAST_TRY,
            _ => LATE,
        };
        match timeout(limit, removal).await {
            Ok(Err(left @ EngineProblem::Left { .. })) => left,
            _ => problem,
        }
    }

    /// Ends and removes a container, by id or name. One that is gone is well.
    pub(super) async fn remove(&self, container: &str) -> Result<Removed, EngineProblem> {
        let options = RemoveContainerOptions {
            force: true,
            v: true,
            ..RemoveContainerOptions::default()
        };
        let removal = async {
            match self.docker.remove_container(container, Some(options)).await {
                Err(Error::DockerResponseServerError {
                    status_code: 404, ..
                }) => Ok(Removed::NotThere),
                // Somebody else is removing it.
                Err(Error::DockerResponseServerError {
                    status_code: 409, ..
                }) => Ok(Removed::Gone),
                result => result.map(|()| Removed::Gone),
            }
        };
        match self
            .call(EngineAction::RemoveContainer, &Stop::never(), removal)
            .await
        {
            Err(EngineProblem::Refused { message, .. }) => Err(EngineProblem::Left {
                engine: self.kind,
                container: container.to_owned(),
                reason: message,
            }),
            result => result,
        }
    }

    /// Whether the engine knows a container of this name, whatever else it says of it.
    async fn is_there(&self, container: &str) -> Result<bool, EngineProblem> {
        let path = format!("/containers/{container}/json");
        let lookup = async {
            match self.get::<IgnoredAny>(&path).await {
                Err(Error::DockerResponseServerError { status_code, .. }) => Ok(status_code != 404),
                answer => answer.map(|_| true),
            }
        };
        self.call(EngineAction::InspectContainer, &Stop::never(), lookup)
            .await
    }

    /// Every container with this label, running or not, with all of its labels.
    ///
    /// Podman is asked in its own API: in Docker's it answers with an error, and lists none,
    /// where it has lost a single one ([`Self::remove_late`]).
    async fn labelled(&self, label: &str, stop: &Stop) -> Result<Vec<Listed>, EngineProblem> {
        // {"label":["…"]}; a label of the kit has nothing in it that must be encoded.
        let own = match self.kind {
            EngineKind::Docker => "",
            EngineKind::Podman => "/libpod",
        };
        let path =
            format!("{own}/containers/json?all=1&filters=%7B%22label%22:%5B%22{label}%22%5D%7D");
        self.call(EngineAction::ListContainers, stop, self.get(&path))
            .await
    }
}

/// Whether the engine is past being asked to remove anything.
pub(super) fn is_gone(problem: &EngineProblem) -> bool {
    matches!(
        problem,
        EngineProblem::Lost { .. } | EngineProblem::Silent { .. }
    )
}

fn is_left(names: &[&str], labels: &HashMap<String, String>, now: u64) -> bool {
    is_ours(names, labels) && is_expired(labels, now)
}

/// Whether its name is one that the kit gives to what its label says. An image can declare the
/// labels; nobody but whoever makes a container gives it a name.
fn is_ours(names: &[&str], labels: &HashMap<String, String>) -> bool {
    let Some(run) = labels.get(RUN_LABEL) else {
        return false;
    };
    let ours = name_of(run, "");
    names.iter().any(|name| {
        let rest = name.trim_start_matches('/').strip_prefix(&*ours);
        rest.is_some_and(|rest| !rest.is_empty())
    })
}

fn is_expired(labels: &HashMap<String, String>, now: u64) -> bool {
    let expires = labels.get(EXPIRES_LABEL).and_then(|text| text.parse().ok());
    labels.contains_key(RUN_LABEL) && expires.is_some_and(|expires: u64| expires < now)
}

#[cfg(test)]
mod tests {
    use super::{EXPIRES_LABEL, RUN_LABEL, is_expired};

    #[test]
    fn only_what_the_kit_made_and_whose_time_is_over_is_expired() {
        let labels = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let ours = |expires| labels(&[(RUN_LABEL, "a"), (EXPIRES_LABEL, expires)]);
        assert!(is_expired(&ours("99"), 100));
        for labels in [
            ours("100"),
            ours("soon"),
            ours("-1"),
            labels(&[(EXPIRES_LABEL, "1")]),
            labels(&[(RUN_LABEL, "1")]),
        ] {
            assert!(!is_expired(&labels, 100), "{labels:?}");
        }
    }
}
