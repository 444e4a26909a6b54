use std::time::Duration;

use super::{Case, judge};
use crate::model::{
    BuildCause, BuildFailure, Bytes, Capture, Digest, Ending, Fact, Level, Measured, Outcome,
    Platform, Policy, Role, Run, Size, Tree, Verified,
};
use crate::verdict::outputs_match;

fn measured(unpacked: u64) -> Measured {
    Measured {
        image_id: None,
        platform: Platform {
            os: "linux".into(),
            arch: "amd64".into(),
            variant: None,
        },
        verified: Verified::Whole,
        base: None,
        size: Size {
            unpacked: Bytes(unpacked),
            ..Size::default()
        },
        layers: Vec::new(),
        tree: Tree::default(),
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
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

struct Lab {
    policies: [Policy; 2],
    measured: [Measured; 2],
    runs: [Run; 2],
}

impl Lab {
    fn fine() -> Self {
        let run = || run(Ending::Exited { code: 0 }, b"bonjour\n");
        Self {
            policies: [Policy::default(), policy(512)],
            measured: [measured(600_000_000), measured(460)],
            runs: [run(), run()],
        }
    }

    fn cases(&self) -> [Case<'_>; 2] {
        let names = [("single", Role::Reference), ("multi", Role::Solution)];
        [0, 1].map(|index| Case {
            name: names[index].0,
            role: Some(names[index].1),
            policy: &self.policies[index],
            stated: &self.policies[index],
            dockerfile: Some("Dockerfile"),
            command_line: Some(9),
            base_line: None,
            failure: None,
            measured: Some(&self.measured[index]),
            run: Some(&self.runs[index]),
        })
    }

    fn rules(&self) -> Vec<(String, Fact)> {
        let (verdict, _) = judge(&self.cases(), None);
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
    assert_eq!(outputs_match(&lab.cases()), Some(true));
}

#[test]
fn a_budget_is_passed_by_the_first_byte_over_it() {
    let mut lab = Lab::fine();
    lab.policies[1] = policy(460);
    assert_eq!(lab.rules(), []);
    lab.policies[1] = policy(459);
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
    lab.policies[1] = Policy::default();
    lab.measured[1] = measured(600_000_000);
    assert!(matches!(&lab.rules()[..], [(_, Fact::NotLighter { .. })]));
}

#[test]
fn another_output_is_rejected_with_its_first_difference() {
    let mut lab = Lab::fine();
    lab.runs[1] = run(Ending::Exited { code: 0 }, b"bonsoir\n\n");
    let [(_, Fact::OutputsDiffer { difference, .. })] = &lab.rules()[..] else {
        panic!()
    };
    assert_eq!((difference.offset, difference.line), (3, 1));
    assert_eq!(outputs_match(&lab.cases()), Some(false));
}

#[test]
fn a_program_that_never_ends_has_no_output_to_compare() {
    let mut lab = Lab::fine();
    lab.runs[1] = run(
        Ending::TimedOut {
            limit: Duration::from_secs(10),
        },
        b"y\n",
    );
    assert!(matches!(&lab.rules()[..], [(_, Fact::TimedOut { .. })]));
    assert_eq!(outputs_match(&lab.cases()), None);
}

#[test]
fn a_program_that_was_killed_is_not_blamed_for_what_it_did_not_print() {
    let mut lab = Lab::fine();
    let ending = Ending::Killed {
        code: 137,
        out_of_memory: true,
    };
    lab.runs[1] = run(ending, b"");
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
        lab.runs[0] = run(ending, b"bonjour\n");
        assert_eq!(lab.rules().len(), 1, "{:?}", lab.rules());
    }
}

#[test]
fn a_variant_that_does_not_build_is_rejected_at_its_line() {
    let lab = Lab::fine();
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
    let mut cases = lab.cases();
    cases[1] = Case {
        failure: Some(&failure),
        measured: None,
        run: None,
        ..cases[1]
    };
    let (verdict, _) = judge(&cases, None);
    assert_eq!(verdict.outcome, Outcome::Rejected);
    assert_eq!(verdict.findings[0].place.as_ref().unwrap().line, Some(7));
    assert_eq!(outputs_match(&cases), None);
}
