use super::command;
use super::look::{Depth, look, power};
use super::run::{announce, answer, authenticate, run};
use crate::model::{
    Cancel, EngineEndpoint, Events, HostFacts, HostProblem, Power, ProvisionReason,
};

/// Installs those of `names` that are not installed, from the distribution's packages;
/// returns their names.
///
/// # Errors
/// [`HostProblem::Distribution`] or [`HostProblem::NotRoot`] where the kit may not, and
/// what apt said where it could not.
pub fn install_packages(
    names: &[&str],
    events: &Events,
    cancel: &Cancel,
) -> Result<Vec<String>, HostProblem> {
    let missing = not_installed(names, cancel)?;
    if missing.is_empty() {
        return Ok(missing);
    }
    let nowhere = EngineEndpoint::Elsewhere(String::new());
    let mut facts = look(nowhere, Depth::Presence, cancel)?;
    allow(&mut facts, &missing, events, cancel)?;
    install(&facts, &missing, events, cancel)?;
    Ok(missing)
}

/// Finds out how to become root, and lets sudo ask for its password if it must.
pub(super) fn allow(
    facts: &mut HostFacts,
    packages: &[String],
    events: &Events,
    cancel: &Cancel,
) -> Result<(), HostProblem> {
    refuse_other_distributions(facts)?;
    facts.user.power = power(&facts.user, cancel)?;
    let allowed = match facts.user.power {
        Power::Root | Power::Sudo => true,
        Power::SudoAsks => authenticate(events, cancel)?,
        Power::None => false,
    };
    if allowed {
        return Ok(());
    }
    Err(HostProblem::NotRoot {
        command: command::shown(&command::install(facts, packages)),
    })
}

/// The kit knows the packages of Debian, Ubuntu and what derives from them.
pub(super) fn refuse_other_distributions(facts: &HostFacts) -> Result<(), HostProblem> {
    match &facts.distribution {
        Some(known) if known.is_debian_or_ubuntu() => Ok(()),
        other => Err(HostProblem::Distribution {
            distribution: other
                .as_ref()
                .map_or_else(|| "?".to_owned(), |other| other.pretty.clone()),
        }),
    }
}

/// Installs, and fetches the lists and tries again where they were too old or not there.
pub(super) fn install(
    facts: &HostFacts,
    packages: &[String],
    events: &Events,
    cancel: &Cancel,
) -> Result<(), HostProblem> {
    let words = command::install(facts, packages);
    let reason = || ProvisionReason::Packages {
        names: packages.to_vec(),
    };
    announce(events, &words, reason());
    match run(&words, events, cancel) {
        Err(HostProblem::Command { log, .. }) if is_for_old_lists(&log) => {
            update(facts, events, cancel)?;
            announce(events, &words, reason());
            run(&words, events, cancel)
        }
        result => result,
    }
}

pub(super) fn update(
    facts: &HostFacts,
    events: &Events,
    cancel: &Cancel,
) -> Result<(), HostProblem> {
    let words = command::update(facts);
    announce(events, &words, ProvisionReason::PackageLists);
    run(&words, events, cancel)
}

/// What apt says where its lists name a version that the mirror has no more, or no package
/// of the name.
fn is_for_old_lists(log: &[String]) -> bool {
    let signs = [
        "Failed to fetch",
        "Unable to locate package",
        "has no installation candidate",
    ];
    log.iter()
        .any(|line| signs.iter().any(|sign| line.contains(sign)))
}

fn not_installed(names: &[&str], cancel: &Cancel) -> Result<Vec<String>, HostProblem> {
    let format = "--showformat=${Package} ${db:Status-Status}\n";
    let question: Vec<_> = ["dpkg-query", "--show", format]
        .iter()
        .chain(names)
        .copied()
        .collect();
    // It exits with 1 where it does not know one of them.
    let text = answer(&question, cancel)?.map_or_else(String::new, |(_, text)| text);
    Ok(without_installed(names, &text))
}

fn without_installed(names: &[&str], answer: &str) -> Vec<String> {
    let installed = |name: &str| {
        let line = format!("{name} installed");
        answer.lines().any(|answer| answer == line)
    };
    let missing = names.iter().filter(|name| !installed(name));
    missing.map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_for_old_lists, without_installed};

    #[test]
    fn only_what_is_wholly_installed_counts() {
        let answer = "podman installed\nskopeo half-configured\nchromium not-installed";
        let missing = without_installed(&["podman", "skopeo", "chromium", "pod"], answer);
        assert_eq!(missing, ["skopeo", "chromium", "pod"]);
    }

    #[test]
    fn lists_are_fetched_again_only_where_that_can_help() {
        let said = |line: &str| is_for_old_lists(&[line.to_owned()]);
        assert!(said("E: Unable to locate package docker.io"));
        assert!(said("E: Failed to fetch http://m/x.deb  404  Not Found"));
        assert!(!said(
            "invoke-rc.d: initscript docker, action \"start\" failed."
        ));
    }
}
