use crate::model::{LabProblem, Language};

pub(super) fn french(problem: &LabProblem) -> String {
    problem.to_string()
}

pub(super) fn help(_problem: &LabProblem, _language: Language) -> Option<String> {
    None
}
