use super::{Said, cancelled, did_you_mean};
use crate::lang::phrases::{Phrases, abridged, say};
use crate::model::{EngineKind, EngineProblem, has_stand_in};

/// Whole, because `layers` and `diff` need an engine too and install nothing.
const PROVISION: &str = "cargo xtask lab LAB --provision";

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &EngineProblem, say: Phrases) -> Said {
    let install = || {
        say!(
            say,
            "let the kit install it: `{PROVISION}`",
            "laissez le kit l’installer\u{a0}: `{PROVISION}`"
        )
    };
    match problem {
        EngineProblem::NoProgram { program } => Said::new(
            say!(
                say,
                "command `{program}` not found",
                "commande `{program}` introuvable"
            ),
            install(),
        ),
        EngineProblem::NoCompose => Said::new(
            say!(
                say,
                "neither `docker compose` nor `docker-compose` was found",
                "ni `docker compose` ni `docker-compose` n’ont été trouvés"
            ),
            install(),
        ),
        EngineProblem::Unreachable { endpoint, .. } => Said::new(
            say!(
                say,
                "no engine answers at `{endpoint}`",
                "aucun moteur ne répond à `{endpoint}`"
            ),
            unreachable(endpoint, say),
        ),
        EngineProblem::Forbidden { endpoint } => Said::new(
            say!(
                say,
                "permission denied for the engine at `{endpoint}`",
                "vous n’avez pas le droit d’utiliser le moteur `{endpoint}`"
            ),
            say!(
                say,
                "join its group with `sudo usermod -aG docker $USER`, then log in again; members \
                 of \
                 this group can become root",
                "rejoignez son groupe avec `sudo usermod -aG docker $USER`, puis \
                 reconnectez-vous\u{202f}; les membres de ce groupe peuvent devenir root"
            ),
        ),
        EngineProblem::Silent { endpoint, limit } => {
            let limit = limit.as_secs();
            Said::new(
                say!(
                    say,
                    "the engine at `{endpoint}` did not answer within {limit} s",
                    "le moteur `{endpoint}` n’a pas répondu en {limit}\u{a0}s"
                ),
                say!(
                    say,
                    "check that it answers: `docker version`; if not, restart the engine",
                    "vérifiez qu’il répond\u{a0}: `docker version`\u{202f}; sinon, redémarrez le \
                     moteur"
                ),
            )
        }
        EngineProblem::BadEndpoint { endpoint, .. } => Said::new(
            say!(
                say,
                "`{endpoint}` is not the address of an engine",
                "`{endpoint}` n’est pas l’adresse d’un moteur"
            ),
            say!(
                say,
                "list the known engines: `docker context ls`",
                "listez les moteurs connus\u{a0}: `docker context ls`"
            ),
        ),
        EngineProblem::NeedsTls { endpoint } => Said::new(
            say!(
                say,
                "the engine at `{endpoint}` only accepts TLS",
                "le moteur `{endpoint}` n’accepte que TLS"
            ),
            say!(
                say,
                "set DOCKER_TLS_VERIFY=1; if ca.pem, cert.pem and key.pem are not in ~/.docker, \
                 set \
                 DOCKER_CERT_PATH to their directory",
                "définissez DOCKER_TLS_VERIFY=1\u{202f}; si ca.pem, cert.pem et key.pem ne sont \
                 pas \
                 dans ~/.docker, indiquez leur dossier dans DOCKER_CERT_PATH"
            ),
        ),
        EngineProblem::TooOld { api, oldest } => Said::new(
            say!(
                say,
                "the engine speaks API {api}, but the kit needs {oldest} or newer",
                "le moteur parle l’API {api}, mais le kit demande la version {oldest} ou plus \
                 récente"
            ),
            say!(
                say,
                "install Docker Engine 20.10 or newer",
                "installez Docker Engine 20.10 ou plus récent"
            ),
        ),
        EngineProblem::Lost { endpoint, .. } => Said::new(
            say!(
                say,
                "lost the connection to the engine at `{endpoint}`",
                "la connexion au moteur `{endpoint}` s’est interrompue"
            ),
            say!(
                say,
                "find the reason in its log with `journalctl -u docker -n 50`, then run the kit \
                 again",
                "cherchez la raison dans son journal avec `journalctl -u docker -n 50`, puis \
                 relancez le kit"
            ),
        ),
        EngineProblem::Refused {
            engine,
            action,
            message,
        } => {
            let [action, said] = [say.word(*action).to_owned(), quoted(*engine, message, say)];
            Said::alone(say!(
                say,
                "the engine refused to {action}. {said}",
                "le moteur a refusé {action}. {said}"
            ))
        }
        EngineProblem::OtherFailed => Said::alone(say!(
            say,
            "stopped, because another container of the same run failed",
            "arrêt, car un autre conteneur de la même exécution a échoué"
        )),
        EngineProblem::NoContainer {
            engine,
            variant,
            message,
        } => Said::new(
            {
                let said = quoted(*engine, message, say);
                say!(
                    say,
                    "service `{variant}`: the engine can't create its container. {said}",
                    "service `{variant}`\u{a0}: le moteur ne peut pas créer son conteneur. {said}"
                )
            },
            say!(
                say,
                "change the key of the service that this is about, or do not run the service: \
                 `x-lab: {{ run: false }}`",
                "modifiez la clé en cause dans le service, ou n’exécutez pas ce service\u{a0}: \
                 `x-lab: {{ run: false }}`"
            ),
        ),
        EngineProblem::NoImage { image } => Said::new(
            say!(
                say,
                "the engine has no image `{image}`",
                "image `{image}` absente du moteur"
            ),
            say!(
                say,
                "pull it with `docker pull {image}`",
                "téléchargez-la avec `docker pull {image}`"
            ),
        ),
        EngineProblem::BadReference { image } => Said::new(
            say!(
                say,
                "`{image}` is not a valid image name",
                "`{image}` n’est pas un nom d’image valide"
            ),
            say!(
                say,
                "write `name:tag` with the name in lower case, for example `lab/python:3.13`",
                "écrivez `nom:tag` avec le nom en minuscules, par exemple `lab/python:3.13`"
            ),
        ),
        EngineProblem::NoBase {
            image,
            reason,
            nearest,
        } => Said::new(
            say!(
                say,
                "image `{image}` was not found locally and could not be pulled; the engine says: \
                 {reason}",
                "l’image `{image}` est introuvable localement et n’a pas pu être \
                 téléchargée\u{202f}; \
                 le moteur indique\u{a0}: {reason}"
            ),
            match nearest {
                Some(nearest) => did_you_mean(say, nearest),
                None => base_help(image, say),
            },
        ),
        EngineProblem::BuildUnclear { variant, .. } => Said::new(
            say!(
                say,
                "the build of `{variant}` ended without a result",
                "le build de `{variant}` s’est terminé sans résultat"
            ),
            say!(
                say,
                "show the commands with `--verbose` and try the last one by hand",
                "affichez les commandes avec `--verbose` et essayez la dernière à la main"
            ),
        ),
        EngineProblem::BuildOffline {
            variant,
            instruction,
            said,
        } => {
            let instruction = abridged(instruction);
            Said::new(
                say!(
                    say,
                    "the build of `{variant}` has no network: `{instruction}` failed. It printed: \
                     {said}",
                    "le build de `{variant}` n’a pas accès au réseau\u{a0}: `{instruction}` a \
                     échoué, en affichant\u{a0}: {said}"
                ),
                say!(
                    say,
                    "this says nothing about the Dockerfile: check the connection, then run the \
                     kit again",
                    "le Dockerfile n’est pas en cause\u{a0}: vérifiez la connexion, puis relancez \
                     le kit"
                ),
            )
        }
        EngineProblem::DiskFull => Said::new(
            say!(
                say,
                "no space left on the engine's disk",
                "il n’y a plus de place sur le disque du moteur"
            ),
            say!(
                say,
                "see what takes the space with `docker system df`",
                "regardez ce qui prend la place avec `docker system df`"
            ),
        ),
        EngineProblem::Compose {
            command,
            file,
            reason,
        } => Said::new(
            say!(
                say,
                "`{file}` is not valid. Compose: {reason}",
                "`{file}` n’est pas valide. Compose\u{a0}: {reason}"
            ),
            say!(
                say,
                "try it by hand: `{command} -f {file} config`",
                "essayez à la main\u{a0}: `{command} -f {file} config`"
            ),
        ),
        EngineProblem::VariableMissing {
            file,
            variable,
            reason,
        } => {
            let needs = say!(
                say,
                "`{file}` needs the variable `{variable}`",
                "`{file}` a besoin de la variable `{variable}`"
            );
            Said::new(
                match reason.as_str() {
                    "" => needs,
                    reason => say!(say, "{needs}: {reason}", "{needs}\u{a0}: {reason}"),
                },
                say!(
                    say,
                    "set it: `export {variable}=…`, or a line `{variable}=…` in `.env`",
                    "donnez-lui une valeur\u{a0}: `export {variable}=…`, ou une ligne \
                     `{variable}=…` dans `.env`"
                ),
            )
        }
        EngineProblem::NeedsBuildkit {
            variant,
            what,
            place,
        } => {
            let place = place.as_ref();
            let at = place.map_or_else(String::new, |place| format!(" ({place})"));
            Said::new(
                say!(
                    say,
                    "service `{variant}`: `{what}`{at} needs BuildKit and its plugin buildx",
                    "service `{variant}`\u{a0}: `{what}`{at} nécessite BuildKit et son extension \
                     buildx"
                ),
                say!(
                    say,
                    "install buildx (package docker-buildx, or docker-buildx-plugin from Docker), \
                     and unset DOCKER_BUILDKIT",
                    "installez buildx (paquet docker-buildx, ou docker-buildx-plugin de Docker), \
                     et \
                     supprimez la variable DOCKER_BUILDKIT"
                ),
            )
        }
        EngineProblem::BadBuildx => Said::new(
            say!(
                say,
                "the Docker command's buildx plugin does not work",
                "l’extension buildx de la commande Docker ne fonctionne pas"
            ),
            say!(
                say,
                "reinstall the package docker-buildx, or build without it: `DOCKER_BUILDKIT=0`",
                "réinstallez le paquet docker-buildx, ou construisez sans lui\u{a0}: \
                 `DOCKER_BUILDKIT=0`"
            ),
        ),
        EngineProblem::Spawn { program, .. } => Said::new(
            say!(
                say,
                "cannot run `{program}`",
                "impossible de lancer `{program}`"
            ),
            say!(
                say,
                "see what is missing with `cargo xtask doctor`",
                "regardez ce qui manque avec `cargo xtask doctor`"
            ),
        ),
        EngineProblem::Scratch { .. } => Said::new(
            say!(
                say,
                "cannot use a temporary file",
                "impossible d’utiliser un fichier temporaire"
            ),
            say!(
                say,
                "check the space for temporary files with `df -h ${{TMPDIR:-/tmp}}`",
                "vérifiez la place pour les fichiers temporaires avec `df -h ${{TMPDIR:-/tmp}}`"
            ),
        ),
        EngineProblem::Left {
            engine,
            container,
            reason,
        } => Said::new(
            {
                let said = quoted(*engine, reason, say);
                say!(
                    say,
                    "container `{container}` could not be removed. {said}",
                    "le conteneur `{container}` n’a pas pu être supprimé. {said}"
                )
            },
            say!(
                say,
                "remove it with `docker rm -f {container}`",
                "supprimez-le avec `docker rm -f {container}`"
            ),
        ),
        EngineProblem::LeftVolume {
            engine,
            volume,
            reason,
        } => Said::new(
            {
                let said = quoted(*engine, reason, say);
                say!(
                    say,
                    "volume `{volume}` could not be removed. {said}",
                    "le volume `{volume}` n’a pas pu être supprimé. {said}"
                )
            },
            say!(
                say,
                "remove it with `docker volume rm {volume}`",
                "supprimez-le avec `docker volume rm {volume}`"
            ),
        ),
        EngineProblem::Cancelled(signal) => cancelled(*signal, say),
    }
}

/// The engine's own words, which it has in English only.
fn quoted(engine: EngineKind, words: &str, say: Phrases) -> String {
    let engine = say.word(engine);
    say!(say, "{engine}: {words}", "{engine}\u{a0}: {words}")
}

/// Over ssh the way to an engine may need a secret.
fn unreachable(endpoint: &str, say: Phrases) -> String {
    if endpoint.starts_with("ssh://") {
        return say!(
            say,
            "see what ssh reports with `ssh {endpoint} docker version`; the kit can't ask for a \
             passphrase, so give it to the agent with `ssh-add`",
            "regardez ce que dit ssh avec `ssh {endpoint} docker version`\u{202f}; le kit ne peut \
             pas demander de phrase secrète\u{a0}: confiez-la à l’agent avec `ssh-add`"
        );
    }
    say!(
        say,
        "start the engine, or let the kit do it with `{PROVISION}`; `cargo xtask doctor` shows \
         what \
         is missing",
        "démarrez le moteur, ou laissez faire le kit avec `{PROVISION}`\u{202f}; `cargo xtask \
         doctor` montre ce qui manque"
    )
}

fn base_help(image: &str, say: Phrases) -> String {
    let check = say!(
        say,
        "check the name and the registry with `docker pull {image}`",
        "vérifiez son nom et l’accès au registre avec `docker pull {image}`"
    );
    if !has_stand_in(image) {
        return check;
    }
    say!(
        say,
        "{check}\nwithout a network, `--provision` builds a stand-in for a Dockerfile that has \
         `ARG \
         PYTHON_IMAGE={image}`, then `FROM ${{PYTHON_IMAGE}}`",
        "{check}\nsans réseau, `--provision` construit une base de remplacement pour un Dockerfile \
         qui contient `ARG PYTHON_IMAGE={image}`, puis `FROM ${{PYTHON_IMAGE}}`"
    )
}

#[cfg(test)]
mod tests {
    use super::said;
    use crate::lang::phrases;
    use crate::model::{EngineAction, EngineKind, EngineProblem, Language};

    #[test]
    fn a_base_that_cant_be_had_says_why_and_how_to_try() {
        let problem = EngineProblem::NoBase {
            image: "python:3.13-slim".to_owned(),
            reason: "no such host".to_owned(),
            nearest: None,
        };
        let sentence = said(&problem, phrases(Language::French)).sentence;
        assert!(
            sentence.ends_with("le moteur indique\u{a0}: no such host"),
            "{sentence}"
        );
        for language in [Language::English, Language::French] {
            let help = said(&problem, phrases(language)).help.unwrap();
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
    fn a_refusal_names_the_engine_and_the_request_in_both_languages() {
        let problem = EngineProblem::Refused {
            engine: EngineKind::Podman,
            action: EngineAction::SaveImages,
            message: "no".to_owned(),
        };
        let [english, french] = [Language::English, Language::French]
            .map(|language| said(&problem, phrases(language)).sentence);
        assert_eq!(english, "the engine refused to save the images. Podman: no");
        assert_eq!(
            french,
            "le moteur a refusé de sauvegarder les images. Podman\u{a0}: no"
        );
    }

    #[test]
    fn a_stand_in_is_offered_only_where_there_is_one() {
        let problem = EngineProblem::NoBase {
            image: "postgres:16".to_owned(),
            reason: "no such host".to_owned(),
            nearest: None,
        };
        for language in [Language::English, Language::French] {
            let help = said(&problem, phrases(language)).help.unwrap();
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
                let help = said(&problem, phrases(language)).help.unwrap();
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
            said(&problem, phrases(Language::French)).sentence,
            "`compose.yaml` a besoin de la variable `NEEDED`"
        );
        assert_eq!(
            said(&problem, phrases(Language::English)).sentence,
            "`compose.yaml` needs the variable `NEEDED`"
        );
    }
}
