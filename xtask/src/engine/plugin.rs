use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

/// Where the Docker CLI looks for the plugins of a whole machine
/// (docker/cli, `cli-plugins/manager/manager_unix.go`).
const SYSTEM: [&str; 4] = [
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
];

/// The file of a CLI plugin such as `docker-buildx`, first in the order of the Docker CLI.
///
/// Asking the plugin itself would cost up to a quarter of a second at each run of the kit.
pub(super) fn find(name: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let config = variable("DOCKER_CONFIG")
        .filter(|config| !config.is_empty())
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&variable("HOME")?).join(".docker")));
    let extra = config.as_deref().map(extra_directories).unwrap_or_default();
    config
        .map(|config| config.join("cli-plugins"))
        .into_iter()
        .chain(extra)
        .chain(SYSTEM.map(PathBuf::from))
        .map(|directory| directory.join(name))
        .find(|file| is_program(file))
}

/// The same, where the plugin reaches the engine by itself: of the CLI's variables it does
/// not know those that ask for TLS.
pub(super) fn find_alone(
    name: &str,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Option<PathBuf> {
    let is_set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
    if ["DOCKER_TLS", "DOCKER_TLS_VERIFY"].iter().any(is_set) {
        return None;
    }
    find(name, variable)
}

/// `cliPluginsExtraDirs` of the CLI's `config.json`; a file that can't be read names none.
fn extra_directories(config: &Path) -> Vec<PathBuf> {
    let read = || -> Option<Vec<PathBuf>> {
        let text = std::fs::read(config.join("config.json")).ok()?;
        let config: serde_json::Value = serde_json::from_slice(&text).ok()?;
        let directories = config.get("cliPluginsExtraDirs")?.as_array()?;
        let names = directories.iter().filter_map(serde_json::Value::as_str);
        Some(names.map(PathBuf::from).collect())
    };
    read().unwrap_or_default()
}

fn is_program(file: &Path) -> bool {
    file.is_file() && access(file, Access::EXEC_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::{find, find_alone};

    fn program(path: &Path, mode: u32) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_plugin_is_found_where_the_cli_would_find_it() {
        let root = tempfile::tempdir().unwrap();
        let (home, more) = (root.path().join("home"), root.path().join("more"));
        let variable = |name: &str| (name == "HOME").then(|| OsString::from(home.as_os_str()));
        assert_eq!(find("docker-test-plugin", &variable), None);

        program(&more.join("docker-test-plugin"), 0o755);
        fs::create_dir_all(home.join(".docker")).unwrap();
        let config = format!(
            "{{\"cliPluginsExtraDirs\": [{:?}]}}",
            more.to_str().unwrap()
        );
        fs::write(home.join(".docker/config.json"), config).unwrap();
        let found = find("docker-test-plugin", &variable);
        assert_eq!(found, Some(more.join("docker-test-plugin")));

        let own = home.join(".docker/cli-plugins/docker-test-plugin");
        program(&own, 0o644);
        assert_eq!(
            found,
            find("docker-test-plugin", &variable),
            "not executable"
        );
        program(&own, 0o755);
        assert_eq!(find("docker-test-plugin", &variable), Some(own));
    }

    #[test]
    fn with_tls_the_docker_command_is_asked_and_not_the_plugin_itself() {
        let config = tempfile::tempdir().unwrap();
        let plugin = config.path().join("cli-plugins/docker-buildx");
        program(&plugin, 0o755);
        let found = |verify: &str| {
            find_alone("docker-buildx", &|name| match name {
                "DOCKER_CONFIG" => Some(OsString::from(config.path())),
                "DOCKER_TLS_VERIFY" => Some(OsString::from(verify)),
                _ => None,
            })
        };
        assert_eq!(found(""), Some(plugin));
        assert_eq!(found("1"), None);
    }
}
