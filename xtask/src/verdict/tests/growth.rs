use super::made::{APT, BEFORE, COPY, Made, at_most, grown, judged, measured, told, variant};
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
            (Level::Warning, Rule::BaseDrift, Some(3)),
            (Level::Note, Rule::Growth, Some(12)),
            (Level::Note, Rule::ContentDrift, Some(11)),
        ]
    );
    assert!(!findings.iter().any(crate::model::Finding::is_worth_a_note));
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

/// With a base and an instruction that weigh `base`, and so many bytes more of each kind.
fn weighing(base: u64, change: u64, drift: u64) -> [Made; 3] {
    [
        (1, None, base, 0),
        (20 + u8::from(drift > 0), Some(APT), 500 + drift, 0),
        (30 + u8::from(change > 0), Some(COPY), 40 + change, 0),
    ]
}

#[test]
fn where_no_limit_is_stated_it_is_the_smaller_of_1_mb_and_10_percent_but_at_least_4_kib() {
    for (base, most) in [(100, 4_096), (99_460, 10_000), (99_999_460, 1_000_000)] {
        for by in [0, 1] {
            let level = |bytes: u64| {
                let (change, drift) = if by == 0 { (bytes, 0) } else { (0, bytes) };
                let (findings, evolution) = grown(
                    &weighing(base, 0, 0),
                    &weighing(base, change, drift),
                    &Policy::default(),
                );
                let limits = evolution.gates.map(|gate| gate.limit);
                assert_eq!(limits, [Some(at_most(most)), None, Some(at_most(most))]);
                assert_eq!(findings.len(), 1, "{findings:?}");
                let rule = [Rule::Growth, Rule::ContentDrift][by];
                assert_eq!(findings[0].fact.rule(), rule);
                findings[0].level
            };
            assert_eq!(level(most), Level::Note, "{most} of {base}");
            assert_eq!(level(most + 1), Level::Error, "{most} of {base}");
        }
    }
}

#[test]
fn growth_and_drift_count_together_and_are_reported_apart() {
    let of = |change, drift| {
        let base = 50_000_000;
        let policy = Policy::default();
        let (findings, _) = grown(
            &weighing(base, 0, 0),
            &weighing(base, change, drift),
            &policy,
        );
        told(&findings)
    };
    let (growth, drift) = (Rule::Growth, Rule::ContentDrift);
    assert_eq!(
        of(500_000, 500_000),
        [
            (Level::Note, growth, Some(12)),
            (Level::Note, drift, Some(11))
        ]
    );
    assert_eq!(
        of(500_000, 500_001),
        [
            (Level::Error, growth, Some(12)),
            (Level::Error, drift, Some(11))
        ]
    );
    assert_eq!(
        of(2_000_000, 5_000),
        [
            (Level::Error, growth, Some(12)),
            (Level::Note, drift, Some(11))
        ]
    );
}

#[test]
fn what_follows_a_changed_file_or_instruction_is_no_drift() {
    let pip = "RUN pip install -r requirements.txt";
    let before = [
        (1, None, 9_000, 0),
        (2, Some("COPY requirements.txt ./"), 20, 0),
        (3, Some(pip), 9_000, 0),
    ];
    let rule = |after: &[Made]| {
        let (findings, _) = grown(&before, after, &Policy::default());
        told(&findings)[0].1
    };
    let with = |requirements: u64| {
        let mut after = before;
        after[2] = (13, Some(pip), 99_000, 0);
        if requirements != 20 {
            after[1] = (12, after[1].1, requirements, 0);
        }
        after
    };
    let other = |text: &'static str| {
        let mut after = with(20);
        after[1] = (12, Some(text), 20, 0);
        after
    };
    assert_eq!(rule(&with(20)), Rule::ContentDrift);
    assert_eq!(rule(&with(27)), Rule::Growth);
    assert_eq!(rule(&other("COPY requirements.txt /app/")), Rule::Growth);
    let history = "/bin/sh -c #(nop) COPY file:0123456789ab in ./ ";
    let text = |step: &'static str, bytes| [before[0], (5, Some(step), bytes, 0), before[2]];
    let (findings, _) = grown(
        &text(history, 20),
        &{
            let mut after = text(history, 21);
            after[1].0 = 6;
            after[2] = (13, Some(pip), 99_000, 0);
            after
        },
        &Policy::default(),
    );
    assert_eq!(told(&findings)[0].1, Rule::Growth);
}

#[test]
fn a_limit_on_growth_is_one_on_drift_unless_that_has_its_own() {
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
    assert_eq!(levels(None, None), [Level::Note]);
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
    let strict = Policy {
        max_growth: Some(at_most(0)),
        ..Policy::default()
    };
    let (findings, _) = grown(&BEFORE, &after, &strict);
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
fn beside_a_large_growth_small_ones_are_no_findings() {
    let mut after = BEFORE.to_vec();
    after.push((20, Some("RUN a"), 4_095, 0));
    after.push((21, Some("RUN b"), 70_000, 0));
    let (findings, _) = grown(&BEFORE, &after, &Policy::default());
    assert_eq!(told(&findings), [(Level::Error, Rule::Growth, Some(14))]);
}

#[test]
fn a_shrink_is_a_note_and_a_loss_of_more_than_a_third_a_warning() {
    let (findings, _) = grown(&BEFORE, &BEFORE[..2], &Policy::default());
    assert_eq!(told(&findings), [(Level::Note, Rule::Shrank, None)]);
    let with = |bytes| [BEFORE[0], (2, Some(APT), bytes, 0)];
    let level = |bytes| {
        let (findings, _) = grown(&with(29_000), &with(bytes), &Policy::default());
        told(&findings)
    };
    assert_eq!(level(19_000), [(Level::Note, Rule::Shrank, None)]);
    assert_eq!(level(18_999), [(Level::Warning, Rule::Shrank, None)]);
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
    assert_eq!(told(&findings)[0], (Level::Note, Rule::Growth, Some(11)));
    let (findings, _) = grown(&BEFORE, &after, &with(Measure::Layers));
    assert_eq!(told(&findings)[0].0, Level::Error);
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
        max_growth: Some(at_most(0)),
        allow_waste: vec!["var/cache".to_owned()],
        ..Policy::default()
    };
    assert_eq!(policy.counted(&wasteful), Bytes(50));
    let before = measured(&[(1, None, 1_000, 0)]);
    let (verdict, baseline) = judged(
        &[variant("multi", &before, &policy)],
        &[variant("multi", &wasteful, &policy)],
    );
    assert_eq!(verdict.outcome, Outcome::Rejected);
    assert_eq!(baseline.of("multi").unwrap().gates[0].delta, Delta(50));
}
