use std::io::{self, Write};

use super::document::Document;
use crate::report::LabReport;

/// Writes a report as JSON, indented by two, with a line feed at the end. The same report
/// gives the same bytes.
pub fn write(report: &LabReport, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::from(report))?;
    out.write_all(b"\n")
}
