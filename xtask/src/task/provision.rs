use std::env;
use std::path::PathBuf;

use super::context::Context;
use crate::engine::Endpoint;
use crate::host::{self, Depth};
use crate::model::{EngineEndpoint, Event, HostFacts, HostProblem, Problem, Stage};

/// The socket of this machine's own daemon.
const SYSTEM: &str = "/var/run/docker.sock";

/// How the host room sees an endpoint: only this machine's own daemon may be started.
pub(super) fn seen(endpoint: &Endpoint) -> EngineEndpoint {
    match endpoint.address().strip_prefix("unix://") {
        Some(SYSTEM | "/run/docker.sock") => EngineEndpoint::System(PathBuf::from(SYSTEM)),
        Some(path) => EngineEndpoint::Socket(PathBuf::from(path)),
        None => EngineEndpoint::Elsewhere(endpoint.address().to_owned()),
    }
}

/// Installs and starts what the engine needs. A user who was just put into group docker is
/// served by running the kit again within it, which replaces this process.
pub(super) fn engine(endpoint: &Endpoint, cx: &Context) -> Result<HostFacts, Problem> {
    let facts = host::look(seen(endpoint), Depth::Presence, &cx.cancel)?;
    if !host::plan(&facts)?.is_empty() {
        cx.events.send(Event::Stage(Stage::Provision));
    }
    let provisioned = host::provision_engine(facts, &cx.events, &cx.cancel)?;
    let arguments: Vec<_> = env::args_os().collect();
    if let Some(words) = host::regroup(&provisioned.facts, &arguments) {
        return Err(replaced_by(&words).into());
    }
    Ok(provisioned.facts)
}

/// Becomes another program; gives a problem only where that fails.
fn replaced_by(words: &[String]) -> HostProblem {
    host::become_command(words)
}
