use super::Case;
use super::behaviour::behaviour;
use crate::measure::{self, Part};
use crate::model::{
    CauseKind, Change, Changed, Delta, Evolution, Fact, Finding, Gate, GateKind, Grown, Growth,
    Level, Measured, PathChange, Place, Policy, Run,
};

/// Paths that a finding names.
const PATHS_NAMED: usize = 5;

/// Why an image grew, with the share of the growth that is in these parts.
pub(super) struct Parts {
    parts: Vec<Part>,
    explained: f64,
}

/// What became of one variant's image; `before` is its run of then.
pub(super) fn evolution(
    case: &Case<'_>,
    (earlier, now): (&Measured, &Measured),
    before: Option<&Run>,
) -> (Evolution, Parts) {
    let policy = case.policy;
    let counted = Change {
        before: policy.counted(earlier),
        after: policy.counted(now),
    };
    let (parts, explained) = measure::growth(earlier, now, policy);
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
        behaviour: behaviour(before, case.run),
    };
    (evolution, Parts { parts, explained })
}

/// Which limit a part is judged by.
fn gate(part: &Part) -> GateKind {
    match part.kind {
        Some(CauseKind::BaseDrift) => GateKind::BaseDrift,
        Some(CauseKind::SameInstructionNewContent) => GateKind::ContentDrift,
        _ => GateKind::Growth,
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
    [
        gate(
            GateKind::Growth,
            rest,
            Some(policy.max_growth.unwrap_or(Growth::NONE)),
        ),
        gate(GateKind::BaseDrift, base, policy.max_base_drift),
        // Who limits growth means that of what is copied in as well.
        gate(
            GateKind::ContentDrift,
            content,
            policy.max_content_drift.or(policy.max_growth),
        ),
    ]
}

/// What is to be said of it: each instruction that brought too much, what grew within its
/// limit or without one, and that the image shrank.
pub(super) fn grown(case: &Case<'_>, evolution: &Evolution, parts: &Parts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judged in &evolution.gates {
        let mut of_gate = parts.parts.iter().filter(|part| gate(part) == judged.kind);
        let grew = of_gate.clone().filter(|part| part.delta.0 > 0);
        let level = match (judged.passed, judged.limit) {
            (false, _) => Level::Error,
            (true, None) => Level::Warning,
            (true, Some(_)) => Level::Note,
        };
        let told: Vec<Option<&Part>> = match (level, judged.delta.0) {
            (Level::Error, _) if grew.clone().next().is_none() => vec![None],
            (Level::Error | Level::Warning, 1..) => grew.map(Some).collect(),
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
        let finding = |part: Option<&Part>| finding(case, evolution, judged, (part, parts), level);
        findings.extend(told.into_iter().map(finding));
    }
    findings.extend(shrank(case, evolution));
    findings
}

/// What the base lost or gained is no news of an image that is lighter as a whole.
fn shrank(case: &Case<'_>, evolution: &Evolution) -> Option<Finding> {
    let fact = Changed::Shrank {
        counts: evolution.counts,
        counted: evolution.counted,
    };
    (evolution.counted.delta().0 < 0).then(|| Finding {
        level: Level::Note,
        ..case.error(None, Fact::Changed(fact))
    })
}

fn finding(
    case: &Case<'_>,
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
        total: judged.delta,
        limit: judged.limit,
        cause: part.map_or_else(|| of_base(judged), |part| part.kind),
        delta: part.map_or(judged.delta, |part| part.delta),
        instruction: step.map(|step| step.instruction.clone()),
        paths: part.map_or_else(Vec::new, most_grown),
        explained: parts.explained,
    };
    let place: Option<Place> = step.and_then(|step| step.place.clone());
    let line = (judged.kind == GateKind::BaseDrift)
        .then_some(case.base_line)
        .flatten();
    let without = case.error(line, Fact::Changed(Changed::Grew(Box::new(grown))));
    Finding {
        level,
        place: place.or_else(|| without.place.clone()),
        ..without
    }
}

fn of_base(judged: &Gate) -> Option<CauseKind> {
    (judged.kind == GateKind::BaseDrift).then_some(CauseKind::BaseDrift)
}

fn most_grown(part: &Part) -> Vec<PathChange> {
    let grew = part.paths.iter().filter(|path| path.delta().0 > 0);
    grew.take(PATHS_NAMED).cloned().collect()
}
