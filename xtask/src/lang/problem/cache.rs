use crate::model::{CacheProblem, Language};

pub(super) fn french(problem: &CacheProblem) -> String {
    let CacheProblem::Write { path, .. } = problem;
    format!("impossible d’écrire le cache dans `{}`", path.display())
}

pub(super) fn help(problem: &CacheProblem, language: Language) -> String {
    let CacheProblem::Write { .. } = problem;
    match language {
        Language::English => {
            "make room or permit writing there, or name another directory in XDG_CACHE_HOME"
        }
        Language::French => {
            "libérez de la place ou autorisez-y l’écriture, ou indiquez un autre répertoire dans \
             XDG_CACHE_HOME"
        }
    }
    .to_owned()
}
