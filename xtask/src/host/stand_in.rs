use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::command::{Words, as_root, words};
use super::offer::Use;
use super::run::{announce, ask, find, run};
use super::sources::{PUBLISHED, Source, of_distribution, parse, parse_published};
use super::{apt, base::DockerCommand};
use crate::model::{Cancel, Events, HostFacts, HostProblem, Power, ProvisionReason};

/// Bears the reference of the image that a stand-in stands in for.
pub(super) const STAND_IN_LABEL: &str = "lab-kit.stand-in";

/// Whether an image is a stand-in, or is built on one: by its label, whatever its name.
pub fn is_stand_in(labels: &BTreeMap<String, String>) -> bool {
    labels.contains_key(STAND_IN_LABEL)
}

/// Makes an image from the distribution's own packages that a Dockerfile can use in the
/// place of the official Python image: `python` and `python3`, a working apt, the same
/// directory, path and command.
pub(super) fn make(
    mut facts: HostFacts,
    docker: &DockerCommand,
    reference: &str,
    instead_of: &str,
    events: &Events,
    cancel: &Cancel,
) -> Result<(), HostProblem> {
    apt::refuse_other_distributions(&facts)?;
    // The smallest of Debian's roots have no mount, and without it packages that are being
    // configured see neither devices nor processes.
    let needed = [Use::StandInMaker.name(), "mount"];
    let missing: Vec<_> = needed
        .into_iter()
        .filter(|program| find(program).is_none())
        .map(str::to_owned)
        .collect();
    if !missing.is_empty() {
        apt::allow(&mut facts, &missing, events, cancel)?;
        apt::install(&facts, &missing, events, cancel)?;
    }
    facts.user.power = super::look::power(&facts.user, cancel)?;
    let place = scratch()?;
    let tar = place.path().join("base.tar");
    let reason = ProvisionReason::StandIn {
        instead_of: instead_of.to_owned(),
    };
    let recipe = recipe(&facts, events, cancel)?;
    let making = making(&facts, &recipe, &tar);
    announce(events, &making, reason.clone());
    run(&making, events, cancel)?;
    let importing = importing(docker, &tar, reference, instead_of);
    announce(events, &importing, reason);
    run(&importing, events, cancel)
}

/// A directory of its own where temporary files may be large: `/tmp` is memory on some
/// machines.
fn scratch() -> Result<tempfile::TempDir, HostProblem> {
    let parent = [PathBuf::from("/var/tmp"), std::env::temp_dir()]
        .into_iter()
        .find(|path| path.is_dir())
        .unwrap_or_default();
    tempfile::Builder::new()
        .prefix("lab-kit-")
        .tempdir_in(&parent)
        .map_err(|source| HostProblem::Write {
            path: parent,
            source,
        })
}

/// What a stand-in is made of: all of it this machine's own settings.
#[derive(Debug, Default)]
struct Recipe {
    codename: String,
    /// None where apt could not tell: `mmdebstrap` then knows where its suite is.
    sources: Vec<Source>,
    /// Settings of apt that it would not work without here.
    options: Vec<String>,
    proxies: Vec<String>,
}

fn recipe(facts: &HostFacts, events: &Events, cancel: &Cancel) -> Result<Recipe, HostProblem> {
    let sources = machine_sources();
    let mut own = of_distribution(&sources, &published(cancel)?);
    if own.is_none() && facts.user.power != Power::None {
        apt::update(facts, events, cancel)?;
        own = of_distribution(&sources, &published(cancel)?);
    }
    let codename = || {
        let distribution = facts.distribution.as_ref();
        distribution.and_then(|it| it.codename.clone())
    };
    let (codename, sources) = match own {
        Some((codename, sources)) => (codename, sources),
        None => (
            codename().unwrap_or_else(|| "stable".to_owned()),
            Vec::new(),
        ),
    };
    let settings = ask(&["apt-config", "dump"], cancel)?.unwrap_or_default();
    Ok(Recipe {
        codename,
        sources,
        options: options(&settings),
        proxies: proxies(&settings),
    })
}

fn published(cancel: &Cancel) -> Result<Vec<super::sources::Published>, HostProblem> {
    let targets = [
        "apt-get",
        "indextargets",
        "--format",
        PUBLISHED,
        "Created-By: Packages",
    ];
    Ok(parse_published(&ask(&targets, cancel)?.unwrap_or_default()))
}

fn machine_sources() -> Vec<Source> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = std::fs::read_dir("/etc/apt/sources.list.d") {
        files.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
    }
    files.sort();
    files
        .iter()
        .filter_map(|file| Some((file, std::fs::read_to_string(file).ok()?)))
        .flat_map(|(file, text)| parse(file, &text))
        .collect()
}

/// The settings that a frozen or local mirror needs, from `apt-config dump`.
fn options(settings: &str) -> Vec<String> {
    let needed = ["Acquire::Check-Valid-Until ", "Acquire::Check-Date "];
    settings
        .lines()
        .filter(|line| needed.iter().any(|name| line.starts_with(name)))
        .map(str::to_owned)
        .collect()
}

/// apt's proxies as variables: in the environment they do not end up in the image.
fn proxies(settings: &str) -> Vec<String> {
    ["http", "https"]
        .iter()
        .filter_map(|scheme| {
            let name = format!("Acquire::{scheme}::Proxy \"");
            let value = settings.lines().find_map(|line| line.strip_prefix(&name))?;
            let value = value.strip_suffix("\";")?;
            (!["", "DIRECT"].contains(&value)).then(|| format!("{scheme}_proxy={value}"))
        })
        .collect()
}

fn making(facts: &HostFacts, recipe: &Recipe, tar: &Path) -> Words {
    let mut making = words(&["env", "TMPDIR=/var/tmp"]);
    making.extend(recipe.proxies.iter().cloned());
    making.extend(words(&[
        "mmdebstrap",
        "--variant=apt",
        "--include=python3-minimal,ca-certificates",
        "--customize-hook=ln -s python3 \"$1/usr/bin/python\"",
    ]));
    making.extend(recipe.options.iter().map(|it| format!("--aptopt={it}")));
    let mut keyrings: Vec<_> = recipe
        .sources
        .iter()
        .filter_map(|source| source.signed_by.as_deref())
        // The distribution's own keyring is in the image by its package.
        .filter(|path| !path.starts_with("/usr/share/keyrings/"))
        .collect();
    keyrings.sort_unstable();
    keyrings.dedup();
    for path in keyrings {
        making.push(format!("--customize-hook=upload {path} {path}"));
    }
    let sources = recipe.sources.iter().map(Source::line);
    let codename = [recipe.codename.clone(), tar.display().to_string()];
    making.extend(operands(codename.into_iter().chain(sources)));
    if facts.user.power == Power::None {
        // It then builds in a user namespace of its own.
        return making;
    }
    as_root(facts, making)
}

fn importing(docker: &DockerCommand, tar: &Path, reference: &str, instead_of: &str) -> Words {
    let mut importing = docker.words(&["import"]);
    let label = format!("LABEL {STAND_IN_LABEL}={instead_of}");
    for change in [
        "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        "WORKDIR /",
        "CMD [\"python3\"]",
        &label,
    ] {
        importing.extend(words(&["--change", change]));
    }
    let image = [tar.display().to_string(), reference.to_owned()];
    importing.extend(operands(image));
    importing
}

/// The last words of a command, never an option, even if it starts like one.
fn operands(words: impl IntoIterator<Item = String>) -> Words {
    let mut operands: Words = words.into_iter().collect();
    if operands.iter().any(|word| word.starts_with('-')) {
        operands.insert(0, "--".to_owned());
    }
    operands
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Recipe, importing, making, operands, options, proxies};
    use crate::host::base::DockerCommand;

    #[test]
    fn no_value_is_an_option_of_the_program_that_is_run() {
        let words = ["a", "b"].map(str::to_owned);
        assert_eq!(operands(words.clone()), words);
        let docker = DockerCommand::new(None);
        let run = importing(&docker, Path::new("/t/base.tar"), "--platform=x", "python");
        assert_eq!(run[run.len() - 3..], ["--", "/t/base.tar", "--platform=x"]);
        let recipe = Recipe {
            codename: "--customize-hook=touch x".to_owned(),
            ..Recipe::default()
        };
        let run = making(
            &crate::host::tests::complete("debian"),
            &recipe,
            Path::new("/t/base.tar"),
        );
        let end = ["--", "--customize-hook=touch x", "/t/base.tar"];
        assert_eq!(run[run.len() - 3..], end);
    }

    #[test]
    fn what_a_mirror_needs_goes_in_and_a_proxy_stays_out_of_the_image() {
        let settings = "Acquire \"\";\nAcquire::Check-Valid-Until \"false\";\n\
            Acquire::http \"\";\nAcquire::http::Proxy \"http://cache:3142\";\n\
            Acquire::https::Proxy \"DIRECT\";\nAcquire::Languages \"none\";\n";
        assert_eq!(options(settings), ["Acquire::Check-Valid-Until \"false\";"]);
        assert_eq!(proxies(settings), ["http_proxy=http://cache:3142"]);
    }
}
