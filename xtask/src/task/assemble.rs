use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::SystemTime;

use super::context::Context;
use super::copied::copied;
use super::gate::Gate;
use super::images::Image;
use super::project::Project;
use super::service::Service;
use super::session::Session;
use super::source::Source;
use super::trial::Trial;
use crate::host::is_stand_in;
use crate::measure::{self, KnownBase, Subject};
use crate::model::{
    Build, BuildFailure, BuiltImage, Bytes, Digest, EngineProblem, ImageRecord, MadeFrom, Measured,
    Problem, Role, VariantReport,
};
use crate::report::{Compared, Comparison, LabReport};
use crate::verdict;

/// Measures, compares and judges; gives the finished report.
pub(super) fn assemble(
    session: &Session,
    trials: Vec<Trial<'_>>,
    gate: &Gate,
    cx: &Context,
) -> Result<LabReport, Problem> {
    let images: Vec<Rc<Image>> = trials.iter().filter_map(|it| it.image.clone()).collect();
    let mut report = unjudged(session, trials, cx)?;
    report.variants.sort_by_key(place);
    let judge = gate.of(&session.whose())?;
    let (stated, left_out) = (session.stated(), &session.left_out);
    let lab = session.name.as_deref();
    let judged = judge.judge(lab, &report.variants, &stated, left_out, &cx.events)?;
    (report.verdict, report.baseline) = judged;
    report.comparison = comparison(&report.variants, &images);
    report.left_out.clone_from(left_out);
    Ok(report)
}

/// Measures and judges variants by themselves; gives their report.
pub(super) fn assemble_alone(
    session: &Session,
    trials: Vec<Trial<'_>>,
    cx: &Context,
) -> Result<LabReport, Problem> {
    let mut report = unjudged(session, trials, cx)?;
    (report.verdict, _) = verdict::judge(&report.variants, None);
    Ok(report)
}

/// The report before anything is compared, in the session's order.
fn unjudged(session: &Session, trials: Vec<Trial<'_>>, cx: &Context) -> Result<LabReport, Problem> {
    let measured = measured(session, &trials, cx)?;
    let variants = trials.into_iter().map(|trial| {
        let measured = measured.iter().find(|it| it.is_of(&trial));
        trial.report(measured.map(|it| &it.measured), &session.project)
    });
    Ok(LabReport {
        lab: session.name.clone(),
        created: Some(humantime::format_rfc3339_seconds(SystemTime::now()).to_string()),
        engine: session.engine.facts().clone(),
        variants: variants.collect(),
        left_out: Vec::new(),
        comparison: None,
        baseline: None,
        verdict: verdict::judge(&[], None).0,
    })
}

/// Where a variant stands in the report: the rungs go down from the heaviest.
fn place(variant: &VariantReport) -> (usize, Reverse<Bytes>) {
    match variant.role {
        Some(Role::Reference) => (0, Reverse(Bytes::ZERO)),
        Some(Role::Rung) => {
            let measured = variant.measured.as_ref();
            (
                1,
                Reverse(measured.map_or(Bytes::ZERO, |it| it.size.unpacked)),
            )
        }
        Some(Role::Solution) => (2, Reverse(Bytes::ZERO)),
        None => (3, Reverse(Bytes::ZERO)),
    }
}

impl Trial<'_> {
    fn report(self, measured: Option<&Measured>, project: &Project) -> VariantReport {
        let Service {
            variant,
            policy,
            source,
            made_from,
            ..
        } = self.service;
        let source = source.as_ref();
        let image = self.image.as_deref().zip(measured).zip(source);
        let copied = image.and_then(|((image, measured), source)| {
            copied((&image.record, measured), variant, source, project)
        });
        VariantReport {
            name: variant.name.clone(),
            role: variant.role,
            image: variant.image.clone(),
            dockerfile: source.map(|source| source.name.clone()),
            command_line: source.and_then(Source::command_line),
            base_line: source.and_then(Source::base_line),
            policy: policy.clone(),
            made_from: MadeFrom {
                copied,
                ..made_from.clone()
            },
            measured: measured.cloned().map(|measured| Measured {
                advice: measure::not_allowed(measured.advice, policy),
                ..measured
            }),
            build: self.build.map(|build| build_report(build, source)),
            run: self.run,
        }
    }
}

/// What was measured, of all variants with the same image, build and command.
struct Known<'s> {
    id: Digest,
    service: &'s Service,
    measured: Measured,
}

impl Known<'_> {
    fn is_of(&self, trial: &Trial<'_>) -> bool {
        is_same((self.id, self.service), trial)
    }
}

fn is_same((id, service): (Digest, &Service), trial: &Trial<'_>) -> bool {
    let (one, other) = (&service.variant, &trial.service.variant);
    trial.id == Some(id)
        && one.build == other.build
        && one.running.command() == other.running.command()
}

/// Measures each image once, as each build and command explains it.
fn measured<'s>(
    session: &Session,
    trials: &[Trial<'s>],
    cx: &Context,
) -> Result<Vec<Known<'s>>, EngineProblem> {
    let mut bases = Bases::default();
    let mut firsts: Vec<(Digest, &'s Service, &Image)> = Vec::new();
    let mut subjects = Vec::new();
    for trial in trials {
        let (Some(id), Some(image)) = (trial.id, trial.image.as_deref()) else {
            continue;
        };
        if firsts.iter().any(|(id, it, _)| is_same((*id, it), trial)) {
            continue;
        }
        let source = trial.service.source.as_ref();
        let base = source.and_then(Source::base);
        let base = base.map(|reference| bases.known(reference, session, cx));
        subjects.push(Subject {
            record: &image.record,
            engine_reported: image.facts.engine_reported,
            source: source.map(Source::for_measure),
            command: Some(trial.service.variant.running.command()),
            base: base.transpose()?,
        });
        firsts.push((id, trial.service, image));
    }
    let measured = firsts.into_iter().zip(measure::images(&subjects));
    let known = measured.map(|((id, service, image), measured)| {
        let own_files = measure::own_files(&image.record, &measured, &service.own_files);
        let excluded = Some(own_files);
        let measured = Measured {
            excluded,
            ..measured
        };
        Known {
            id,
            service,
            measured,
        }
    });
    Ok(known.collect())
}

/// What the engine says of each base, asked once.
#[derive(Default)]
struct Bases(BTreeMap<String, KnownBase>);

impl Bases {
    fn known(
        &mut self,
        reference: String,
        session: &Session,
        cx: &Context,
    ) -> Result<KnownBase, EngineProblem> {
        if let Some(known) = self.0.get(&reference) {
            return Ok(known.clone());
        }
        let base = match session.engine.inspect(&reference, &cx.cancel) {
            Ok(facts) => KnownBase {
                reference: reference.clone(),
                id: Some(facts.config.unwrap_or(facts.id)),
                layers: facts.layers,
                stand_in: is_stand_in(&facts.labels),
            },
            Err(EngineProblem::NoImage { .. } | EngineProblem::BadReference { .. }) => KnownBase {
                reference: reference.clone(),
                id: None,
                layers: Vec::new(),
                stand_in: false,
            },
            Err(problem) => return Err(problem),
        };
        self.0.insert(reference, base.clone());
        Ok(base)
    }
}

fn build_report(build: Build<BuiltImage>, source: Option<&Source>) -> Build {
    match build {
        Build::Done(image) => Build::Done(image.build),
        Build::Failed(failure) => Build::Failed(placed(failure, source)),
    }
}

/// With its instruction and line, where the builder does not name them and the file tells.
fn placed(failure: BuildFailure, source: Option<&Source>) -> BuildFailure {
    let is_named = failure.instruction.is_some() || failure.line.is_some();
    let blamed = source.filter(|_| !is_named);
    let blamed = blamed.and_then(|source| source.blamed(&failure));
    let named = failure.instruction.as_deref();
    let line_of = || source?.line_of(named?);
    let shown = named.or(blamed.map(|it| it.text.as_str()));
    BuildFailure {
        instruction: shown.map(measure::redact),
        line: failure.line.or_else(line_of).or(blamed.map(|it| it.line)),
        ..failure
    }
}

/// The reference against the others; `None` where there is none.
fn comparison(variants: &[VariantReport], images: &[Rc<Image>]) -> Option<Comparison> {
    let is_reference = |it: &&VariantReport| it.role == Some(Role::Reference);
    let reference = variants.iter().find(is_reference)?;
    let others = variants.iter().filter(|it| it.role.is_some());
    let others = others.filter(|it| it.name != reference.name);
    let pair = |variant| pair(variant, images);
    let compared = pair(reference).map_or_else(Vec::new, |(record, whole)| {
        let side = measure::Reference::of(record, whole);
        let compared = others.filter_map(|it| {
            let (record, measured) = pair(it)?;
            Some(Compared {
                name: it.name.clone(),
                saved: whole.size.unpacked.since(measured.size.unpacked),
                ratio: ratio(whole, measured),
                left_behind: side.left_behind(record, measured),
            })
        });
        compared.collect()
    });
    Some(Comparison {
        reference: reference.name.clone(),
        outputs_match: verdict::outputs_match(variants),
        variants: compared,
    })
}

/// What was measured of a variant, and its image.
fn pair<'a>(
    variant: &'a VariantReport,
    images: &'a [Rc<Image>],
) -> Option<(&'a ImageRecord, &'a Measured)> {
    let measured = variant.measured.as_ref()?;
    let mut records = images.iter().map(|image| &image.record);
    let record = records.find(|record| Some(record.id) == measured.image_id)?;
    Some((record, measured))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio is shown, not added up")]
pub(super) fn ratio(reference: &Measured, variant: &Measured) -> Option<f64> {
    let (reference, variant) = (reference.size.unpacked.0, variant.size.unpacked.0);
    (variant > 0).then(|| reference as f64 / variant as f64)
}
