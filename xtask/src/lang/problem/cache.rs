use crate::model::{CacheProblem, Language};

pub(super) fn french(problem: &CacheProblem) -> String {
    problem.to_string()
}

pub(super) fn help(_problem: &CacheProblem, _language: Language) -> Option<String> {
    None
}
