use std::path::Path;

use crate::model::{LabProblem, Role, Skipped, nearest};

use super::node::Node;
use super::policy;

/// Which services of a Compose file are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// `x-lab: { lab: NAME }`; `None` takes the services of every lab and of none.
    pub lab: Option<String>,
    /// Only these services, whatever their profiles, and the reference that they are compared with;
    /// empty for all that are built or have an `x-lab`.
    pub variants: Vec<String>,
    pub rungs: Rungs,
    /// The active profiles (`COMPOSE_PROFILES`); `*` is all.
    pub profiles: Vec<String>,
    /// `COMPOSE_PROJECT_NAME`.
    pub project: Option<String>,
}

/// Whether services whose profiles are not active are taken too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rungs {
    #[default]
    Hidden,
    /// `--all`.
    Shown,
}

/// What was selected of a file's services, in its order.
pub(super) struct Selected<'a> {
    pub(super) wanted: Vec<Node<'a>>,
    pub(super) skipped: Vec<(String, Skipped)>,
}

/// The wanted ones of all services.
pub(super) fn select<'a>(
    services: Vec<Node<'a>>,
    file: &Path,
    selection: &Selection,
) -> Result<Selected<'a>, LabProblem> {
    let members = members(services, file, selection.lab.as_deref())?;
    if let Some(unknown) = selection
        .variants
        .iter()
        .find(|name| members.iter().all(|service| service.service != *name))
    {
        return Err(unknown_variant(unknown, file, &members));
    }
    let mut selected = Selected {
        wanted: Vec::new(),
        skipped: Vec::new(),
    };
    let references = references(&members, file, selection)?;
    for service in members {
        if references.contains(&service.service) {
            selected.wanted.push(service);
            continue;
        }
        match choice(&service, selection)? {
            Choice::Wanted => selected.wanted.push(service),
            Choice::Unasked => {}
            Choice::Skipped(why) => selected.skipped.push((service.service.to_owned(), why)),
        }
    }
    Ok(selected)
}

/// The references that come along with services that were asked for by name; none where one of
/// those is a reference itself.
fn references<'a>(
    members: &[Node<'a>],
    file: &Path,
    selection: &Selection,
) -> Result<Vec<&'a str>, LabProblem> {
    let everything = Selection {
        variants: Vec::new(),
        ..selection.clone()
    };
    let directory = file.parent().unwrap_or(Path::new("/"));
    let mut found = Vec::new();
    for service in members.iter().filter(|_| !selection.variants.is_empty()) {
        let is_reference = policy::read(service, directory)?.role == Some(Role::Reference);
        if is_reference && selection.variants.iter().any(|it| it == service.service) {
            return Ok(Vec::new());
        }
        if is_reference && matches!(choice(service, &everything)?, Choice::Wanted) {
            found.push(service.service);
        }
    }
    Ok(found)
}

enum Choice {
    Wanted,
    /// Nobody asked for it.
    Unasked,
    Skipped(Skipped),
}

fn choice(service: &Node<'_>, selection: &Selection) -> Result<Choice, LabProblem> {
    if !selection.variants.is_empty() {
        let is_named = selection
            .variants
            .iter()
            .any(|name| name == service.service);
        return Ok(if is_named {
            Choice::Wanted
        } else {
            Choice::Unasked
        });
    }
    // A database beside the program is nobody's work here, and may be large to fetch.
    let has = |key| Ok::<_, LabProblem>(service.get(key)?.is_some());
    if has("provider")? && !has("build")? && !has("image")? {
        return Ok(Choice::Skipped(Skipped::Provided));
    }
    if has("image")? && !has("build")? && !has("x-lab")? {
        return Ok(Choice::Unasked);
    }
    let profiles = match service.get("profiles")? {
        Some(profiles) => profiles.texts()?,
        None => Vec::new(),
    };
    let is_active = |profile: &String| profile == "*" || profiles.contains(profile);
    let is_wanted = profiles.is_empty()
        || selection.rungs == Rungs::Shown
        || selection.profiles.iter().any(is_active);
    Ok(if is_wanted {
        Choice::Wanted
    } else {
        Choice::Skipped(Skipped::Inactive)
    })
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

pub(super) fn unknown_variant(name: &str, file: &Path, members: &[Node<'_>]) -> LabProblem {
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
