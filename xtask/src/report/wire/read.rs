use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::SCHEMA;
use super::document::Document;
use super::image::WireSize;
use super::kept::{BASELINE_SCHEMA, read_baseline};
use super::variant::WireVariant;
use crate::model::{Bytes, Delta, ReportFault, ReportProblem};
use crate::report::{Compared, LabReport};

#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) schema: Option<String>,
}

/// Reads what [`write`](super::write()) wrote; `path` only names it in a problem.
///
/// A report may come from a stranger: one that does not add up, whose parts contradict each
/// other or that names what is not in it is refused.
pub fn read(path: &Path, json: &[u8]) -> Result<LabReport, ReportProblem> {
    let not_a_report = |fault| ReportProblem::NotAReport {
        path: path.to_owned(),
        fault,
    };
    if json.trim_ascii().is_empty() {
        return Err(not_a_report(ReportFault::Empty));
    }
    let head: Head =
        serde_json::from_slice(json).map_err(|error| not_a_report(ReportFault::Json(error)))?;
    match head.schema {
        Some(schema) if schema == SCHEMA => document(json).map_err(not_a_report),
        Some(schema) if schema == BASELINE_SCHEMA => read_baseline(json).map_err(not_a_report),
        Some(schema) => Err(ReportProblem::Schema {
            path: path.to_owned(),
            schema,
        }),
        None => Err(not_a_report(ReportFault::NoSchema)),
    }
}

fn document(json: &[u8]) -> Result<LabReport, ReportFault> {
    checked(serde_json::from_slice(json).map_err(ReportFault::Json)?)
}

/// The report of a document whose parts agree.
pub(super) fn checked(document: Document) -> Result<LabReport, ReportFault> {
    check_names(&document)?;
    for (at, variant) in document.variants.iter().enumerate() {
        check_variant(&format!("variants[{at}]"), variant)?;
    }
    check_comparison(&document)?;
    // Only a baseline has no date, and leaves out what changes with each build.
    if document.created.is_some() {
        check_ids(&document)?;
    }
    let report = document.into_report()?;
    if report.verdict.is_consistent() {
        Ok(report)
    } else {
        Err(ReportFault::Contradiction {
            place: "verdict.outcome".to_owned(),
        })
    }
}

fn check_names(document: &Document) -> Result<(), ReportFault> {
    let mut names = BTreeSet::new();
    for variant in &document.variants {
        if !names.insert(variant.name.as_str()) {
            return Err(ReportFault::VariantTwice {
                name: variant.name.clone(),
            });
        }
    }
    let known = |place: String, name: &str| {
        if names.contains(name) {
            return Ok(());
        }
        let name = name.to_owned();
        Err(ReportFault::NoVariant { place, name })
    };
    if let Some(comparison) = &document.comparison {
        known("comparison.reference".to_owned(), &comparison.reference)?;
        for (at, compared) in comparison.variants.iter().enumerate() {
            known(format!("comparison.variants[{at}].name"), &compared.name)?;
        }
    }
    let mut known_before = BTreeSet::new();
    for since in document.baseline.iter().flat_map(|it| &it.variants) {
        if !known_before.insert(since.name.as_str()) {
            return Err(ReportFault::VariantTwice {
                name: since.name.clone(),
            });
        }
    }
    for (at, finding) in document.verdict.findings.iter().enumerate() {
        if !known_before.contains(finding.variant.as_str()) {
            known(format!("verdict.findings[{at}].variant"), &finding.variant)?;
        }
    }
    Ok(())
}

fn check_ids(document: &Document) -> Result<(), ReportFault> {
    let missing = |place: String| Err(ReportFault::Missing { place });
    if document.engine.storage.is_none() {
        return missing("engine.storage".to_owned());
    }
    let variants = document.variants.iter().enumerate();
    for (at, variant) in variants.filter(|(_, variant)| variant.size.is_some()) {
        if variant.image_id.is_none() {
            return missing(format!("variants[{at}].image_id"));
        }
        let mut layers = variant.layers.iter().flatten();
        if let Some(layer) = layers.find(|it| it.layer.diff_id.is_none()) {
            let index = layer.index;
            return missing(format!("variants[{at}].layers[{index}].diff_id"));
        }
    }
    Ok(())
}

fn check_variant(place: &str, variant: &WireVariant) -> Result<(), ReportFault> {
    let Some(size) = &variant.size else {
        return Ok(());
    };
    let layers = variant.layers.as_deref().unwrap_or_default();
    let entries = variant.tree.iter().flat_map(|tree| &tree.entries);
    check_size(place, size)?;
    let layers_sum = layers.iter().map(|it| it.layer.unpacked);
    sums_to(format!("{place}.size.unpacked"), layers_sum, size.unpacked)?;
    let entries_sum = entries.clone().map(|entry| entry.bytes);
    sums_to(format!("{place}.size.unpacked"), entries_sum, size.unpacked)?;
    let contradiction = |key: String| {
        Err(ReportFault::Contradiction {
            place: format!("{place}.{key}"),
        })
    };
    let misplaced = layers
        .iter()
        .enumerate()
        .find(|(at, layer)| layer.index != *at);
    if let Some((at, _)) = misplaced {
        return contradiction(format!("layers[{at}].index"));
    }
    let advised = variant.advice.iter().flatten();
    let named = [
        ("tree.entries", entries.clone().map(|file| file.layer).max()),
        (
            "largest",
            variant
                .largest
                .iter()
                .flatten()
                .map(|file| file.layer)
                .max(),
        ),
        (
            "waste",
            variant
                .waste
                .iter()
                .flatten()
                .map(|waste| waste.layer)
                .max(),
        ),
        (
            "advice",
            advised
                .flat_map(|advice| &advice.paths)
                .map(|file| file.layer)
                .max(),
        ),
    ];
    let beyond = named
        .into_iter()
        .find(|(_, layer)| *layer >= Some(layers.len()));
    beyond.map_or(Ok(()), |(key, _)| contradiction(key.to_owned()))
}

fn check_size(place: &str, size: &WireSize) -> Result<(), ReportFault> {
    let wasted = &size.wasted;
    let unpacked = || format!("{place}.size.unpacked");
    let causes = [wasted.overwritten, wasted.deleted, wasted.metadata_only];
    sums_to(format!("{place}.size.wasted.total"), causes, wasted.total)?;
    sums_to(unpacked(), [size.live, wasted.total], size.unpacked)?;
    sums_to(unpacked(), [size.base, size.own], size.unpacked)?;
    sums_to(unpacked(), [size.shared, size.unique], size.unpacked)
}

/// What a variant saves is what it does not carry, part by part.
fn check_comparison(document: &Document) -> Result<(), ReportFault> {
    let Some(comparison) = &document.comparison else {
        return Ok(());
    };
    let unpacked = |name: &str| {
        let found = document.variants.iter().find(|it| it.name == name)?;
        Some(found.size.as_ref()?.unpacked)
    };
    let reference = unpacked(&comparison.reference);
    for (at, compared) in comparison.variants.iter().enumerate() {
        let contradiction = |key: &str| {
            let place = format!("comparison.variants[{at}].{key}");
            Err(ReportFault::Contradiction { place })
        };
        if let (Some(reference), Some(variant)) = (reference, unpacked(&compared.name))
            && reference.since(variant) != compared.saved
        {
            return contradiction("saved");
        }
        if !is_accounted_for(compared) {
            return contradiction("left_behind");
        }
    }
    Ok(())
}

/// Whether the parts add up, where any is told.
fn is_accounted_for(compared: &Compared) -> bool {
    let parts = compared.left_behind.iter();
    let sum: i128 = parts.map(|part| i128::from(part.bytes.0)).sum();
    let Delta(saved) = compared.saved;
    compared.left_behind.is_empty() || sum == i128::from(saved)
}

fn sums_to(
    place: String,
    parts: impl IntoIterator<Item = Bytes>,
    whole: Bytes,
) -> Result<(), ReportFault> {
    let expected: u128 = parts.into_iter().map(|part| u128::from(part.0)).sum();
    if expected == u128::from(whole.0) {
        return Ok(());
    }
    Err(ReportFault::Sum {
        place,
        expected,
        actual: whole.0,
    })
}
