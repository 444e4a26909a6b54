use std::io::{self, ErrorKind};
use std::path::Path;

use serde_json::error::Category;

use super::{Said, cancelled};
use crate::lang::phrases::{Phrases, say};
use crate::model::{Incomparable, ReportFault, ReportProblem};

pub(super) fn said(problem: &ReportProblem, say: Phrases) -> Said {
    match problem {
        ReportProblem::Read { path, source } => {
            let path = path.display();
            let sentence = say!(
                say,
                "cannot read the report `{path}`",
                "impossible de lire le rapport `{path}`"
            );
            let help = if source.kind() == ErrorKind::IsADirectory {
                say!(
                    say,
                    "name the reports in it: `{path}/*.json`",
                    "indiquez les rapports qu’il contient\u{a0}: `{path}/*.json`"
                )
            } else {
                say!(
                    say,
                    "check that it exists: `ls -l {path}`",
                    "vérifiez qu’il existe\u{a0}: `ls -l {path}`"
                )
            };
            Said::new(sentence, help)
        }
        // Whatever the file is, no advice overwrites it.
        ReportProblem::NotAReport { path, fault } => {
            let (path, fault) = (path.display(), faulty(fault, say));
            Said::new(
                say!(
                    say,
                    "`{path}` is not a report: {fault}",
                    "`{path}` n’est pas un rapport\u{a0}: {fault}"
                ),
                say!(
                    say,
                    "create one in a new file: `cargo xtask lab LAB --output json=NEW.json`",
                    "créez-en un dans un nouveau fichier\u{a0}: `cargo xtask lab LAB --output \
                     json=NOUVEAU.json`"
                ),
            )
        }
        ReportProblem::Schema { path, schema } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "`{path}` has the schema `{schema}`",
                    "`{path}` suit le schéma `{schema}`"
                ),
                if schema == "lab-reports/1" {
                    say!(
                        say,
                        "it contains several merged reports: use one of the original reports \
                         instead",
                        "il contient plusieurs rapports fusionnés\u{a0}: donnez plutôt l’un des \
                         rapports d’origine"
                    )
                } else {
                    say!(
                        say,
                        "this version of the kit reads `lab-report/1`: create the report again, or \
                         use the version that made it",
                        "cette version du kit lit `lab-report/1`\u{a0}: refaites le rapport, ou \
                         utilisez la version qui l’a fait"
                    )
                },
            )
        }
        ReportProblem::NoVariant {
            path,
            wanted,
            there,
        } => {
            let path = path.display();
            Said::new(
                match wanted {
                    Some(wanted) => say!(
                        say,
                        "`{path}` has no measured variant `{wanted}`",
                        "`{path}` n’a pas de variante mesurée `{wanted}`"
                    ),
                    None => say!(
                        say,
                        "`{path}` has no variant, or several and no solution",
                        "`{path}` n’a aucune variante, ou plusieurs sans solution"
                    ),
                },
                chosen(there, say),
            )
        }
        ReportProblem::Clash {
            first,
            second,
            lab,
            variant,
        } => clash([first, second], lab.as_deref(), variant.as_deref(), say),
        ReportProblem::Write { path, source } => {
            let shown = path.display();
            Said::new(
                say!(
                    say,
                    "cannot write the report `{shown}`",
                    "impossible d’écrire le rapport `{shown}`"
                ),
                writable(path, source, say),
            )
        }
        ReportProblem::SamePath { path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "two outputs have the same path `{path}`",
                    "deux sorties ont le même chemin `{path}`"
                ),
                say!(
                    say,
                    "give each `--output` a different path",
                    "donnez à chaque `--output` un chemin différent"
                ),
            )
        }
        ReportProblem::Baseline { path, problem } => {
            let reason = said(problem, say).sentence;
            Said::new(
                say!(
                    say,
                    "cannot use the baseline: {reason}",
                    "impossible d’utiliser la mesure précédente\u{a0}: {reason}"
                ),
                remade(path, problem, say),
            )
        }
        ReportProblem::Incomparable {
            path,
            report,
            reason,
        } => {
            let (path, reason) = (path.display(), incomparable(say, reason));
            let with = report.as_ref().map(|report| report.display().to_string());
            let sentence = match with {
                Some(report) => say!(
                    say,
                    "`{path}` can't be compared with `{report}`: {reason}",
                    "`{path}` n’est pas comparable à `{report}`\u{a0}: {reason}"
                ),
                None => say!(
                    say,
                    "`{path}` can't be compared with this run: {reason}",
                    "`{path}` n’est pas comparable à cette exécution\u{a0}: {reason}"
                ),
            };
            // Only `lab` makes a baseline, and another report may still need this one.
            let help = if report.is_some() {
                say!(
                    say,
                    "use another baseline, or create one in a new file: `cargo xtask lab LAB \
                     --baseline NEW.json --update-baseline`",
                    "donnez une autre mesure précédente, ou créez-en une dans un nouveau \
                     fichier\u{a0}: `cargo xtask lab LAB --baseline NOUVEAU.json --update-baseline`"
                )
            } else {
                say!(
                    say,
                    "replace it: run again with `--baseline {path} --update-baseline`",
                    "remplacez-la\u{a0}: relancez avec `--baseline {path} --update-baseline`"
                )
            };
            Said::new(sentence, help)
        }
        ReportProblem::NoPartner {
            path,
            report,
            wanted,
            there,
        } => {
            let (path, there) = (path.display(), there.join(", "));
            let judged = match report {
                Some(report) => format!("`{}` ({wanted})", report.display()),
                None => wanted.clone(),
            };
            Said::new(
                say!(
                    say,
                    "`{path}` has no report to compare {judged} with",
                    "`{path}` ne contient aucun rapport auquel comparer {judged}"
                ),
                say!(
                    say,
                    "it has: {there}. Create a baseline of this one too (`cargo xtask lab LAB \
                     --baseline NEW.json --update-baseline`) and merge: `cargo xtask report {path} \
                     NEW.json --output json={path}`",
                    "il contient\u{a0}: {there}. Créez aussi une mesure de celui-ci (`cargo xtask \
                     lab LAB --baseline NOUVEAU.json --update-baseline`) et fusionnez\u{a0}: `cargo \
                     xtask report {path} NOUVEAU.json --output json={path}`"
                ),
            )
        }
        ReportProblem::Stdout { .. } => Said::new(
            say!(
                say,
                "cannot write to standard output",
                "impossible d’écrire sur la sortie standard"
            ),
            say!(
                say,
                "write to a file instead: `--output FORMAT=PATH`",
                "écrivez plutôt dans un fichier\u{a0}: `--output FORMAT=CHEMIN`"
            ),
        ),
        ReportProblem::Cancelled(signal) => cancelled(*signal, say),
    }
}

/// Two files can be compared; two reports in one can only be merged again.
fn clash(
    [first, second]: [&Path; 2],
    lab: Option<&str>,
    variant: Option<&str>,
    say: Phrases,
) -> Said {
    let is_one_file = first == second;
    let (first, second) = (first.display(), second.display());
    let both = if is_one_file {
        say!(
            say,
            "two reports in `{first}`",
            "deux rapports de `{first}`"
        )
    } else {
        say!(say, "`{first}` and `{second}`", "`{first}` et `{second}`")
    };
    let what = match (variant, lab) {
        (Some(variant), Some(lab)) => say!(
            say,
            "`{variant}` of lab `{lab}`",
            "`{variant}` du lab `{lab}`"
        ),
        (None, Some(lab)) => say!(say, "lab `{lab}`", "le lab `{lab}`"),
        (Some(variant), None) => format!("`{variant}`"),
        (None, None) => say!(say, "one lab", "un même lab"),
    };
    let sentence = say!(
        say,
        "{both} have different results for {what} on the same platform and engine",
        "{both} donnent des résultats différents pour {what}, sur la même plateforme et le même \
         moteur"
    );
    let help = if is_one_file {
        say!(
            say,
            "merge the original reports again, each once",
            "fusionnez de nouveau les rapports d’origine, chacun une seule fois"
        )
    } else {
        say!(
            say,
            "`report` only merges the reports of one project. If these are of several students, \
             show them one at a time: `for it in *.json; do cargo xtask report \"$it\"; done`\nto \
             see how two differ: `cargo xtask diff {first} {second}`",
            "`report` ne fusionne que les rapports d’un même projet. S’ils sont de plusieurs \
             étudiants, affichez-les un par un\u{a0}: `for it in *.json; do cargo xtask report \
             \"$it\"; done`\npour voir en quoi deux rapports diffèrent\u{a0}: `cargo xtask diff \
             {first} {second}`"
        )
    };
    Said::new(sentence, help)
}

/// Why two reports can't be compared.
pub fn incomparable(say: Phrases, reason: &Incomparable) -> String {
    let lab = |name: &Option<String>| match name {
        Some(name) => say!(say, "lab `{name}`", "le lab `{name}`"),
        None => say!(say, "no lab", "aucun lab"),
    };
    let base = |reference: &Option<String>| reference.clone().unwrap_or("scratch".to_owned());
    match reason {
        Incomparable::Lab { before, after } => {
            let (before, after) = (lab(before), lab(after));
            say!(
                say,
                "it is for {before}, but this report is for {after}",
                "elle concerne {before}, mais ce rapport concerne {after}"
            )
        }
        Incomparable::Platform {
            variant,
            before,
            after,
        } => say!(
            say,
            "`{variant}` is for {before} there, but for {after} here",
            "`{variant}` y est pour {before}, mais ici pour {after}"
        ),
        Incomparable::Base {
            variant,
            before,
            after,
        } => {
            let (before, after) = (base(before), base(after));
            say!(
                say,
                "`{variant}` uses the base `{before}` there, but `{after}` here",
                "`{variant}` y part de `{before}`, mais ici de `{after}`"
            )
        }
        Incomparable::StandIn {
            variant,
            stand_in,
            real,
        } => say!(
            say,
            "`{variant}` uses the stand-in `{stand_in}` in one and the real base `{real}` in the \
             other",
            "`{variant}` part d’un côté de la base de remplacement `{stand_in}`, de l’autre de la \
             vraie base `{real}`"
        ),
    }
}

fn faulty(fault: &ReportFault, say: Phrases) -> String {
    match fault {
        ReportFault::Json(error) => unread(error, say),
        ReportFault::Empty => say!(say, "it is empty", "il est vide"),
        ReportFault::TooLarge { limit } => {
            let limit = limit.0 >> 20;
            say!(
                say,
                "it is larger than {limit} MiB",
                "il fait plus de {limit}\u{a0}Mio"
            )
        }
        ReportFault::NoSchema => say!(say, "it names no schema", "il n’indique aucun schéma"),
        ReportFault::InReport { at, fault } => {
            let fault = faulty(fault, say);
            say!(
                say,
                "in `reports[{at}]`: {fault}",
                "dans `reports[{at}]`\u{a0}: {fault}"
            )
        }
        ReportFault::NoReport => say!(say, "it contains no report", "il ne contient aucun rapport"),
        ReportFault::OtherSchema { schema } => {
            say!(say, "its schema is `{schema}`", "son schéma est `{schema}`")
        }
        ReportFault::VariantTwice { name } => say!(
            say,
            "two variants are named `{name}`",
            "deux variantes s’appellent `{name}`"
        ),
        ReportFault::NoVariant { place, name } => say!(
            say,
            "`{place}` names a variant `{name}` that does not exist",
            "`{place}` désigne une variante `{name}` qui n’existe pas"
        ),
        ReportFault::Missing { place } => say!(say, "`{place}` is missing", "`{place}` manque"),
        ReportFault::Sum {
            place,
            expected,
            actual,
        } => say!(
            say,
            "`{place}` is {actual}, but its parts add up to {expected}",
            "`{place}` vaut {actual}, mais la somme de ses parties est {expected}"
        ),
        ReportFault::Contradiction { place } => say!(
            say,
            "`{place}` contradicts the values next to it",
            "`{place}` contredit les valeurs voisines"
        ),
    }
}

/// What the reader of JSON says of a value stays in its own words.
fn unread(error: &serde_json::Error, say: Phrases) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => say!(say, "{error}", "JSON\u{a0}: {error}"),
        Category::Eof => say!(
            say,
            "the JSON ends too early, on line {line}",
            "le JSON s’arrête trop tôt, à la ligne {line}"
        ),
        Category::Io | Category::Syntax => say!(
            say,
            "it is not JSON (line {line}, column {column})",
            "ce n’est pas du JSON (ligne {line}, colonne {column})"
        ),
    }
}

/// How to get a baseline that can be read. Only a file is restored: of a directory, git would
/// restore all that is in it.
fn remade(path: &Path, problem: &ReportProblem, say: Phrases) -> String {
    let path = path.display();
    let unread = match problem {
        ReportProblem::Read { source, .. } => Some(source.kind()),
        _ => None,
    };
    match unread {
        Some(ErrorKind::IsADirectory) => say!(
            say,
            "name a file in it: `ls {path}`",
            "indiquez un fichier qui s’y trouve\u{a0}: `ls {path}`"
        ),
        Some(ErrorKind::NotFound) => say!(
            say,
            "create it: `cargo xtask lab LAB --baseline {path} --update-baseline`",
            "créez-la\u{a0}: `cargo xtask lab LAB --baseline {path} --update-baseline`"
        ),
        _ => say!(
            say,
            "restore it (`git checkout -- {path}`), or create one in a new file: `cargo xtask lab \
             LAB --baseline NEW.json --update-baseline`",
            "rétablissez-la (`git checkout -- {path}`), ou créez-en une dans un nouveau \
             fichier\u{a0}: `cargo xtask lab LAB --baseline NOUVEAU.json --update-baseline`"
        ),
    }
}

fn chosen(there: &[String], say: Phrases) -> String {
    let names = there.join(", ");
    if there.is_empty() {
        return say!(
            say,
            "create a report in which an image builds: `cargo xtask lab LAB`",
            "créez un rapport où une image se construit\u{a0}: `cargo xtask lab LAB`"
        );
    }
    say!(
        say,
        "choose with `--variant NAME` from: {names}",
        "choisissez avec `--variant NOM` parmi\u{a0}: {names}"
    )
}

/// A file that can't be written is mostly a matter of its directory.
fn writable(path: &Path, source: &io::Error, say: Phrases) -> String {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.display().to_string(),
        _ => ".".to_owned(),
    };
    match source.kind() {
        ErrorKind::IsADirectory => {
            let inside = path.join("lab.json");
            let inside = inside.display();
            say!(
                say,
                "name a file in it, for example `{inside}`",
                "indiquez un fichier dans ce dossier, par exemple `{inside}`"
            )
        }
        ErrorKind::NotFound => say!(
            say,
            "create its directory: `mkdir -p {directory}`",
            "créez son dossier\u{a0}: `mkdir -p {directory}`"
        ),
        ErrorKind::NotADirectory => say!(
            say,
            "name another file: `{directory}` is not a directory",
            "indiquez un autre fichier\u{a0}: `{directory}` n’est pas un dossier"
        ),
        ErrorKind::StorageFull => say!(
            say,
            "free some space: `df -h {directory}`",
            "libérez de la place\u{a0}: `df -h {directory}`"
        ),
        _ => say!(
            say,
            "see who may write there: `ls -ld {directory}`",
            "vérifiez qui a le droit d’y écrire\u{a0}: `ls -ld {directory}`"
        ),
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
