use std::io::{self, Write};

use super::{
    LabReport, Look, MergedReport, annotations, bencher, csv, html, junit, markdown, sarif, table,
    wire,
};
use crate::model::Format;

/// Writes several reports as one document. One alone is written as [`render`] does.
pub fn render_merged(
    merged: &MergedReport,
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(report) = merged.only() {
        return render(report, format, look, out);
    }
    match format {
        Format::Table => table::render_merged(merged, look, out),
        Format::Json => wire::write_merged(merged, out),
        Format::Markdown => markdown::render_merged(merged, look, out),
        Format::Html => html::render_merged(merged, look.language, out),
        Format::Csv => csv::render_merged(merged, out),
        Format::Junit => junit::render_merged(merged, look.language, out),
        Format::Sarif => sarif::render_merged(merged, look.language, out),
        Format::Annotations => annotations::render_merged(merged, look.language, out),
        Format::Bencher => bencher::render_merged(merged, out),
    }
}

/// Writes a report in a format. The same report and look give the same bytes.
pub fn render(
    report: &LabReport,
    format: Format,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Table => table::render(report, look, out),
        Format::Json => wire::write(report, out),
        Format::Markdown => markdown::render(report, look, out),
        Format::Html => html::render(report, look.language, out),
        Format::Csv => csv::render(report, out),
        Format::Junit => junit::render(report, look.language, out),
        Format::Sarif => sarif::render(report, look.language, out),
        Format::Annotations => annotations::render(report, look.language, out),
        Format::Bencher => bencher::render(report, out),
    }
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::model::{CauseKind, Delta, DiffCause, Format, Language, Since, Step};
    use crate::report::sample::regressed;
    use crate::report::{LabReport, Look, Styles};

    fn shown(report: &LabReport, format: Format) -> String {
        let look = Look {
            language: Language::English,
            width: 80,
            styles: Styles::none(),
        };
        let mut out = Vec::new();
        render(report, format, &look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn grown_by(delta: i64) -> LabReport {
        let mut report = regressed();
        let variants = &mut report.baseline.as_mut().unwrap().variants;
        let mut states = variants.iter_mut().map(|it| &mut it.state);
        let evolution = states.find_map(|state| match state {
            Since::Compared(evolution) if evolution.counted.delta().0 > 0 => Some(evolution),
            _ => None,
        });
        let step = Step {
            stage: None,
            instruction: "RUN the-last-of-them".to_owned(),
            place: None,
        };
        let causes = &mut evolution.unwrap().diff.causes;
        causes.truncate(1);
        causes.push(DiffCause {
            kind: CauseKind::ChangedInstruction,
            step: Some(step),
            step_before: None,
            delta: Delta(delta),
            paths: Vec::new(),
        });
        report
    }

    #[test]
    fn a_cause_without_bytes_is_counted_and_not_told() {
        for format in [Format::Table, Format::Markdown, Format::Html] {
            let names_it = |delta| shown(&grown_by(delta), format).contains("RUN the-last-of-them");
            assert!(names_it(1), "{format:?}");
            assert!(!names_it(0), "{format:?}");
            assert!(
                shown(&grown_by(0), format).contains("and 1 more"),
                "{format:?}"
            );
        }
    }
}
