use crate::model::{Language, ReportProblem};

pub(super) fn french(problem: &ReportProblem) -> String {
    problem.to_string()
}

pub(super) fn help(_problem: &ReportProblem, _language: Language) -> Option<String> {
    None
}
