use super::{Said, did_you_mean};
use crate::lang::phrases::{Phrases, phrases, say};
use crate::model::{
    Language, LessonProblem, MissingService, RecordFault, ScriptFault, ScriptValue,
};

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &LessonProblem, say: Phrases) -> Said {
    match problem {
        LessonProblem::NoScript { lab, paths } => {
            let paths = paths.iter().map(|path| format!("`{}`", path.display()));
            let paths = paths.collect::<Vec<_>>().join(", ");
            Said::new(
                say!(
                    say,
                    "lab `{lab}` has no lesson: no file {paths}",
                    "le lab `{lab}` n’a pas de leçon\u{a0}: pas de fichier {paths}"
                ),
                say!(
                    say,
                    "docs/demo.md shows how to write one",
                    "docs/demo.md montre comment en écrire une"
                ),
            )
        }
        LessonProblem::Read { path, .. } => {
            let path = path.display();
            Said::alone(say!(
                say,
                "cannot read `{path}`",
                "impossible de lire `{path}`"
            ))
        }
        LessonProblem::Script { path, fault } => {
            let (path, (reason, help)) = (path.display(), script_fault(fault, say));
            let help = help.unwrap_or_else(|| {
                say!(
                    say,
                    "docs/demo.md lists the keys",
                    "docs/demo.md donne la liste des clés"
                )
            });
            Said::new(
                say!(say, "`{path}`: {reason}", "`{path}`\u{a0}: {reason}"),
                help,
            )
        }
        LessonProblem::NoVariant(missing) => {
            let MissingService {
                path,
                step,
                service,
                compose,
                known,
                nearest,
            } = missing.as_ref();
            let (path, compose, known) = (path.display(), compose.display(), known.join(", "));
            Said::new(
                say!(
                    say,
                    "`{path}`: step `{step}` shows `{service}`, and `{compose}` has no such \
                     service",
                    "`{path}`\u{a0}: l’étape `{step}` montre `{service}`, un service absent de \
                     `{compose}`"
                ),
                match nearest {
                    Some(nearest) => did_you_mean(say, nearest),
                    None => say!(
                        say,
                        "the services are: {known}",
                        "les services sont\u{a0}: {known}"
                    ),
                },
            )
        }
        LessonProblem::NoRecord { path, again } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "no results were recorded yet: there is no `{path}`",
                    "aucun résultat n’est encore enregistré\u{a0}: pas de fichier `{path}`"
                ),
                say!(say, "run `{again}`", "lancez `{again}`"),
            )
        }
        LessonProblem::Record { path, fault } => {
            let (path, reason) = (path.display(), fault_of_record(fault, say));
            Said::new(
                say!(
                    say,
                    "the recorded results in `{path}` can't be used: {reason}",
                    "les résultats enregistrés dans `{path}` sont inutilisables\u{a0}: {reason}"
                ),
                say!(
                    say,
                    "remove the file (`rm {path}`) and rehearse again, or name another with \
                     `--rehearsal`",
                    "supprimez ce fichier (`rm {path}`) et répétez de nouveau, ou indiquez-en un \
                     autre avec `--rehearsal`"
                ),
            )
        }
        LessonProblem::NoTerminal { flag } => Said::alone(say!(
            say,
            "`{flag}` needs a terminal: standard input and output",
            "`{flag}` nécessite un terminal\u{a0}: entrée et sortie standard"
        )),
        LessonProblem::Terminal { .. } => Said::alone(say!(
            say,
            "cannot use this terminal",
            "ce terminal est inutilisable"
        )),
    }
}

/// Why a record can't be used, as part of a sentence.
pub fn record_fault(fault: &RecordFault, language: Language) -> String {
    fault_of_record(fault, phrases(language))
}

fn fault_of_record(fault: &RecordFault, say: Phrases) -> String {
    match fault {
        RecordFault::Unreadable(reason) => {
            say!(say, "damaged ({reason})", "endommagés ({reason})")
        }
        RecordFault::OtherVersion(Some(schema)) => say!(
            say,
            "another version of the kit wrote them (`{schema}`)",
            "une autre version du kit les a écrits (`{schema}`)"
        ),
        RecordFault::OtherVersion(None) => say!(
            say,
            "the file names no `schema`",
            "le fichier n’indique pas de `schema`"
        ),
        RecordFault::OtherLab { recorded, wanted } => say!(
            say,
            "they are of lab `{recorded}`, not `{wanted}`",
            "ils sont du lab `{recorded}`, et non `{wanted}`"
        ),
        RecordFault::NoResult { steps } => {
            let steps = steps.join("`, `");
            say!(
                say,
                "they have nothing for `{steps}`",
                "ils ne contiennent rien pour `{steps}`"
            )
        }
    }
}

/// What is wrong, and what to do about it.
fn script_fault(fault: &ScriptFault, say: Phrases) -> (String, Option<String>) {
    match fault {
        ScriptFault::Yaml(reason) => (
            say!(
                say,
                "not YAML: {reason}",
                "ce n’est pas du YAML\u{a0}: {reason}"
            ),
            None,
        ),
        ScriptFault::NoSteps => (say!(say, "it has no steps", "aucune étape"), None),
        ScriptFault::Missing { place } => {
            (say!(say, "`{place}` is missing", "`{place}` manque"), None)
        }
        ScriptFault::UnknownKey { place, nearest } => (
            say!(say, "unknown key `{place}`", "clé inconnue `{place}`"),
            nearest.as_ref().map(|nearest| did_you_mean(say, nearest)),
        ),
        ScriptFault::BadValue {
            place,
            value,
            expected,
        } => {
            let expected = say.pick(wanted(*expected));
            (
                say!(
                    say,
                    "`{place}` is `{value}` instead of {expected}",
                    "`{place}` vaut `{value}` au lieu de {expected}"
                ),
                None,
            )
        }
        ScriptFault::Twice { id } => (
            say!(
                say,
                "two steps are called `{id}`",
                "deux étapes s’appellent `{id}`"
            ),
            None,
        ),
    }
}

fn wanted(value: ScriptValue) -> [&'static str; crate::lang::phrases::N] {
    match value {
        ScriptValue::Mapping => ["keys with values", "clés et valeurs"],
        ScriptValue::List => ["a list", "une liste"],
        ScriptValue::Text => ["a text", "un texte"],
        ScriptValue::Told => [
            "a text, or one for each language (`en`, `fr`)",
            "un texte, ou un par langue (`en`, `fr`)",
        ],
        ScriptValue::End => ["`success` or `failure`", "`success` ou `failure`"],
        ScriptValue::Percent => ["a percentage, such as `2%`", "un pourcentage, comme `2%`"],
        ScriptValue::Duration => ["a duration, such as `90s`", "une durée, comme `90s`"],
    }
}
