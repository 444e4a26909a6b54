use std::time::Duration;

use super::judge;
use crate::model::{
    Build, BuildCause, BuildFailure, Bytes, Capture, Digest, Ending, Fact, Level, Measured,
    Outcome, Platform, Policy, Role, Run, Size, Tree, VariantReport, Verified,
};
use crate::verdict::outputs_match;

fn measured(unpacked: u64) -> Measured {
    Measured {
        image_id: None,
        platform: Platform::parse("linux/amd64"),
        verified: Verified::Whole,
        base: None,
        is_from_scratch: false,
        size: Size {
            unpacked: Bytes(unpacked),
            ..Size::default()
        },
        layers: Vec::new(),
        tree: Tree::default(),
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
        excluded: None,
    }
}

fn run(ending: Ending, output: &[u8]) -> Run {
    let capture = |kept: &[u8]| Capture {
        kept: kept.to_vec(),
        bytes: Bytes(kept.len() as u64),
        sha256: Digest::from_hash([u8::try_from(kept.len()).unwrap(); 32]),
    };
    let (stdout, stderr) = (capture(output), capture(b""));
    Run {
        ending,
        took: Some(Duration::from_millis(3)),
        stdout,
        stderr,
    }
}

fn policy(budget: u64) -> Policy {
    Policy {
        budget: Some(Bytes(budget)),
        ..Policy::default()
    }
}

struct Lab([VariantReport; 2]);

impl Lab {
    fn fine() -> Self {
        let variant = |name: &str, role, policy, unpacked| VariantReport {
            name: name.to_owned(),
            role: Some(role),
            image: None,
            policy,
            made_from: crate::model::MadeFrom::default(),
            dockerfile: Some("Dockerfile".to_owned()),
            command_line: Some(9),
            base_line: None,
            build: None,
            measured: Some(measured(unpacked)),
            run: Some(run(Ending::Exited { code: 0 }, b"bonjour\n")),
        };
        Self([
            variant("single", Role::Reference, Policy::default(), 600_000_000),
            variant("multi", Role::Solution, policy(512), 460),
        ])
    }

    fn rules(&self) -> Vec<(String, Fact)> {
        let (verdict, _) = judge(&self.0, None);
        let errors = verdict
            .findings
            .iter()
            .any(|finding| finding.level == Level::Error);
        assert_eq!(errors, verdict.outcome == Outcome::Rejected);
        verdict
            .findings
            .into_iter()
            .map(|finding| (finding.variant, finding.fact))
            .collect()
    }
}

#[test]
fn a_lighter_solution_with_the_same_output_within_its_budget_is_accepted() {
    let lab = Lab::fine();
    assert_eq!(lab.rules(), []);
    assert_eq!(outputs_match(&lab.0), Some(true));
}

#[test]
fn a_budget_is_passed_by_the_first_byte_over_it() {
    let mut lab = Lab::fine();
    lab.0[1].policy = policy(460);
    assert_eq!(lab.rules(), []);
    lab.0[1].policy = policy(459);
    let [(variant, Fact::Budget { actual, limit, .. })] = &lab.rules()[..] else {
        panic!()
    };
    assert_eq!(
        (variant.as_str(), *actual, *limit),
        ("multi", Bytes(460), Bytes(459))
    );
}

#[test]
fn a_solution_as_heavy_as_the_reference_is_rejected() {
    let mut lab = Lab::fine();
    lab.0[1].policy = Policy::default();
    lab.0[1].measured = Some(measured(600_000_000));
    assert!(matches!(&lab.rules()[..], [(_, Fact::NotLighter { .. })]));
}

#[test]
fn another_output_is_rejected_with_its_first_difference() {
    let mut lab = Lab::fine();
    lab.0[1].run = Some(run(Ending::Exited { code: 0 }, b"bonsoir\n\n"));
    let [(_, Fact::OutputsDiffer { difference, .. })] = &lab.rules()[..] else {
        panic!()
    };
    assert_eq!((difference.offset, difference.line), (3, 1));
    assert_eq!(outputs_match(&lab.0), Some(false));
}

#[test]
fn a_program_that_never_ends_has_no_output_to_compare() {
    let mut lab = Lab::fine();
    let limit = Duration::from_secs(10);
    lab.0[1].run = Some(run(Ending::TimedOut { limit }, b"y\n"));
    assert!(matches!(&lab.rules()[..], [(_, Fact::TimedOut { .. })]));
    assert_eq!(outputs_match(&lab.0), None);
}

#[test]
fn a_program_that_was_killed_is_not_blamed_for_what_it_did_not_print() {
    let mut lab = Lab::fine();
    let ending = Ending::Killed {
        code: 137,
        out_of_memory: true,
    };
    lab.0[1].run = Some(run(ending, b""));
    assert!(matches!(&lab.rules()[..], [(_, Fact::Killed { .. })]));
}

#[test]
fn every_ending_but_zero_is_rejected() {
    for ending in [
        Ending::Exited { code: 3 },
        Ending::Killed {
            code: 137,
            out_of_memory: true,
        },
        Ending::NotStarted {
            code: 127,
            reason: "no such file".into(),
        },
    ] {
        let mut lab = Lab::fine();
        lab.0[0].run = Some(run(ending, b"bonjour\n"));
        assert_eq!(lab.rules().len(), 1, "{:?}", lab.rules());
    }
}

#[test]
fn a_variant_that_does_not_build_is_rejected_at_its_line() {
    let mut lab = Lab::fine();
    let log = vec!["gcc: not found".to_owned()];
    let cause = BuildCause::Run {
        exit_code: Some(127),
    };
    let failure = BuildFailure {
        cause,
        instruction: Some("RUN gcc".into()),
        line: Some(7),
        log,
    };
    let multi = &mut lab.0[1];
    multi.build = Some(Build::Failed(failure));
    (multi.measured, multi.run) = (None, None);
    let (verdict, _) = judge(&lab.0, None);
    assert_eq!(verdict.outcome, Outcome::Rejected);
    assert_eq!(verdict.findings[0].place.as_ref().unwrap().line, Some(7));
    assert_eq!(outputs_match(&lab.0), None);
}
