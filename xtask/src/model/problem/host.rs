use crate::model::Signal;

/// Why this machine can't be looked at, or what is missing can't be installed.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum HostProblem {
    Command {
        command: String,
        log: Vec<String>,
    },
    Spawn {
        command: String,
        source: std::io::Error,
    },
    TimedOut {
        command: String,
        limit: std::time::Duration,
    },
    NoTest {
        filter: String,
    },
    /// The kit installs from Debian's and Ubuntu's packages only.
    Distribution {
        distribution: String,
    },
    /// `command` is the one that would help.
    NotRoot {
        command: String,
    },
    /// Even after its lists were fetched anew.
    NotOffered {
        need: String,
    },
    DaemonDown {
        log: Vec<String>,
    },
    /// `--offline` forbids what would be needed.
    Offline {
        need: String,
    },
    Write {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    Cancelled(Signal),
}
