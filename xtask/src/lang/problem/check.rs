use super::Said;
use crate::lang::phrases::{Phrases, say};
use crate::model::CheckProblem;

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &CheckProblem, say: Phrases) -> Said {
    match problem {
        CheckProblem::NoSubmission { path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "there is no Dockerfile to check at `{path}`",
                    "il n’y a pas de Dockerfile à vérifier dans `{path}`"
                ),
                say!(
                    say,
                    "write it there, or name yours: `cargo xtask check LAB path/to/Dockerfile`",
                    "écrivez-le à cet endroit, ou indiquez le vôtre\u{a0}: `cargo xtask check LAB \
                     chemin/du/Dockerfile`"
                ),
            )
        }
        CheckProblem::NotAnExercise { lab } => Said::new(
            say!(
                say,
                "`{lab}` is not an exercise: `check` needs a reference, and a solution with \
                 `x-lab.exercise`",
                "`{lab}` n’est pas un exercice\u{a0}: `check` a besoin d’une référence, et d’une \
                 solution avec `x-lab.exercise`"
            ),
            say!(
                say,
                "`cargo xtask lab {lab}` builds and compares its images",
                "`cargo xtask lab {lab}` construit et compare ses images"
            ),
        ),
        CheckProblem::ScriptFails {
            script,
            output,
            log,
        } => {
            let last = log.last().map(|it| format!(" ({it})")).unwrap_or_default();
            Said::new(
                say!(
                    say,
                    "the given `{script}` does not write `{output}` in the reference’s base \
                     image{last}",
                    "le script fourni `{script}` n’écrit pas `{output}` dans l’image de base de \
                     la référence{last}"
                ),
                say!(
                    say,
                    "this is a fault of the exercise, not of the submission: check `command` and \
                     `output` in `x-lab.exercise`",
                    "c’est une erreur de l’exercice, pas de la copie\u{a0}: vérifiez `command` et \
                     `output` dans `x-lab.exercise`"
                ),
            )
        }
        CheckProblem::NoSuchBase { image, known } => {
            let known = known.join("`, `");
            Said::new(
                say!(
                    say,
                    "`--base {image}=…`: neither the submission nor the reference uses `{image}`",
                    "`--base {image}=…`\u{a0}: ni la copie ni la référence n’utilisent `{image}`"
                ),
                say!(say, "they use `{known}`", "elles utilisent `{known}`"),
            )
        }
    }
}
