use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::model::{Digest, EngineProblem};

const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
const PODMAN_SOCKET: &str = "/run/podman/podman.sock";

/// What the Docker CLI takes in `DOCKER_HOST` besides a unix socket.
const CLI_SCHEMES: [&str; 5] = ["tcp", "ssh", "http", "https", "npipe"];

/// ssh asks for a passphrase or about a new host where the user can't see it: behind the
/// progress, or in a window for each of many connections. So it must not ask, and fails.
const ASKS_NOTHING: (&str, &str) = ("SSH_ASKPASS_REQUIRE", "never");

/// Where an engine is, and how to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    address: String,
    route: Route,
    environment: Vec<(String, String)>,
}

/// How the API is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Socket(PathBuf),
    /// Through `docker system dial-stdio`: keys, certificates and contexts are the CLI's.
    Cli,
}

impl Endpoint {
    /// Looks in this process's environment: `host` (of `--host`), `DOCKER_HOST`, the current
    /// docker context, then the first usual socket that answers.
    ///
    /// Where no socket answers, the first one that exists is returned, else the default one:
    /// connecting to it then says what is wrong.
    pub fn discover(host: Option<&str>) -> Result<Self, EngineProblem> {
        Self::discover_in(host, &|name| std::env::var_os(name))
    }

    /// The same with another environment.
    pub fn discover_in(
        host: Option<&str>,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, EngineProblem> {
        let text = |name: &str| {
            let value = variable(name)?.to_string_lossy().into_owned();
            (!value.is_empty()).then_some(value)
        };
        if let Some(host) = host.map(str::to_owned).or_else(|| text("DOCKER_HOST")) {
            return Self::at_host(&host);
        }
        let home = text("HOME").map(PathBuf::from);
        let config = text("DOCKER_CONFIG")
            .map(PathBuf::from)
            .or_else(|| Some(home.as_ref()?.join(".docker")));
        let context = text("DOCKER_CONTEXT").or_else(|| current_context(config.as_deref()?));
        match context {
            Some(name) if name != "default" => Self::at_context(&name, config.as_deref()),
            _ => {
                let runtime = text("XDG_RUNTIME_DIR").map(PathBuf::from);
                let sockets = usual_sockets(home.as_deref(), runtime.as_deref());
                Ok(Self::at_socket(&first_answering(&sockets)))
            }
        }
    }

    /// The endpoint as `DOCKER_HOST` names it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The variables that make a Docker CLI, Compose or buildx child reach the same engine.
    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    fn at_host(host: &str) -> Result<Self, EngineProblem> {
        Ok(Self {
            address: host.to_owned(),
            route: route_of(host)?,
            environment: environment(host, "DOCKER_HOST", host),
        })
    }

    fn at_socket(path: &Path) -> Self {
        let address = format!("unix://{}", path.display());
        Self {
            environment: environment(&address, "DOCKER_HOST", &address),
            route: Route::Socket(path.to_owned()),
            address,
        }
    }

    /// The child is given the context and not its host: TLS material and the choice of a
    /// buildx builder go with the context.
    fn at_context(name: &str, config: Option<&Path>) -> Result<Self, EngineProblem> {
        let unknown = |source: io::Error| EngineProblem::BadEndpoint {
            endpoint: format!("context {name}"),
            source: Some(source.into()),
        };
        let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no such docker context");
        let address =
            context_host(config.ok_or_else(|| unknown(missing()))?, name).map_err(|error| {
                match error.kind() {
                    io::ErrorKind::NotFound => unknown(missing()),
                    _ => unknown(error),
                }
            })?;
        Ok(Self {
            route: route_of(&address)?,
            environment: environment(&address, "DOCKER_CONTEXT", name),
            address,
        })
    }
}

fn environment(address: &str, name: &str, value: &str) -> Vec<(String, String)> {
    let silence = address.starts_with("ssh://").then_some(ASKS_NOTHING);
    let variables = [(name, value)].into_iter().chain(silence);
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn route_of(host: &str) -> Result<Route, EngineProblem> {
    match host.split_once("://") {
        Some(("unix", path)) if path.starts_with('/') => Ok(Route::Socket(PathBuf::from(path))),
        Some((scheme, rest)) if CLI_SCHEMES.contains(&scheme) && !rest.is_empty() => Ok(Route::Cli),
        _ => Err(EngineProblem::BadEndpoint {
            endpoint: host.to_owned(),
            source: None,
        }),
    }
}

/// `currentContext` of the CLI's `config.json`; a file that can't be read names none.
fn current_context(config: &Path) -> Option<String> {
    let text = fs::read(config.join("config.json")).ok()?;
    let config: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let name = config.get("currentContext")?.as_str()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The host of a context, from where the Docker CLI keeps it:
/// `contexts/meta/<SHA-256 of the name>/meta.json`, `Endpoints.docker.Host`.
fn context_host(config: &Path, name: &str) -> io::Result<String> {
    let directory = Digest::from_hash(Sha256::digest(name).into()).hex();
    let meta = config
        .join("contexts/meta")
        .join(directory)
        .join("meta.json");
    let meta: serde_json::Value = serde_json::from_slice(&fs::read(meta)?)?;
    meta.pointer("/Endpoints/docker/Host")
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| io::Error::other("the context names no docker host"))
}

/// Docker's own, rootless Docker's, Docker Desktop's, then Podman's.
fn usual_sockets(home: Option<&Path>, runtime: Option<&Path>) -> Vec<PathBuf> {
    [
        Some(PathBuf::from(DEFAULT_SOCKET)),
        runtime.map(|runtime| runtime.join("docker.sock")),
        home.map(|home| home.join(".docker/run/docker.sock")),
        home.map(|home| home.join(".docker/desktop/docker.sock")),
        Some(PathBuf::from(PODMAN_SOCKET)),
        runtime.map(|runtime| runtime.join("podman/podman.sock")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn first_answering(sockets: &[PathBuf]) -> PathBuf {
    sockets
        .iter()
        .find(|path| UnixStream::connect(path).is_ok())
        .or_else(|| sockets.iter().find(|path| path.exists()))
        .cloned()
        .unwrap_or_else(|| PathBuf::from(DEFAULT_SOCKET))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::os::unix::net::{UnixDatagram, UnixListener};

    use super::{Endpoint, Route, context_host, first_answering, fs};
    use crate::model::EngineProblem;

    fn discover(host: Option<&str>, variables: &[(&str, &str)]) -> Result<Endpoint, EngineProblem> {
        let variables: HashMap<_, _> = variables.iter().copied().collect();
        Endpoint::discover_in(host, &|name| variables.get(name).map(Into::into))
    }

    /// A CLI configuration with one context, `far`, which is the current one.
    fn configuration(host: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        // `printf far | sha256sum`
        let name = "512eea46ceb3921dff4363c7069d89d4964d1d9fccaa0f411851a7aa60a5c868";
        let meta = directory.path().join("contexts/meta").join(name);
        fs::create_dir_all(&meta).unwrap();
        let text = format!(r#"{{"Name":"far","Endpoints":{{"docker":{{"Host":"{host}"}}}}}}"#);
        fs::write(meta.join("meta.json"), text).unwrap();
        fs::write(
            directory.path().join("config.json"),
            r#"{"currentContext":"far"}"#,
        )
        .unwrap();
        directory
    }

    #[test]
    fn the_flag_goes_before_the_variable_and_the_variable_before_the_context() {
        let config = configuration("ssh://lab@far");
        let config = config.path().to_str().unwrap();
        let variables = [("DOCKER_HOST", "unix:///b"), ("DOCKER_CONFIG", config)];
        let flag = discover(Some("unix:///a"), &variables).unwrap();
        assert_eq!(flag.address(), "unix:///a");
        assert_eq!(
            flag.environment(),
            [("DOCKER_HOST".into(), "unix:///a".into())]
        );
        assert_eq!(discover(None, &variables).unwrap().address(), "unix:///b");
        let context = discover(None, &variables[1..]).unwrap();
        assert_eq!(context.address(), "ssh://lab@far");
        assert_eq!(*context.route(), Route::Cli);
        assert_eq!(
            context.environment(),
            [
                ("DOCKER_CONTEXT".into(), "far".into()),
                ("SSH_ASKPASS_REQUIRE".into(), "never".into()),
            ]
        );
    }

    #[test]
    fn a_context_on_a_socket_is_spoken_to_directly() {
        let config = configuration("unix:///run/far.sock");
        let variables = [("DOCKER_CONFIG", config.path().to_str().unwrap())];
        let endpoint = discover(None, &variables).unwrap();
        assert_eq!(*endpoint.route(), Route::Socket("/run/far.sock".into()));
    }

    #[test]
    fn the_variable_chooses_another_context_and_default_means_the_usual_sockets() {
        let config = configuration("ssh://lab@far");
        let config = config.path().to_str().unwrap();
        let variables = [("DOCKER_CONFIG", config), ("DOCKER_CONTEXT", "default")];
        assert!(
            discover(None, &variables)
                .unwrap()
                .address()
                .starts_with("unix://")
        );
        let variables = [("DOCKER_CONFIG", config), ("DOCKER_CONTEXT", "gone")];
        let problem = discover(None, &variables).unwrap_err();
        assert!(
            matches!(&problem, EngineProblem::BadEndpoint { endpoint, .. } if endpoint == "context gone"),
            "{problem}"
        );
    }

    #[test]
    fn a_context_without_a_docker_host_is_refused() {
        let config = configuration("x");
        let meta = config.path().join("contexts/meta");
        let meta = fs::read_dir(meta).unwrap().next().unwrap().unwrap().path();
        fs::write(meta.join("meta.json"), "{}").unwrap();
        assert!(context_host(config.path(), "far").is_err());
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for host in [
            "",
            "unix://",
            "unix://relative",
            "/var/run/docker.sock",
            "tcp://",
            "ftp://x",
        ] {
            let result = discover(Some(host), &[]);
            assert!(
                matches!(result, Err(EngineProblem::BadEndpoint { .. })),
                "{host}"
            );
        }
        assert_eq!(
            *discover(Some("tcp://h:1"), &[]).unwrap().route(),
            Route::Cli
        );
    }

    #[test]
    fn a_socket_that_answers_goes_before_one_that_only_exists() {
        let directory = tempfile::tempdir().unwrap();
        let paths = ["none", "dead", "alive"].map(|name| directory.path().join(name));
        // A closed listener would live on in a child that another test is starting.
        let _dead = UnixDatagram::bind(&paths[1]).unwrap();
        let _alive = UnixListener::bind(&paths[2]).unwrap();
        assert_eq!(first_answering(&paths), paths[2]);
        assert_eq!(first_answering(&paths[..2]), paths[1]);
    }
}
