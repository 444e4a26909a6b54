use crate::model::{EngineProblem, Language, has_stand_in};

const NBSP: char = '\u{a0}';
const NNBSP: char = '\u{202f}';

pub(super) fn french(problem: &EngineProblem) -> String {
    on_the_way(problem).unwrap_or_else(|| of_what_was_asked(problem))
}

/// What is wrong with the Docker command, or between it and the engine.
fn on_the_way(problem: &EngineProblem) -> Option<String> {
    Some(match problem {
        EngineProblem::NoProgram { program } => format!("il n’y a pas de commande `{program}`"),
        EngineProblem::NoCompose => "il n’y a ni `docker compose` ni `docker-compose`".to_owned(),
        EngineProblem::BadBuildx => {
            "l’extension buildx de la commande Docker ne fonctionne pas".to_owned()
        }
        EngineProblem::Unreachable { endpoint, .. } => {
            format!("aucun moteur ne répond à `{endpoint}`")
        }
        EngineProblem::Forbidden { endpoint } => {
            format!("cet utilisateur n’a pas le droit de parler au moteur de `{endpoint}`")
        }
        EngineProblem::Silent { endpoint, limit } => format!(
            "le moteur de `{endpoint}` n’a pas répondu en {}{NBSP}s",
            limit.as_secs()
        ),
        EngineProblem::BadEndpoint { endpoint, .. } => {
            format!("`{endpoint}` n’est pas l’adresse d’un moteur")
        }
        EngineProblem::NeedsTls { endpoint } => {
            format!("le moteur de `{endpoint}` ne parle que par TLS")
        }
        EngineProblem::TooOld { api, oldest } => format!(
            "le moteur parle l’API {api}, plus ancienne que la {oldest} dont le kit a besoin"
        ),
        EngineProblem::Lost { endpoint, .. } => {
            format!("le moteur de `{endpoint}` a disparu en cours de route")
        }
        EngineProblem::Spawn { program, .. } => format!("impossible de lancer `{program}`"),
        EngineProblem::Cancelled(signal) => format!("arrêté par le signal {}", signal.0),
        _ => return None,
    })
}

fn of_what_was_asked(problem: &EngineProblem) -> String {
    match problem {
        EngineProblem::Refused { message, .. } => {
            format!("le moteur a refusé{NBSP}: {message}")
        }
        EngineProblem::NoContainer { variant, message } => {
            format!("service `{variant}`{NBSP}: le moteur refuse son conteneur{NBSP}: {message}")
        }
        EngineProblem::NoImage { image } => format!("le moteur n’a pas d’image `{image}`"),
        EngineProblem::BadReference { image } => {
            format!("`{image}` ne peut pas être le nom d’une image")
        }
        EngineProblem::NoBase { image, reason } => format!(
            "l’image `{image}` n’est pas là et ne peut pas être téléchargée{NBSP}: \
             {reason}"
        ),
        EngineProblem::BuildUnclear { variant, .. } => {
            format!("la construction de `{variant}` s’est terminée sans résultat")
        }
        EngineProblem::DiskFull => "il n’y a plus de place sur le disque du moteur".to_owned(),
        EngineProblem::Compose { file, reason, .. } => {
            format!("Compose ne comprend pas `{file}`{NBSP}: {reason}")
        }
        EngineProblem::VariableMissing {
            file,
            variable,
            reason,
        } if reason.is_empty() => format!("`{file}` a besoin de la variable `{variable}`"),
        EngineProblem::VariableMissing {
            file,
            variable,
            reason,
        } => format!("`{file}` a besoin de la variable `{variable}`{NBSP}: {reason}"),
        EngineProblem::NeedsBuildkit {
            variant,
            what,
            place,
        } => {
            let at = place.as_ref();
            let at = at.map_or_else(String::new, |place| format!(" ({place})"));
            format!(
                "service `{variant}`{NBSP}: `{what}`{at} demande BuildKit et son extension buildx"
            )
        }
        EngineProblem::Scratch { .. } => "impossible d’utiliser un fichier temporaire".to_owned(),
        EngineProblem::Left { container, reason } => {
            format!("le conteneur `{container}` n’a pas pu être supprimé{NBSP}: {reason}")
        }
        other => other.to_string(),
    }
}

pub(super) fn help(problem: &EngineProblem, language: Language) -> Option<String> {
    Some(match language {
        Language::English => english_way(problem).or_else(|| english_help(problem))?,
        Language::French => french_way(problem).or_else(|| french_help(problem))?,
    })
}

/// A command that says what is missing, and the one that mends it.
const DOCTOR: &str = "cargo xtask doctor";

/// Whole, for `layers` and `diff` reach for an engine too and install nothing.
const PROVISION: &str = "cargo xtask lab LAB --provision";

/// Whether the way to an engine is one that may need a secret.
fn is_ssh(endpoint: &str) -> bool {
    endpoint.starts_with("ssh://")
}

/// How an engine is reached that was not.
fn english_way(problem: &EngineProblem) -> Option<String> {
    Some(match problem {
        EngineProblem::NoProgram { .. } | EngineProblem::NoCompose => {
            format!("let the kit install it with `{PROVISION}`")
        }
        EngineProblem::BadBuildx => {
            "install the package docker-buildx again, or build without it: `DOCKER_BUILDKIT=0`"
                .to_owned()
        }
        EngineProblem::Unreachable { endpoint, .. } if is_ssh(endpoint) => format!(
            "see what ssh says with `ssh {endpoint} docker version`; give a key’s passphrase to \
             the agent with `ssh-add`, for here nobody can be asked"
        ),
        EngineProblem::Unreachable { .. } => format!(
            "start the engine, or let the kit do it with `{PROVISION}`; `{DOCTOR}` says what is \
             missing"
        ),
        EngineProblem::Forbidden { .. } => {
            "join its group with `sudo usermod -aG docker $USER`, then log in again; its members \
             are as good as root"
                .to_owned()
        }
        EngineProblem::Silent { .. } => {
            "see whether it answers at all with `docker version`; a stuck engine must be restarted"
                .to_owned()
        }
        EngineProblem::BadEndpoint { .. } => {
            "see the engines that are known with `docker context ls`".to_owned()
        }
        EngineProblem::NeedsTls { .. } => {
            "set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the directory of ca.pem, cert.pem and \
             key.pem where that is not ~/.docker"
                .to_owned()
        }
        EngineProblem::TooOld { .. } => "install Docker Engine 20.10 or newer".to_owned(),
        EngineProblem::Lost { .. } => {
            "see why in its log with `journalctl -u docker -n 50`, then run the kit again"
                .to_owned()
        }
        _ => return None,
    })
}

fn english_help(problem: &EngineProblem) -> Option<String> {
    Some(match problem {
        EngineProblem::NoContainer { .. } => {
            "change the key of the service that this is about, or do not run the service: \
             `x-lab: { run: false }`"
                .to_owned()
        }
        EngineProblem::NoImage { image } => format!("fetch it with `docker pull {image}`"),
        EngineProblem::BadReference { .. } => {
            "write it as `name:tag`, the name in lower case, such as `lab/python:3.13`".to_owned()
        }
        EngineProblem::NoBase { image, .. } => english_base_help(image),
        EngineProblem::DiskFull => "see what takes the place with `docker system df`".to_owned(),
        EngineProblem::Compose { command, file, .. } => {
            format!("try it by hand with `{command} -f {file} config`")
        }
        EngineProblem::VariableMissing { variable, .. } => {
            format!("give it a value: `export {variable}=…`, or a line `{variable}=…` in `.env`")
        }
        EngineProblem::NeedsBuildkit { .. } => {
            "install buildx (package docker-buildx, or docker-buildx-plugin of Docker's own), and \
             unset DOCKER_BUILDKIT"
                .to_owned()
        }
        EngineProblem::Scratch { .. } => {
            "see the room for temporary files with `df -h ${TMPDIR:-/tmp}`".to_owned()
        }
        EngineProblem::Left { container, .. } => {
            format!("remove it with `docker rm -f {container}`")
        }
        EngineProblem::BuildUnclear { .. } => {
            "see the commands with `--verbose` and try the last one by hand".to_owned()
        }
        EngineProblem::Spawn { .. } => format!("see what is missing with `{DOCTOR}`"),
        _ => return None,
    })
}

fn french_way(problem: &EngineProblem) -> Option<String> {
    Some(match problem {
        EngineProblem::NoProgram { .. } | EngineProblem::NoCompose => {
            format!("laissez le kit l’installer avec `{PROVISION}`")
        }
        EngineProblem::BadBuildx => format!(
            "réinstallez le paquet docker-buildx, ou construisez sans lui{NBSP}: \
             `DOCKER_BUILDKIT=0`"
        ),
        EngineProblem::Unreachable { endpoint, .. } if is_ssh(endpoint) => format!(
            "voyez ce que dit ssh avec `ssh {endpoint} docker version`{NNBSP}; confiez la phrase \
             secrète d’une clé à l’agent avec `ssh-add`, car ici personne ne peut la donner"
        ),
        EngineProblem::Unreachable { .. } => format!(
            "démarrez le moteur, ou laissez faire le kit avec `{PROVISION}`{NNBSP}; `{DOCTOR}` \
             dit ce qui manque"
        ),
        EngineProblem::Forbidden { .. } => format!(
            "rejoignez son groupe avec `sudo usermod -aG docker $USER`, puis \
             reconnectez-vous{NNBSP}; ses membres ont les pouvoirs de root"
        ),
        EngineProblem::Silent { .. } => format!(
            "voyez s’il répond encore avec `docker version`{NNBSP}; redémarrez un moteur bloqué"
        ),
        EngineProblem::BadEndpoint { .. } => {
            "voyez les moteurs connus avec `docker context ls`".to_owned()
        }
        EngineProblem::NeedsTls { .. } => {
            "définissez DOCKER_TLS_VERIFY=1 et, si ca.pem, cert.pem et key.pem ne sont pas dans \
             ~/.docker, leur dossier par DOCKER_CERT_PATH"
                .to_owned()
        }
        EngineProblem::TooOld { .. } => "installez Docker Engine 20.10 ou plus récent".to_owned(),
        EngineProblem::Lost { .. } => {
            "cherchez pourquoi dans son journal avec `journalctl -u docker -n 50`, puis \
             relancez le kit"
                .to_owned()
        }
        _ => return None,
    })
}

fn french_help(problem: &EngineProblem) -> Option<String> {
    Some(match problem {
        EngineProblem::NoContainer { .. } => format!(
            "changez la clé du service dont il s’agit, ou n’exécutez pas le service{NBSP}: \
             `x-lab: {{ run: false }}`"
        ),
        EngineProblem::NoImage { image } => {
            format!("téléchargez-la avec `docker pull {image}`")
        }
        EngineProblem::BadReference { .. } => {
            "écrivez-le `nom:étiquette`, le nom en minuscules, comme `lab/python:3.13`".to_owned()
        }
        EngineProblem::NoBase { image, .. } => french_base_help(image),
        EngineProblem::DiskFull => "voyez ce qui prend la place avec `docker system df`".to_owned(),
        EngineProblem::Compose { command, file, .. } => {
            format!("essayez à la main avec `{command} -f {file} config`")
        }
        EngineProblem::VariableMissing { variable, .. } => format!(
            "donnez-lui une valeur{NBSP}: `export {variable}=…`, ou une ligne `{variable}=…` \
             dans `.env`"
        ),
        EngineProblem::NeedsBuildkit { .. } => {
            "installez buildx (paquet docker-buildx, ou docker-buildx-plugin parmi ceux de Docker), et \
             retirez la variable DOCKER_BUILDKIT".to_owned()
        }
        EngineProblem::Scratch { .. } => {
            "voyez la place des fichiers temporaires avec `df -h ${TMPDIR:-/tmp}`".to_owned()
        }
        EngineProblem::Left { container, .. } => {
            format!("supprimez-le avec `docker rm -f {container}`")
        }
        EngineProblem::BuildUnclear { .. } => {
            "voyez les commandes avec `--verbose` et essayez la dernière à la main".to_owned()
        }
        EngineProblem::Spawn { .. } => format!("voyez ce qui manque avec `{DOCTOR}`"),
        _ => return None,
    })
}

fn english_base_help(image: &str) -> String {
    let stand_in = if has_stand_in(image) {
        format!(
            "\nwithout a network, `--provision` makes a stand-in, for a Dockerfile that says `ARG \
             PYTHON_IMAGE={image}`, then `FROM ${{PYTHON_IMAGE}}`"
        )
    } else {
        String::new()
    };
    format!(
        "see whether the name is right and the registry answers with `docker pull {image}`{stand_in}"
    )
}

fn french_base_help(image: &str) -> String {
    let stand_in = if has_stand_in(image) {
        format!(
            "\nsans réseau, `--provision` fabrique une image de remplacement, pour un Dockerfile \
             qui écrit `ARG PYTHON_IMAGE={image}`, puis `FROM ${{PYTHON_IMAGE}}`"
        )
    } else {
        String::new()
    };
    format!("vérifiez son nom et l’accès au registre avec `docker pull {image}`{stand_in}")
}

#[cfg(test)]
mod tests {
    use super::{french, help};
    use crate::model::{EngineProblem, Language};

    #[test]
    fn a_base_that_cant_be_had_says_why_and_how_to_try() {
        let problem = EngineProblem::NoBase {
            image: "python:3.13-slim".to_owned(),
            reason: "no such host".to_owned(),
        };
        let sentence = french(&problem);
        assert!(
            sentence.ends_with("téléchargée\u{a0}: no such host"),
            "{sentence}"
        );
        for language in [Language::English, Language::French] {
            let help = help(&problem, language).unwrap();
            assert!(help.contains("`docker pull python:3.13-slim`"), "{help}");
            assert!(help.contains("--provision"), "{help}");
            // A base that is written into the Dockerfile is nobody's to choose.
            for line in [
                "`ARG PYTHON_IMAGE=python:3.13-slim`",
                "`FROM ${PYTHON_IMAGE}`",
            ] {
                assert!(help.contains(line), "{help}");
            }
        }
    }

    #[test]
    fn a_stand_in_is_offered_only_where_there_is_one() {
        let problem = EngineProblem::NoBase {
            image: "postgres:16".to_owned(),
            reason: "no such host".to_owned(),
        };
        for language in [Language::English, Language::French] {
            let help = help(&problem, language).unwrap();
            assert!(!help.contains("--provision"), "{help}");
        }
    }

    #[test]
    fn what_can_be_installed_is_by_a_command_that_does_so() {
        let unreachable = EngineProblem::Unreachable {
            endpoint: "unix:///nowhere.sock".to_owned(),
            source: None,
        };
        for problem in [unreachable, EngineProblem::NoCompose] {
            for language in [Language::English, Language::French] {
                let help = help(&problem, language).unwrap();
                assert!(help.contains("`cargo xtask lab LAB --provision`"), "{help}");
            }
        }
    }

    #[test]
    fn a_variable_without_a_reason_has_no_colon() {
        let problem = EngineProblem::VariableMissing {
            file: "compose.yaml".to_owned(),
            variable: "NEEDED".to_owned(),
            reason: String::new(),
        };
        assert_eq!(
            french(&problem),
            "`compose.yaml` a besoin de la variable `NEEDED`"
        );
        assert_eq!(
            problem.to_string(),
            "`compose.yaml` needs the variable `NEEDED`"
        );
    }
}
