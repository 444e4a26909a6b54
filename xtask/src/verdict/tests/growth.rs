use super::made::{APT, BEFORE, at_most, case, grown, judged, measured, told};
use crate::model::{
    Bytes, CauseKind, Changed, Delta, Fact, Fate, GateKind, Level, Measure, Outcome, Policy, Rule,
    WastedPath,
};

#[test]
fn what_did_not_change_is_not_spoken_of() {
    let (findings, evolution) = grown(&BEFORE, &BEFORE, &Policy::default());
    assert_eq!(findings, []);
    assert!(evolution.gates.iter().all(|gate| gate.passed));
}

#[test]
fn without_a_limit_a_new_instruction_is_too_much_and_its_line_is_named() {
    let mut after = BEFORE.to_vec();
    after.insert(2, (9, Some("RUN dd"), 3_000_000, 0));
    let (findings, _) = grown(&BEFORE, &after, &Policy::default());
    assert_eq!(told(&findings), [(Level::Error, Rule::Growth, Some(12))]);
    let Fact::Changed(Changed::Grew(grown)) = &findings[0].fact else {
        panic!()
    };
    assert_eq!(grown.cause, Some(CauseKind::Added));
    assert_eq!(grown.instruction.as_deref(), Some("RUN dd"));
    assert_eq!(grown.delta, Delta(3_000_000));
    assert_eq!(grown.paths[0].path.to_string(), "dir-9");
    assert!(grown.explained >= 0.999);
}

#[test]
fn each_kind_of_growth_has_a_limit_of_its_own() {
    let after = [
        (11, None, 1_100, 0),
        (12, Some(APT), 520, 0),
        (13, Some("COPY src /"), 47, 0),
    ];
    let (findings, evolution) = grown(&BEFORE, &after, &Policy::default());
    assert_eq!(
        told(&findings),
        [
            (Level::Error, Rule::Growth, Some(12)),
            (Level::Warning, Rule::BaseDrift, Some(3)),
            (Level::Warning, Rule::ContentDrift, Some(11)),
        ]
    );
    let deltas = evolution.gates.map(|gate| (gate.kind, gate.delta.0));
    assert_eq!(
        deltas,
        [
            (GateKind::Growth, 7),
            (GateKind::BaseDrift, 100),
            (GateKind::ContentDrift, 20)
        ]
    );
    let strict = Policy {
        max_growth: Some(at_most(7)),
        max_base_drift: Some(at_most(99)),
        max_content_drift: Some(at_most(20)),
        ..Policy::default()
    };
    let (findings, _) = grown(&BEFORE, &after, &strict);
    assert_eq!(
        told(&findings),
        [
            (Level::Error, Rule::BaseDrift, Some(3)),
            (Level::Note, Rule::Growth, Some(12)),
            (Level::Note, Rule::ContentDrift, Some(11)),
        ]
    );
}

#[test]
fn a_limit_on_growth_is_one_on_what_is_copied_in_unless_that_has_its_own() {
    let after = [BEFORE[0], (12, Some(APT), 520, 0), BEFORE[2]];
    let levels = |growth, content| {
        let policy = Policy {
            max_growth: growth,
            max_content_drift: content,
            ..Policy::default()
        };
        let (findings, _) = grown(&BEFORE, &after, &policy);
        findings.into_iter().map(|it| it.level).collect::<Vec<_>>()
    };
    assert_eq!(levels(None, None), [Level::Warning]);
    assert_eq!(levels(Some(at_most(19)), None), [Level::Error]);
    assert_eq!(levels(Some(at_most(20)), None), [Level::Note]);
    assert_eq!(levels(Some(at_most(19)), Some(at_most(20))), [Level::Note]);
}

#[test]
fn the_largest_growth_comes_first_and_what_shrank_is_not_blamed() {
    let after = [
        (1, None, 1_000, 0),
        (2, Some(APT), 500, 0),
        (20, Some("RUN a"), 5, 0),
        (21, Some("RUN b"), 70, 0),
    ];
    let (findings, _) = grown(&BEFORE, &after, &Policy::default());
    assert_eq!(
        told(&findings),
        [
            (Level::Error, Rule::Growth, Some(13)),
            (Level::Error, Rule::Growth, Some(12))
        ]
    );
}

#[test]
fn a_base_that_is_another_and_no_heavier_is_told() {
    let lighter = [(11, None, 900, 0), BEFORE[1], BEFORE[2]];
    let (findings, _) = grown(&BEFORE, &lighter, &Policy::default());
    assert_eq!(
        told(&findings),
        [
            (Level::Note, Rule::BaseDrift, Some(3)),
            (Level::Note, Rule::Shrank, None)
        ]
    );
}

#[test]
fn a_shrink_is_praised() {
    let (findings, _) = grown(&BEFORE, &BEFORE[..2], &Policy::default());
    assert_eq!(told(&findings), [(Level::Note, Rule::Shrank, None)]);
}

#[test]
fn growth_is_of_what_the_policy_counts() {
    let with = |counts| Policy {
        counts,
        ..Policy::default()
    };
    let mut after = BEFORE.to_vec();
    after[0] = (11, None, 9_000, 0);
    after[1].3 = 30;
    after.push((14, Some("RUN rm"), 0, 0));
    let deltas = |counts| {
        let (_, evolution) = grown(&BEFORE, &after, &with(counts));
        evolution.gates.map(|gate| gate.delta.0)
    };
    assert_eq!(deltas(Measure::Unpacked), [0, 8_000, 0]);
    assert_eq!(deltas(Measure::Own), [0, 0, 0]);
    assert_eq!(deltas(Measure::Wasted), [30, 0, 0]);
    assert_eq!(deltas(Measure::Layers), [1, 0, 0]);
    let (findings, _) = grown(&BEFORE, &after, &with(Measure::Wasted));
    assert_eq!(told(&findings)[0], (Level::Error, Rule::Growth, Some(11)));
}

#[test]
fn allowed_waste_is_not_counted() {
    let mut wasteful = measured(&[(1, None, 1_000, 0), (2, Some(APT), 500, 100)]);
    wasteful.waste = ["var/cache/x", "var/cachet"]
        .map(|path| WastedPath {
            path: path.into(),
            bytes: Bytes(50),
            layer: 1,
            fate: Fate::Deleted,
        })
        .to_vec();
    let policy = Policy {
        counts: Measure::Wasted,
        allow_waste: vec!["var/cache".to_owned()],
        ..Policy::default()
    };
    assert_eq!(policy.counted(&wasteful), Bytes(50));
    let before = measured(&[(1, None, 1_000, 0)]);
    let (verdict, baseline) = judged(
        &[case("multi", &before, &policy)],
        &[case("multi", &wasteful, &policy)],
    );
    assert_eq!(verdict.outcome, Outcome::Rejected);
    assert_eq!(baseline.of("multi").unwrap().gates[0].delta, Delta(50));
}
