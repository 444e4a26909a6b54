use crate::model::Signal;

/// Why this machine can't be looked at, or what is missing can't be installed.
#[derive(Debug, thiserror::Error)]
pub enum HostProblem {
    #[error("`{command}` failed")]
    Command { command: String, log: Vec<String> },
    #[error("`{command}` cannot be run")]
    Spawn {
        command: String,
        source: std::io::Error,
    },
    /// The kit installs from Debian's and Ubuntu's packages only.
    #[error("the kit can't install on `{distribution}`")]
    Distribution { distribution: String },
    #[error("installing needs root or sudo")]
    NotRoot,
    #[error("the engine's daemon did not start")]
    DaemonDown { log: Vec<String> },
    /// `--offline` forbids what would be needed.
    #[error("`{need}` is missing and --offline forbids to fetch it")]
    Offline { need: String },
    #[error("cannot write `{path}`")]
    Write {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    #[error("stopped by signal {}", .0.0)]
    Cancelled(Signal),
}
