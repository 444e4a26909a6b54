use crate::model::{EngineEndpoint, HostFacts, Init, Power};

/// A command as its words, the program first.
pub(super) type Words = Vec<String>;

pub(super) fn words(words: &[&str]) -> Words {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// As a person would type it, without the password that a proxy's address may hold.
pub(super) fn shown(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| quoted(&redacted(word))).collect();
    words.join(" ")
}

/// With quotes only where a shell needs them.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    shlex::try_quote(word).map_or_else(|_| format!("{word:?}"), Into::into)
}

fn redacted(word: &str) -> String {
    let secret = word.split_once("://").and_then(|(scheme, rest)| {
        let host_ends = rest.find('/').unwrap_or(rest.len());
        let secret_ends = rest[..host_ends].rfind('@')?;
        Some(format!("{scheme}://***{}", &rest[secret_ends..]))
    });
    secret.unwrap_or_else(|| word.to_owned())
}

/// The same command with root's rights; sudo drops the proxies unless told to keep them.
pub(super) fn as_root(facts: &HostFacts, command: Words) -> Words {
    if facts.user.power == Power::Root {
        return command;
    }
    let mut sudo = words(&["sudo"]);
    if !facts.proxies.is_empty() {
        sudo.push(format!("--preserve-env={}", facts.proxies.join(",")));
    }
    sudo.extend(command);
    sudo
}

/// How long apt waits for another program that is installing, in seconds.
const LOCK_TIMEOUT: &str = "DPkg::Lock::Timeout=300";

fn apt_get(facts: &HostFacts, rest: &[&str]) -> Words {
    let mut command = words(&[
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        LOCK_TIMEOUT,
    ]);
    command.extend(words(rest));
    as_root(facts, command)
}

/// Fetches the lists of packages anew.
pub(super) fn update(facts: &HostFacts) -> Words {
    apt_get(facts, &["update"])
}

/// Installs packages and what they need. Not what they recommend: Debian's Compose
/// recommends an engine of its own beside the one that is there.
pub(super) fn install(facts: &HostFacts, packages: &[String]) -> Words {
    let mut rest = vec!["install", "--yes", "--no-install-recommends"];
    rest.extend(packages.iter().map(String::as_str));
    apt_get(facts, &rest)
}

/// Adds the user to group docker.
pub(super) fn join(facts: &HostFacts) -> Words {
    as_root(
        facts,
        words(&[
            "usermod",
            "--append",
            "--groups",
            "docker",
            "--",
            &facts.user.name,
        ]),
    )
}

/// Where a daemon that nothing else starts writes its log.
pub(super) const DAEMON_LOG: &str = "/var/log/dockerd.log";

/// The ways to start the daemon, to be tried in order until it answers.
///
/// A service script can fail where the daemon itself would not: Debian's raises a limit
/// first, and containers often may not.
pub(super) fn starts(facts: &HostFacts) -> Vec<Words> {
    let detached = format!("exec dockerd >>{DAEMON_LOG} 2>&1 </dev/null");
    let service = match facts.init {
        Init::Systemd => Some(words(&["systemctl", "start", "docker"])),
        Init::Script => Some(words(&["service", "docker", "start"])),
        Init::Nothing => None,
    };
    let alone = words(&["setsid", "--fork", "sh", "-c", &detached]);
    service
        .into_iter()
        .chain([alone])
        .map(|start| as_root(facts, start))
        .collect()
}

/// The way to restart a daemon of this machine that is stuck, where something here minds it.
pub(super) fn restart(facts: &HostFacts) -> Option<Words> {
    let service = match (&facts.engine.endpoint, facts.init) {
        (EngineEndpoint::System(_), Init::Systemd) => ["systemctl", "restart", "docker"],
        (EngineEndpoint::System(_), Init::Script) => ["service", "docker", "restart"],
        _ => return None,
    };
    Some(as_root(facts, words(&service)))
}

#[cfg(test)]
mod tests {
    use super::{shown, words};

    #[test]
    fn a_proxys_password_is_never_shown() {
        let command = words(&[
            "env",
            "http_proxy=http://ada:s3@cret@proxy:3128/",
            "apt-get",
        ]);
        assert_eq!(
            shown(&command),
            "env 'http_proxy=http://***@proxy:3128/' apt-get"
        );
        let plain = words(&["docker", "pull", "registry:5000/a@sha256:00"]);
        assert_eq!(shown(&plain), "docker pull registry:5000/a@sha256:00");
    }
}
