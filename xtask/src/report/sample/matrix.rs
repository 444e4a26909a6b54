use super::{accepted, rejected};
use crate::model::{Builder, EngineFacts, EngineKind, Platform};
use crate::report::{LabReport, MergedReport};

/// The report, as made on another platform and engine.
pub(in crate::report) fn made_on(
    report: LabReport,
    platform: &str,
    engine: (EngineKind, &str),
) -> LabReport {
    let platform = Platform::parse(platform).unwrap();
    let mut report = report;
    for variant in &mut report.variants {
        if let Some(measured) = &mut variant.measured {
            measured.platform = Some(platform.clone());
        }
    }
    report.engine = EngineFacts {
        kind: engine.0,
        version: Some(engine.1.to_owned()),
        platform,
        builder: match engine.0 {
            EngineKind::Docker => Builder::Buildkit,
            EngineKind::Podman => Builder::Classic,
        },
        ..report.engine
    };
    report
}

pub(in crate::report) fn merged(reports: Vec<LabReport>) -> MergedReport {
    let sources = reports.into_iter().enumerate();
    let sources = sources.map(|(at, report)| (format!("{at}.json").into(), report));
    MergedReport::new(sources.collect()).unwrap()
}

/// Two platforms and three engines of one lab, all good but one, and a lab of its own with
/// all that can go wrong.
pub(in crate::report) fn matrix() -> MergedReport {
    let podman = made_on(accepted(), "linux/arm64", (EngineKind::Podman, "5.4.2"));
    let older = made_on(accepted(), "linux/amd64", (EngineKind::Docker, "20.10.24"));
    let hostile = LabReport {
        lab: Some("ex09 <b>|@x".to_owned()),
        ..rejected()
    };
    merged(vec![podman, hostile, accepted(), older])
}

/// The same without strangers.
pub(in crate::report) fn platforms() -> MergedReport {
    let arm = made_on(accepted(), "linux/arm64", (EngineKind::Podman, "5.4.2"));
    merged(vec![arm, accepted()])
}
