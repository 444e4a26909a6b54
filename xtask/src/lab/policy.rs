use std::path::Path;
use std::time::Duration;

use crate::model::{Accept, Bytes, Exercise, Expected, Growth, LabProblem, Measure, Policy, Role};

use super::duration::duration;
use super::exercise;
use super::node::Node;
use super::text;
use crate::model::nearest;

const KEYS: [&str; 12] = [
    "lab",
    "role",
    "run",
    "timeout",
    "budget",
    "counts",
    "max_growth",
    "max_base_drift",
    "max_content_drift",
    "allow_waste",
    "accept",
    "exercise",
];

/// What `x-lab` says of a service.
#[derive(Default)]
pub(super) struct XLab {
    pub(super) role: Option<Role>,
    /// Whether it is run; `None` leaves it to the role.
    pub(super) run: Option<bool>,
    pub(super) timeout: Option<Duration>,
    pub(super) policy: Policy,
    pub(super) exercise: Option<Box<Exercise>>,
}

/// Compose passes over every key that begins with `x-`: a mistyped `x-lab` too, and one that
/// has slipped into a part of the service.
pub(super) fn check_name(service: &Node<'_>) -> Result<(), LabProblem> {
    let means_lab = |key: &str| {
        let key = key.to_ascii_lowercase().replace('_', "-");
        ["x-lab", "x-labs", "x-lap", "x-lba", "x-la"].contains(&key.as_str())
    };
    let mut keys = service.entries()?.into_iter();
    if let Some((name, node)) = keys.find(|(key, _)| key != "x-lab" && means_lab(key)) {
        return Err(unknown(&node, &name, &["x-lab"]));
    }
    for part in ["build", "deploy", "healthcheck"] {
        let part = service.get(part)?.filter(|part| part.value.is_mapping());
        let keys = part.map(|part| part.entries()).transpose()?;
        let mut keys = keys.into_iter().flatten();
        if let Some((_, node)) = keys.find(|(key, _)| means_lab(key)) {
            return Err(LabProblem::PolicyMisplaced {
                service: Some(service.service.to_owned()),
                key: node.key,
            });
        }
    }
    Ok(())
}

/// `directory` is where the paths of an exercise begin.
pub(super) fn read(service: &Node<'_>, directory: &Path) -> Result<XLab, LabProblem> {
    let mut read = XLab::default();
    let Some(x_lab) = service.get("x-lab")? else {
        return Ok(read);
    };
    if let Some(counts) = x_lab.get("counts")? {
        read.policy.counts = measure(&counts)?;
    }
    let counts = read.policy.counts;
    for (name, node) in x_lab.entries()? {
        let policy = &mut read.policy;
        match name.as_str() {
            "lab" => drop(node.text()?),
            "counts" => {}
            "role" => read.role = Some(role(&node)?),
            "run" => read.run = Some(node.is_true()?),
            "timeout" => read.timeout = Some(timeout(&node)?),
            "budget" => policy.budget = Some(amount(&node, counts)?),
            "max_growth" => policy.max_growth = Some(growth(&node, counts)?),
            "max_base_drift" => policy.max_base_drift = Some(growth(&node, counts)?),
            "max_content_drift" => policy.max_content_drift = Some(growth(&node, counts)?),
            "allow_waste" => policy.allow_waste = paths(&node)?,
            "accept" => policy.accept = accept(&node)?,
            "exercise" => read.exercise = Some(Box::new(exercise::read(&node, directory)?)),
            _ => return Err(unknown(&node, &name, &KEYS)),
        }
    }
    Ok(read)
}

fn unknown(node: &Node<'_>, name: &str, keys: &[&'static str]) -> LabProblem {
    LabProblem::UnknownKey {
        service: node.service.to_owned(),
        key: node.key.clone(),
        nearest: nearest(name, keys.iter().copied()),
    }
}

fn role(node: &Node<'_>) -> Result<Role, LabProblem> {
    match node.text()?.as_str() {
        "reference" => Ok(Role::Reference),
        "rung" => Ok(Role::Rung),
        "solution" => Ok(Role::Solution),
        _ => Err(node.bad(Expected::Role)),
    }
}

fn measure(node: &Node<'_>) -> Result<Measure, LabProblem> {
    let text = node.text()?;
    text::measure(&text).map_err(|expected| node.bad(expected))
}

fn accept(node: &Node<'_>) -> Result<Option<Accept>, LabProblem> {
    let text = node.text()?;
    text::accept(&text).map_err(|expected| node.bad(expected))
}

fn timeout(node: &Node<'_>) -> Result<Duration, LabProblem> {
    let wrong = || node.bad(Expected::Duration);
    duration(&node.text().map_err(|_| wrong())?).ok_or_else(wrong)
}

/// Bytes, or a count where layers are counted.
fn amount(node: &Node<'_>, counts: Measure) -> Result<Bytes, LabProblem> {
    let text = node.text().unwrap_or_default();
    text::amount(&text, counts).map_err(|expected| node.bad(expected))
}

fn growth(node: &Node<'_>, counts: Measure) -> Result<Growth, LabProblem> {
    if !node.value.is_mapping() {
        let text = node.text().map_err(|_| node.bad(Expected::Growth))?;
        return text::growth(&text, counts).map_err(|expected| node.bad(expected));
    }
    let mut growth = Growth {
        bytes: None,
        percent: None,
    };
    for (name, limit) in node.entries()? {
        match name.as_str() {
            "bytes" => growth.bytes = Some(amount(&limit, counts)?),
            "percent" => growth.percent = Some(percent(&limit)?),
            _ => return Err(unknown(&limit, &name, &["bytes", "percent"])),
        }
    }
    if growth.bytes.is_none() && growth.percent.is_none() {
        return Err(node.bad(Expected::Growth));
    }
    Ok(growth)
}

fn percent(node: &Node<'_>) -> Result<f64, LabProblem> {
    let text = node.text().unwrap_or_default();
    text::percent(&text).map_err(|expected| node.bad(expected))
}

/// Paths as images name them: without the slashes at both ends.
fn paths(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let paths = node.texts()?;
    paths
        .into_iter()
        .map(|path| text::path(&path).map_err(|expected| node.bad(expected)))
        .collect()
}
