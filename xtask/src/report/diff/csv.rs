use std::io::{self, Write};

use ::csv::Writer;

use crate::report::DiffReport;
use crate::report::csv::{cell, number};
use crate::report::wire::cause_name;

/// One row for each path of each cause, in comma-separated values (RFC 4180, line feeds
/// alone); a cause without paths has one row. The last column adds up to the change.
pub(super) fn render(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record([
        "cause",
        "kind",
        "dockerfile",
        "line",
        "instruction",
        "path",
        "before",
        "after",
        "delta",
    ])?;
    for (index, cause) in report.diff.causes.iter().enumerate() {
        let step = cause.step.as_ref();
        let place = step.and_then(|step| step.place.as_ref());
        let mut row = |path: String, before: Option<u64>, after: Option<u64>, delta: i64| {
            rows.write_record([
                index.to_string(),
                cause_name(cause.kind).to_owned(),
                cell(place.map(|place| place.dockerfile.as_str())),
                number(place.and_then(|place| place.line)),
                cell(step.map(|step| step.instruction.as_str())),
                path,
                number(before),
                number(after),
                delta.to_string(),
            ])
        };
        if cause.paths.is_empty() {
            row(String::new(), None, None, cause.delta.0)?;
        }
        for it in &cause.paths {
            let path = cell(Some(&it.path.to_string()));
            row(path, Some(it.before.0), Some(it.after.0), it.delta().0)?;
        }
    }
    rows.flush()
}
