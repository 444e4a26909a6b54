use std::path::Path;

use serde_yaml::Value;

use crate::model::{Expected, Lab, LabProblem, Malformed, Role, RunSpec, Running, Variant};

use super::build::{self, Secrets};
use super::node::{Node, unescape};
use super::policy::{self, XLab};
use super::runtime;
use super::select::{Selection, lab_of, select};
use super::written;

/// Reads what Compose resolved. `file` is the Compose file that it came from, for messages.
///
/// # Errors
/// Where the text is not a Compose file, names no wanted service, or says of one what the
/// kit can't honour.
pub fn parse(text: &str, file: &Path, selection: &Selection) -> Result<Lab, LabProblem> {
    let not_compose = |reason: Malformed| LabProblem::NotCompose {
        path: file.to_owned(),
        reason,
    };
    let document = written::read(text).map_err(|error| {
        let reason = error.to_string();
        too_wide(&reason).unwrap_or_else(|| not_compose(Malformed::Yaml(reason)))
    })?;
    if !document.is_mapping() {
        return Err(not_compose(Malformed::NotAMapping));
    }
    let document = unescape(document);
    let services = services(&document)
        .filter(|services| !services.is_empty())
        .ok_or_else(|| not_compose(Malformed::NoServices))?;
    for service in &services {
        policy::check_name(service)?;
    }
    let wanted = select(services, file, selection)?;
    let secrets = Secrets::of(&document);
    let mut variants = wanted
        .iter()
        .map(|service| variant(service, &secrets, &not_compose))
        .collect::<Result<Vec<_>, _>>()?;
    if variants.is_empty() {
        return Err(LabProblem::NothingToBuild {
            path: file.to_owned(),
        });
    }
    variants.sort_by(|one, other| rank(one).cmp(&rank(other)));
    one_of_each(&variants, &wanted)?;
    let name = selection.lab.clone().or_else(|| common_lab(&wanted));
    Ok(Lab { name, variants })
}

/// A Compose file's text as YAML, with what its mappings take over by `<<`.
pub(super) fn document(text: &str) -> Option<Value> {
    let mut document: Value = serde_yaml::from_str(text).ok()?;
    document.apply_merge().ok()?;
    Some(document)
}

/// The YAML reader refuses a whole text for one integer past 64 bits. The place that it names is
/// in what Compose made of the file, so the service and the key are told instead.
fn too_wide(reason: &str) -> Option<LabProblem> {
    let (path, rest) = reason.split_once(": invalid type: integer `")?;
    let (service, key) = path.strip_prefix("services.")?.split_once('.')?;
    let (value, _) = rest.split_once('`')?;
    Some(LabProblem::BadValue {
        service: service.to_owned(),
        key: key.to_owned(),
        value: value.to_owned(),
        expected: Expected::Integer,
    })
}

/// The names of all services of a lab, or of the file where none is named, whatever their
/// profiles; none where the text can't be read.
pub fn services_of(text: &str, lab: Option<&str>) -> Vec<String> {
    let document: Value = serde_yaml::from_str(text).unwrap_or_default();
    let services = services(&document).unwrap_or_default().into_iter();
    let members =
        services.filter(|service| lab.is_none_or(|lab| lab_of(service).as_deref() == Some(lab)));
    members.map(|service| service.service.to_owned()).collect()
}

fn services(document: &Value) -> Option<Vec<Node<'_>>> {
    let services = document.get("services")?.as_mapping()?.iter();
    services
        .map(|(name, value)| {
            Some(Node {
                service: name.as_str()?,
                key: String::new(),
                value,
            })
        })
        .collect()
}

fn variant(
    service: &Node<'_>,
    secrets: &Secrets<'_>,
    not_compose: &impl Fn(Malformed) -> LabProblem,
) -> Result<Variant, LabProblem> {
    let XLab {
        role,
        run,
        timeout,
        policy,
    } = policy::read(service)?;
    let build = build::read(service, secrets)?;
    let image = service
        .get("image")?
        .map(|image| image.text())
        .transpose()?;
    if build.is_none() && image.is_none() {
        return Err(not_compose(Malformed::NoImage {
            service: service.service.to_owned(),
        }));
    }
    build::check_pull_policy(service, build.as_ref())?;
    let image_platform = match build {
        Some(_) => None,
        None => build::platform(service)?,
    };
    let running = if run.unwrap_or(role.is_some()) {
        Running::Yes(Box::new(RunSpec {
            timeout,
            ..runtime::read(service)?
        }))
    } else {
        Running::No(runtime::command(service)?)
    };
    Ok(Variant {
        name: service.service.to_owned(),
        role,
        image,
        build,
        image_platform,
        running,
        policy,
    })
}

/// Reference, rungs, solution, then the others, each by name.
fn rank(variant: &Variant) -> (usize, &str) {
    let place = match variant.role {
        Some(Role::Reference) => 0,
        Some(Role::Rung) => 1,
        Some(Role::Solution) => 2,
        None => 3,
    };
    (place, &variant.name)
}

fn one_of_each(variants: &[Variant], services: &[Node<'_>]) -> Result<(), LabProblem> {
    let lab = |variant: &Variant| {
        let mut services = services.iter();
        lab_of(services.find(|service| service.service == variant.name)?)
    };
    for (role, name) in [(Role::Reference, "reference"), (Role::Solution, "solution")] {
        let mut bearers = variants.iter().filter(|one| one.role == Some(role));
        if let (Some(first), Some(second)) = (bearers.next(), bearers.next()) {
            let labs = [lab(first), lab(second)];
            let differ = labs[0] != labs[1];
            return Err(LabProblem::RoleTwice {
                labs: labs.into_iter().flatten().filter(|_| differ).collect(),
                first: first.name.clone(),
                second: second.name.clone(),
                role: name,
            });
        }
    }
    Ok(())
}

/// The one lab that all of these say they belong to.
fn common_lab(services: &[Node<'_>]) -> Option<String> {
    let first = lab_of(services.first()?)?;
    services
        .iter()
        .all(|service| lab_of(service).as_ref() == Some(&first))
        .then_some(first)
}
