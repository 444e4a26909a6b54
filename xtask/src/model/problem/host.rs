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
    #[error("`{command}` took longer than {} s", .limit.as_secs())]
    TimedOut {
        command: String,
        limit: std::time::Duration,
    },
    #[error("no test has `{filter}` in its name")]
    NoTest { filter: String },
    /// The kit installs from Debian's and Ubuntu's packages only.
    #[error("the kit can't install on `{distribution}`")]
    Distribution { distribution: String },
    /// `command` is the one that would help.
    #[error("`{command}` needs root or sudo")]
    NotRoot { command: String },
    /// Even after its lists were fetched anew.
    #[error("apt offers no package for `{need}`")]
    NotOffered { need: String },
    #[error("the engine's daemon did not start")]
    DaemonDown { log: Vec<String> },
    /// `--offline` forbids what would be needed.
    #[error("`{need}` is missing, and --offline forbids to fetch it")]
    Offline { need: String },
    #[error("cannot write `{path}`")]
    Write {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    #[error("stopped by signal {}", .0.0)]
    Cancelled(Signal),
}
