use proptest::prelude::*;

use super::{Case, Earlier, comparable, judge};
use crate::model::{
    Base, Baseline, Bytes, CauseKind, Changed, Delta, Digest, Evolution, Fact, Finding, GateKind,
    Growth, Incomparable, LayerSize, Level, Measure, Measured, Origin, Outcome, Place, Platform,
    Policy, PolicySource, Rule, Since, Size, Step, Tree, TreeEntry, Verdict, Verified,
};

/// A layer: its content, where it is from, and what it weighs and wastes.
type Made = (u8, Option<&'static str>, u64, u64);

const APT: &str = "RUN apt-get install gcc";
const COPY: &str = "COPY . /";

/// From the lowest; a layer without an instruction is the base's.
fn measured(layers: &[Made]) -> Measured {
    let mut size = Size::default();
    let mut tree = Tree::default();
    let mut made = Vec::new();
    for (layer, (content, text, unpacked, wasted)) in layers.iter().enumerate() {
        let bytes = Bytes(*unpacked);
        size.unpacked += bytes;
        match text {
            Some(_) => size.own += bytes,
            None => size.base += bytes,
        }
        size.wasted.deleted += Bytes(*wasted);
        tree.entries.push(TreeEntry {
            path: format!("dir-{content}").as_str().into(),
            bytes,
            layer,
        });
        made.push(LayerSize {
            diff_id: Digest::from_hash([*content; 32]),
            origin: text.map_or(Origin::Base, |_| Origin::Own),
            step: text.map(|text| Step {
                stage: None,
                instruction: text.to_owned(),
                place: Some(Place {
                    dockerfile: "Dockerfile".to_owned(),
                    line: u32::try_from(10 + layer).ok(),
                }),
            }),
            unpacked: bytes,
            packed: None,
            files: 1,
            wasted: Bytes(*wasted),
        });
    }
    size.live = Bytes(size.unpacked.0 - size.wasted.total().0);
    Measured {
        image_id: Digest::from_hash([0; 32]),
        platform: Platform::parse("linux/amd64").unwrap(),
        verified: Verified::Whole,
        base: Some(Base {
            reference: "python:3.13".to_owned(),
            id: None,
            stand_in: false,
        }),
        size,
        layers: made,
        tree,
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
    }
}

fn case<'a>(name: &'a str, measured: &'a Measured, policy: &'a Policy) -> Case<'a> {
    Case {
        name,
        role: None,
        policy,
        stated: policy,
        dockerfile: Some("Dockerfile"),
        command_line: None,
        base_line: Some(3),
        failure: None,
        measured: Some(measured),
        run: None,
    }
}

fn judged(before: &[Case<'_>], after: &[Case<'_>]) -> (Verdict, Baseline) {
    let earlier = Earlier {
        created: None,
        policy: PolicySource::File,
        cases: before.to_vec(),
        left_out: &[],
    };
    let (verdict, baseline) = judge(after, Some(&earlier));
    (verdict, baseline.unwrap())
}

fn grown(before: &[Made], after: &[Made], policy: &Policy) -> (Vec<Finding>, Evolution) {
    let (before, after) = (measured(before), measured(after));
    let plain = Policy::default();
    let (verdict, baseline) = judged(
        &[case("multi", &before, &plain)],
        &[case("multi", &after, policy)],
    );
    assert!(verdict.is_consistent());
    let findings = verdict.findings.into_iter();
    let findings = findings.filter(|it| it.fact.rule() != Rule::PolicyDiffers);
    (findings.collect(), baseline.of("multi").unwrap().clone())
}

fn told(findings: &[Finding]) -> Vec<(Level, Rule, Option<u32>)> {
    let line = |finding: &Finding| finding.place.as_ref().and_then(|place| place.line);
    findings
        .iter()
        .map(|it| (it.level, it.fact.rule(), line(it)))
        .collect()
}

fn at_most(bytes: u64) -> Growth {
    Growth {
        bytes: Some(Bytes(bytes)),
        percent: None,
    }
}

const BEFORE: [Made; 3] = [
    (1, None, 1_000, 0),
    (2, Some(APT), 500, 0),
    (3, Some(COPY), 40, 0),
];

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
        .map(|path| crate::model::WastedPath {
            path: path.into(),
            bytes: Bytes(50),
            layer: 1,
            fate: crate::model::Fate::Deleted,
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

#[test]
fn a_new_variant_is_told_and_a_missing_one_is_an_error_unless_left_out() {
    let image = measured(&BEFORE);
    let policy = Policy::default();
    let (before, after) = (
        [case("old", &image, &policy)],
        [case("new", &image, &policy)],
    );
    let (verdict, baseline) = judged(&before, &after);
    assert_eq!(
        told(&verdict.findings),
        [
            (Level::Error, Rule::MissingVariant, None),
            (Level::Warning, Rule::NewVariant, None)
        ]
    );
    let states: Vec<_> = baseline.variants.iter().map(|it| &it.state).collect();
    assert_eq!(states, [&Since::New, &Since::Missing]);
    let left_out = ["old".to_owned()];
    let earlier = Earlier {
        created: None,
        policy: PolicySource::File,
        cases: before.to_vec(),
        left_out: &left_out,
    };
    let (verdict, _) = judge(&after, Some(&earlier));
    assert_eq!(verdict.outcome, Outcome::Accepted);
}

#[test]
fn an_image_that_is_not_there_and_did_not_fail_to_build_is_missing() {
    let image = measured(&BEFORE);
    let policy = Policy::default();
    let without = Case {
        measured: None,
        ..case("multi", &image, &policy)
    };
    let (verdict, _) = judged(&[case("multi", &image, &policy)], &[without]);
    assert_eq!(
        told(&verdict.findings),
        [(Level::Error, Rule::MissingVariant, None)]
    );
}

#[test]
fn a_policy_that_differs_is_told_with_both_values() {
    let image = measured(&BEFORE);
    let (loose, strict) = (
        Policy {
            max_growth: Some(at_most(1 << 20)),
            ..Policy::default()
        },
        Policy {
            max_growth: Some(at_most(4_096)),
            ..Policy::default()
        },
    );
    let after = Case {
        policy: &strict,
        stated: &loose,
        ..case("multi", &image, &strict)
    };
    let (verdict, _) = judged(&[case("multi", &image, &strict)], &[after]);
    let [finding] = &verdict.findings[..] else {
        panic!("{:?}", verdict.findings)
    };
    let Fact::Changed(Changed::Policy { file, baseline, .. }) = &finding.fact else {
        panic!()
    };
    assert_eq!(
        (file.as_deref(), baseline.as_deref()),
        (Some("1MiB"), Some("4KiB"))
    );
}

#[test]
fn another_tag_drifts_and_another_base_is_not_comparable() {
    let before = measured(&BEFORE);
    let policy = Policy::default();
    let found = |change: &dyn Fn(&mut Measured)| {
        let mut after = before.clone();
        change(&mut after);
        let sides = (
            [case("multi", &before, &policy)],
            [case("multi", &after, &policy)],
        );
        comparable([Some("ex08"), Some("ex08")], &sides.0, &sides.1)
    };
    let on = |reference: &'static str| {
        move |image: &mut Measured| {
            reference.clone_into(&mut image.base.as_mut().unwrap().reference);
        }
    };
    assert_eq!(found(&|_| {}), Ok(()));
    assert_eq!(
        found(&on("docker.io/library/python:3.14@sha256:12")),
        Ok(())
    );
    assert!(matches!(
        found(&on("debian:13")),
        Err(Incomparable::Base { .. })
    ));
    assert!(matches!(
        found(&|image| image.base = None),
        Err(Incomparable::Base { after: None, .. })
    ));
    assert!(matches!(
        found(&|image| image.base.as_mut().unwrap().stand_in = true),
        Err(Incomparable::StandIn { .. })
    ));
    assert!(matches!(
        found(&|image| image.platform.arch = "arm64".to_owned()),
        Err(Incomparable::Platform { .. })
    ));
    assert!(matches!(
        comparable([Some("ex08"), None], &[], &[]),
        Err(Incomparable::Lab { .. })
    ));
}

fn layers() -> impl Strategy<Value = Vec<Made>> {
    let text = prop_oneof![
        Just(None),
        Just(Some(APT)),
        Just(Some(COPY)),
        Just(Some("COPY b /")),
        Just(Some("RUN make")),
    ];
    let layer = (0_u8..12, text, 0_u64..1_000_000).prop_flat_map(|(content, text, bytes)| {
        (Just(content), Just(text), Just(bytes), 0..=bytes)
    });
    prop::collection::vec(layer, 0..8)
}

fn policy() -> impl Strategy<Value = Policy> {
    let counts = prop_oneof![
        Just(Measure::Unpacked),
        Just(Measure::Own),
        Just(Measure::Wasted),
        Just(Measure::Layers),
    ];
    let limit = || {
        let growth = (
            prop::option::of(0_u64..100_000),
            prop::option::of(0.0..50.0),
        );
        prop::option::of(growth.prop_map(|(bytes, percent)| Growth {
            bytes: bytes.map(Bytes),
            percent,
        }))
    };
    (counts, limit(), limit(), limit()).prop_map(|(counts, growth, base, content)| Policy {
        counts,
        max_growth: growth,
        max_base_drift: base,
        max_content_drift: content,
        ..Policy::default()
    })
}

/// One content weighs the same wherever it lies, as a layer's digest makes sure.
fn weighed(mut layers: Vec<Made>, weights: &[u64]) -> Vec<Made> {
    for layer in &mut layers {
        layer.2 = weights[usize::from(layer.0)];
        layer.3 = layer.3.min(layer.2);
    }
    layers
}

proptest! {
    /// Every regression is explained, the gates add up, and a verdict is an error exactly
    /// when a gate is not passed.
    #[test]
    fn all_growth_is_explained_and_judged_once(
        before in layers(),
        after in layers(),
        weights in prop::collection::vec(0_u64..1_000_000, 12),
        policy in policy(),
    ) {
        let (before, after) = (weighed(before, &weights), weighed(after, &weights));
        let (findings, evolution) = grown(&before, &after, &policy);
        let sum: i64 = evolution.gates.iter().map(|gate| gate.delta.0).sum();
        prop_assert_eq!(sum, evolution.counted.delta().0);
        for finding in &findings {
            if let Fact::Changed(Changed::Grew(grown)) = &finding.fact {
                prop_assert!(grown.explained >= 0.999, "{grown:?}");
                let is_news = grown.gate == GateKind::BaseDrift && finding.level == Level::Note;
                prop_assert!(is_news || (grown.delta.0 > 0 && grown.total.0 > 0), "{grown:?}");
            }
        }
        for gate in evolution.gates {
            let of_gate = findings.iter().filter_map(|finding| match &finding.fact {
                Fact::Changed(Changed::Grew(grown)) if grown.gate == gate.kind => Some((finding.level, grown)),
                _ => None,
            });
            let errors = of_gate.clone().filter(|(level, _)| *level == Level::Error);
            prop_assert_eq!(errors.clone().next().is_some(), !gate.passed);
            let is_news = gate.kind == GateKind::BaseDrift && evolution.has_drifted();
            prop_assert_eq!(of_gate.clone().next().is_some(), gate.delta.0 > 0 || is_news);
            let blamed: i64 = errors.map(|(_, grown)| grown.delta.0).sum();
            prop_assert!(gate.passed || blamed >= gate.delta.0);
        }
        let has_error = findings.iter().any(|finding| finding.level == Level::Error);
        prop_assert_eq!(has_error, evolution.gates.iter().any(|gate| !gate.passed));
    }
}
