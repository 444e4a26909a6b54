//! `lab-baseline/1`, a baseline that people can review: one line for each variant, layer and
//! directory that matters, in a stable order, and equal images once.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::image::{WireLayer, WireSize, numbered};
use super::read::checked;
use super::run::WireRun;
use crate::model::{
    Base, Builder, Bytes, EngineFacts, EngineKind, MadeFrom, Measured, Outcome, Platform, Policy,
    ReportFault, Role, SizedPath, Tree, Verdict, Verified, WastedPath,
};
use crate::report::{LabReport, VariantReport};

/// The value of `schema`.
pub const BASELINE_SCHEMA: &str = "lab-baseline/1";

#[derive(Debug, Deserialize)]
struct Kept {
    lab: Option<String>,
    engine: KeptEngine,
    variants: Vec<KeptVariant>,
    images: Vec<KeptImage>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptEngine {
    name: EngineKind,
    os: String,
    arch: String,
    variant: Option<String>,
    builder: Builder,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptVariant {
    name: String,
    /// Its place in `images`.
    image: Option<usize>,
    role: Option<Role>,
    dockerfile: Option<String>,
    policy: Policy,
    run: Option<WireRun>,
}

#[derive(Debug, Deserialize)]
struct KeptImage {
    #[serde(flatten)]
    facts: KeptFacts,
    layers: Vec<WireLayer>,
    directories: Vec<SizedPath>,
    waste: Vec<WastedPath>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptFacts {
    platform: Option<String>,
    base: Option<Base>,
    size: WireSize,
    made_from: MadeFrom,
    /// Directories of less are part of the one above.
    folded_below: Bytes,
}

/// Writes what [`baseline_of`](crate::report::baseline_of()) left of a report. The same report
/// gives the same bytes.
pub fn write_baseline(report: &LabReport, out: &mut dyn Write) -> io::Result<()> {
    let mut images: Vec<String> = Vec::new();
    let mut variants: Vec<String> = Vec::new();
    for variant in &report.variants {
        let image = match &variant.measured {
            Some(measured) => {
                let text = image(measured, &variant.made_from)?;
                let known = images.iter().position(|known| *known == text);
                Some(known.unwrap_or_else(|| {
                    images.push(text);
                    images.len() - 1
                }))
            }
            None => None,
        };
        variants.push(line(&KeptVariant {
            name: variant.name.clone(),
            image,
            role: variant.role,
            dockerfile: variant.dockerfile.clone(),
            policy: variant.policy.clone(),
            run: variant.run.as_ref().map(Into::into),
        })?);
    }
    let engine = &report.engine;
    let engine = line(&KeptEngine {
        name: engine.kind,
        os: engine.platform.os.clone(),
        arch: engine.platform.arch.clone(),
        variant: engine.platform.variant.clone(),
        builder: engine.builder,
    })?;
    writeln!(out, "{{\n  \"schema\": \"{BASELINE_SCHEMA}\",")?;
    writeln!(out, "  \"lab\": {},", line(&report.lab)?)?;
    writeln!(out, "  \"engine\": {engine},")?;
    writeln!(out, "  \"variants\": {},", list(&variants, 2))?;
    writeln!(out, "  \"images\": {}\n}}", list(&images, 2))
}

fn line(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}

/// One element on each line.
fn list(elements: &[String], indent: usize) -> String {
    if elements.is_empty() {
        return "[]".to_owned();
    }
    let margin = " ".repeat(indent);
    let separator = format!(",\n{margin}  ");
    format!("[\n{margin}  {}\n{margin}]", elements.join(&separator))
}

fn image(measured: &Measured, made_from: &MadeFrom) -> io::Result<String> {
    let facts = line(&KeptFacts {
        platform: measured.platform.as_ref().map(ToString::to_string),
        base: measured.base.clone(),
        size: measured.size.into(),
        made_from: made_from.clone(),
        folded_below: measured.tree.folded_below,
    })?;
    let layers = numbered(&measured.layers);
    let layers = layers.iter().map(line).collect::<io::Result<Vec<_>>>()?;
    let directories = measured.tree.entries.iter().map(line);
    let directories = directories.collect::<io::Result<Vec<_>>>()?;
    let waste = measured
        .waste
        .iter()
        .map(line)
        .collect::<io::Result<Vec<_>>>()?;
    // The lists are the last keys of the same object.
    let facts = facts.strip_suffix('}').unwrap_or(&facts);
    Ok(format!(
        "{facts},\n      \"layers\": {},\n      \"directories\": {},\n      \"waste\": {}}}",
        list(&layers, 6),
        list(&directories, 6),
        list(&waste, 6)
    ))
}

/// Reads what [`write_baseline`] wrote.
pub(super) fn read_baseline(json: &[u8]) -> Result<LabReport, ReportFault> {
    let kept: Kept = serde_json::from_slice(json).map_err(ReportFault::Json)?;
    let mut images = Vec::new();
    for (at, image) in kept.images.into_iter().enumerate() {
        images.push(image.into_measured(&format!("images[{at}]"))?);
    }
    let mut variants = Vec::new();
    for (at, variant) in kept.variants.into_iter().enumerate() {
        variants.push(variant.into_report(&format!("variants[{at}]"), &images)?);
    }
    let engine = kept.engine;
    let report = LabReport {
        lab: kept.lab,
        created: None,
        engine: EngineFacts {
            kind: engine.name,
            version: None,
            api: None,
            platform: Platform {
                os: engine.os,
                arch: engine.arch,
                variant: engine.variant,
            },
            storage: None,
            builder: engine.builder,
        },
        variants,
        left_out: Vec::new(),
        comparison: None,
        baseline: None,
        verdict: Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        },
    };
    // What holds of a report's sums holds of these.
    checked(Document::from(&report))
}

impl KeptVariant {
    fn into_report(
        self,
        place: &str,
        images: &[(Measured, MadeFrom)],
    ) -> Result<VariantReport, ReportFault> {
        let found = self.image.map(|at| {
            images.get(at).ok_or_else(|| ReportFault::Contradiction {
                place: format!("{place}.image"),
            })
        });
        let found = found.transpose()?;
        let run = self.run.map(|run| run.into_run(&format!("{place}.run")));
        Ok(VariantReport {
            name: self.name,
            role: self.role,
            image: None,
            dockerfile: self.dockerfile,
            command_line: None,
            base_line: None,
            policy: self.policy,
            made_from: found.map_or_else(MadeFrom::default, |(_, made_from)| made_from.clone()),
            measured: found.map(|(measured, _)| measured.clone()),
            build: None,
            run: run.transpose()?,
        })
    }
}

impl KeptImage {
    fn into_measured(self, place: &str) -> Result<(Measured, MadeFrom), ReportFault> {
        let facts = self.facts;
        let platform = facts.platform.map(|platform| {
            Platform::parse(&platform).ok_or_else(|| ReportFault::Contradiction {
                place: format!("{place}.platform"),
            })
        });
        let measured = Measured {
            image_id: None,
            platform: platform.transpose()?,
            verified: Verified::Whole,
            base: facts.base,
            is_from_scratch: false,
            size: facts.size.into(),
            layers: self.layers.into_iter().map(|it| it.layer).collect(),
            tree: Tree {
                folded_below: facts.folded_below,
                entries: self.directories,
            },
            largest: Vec::new(),
            waste: self.waste,
            advice: Vec::new(),
            excluded: Some(Vec::new()),
        };
        Ok((measured, facts.made_from))
    }
}
