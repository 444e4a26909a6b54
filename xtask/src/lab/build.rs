use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::model::{BuildSpec, Dockerfile, Expected, Flag, LabProblem, Needs, Platform, size};

use super::node::Node;
pub(super) use super::secret::Secrets;

/// What a service says of its build; `None` for one that only names an image.
pub(super) fn read(
    service: &Node<'_>,
    secrets: &Secrets<'_>,
) -> Result<Option<BuildSpec>, LabProblem> {
    let Some(build) = service.get("build")? else {
        return Ok(None);
    };
    let mut spec = BuildSpec {
        context: ".".to_owned(),
        dockerfile: Dockerfile::Path(PathBuf::from("Dockerfile")),
        args: BTreeMap::new(),
        target: None,
        platform: None,
        platforms: Vec::new(),
        secrets: Vec::new(),
        environment: BTreeMap::new(),
        flags: Vec::new(),
    };
    if build.value.is_string() {
        spec.context = build.text()?;
    } else {
        for (name, node) in build.entries()? {
            take(&name, &node, secrets, &mut spec)?;
        }
    }
    spec.platform = platform(service)?;
    if let (None, [only]) = (&spec.platform, spec.platforms.as_slice()) {
        spec.platform = Some(only.clone());
    }
    // Each Compose prints the keys in an order of its own.
    spec.flags.sort_by_key(|flag| flag.name);
    if let Dockerfile::Path(path) = &mut spec.dockerfile
        && !is_remote(&spec.context)
    {
        *path = clean(&Path::new(&spec.context).join(&*path));
    }
    Ok(Some(spec))
}

/// The platform that the service itself names.
pub(super) fn platform(service: &Node<'_>) -> Result<Option<Platform>, LabProblem> {
    let platform = service.get("platform")?;
    let platform = platform.filter(|platform| !platform.is_blank());
    platform.map(|platform| one_platform(&platform)).transpose()
}

/// The build keys that have a field of their own; the others are flags.
fn take(
    name: &str,
    node: &Node<'_>,
    secrets: &Secrets<'_>,
    spec: &mut BuildSpec,
) -> Result<(), LabProblem> {
    match name {
        _ if node.value.is_null() || name.starts_with("x-") => {}
        "network" | "isolation" | "shm_size" | "target" if node.is_blank() => {}
        "context" => spec.context = node.text()?,
        "dockerfile" => spec.dockerfile = Dockerfile::Path(PathBuf::from(node.text()?)),
        "dockerfile_inline" => spec.dockerfile = Dockerfile::Inline(node.text()?),
        "args" => spec.args = node.pairs()?,
        "target" => spec.target = Some(node.text()?).filter(|target| !target.is_empty()),
        "platforms" => {
            let platforms = node.items();
            let named = platforms.iter().filter(|node| !node.is_blank());
            spec.platforms = named.map(one_platform).collect::<Result<_, _>>()?;
        }
        "secrets" => {
            for item in &node.items() {
                let (value, source) = secrets.flag(item)?;
                spec.secrets.push(source);
                spec.flags.push(Flag {
                    name: "--secret",
                    needs: Needs::Buildkit,
                    value: Some(value),
                });
            }
        }
        _ => {
            let (flag, needs) = flag(name).ok_or_else(|| node.unsupported())?;
            let values = values(name, node)?;
            spec.flags.extend(values.into_iter().map(|value| Flag {
                name: flag,
                needs: if is_typed_cache(flag, value.as_deref()) {
                    Needs::Buildkit
                } else {
                    needs
                },
                value,
            }));
        }
    }
    Ok(())
}

/// The table of build keys that are flags. What is not in it is refused.
fn flag(key: &str) -> Option<(&'static str, Needs)> {
    use Needs::{AnyBuilder, Buildkit};
    Some(match key {
        "labels" => ("--label", AnyBuilder),
        "tags" => ("--tag", AnyBuilder),
        "cache_from" => ("--cache-from", AnyBuilder),
        "no_cache" => ("--no-cache", AnyBuilder),
        "pull" => ("--pull", AnyBuilder),
        "network" => ("--network", AnyBuilder),
        "isolation" => ("--isolation", AnyBuilder),
        "shm_size" => ("--shm-size", AnyBuilder),
        "extra_hosts" => ("--add-host", AnyBuilder),
        "ulimits" => ("--ulimit", AnyBuilder),
        "cache_to" => ("--cache-to", Buildkit),
        "ssh" => ("--ssh", Buildkit),
        "additional_contexts" => ("--build-context", Buildkit),
        "privileged" | "entitlements" => ("--allow", Buildkit),
        "provenance" => ("--provenance", Buildkit),
        "sbom" => ("--sbom", Buildkit),
        _ => return None,
    })
}

/// The values with which a key's flag is given, once for each.
fn values(key: &str, node: &Node<'_>) -> Result<Vec<Option<String>>, LabProblem> {
    let values = match key {
        "no_cache" | "pull" => return Ok(vec![None; usize::from(node.is_true()?)]),
        "privileged" => {
            let insecure = node.is_true()?.then(|| "security.insecure".to_owned());
            insecure.into_iter().collect()
        }
        "labels" => labels(node)?,
        "shm_size" => {
            let bytes =
                size::compose(&node.text()?).ok_or_else(|| node.bad(Expected::ComposeSize))?;
            vec![bytes.0.to_string()]
        }
        "extra_hosts" => hosts(node)?,
        "ulimits" => ulimits(node)?,
        "ssh" => ssh(node)?,
        "additional_contexts" => contexts(node)?,
        _ => node.texts()?,
    };
    Ok(values.into_iter().map(Some).collect())
}

/// `type=registry,ref=…` and its like: the classic builder takes images alone.
fn is_typed_cache(flag: &str, value: Option<&str>) -> bool {
    flag == "--cache-from" && value.is_some_and(|value| value.contains('='))
}

/// A service that only names an image is taken as the engine has it, pulled where it is
/// missing; what asks for another at each run can't be honoured.
pub(super) fn check_pull_policy(
    service: &Node<'_>,
    build: Option<&BuildSpec>,
) -> Result<(), LabProblem> {
    let policy = service.get("pull_policy")?;
    let policy = policy.filter(|policy| build.is_none() && !policy.is_blank());
    let Some(policy) = policy else {
        return Ok(());
    };
    match policy.text()?.as_str() {
        "missing" | "if_not_present" | "never" => Ok(()),
        _ => Err(policy.unsupported()),
    }
}

fn one_platform(node: &Node<'_>) -> Result<Platform, LabProblem> {
    Platform::parse(&node.text()?).ok_or_else(|| node.bad(Expected::Platform))
}

/// `NAME:ADDRESS` for each. Compose writes `NAME=ADDRESS` or `NAME:ADDRESS` in a list, and
/// reads a mapping, whose values may be lists.
fn hosts(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let mut hosts = Vec::new();
    if node.value.is_mapping() {
        for (name, addresses) in node.entries()? {
            let addresses = addresses.texts()?;
            hosts.extend(addresses.iter().map(|address| format!("{name}:{address}")));
        }
        return Ok(hosts);
    }
    for text in node.texts()? {
        let (name, address) = text
            .split_once('=')
            .or_else(|| text.split_once(':'))
            .ok_or_else(|| node.bad(Expected::Host))?;
        hosts.push(format!("{name}:{address}"));
    }
    Ok(hosts)
}

fn labels(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let pairs = node.pairs()?.into_iter();
    Ok(pairs
        .map(|(name, value)| format!("{name}={}", value.unwrap_or_default()))
        .collect())
}

/// `NAME=LIMIT` or `NAME=SOFT:HARD` for each.
fn ulimits(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let ulimit = |(name, limit): (String, Node<'_>)| {
        if !limit.value.is_mapping() {
            return Ok(format!("{name}={}", limit.text()?));
        }
        let part = |part| match limit.get(part)? {
            Some(node) => node.text(),
            None => Err(limit.bad(Expected::Ulimit)),
        };
        Ok(format!("{name}={}:{}", part("soft")?, part("hard")?))
    };
    node.entries()?.into_iter().map(ulimit).collect()
}

/// `NAME=CONTEXT` for each. `service:OTHER` is the image of another service, which is filled in
/// once it has a name.
fn contexts(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let context = |(name, context): (String, Option<String>)| {
        context
            .map(|context| format!("{name}={context}"))
            .ok_or_else(|| node.unsupported())
    };
    node.pairs()?.into_iter().map(context).collect()
}

/// `default` or `ID=PATH` for each. Compose v2 prints the latter as the text `ID: PATH`.
fn ssh(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    if node.value.is_mapping() {
        let pairs = node.pairs()?.into_iter();
        return Ok(pairs
            .map(|(id, path)| match path {
                Some(path) => format!("{id}={path}"),
                None => id,
            })
            .collect());
    }
    let texts = node.texts()?.into_iter();
    Ok(texts.map(|text| text.replacen(": ", "=", 1)).collect())
}

/// Whether the Docker CLI takes a context for an address, not a directory.
fn is_remote(context: &str) -> bool {
    context.contains("://") || context.starts_with("git@") || context.starts_with("github.com/")
}

/// Without `.` and `..`, by the text alone: as Compose and the Docker CLI do it.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            Component::ParentDir if clean.has_root() => {}
            part => clean.push(part),
        }
    }
    clean
}
