//! What can be set side by side: variants, policies, images.

use super::made::{BEFORE, at_most, judged, judged_by, measured, told, variant};
use crate::model::{
    Bytes, Capture, Changed, Digest, Ending, Fact, Incomparable, Level, Measured, Outcome,
    Platform, Policy, PolicySource, Role, Rule, Run, Since, VariantReport,
};
use crate::verdict::{Earlier, comparable, judge};

#[test]
fn a_new_variant_is_told_and_a_missing_one_is_an_error_unless_left_out() {
    let image = measured(&BEFORE);
    let policy = Policy::default();
    let (before, after) = (
        [variant("old", &image, &policy)],
        [variant("new", &image, &policy)],
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
        variants: &before,
        left_out: &left_out,
        stated: &[],
        proposed: None,
        name: None,
    };
    let (verdict, _) = judge(&after, Some(&earlier));
    assert_eq!(verdict.outcome, Outcome::Accepted);
}

#[test]
fn by_the_baselines_policy_no_variant_gives_its_role_up() {
    let [light, heavy] = [(1, 9), (2, 12)].map(|(id, bytes)| measured(&[(id, None, bytes, 0)]));
    let policy = Policy {
        max_base_drift: Some(at_most(100)),
        ..Policy::default()
    };
    let in_role = |name, image, role| VariantReport {
        role,
        ..variant(name, image, &policy)
    };
    let (reference, solution) = (Some(Role::Reference), Some(Role::Solution));
    let before = [
        in_role("one", &light, reference),
        in_role("two", &light, solution),
    ];
    let rules = |source, roles: [Option<Role>; 2]| {
        let earlier = Earlier {
            created: None,
            policy: source,
            variants: &before,
            left_out: &[],
            stated: &[],
            proposed: None,
            name: None,
        };
        let after = [
            in_role("one", &light, roles[0]),
            in_role("two", &heavy, roles[1]),
        ];
        let (verdict, _) = judge(&after, Some(&earlier));
        let rules = verdict.findings.iter().map(|it| (it.level, it.fact.rule()));
        rules.collect::<Vec<_>>()
    };
    let not_lighter = (Level::Error, Rule::NotLighter);
    let differs = (Level::Note, Rule::PolicyDiffers);
    let drift = (Level::Note, Rule::BaseDrift);
    assert_eq!(
        rules(PolicySource::Baseline, [reference, solution]),
        [not_lighter, drift]
    );
    for roles in [[reference, Some(Role::Rung)], [None, solution]] {
        assert_eq!(
            rules(PolicySource::Baseline, roles),
            [not_lighter, differs, drift]
        );
        assert_eq!(rules(PolicySource::File, roles), [differs, drift]);
    }
}

#[test]
fn an_image_that_is_not_there_and_did_not_fail_to_build_is_missing() {
    let image = measured(&BEFORE);
    let policy = Policy::default();
    let without = VariantReport {
        measured: None,
        ..variant("multi", &image, &policy)
    };
    let (verdict, _) = judged(&[variant("multi", &image, &policy)], &[without]);
    assert_eq!(
        told(&verdict.findings),
        [(Level::Error, Rule::MissingVariant, None)]
    );
}

#[test]
fn a_container_that_is_not_run_any_more_is_an_error() {
    let image = measured(&BEFORE);
    let policy = Policy::default();
    let nothing = || Capture {
        kept: Vec::new(),
        bytes: Bytes::ZERO,
        sha256: Digest::from_hash([0; 32]),
    };
    let run = Run {
        ending: Ending::Exited { code: 0 },
        took: None,
        stdout: nothing(),
        stderr: nothing(),
    };
    let still = VariantReport {
        run: Some(run),
        ..variant("multi", &image, &policy)
    };
    let spared = VariantReport {
        run: None,
        ..still.clone()
    };
    let rules = |after: &VariantReport| {
        let one = std::slice::from_ref;
        told(&judged(one(&still), one(after)).0.findings)
    };
    assert_eq!(rules(&still), []);
    assert_eq!(rules(&spared), [(Level::Error, Rule::NotRun, None)]);
    let (verdict, _) = judged(&[spared], &[still]);
    assert_eq!(verdict.outcome, Outcome::Accepted);
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
    let sides = || [variant("multi", &image, &strict)];
    let (verdict, _) = judged_by(&sides(), &sides(), &[("multi", &loose)]);
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
            [variant("multi", &before, &policy)],
            [variant("multi", &after, &policy)],
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
        found(&|image| image.platform = Platform::parse("linux/arm64")),
        Err(Incomparable::Platform { .. })
    ));
    assert!(matches!(
        comparable([Some("ex08"), None], &[], &[]),
        Err(Incomparable::Lab { .. })
    ));
}
