use std::io;
use std::path::Path;

use super::expected;
use crate::model::{LabProblem, Language, Malformed};

pub(super) fn french(problem: &LabProblem) -> String {
    use LabProblem as P;
    match problem {
        P::Missing { path } => format!("pas de fichier Compose `{}`", path.display()),
        P::Read { path, .. } => format!("impossible de lire `{}`", path.display()),
        P::NotCompose { path, reason } => {
            let path = path.display();
            format!(
                "`{path}` n’est pas un fichier Compose\u{a0}: {}",
                malformed(reason)
            )
        }
        P::UnknownLab { name, path, .. } => {
            format!("pas de lab `{name}` dans `{}`", path.display())
        }
        P::UnknownVariant { name, path, .. } => {
            format!("pas de service `{name}` dans `{}`", path.display())
        }
        P::NothingToBuild { path } => {
            format!("aucun service à construire dans `{}`", path.display())
        }
        P::BadValue {
            service,
            key,
            value,
            ..
        } => format!("service `{service}`\u{a0}: `{key}` n’accepte pas `{value}`"),
        P::UnknownKey { service, key, .. } => {
            format!("service `{service}`\u{a0}: la clé `{key}` n’existe pas")
        }
        P::Unsupported { service, key } => {
            format!("service `{service}`\u{a0}: `{key}` ne peut pas être respecté")
        }
        P::PolicyLost { service, path } => format!(
            "service `{service}`\u{a0}: Compose a perdu son `x-lab`, qui est dans `{}`",
            path.display()
        ),
        P::PolicyMisplaced { service, key } => match service {
            Some(service) => {
                format!("service `{service}`\u{a0}: `{key}` n’est lu de personne à cet endroit")
            }
            None => format!("`{key}` est en tête du fichier, et aucun service n’en a"),
        },
        P::RoleTwice {
            first,
            second,
            role,
            ..
        } => format!("les services `{first}` et `{second}` ont tous deux le rôle `{role}`"),
    }
}

fn malformed(reason: &Malformed) -> String {
    match reason {
        Malformed::Yaml(reason) => reason.clone(),
        Malformed::NotAMapping => "ce ne sont pas des clés et leurs valeurs".to_owned(),
        Malformed::NoServices => "il n’a pas de services".to_owned(),
        Malformed::NoImage { service } => {
            format!("le service `{service}` n’a ni `build` ni `image`")
        }
    }
}

pub(super) fn help(problem: &LabProblem, language: Language) -> String {
    match language {
        Language::English => english_help(problem),
        Language::French => french_help(problem),
    }
}

fn english_help(problem: &LabProblem) -> String {
    use LabProblem as P;
    match problem {
        P::Missing { .. } => {
            "run the command where the file lies, or name it: `--file PATH`".to_owned()
        }
        P::Read { path, source } => english_sought(path, source),
        P::NotCompose { path, .. } => {
            let path = path.display();
            format!("see what Compose says: `docker compose -f {path} config` (or `docker-compose`)")
        }
        P::UnknownLab { known, nearest, .. } => english_lab(known, nearest.as_deref()),
        P::UnknownVariant { known, nearest, .. } => match nearest {
            Some(nearest) => format!("did you mean `--variant {nearest}`?"),
            None => format!("the services there: {}", known.join(", ")),
        },
        P::NothingToBuild { .. } => {
            "`--all` takes the services of inactive profiles too, `--variant` one that only names an \
             image"
                .to_owned()
        }
        P::BadValue { expected, .. } => format!("it takes {}", expected::english(*expected)),
        P::UnknownKey { key, nearest, .. } => match nearest {
            Some(nearest) => format!("did you mean `{}`?", beside(key, nearest)),
            None => "take it out; a key of your own begins with `x-`".to_owned(),
        },
        P::Unsupported { service, key } if is_of_the_image(key) => format!(
            "take it out, or build by hand: `docker compose build {service}`, then \
             `cargo xtask layers IMAGE`"
        ),
        P::Unsupported { .. } => {
            "take it out, or do not run the service: `x-lab: { run: false }`".to_owned()
        }
        P::PolicyLost { .. } => "`docker-compose` 1.29 loses it wherever two services are joined, \
             by an override file or `extends`: install Compose 2, or write the service out in one \
             file"
            .to_owned(),
        P::PolicyMisplaced { .. } => {
            "write it into the service, beside `image` or `build`".to_owned()
        }
        P::RoleTwice { first, labs, .. } => english_choice(first, labs),
    }
}

/// Between two services of one role, which may be of two labs.
fn english_choice(first: &str, labs: &[String]) -> String {
    if labs.is_empty() {
        return format!("take the role from one of them, or choose one: `--variant {first}`");
    }
    format!("choose a lab: {}", commands(labs, " or "))
}

fn french_choice(first: &str, labs: &[String]) -> String {
    if labs.is_empty() {
        return format!(
            "retirez le rôle à l’un des deux, ou choisissez\u{a0}: `--variant {first}`"
        );
    }
    format!("choisissez un lab\u{a0}: {}", commands(labs, " ou "))
}

fn commands(labs: &[String], or: &str) -> String {
    let commands = labs.iter().map(|lab| format!("`cargo xtask lab {lab}`"));
    commands.collect::<Vec<_>>().join(or)
}

fn english_lab(known: &[String], nearest: Option<&str>) -> String {
    match (nearest, known.is_empty()) {
        (Some(nearest), _) => format!("did you mean `cargo xtask lab {nearest}`?"),
        (None, false) => format!("the labs there: {}", known.join(", ")),
        (None, true) => "no service of it names a lab: `x-lab: { lab: NAME }`".to_owned(),
    }
}

fn french_help(problem: &LabProblem) -> String {
    use LabProblem as P;
    match problem {
        P::Missing { .. } => {
            "lancez la commande là où se trouve le fichier, ou nommez-le\u{a0}: `--file CHEMIN`"
                .to_owned()
        }
        P::Read { path, source } => french_sought(path, source),
        P::NotCompose { path, .. } => {
            let path = path.display();
            format!(
                "voyez ce qu’en dit Compose\u{a0}: `docker compose -f {path} config` (ou `docker-compose`)"
            )
        }
        P::UnknownLab { known, nearest, .. } => french_lab(known, nearest.as_deref()),
        P::UnknownVariant { known, nearest, .. } => match nearest {
            Some(nearest) => format!("vouliez-vous dire `--variant {nearest}`\u{a0}?"),
            None => format!("les services qui s’y trouvent\u{a0}: {}", known.join(", ")),
        },
        P::NothingToBuild { .. } => {
            "`--all` prend aussi les services des profils inactifs, `--variant` un service qui ne \
             nomme qu’une image"
                .to_owned()
        }
        P::BadValue { expected, .. } => format!("cette clé attend {}", expected::french(*expected)),
        P::UnknownKey { key, nearest, .. } => match nearest {
            Some(nearest) => {
                format!("vouliez-vous dire `{}`\u{a0}?", beside(key, nearest))
            }
            None => "retirez-la\u{a0}; une clé à vous commence par `x-`".to_owned(),
        },
        P::Unsupported { service, key } if is_of_the_image(key) => format!(
            "retirez cette clé, ou construisez à la main\u{a0}: `docker compose build {service}`, \
             puis `cargo xtask layers IMAGE`"
        ),
        P::Unsupported { .. } => {
            "retirez cette clé, ou n’exécutez pas le service\u{a0}: `x-lab: { run: false }`"
                .to_owned()
        }
        P::PolicyLost { .. } => "`docker-compose` 1.29 le perd dès que deux services sont réunis, \
             par un fichier override ou par `extends`\u{a0}: installez Compose 2, ou écrivez le \
             service en entier dans un seul fichier"
            .to_owned(),
        P::PolicyMisplaced { .. } => {
            "écrivez-le dans le service, à côté de `image` ou de `build`".to_owned()
        }
        P::RoleTwice { first, labs, .. } => french_choice(first, labs),
    }
}

fn french_lab(known: &[String], nearest: Option<&str>) -> String {
    match (nearest, known.is_empty()) {
        (Some(nearest), _) => format!("vouliez-vous dire `cargo xtask lab {nearest}`\u{a0}?"),
        (None, false) => format!("les labs qui s’y trouvent\u{a0}: {}", known.join(", ")),
        (None, true) => {
            "aucun de ses services ne nomme de lab\u{a0}: `x-lab: { lab: NOM }`".to_owned()
        }
    }
}

fn english_sought(path: &Path, source: &io::Error) -> String {
    let path = path.display();
    match source.kind() {
        io::ErrorKind::IsADirectory => format!("name a file in it: `ls {path}`"),
        io::ErrorKind::NotFound => "name another file".to_owned(),
        _ => format!("see who may read it: `ls -l {path}`"),
    }
}

fn french_sought(path: &Path, source: &io::Error) -> String {
    let path = path.display();
    match source.kind() {
        io::ErrorKind::IsADirectory => {
            format!("nommez un fichier qui s’y trouve\u{a0}: `ls {path}`")
        }
        io::ErrorKind::NotFound => "nommez un autre fichier".to_owned(),
        _ => format!("voyez qui a le droit de le lire\u{a0}: `ls -l {path}`"),
    }
}

/// What a key takes, as the end of "it takes …".
/// The path of a key with its last name replaced.
fn beside(key: &str, name: &str) -> String {
    match key.rsplit_once('.') {
        Some((parent, _)) => format!("{parent}.{name}"),
        None => name.to_owned(),
    }
}

/// Whether a key is about getting the image, which can't be left out.
fn is_of_the_image(key: &str) -> bool {
    key == "build" || key.starts_with("build.") || key == "pull_policy"
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{french, help};
    use crate::model::{Expected, LabProblem, Language};

    #[test]
    fn a_mistyped_key_is_answered_with_its_whole_path() {
        let problem = LabProblem::UnknownKey {
            service: "multi".into(),
            key: "x-lab.bugdet".into(),
            nearest: Some("budget".into()),
        };
        assert_eq!(
            help(&problem, Language::French),
            "vouliez-vous dire `x-lab.budget`\u{a0}?"
        );
        assert_eq!(
            french(&problem),
            "service `multi`\u{a0}: la clé `x-lab.bugdet` n’existe pas"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_not_looked_for_with_ls() {
        let read = |number| LabProblem::Read {
            path: "Dockerfile".into(),
            source: io::Error::from_raw_os_error(number),
        };
        let said = [Language::English, Language::French].map(|it| help(&read(2), it));
        assert_eq!(said[0], "name another file");
        assert_eq!(said[1], "nommez un autre fichier");
        assert!(help(&read(13), Language::English).contains("`ls -l Dockerfile`"));
    }

    #[test]
    fn one_role_in_two_labs_is_answered_by_naming_a_lab() {
        let twice = |labs: &[&str]| LabProblem::RoleTwice {
            first: "a".into(),
            second: "b".into(),
            role: "reference",
            labs: labs.iter().map(ToString::to_string).collect(),
        };
        let said = |labs: &[&str], language| help(&twice(labs), language);
        assert_eq!(
            said(&["one", "two"], Language::English),
            "choose a lab: `cargo xtask lab one` or `cargo xtask lab two`"
        );
        assert_eq!(
            said(&["one"], Language::French),
            "choisissez un lab\u{a0}: `cargo xtask lab one`"
        );
        assert!(said(&[], Language::English).contains("`--variant a`"));
    }

    #[test]
    fn a_value_that_is_no_size_is_answered_with_what_is_one() {
        let problem = LabProblem::BadValue {
            service: "multi".into(),
            key: "x-lab.budget".into(),
            value: "1k".into(),
            expected: Expected::Size,
        };
        assert_eq!(
            help(&problem, Language::English),
            "it takes a size: `478` (bytes), `12kB` (12,000 bytes) or `1KiB` (1,024 bytes)"
        );
    }

    #[test]
    fn a_runtime_key_may_be_left_unrun_and_a_build_key_may_not() {
        let refused = |key: &str| LabProblem::Unsupported {
            service: "s".into(),
            key: key.into(),
        };
        let help = |key| help(&refused(key), Language::English);
        assert!(help("volumes").contains("run: false"));
        assert!(help("build.secrets").contains("docker compose build s"));
    }
}
