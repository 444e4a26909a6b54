use super::phrases::{phrases, say};
use crate::model::{Language, Note};

/// A note on the lab, as one sentence.
#[expect(clippy::too_many_lines, reason = "one exhaustive table of sentences")]
pub fn note(note: &Note, language: Language) -> String {
    let say = phrases(language);
    let names = |services: &[String]| {
        let quoted: Vec<String> = services.iter().map(|name| format!("`{name}`")).collect();
        quoted.join(", ")
    };
    match note {
        Note::BuildsOn { service, other } => say!(
            say,
            "`{service}` builds on `{other}`, which is built first",
            "`{service}` se construit sur `{other}`, construit d’abord"
        ),
        Note::OnePlatform { service, platform } => say!(
            say,
            "`{service}` is built for {platform} only; choose with --platform",
            "`{service}` n’est construit que pour {platform}\u{202f}; choisissez avec --platform"
        ),
        Note::Inactive { services } => {
            let names = names(services);
            say!(
                say,
                "left out because of their profiles: {names}",
                "laissés de côté à cause de leurs profils\u{a0}: {names}"
            )
        }
        Note::Untranslated { path, places } => {
            let names = names(places);
            say!(
                say,
                "`{path}` has no French text for {names}: it is shown in English",
                "`{path}` n’a pas de texte français pour {names}\u{a0}: il est affiché en anglais"
            )
        }
        Note::OtherBase { recorded, again } => say!(
            say,
            "the recorded results are of another base image ({recorded}) and can't stand in; to \
             record: `{again}`",
            "les résultats enregistrés viennent d’une autre image de base ({recorded}) et ne \
             peuvent \
             pas servir de secours\u{202f}; pour enregistrer\u{a0}: `{again}`"
        ),
        Note::NoTwins { reason, again } => say!(
            say,
            "no recorded results can stand in: {reason}; to record: `{again}`",
            "aucun résultat enregistré ne peut servir de secours\u{a0}: {reason}\u{202f}; pour \
             enregistrer\u{a0}: `{again}`"
        ),
        Note::Recorded { command } => say!(
            say,
            "the recorded lesson needs no engine: `{command}`",
            "la leçon enregistrée se passe de moteur\u{a0}: `{command}`"
        ),
        Note::Written { path } => {
            let path = path.display();
            say!(say, "wrote {path}", "enregistré dans {path}")
        }
        Note::Provided { services } => {
            let names = names(services);
            say!(
                say,
                "left out because a provider runs them: {names}",
                "laissés de côté, car un fournisseur s’en charge\u{a0}: {names}"
            )
        }
        Note::OwnSolution {
            service,
            dockerfile,
            lab,
        } => say!(
            say,
            "`{service}` is this repository’s own solution, {dockerfile}; \
             `cargo xtask check {lab}` checks yours",
            "`{service}` est la solution fournie, {dockerfile}\u{a0}; \
             `cargo xtask check {lab}` vérifie la vôtre"
        ),
    }
}
