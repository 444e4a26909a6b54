use super::behaviour::behaviour;
use crate::measure::{self, BroughtBy, Part};
use crate::model::{
    Bytes, CauseKind, Change, Changed, CopiedFile, Delta, Evolution, Fact, Finding, Gate, GateKind,
    Grown, Growth, Input, InputPlace, Level, Measure, Measured, PathChange, Place, Policy,
    VariantReport,
};

/// Changed inputs that a finding names.
const INPUTS_NAMED: usize = 3;

/// A copied file is named if it is at least one part in so many of the growth.
const WORTH: i64 = 10;

/// Paths that a finding names.
const PATHS_NAMED: usize = 5;

/// Why an image grew, with the share of the growth that is in these parts.
pub(super) struct Parts {
    all: Vec<Part>,
    explained: f64,
    /// What the build reads and what is not what it was.
    inputs: Vec<Input>,
    /// Copied files of the context that grew, with their growth.
    copied: Vec<(CopiedFile, Delta)>,
}

impl Parts {
    /// The changed inputs that a part follows from: what a `.dockerignore` says, then the files
    /// that grew, then the nearest.
    fn inputs_of(&self, part: Option<&Part>, gate: GateKind) -> Vec<InputPlace> {
        let step = part.and_then(|part| part.step.as_ref());
        let line = step.and_then(|step| step.place.as_ref()?.line);
        let copies = step.is_some_and(|step| step.instruction.starts_with("COPY "));
        let is_read = |input: &&Input| match (gate, input.used_at, &input.argument) {
            (GateKind::BaseDrift, _, argument) => argument.is_some(),
            (GateKind::Growth, Some(at), _) => line.is_some_and(|line| at <= line),
            (GateKind::Growth, None, None) => copies,
            (GateKind::ContentDrift, _, _) | (GateKind::Growth, None, Some(_)) => false,
        };
        let mut read: Vec<&Input> = self.inputs.iter().filter(is_read).collect();
        read.sort_by_key(|input| std::cmp::Reverse(input.used_at));
        let (rest, ignores): (Vec<&Input>, Vec<&Input>) =
            read.into_iter().partition(|input| input.used_at.is_some());
        let delta = part.map_or(Delta(0), |part| part.delta);
        let grew = self.copied.iter().filter(|(copied, growth)| {
            Some(copied.used_at) == line && growth.0.saturating_mul(WORTH) >= delta.0
        });
        let mut named: Vec<InputPlace> = ignores.into_iter().map(Into::into).collect();
        named.extend(grew.map(|(copied, _)| copied.into()));
        for input in rest.into_iter().map(InputPlace::from) {
            if !named.contains(&input) {
                named.push(input);
            }
        }
        named.truncate(INPUTS_NAMED);
        named
    }
}

/// What became of one variant's image; `before` is what it was.
pub(super) fn evolution(
    variant: &VariantReport,
    before: &VariantReport,
    (earlier, now): (&Measured, &Measured),
) -> (Evolution, Parts) {
    let policy = &variant.policy;
    // Where only one side knows the kit's own files, they can't be left out of both.
    let (of_earlier, of_now);
    let (earlier, now) = if earlier.excluded.is_some() && now.excluded.is_some() {
        (of_earlier, of_now) = (
            measure::without_own_files(earlier),
            measure::without_own_files(now),
        );
        (&*of_earlier, &*of_now)
    } else {
        (earlier, now)
    };
    let counted = Change {
        before: policy.counted(earlier),
        after: policy.counted(now),
    };
    let inputs = variant.made_from.changed_since(&before.made_from);
    let inputs: Vec<Input> = inputs.into_iter().flatten().cloned().collect();
    let changed_at: Vec<u32> = inputs.iter().filter_map(|input| input.used_at).collect();
    let (parts, explained) = measure::growth(earlier, now, policy, &changed_at);
    let mut diff = measure::compare(earlier, now);
    for cause in &mut diff.causes {
        cause.paths.truncate(Evolution::MOST_PATHS);
    }
    let reference = |measured: &Measured| measured.base.as_ref().map(|it| it.reference.clone());
    let evolution = Evolution {
        bases: [reference(earlier), reference(now)],
        counts: policy.counts,
        counted,
        diff,
        gates: gates(policy, counted, &parts),
        is_accepted: false,
        behaviour: behaviour(before.run.as_ref(), variant.run.as_ref()),
    };
    let mut copied: Vec<(CopiedFile, Delta)> = variant
        .made_from
        .grown_since(&before.made_from)
        .into_iter()
        .map(|(file, growth)| (file.clone(), growth))
        .collect();
    copied.sort_by_key(|(_, growth)| std::cmp::Reverse(*growth));
    let parts = Parts {
        all: parts,
        explained,
        inputs,
        copied,
    };
    (evolution, parts)
}

/// Which limit a part is judged by.
fn gate(part: &Part) -> GateKind {
    match part.brought_by {
        BroughtBy::Base => GateKind::BaseDrift,
        BroughtBy::Change => GateKind::Growth,
        BroughtBy::Drift => GateKind::ContentDrift,
    }
}

fn gates(policy: &Policy, counted: Change, parts: &[Part]) -> [Gate; 3] {
    let drift = |kind| -> Delta {
        let of_kind = parts.iter().filter(|part| gate(part) == kind);
        of_kind.map(|part| part.delta).sum()
    };
    let (base, content) = (drift(GateKind::BaseDrift), drift(GateKind::ContentDrift));
    let drifted = base.0.saturating_add(content.0);
    // Growth that no part explains is growth.
    let rest = Delta(counted.delta().0.saturating_sub(drifted));
    let gate = |kind, delta, limit: Option<Growth>| Gate {
        kind,
        delta,
        limit,
        passed: !limit.is_some_and(|limit| limit.is_exceeded_by(delta, counted.before)),
    };
    let default = || Growth::default_of(counted.before, policy.counts);
    let limit = policy.max_growth.unwrap_or_else(default);
    let mut growth = gate(GateKind::Growth, rest, Some(limit));
    let drift_limit = policy.max_content_drift.unwrap_or(limit);
    let mut drift = gate(GateKind::ContentDrift, content, Some(drift_limit));
    if policy.max_content_drift.is_none() {
        judge_together(&mut growth, &mut drift, limit, counted.before);
    }
    let base = gate(GateKind::BaseDrift, base, policy.max_base_drift);
    [growth, base, drift]
}

/// Growth and drift share a limit. If their sum exceeds it, those that exceed it alone fail; if
/// neither does, all that grew.
fn judge_together(growth: &mut Gate, drift: &mut Gate, limit: Growth, before: Bytes) {
    let sum = Delta(growth.delta.0.saturating_add(drift.delta.0));
    let is_too_much = limit.is_exceeded_by(sum, before);
    let fails_alone = !growth.passed || !drift.passed;
    for gate in [growth, drift] {
        let fails = if fails_alone {
            !gate.passed
        } else {
            gate.delta.0 > 0
        };
        gate.passed = !(is_too_much && fails);
    }
}

/// What is to be said of it: each instruction that brought too much, what grew within its
/// limit or without one, and that the image shrank.
pub(super) fn grown(variant: &VariantReport, evolution: &Evolution, parts: &Parts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judged in &evolution.gates {
        let mut of_gate = parts.all.iter().filter(|part| gate(part) == judged.kind);
        let grew = of_gate.clone().filter(|part| part.delta.0 > 0);
        let level = match (judged.passed, judged.limit) {
            (false, _) => Level::Error,
            (true, None) => Level::Warning,
            (true, Some(_)) => Level::Note,
        };
        let told: Vec<Option<&Part>> = match (level, judged.delta.0) {
            (Level::Error, _) if grew.clone().next().is_none() => vec![None],
            (Level::Error | Level::Warning, 1..) => notable(grew.collect(), evolution.counts),
            (_, 1..) => vec![of_gate.next()],
            // A base that is another and no heavier is news all the same.
            _ if judged.kind == GateKind::BaseDrift && evolution.has_drifted() => vec![None],
            _ => Vec::new(),
        };
        let level = if judged.delta.0 > 0 {
            level
        } else {
            Level::Note
        };
        let finding =
            |part: Option<&Part>| finding(variant, evolution, judged, (part, parts), level);
        findings.extend(told.into_iter().map(finding));
    }
    findings.extend(shrank(variant, evolution));
    findings
}

/// The parts to report one by one: beside a large one, small ones are not news.
fn notable(grew: Vec<&Part>, counts: Measure) -> Vec<Option<&Part>> {
    let is_large = |part: &&Part| !Growth::is_small(part.delta, counts);
    let has_large = grew.iter().any(is_large);
    let parts = grew.into_iter().filter(|part| !has_large || is_large(part));
    parts.map(Some).collect()
}

/// What the base lost or gained is no news of an image that is lighter as a whole. A large loss
/// may be a broken install.
fn shrank(variant: &VariantReport, evolution: &Evolution) -> Option<Finding> {
    let fact = Changed::Shrank {
        counts: evolution.counts,
        counted: evolution.counted,
    };
    let level = if evolution.is_large_loss() {
        Level::Warning
    } else {
        Level::Note
    };
    (evolution.counted.delta().0 < 0).then(|| Finding {
        level,
        ..variant.error(None, Fact::Changed(fact))
    })
}

fn finding(
    variant: &VariantReport,
    evolution: &Evolution,
    judged: &Gate,
    (part, parts): (Option<&Part>, &Parts),
    level: Level,
) -> Finding {
    let step = part.and_then(|part| part.step.as_ref());
    let grown = Grown {
        gate: judged.kind,
        counts: evolution.counts,
        counted: evolution.counted,
        total: total(judged, evolution),
        limit: judged.limit,
        cause: part.map_or_else(|| of_base(judged), |part| part.kind),
        delta: part.map_or(judged.delta, |part| part.delta),
        instruction: step.map(|step| step.instruction.clone()),
        paths: part.map_or_else(Vec::new, most_grown),
        inputs: parts.inputs_of(part, judged.kind),
        explained: parts.explained,
    };
    let place: Option<Place> = step.and_then(|step| step.place.clone());
    let line = (judged.kind == GateKind::BaseDrift)
        .then_some(variant.base_line)
        .flatten();
    let without = variant.error(line, Fact::Changed(Changed::Grew(Box::new(grown))));
    Finding {
        level,
        place: place.or_else(|| without.place.clone()),
        ..without
    }
}

/// All growth that the limit is for: growth and drift may share one.
fn total(judged: &Gate, evolution: &Evolution) -> Delta {
    let [growth, base, drift] = evolution.gates;
    let is_shared = judged.kind != base.kind && growth.limit == drift.limit;
    let exceeds = |delta| {
        judged
            .limit
            .is_some_and(|it| it.is_exceeded_by(delta, evolution.counted.before))
    };
    if is_shared && !judged.passed && !exceeds(judged.delta) {
        return Delta(growth.delta.0.saturating_add(drift.delta.0));
    }
    judged.delta
}

fn of_base(judged: &Gate) -> Option<CauseKind> {
    (judged.kind == GateKind::BaseDrift).then_some(CauseKind::BaseDrift)
}

/// Summed up to the directories that explain most.
fn most_grown(part: &Part) -> Vec<PathChange> {
    let mut rolled = measure::rolled_up(&part.paths);
    rolled.retain(|path| path.delta().0 > 0);
    rolled.truncate(PATHS_NAMED);
    rolled
}
