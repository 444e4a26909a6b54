use super::{Said, did_you_mean};
use crate::lang::phrases::{Phrases, say};
use crate::model::SourceProblem;

#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub(super) fn said(problem: &SourceProblem, say: Phrases) -> Said {
    match problem {
        SourceProblem::OtherPlatform {
            service,
            wanted,
            there,
        } => Said::new(
            say!(
                say,
                "service `{service}` needs {wanted}, but its image was built for {there}",
                "le service `{service}` demande {wanted}, mais son image a été construite pour \
                 {there}"
            ),
            say!(
                say,
                "its local base image is for that platform: pull the other (`docker pull \
                 --platform {wanted}`), build with buildx, or remove `platform`",
                "son image de base locale est pour cette plateforme\u{a0}: téléchargez l’autre \
                 (`docker pull --platform {wanted}`), construisez avec buildx, ou retirez `platform`"
            ),
        ),
        SourceProblem::OtherImage {
            service,
            image,
            wanted,
            there,
        } => Said::new(
            say!(
                say,
                "service `{service}` needs {wanted}, but `{image}` is for {there}",
                "le service `{service}` demande {wanted}, mais `{image}` est pour {there}"
            ),
            say!(
                say,
                "pull the other (`docker pull --platform {wanted} {image}`), or remove `platform`",
                "téléchargez l’autre (`docker pull --platform {wanted} {image}`), ou retirez \
                 `platform`"
            ),
        ),
        SourceProblem::NoStage {
            place,
            before,
            name,
            nearest,
        } => Said::new(
            say!(
                say,
                "{place}: `{before}{name}`: there is no stage and no image called `{name}`",
                "{place}\u{a0}: `{before}{name}`\u{a0}: aucune phase et aucune image ne s’appelle \
                 `{name}`"
            ),
            did_you_mean(say, &format!("{before}{nearest}")),
        ),
        SourceProblem::DockerfileMissing { service, path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "service `{service}`: there is no Dockerfile `{path}`",
                    "service `{service}`\u{a0}: pas de Dockerfile `{path}`"
                ),
                say!(
                    say,
                    "create it, or name another one in `build.dockerfile`",
                    "créez-le, ou indiquez-en un autre dans `build.dockerfile`"
                ),
            )
        }
        SourceProblem::SecretMissing { service, what } => Said::new(
            say!(
                say,
                "service `{service}`: the build secret `{what}` has no value",
                "service `{service}`\u{a0}: le secret de build `{what}` n’a pas de valeur"
            ),
            say!(
                say,
                "create the file, or set `{what}` in the environment or in `.env`",
                "créez le fichier, ou définissez `{what}` dans l’environnement ou dans `.env`"
            ),
        ),
        SourceProblem::NoPlatform {
            service,
            platforms,
            engine,
        } => {
            let flags: Vec<_> = platforms
                .iter()
                .map(|platform| format!("`--platform {platform}`"))
                .collect();
            let (platforms, flags) = (platforms.join(", "), flags.join(say.pick([" or ", " ou "])));
            Said::new(
                say!(
                    say,
                    "service `{service}` is for {platforms}, but the engine is for {engine}",
                    "le service `{service}` est prévu pour {platforms}, mais le moteur pour \
                     {engine}"
                ),
                say!(
                    say,
                    "choose one: {flags}",
                    "choisissez-en une\u{a0}: {flags}"
                ),
            )
        }
        SourceProblem::Circle { services } => {
            let services = services.join(", ");
            Said::new(
                say!(
                    say,
                    "services build on each other: {services}",
                    "des services se construisent l’un sur l’autre\u{a0}: {services}"
                ),
                say!(
                    say,
                    "let one of them build on another image",
                    "faites partir l’un d’eux d’une autre image"
                ),
            )
        }
        SourceProblem::ContextMissing { service, path } => {
            let path = path.display();
            Said::new(
                say!(
                    say,
                    "service `{service}`: there is no build context `{path}`",
                    "service `{service}`\u{a0}: pas de contexte de build `{path}`"
                ),
                say!(
                    say,
                    "create it, or name another one in `build.context`",
                    "créez-le, ou indiquez-en un autre dans `build.context`"
                ),
            )
        }
    }
}
