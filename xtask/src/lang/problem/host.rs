use crate::model::{HostProblem, Language};

pub(super) fn french(problem: &HostProblem) -> String {
    problem.to_string()
}

pub(super) fn help(_problem: &HostProblem, _language: Language) -> Option<String> {
    None
}
