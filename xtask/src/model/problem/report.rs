use std::io;
use std::path::PathBuf;

use crate::model::{Bytes, Signal};

/// Why a report can't be read back, written or compared.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum ReportProblem {
    Read {
        path: PathBuf,
        source: io::Error,
    },
    NotAReport {
        path: PathBuf,
        fault: ReportFault,
    },
    Schema {
        path: PathBuf,
        schema: String,
    },
    /// `wanted` is `None` where nobody chose and no choice is obvious; `there` are those that
    /// were measured.
    NoVariant {
        path: PathBuf,
        wanted: Option<String>,
        there: Vec<String>,
    },
    /// Two reports tell of one variant of one lab, platform and engine. `variant` is `None`
    /// where neither has any.
    Clash {
        first: PathBuf,
        second: PathBuf,
        lab: Option<String>,
        variant: Option<String>,
    },
    Write {
        path: PathBuf,
        source: io::Error,
    },
    SamePath {
        path: PathBuf,
    },
    /// The file to judge by can't be read.
    Baseline {
        path: PathBuf,
        problem: Box<ReportProblem>,
    },
    /// `report` is the saved report that was to be judged; `None` for the run at hand.
    Incomparable {
        path: PathBuf,
        report: Option<PathBuf>,
        reason: Box<Incomparable>,
    },
    /// The baseline is several reports, and none is of this lab and platform. `there` are what
    /// they are of.
    NoPartner {
        path: PathBuf,
        report: Option<PathBuf>,
        wanted: String,
        there: Vec<String>,
    },
    Stdout {
        source: io::Error,
    },
    Cancelled(Signal),
}

/// Why the sizes of two reports can't be set against each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomparable {
    Lab {
        before: Option<String>,
        after: Option<String>,
    },
    Platform {
        variant: String,
        before: String,
        after: String,
    },
    /// `None` is `FROM scratch`.
    Base {
        variant: String,
        before: Option<String>,
        after: Option<String>,
    },
    StandIn {
        variant: String,
        stand_in: String,
        real: String,
    },
}

/// What is wrong with the text of a report. A `place` is the path of keys to it, such as
/// `variants[1].size.own`.
#[derive(Debug)]
pub enum ReportFault {
    /// The text is not JSON, ends too early, or has a value of another kind or range; the
    /// error names line and column.
    Json(serde_json::Error),
    Empty,
    /// It was read no further.
    TooLarge {
        limit: Bytes,
    },
    NoSchema,
    /// Of several reports in one file: in the one with this index.
    InReport {
        at: usize,
        fault: Box<Self>,
    },
    NoReport,
    OtherSchema {
        schema: String,
    },
    VariantTwice {
        name: String,
    },
    NoVariant {
        place: String,
        name: String,
    },
    Missing {
        place: String,
    },
    Sum {
        place: String,
        expected: u128,
        actual: u64,
    },
    Contradiction {
        place: String,
    },
}
