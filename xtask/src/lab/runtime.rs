use std::collections::BTreeMap;

use crate::model::{Bytes, Expected, LabProblem, RunSpec, ServiceCommand, size};

use super::node::Node;

/// What a service that is run says of its container.
pub(super) fn read(service: &Node<'_>) -> Result<RunSpec, LabProblem> {
    let mut spec = RunSpec::default();
    for (name, node) in service.entries()? {
        take(&name, &node, &mut spec)?;
    }
    Ok(spec)
}

/// What a service would run, whatever else it says.
pub(super) fn command(service: &Node<'_>) -> Result<ServiceCommand, LabProblem> {
    let mut spec = RunSpec::default();
    for name in ["command", "entrypoint", "healthcheck", "working_dir"] {
        if let Some(node) = service.get(name)? {
            take(name, &node, &mut spec)?;
        }
    }
    Ok(spec.command)
}

/// The words of its test. It is not run, for the kit waits for an end and for nothing else.
fn healthcheck(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let mut words = match node.get("test")? {
        Some(test) => test.texts()?,
        None => Vec::new(),
    };
    let is_how = |word: &String| ["CMD", "CMD-SHELL", "NONE"].contains(&word.as_str());
    if words.first().is_some_and(is_how) {
        words.remove(0);
    }
    Ok(words)
}

/// The table of runtime keys. What is not in it is refused: it would change what the
/// program sees, and so what it prints.
fn take(name: &str, node: &Node<'_>, spec: &mut RunSpec) -> Result<(), LabProblem> {
    match name {
        _ if node.value.is_null() || name.starts_with("x-") || is_passed_over(name) => {}
        // A variable without a value leaves a blank, which is as if the key were not there.
        _ if node.is_blank() && !["command", "entrypoint"].contains(&name) => {}

        "command" => spec.command.arguments = Some(words(node)?),
        "entrypoint" => spec.command.entrypoint = Some(words(node)?),
        "environment" => spec.environment = environment(node)?,
        "user" => spec.user = Some(node.text()?),
        "healthcheck" => spec.command.healthcheck = healthcheck(node)?,
        "working_dir" => spec.command.working_dir = Some(node.text()?),
        "hostname" => spec.hostname = Some(node.text()?),
        "labels" => spec.labels = labels(node)?,
        "init" => spec.init = node.is_true()?,
        "group_add" => spec.group_add = node.texts()?,
        "tmpfs" => spec.tmpfs = tmpfs(node)?,
        "shm_size" => spec.shm_size = bytes(node)?,
        "mem_limit" => spec.memory = bytes(node)?,
        "pids_limit" => spec.pids = pids(node)?,
        "cpus" => spec.milli_cpus = milli_cpus(node)?,
        "stop_signal" => spec.stop_signal = Some(node.text()?),
        "deploy" => deploy(node, spec)?,

        // The sandbox does as much, or more.
        "network_mode" => require(node, &["none", "default", "bridge"])?,
        "networks" => only_default_network(node)?,
        "cap_drop" | "read_only" => {}
        "security_opt" => {
            for option in node.items() {
                require(&option, &["no-new-privileges", "no-new-privileges:true"])?;
            }
        }
        "depends_on" => depends_on(node)?,

        // Harmless in the one value that changes nothing.
        "privileged" | "tty" | "stdin_open" | "oom_kill_disable" | "use_api_socket" => {
            require(node, &["false"])?;
        }
        "scale" => require(node, &["1"])?,
        "isolation" => require(node, &["default"])?,
        "ipc" | "cgroup" => require(node, &["private"])?,
        _ => refuse_unless_empty(node)?,
    }
    Ok(())
}

/// Keys that can change neither what a lone program sees nor what it prints: read
/// elsewhere (`build`, …), about how it is found from outside, what becomes of it once it
/// has ended, how fast it may be, or resolved by Compose already.
fn is_passed_over(name: &str) -> bool {
    matches!(
        name,
        "build"
            | "image"
            | "platform"
            | "profiles"
            | "pull_policy"
            | "pull_refresh_after"
            | "container_name"
            | "annotations"
            | "attach"
            | "logging"
            | "expose"
            | "ports"
            | "restart"
            | "stop_grace_period"
            | "develop"
            | "blkio_config"
            | "cpu_shares"
            | "mem_reservation"
            | "mem_swappiness"
            | "oom_score_adj"
            | "env_file"
            | "label_file"
            | "extends"
    )
}

/// The part of `deploy` that Compose itself honours, and what it leaves to a cluster.
fn deploy(node: &Node<'_>, spec: &mut RunSpec) -> Result<(), LabProblem> {
    for (name, node) in node.entries()? {
        match name.as_str() {
            "replicas" => require(&node, &["1"])?,
            "mode" => require(&node, &["replicated", "global"])?,
            "labels" | "endpoint_mode" | "placement" | "restart_policy" | "update_config"
            | "rollback_config" => {}
            "resources" => resources(&node, spec)?,
            name if name.starts_with("x-") => {}
            _ => refuse_unless_empty(&node)?,
        }
    }
    Ok(())
}

fn resources(node: &Node<'_>, spec: &mut RunSpec) -> Result<(), LabProblem> {
    for (kind, group) in node.entries()? {
        for (name, node) in group.entries()? {
            match (kind.as_str(), name.as_str()) {
                ("limits", "memory") => spec.memory = bytes(&node)?,
                ("limits", "pids") => spec.pids = pids(&node)?,
                ("limits", "cpus") => spec.milli_cpus = milli_cpus(&node)?,
                ("reservations", "memory" | "cpus") => {}
                (_, name) if name.starts_with("x-") => {}
                _ => refuse_unless_empty(&node)?,
            }
        }
    }
    Ok(())
}

fn depends_on(node: &Node<'_>) -> Result<(), LabProblem> {
    if !node.value.is_mapping() {
        return node.texts().map(drop);
    }
    for (_, dependency) in node.entries()? {
        if let Some(condition) = dependency.get("condition")? {
            require(&condition, &["service_started"])?;
        }
    }
    Ok(())
}

/// A program on the default network alone needs no neighbour; on another it may.
fn only_default_network(node: &Node<'_>) -> Result<(), LabProblem> {
    let names = if node.value.is_mapping() {
        let entries = node.entries()?;
        if let Some((_, network)) = entries.iter().find(|(_, one)| !one.value.is_null()) {
            refuse_unless_empty(network)?;
        }
        entries.into_iter().map(|(name, _)| name).collect()
    } else {
        node.texts()?
    };
    if names.iter().all(|name| name == "default") {
        Ok(())
    } else {
        Err(node.unsupported())
    }
}

fn require(node: &Node<'_>, harmless: &[&str]) -> Result<(), LabProblem> {
    match node.text() {
        Ok(text) if harmless.contains(&&*text) => Ok(()),
        _ => Err(node.unsupported()),
    }
}

fn refuse_unless_empty(node: &Node<'_>) -> Result<(), LabProblem> {
    let empty = match node.value {
        serde_yaml::Value::Sequence(items) => items.is_empty(),
        serde_yaml::Value::Mapping(entries) => entries.is_empty(),
        _ => false,
    };
    if empty {
        Ok(())
    } else {
        Err(node.unsupported())
    }
}

/// A list as it is; a text split as a shell would, which is what Compose does with it.
fn words(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    if node.value.is_sequence() {
        return node.texts();
    }
    shlex::split(&node.text()?).ok_or_else(|| node.bad(Expected::Command))
}

/// `NAME=value`; a name alone where there is no value, which unsets the image's own.
fn environment(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let pairs = node.pairs()?.into_iter();
    Ok(pairs
        .map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name,
        })
        .collect())
}

fn labels(node: &Node<'_>) -> Result<BTreeMap<String, String>, LabProblem> {
    let pairs = node.pairs()?.into_iter();
    Ok(pairs
        .map(|(name, value)| (name, value.unwrap_or_default()))
        .collect())
}

fn tmpfs(node: &Node<'_>) -> Result<BTreeMap<String, String>, LabProblem> {
    let texts = node.texts()?.into_iter();
    Ok(texts
        .map(|text| match text.split_once(':') {
            Some((path, options)) => (path.to_owned(), options.to_owned()),
            None => (text, String::new()),
        })
        .collect())
}

/// Zero means no limit of its own.
fn bytes(node: &Node<'_>) -> Result<Option<Bytes>, LabProblem> {
    let bytes = size::compose(&node.text()?).ok_or_else(|| node.bad(Expected::ComposeSize))?;
    Ok(Some(bytes).filter(|bytes| *bytes != Bytes::ZERO))
}

/// Zero and −1 mean no limit of its own.
fn pids(node: &Node<'_>) -> Result<Option<u32>, LabProblem> {
    match node.text()?.as_str() {
        "-1" => Ok(None),
        text => {
            let pids = text.parse().map_err(|_| node.bad(Expected::Processes))?;
            Ok(Some(pids).filter(|pids| *pids != 0))
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be from 0 to 10,000"
)]
fn milli_cpus(node: &Node<'_>) -> Result<Option<u32>, LabProblem> {
    let cpus = node
        .text()?
        .parse()
        .ok()
        .filter(|cpus| (0.0..=10_000.0_f64).contains(cpus))
        .ok_or_else(|| node.bad(Expected::Processors))?;
    Ok(Some((cpus * 1_000.0).ceil() as u32).filter(|cpus| *cpus != 0))
}
