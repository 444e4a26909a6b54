use std::io;
use std::path::{Path, PathBuf};

use crate::model::{Bytes, Signal};

/// Why a report can't be read back, written or compared.
#[derive(Debug, thiserror::Error)]
pub enum ReportProblem {
    #[error("cannot read the report `{path}`")]
    Read { path: PathBuf, source: io::Error },
    #[error("`{path}` is not a report: {fault}")]
    NotAReport { path: PathBuf, fault: ReportFault },
    #[error("`{path}` has the schema `{schema}`")]
    Schema { path: PathBuf, schema: String },
    /// `wanted` is `None` where nobody chose and no choice is obvious; `there` are those that
    /// were measured.
    #[error("`{path}` has {}", no_variant(.wanted.as_deref()))]
    NoVariant {
        path: PathBuf,
        wanted: Option<String>,
        there: Vec<String>,
    },
    /// Two reports tell of one variant of one lab, platform and engine. `variant` is `None`
    /// where neither has any.
    #[error("{} {}", both(.first, .second), clash(.lab.as_deref(), .variant.as_deref()))]
    Clash {
        first: PathBuf,
        second: PathBuf,
        lab: Option<String>,
        variant: Option<String>,
    },
    #[error("cannot write the report `{path}`")]
    Write { path: PathBuf, source: io::Error },
    #[error("two outputs go to `{path}`")]
    SamePath { path: PathBuf },
    /// The file to judge by can't be read.
    #[error("no baseline: {problem}")]
    Baseline {
        path: PathBuf,
        problem: Box<ReportProblem>,
    },
    /// `report` is the saved report that was to be judged; `None` for the run at hand.
    #[error("`{path}` can't be compared with{}: {reason}", with_file(.report.as_deref()))]
    Incomparable {
        path: PathBuf,
        report: Option<PathBuf>,
        reason: Box<Incomparable>,
    },
    /// The baseline is several reports, and none is of this lab and platform. `there` are what
    /// they are of.
    #[error("`{path}` has no report to judge {} by", judged(.report.as_deref(), .wanted))]
    NoPartner {
        path: PathBuf,
        report: Option<PathBuf>,
        wanted: String,
        there: Vec<String>,
    },
    #[error("cannot write to standard output")]
    Stdout { source: io::Error },
    #[error("stopped by signal {}", .0.0)]
    Cancelled(Signal),
}

/// Why the sizes of two reports can't be set against each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomparable {
    #[error("it is of {}, and this is {}", lab(.before.as_deref()), lab(.after.as_deref()))]
    Lab {
        before: Option<String>,
        after: Option<String>,
    },
    #[error("there `{variant}` is for {before}, and here for {after}")]
    Platform {
        variant: String,
        before: String,
        after: String,
    },
    /// `None` is `FROM scratch`.
    #[error("there `{variant}` stands on {}, and here on {}", base(.before.as_deref()), base(.after.as_deref()))]
    Base {
        variant: String,
        before: Option<String>,
        after: Option<String>,
    },
    #[error("`{variant}` stands once on the stand-in `{stand_in}` and once on the real `{real}`")]
    StandIn {
        variant: String,
        stand_in: String,
        real: String,
    },
}

fn lab(name: Option<&str>) -> String {
    name.map_or_else(|| "no lab".to_owned(), |name| format!("the lab `{name}`"))
}

fn base(reference: Option<&str>) -> String {
    reference.map_or_else(
        || "`scratch`".to_owned(),
        |reference| format!("`{reference}`"),
    )
}

/// As the user named the report that is judged.
fn with_file(report: Option<&Path>) -> String {
    report.map_or_else(String::new, |path| format!(" `{}`", path.display()))
}

fn judged(report: Option<&Path>, wanted: &str) -> String {
    match report {
        Some(path) => format!("`{}` ({wanted})", path.display()),
        None => wanted.to_owned(),
    }
}

fn no_variant(wanted: Option<&str>) -> String {
    match wanted {
        Some(wanted) => format!("no measured variant `{wanted}`"),
        None => "several variants, or none, and no solution".to_owned(),
    }
}

fn both(first: &Path, second: &Path) -> String {
    if first == second {
        format!("two reports in `{}`", first.display())
    } else {
        format!("`{}` and `{}`", first.display(), second.display())
    }
}

fn clash(lab: Option<&str>, variant: Option<&str>) -> String {
    let what = match (lab, variant) {
        (Some(lab), Some(variant)) => format!("tell of `{variant}` of `{lab}`"),
        (Some(lab), None) => format!("tell of `{lab}`"),
        (None, Some(variant)) => format!("tell of `{variant}`"),
        (None, None) => "tell of one lab".to_owned(),
    };
    format!("{what} on the same platform and engine, and differ")
}

/// What is wrong with the text of a report. A `place` is the path of keys to it, such as
/// `variants[1].size.own`.
#[derive(Debug, thiserror::Error)]
pub enum ReportFault {
    /// The text is not JSON, ends too early, or has a value of another kind or range; the
    /// error names line and column.
    #[error("{0}")]
    Json(serde_json::Error),
    #[error("it is empty")]
    Empty,
    /// It was read no further.
    #[error("it has more than {} MiB", .limit.0 >> 20)]
    TooLarge { limit: Bytes },
    #[error("it names no schema")]
    NoSchema,
    /// Of several reports in one file: in the one with this index.
    #[error("in `reports[{at}]`: {fault}")]
    InReport { at: usize, fault: Box<Self> },
    #[error("there is no report in it")]
    NoReport,
    #[error("its schema is `{schema}`")]
    OtherSchema { schema: String },
    #[error("two variants are named `{name}`")]
    VariantTwice { name: String },
    #[error("`{place}` names a variant `{name}` that is not there")]
    NoVariant { place: String, name: String },
    #[error("`{place}` is missing")]
    Missing { place: String },
    #[error("`{place}` should be {expected}, by what it is made of, and is {actual}")]
    Sum {
        place: String,
        expected: u128,
        actual: u64,
    },
    #[error("`{place}` contradicts what stands beside it")]
    Contradiction { place: String },
}
