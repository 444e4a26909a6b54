use std::collections::HashMap;
use std::fmt::Display;
use std::time::Duration;

use bollard::models::{ContainerCreateBody, HealthConfig, HostConfig, HostConfigLogConfig};

use super::volumes::{Volumes, clean};
use crate::model::{Bytes, Digest, RunSpec};

/// The run that made a container.
pub(super) const RUN_LABEL: &str = "lab-kit.run";
/// When it may be removed by anybody: seconds since 1970 by the engine's clock.
pub(super) const EXPIRES_LABEL: &str = "lab-kit.expires";
/// How long after its deadline a container of a living run may still be there.
const MARGIN: Duration = Duration::from_secs(60);

const MEMORY: Bytes = Bytes(512 * 1024 * 1024);
const PIDS: u32 = 128;
const MILLI_CPUS: u32 = 1000;
/// The engine refuses less than a hundredth of a processor.
const LEAST_MILLI_CPUS: u32 = 10;

/// What is asked of the engine for one container: no network, no capabilities, a read-only
/// root, nothing that a program could gain by a set-user-id file, and limits.
///
/// What the image itself declares is overruled where it would have an effect: its volumes are
/// writable without a limit, its health check runs beside the program, and its stop signal is
/// the program's to ignore.
pub(super) fn container(
    image: &Digest,
    spec: &RunSpec,
    labels: HashMap<String, String>,
    volumes: &Volumes,
) -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(image.to_string()),
        entrypoint: spec.command.entrypoint.clone().map(stated),
        cmd: spec.command.arguments.clone(),
        env: Some(spec.environment.clone()),
        user: spec.user.clone(),
        working_dir: spec.command.working_dir.clone(),
        hostname: spec.hostname.clone(),
        labels: Some(labels),
        stop_signal: spec.stop_signal.clone().or(Some("SIGKILL".to_owned())),
        healthcheck: Some(HealthConfig {
            test: Some(vec!["NONE".to_owned()]),
            ..HealthConfig::default()
        }),
        // Podman 5 lets a container that is removed by force end of itself first, for 10 s.
        stop_timeout: Some(0),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        tty: Some(false),
        network_disabled: Some(true),
        host_config: Some(HostConfig {
            mounts: Some(volumes.mounts()),
            ..limits(spec)
        }),
        ..ContainerCreateBody::default()
    }
}

/// An empty list would mean the image's own entrypoint; one empty word means none.
fn stated(entrypoint: Vec<String>) -> Vec<String> {
    if entrypoint.is_empty() {
        vec![String::new()]
    } else {
        entrypoint
    }
}

fn limits(spec: &RunSpec) -> HostConfig {
    let tmpfs = spec.tmpfs.iter();
    let memory = spec.memory.map_or(MEMORY, |asked| asked.min(MEMORY));
    let memory = i64::try_from(memory.0).ok();
    let pids = spec.pids.map_or(PIDS, |asked| asked.min(PIDS));
    let cpus = spec.milli_cpus.map_or(MILLI_CPUS, |asked| {
        asked.clamp(LEAST_MILLI_CPUS, MILLI_CPUS)
    });
    HostConfig {
        network_mode: Some("none".to_owned()),
        cap_drop: Some(vec!["ALL".to_owned()]),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        readonly_rootfs: Some(true),
        // Named as the engine names the image's volumes: of two mounts at one path the tmpfs is
        // the only one.
        tmpfs: Some(
            tmpfs
                .map(|(path, how)| (clean(path), how.clone()))
                .collect(),
        ),
        shm_size: spec.shm_size.and_then(|size| i64::try_from(size.0).ok()),
        memory,
        // With swap in the same limit there is none.
        memory_swap: memory,
        pids_limit: Some(i64::from(pids)),
        nano_cpus: Some(i64::from(cpus) * 1_000_000),
        init: Some(spec.init),
        group_add: Some(spec.group_add.clone()),
        // Output is read as it is written: a log would cost the engine's disk what a
        // program prints, and the kill of a noisy one a second.
        log_config: Some(HostConfigLogConfig {
            typ: Some("none".to_owned()),
            config: None,
        }),
        ..HostConfig::default()
    }
}

/// The name of a run's container.
pub(super) fn name_of(run: &str, number: impl Display) -> String {
    format!("lab-kit-{run}-{number}")
}

/// The service's own labels, and the two by which a container of the kit is known.
pub(super) fn labels(
    spec: &RunSpec,
    run: &str,
    now: u64,
    deadline: Duration,
) -> HashMap<String, String> {
    let expires = now + (deadline + MARGIN).as_secs();
    let mut labels: HashMap<_, _> = spec.labels.clone().into_iter().collect();
    labels.insert(RUN_LABEL.to_owned(), run.to_owned());
    labels.insert(EXPIRES_LABEL.to_owned(), expires.to_string());
    labels
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::Duration;

    use super::{EXPIRES_LABEL, MEMORY, PIDS, RUN_LABEL, container, labels, limits};
    use crate::engine::volumes::Volumes;
    use crate::model::{Bytes, Digest, RunSpec};

    #[test]
    fn nothing_waits_for_a_container_to_end_of_itself() {
        let spec = RunSpec {
            stop_signal: Some("SIGUSR1".to_owned()),
            ..RunSpec::default()
        };
        let image = Digest::from_hash([7; 32]);
        let body = container(&image, &spec, HashMap::new(), &Volumes::default());
        assert_eq!(body.stop_timeout, Some(0));
    }

    #[test]
    fn a_service_tightens_the_limits_and_never_loosens_them() {
        let ask = |memory, pids, milli_cpus| {
            let spec = RunSpec {
                memory: Some(Bytes(memory)),
                pids: Some(pids),
                milli_cpus: Some(milli_cpus),
                ..RunSpec::default()
            };
            let limits = limits(&spec);
            assert_eq!(limits.memory, limits.memory_swap);
            (limits.memory, limits.pids_limit, limits.nano_cpus)
        };
        assert_eq!(
            ask(8 << 20, 5, 500),
            (Some(8 << 20), Some(5), Some(500_000_000))
        );
        let most = (Some(512 << 20), Some(i64::from(PIDS)), Some(1_000_000_000));
        assert_eq!(ask(MEMORY.0 * 2, 9_999, 9_999), most);
    }

    #[test]
    fn a_service_cannot_take_the_kits_labels() {
        let spec = RunSpec {
            labels: [("a", "b"), (RUN_LABEL, "x"), (EXPIRES_LABEL, "never")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..RunSpec::default()
        };
        let labels = labels(&spec, "run", 1_000, Duration::from_secs(10));
        assert_eq!(labels["a"], "b");
        assert_eq!(labels[RUN_LABEL], "run");
        assert_eq!(labels[EXPIRES_LABEL], "1070");
    }
}
