use super::Said;
use crate::lang::phrases::{Phrases, say};
use crate::model::CacheProblem;

pub(super) fn said(problem: &CacheProblem, say: Phrases) -> Said {
    match problem {
        CacheProblem::Write { path, .. } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "cannot write the cache at `{path}`",
                    "impossible d’écrire le cache dans `{path}`"
                ),
                say!(
                    say,
                    "free some space or allow writing there, or set XDG_CACHE_HOME to another \
                     directory",
                    "libérez de la place ou autorisez-y l’écriture, ou indiquez un autre dossier \
                     dans XDG_CACHE_HOME"
                ),
            )
        }
    }
}
