use std::time::Duration;

use crate::model::{Bytes, Expected, Growth, LabProblem, Measure, Policy, Role, size};

use super::duration::duration;
use super::nearest::nearest;
use super::node::Node;

const KEYS: [&str; 10] = [
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
];

/// What `x-lab` says of a service.
#[derive(Default)]
pub(super) struct XLab {
    pub(super) role: Option<Role>,
    /// Whether it is run; `None` leaves it to the role.
    pub(super) run: Option<bool>,
    pub(super) timeout: Option<Duration>,
    pub(super) policy: Policy,
}

pub(super) fn read(service: &Node<'_>) -> Result<XLab, LabProblem> {
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
    match node.text()?.as_str() {
        "unpacked" => Ok(Measure::Unpacked),
        "own" => Ok(Measure::Own),
        "wasted" => Ok(Measure::Wasted),
        "layers" => Ok(Measure::Layers),
        _ => Err(node.bad(Expected::Measure)),
    }
}

fn timeout(node: &Node<'_>) -> Result<Duration, LabProblem> {
    let wrong = || node.bad(Expected::Duration);
    duration(&node.text().map_err(|_| wrong())?).ok_or_else(wrong)
}

/// Bytes, or a count where layers are counted.
fn amount(node: &Node<'_>, counts: Measure) -> Result<Bytes, LabProblem> {
    let text = node.text().unwrap_or_default();
    match counts {
        Measure::Layers => text
            .parse()
            .map(Bytes)
            .map_err(|_| node.bad(Expected::Layers)),
        _ => size::policy(&text).ok_or_else(|| node.bad(Expected::Size)),
    }
}

fn growth(node: &Node<'_>, counts: Measure) -> Result<Growth, LabProblem> {
    let mut growth = Growth {
        bytes: None,
        percent: None,
    };
    if !node.value.is_mapping() {
        let text = node.text().map_err(|_| node.bad(Expected::Growth))?;
        if text.ends_with('%') {
            growth.percent = Some(percent(node)?);
        } else {
            growth.bytes = Some(amount(node, counts).map_err(|_| node.bad(Expected::Growth))?);
        }
        return Ok(growth);
    }
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
    let number = text.strip_suffix('%').unwrap_or(&text).trim_end();
    number
        .parse()
        .ok()
        .filter(|percent: &f64| percent.is_finite() && *percent >= 0.0)
        .ok_or_else(|| node.bad(Expected::Percent))
}

/// Paths as images name them: without the slashes at both ends.
fn paths(node: &Node<'_>) -> Result<Vec<String>, LabProblem> {
    let paths = node.texts()?;
    let bare = |path: String| Some(path.trim_matches('/').to_owned()).filter(|p| !p.is_empty());
    paths
        .into_iter()
        .map(|path| bare(path).ok_or_else(|| node.bad(Expected::Paths)))
        .collect()
}
