//! The artifacts of several jobs in one comment.

use serde_json::{Value, json};

use super::hostile::{Privileged, bytes, report};

/// The sample, made for this platform.
fn of(arch: &str) -> Value {
    let mut report = report();
    report["engine"]["arch"] = json!(arch);
    for variant in report["variants"].as_array_mut().unwrap() {
        variant["platform"] = json!(format!("linux/{arch}"));
    }
    report
}

/// With a base whose baseline holds both platforms.
fn job() -> Privileged {
    let both = json!({
        "schema": "lab-reports/1",
        "reports": [of("amd64"), of("arm64")],
        "verdict": { "outcome": "accepted" },
    });
    Privileged::with(&[("lab-baseline.json", &both.to_string())])
}

fn upload(job: &Privileged, artifact: &str, report: &Value) {
    let path = job.file("report.json", &bytes(report));
    job.forge
        .upload(artifact, &[("report.json", path.as_path())]);
}

/// The report with an exit code that the baseline has not.
fn failing(arch: &str) -> Value {
    let mut report = of(arch);
    report["variants"][0]["run"]["exit_code"] = json!(3);
    report
}

#[test]
#[ignore = "needs jq and unzip"]
fn the_jobs_of_a_matrix_share_one_comment_each_judged_by_its_own_baseline() {
    let job = job();
    // The first run of this job; only its newest counts.
    upload(&job, "lab-report-amd64", &of("amd64"));
    upload(&job, "lab-report-arm64", &of("arm64"));
    upload(&job, "page-lab-report-arm64", &json!("no report"));
    upload(&job, "lab-report-amd64", &failing("amd64"));
    let comment = job.comment();
    let title = comment.lines().find(|line| line.starts_with("### "));
    assert!(title.unwrap().contains("rejected (2 errors)"), "{comment}");
    // What changed first, and what did not in one line.
    let shown = comment.split("<details>").next().unwrap();
    let at = |platform| shown.find(platform).unwrap();
    assert!(at("linux/amd64") < at("linux/arm64"), "{comment}");
    assert_eq!(shown.matches("linux/amd64").count(), 1, "{comment}");
    assert!(!comment.contains("cannot use the baseline"), "{comment}");
    // Mended: the same comment says so.
    upload(&job, "lab-report-amd64", &of("amd64"));
    assert!(job.comment().contains("images unchanged"));
}

#[test]
#[ignore = "needs jq and unzip"]
fn a_job_that_the_baseline_does_not_know_is_named_as_its_author_knows_it() {
    let job = job();
    upload(&job, "lab-report-amd64", &of("amd64"));
    upload(&job, "lab-report-riscv", &of("riscv64"));
    let comment = job.comment();
    assert!(comment.contains("could not be judged"), "{comment}");
    for named in [
        "`lab-report-riscv/report.json`",
        "`lab-baseline.json`",
        "linux/riscv64",
    ] {
        assert!(comment.contains(named), "{named}: {comment}");
    }
    assert!(!comment.contains("/tmp"), "{comment}");
}

#[test]
#[ignore = "needs jq and unzip"]
fn a_job_whose_report_is_none_keeps_the_others_from_being_accepted() {
    let job = job();
    upload(&job, "lab-report-amd64", &of("amd64"));
    job.forge
        .upload_bytes("lab-report-arm64", b"not an archive");
    assert!(job.comment().contains("could not be judged"));
}
