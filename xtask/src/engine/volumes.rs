use std::collections::{BTreeMap, BTreeSet, HashMap};

use bollard::errors::Error;
use bollard::models::{ContainerCreateBody, Mount, MountType, VolumeCreateRequest};
use bollard::query_parameters::RemoveVolumeOptions;
use tokio::time::{sleep, timeout};

use super::answers::VolumeList;
use super::api::Client;
use super::create::Creation;
use super::sweep::{LAST_TRY, LATE, LOOK_AGAIN, is_gone};
use super::watch::Stop;
use crate::model::{EngineAction, EngineProblem};

/// More paths than any known image declares. Each one costs the engine a volume.
pub(super) const MOST: usize = 64;

/// A volume of the kit's own for each path that an image declares by `VOLUME`.
///
/// The engine would mount a writable volume without a limit there, in spite of the read-only
/// root. These are mounted read-only; the engine copies the image's files into them. They have
/// names because Docker 20.10 refuses a nameless read-only volume.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Volumes(Vec<Declared>);

#[derive(Debug, PartialEq, Eq)]
struct Declared {
    name: String,
    path: String,
}

impl Volumes {
    /// A path that the service covers with a tmpfs needs no volume: the tmpfs is mounted last,
    /// and its memory is limited. `Err` has the number of paths if there are too many.
    pub(super) fn of(
        container: &str,
        paths: &[&str],
        tmpfs: &BTreeMap<String, String>,
    ) -> Result<Self, usize> {
        let covered: BTreeSet<_> = tmpfs.keys().map(|path| clean(path)).collect();
        let declared: BTreeSet<_> = paths.iter().map(|path| clean(path)).collect();
        let open: Vec<_> = declared.difference(&covered).cloned().collect();
        if open.len() > MOST {
            return Err(open.len());
        }
        let named = open.into_iter().enumerate().map(|(number, path)| Declared {
            name: format!("{container}-volume-{number}"),
            path,
        });
        Ok(Self(named.collect()))
    }

    /// Whether something may have to be mounted within one of them. A read-only volume has no
    /// place for that unless it is made first ([`Client::make_mount_points`]).
    pub(super) fn may_hold_mounts(&self, tmpfs: &BTreeMap<String, String>) -> bool {
        !self.0.is_empty() && self.0.len() + tmpfs.len() > 1
    }

    pub(super) fn mounts(&self) -> Vec<Mount> {
        let mount = |volume: &Declared| Mount {
            typ: Some(MountType::VOLUME),
            source: Some(volume.name.clone()),
            target: Some(volume.path.clone()),
            read_only: Some(true),
            ..Mount::default()
        };
        self.0.iter().map(mount).collect()
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|volume| volume.name.clone()).collect()
    }
}

/// The shortest name of a path, as Go's `path.Clean` gives it: the engine mounts there.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    // The engine refuses a relative path and says so; it must stay one.
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

impl Client {
    /// Makes the volumes one after another; not given up half-way, so that none comes late.
    pub(super) async fn make_volumes(
        &self,
        volumes: &Volumes,
        labels: &HashMap<String, String>,
        stop: &Stop,
    ) -> Result<(), EngineProblem> {
        for name in volumes.names() {
            if let Some(reason) = stop.reason() {
                return Err(reason);
            }
            let request = VolumeCreateRequest {
                name: Some(name),
                labels: Some(labels.clone()),
                ..VolumeCreateRequest::default()
            };
            let made = self.docker.create_volume(request);
            let made = self.in_time(EngineAction::CreateVolume, made);
            self.while_alive(&Stop::never(), made).await??;
        }
        Ok(())
    }

    /// Lets the engine make the directories on which volumes and tmpfs are mounted within other
    /// volumes, as it does for `docker run`: it starts the same container with writable volumes
    /// and a command that does not exist, so nothing of the image is run.
    pub(super) async fn make_mount_points(
        &self,
        name: &str,
        mut body: ContainerCreateBody,
        stop: &Stop,
    ) -> Result<(), EngineProblem> {
        let name = format!("{name}-mounts");
        let mounts = body
            .host_config
            .iter_mut()
            .flat_map(|it| it.mounts.iter_mut());
        for mount in mounts.flatten() {
            mount.read_only = Some(false);
        }
        body.entrypoint = Some(vec![format!("/{name}")]);
        body.cmd = None;
        match self.create(&name, body, stop).await {
            Creation::Made => {
                let start = self.docker.start_container(&name, None);
                let started = self.call(EngineAction::StartContainer, stop, start).await;
                self.remove_after(&name, started.or_else(unless_refused))
                    .await
            }
            Creation::Unanswered(problem) => Err(self.remove_late(&name, problem).await),
            Creation::Refused(problem) => unless_refused(problem),
            Creation::NothingToRun(_) => Ok(()),
        }
    }

    /// Removes the volumes of a container that is gone, however it went: `ended` says how.
    pub(super) async fn remove_volumes_after<T>(
        &self,
        volumes: &Volumes,
        ended: Result<T, EngineProblem>,
    ) -> Result<T, EngineProblem> {
        let removal = self.remove_volumes(volumes.names());
        match ended {
            Err(problem) if is_gone(&problem) => {
                let _ = timeout(LAST_TRY, removal).await;
                Err(problem)
            }
            Err(problem) => {
                let _ = removal.await;
                Err(problem)
            }
            Ok(value) => removal.await.map(|()| value),
        }
    }

    pub(super) async fn remove_volumes(&self, names: Vec<String>) -> Result<(), EngineProblem> {
        let mut first_problem = Ok(());
        for name in names {
            first_problem = first_problem.and(self.remove_volume(&name).await);
        }
        first_problem
    }

    /// Removes a volume by its name. One that is gone is fine; one that is in use is waited for,
    /// since the engine may still be removing its container.
    async fn remove_volume(&self, name: &str) -> Result<(), EngineProblem> {
        let options = RemoveVolumeOptions::default();
        let removal = async {
            let remove = || self.docker.remove_volume(name, Some(options.clone()));
            let mut removed = remove().await;
            while status(&removed) == Some(409) {
                sleep(LOOK_AGAIN).await;
                removed = remove().await;
            }
            if status(&removed) == Some(404) {
                return Ok(());
            }
            removed
        };
        let action = EngineAction::RemoveVolume;
        let left = |reason| EngineProblem::LeftVolume {
            engine: self.kind,
            volume: name.to_owned(),
            reason,
        };
        match timeout(LATE, self.call(action, &Stop::never(), removal)).await {
            Ok(Err(EngineProblem::Refused { message, .. })) => Err(left(message)),
            Ok(result) => result,
            Err(_) => Err(left("it is in use".to_owned())),
        }
    }

    /// Every volume with this label, with all of its labels.
    pub(super) async fn labelled_volumes(
        &self,
        label: &str,
        stop: &Stop,
    ) -> Result<Vec<(String, HashMap<String, String>)>, EngineProblem> {
        // {"label":["…"]}; a label of the kit has nothing in it that must be encoded.
        let path = format!("/volumes?filters=%7B%22label%22:%5B%22{label}%22%5D%7D");
        let found: VolumeList = self
            .call(EngineAction::ListVolumes, stop, self.get(&path))
            .await?;
        let volumes = found.volumes.unwrap_or_default().into_iter();
        Ok(volumes
            .map(|it| (it.name, it.labels.unwrap_or_default()))
            .collect())
    }
}

/// What the engine refuses here it refuses of the container itself too, and says why there.
fn unless_refused(problem: EngineProblem) -> Result<(), EngineProblem> {
    match problem {
        EngineProblem::Refused { .. } => Ok(()),
        problem => Err(problem),
    }
}

fn status(answer: &Result<(), Error>) -> Option<u16> {
    match answer {
        Err(Error::DockerResponseServerError { status_code, .. }) => Some(*status_code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{MOST, Volumes, clean};

    fn of(paths: &[&str], tmpfs: &[&str]) -> Vec<(String, String)> {
        let tmpfs = tmpfs.iter().map(|path| ((*path).to_owned(), String::new()));
        let volumes = Volumes::of("c", paths, &tmpfs.collect()).unwrap();
        let pairs = volumes.0.into_iter().map(|it| (it.name, it.path));
        pairs.collect()
    }

    #[test]
    fn each_declared_path_has_one_read_only_volume() {
        let expected = [("c-volume-0", "/a/b"), ("c-volume-1", "/c")];
        let expected = expected.map(|(name, path)| (name.to_owned(), path.to_owned()));
        assert_eq!(
            of(&["/a/b", "/a//b/", "/c/.", "/x/../t"], &["/t/"]),
            expected
        );
        let volumes = Volumes::of("c", &["/a"], &BTreeMap::new()).unwrap();
        let mounts = volumes.mounts();
        assert!(mounts.iter().all(|mount| mount.read_only == Some(true)));
        assert_eq!(mounts.len(), 1);
    }

    #[test]
    fn a_path_is_cleaned_as_the_engine_cleans_it() {
        for (path, expected) in [
            ("/", "/"),
            ("/../a", "/a"),
            ("/a/./b/../c/", "/a/c"),
            ("a/b", "a/b"),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn too_many_paths_are_refused() {
        let paths: Vec<String> = (0..=MOST).map(|number| format!("/{number}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(Volumes::of("c", &paths, &BTreeMap::new()), Err(MOST + 1));
    }
}
