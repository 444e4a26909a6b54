use crate::model::{Language, SourceProblem};

pub(super) fn french(problem: &SourceProblem) -> String {
    use SourceProblem as P;
    match problem {
        P::OtherPlatform {
            service,
            wanted,
            there,
        } => format!(
            "le service `{service}` doit être pour {wanted}, et ce qui a été construit est pour {there}"
        ),
        P::OtherImage {
            service,
            image,
            wanted,
            there,
        } => {
            format!("le service `{service}` doit être pour {wanted}, et `{image}` est pour {there}")
        }
        P::NoStage {
            place,
            before,
            name,
            ..
        } => format!(
            "{place}\u{a0}: `{before}{name}` ne désigne aucune étape, et il n’y a pas d’image `{name}`"
        ),
        P::DockerfileMissing { service, path } => {
            let path = path.display();
            format!("service `{service}`\u{a0}: pas de Dockerfile `{path}`")
        }
        P::ContextMissing { service, path } => {
            let path = path.display();
            format!("service `{service}`\u{a0}: pas de contexte de construction `{path}`")
        }
    }
}

pub(super) fn help(problem: &SourceProblem, language: Language) -> String {
    match language {
        Language::English => english_help(problem),
        Language::French => french_help(problem),
    }
}

fn english_help(problem: &SourceProblem) -> String {
    use SourceProblem as P;
    match problem {
        P::OtherPlatform { .. } => "its base in the engine's store is of that platform: pull the \
             other (`docker pull --platform`), build with buildx, or take `platform` out"
            .to_owned(),
        P::OtherImage { image, wanted, .. } => format!(
            "pull the other (`docker pull --platform {wanted} {image}`), or take `platform` out"
        ),
        P::NoStage {
            before, nearest, ..
        } => format!("did you mean `{before}{nearest}`?"),
        P::DockerfileMissing { .. } => {
            "create it, or name another in `build.dockerfile`".to_owned()
        }
        P::ContextMissing { .. } => "create it, or name another in `build.context`".to_owned(),
    }
}

fn french_help(problem: &SourceProblem) -> String {
    use SourceProblem as P;
    match problem {
        P::OtherPlatform { .. } => "sa base, dans le moteur, est de cette plateforme\u{a0}: tirez \
             l’autre (`docker pull --platform`), construisez avec buildx, ou retirez `platform`"
            .to_owned(),
        P::OtherImage { image, wanted, .. } => format!(
            "tirez l’autre (`docker pull --platform {wanted} {image}`), ou retirez `platform`"
        ),
        P::NoStage {
            before, nearest, ..
        } => format!("vouliez-vous dire `{before}{nearest}`\u{a0}?"),
        P::DockerfileMissing { .. } => {
            "créez-le, ou nommez-en un autre dans `build.dockerfile`".to_owned()
        }
        P::ContextMissing { .. } => {
            "créez-le, ou nommez-en un autre dans `build.context`".to_owned()
        }
    }
}
