use super::cli::Cli;
use super::progress::says_disk_full;
use crate::model::EngineProblem;

/// What the commands put before the sentence that says what is wrong, in any order.
const WRAPPINGS: [&str; 9] = [
    "ERROR: ",
    "failed to build: ",
    "failed to solve: ",
    "failed to solve with frontend dockerfile.v0: ",
    "failed to solve with frontend gateway.v0: ",
    "failed to create LLB definition: ",
    "failed to load cache key: ",
    "rpc error: code = Unknown desc = ",
    "Error response from daemon: ",
];

/// The sentence itself.
pub(super) fn core(message: &str) -> &str {
    let mut core = message.trim();
    while let Some(rest) = WRAPPINGS
        .iter()
        .find_map(|before| core.strip_prefix(before))
    {
        core = rest.trim_start();
    }
    core
}

/// What it means when the fault is the engine's, its disk's or the way's to it.
pub(super) fn of_engine(cli: &Cli, core: &str, has_begun: bool) -> Option<EngineProblem> {
    let endpoint = cli.endpoint();
    let source = || Some(core.to_owned().into());
    if says_disk_full(core) {
        Some(EngineProblem::DiskFull)
    } else if is_forbidden(core) {
        Some(EngineProblem::Forbidden { endpoint })
    } else if is_cut(core) || (has_begun && is_absent(core)) {
        let source = source();
        Some(EngineProblem::Lost { endpoint, source })
    } else if is_absent(core) {
        let source = source();
        Some(EngineProblem::Unreachable { endpoint, source })
    } else if core.contains("buildx component is missing or broken") {
        Some(EngineProblem::BadBuildx)
    } else {
        None
    }
}

fn is_forbidden(core: &str) -> bool {
    core.contains("permission denied while trying to connect to the Docker")
        || (core.contains("connect to the Docker daemon") && core.contains("permission denied"))
}

fn is_absent(core: &str) -> bool {
    core.starts_with("Cannot connect to the Docker daemon")
        || core.starts_with("failed to dial gRPC: cannot connect to the Docker daemon")
        || core.starts_with("error during connect")
        || core.starts_with("failed to connect to the docker API")
}

fn is_cut(core: &str) -> bool {
    core == "unexpected EOF"
        || core == "EOF"
        || core.contains("rpc error: code = Unavailable")
        || core.contains("error reading from server: EOF")
        || (core.contains("docker.sock") && core.contains("connection reset by peer"))
}

/// A registry could not be asked, or said no.
pub(super) fn is_of_registry(core: &str) -> bool {
    [
        "failed to do request: ",
        "failed to resolve source metadata for ",
        "failed to authorize",
        "failed to fetch ",
        "pull access denied",
        "manifest unknown",
        "manifest for ",
        "dial tcp",
        "no such host",
        "i/o timeout",
        "TLS handshake timeout",
        "Client.Timeout exceeded",
        "connection refused",
        "toomanyrequests",
        "unauthorized: ",
        "x509: ",
    ]
    .iter()
    .any(|sign| core.contains(sign))
}

/// The step was done, and its layer was not kept: another program removed the image that it stands
/// on, or the store is damaged.
pub(super) fn is_of_store(core: &str) -> bool {
    [
        "failed to export image: ",
        "failed to export layer: ",
        "failed to set parent ",
        "failed to create image",
        "layer does not exist",
    ]
    .iter()
    .any(|sign| core.contains(sign))
}
