//! `lab-reports/1`, several reports in one document, both ways.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::read::{Head, checked};
use super::{SCHEMA, read};
use crate::model::{Outcome, ReportFault, ReportProblem};
use crate::report::{LabReport, MergedReport};

/// The value of `schema`.
pub const MERGED_SCHEMA: &str = "lab-reports/1";

#[derive(Debug, Serialize, Deserialize)]
struct MergedDocument {
    schema: String,
    reports: Vec<Document>,
    verdict: MergedVerdict,
}

#[derive(Debug, Serialize, Deserialize)]
struct MergedVerdict {
    outcome: Outcome,
}

#[derive(Deserialize)]
struct Heads {
    #[serde(default)]
    reports: Vec<Head>,
}

/// Writes several reports as JSON, in the form of a single one's.
pub fn write_merged(merged: &MergedReport, out: &mut dyn Write) -> io::Result<()> {
    let document = MergedDocument {
        schema: MERGED_SCHEMA.to_owned(),
        reports: merged.reports().iter().map(Document::from).collect(),
        verdict: MergedVerdict {
            outcome: merged.outcome(),
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// Reads each file, of one report or of several merged, and merges them all.
pub fn read_merged(files: &[(PathBuf, Vec<u8>)]) -> Result<MergedReport, ReportProblem> {
    let mut sources = Vec::new();
    for (path, json) in files {
        let reports = read_each(path, json)?;
        sources.extend(reports.into_iter().map(|report| (path.clone(), report)));
    }
    MergedReport::new(sources)
}

/// Reads a file, of one report or of several merged.
pub fn read_each(path: &Path, json: &[u8]) -> Result<Vec<LabReport>, ReportProblem> {
    let head = serde_json::from_slice(json).unwrap_or(Head { schema: None });
    if head.schema.as_deref() != Some(MERGED_SCHEMA) {
        return Ok(vec![read(path, json)?]);
    }
    several(json).map_err(|fault| ReportProblem::NotAReport {
        path: path.to_owned(),
        fault,
    })
}

fn several(json: &[u8]) -> Result<Vec<LabReport>, ReportFault> {
    let heads: Heads = serde_json::from_slice(json).map_err(ReportFault::Json)?;
    for (at, head) in heads.reports.into_iter().enumerate() {
        let fault = match head.schema {
            Some(schema) if schema == SCHEMA => continue,
            Some(schema) => ReportFault::OtherSchema { schema },
            None => ReportFault::NoSchema,
        };
        return Err(in_report(at, fault));
    }
    let document: MergedDocument = serde_json::from_slice(json).map_err(ReportFault::Json)?;
    let reports = document.reports.into_iter().enumerate();
    let reports = reports
        .map(|(at, document)| checked(document).map_err(|fault| in_report(at, fault)))
        .collect::<Result<Vec<_>, _>>()?;
    let is_rejected = |report: &LabReport| report.verdict.outcome == Outcome::Rejected;
    match (reports.is_empty(), document.verdict.outcome) {
        (true, _) => Err(ReportFault::NoReport),
        (_, outcome) if (outcome == Outcome::Rejected) != reports.iter().any(is_rejected) => {
            Err(ReportFault::Contradiction {
                place: "verdict.outcome".to_owned(),
            })
        }
        _ => Ok(reports),
    }
}

fn in_report(at: usize, fault: ReportFault) -> ReportFault {
    ReportFault::InReport {
        at,
        fault: Box::new(fault),
    }
}
