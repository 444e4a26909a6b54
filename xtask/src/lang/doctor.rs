//! What `doctor` says of each part.

use super::phrases::{Phrases, phrases, say};
use super::problem;
use super::words::Word;
use crate::model::{
    Builder, ComposeFlavour, EngineFacts, Found, HostProblem, Language, PartName, Presence,
    Program, Reach, Remedy,
};

/// What was found of a part; where there is nothing, what that means for the kit.
pub fn found(name: PartName, found: &Found, language: Language) -> String {
    let say = phrases(language);
    match found {
        Found::Nothing => nothing(name, say),
        Found::Named(text) => text.clone(),
        Found::Program(program) => version(program),
        Found::Compose(compose) => {
            let command = match compose.flavour {
                ComposeFlavour::Plugin => "docker compose",
                ComposeFlavour::Standalone => "docker-compose",
            };
            format!("{} ({command})", version(&compose.program))
        }
        Found::Engine { endpoint, facts } => engine(facts, endpoint, say),
        Found::Builder { builder, buildx } => drives(*builder, buildx.as_deref(), say),
        Found::Disk(disk) => {
            let (free, path) = (say.size(disk.free), disk.path.display());
            say!(say, "{free} free at {path}", "{free} libres dans {path}")
        }
        Found::Base {
            reference,
            presence,
        } => say.labelled(reference, &base(presence, say)),
        Found::Registry { image, reach } => match reach {
            Reach::Out => say!(
                say,
                "could not provide {image}",
                "n’a pas pu fournir {image}"
            ),
            Reach::InStore | Reach::InRegistry => say!(say, "has {image}", "a {image}"),
        },
        Found::Trouble(trouble) => problem::sentence(trouble, language),
    }
}

/// What to do about a part that no command fixes, in one sentence.
pub fn advice(advice: &Remedy, found: &Found, language: Language) -> String {
    let say = phrases(language);
    let ask = || {
        say!(
            say,
            "see what the kit runs with `cargo xtask doctor --verbose`",
            "affichez ce que le kit exécute avec `cargo xtask doctor --verbose`"
        )
    };
    match advice {
        Remedy::OfTrouble => match found {
            Found::Trouble(trouble) => problem::help(trouble, language).unwrap_or_else(ask),
            _ => ask(),
        },
        Remedy::Distribution => {
            let distribution = String::new();
            let problem = HostProblem::Distribution { distribution }.into();
            problem::help(&problem, language).unwrap_or_else(ask)
        }
        Remedy::Install => say!(
            say,
            "install it from your distribution’s packages",
            "à installer avec les paquets de votre distribution"
        ),
        Remedy::Root => say!(
            say,
            "to install anything, run the kit as root, or ask an administrator for sudo",
            "pour installer quoi que ce soit, lancez le kit en root, ou demandez sudo à un \
             administrateur"
        ),
        Remedy::Buildx => say!(
            say,
            "it works as it is; for BuildKit, install buildx from Docker’s own packages",
            "l’ancien constructeur suffit\u{202f}; pour avoir BuildKit, installez buildx avec les \
             paquets de Docker"
        ),
        Remedy::EngineFirst => say!(
            say,
            "fix the items above, then run `doctor` again",
            "corrigez d’abord les points ci-dessus, puis relancez `doctor`"
        ),
        Remedy::Limits => say!(
            say,
            "it does not enforce memory or process limits: only run code you trust. A rootless \
             engine needs cgroups version 2 and systemd",
            "il n’applique pas les limites de mémoire et de processus\u{a0}: n’exécutez que du \
             code \
             de confiance. Un moteur sans root a besoin des cgroups de version 2 et de systemd"
        ),
        Remedy::Pull { image } => say!(
            say,
            "find the reason with `docker pull {image}`: the name, the network or a proxy",
            "cherchez la raison avec `docker pull {image}`\u{a0}: le nom, le réseau ou un proxy"
        ),
        Remedy::RealBase { command } => say!(
            say,
            "when a registry is reachable, build on the real base image with `{command}`",
            "dès qu’un registre est accessible, construisez sur la vraie image de base avec \
             `{command}`"
        ),
    }
}

/// The last line: nothing is missing, or what is.
pub fn doctor_verdict(lacking: &[PartName], language: Language) -> String {
    let say = phrases(language);
    if lacking.is_empty() {
        return say.word(Word::AllReady).to_owned();
    }
    let names: Vec<_> = lacking.iter().map(|name| say.word(*name)).collect();
    let names = names.join(", ");
    say!(say, "missing: {names}", "il manque\u{a0}: {names}")
}

fn nothing(name: PartName, say: Phrases) -> String {
    match name {
        PartName::Power => say!(
            say,
            "neither root nor sudo: the kit can't install anything",
            "ni root ni sudo\u{a0}: le kit ne peut rien installer"
        ),
        PartName::Distribution => say!(
            say,
            "unknown: the kit can't install anything",
            "inconnue\u{a0}: le kit ne peut rien installer"
        ),
        PartName::StandInMaker => say!(
            say,
            "not found; only needed to build a stand-in without a registry",
            "absent\u{202f}; ne sert qu’à construire une base de remplacement sans registre"
        ),
        PartName::Builder => say!(
            say,
            "classic builder; buildx would add BuildKit",
            "ancien constructeur\u{202f}; buildx apporterait BuildKit"
        ),
        PartName::DockerCommand | PartName::Base => say!(say, "not found", "absente"),
        PartName::Compose
        | PartName::Daemon
        | PartName::Engine
        | PartName::DiskFree
        | PartName::Proxy
        | PartName::ComposeFile
        | PartName::Registry => say!(say, "not found", "absent"),
    }
}

fn version(program: &Program) -> String {
    let path = program.path.display();
    match &program.version {
        Some(version) => version.clone(),
        None => path.to_string(),
    }
}

fn engine(facts: &EngineFacts, endpoint: &str, say: Phrases) -> String {
    let name = say.engine_named(facts);
    let EngineFacts {
        api,
        storage,
        platform,
        ..
    } = facts;
    let [api, storage] = [api, storage].map(|it| it.as_deref().unwrap_or("?"));
    format!("{name} · API {api} · {storage} · {platform} · {endpoint}")
}

fn drives(builder: Builder, buildx: Option<&str>, say: Phrases) -> String {
    let name = say.word(builder);
    match buildx {
        Some(version) => format!("{name} (buildx {version})"),
        None => name.to_owned(),
    }
}

fn base(presence: &Presence, say: Phrases) -> String {
    match presence {
        Presence::InStore => say!(say, "available locally", "présente"),
        Presence::StandIn { real, reach } => {
            let reach = say.word(*reach);
            say!(
                say,
                "stand-in for {real}, {reach}",
                "remplace {real}, {reach}"
            )
        }
        Presence::Missing(Reach::Out) => say!(
            say,
            "not found locally, and can't be pulled",
            "introuvable localement, et impossible à télécharger"
        ),
        Presence::Missing(Reach::InStore | Reach::InRegistry) => {
            say!(say, "will be pulled", "sera téléchargée")
        }
        Presence::Unknown => say!(
            say,
            "can't be checked without an engine",
            "impossible à vérifier sans moteur"
        ),
    }
}
