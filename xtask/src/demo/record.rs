use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::taken::Taken;
use crate::model::{Base, LessonProblem, RecordFault};
use crate::report::wire;

/// The value of `schema`.
pub const SCHEMA: &str = "demo-record/1";

/// What each step of a lesson came to when it was last rehearsed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub lab: String,
    /// What the images stand on.
    pub base: Option<Base>,
    /// By the steps' names, in their order; with the step's screen as lines.
    pub steps: Vec<(String, Taken, Vec<String>)>,
}

#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: String,
    lab: String,
    base: Option<Base>,
    steps: Vec<Step>,
}

#[derive(Serialize, Deserialize)]
struct Step {
    id: String,
    commands: Vec<String>,
    dockerfile: Vec<String>,
    #[serde(default)]
    screen: Vec<String>,
    /// A `lab-report/1`.
    report: Value,
}

impl Record {
    /// Reads what [`Record::write`] wrote for this lab; `path` names it in a problem.
    pub fn read(json: &[u8], path: &Path, lab: &str) -> Result<Self, LessonProblem> {
        read(json, path, lab).map_err(|fault| LessonProblem::Record {
            path: path.to_owned(),
            fault,
        })
    }

    /// As JSON, indented by two, with a line feed at its end.
    ///
    /// # Panics
    /// Never: all that it holds can be written as JSON.
    pub fn write(&self) -> Vec<u8> {
        let step = |(id, taken, screen): &(String, Taken, Vec<String>)| Step {
            id: id.clone(),
            commands: taken.commands.clone(),
            dockerfile: taken.dockerfile.clone(),
            screen: screen.clone(),
            report: report_of(taken),
        };
        let document = Document {
            schema: SCHEMA.to_owned(),
            lab: self.lab.clone(),
            base: self.base.clone(),
            steps: self.steps.iter().map(step).collect(),
        };
        let json = serde_json::to_vec_pretty(&document);
        let mut json = json.expect("what this type holds can be written as JSON");
        json.push(b'\n');
        json
    }

    pub fn taken(&self, id: &str) -> Option<&Taken> {
        let mut steps = self.steps.iter();
        steps
            .find(|(known, ..)| known == id)
            .map(|(_, taken, _)| taken)
    }

    /// Whether both are known to be the same image.
    pub fn is_on(&self, base: Option<&Base>) -> bool {
        match (&self.base, base) {
            (Some(before), Some(now)) => before.id.is_some() && before.id == now.id,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

fn report_of(taken: &Taken) -> Value {
    let mut json = Vec::new();
    let written = wire::write(&taken.report, &mut json);
    let read = written
        .ok()
        .and_then(|()| serde_json::from_slice(&json).ok());
    read.expect("a report is written as JSON")
}

fn read(json: &[u8], path: &Path, lab: &str) -> Result<Record, RecordFault> {
    let damaged = |error: serde_json::Error| RecordFault::Unreadable(error.to_string());
    let head: Head = serde_json::from_slice(json).map_err(damaged)?;
    if head.schema.as_deref() != Some(SCHEMA) {
        return Err(RecordFault::OtherVersion(head.schema));
    }
    let document: Document = serde_json::from_slice(json).map_err(damaged)?;
    if document.lab != lab {
        return Err(RecordFault::OtherLab {
            recorded: document.lab,
            wanted: lab.to_owned(),
        });
    }
    let steps = document.steps.into_iter().map(|step| {
        let text = serde_json::to_vec(&step.report).map_err(damaged)?;
        let report = wire::read(path, &text);
        let unread = |problem: crate::model::ReportProblem| {
            let id = &step.id;
            RecordFault::Unreadable(format!("{id}: {problem}"))
        };
        let taken = Taken {
            report: report.map_err(unread)?,
            commands: step.commands,
            dockerfile: step.dockerfile,
        };
        Ok((step.id, taken, step.screen))
    });
    Ok(Record {
        lab: document.lab,
        base: document.base,
        steps: steps.collect::<Result<_, _>>()?,
    })
}
