use std::path::PathBuf;

use super::assemble::ratio;
use super::context::{Context, Ended};
use super::gate::{Gate, Judge, Update, Whose};
use super::publish::Destinations;
use super::saved;
use crate::cli::ReportArgs;
use crate::measure;
use crate::model::{Delta, Policy, Problem};
use crate::report::{Compared, Comparison, LabReport, MergedReport, wire};
use crate::verdict::outputs_match;

/// Reads saved reports, merges them where there are several, and renders them again. Their
/// verdicts stay what they were, unless there is something to judge each by anew.
pub(super) fn run(args: &ReportArgs, cx: &Context) -> Result<Ended, Problem> {
    let mut sources = Vec::new();
    for path in &args.reports {
        let text = saved::read(path, path, &cx.cancel)?;
        let reports = wire::read_each(path, &text)?.into_iter();
        sources.extend(reports.map(|report| (path.clone(), report)));
    }
    let gate = Gate::open(&args.gate, Update::Nothing, cx)?;
    if gate.judges() || args.rejudge {
        sources = all_judged(sources, &gate, cx)?;
    }
    let merged = MergedReport::new(sources)?;
    Ok(Destinations::open(&args.outputs)?.publish(&merged, &cx.terminal)?)
}

/// Each judged by its own part of the baseline. What one report has not is missing only where
/// no other that is judged by the same part has it.
fn all_judged(
    sources: Vec<(PathBuf, LabReport)>,
    gate: &Gate,
    cx: &Context,
) -> Result<Vec<(PathBuf, LabReport)>, Problem> {
    let judges = sources
        .iter()
        .map(|(path, report)| gate.of(&Whose::saved(path, report)))
        .collect::<Result<Vec<_>, _>>()?;
    let names = sources.iter().map(|(_, report)| {
        let variants = report.variants.iter();
        variants.map(|it| it.name.clone()).collect::<Vec<String>>()
    });
    let names: Vec<_> = names.collect();
    let all: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
    let reports = sources.into_iter().zip(&judges);
    let reports = reports.map(|((path, report), judge)| {
        let others = judges.iter().zip(&names);
        let others = others.filter(|(other, _)| other.is_by_the_same_as(judge));
        let mut left_out: Vec<String> = others.flat_map(|(_, names)| names.clone()).collect();
        left_out.extend(report.left_out.iter().cloned());
        Ok((path, judged(report, judge, (&all, &left_out), cx)?))
    });
    reports.collect()
}

/// The report judged anew, by its measurements and runs alone: whatever it says of itself may
/// be a stranger's wish.
fn judged(
    mut report: LabReport,
    judge: &Judge<'_>,
    (all, left_out): (&[&str], &[String]),
    cx: &Context,
) -> Result<LabReport, Problem> {
    let variants = report.variants.iter();
    let stated = variants.map(|variant| (variant.name.clone(), variant.policy.clone()));
    let owned: Vec<(String, Policy)> = stated.collect();
    let stated = owned.iter().map(|(name, policy)| (name.as_str(), policy));
    let stated: Vec<(&str, &Policy)> = stated.collect();
    let policies = judge.policies(&stated, all)?;
    for (variant, policy) in report.variants.iter_mut().zip(policies) {
        if let Some(measured) = &mut variant.measured {
            let advice = std::mem::take(&mut measured.advice);
            measured.advice = measure::not_allowed(advice, &policy);
        }
        variant.policy = policy;
    }
    let (lab, variants) = (report.lab.as_deref(), &report.variants);
    let (verdict, baseline) = judge.judge(lab, variants, &stated, left_out, &cx.events)?;
    let comparison = comparison(&report, outputs_match(variants));
    Ok(LabReport {
        comparison,
        baseline,
        verdict,
        ..report
    })
}

/// The comparison that the images make, with what was left behind where that adds up.
fn comparison(report: &LabReport, outputs_match: Option<bool>) -> Option<Comparison> {
    let told = report.comparison.as_ref()?;
    let measured = |name: &str| {
        let variant = report.variants.iter().find(|it| it.name == name)?;
        variant.measured.as_ref()
    };
    let reference = measured(&told.reference);
    let compared = |compared: &Compared| {
        let (reference, measured) = (reference?, measured(&compared.name)?);
        let saved = reference.size.unpacked.since(measured.size.unpacked);
        let left: Delta = compared.left_behind.iter().map(|part| part.bytes).sum();
        let left_behind = compared.left_behind.clone();
        Some(Compared {
            name: compared.name.clone(),
            saved,
            ratio: ratio(reference, measured),
            left_behind: if left == saved {
                left_behind
            } else {
                Vec::new()
            },
        })
    };
    Some(Comparison {
        reference: told.reference.clone(),
        outputs_match,
        variants: told.variants.iter().filter_map(compared).collect(),
    })
}
