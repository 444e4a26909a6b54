use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::context::Context;
use super::gate::Gate;
use super::images::Image;
use super::session::Session;
use super::source::Source;
use crate::host::STAND_IN_LABEL;
use crate::measure::{self, KnownBase, Subject};
use crate::model::{
    Build, BuildFailure, Bytes, Digest, EngineProblem, ImageRecord, Measured, Problem, Role, Run,
    Variant,
};
use crate::report::{BuildReport, Compared, Comparison, LabReport, VariantReport};
use crate::verdict::{self, Case};

/// What the pipeline found out, in the lab's order.
pub(super) struct Parts<'a> {
    pub(super) session: &'a Session,
    pub(super) builds: Vec<Option<Build>>,
    pub(super) ids: Vec<Option<Digest>>,
    pub(super) runs: Vec<Option<Run>>,
    pub(super) images: BTreeMap<Digest, Image>,
}

/// Measures, compares and judges; gives the finished report.
pub(super) fn assemble(parts: Parts<'_>, gate: &Gate, cx: &Context) -> Result<LabReport, Problem> {
    let measured = parts.measured(cx)?;
    let Parts {
        session,
        builds,
        ids,
        runs,
        images,
    } = parts;
    let records: Vec<Option<&ImageRecord>> = ids
        .iter()
        .map(|id| id.and_then(|id| images.get(&id)).map(|it| &it.record))
        .collect();
    let mut variants = variants(session, &builds, &measured, &runs);
    let cases: Vec<Case<'_>> = variants
        .iter()
        .enumerate()
        .map(|(index, variant)| variant.case(&session.lab.variants[index].policy))
        .collect();
    let lab = session.lab.name.as_deref();
    let (verdict, baseline) =
        gate.of(&session.whose())?
            .judge(lab, &cases, &session.left_out, &cx.events)?;
    let mut comparison = comparison(&variants, &records, verdict::outputs_match(&cases));
    let order = ladder(&variants);
    variants.sort_by_key(|variant| order.iter().position(|name| *name == variant.name));
    if let Some(comparison) = &mut comparison {
        let place = |it: &Compared| order.iter().position(|name| *name == it.name);
        comparison.variants.sort_by_key(place);
    }
    Ok(LabReport {
        lab: session.lab.name.clone(),
        created: Some(humantime::format_rfc3339_seconds(SystemTime::now()).to_string()),
        engine: session.engine.facts().clone(),
        variants,
        left_out: session.left_out.clone(),
        comparison,
        baseline,
        verdict,
    })
}

fn variants(
    session: &Session,
    builds: &[Option<Build>],
    measured: &[Option<Measured>],
    runs: &[Option<Run>],
) -> Vec<VariantReport> {
    let variants = session.lab.variants.iter().enumerate();
    let report = |(index, variant): (usize, &Variant)| {
        let policy = &session.policies[index];
        let source = session.sources[index].as_ref();
        VariantReport {
            name: variant.name.clone(),
            role: variant.role,
            image: variant.image.clone(),
            dockerfile: source.map(|source| source.name.clone()),
            command_line: source.and_then(Source::command_line),
            base_line: source.and_then(Source::base_line),
            policy: policy.clone(),
            measured: measured[index].clone().map(|measured| Measured {
                advice: measure::not_allowed(measured.advice, policy),
                ..measured
            }),
            build: builds[index]
                .as_ref()
                .map(|build| build_report(build, session, index)),
            run: runs[index].clone().map(whole_microseconds),
        }
    };
    variants.map(report).collect()
}

/// The variants' names in the report's order: the rungs go down from the heaviest.
fn ladder(variants: &[VariantReport]) -> Vec<String> {
    let mut order: Vec<&VariantReport> = variants.iter().collect();
    order.sort_by_key(|variant| match variant.role {
        Some(Role::Reference) => (0, Bytes::ZERO),
        Some(Role::Rung) => {
            let weight = variant
                .measured
                .as_ref()
                .map_or(Bytes::ZERO, |it| it.size.unpacked);
            (1, Bytes(u64::MAX - weight.0))
        }
        Some(Role::Solution) => (2, Bytes::ZERO),
        None => (3, Bytes::ZERO),
    });
    order.iter().map(|variant| variant.name.clone()).collect()
}

impl Parts<'_> {
    /// One for each variant that has an image.
    fn measured(&self, cx: &Context) -> Result<Vec<Option<Measured>>, EngineProblem> {
        let mut bases = Bases::default();
        let mut subjects = Vec::new();
        for (index, id) in self.ids.iter().enumerate() {
            let Some(image) = id.and_then(|id| self.images.get(&id)) else {
                continue;
            };
            let source = self.session.sources[index].as_ref();
            let base = match source.and_then(Source::base) {
                Some(reference) => Some(bases.known(reference, self.session, cx)?),
                None => None,
            };
            subjects.push(Subject {
                record: &image.record,
                engine_reported: image.facts.engine_reported,
                source: source.map(Source::for_measure),
                command: Some(self.session.lab.variants[index].running.command()),
                base,
            });
        }
        let mut measured = measure::images(&subjects).into_iter();
        let has_image = |id: &Option<Digest>| id.is_some_and(|id| self.images.contains_key(&id));
        Ok(self
            .ids
            .iter()
            .map(|id| if has_image(id) { measured.next() } else { None })
            .collect())
    }
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
                stand_in: facts.labels.contains_key(STAND_IN_LABEL),
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

fn build_report(build: &Build, session: &Session, index: usize) -> BuildReport {
    match build {
        Build::Done(done) => BuildReport {
            took: Some(microseconds(done.took)),
            steps: done.steps,
            cached: Some(done.cached),
            failure: None,
        },
        Build::Failed(failure) => {
            let source = session.sources[index].as_ref();
            BuildReport {
                took: None,
                steps: 0,
                cached: None,
                failure: Some(placed(failure, source)),
            }
        }
    }
}

/// With its instruction and line, where the builder does not name them and the file tells.
fn placed(failure: &BuildFailure, source: Option<&Source>) -> BuildFailure {
    let is_named = failure.instruction.is_some() || failure.line.is_some();
    let blamed = source.filter(|_| !is_named);
    let blamed = blamed.and_then(|source| source.blamed(failure));
    let named = failure.instruction.as_deref();
    let line_of = || source.zip(named).and_then(|(it, name)| it.line_of(name));
    let named = named.or(blamed.map(|it| it.text.as_str()));
    BuildFailure {
        instruction: named.map(measure::redact),
        line: failure.line.or_else(line_of).or(blamed.map(|it| it.line)),
        ..failure.clone()
    }
}

fn comparison(
    variants: &[VariantReport],
    records: &[Option<&ImageRecord>],
    outputs_match: Option<bool>,
) -> Option<Comparison> {
    let at = variants
        .iter()
        .position(|variant| variant.role == Some(Role::Reference))?;
    let reference = variants[at].measured.as_ref();
    let others: Vec<_> = (0..variants.len())
        .filter(|index| *index != at && variants[*index].role.is_some())
        .filter_map(|index| Some((index, records[index]?, variants[index].measured.as_ref()?)))
        .collect();
    let pairs: Vec<_> = others
        .iter()
        .map(|(_, record, measured)| (*record, *measured))
        .collect();
    let compared = match (records[at], reference) {
        (Some(record), Some(reference)) => {
            let left = measure::left_behind((record, reference), &pairs);
            let each = others.iter().zip(left);
            each.map(|((index, _, measured), left_behind)| Compared {
                name: variants[*index].name.clone(),
                saved: reference.size.unpacked.since(measured.size.unpacked),
                ratio: ratio(reference, measured),
                left_behind,
            })
            .collect()
        }
        _ => Vec::new(),
    };
    let reference = variants[at].name.clone();
    Some(Comparison {
        reference,
        outputs_match,
        variants: compared,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a ratio is shown, not added up")]
pub(super) fn ratio(reference: &Measured, variant: &Measured) -> Option<f64> {
    let (reference, variant) = (reference.size.unpacked.0, variant.size.unpacked.0);
    (variant > 0).then(|| reference as f64 / variant as f64)
}

/// A report's durations are whole microseconds, so that they read back the same.
fn microseconds(time: Duration) -> Duration {
    Duration::from_micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

fn whole_microseconds(run: Run) -> Run {
    Run {
        took: run.took.map(microseconds),
        ..run
    }
}
