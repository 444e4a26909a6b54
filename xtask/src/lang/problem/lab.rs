use std::io;
use std::path::Path;

use super::{Said, did_you_mean, expected};
use crate::lang::phrases::{Phrases, say};
use crate::model::{LabProblem, Malformed};

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &LabProblem, say: Phrases) -> Said {
    match problem {
        LabProblem::Missing { path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "there is no Compose file `{path}`",
                    "pas de fichier Compose `{path}`"
                ),
                say!(
                    say,
                    "run the command in the directory of the file, or name it: `--file PATH`",
                    "lancez la commande dans le dossier du fichier, ou indiquez-le\u{a0}: `--file \
                     CHEMIN`"
                ),
            )
        }
        LabProblem::Read { path, source } => {
            let shown = path.display();
            Said::new(
                say!(say, "cannot read `{shown}`", "impossible de lire `{shown}`"),
                unread(path, source, say),
            )
        }
        LabProblem::NotCompose { path, reason } => {
            let (path, reason) = (path.display(), malformed(reason, say));
            Said::new(
                say!(
                    say,
                    "`{path}` is not a Compose file: {reason}",
                    "`{path}` n’est pas un fichier Compose\u{a0}: {reason}"
                ),
                say!(
                    say,
                    "see what Compose reports: `docker compose -f {path} config` (or \
                     `docker-compose`)",
                    "regardez ce qu’en dit Compose\u{a0}: `docker compose -f {path} config` (ou \
                     `docker-compose`)"
                ),
            )
        }
        LabProblem::UnknownLab {
            name,
            path,
            known,
            nearest,
        } => {
            let (path, labs) = (path.display(), known.join(", "));
            Said::new(
                say!(
                    say,
                    "there is no lab `{name}` in `{path}`",
                    "pas de lab `{name}` dans `{path}`"
                ),
                match nearest {
                    Some(nearest) => did_you_mean(say, &format!("cargo xtask lab {nearest}")),
                    None if known.is_empty() => say!(
                        say,
                        "no service in the file names a lab: `x-lab: {{ lab: NAME }}`",
                        "aucun service du fichier ne nomme de lab\u{a0}: `x-lab: {{ lab: NOM }}`"
                    ),
                    None => say!(say, "the labs are: {labs}", "les labs sont\u{a0}: {labs}"),
                },
            )
        }
        LabProblem::UnknownVariant {
            name,
            path,
            known,
            nearest,
        } => {
            let (path, services) = (path.display(), known.join(", "));
            Said::new(
                say!(
                    say,
                    "there is no service `{name}` in `{path}`",
                    "pas de service `{name}` dans `{path}`"
                ),
                match nearest {
                    Some(nearest) => did_you_mean(say, &format!("--variant {nearest}")),
                    None => say!(
                        say,
                        "the services are: {services}",
                        "les services sont\u{a0}: {services}"
                    ),
                },
            )
        }
        LabProblem::NothingToBuild { path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "`{path}` has no service to build",
                    "aucun service à construire dans `{path}`"
                ),
                say!(
                    say,
                    "`--all` adds the services of inactive profiles, `--variant` a service that \
                     only names an image",
                    "`--all` ajoute les services des profils inactifs, `--variant` un service qui \
                     ne nomme qu’une image"
                ),
            )
        }
        LabProblem::BadValue {
            service,
            key,
            value,
            expected,
        } => {
            let expected = say.pick(expected::words(*expected));
            Said::new(
                say!(
                    say,
                    "service `{service}`: `{key}` does not accept `{value}`",
                    "service `{service}`\u{a0}: `{key}` n’accepte pas `{value}`"
                ),
                say!(say, "use {expected}", "cette clé attend {expected}"),
            )
        }
        LabProblem::UnknownKey {
            service,
            key,
            nearest,
        } => Said::new(
            say!(
                say,
                "service `{service}`: there is no key `{key}`",
                "service `{service}`\u{a0}: la clé `{key}` n’existe pas"
            ),
            match nearest {
                Some(nearest) => did_you_mean(say, &beside(key, nearest)),
                None => say!(
                    say,
                    "remove it; your own keys must begin with `x-`",
                    "retirez-la\u{202f}; vos propres clés doivent commencer par `x-`"
                ),
            },
        ),
        LabProblem::Unsupported { service, key } => Said::new(
            say!(
                say,
                "service `{service}`: the kit does not support `{key}`",
                "service `{service}`\u{a0}: le kit ne prend pas en charge `{key}`"
            ),
            if is_of_the_image(key) {
                say!(
                    say,
                    "remove it, or build by hand: `docker compose build {service}`, then `cargo \
                     xtask layers IMAGE`",
                    "retirez cette clé, ou construisez à la main\u{a0}: `docker compose build \
                     {service}`, puis `cargo xtask layers IMAGE`"
                )
            } else {
                say!(
                    say,
                    "remove it, or do not run the service: `x-lab: {{ run: false }}`",
                    "retirez cette clé, ou n’exécutez pas le service\u{a0}: `x-lab: {{ run: false \
                     }}`"
                )
            },
        ),
        LabProblem::PolicyLost { service, path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "service `{service}`: Compose dropped its `x-lab`, which is in `{path}`",
                    "service `{service}`\u{a0}: Compose a perdu son `x-lab`, qui est dans `{path}`"
                ),
                say!(
                    say,
                    "`docker-compose` 1.29 drops it when an override file or `extends` joins two \
                     services: install Compose 2, or write the whole service in one file",
                    "`docker-compose` 1.29 le perd quand un fichier de surcharge (override) ou \
                     `extends` réunit deux services\u{a0}: installez Compose 2, ou écrivez le \
                     service en entier dans \
                     un seul fichier"
                ),
            )
        }
        LabProblem::PolicyMisplaced { service, key } => Said::new(
            match service {
                Some(service) => say!(
                    say,
                    "service `{service}`: `{key}` is ignored there",
                    "service `{service}`\u{a0}: `{key}` est ignoré à cet endroit"
                ),
                None => say!(
                    say,
                    "`{key}` at the top of the file is ignored, and no service has one",
                    "`{key}` en tête du fichier est ignoré, et aucun service n’en contient"
                ),
            },
            say!(
                say,
                "move it into the service, beside `image` or `build`",
                "déplacez-le dans le service, à côté de `image` ou de `build`"
            ),
        ),
        LabProblem::RoleTwice {
            first,
            second,
            role,
            labs,
        } => Said::new(
            say!(
                say,
                "services `{first}` and `{second}` both have the role `{role}`",
                "les services `{first}` et `{second}` ont tous deux le rôle `{role}`"
            ),
            choice(first, labs, say),
        ),
    }
}

fn malformed(reason: &Malformed, say: Phrases) -> String {
    match reason {
        Malformed::Yaml(reason) => say!(say, "YAML: {reason}", "YAML\u{a0}: {reason}"),
        Malformed::NotAMapping => say!(
            say,
            "it is not a mapping",
            "ce n’est pas un ensemble de clés et de valeurs"
        ),
        Malformed::NoServices => say!(say, "it has no services", "il n’a pas de services"),
        Malformed::NoImage { service } => say!(
            say,
            "service `{service}` has neither `build` nor `image`",
            "le service `{service}` n’a ni `build` ni `image`"
        ),
    }
}

/// Between two services of one role, which may be of two labs.
fn choice(first: &str, labs: &[String], say: Phrases) -> String {
    if labs.is_empty() {
        return say!(
            say,
            "remove the role from one of them, or choose one: `--variant {first}`",
            "retirez le rôle à l’un des deux, ou choisissez\u{a0}: `--variant {first}`"
        );
    }
    let commands: Vec<_> = labs
        .iter()
        .map(|lab| format!("`cargo xtask lab {lab}`"))
        .collect();
    let commands = commands.join(say.pick([" or ", " ou "]));
    say!(
        say,
        "choose a lab: {commands}",
        "choisissez un lab\u{a0}: {commands}"
    )
}

fn unread(path: &Path, source: &io::Error, say: Phrases) -> String {
    let path = path.display();
    match source.kind() {
        io::ErrorKind::IsADirectory => say!(
            say,
            "name a file in it: `ls {path}`",
            "indiquez un fichier qui s’y trouve\u{a0}: `ls {path}`"
        ),
        io::ErrorKind::NotFound => say!(say, "name another file", "indiquez un autre fichier"),
        _ => say!(
            say,
            "see who may read it: `ls -l {path}`",
            "vérifiez qui a le droit de le lire\u{a0}: `ls -l {path}`"
        ),
    }
}

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

    use super::said;
    use crate::lang::phrases;
    use crate::model::{Expected, LabProblem, Language};

    #[test]
    fn a_mistyped_key_is_answered_with_its_whole_path() {
        let problem = LabProblem::UnknownKey {
            service: "multi".into(),
            key: "x-lab.bugdet".into(),
            nearest: Some("budget".into()),
        };
        assert_eq!(
            said(&problem, phrases(Language::French)).help.unwrap(),
            "vouliez-vous dire `x-lab.budget`\u{a0}?"
        );
        assert_eq!(
            said(&problem, phrases(Language::French)).sentence,
            "service `multi`\u{a0}: la clé `x-lab.bugdet` n’existe pas"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_not_looked_for_with_ls() {
        let read = |number| LabProblem::Read {
            path: "Dockerfile".into(),
            source: io::Error::from_raw_os_error(number),
        };
        let helps = Language::ALL.map(|it| said(&read(2), phrases(it)).help.unwrap());
        assert_eq!(helps, ["name another file", "indiquez un autre fichier"]);
        assert!(
            said(&read(13), phrases(Language::English))
                .help
                .unwrap()
                .contains("`ls -l Dockerfile`")
        );
    }

    #[test]
    fn one_role_in_two_labs_is_answered_by_naming_a_lab() {
        let twice = |labs: &[&str]| LabProblem::RoleTwice {
            first: "a".into(),
            second: "b".into(),
            role: "reference",
            labs: labs.iter().map(ToString::to_string).collect(),
        };
        let said = |labs: &[&str], language| said(&twice(labs), phrases(language)).help.unwrap();
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
            said(&problem, phrases(Language::English)).help.unwrap(),
            "use a size: `478` (bytes), `12kB` (12,000 bytes) or `1KiB` (1,024 bytes)"
        );
    }

    #[test]
    fn a_runtime_key_may_be_left_unrun_and_a_build_key_may_not() {
        let refused = |key: &str| LabProblem::Unsupported {
            service: "s".into(),
            key: key.into(),
        };
        let help = |key| {
            said(&refused(key), phrases(Language::English))
                .help
                .unwrap()
        };
        assert!(help("volumes").contains("run: false"));
        assert!(help("build.secrets").contains("docker compose build s"));
    }
}
