use std::fs;

use serde_json::{Value, json};

use super::chain::{Chain, DOCKERFILE, GROWN, INSTRUCTION};
use super::forge::Head;

/// What would let everything pass, where a pull request could decide it.
const LAX: &str = "1GB, max_growth: 1GB";

fn is_told(chain: &Chain, said: &[&str]) {
    let comments = chain.forge.comments();
    assert_eq!(comments.len(), 1, "{comments:#?}");
    for said in said {
        assert!(comments[0].contains(said), "no {said}: {}", comments[0]);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_pull_request_cannot_raise_its_own_limit() {
    let chain = Chain::with_baseline("10MB, max_growth: 1MB");
    let files = [
        ("app/Dockerfile", GROWN),
        ("app/compose.yaml", &chain.compose(LAX)),
        ("lab-baseline.json", "{}"),
    ];
    let head = chain.propose(&files, Head::Fork);
    let measured = chain.measure(&head);
    assert_eq!(measured.code, 1, "{measured:?}");
    let annotation = "::error file=app/Dockerfile,line=2";
    assert!(measured.log.contains(annotation), "{}", measured.log);
    assert!(!measured.summary.contains("no baseline"), "{measured:?}");
    assert_eq!(chain.comment(&head, Head::Fork).code, 0);
    is_told(&chain, &["🔴", INSTRUCTION, "app/Dockerfile:2", "3.0 MB"]);

    // Its report may claim what it likes.
    let archive = chain.forge.path("report.json");
    let mut report: Value = serde_json::from_slice(&chain.report()).unwrap();
    report["verdict"] = json!({ "outcome": "accepted", "findings": [] });
    report["baseline"] = Value::Null;
    let policy = &mut report["variants"][0]["policy"];
    policy["budget"] = json!(1_000_000_000);
    policy["max_growth"] = json!({ "bytes": 1_000_000_000, "percent": null });
    fs::write(&archive, report.to_string()).unwrap();
    chain
        .forge
        .upload("lab-report", &[("report.json", &archive)]);
    assert_eq!(chain.comment(&head, Head::Fork).code, 0);
    is_told(&chain, &["🔴", INSTRUCTION, "app/Dockerfile:2", "3.0 MB"]);

    // Mended: the same comment says so.
    let head = chain.propose(&[("app/Dockerfile", DOCKERFILE)], Head::Fork);
    assert_eq!(chain.measure(&head).code, 0);
    assert_eq!(chain.comment(&head, Head::Fork).code, 0);
    is_told(&chain, &["unchanged"]);
}

#[test]
#[ignore = "needs Docker"]
fn what_cannot_be_compared_is_undecided_and_told_why() {
    let chain = Chain::with_baseline("10MB");
    let scratch = "FROM scratch\nCOPY Dockerfile /\nCMD [\"/Dockerfile\"]\n";
    let head = chain.propose(&[("app/Dockerfile", scratch)], Head::Branch);
    let measured = chain.measure(&head);
    assert_eq!(measured.code, 2, "{measured:?}");
    let reason = "`app` uses the base";
    assert!(measured.log.contains(reason), "{measured:?}");
    assert!(chain.comment(&head, Head::Branch).log.contains("no report"));
}

#[test]
#[ignore = "needs Docker"]
fn a_baseline_that_is_none_is_never_taken_for_growth_that_is_allowed() {
    let chain = Chain::new();
    chain.set_base(&[("lab-baseline.json", "{}")]);
    let head = chain.propose(&[("app/Dockerfile", GROWN)], Head::Fork);
    assert_eq!(chain.measure(&head).code, 2);
}
