use std::path::Path;

use crate::model::LabProblem;

use super::nearest::nearest;
use super::node::Node;

/// Which services of a Compose file are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// `x-lab: { lab: NAME }`; `None` takes the services of every lab and of none.
    pub lab: Option<String>,
    /// Only these services, whatever their profiles; empty for all that are built or have an
    /// `x-lab`.
    pub variants: Vec<String>,
    pub rungs: Rungs,
    /// The active profiles (`COMPOSE_PROFILES`); `*` is all.
    pub profiles: Vec<String>,
}

/// Whether services whose profiles are not active are taken too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rungs {
    #[default]
    Hidden,
    /// `--all`.
    Shown,
}

/// The wanted ones of all services, in the order of the file.
pub(super) fn select<'a>(
    services: Vec<Node<'a>>,
    file: &Path,
    selection: &Selection,
) -> Result<Vec<Node<'a>>, LabProblem> {
    let members = members(services, file, selection.lab.as_deref())?;
    if let Some(unknown) = selection
        .variants
        .iter()
        .find(|name| members.iter().all(|service| service.service != *name))
    {
        return Err(unknown_variant(unknown, file, &members));
    }
    let mut wanted = Vec::new();
    for service in members {
        if is_wanted(&service, selection)? {
            wanted.push(service);
        }
    }
    Ok(wanted)
}

fn is_wanted(service: &Node<'_>, selection: &Selection) -> Result<bool, LabProblem> {
    if !selection.variants.is_empty() {
        return Ok(selection
            .variants
            .iter()
            .any(|name| name == service.service));
    }
    // A database beside the program is nobody's work here, and may be large to fetch.
    let has = |key| Ok::<_, LabProblem>(service.get(key)?.is_some());
    if has("image")? && !has("build")? && !has("x-lab")? {
        return Ok(false);
    }
    let profiles = match service.get("profiles")? {
        Some(profiles) => profiles.texts()?,
        None => Vec::new(),
    };
    let is_active = |profile: &String| profile == "*" || profiles.contains(profile);
    Ok(profiles.is_empty()
        || selection.rungs == Rungs::Shown
        || selection.profiles.iter().any(is_active))
}

fn members<'a>(
    services: Vec<Node<'a>>,
    file: &Path,
    lab: Option<&str>,
) -> Result<Vec<Node<'a>>, LabProblem> {
    let Some(lab) = lab else { return Ok(services) };
    let (members, others): (Vec<_>, Vec<_>) = services
        .into_iter()
        .partition(|service| lab_of(service).as_deref() == Some(lab));
    if !members.is_empty() {
        return Ok(members);
    }
    let mut known: Vec<String> = others.iter().filter_map(lab_of).collect();
    known.sort();
    known.dedup();
    Err(LabProblem::UnknownLab {
        name: lab.to_owned(),
        path: file.to_owned(),
        nearest: nearest(lab, known.iter().map(String::as_str)),
        known,
    })
}

/// The lab that a service says it belongs to, as far as that can be read.
pub(super) fn lab_of(service: &Node<'_>) -> Option<String> {
    let policy = service.get("x-lab").ok()??;
    policy.get("lab").ok()??.text().ok()
}

fn unknown_variant(name: &str, file: &Path, members: &[Node<'_>]) -> LabProblem {
    let mut known: Vec<String> = members
        .iter()
        .map(|service| service.service.to_owned())
        .collect();
    known.sort();
    LabProblem::UnknownVariant {
        name: name.to_owned(),
        path: file.to_owned(),
        nearest: nearest(name, known.iter().map(String::as_str)),
        known,
    }
}
