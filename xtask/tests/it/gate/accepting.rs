//! Growth that the baseline in a change accepts, and files of the kit in an image.

use serde_json::{Value, json};

use super::{changed, json_of, judged, report, said};
use crate::layers::Archive;

/// The baseline's policy lets a change bring a new baseline.
fn allowing(report: &Archive) -> Archive {
    changed(report, |json| {
        json["variants"][0]["policy"]["accept"] = json!("baseline");
        json["variants"][0]["policy"]["max_growth"] = json!({ "bytes": 500, "percent": null });
    })
}

fn findings(json: &Value) -> Vec<(&str, &str)> {
    let findings = json["verdict"]["findings"].as_array().unwrap().iter();
    findings
        .map(|it| (it["level"].as_str().unwrap(), it["rule"].as_str().unwrap()))
        .collect()
}

#[test]
fn the_baseline_in_a_change_accepts_growth_where_the_base_branch_allows_it() {
    let (before, after) = (allowing(&report(false)), report(true));
    let with = |before: &Archive, proposed: &Archive| {
        let flags = ["--policy", "baseline", "--format", "json"];
        let proposed = ["--proposed-baseline", proposed.text()];
        judged(&after, before, &[&flags[..], &proposed].concat())
    };
    let accepted = with(&before, &after);
    assert_eq!(accepted.status.code(), Some(0), "{}", said(&accepted));
    let json = json_of(&accepted);
    let found = findings(&json);
    assert!(found.contains(&("warning", "accepted")), "{found:?}");
    assert!(found.contains(&("note", "growth")), "{found:?}");
    assert_eq!(
        json["baseline"]["variants"][0]["compared"]["accepted"],
        true
    );
    let forbidding = changed(&before, |json| {
        json["variants"][0]["policy"]["accept"] = Value::Null;
    });
    let strange = Archive::of(b"{}");
    for (before, proposed) in [
        (&forbidding, &after),
        (&before, &before),
        (&before, &strange),
    ] {
        let rejected = with(before, proposed);
        assert_eq!(rejected.status.code(), Some(1), "{}", said(&rejected));
    }
    let told = with(&before, &strange);
    assert!(said(&told).contains("accepts nothing"), "{}", said(&told));
}

#[test]
fn what_the_kit_put_into_an_image_is_told_and_does_not_count() {
    let (before, after) = (report(false), report(true));
    let with = |report: &Archive, bytes: u64| {
        changed(report, |json| {
            let own = json!({ "path": "src/lab-baseline.json", "bytes": bytes, "files": 1, "layer": 1,
                "pattern": "lab-baseline.json", "dockerignore": ".dockerignore" });
            let none = bytes == 0;
            json["variants"][0]["excluded"] = if none { json!([]) } else { json!([own]) };
        })
    };
    let flags = ["--max-growth", "1200", "--lang", "en"];
    let plain = judged(&after, &before, &flags);
    assert_eq!(plain.status.code(), Some(1));
    // The layer that holds it is the second one, of 700 bytes.
    let excluded = judged(&with(&after, 100), &with(&before, 0), &flags);
    assert_eq!(excluded.status.code(), Some(0), "{}", said(&excluded));
    let told = String::from_utf8(excluded.stdout).unwrap();
    let line = "add `lab-baseline.json` to `.dockerignore`";
    let told: String = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(line), "{told}");
}
