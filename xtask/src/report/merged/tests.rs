use clap::ValueEnum;
use proptest::prelude::*;

use super::MergedReport;
use crate::model::{EngineKind, Format, Language, Outcome, ReportProblem};
use crate::report::sample::{accepted, made_on, matrix, merged, rejected, told};
use crate::report::{LabReport, Look, Styles, render, render_merged, wire};

const DOCKER: (EngineKind, &str) = (EngineKind::Docker, "28.2.2");

fn merge(reports: &[&LabReport]) -> Result<MergedReport, ReportProblem> {
    let sources = reports.iter().enumerate();
    let sources = sources.map(|(at, report)| (format!("{at}.json").into(), (*report).clone()));
    MergedReport::new(sources.collect())
}

/// What comes back of the text that is written of it.
fn again(merged: &MergedReport) -> Vec<LabReport> {
    let mut json = Vec::new();
    render_merged(merged, Format::Json, &look(), &mut json).unwrap();
    let read = wire::read_merged(&[("merged.json".into(), json)]).unwrap();
    read.into_reports()
}

fn look() -> Look {
    Look {
        language: Language::English,
        width: 80,
        styles: Styles::none(),
    }
}

/// One of a matrix: the labs, platforms and engines are few, so that many meet.
fn shard() -> impl Strategy<Value = LabReport> {
    let report = prop_oneof![Just(accepted()), Just(rejected()), told()];
    (report, 0..3usize, 0..3usize, 0..4usize, any::<bool>()).prop_map(
        |(report, lab, platform, engine, is_whole)| {
            let platform = ["linux/amd64", "linux/arm64", "linux/arm/v7"][platform];
            let engine = [
                DOCKER,
                (EngineKind::Docker, "20.10.24"),
                (EngineKind::Podman, "5.4.2"),
                (EngineKind::Podman, "4.9.3"),
            ][engine];
            let mut report = made_on(report, platform, engine);
            report.lab = [None, Some("ex08".to_owned()), Some("ex09".to_owned())][lab].clone();
            if !is_whole {
                report.engine.storage = Some("overlayfs".to_owned());
            }
            report
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn merging_in_steps_or_another_order_is_merging_at_once(
        shards in prop::collection::vec(shard(), 1..7),
        cut in 0..6usize,
        turn in 0..6usize,
    ) {
        let all: Vec<&LabReport> = shards.iter().collect();
        let Ok(whole) = merge(&all) else { return Ok(()) };
        let (start, end) = all.split_at(cut.min(all.len() - 1) + 1);
        let start = again(&merge(start).unwrap());
        let steps: Vec<&LabReport> = start.iter().chain(end.iter().copied()).collect();
        prop_assert_eq!(&merge(&steps).unwrap(), &whole);

        let mut turned = all.clone();
        turned.rotate_left(turn % all.len());
        turned.reverse();
        prop_assert_eq!(&merge(&turned).unwrap(), &whole);
    }

    #[test]
    fn every_report_has_a_name_of_its_own_in_every_language(
        shards in prop::collection::vec(shard(), 2..7),
    ) {
        let mut kept = Vec::new();
        for shard in &shards {
            kept.push(shard);
            if merge(&kept).is_err() {
                kept.pop();
            }
        }
        let whole = merge(&kept).unwrap();
        let shards = whole.shards();
        let mut names: Vec<_> = shards.iter().map(|shard| shard.id.clone()).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), shards.len());
    }
}

#[test]
fn the_order_is_by_lab_platform_and_engine() {
    let ids: Vec<String> = matrix().shards().into_iter().map(|it| it.id).collect();
    assert_eq!(
        ids,
        [
            "ex08/linux/amd64/docker/20.10.24",
            "ex08/linux/amd64/docker/28.2.2",
            "ex08/linux/arm64/podman/5.4.2",
            "ex09 <b>|@x/linux/amd64/docker/28.2.2",
        ]
    );
}

#[test]
fn the_version_is_in_the_name_only_where_it_tells_two_apart() {
    let arm = made_on(accepted(), "linux/arm64", DOCKER);
    let ids = |merged: &MergedReport| {
        merged
            .shards()
            .into_iter()
            .map(|it| it.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&merged(vec![arm, accepted()])),
        ["ex08/linux/amd64/docker", "ex08/linux/arm64/docker"]
    );
}

#[test]
fn parts_of_one_lab_on_one_engine_are_told_apart_by_their_variants() {
    let of = |at: usize| LabReport {
        variants: vec![accepted().variants[at].clone()],
        comparison: None,
        ..accepted()
    };
    let parts = merged(vec![of(1), of(0)]);
    let ids: Vec<String> = parts.shards().into_iter().map(|it| it.id).collect();
    assert_eq!(
        ids,
        [
            "ex08/linux/amd64/docker/multi",
            "ex08/linux/amd64/docker/single"
        ]
    );
}

#[test]
fn a_report_that_is_there_twice_counts_once() {
    let one = merge(&[&accepted(), &accepted()]).unwrap();
    assert_eq!(one, accepted().into());
    assert_eq!(matrix().reports().len(), 4);
    let all: Vec<LabReport> = again(&matrix())
        .into_iter()
        .chain(again(&matrix()))
        .collect();
    assert_eq!(merged(all), matrix());
}

#[test]
fn two_that_tell_of_the_same_variant_clash_and_both_are_named() {
    let later = LabReport {
        created: Some("2026-02-01T12:00:00Z".to_owned()),
        ..accepted()
    };
    let arm = made_on(accepted(), "linux/arm64", DOCKER);
    let problem = merge(&[&arm, &accepted(), &later]).unwrap_err();
    assert_eq!(
        crate::lang::problem::sentence(&problem.into(), Language::English),
        "`1.json` and `2.json` have different results for `single` of lab `ex08` on the same \
         platform and engine"
    );
    let bare = |created: &str| LabReport {
        variants: Vec::new(),
        comparison: None,
        created: Some(created.to_owned()),
        ..accepted()
    };
    assert!(merge(&[&bare("a"), &bare("b")]).is_err());
    assert!(merge(&[&bare("a"), &accepted()]).is_ok());
}

#[test]
fn an_image_that_is_missing_is_of_the_platform_of_the_others() {
    let mut arm = made_on(accepted(), "linux/arm64", DOCKER);
    arm.engine = accepted().engine;
    arm.variants[1].measured = None;
    assert_eq!(merge(&[&arm, &accepted()]).unwrap().reports().len(), 2);
}

#[test]
fn one_rejected_rejects_all() {
    assert_eq!(matrix().outcome(), Outcome::Rejected);
    let arm = made_on(accepted(), "linux/arm64", DOCKER);
    assert_eq!(merged(vec![arm, accepted()]).outcome(), Outcome::Accepted);
}

#[test]
fn one_alone_is_written_as_it_always_was() {
    for format in Format::value_variants().iter().copied() {
        let (mut alone, mut merged) = (Vec::new(), Vec::new());
        render(&rejected(), format, &look(), &mut alone).unwrap();
        render_merged(&rejected().into(), format, &look(), &mut merged).unwrap();
        assert!(alone == merged, "{format:?}");
    }
}
