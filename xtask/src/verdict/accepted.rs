use super::baseline::Earlier;
use super::{behaviour, growth};
use crate::model::{
    Accept, Changed, Fact, Finding, Growth, Level, Measured, Policy, SinceBaseline, VariantReport,
};

/// Accepts what changed in a variant if its policy allows that and the change brings the baseline
/// that was measured. What it accepts stays a note, and one warning asks for a review.
pub(super) fn accept(
    variant: &VariantReport,
    earlier: &Earlier<'_>,
    since: &mut SinceBaseline,
    findings: &mut Vec<Finding>,
) {
    let is_accepted = |finding: &Finding| {
        finding.level == Level::Error && matches!(finding.fact, Fact::Changed(_))
    };
    let is_allowed = variant.policy.accept == Some(Accept::Baseline);
    if !is_allowed || !findings.iter().any(is_accepted) {
        return;
    }
    let Some(proposed) = earlier.proposed_of(&variant.name) else {
        return;
    };
    if !is_what_was_measured(variant, proposed) {
        return;
    }
    for finding in findings.iter_mut().filter(|it| is_accepted(it)) {
        finding.level = Level::Note;
    }
    since.accept();
    findings.push(Finding {
        level: Level::Warning,
        ..variant.error(None, Fact::Changed(Changed::Accepted))
    });
}

/// Whether the proposed baseline is of this image, but for what differs between two builds of
/// the same files.
fn is_what_was_measured(variant: &VariantReport, proposed: &VariantReport) -> bool {
    let (Some(then), Some(now)) = (&proposed.measured, &variant.measured) else {
        return false;
    };
    let is_same = |variant: &VariantReport| {
        let (evolution, _) = growth::evolution(variant, proposed, (then, now));
        let delta = evolution.counted.delta();
        let is_within = evolution.gates.iter().all(|gate| gate.passed);
        delta.0 == 0 || (is_within && Growth::is_small(delta, evolution.counts))
    };
    let whole = VariantReport {
        policy: Policy::default(),
        ..variant.clone()
    };
    let base = |it: &Measured| {
        let reference = it.base.as_ref().map(|it| it.reference.clone());
        (reference, it.size.base)
    };
    is_same(variant)
        && is_same(&whole)
        && base(then) == base(now)
        && behaviour::changes(variant, proposed).is_empty()
}
