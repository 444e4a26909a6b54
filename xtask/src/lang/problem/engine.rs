use crate::model::{EngineProblem, Language};

pub(super) fn french(problem: &EngineProblem) -> String {
    problem.to_string()
}

pub(super) fn help(_problem: &EngineProblem, _language: Language) -> Option<String> {
    None
}
