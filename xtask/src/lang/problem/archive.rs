use crate::model::{ArchiveProblem, Language};

pub(super) fn french(problem: &ArchiveProblem) -> String {
    problem.to_string()
}

pub(super) fn help(_problem: &ArchiveProblem, _language: Language) -> Option<String> {
    None
}
