//! What `doctor` says of each part, in each language.

use super::phrases::{Phrases, phrases};
use super::problem;
use crate::model::{
    Builder, ComposeFlavour, EngineFacts, Found, HostProblem, Language, PartName, Presence,
    Program, Reach, Remedy,
};

/// What a part is called at the head of its line.
pub fn part_name(name: PartName, language: Language) -> &'static str {
    match language {
        Language::English => english_name(name),
        Language::French => french_name(name),
    }
}

fn english_name(name: PartName) -> &'static str {
    match name {
        PartName::Distribution => "distribution",
        PartName::Power => "rights",
        PartName::DockerCommand => "Docker command",
        PartName::Compose => "Compose",
        PartName::Builder => "builder",
        PartName::Daemon => "daemon",
        PartName::Engine => "engine",
        PartName::DiskFree => "disk",
        PartName::Proxy => "proxy",
        PartName::StandInMaker => "mmdebstrap",
        PartName::ComposeFile => "Compose file",
        PartName::Base => "base image",
        PartName::Registry => "registry",
    }
}

fn french_name(name: PartName) -> &'static str {
    match name {
        PartName::Distribution => "distribution",
        PartName::Power => "droits",
        PartName::DockerCommand => "commande Docker",
        PartName::Compose => "Compose",
        PartName::Builder => "constructeur",
        PartName::Daemon => "démon",
        PartName::Engine => "moteur",
        PartName::DiskFree => "disque",
        PartName::Proxy => "proxy",
        PartName::StandInMaker => "mmdebstrap",
        PartName::ComposeFile => "fichier Compose",
        PartName::Base => "image de base",
        PartName::Registry => "registre",
    }
}

/// What was found of a part; where there is nothing, what that means for the kit.
pub fn found(name: PartName, found: &Found, language: Language) -> String {
    let say = phrases(language);
    match found {
        Found::Nothing => nothing(name, language).to_owned(),
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
            let free = say.size(disk.free);
            let path = disk.path.display();
            match language {
                Language::English => format!("{free} free at {path}"),
                Language::French => format!("{free} libres dans {path}"),
            }
        }
        Found::Base {
            reference,
            presence,
        } => base(reference, presence, language),
        Found::Registry { image, reach } => registry(image, *reach, language),
        Found::Trouble(trouble) => problem::sentence(trouble, language),
    }
}

/// What to do about a part that no command mends, in one sentence.
pub fn advice(advice: &Remedy, found: &Found, language: Language) -> String {
    let helped = match (advice, found) {
        (Remedy::OfTrouble, Found::Trouble(trouble)) => problem::help(trouble, language),
        (Remedy::Distribution, _) => {
            let distribution = String::new();
            problem::help(&HostProblem::Distribution { distribution }.into(), language)
        }
        _ => None,
    };
    helped.unwrap_or_else(|| match language {
        Language::English => english_advice(advice),
        Language::French => french_advice(advice),
    })
}

fn english_advice(advice: &Remedy) -> String {
    match advice {
        Remedy::Install => "install it from your distribution’s packages".to_owned(),
        Remedy::Root => {
            "run the kit as root, or have an administrator give you sudo, where something is to \
             be installed"
                .to_owned()
        }
        Remedy::Buildx => {
            "it works as it is; for BuildKit, install buildx from Docker’s own packages".to_owned()
        }
        Remedy::EngineFirst => "mend what is lacking above, then ask again".to_owned(),
        Remedy::Limits => {
            "it passes over limits of memory and processes: run what you trust; a rootless engine \
             needs cgroups of version 2, and systemd"
                .to_owned()
        }
        Remedy::Pull { image } => {
            format!("see why with `docker pull {image}`: the name, the network or a proxy")
        }
        Remedy::RealBase { command } => {
            format!("once a registry is in reach, build on the real one with `{command}`")
        }
        Remedy::Distribution | Remedy::OfTrouble => {
            "see what the kit asks with `cargo xtask doctor --verbose`".to_owned()
        }
    }
}

fn french_advice(advice: &Remedy) -> String {
    match advice {
        Remedy::Install => {
            "installez ce qui manque avec les paquets de votre distribution".to_owned()
        }
        Remedy::Root => {
            "lancez le kit en root, ou demandez sudo à un administrateur, si quelque chose est à \
             installer"
                .to_owned()
        }
        Remedy::Buildx => {
            "rien ne presse\u{202f}; pour avoir BuildKit, installez buildx avec les paquets de Docker"
                .to_owned()
        }
        Remedy::EngineFirst => {
            "réparez d’abord ce qui manque plus haut, puis redemandez".to_owned()
        }
        Remedy::Limits => {
            "il ne limite ni la mémoire ni les processus\u{a0}: n’exécutez que ce qui est sûr\u{202f}; \
             un moteur sans root a besoin des cgroups de version 2 et de systemd"
                .to_owned()
        }
        Remedy::Pull { image } => format!(
            "voyez pourquoi avec `docker pull {image}`\u{a0}: le nom, le réseau ou un proxy"
        ),
        Remedy::RealBase { command } => format!(
            "dès qu’un registre est à portée, construisez sur la vraie image avec `{command}`"
        ),
        Remedy::Distribution | Remedy::OfTrouble => {
            "voyez ce que demande le kit avec `cargo xtask doctor --verbose`".to_owned()
        }
    }
}

/// The last line: nothing is lacking, or what is.
pub fn doctor_verdict(lacking: &[PartName], language: Language) -> String {
    let names: Vec<_> = lacking
        .iter()
        .map(|name| part_name(*name, language))
        .collect();
    let names = names.join(", ");
    match (language, lacking) {
        (Language::English, []) => "all that the kit needs is there".to_owned(),
        (Language::French, []) => "tout ce qu’il faut au kit est là".to_owned(),
        (Language::English, _) => format!("lacking: {names}"),
        (Language::French, _) => format!("il manque\u{a0}: {names}"),
    }
}

fn nothing(name: PartName, language: Language) -> &'static str {
    match (language, name) {
        (Language::English, PartName::Power) => "neither root nor sudo: the kit can't install",
        (Language::French, PartName::Power) => {
            "ni root ni sudo\u{a0}: le kit ne peut rien installer"
        }
        (Language::English, PartName::Distribution) => "unknown: the kit can't install",
        (Language::French, PartName::Distribution) => {
            "inconnue\u{a0}: le kit ne peut rien installer"
        }
        (Language::English, PartName::StandInMaker) => {
            "not there; only needed to make a base without a registry"
        }
        (Language::French, PartName::StandInMaker) => {
            "absent\u{202f}; ne sert qu’à fabriquer une base sans registre"
        }
        (Language::English, PartName::Builder) => "the classic one; buildx would bring BuildKit",
        (Language::French, PartName::Builder) => "l’ancien\u{202f}; buildx apporterait BuildKit",
        (Language::English, _) => "not there",
        (Language::French, PartName::DockerCommand) => "absente",
        (Language::French, _) => "absent",
    }
}

fn version(program: &Program) -> String {
    let path = program.path.display();
    match &program.version {
        Some(version) => version.clone(),
        None => path.to_string(),
    }
}

fn engine(facts: &EngineFacts, endpoint: &str, say: &dyn Phrases) -> String {
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

fn drives(builder: Builder, buildx: Option<&str>, say: &dyn Phrases) -> String {
    // The line is already that of the builder.
    let name = match (builder, say.language()) {
        (Builder::Buildkit, _) => "BuildKit",
        (Builder::Classic, Language::English) => "classic",
        (Builder::Classic, Language::French) => "classique",
    };
    match buildx {
        Some(version) => format!("{name} (buildx {version})"),
        None => name.to_owned(),
    }
}

fn base(reference: &str, presence: &Presence, language: Language) -> String {
    let english = language == Language::English;
    let rest = match presence {
        Presence::InStore if english => "in the engine’s store".to_owned(),
        Presence::InStore => "dans les images du moteur".to_owned(),
        Presence::StandIn { real, reach } => stands_in(real, *reach, language),
        Presence::Missing(Reach::Out) if english => {
            "neither in the engine’s store nor in reach".to_owned()
        }
        Presence::Missing(Reach::Out) => "ni dans le moteur ni à portée".to_owned(),
        Presence::Missing(_) if english => "in reach, will be pulled".to_owned(),
        Presence::Missing(_) => "à portée, sera téléchargée".to_owned(),
        Presence::Unknown if english => "not known without an engine".to_owned(),
        Presence::Unknown => "état inconnu sans moteur".to_owned(),
    };
    if english {
        format!("{reference}: {rest}")
    } else {
        format!("{reference}\u{a0}: {rest}")
    }
}

fn stands_in(real: &str, reach: Reach, language: Language) -> String {
    match (language, reach) {
        (Language::English, Reach::InStore) => format!("stands in for {real}, which is there now"),
        (Language::English, Reach::InRegistry) => {
            format!("stands in for {real}, which is in reach now")
        }
        (Language::English, Reach::Out) => format!("stands in for {real}, which is out of reach"),
        (Language::French, Reach::InStore) => format!("remplace {real}, qui est là désormais"),
        (Language::French, Reach::InRegistry) => format!("remplace {real}, désormais à portée"),
        (Language::French, Reach::Out) => format!("remplace {real}, hors de portée"),
    }
}

fn registry(image: &str, reach: Reach, language: Language) -> String {
    match (language, reach) {
        (Language::English, Reach::Out) => format!("does not give {image}"),
        (Language::English, _) => format!("has {image}"),
        (Language::French, Reach::Out) => format!("ne donne pas {image}"),
        (Language::French, _) => format!("a {image}"),
    }
}
