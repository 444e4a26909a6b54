use crate::model::{HostFacts, Package};

/// Every package that the kit may choose to install for the main job.
pub(super) const KNOWN: [&str; 11] = [
    "docker.io",
    "docker-ce",
    "docker-ce-cli",
    "docker-cli",
    "docker-compose",
    "docker-compose-plugin",
    "docker-compose-v2",
    "docker-buildx",
    "docker-buildx-plugin",
    "ca-certificates",
    "mmdebstrap",
];

/// A use that one of several packages serves, depending on whose packages they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Daemon,
    Command,
    Compose,
    Buildx,
    Certificates,
    StandInMaker,
}

impl Use {
    /// The package to install for it, or `None` where apt offers none.
    ///
    /// A machine that has Docker's own packages stays with them: they and the distribution's
    /// can't be mixed.
    pub(super) fn package(self, facts: &HostFacts) -> Option<&str> {
        let names = if has_docker_ce(facts) {
            self.of_docker()
        } else {
            self.of_distribution()
        };
        names
            .iter()
            .filter_map(|name| package(facts, name))
            .find(|package| package.candidate.is_some())
            .map(|package| package.name.as_str())
    }

    /// What it is about, as its program is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Daemon => "dockerd",
            Self::Command => "docker",
            Self::Compose => "docker compose",
            Self::Buildx => "docker buildx",
            Self::Certificates => "ca-certificates",
            Self::StandInMaker => "mmdebstrap",
        }
    }

    /// Best first. Ubuntu has both `docker-compose-v2` and the old v1 as `docker-compose`;
    /// Debian splits `docker-cli` off `docker.io` from version 13 on.
    fn of_distribution(self) -> &'static [&'static str] {
        match self {
            Self::Daemon => &["docker.io"],
            Self::Command => &["docker-cli", "docker.io"],
            Self::Compose => &["docker-compose-v2", "docker-compose"],
            Self::Buildx => &["docker-buildx"],
            Self::Certificates => &["ca-certificates"],
            Self::StandInMaker => &["mmdebstrap"],
        }
    }

    fn of_docker(self) -> &'static [&'static str] {
        match self {
            Self::Daemon => &["docker-ce"],
            Self::Command => &["docker-ce-cli"],
            Self::Compose => &["docker-compose-plugin"],
            Self::Buildx => &["docker-buildx-plugin"],
            Self::Certificates | Self::StandInMaker => self.of_distribution(),
        }
    }
}

fn has_docker_ce(facts: &HostFacts) -> bool {
    ["docker-ce", "docker-ce-cli"]
        .iter()
        .filter_map(|name| package(facts, name))
        .any(|package| package.installed.is_some())
}

pub(super) fn is_installed(facts: &HostFacts, name: &str) -> bool {
    package(facts, name).is_some_and(|package| package.installed.is_some())
}

fn package<'a>(facts: &'a HostFacts, name: &str) -> Option<&'a Package> {
    facts.offered.iter().find(|package| package.name == name)
}

/// Reads what `LC_ALL=C apt-cache policy NAME...` prints; names that apt does not know are
/// not in it.
pub(super) fn parse_policy(text: &str) -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    for line in text.lines() {
        let version = |prefix| {
            let version = line.strip_prefix(prefix)?.trim();
            (version != "(none)").then(|| version.to_owned())
        };
        match line.strip_suffix(':') {
            Some(name) if !line.starts_with(' ') => packages.push(Package {
                name: name.to_owned(),
                installed: None,
                candidate: None,
            }),
            _ => {
                if let Some(package) = packages.last_mut() {
                    package.installed = version("  Installed:").or(package.installed.take());
                    package.candidate = version("  Candidate:").or(package.candidate.take());
                }
            }
        }
    }
    packages.sort();
    packages
}

#[cfg(test)]
mod tests {
    use super::parse_policy;

    #[test]
    fn a_policy_tells_what_is_installed_and_what_would_be() {
        let packages = parse_policy(
            "docker.io:\n  Installed: (none)\n  Candidate: 26.1\n  Version table:\n     \
             26.1 500\n        500 mirror trixie/main amd64 Packages\n\
             docker-ce:\n  Installed: 5:28\n  Candidate: (none)\n  Version table:\n *** 5:28 100\n",
        );
        let told: Vec<_> = packages
            .iter()
            .map(|package| {
                let version = |it: &Option<String>| it.clone().unwrap_or_default();
                (
                    package.name.as_str(),
                    version(&package.installed),
                    version(&package.candidate),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("docker-ce", "5:28".to_owned(), String::new()),
                ("docker.io", String::new(), "26.1".to_owned()),
            ]
        );
    }
}
