use std::fs;

use super::context::{Context, Ended};
use super::publish::Destinations;
use crate::cli::ReportArgs;
use crate::model::{Problem, ReportProblem};
use crate::report::wire;

/// Reads a saved report and renders it again. Its verdict stays what it was.
pub(super) fn run(args: &ReportArgs, cx: &Context) -> Result<Ended, Problem> {
    let path = &args.report;
    let text = fs::read(path).map_err(|source| ReportProblem::Read {
        path: path.clone(),
        source,
    })?;
    let report = wire::read(path, &text)?;
    Ok(Destinations::open(&args.outputs)?.publish(&report, &cx.terminal)?)
}
