use std::io::{self, ErrorKind};
use std::path::Path;

use serde_json::error::Category;

use crate::model::{Incomparable, Language, ReportFault, ReportProblem};

pub(super) fn french(problem: &ReportProblem) -> String {
    match problem {
        ReportProblem::Read { path, .. } => {
            format!("impossible de lire le rapport `{}`", path.display())
        }
        ReportProblem::NotAReport { path, fault } => {
            let fault = french_fault(fault);
            format!("`{}` n’est pas un rapport\u{a0}: {fault}", path.display())
        }
        ReportProblem::Schema { path, schema } => {
            format!("`{}` suit le schéma `{schema}`", path.display())
        }
        ReportProblem::NoVariant { path, wanted, .. } => match wanted {
            Some(wanted) => format!(
                "`{}` n’a pas de variante mesurée `{wanted}`",
                path.display()
            ),
            None => format!(
                "`{}` n’a aucune variante, ou plusieurs sans solution",
                path.display()
            ),
        },
        ReportProblem::Clash {
            first,
            second,
            lab,
            variant,
        } => french_clash([first, second], lab.as_deref(), variant.as_deref()),
        ReportProblem::Write { path, .. } => {
            format!("impossible d’écrire le rapport `{}`", path.display())
        }
        ReportProblem::SamePath { path } => {
            format!("deux sorties vont dans `{}`", path.display())
        }
        ReportProblem::Baseline { problem, .. } => {
            format!("pas d’état de référence\u{a0}: {}", french(problem))
        }
        ReportProblem::Incomparable {
            path,
            report,
            reason,
        } => french_incomparable(path, report.as_deref(), reason),
        ReportProblem::NoPartner {
            path,
            report,
            wanted,
            ..
        } => french_alone(path, report.as_deref(), wanted),
        ReportProblem::Stdout { .. } => "impossible d’écrire sur la sortie standard".to_owned(),
        ReportProblem::Cancelled(signal) => format!("arrêté par le signal {}", signal.0),
    }
}

fn french_clash([first, second]: [&Path; 2], lab: Option<&str>, variant: Option<&str>) -> String {
    let both = if first == second {
        format!("deux rapports de `{}`", first.display())
    } else {
        format!("`{}` et `{}`", first.display(), second.display())
    };
    let what = match (lab, variant) {
        (Some(lab), Some(variant)) => format!("de `{variant}` de `{lab}`"),
        (Some(lab), None) => format!("de `{lab}`"),
        (None, Some(variant)) => format!("de `{variant}`"),
        (None, None) => "d’un même lab".to_owned(),
    };
    format!("{both} parlent {what}, sur la même plateforme et le même moteur, et se contredisent")
}

fn french_incomparable(path: &Path, report: Option<&Path>, reason: &Incomparable) -> String {
    let reason = french_reason(reason);
    let with = report.map_or_else(String::new, |it| format!(" à `{}`", it.display()));
    format!(
        "`{}` n’est pas comparable{with}\u{a0}: {reason}",
        path.display()
    )
}

fn french_alone(path: &Path, report: Option<&Path>, wanted: &str) -> String {
    let judged = report.map_or_else(
        || wanted.to_owned(),
        |it| format!("`{}` ({wanted})", it.display()),
    );
    format!(
        "`{}` ne contient aucun rapport auquel comparer {judged}",
        path.display()
    )
}

pub(in crate::lang) fn french_reason(reason: &Incomparable) -> String {
    let lab = |name: &Option<String>| match name {
        Some(name) => format!("du lab `{name}`"),
        None => "d’aucun lab".to_owned(),
    };
    let base = |reference: &Option<String>| match reference {
        Some(reference) => format!("`{reference}`"),
        None => "`scratch`".to_owned(),
    };
    match reason {
        Incomparable::Lab { before, after } => {
            format!(
                "c’est un rapport {}, et celui-ci {}",
                lab(before),
                lab(after)
            )
        }
        Incomparable::Platform {
            variant,
            before,
            after,
        } => format!("`{variant}` y est pour {before}, et ici pour {after}"),
        Incomparable::Base {
            variant,
            before,
            after,
        } => format!(
            "`{variant}` y part de {}, et ici de {}",
            base(before),
            base(after)
        ),
        Incomparable::StandIn {
            variant,
            stand_in,
            real,
        } => format!(
            "`{variant}` part d’un côté de l’image de remplacement `{stand_in}`, de l’autre de la vraie \
             base `{real}`"
        ),
    }
}

fn french_fault(fault: &ReportFault) -> String {
    match fault {
        ReportFault::Json(error) => french_json(error),
        ReportFault::Empty => "il est vide".to_owned(),
        ReportFault::TooLarge { limit } => {
            format!("il fait plus de {}\u{a0}Mio", limit.0 >> 20)
        }
        ReportFault::NoSchema => "il n’indique aucun schéma".to_owned(),
        ReportFault::InReport { at, fault } => {
            format!("dans `reports[{at}]`\u{a0}: {}", french_fault(fault))
        }
        ReportFault::NoReport => "il ne contient aucun rapport".to_owned(),
        ReportFault::OtherSchema { schema } => format!("son schéma est `{schema}`"),
        ReportFault::VariantTwice { name } => format!("deux variantes s’appellent `{name}`"),
        ReportFault::NoVariant { place, name } => {
            format!("`{place}` désigne une variante `{name}` qui n’y est pas")
        }
        ReportFault::Missing { place } => format!("`{place}` manque"),
        ReportFault::Sum {
            place,
            expected,
            actual,
        } => {
            format!("`{place}` devrait valoir {expected}, la somme de ses parts, et vaut {actual}")
        }
        ReportFault::Contradiction { place } => {
            format!("`{place}` contredit ce qui l’entoure")
        }
    }
}

/// What the reader of JSON says of a value stays in its own words.
fn french_json(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => error.to_string(),
        Category::Eof => format!("le JSON s’arrête trop tôt, à la ligne {line}"),
        Category::Io | Category::Syntax => {
            format!("ce n’est pas du JSON (ligne {line}, colonne {column})")
        }
    }
}

pub(super) fn help(problem: &ReportProblem, language: Language) -> Option<String> {
    let [english, french] = match problem {
        ReportProblem::Read { path, source } if source.kind() == ErrorKind::IsADirectory => [
            format!("name the reports in it: `{}/*.json`", path.display()),
            format!(
                "nommez les rapports qu’il contient\u{a0}: `{}/*.json`",
                path.display()
            ),
        ],
        ReportProblem::Read { path, .. } => [
            format!("see whether it is there: `ls -l {}`", path.display()),
            format!("vérifiez qu’il existe\u{a0}: `ls -l {}`", path.display()),
        ],
        // What is there may be anything: nothing goes over it.
        ReportProblem::NotAReport { .. } => [
            "make one in a new file: `cargo xtask lab LAB --output json=NEW.json`".to_owned(),
            "faites-en un dans un nouveau fichier\u{a0}: `cargo xtask lab LAB --output \
             json=NOUVEAU.json`"
                .to_owned(),
        ],
        ReportProblem::Schema { schema, .. } if schema == "lab-reports/1" => [
            "these are several reports merged into one: give one of those that they were merged of"
                .to_owned(),
            "ce sont plusieurs rapports fusionnés en un seul\u{a0}: donnez l’un de ceux dont il \
             est fait"
                .to_owned(),
        ],
        ReportProblem::Schema { .. } => [
            "this version of the kit reads `lab-report/1`; make the report again with it, or \
             read it with the version that made it"
                .to_owned(),
            "cette version du kit lit `lab-report/1`\u{202f}; refaites le rapport avec elle, ou \
             lisez-le avec la version qui l’a fait"
                .to_owned(),
        ],
        ReportProblem::NoVariant { there, .. } => chosen(there),
        ReportProblem::Clash { first, second, .. } => clash(first, second),
        ReportProblem::Write { path, source } => writable(path, source),
        ReportProblem::SamePath { .. } => [
            "give each `--output` a path of its own".to_owned(),
            "donnez à chaque `--output` son propre chemin".to_owned(),
        ],
        ReportProblem::Baseline { path, problem } => remade(path, problem),
        ReportProblem::Incomparable { path, report, .. } => anew(path, report.as_deref()),
        ReportProblem::NoPartner { path, there, .. } => partner(path, there),
        ReportProblem::Stdout { .. } => [
            "write to a file instead: `--output FORMAT=PATH`".to_owned(),
            "écrivez plutôt dans un fichier\u{a0}: `--output FORMAT=CHEMIN`".to_owned(),
        ],
        ReportProblem::Cancelled(_) => return None,
    };
    Some(match language {
        Language::English => english,
        Language::French => french,
    })
}

/// How to come to a baseline that can be compared with. Only `lab` makes one, and the one that
/// a saved report was held against may well do for another.
fn anew(path: &Path, report: Option<&Path>) -> [String; 2] {
    if report.is_some() {
        return [
            "name another baseline, or make one in a new file: `cargo xtask lab LAB --baseline \
             NEW.json --update-baseline`"
                .to_owned(),
            "nommez un autre état de référence, ou faites-en un dans un nouveau fichier\u{a0}: \
             `cargo xtask lab LAB --baseline NOUVEAU.json --update-baseline`"
                .to_owned(),
        ];
    }
    let path = path.display();
    [
        format!("make it anew: run again with `--baseline {path} --update-baseline`"),
        format!("refaites-le\u{a0}: relancez avec `--baseline {path} --update-baseline`"),
    ]
}

/// How to come to a baseline of several reports that has this one too.
fn partner(path: &Path, there: &[String]) -> [String; 2] {
    let (path, there) = (path.display(), there.join(", "));
    [
        format!(
            "it has: {there}. Make a baseline of this one too (`cargo xtask lab LAB --baseline \
             NEW.json --update-baseline`) and merge: `cargo xtask report {path} NEW.json \
             --output json={path}`"
        ),
        format!(
            "il contient\u{a0}: {there}. Faites aussi un état de référence pour celui-ci (`cargo \
             xtask lab LAB --baseline NOUVEAU.json --update-baseline`) et fusionnez\u{a0}: \
             `cargo xtask report {path} NOUVEAU.json --output json={path}`"
        ),
    ]
}

/// How to come to a baseline that can be read. What is no file is not restored: of a directory
/// git would take back all that is in it.
fn remade(path: &Path, problem: &ReportProblem) -> [String; 2] {
    let path = path.display();
    let unread = match problem {
        ReportProblem::Read { source, .. } => Some(source.kind()),
        _ => None,
    };
    if unread == Some(ErrorKind::IsADirectory) {
        return [
            format!("name a file in it: `ls {path}`"),
            format!("nommez un fichier qui s’y trouve\u{a0}: `ls {path}`"),
        ];
    }
    if unread == Some(ErrorKind::NotFound) {
        return [
            format!("make it: `cargo xtask lab LAB --baseline {path} --update-baseline`"),
            format!("faites-le\u{a0}: `cargo xtask lab LAB --baseline {path} --update-baseline`"),
        ];
    }
    [
        format!(
            "restore it (`git checkout -- {path}`), or make one in a new file: `cargo xtask lab LAB \
             --baseline NEW.json --update-baseline`"
        ),
        format!(
            "rétablissez-le (`git checkout -- {path}`) ou faites-en un dans un nouveau \
             fichier\u{a0}: `cargo xtask lab LAB --baseline NOUVEAU.json --update-baseline`"
        ),
    ]
}

/// Two files can be compared; two reports in one can only be made again.
fn clash(first: &Path, second: &Path) -> [String; 2] {
    if first == second {
        return [
            "merge the reports again, from the files that `lab` wrote: each once".to_owned(),
            "fusionnez de nouveau les rapports, à partir des fichiers que `lab` a écrits\u{a0}: \
             chacun une fois"
                .to_owned(),
        ];
    }
    let (first, second) = (first.display(), second.display());
    [
        format!("leave one out; what differs: `cargo xtask diff {first} {second}`"),
        format!(
            "retirez l’un des deux\u{202f}; ce qui les sépare\u{a0}: `cargo xtask diff {first} {second}`"
        ),
    ]
}

fn chosen(there: &[String]) -> [String; 2] {
    if there.is_empty() {
        return [
            "make a report in which something builds: `cargo xtask lab LAB`".to_owned(),
            "faites un rapport où quelque chose se construit\u{a0}: `cargo xtask lab LAB`"
                .to_owned(),
        ];
    }
    let there = there.join(", ");
    [
        format!("choose with `--variant NAME` among: {there}"),
        format!("choisissez avec `--variant NOM` parmi\u{a0}: {there}"),
    ]
}

/// What to do where a file can't be written, which mostly lies in its directory.
fn writable(path: &Path, source: &io::Error) -> [String; 2] {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.display().to_string(),
        _ => ".".to_owned(),
    };
    match source.kind() {
        ErrorKind::IsADirectory => {
            let inside = path.join("lab.json");
            let inside = inside.display();
            [
                format!("name a file in it, such as `{inside}`"),
                format!("nommez un fichier qui s’y trouve, par exemple `{inside}`"),
            ]
        }
        ErrorKind::NotFound => [
            format!("make its directory: `mkdir -p {directory}`"),
            format!("créez son dossier\u{a0}: `mkdir -p {directory}`"),
        ],
        ErrorKind::NotADirectory => [
            format!("name another file: `{directory}` is no directory"),
            format!("nommez un autre fichier\u{a0}: `{directory}` n’est pas un dossier"),
        ],
        ErrorKind::StorageFull => [
            format!("make room: `df -h {directory}`"),
            format!("faites de la place\u{a0}: `df -h {directory}`"),
        ],
        _ => [
            format!("see who may write there: `ls -ld {directory}`"),
            format!("voyez qui a le droit d’y écrire\u{a0}: `ls -ld {directory}`"),
        ],
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
