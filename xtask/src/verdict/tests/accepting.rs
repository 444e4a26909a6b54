use super::made::{APT, BEFORE, Made, measured, variant};
use crate::model::{
    Accept, Changed, Fact, Level, Outcome, Policy, PolicySource, Rule, VariantReport, Verdict,
};
use crate::verdict::{Earlier, judge};

const GROWN: [Made; 3] = [BEFORE[0], (12, Some(APT), 5_000_500, 0), BEFORE[2]];

fn policy(accept: Option<Accept>) -> Policy {
    Policy {
        accept,
        ..Policy::default()
    }
}

fn of(name: &str, layers: &[Made], accept: Option<Accept>) -> VariantReport {
    variant(name, &measured(layers), &policy(accept))
}

/// Judged by `before`, where the change brings `proposed`.
fn judged(
    before: &[VariantReport],
    proposed: Option<&[VariantReport]>,
    after: &[VariantReport],
) -> Verdict {
    let earlier = Earlier {
        created: None,
        policy: PolicySource::Baseline,
        variants: before,
        left_out: &[],
        stated: &[],
        proposed,
        name: None,
    };
    judge(after, Some(&earlier)).0
}

fn rules(verdict: &Verdict) -> Vec<(Level, Rule)> {
    assert!(verdict.is_consistent());
    let findings = verdict.findings.iter();
    findings.map(|it| (it.level, it.fact.rule())).collect()
}

#[test]
fn growth_is_accepted_by_the_baseline_that_was_measured_where_the_policy_allows_it() {
    let allowed = Some(Accept::Baseline);
    let drift = Rule::ContentDrift;
    let outcome = |accept, proposed: Option<&[Made]>| {
        let before = [of("web", &BEFORE, accept)];
        let proposed = proposed.map(|layers| vec![of("web", layers, accept)]);
        judged(&before, proposed.as_deref(), &[of("web", &GROWN, accept)])
    };
    let accepted = outcome(allowed, Some(&GROWN));
    assert_eq!(accepted.outcome, Outcome::Accepted);
    assert_eq!(
        rules(&accepted),
        [(Level::Warning, Rule::Accepted), (Level::Note, drift)]
    );
    let error = [(Level::Error, drift)];
    assert_eq!(rules(&outcome(None, Some(&GROWN))), error, "not allowed");
    assert_eq!(rules(&outcome(allowed, None)), error, "no baseline");
    assert_eq!(
        rules(&outcome(allowed, Some(&BEFORE))),
        error,
        "the old one"
    );
    let mut almost = GROWN;
    almost[1].2 -= 4_096;
    assert_eq!(rules(&outcome(allowed, Some(&almost))), error, "another");
    // Two builds of the same files differ by a little.
    almost[1].2 += 1;
    assert_eq!(outcome(allowed, Some(&almost)).outcome, Outcome::Accepted);
    let mut other_base = GROWN;
    other_base[0] = (11, None, 1_001, 0);
    assert_eq!(rules(&outcome(allowed, Some(&other_base))), error);
}

#[test]
fn a_budget_is_not_accepted_by_a_baseline() {
    let mut after = of("web", &GROWN, Some(Accept::Baseline));
    after.policy.budget = Some(crate::model::Bytes(9));
    let before = [of("web", &BEFORE, Some(Accept::Baseline))];
    let proposed = [after.clone()];
    let verdict = judged(&before, Some(&proposed), &[after]);
    assert_eq!(rules(&verdict)[0], (Level::Error, Rule::Budget));
}

#[test]
fn a_service_that_goes_with_its_part_of_the_baseline_is_not_missing() {
    let before = [of("web", &BEFORE, None), of("old", &BEFORE, None)];
    let after = [of("web", &BEFORE, None)];
    let gone = judged(&before, Some(&after), &after);
    assert_eq!(rules(&gone), [(Level::Note, Rule::RemovedVariant)]);
    assert!(matches!(
        gone.findings[0].fact,
        Fact::Changed(Changed::RemovedVariant)
    ));
    for proposed in [None, Some(&before[..])] {
        let missing = judged(&before, proposed, &after);
        assert_eq!(rules(&missing), [(Level::Error, Rule::MissingVariant)]);
    }
}
