use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::told::{Line, Told};
use crate::lang::{brief, phrases};
use crate::model::{CheckOutcome, CheckReport, Language};

/// Writes a suite with a case a check. One that could not be decided is an `<error>`.
pub(super) fn render(
    report: &CheckReport,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let told = Told::of(report, phrases(language));
    let count = |outcome| {
        let checks = report.checks.iter();
        checks
            .filter(|it| it.outcome == outcome)
            .count()
            .to_string()
    };
    let tests = report.checks.len().to_string();
    let [failures, errors, skipped] = [
        CheckOutcome::Fail,
        CheckOutcome::Undecided,
        CheckOutcome::Skipped,
    ]
    .map(count);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attribute(("name", brief(&told.lab).as_ref()))
        .with_attribute(("tests", tests.as_str()))
        .with_attribute(("failures", failures.as_str()))
        .with_attribute(("errors", errors.as_str()))
        .write_inner_content(|xml| {
            xml.create_element("testsuite")
                .with_attribute(("name", brief(&told.submission).as_ref()))
                .with_attribute(("tests", tests.as_str()))
                .with_attribute(("failures", failures.as_str()))
                .with_attribute(("errors", errors.as_str()))
                .with_attribute(("skipped", skipped.as_str()))
                .write_inner_content(|xml| {
                    (0..told.rows.len()).try_for_each(|at| case(report, &told, at, xml))
                })?;
            Ok(())
        })?;
    xml.into_inner().write_all(b"\n")
}

fn case(
    report: &CheckReport,
    told: &Told,
    at: usize,
    xml: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let row = &told.rows[at];
    let class = format!("{}.{}", told.lab, told.submission);
    let element = xml
        .create_element("testcase")
        .with_attribute(("name", row.id.name()))
        .with_attribute(("classname", brief(&class).as_ref()))
        .with_attribute(("file", brief(&told.submission).as_ref()))
        .with_attribute(("time", "0"));
    let is_first = report.first().is_some_and(|it| it.id == row.id);
    let kind = match row.outcome {
        CheckOutcome::Pass => {
            element.write_empty()?;
            return Ok(());
        }
        CheckOutcome::Fail => "failure",
        CheckOutcome::Undecided => "error",
        CheckOutcome::Skipped => "skipped",
    };
    let fault = told.fault.as_ref().filter(|_| is_first);
    let message = fault.map_or(row.text.as_str(), |it| it.sentence.as_str());
    let message = brief(message).into_owned();
    element.write_inner_content(|xml| {
        let inner = xml
            .create_element(kind)
            .with_attribute(("message", message.as_str()));
        let Some(fault) = fault else {
            inner.write_empty()?;
            return Ok(());
        };
        let place = Some(brief(&fault.place).into_owned()).filter(|it| !it.is_empty());
        let proof = fault.proof.iter().map(|line| match line {
            Line::Quoted(text) | Line::Said(text) => brief(text).into_owned(),
            Line::Labelled(label, text) => format!("{label}: {}", brief(text)),
        });
        let hints = fault.hints.iter().map(|it| brief(it).into_owned());
        let lines: Vec<String> = place.into_iter().chain(proof).chain(hints).collect();
        inner.write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    })?;
    Ok(())
}
