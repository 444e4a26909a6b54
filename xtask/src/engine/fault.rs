use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use bollard::errors::Error;

use super::api::Client;
use crate::model::{EngineAction, EngineProblem};

/// What stands behind an error of the API, whatever wraps it: bollard's and hyper's own
/// sentences hide their causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Nothing is there, or nothing listens.
    Absent,
    Forbidden,
    /// What answers does not speak HTTP, or not the Engine API.
    Foreign,
    /// The connection broke.
    Cut,
}

impl Client {
    /// Before the engine has ever answered.
    pub(super) fn unreachable(&self, error: Error) -> EngineProblem {
        let endpoint = self.endpoint();
        match nature(&error) {
            _ if wants_tls(&error) => EngineProblem::NeedsTls { endpoint },
            Nature::Forbidden => EngineProblem::Forbidden { endpoint },
            Nature::Foreign => EngineProblem::BadEndpoint {
                endpoint,
                source: Some(error.into()),
            },
            Nature::Absent if self.is_through_cli() && spawn_failed(&error) => {
                EngineProblem::NoProgram {
                    program: "docker".to_owned(),
                }
            }
            Nature::Absent | Nature::Cut => EngineProblem::Unreachable {
                endpoint,
                source: Some(error.into()),
            },
        }
    }

    /// Once the engine has answered: what an error of a later call means.
    pub(super) fn problem(&self, action: EngineAction, error: Error) -> EngineProblem {
        match error {
            Error::DockerResponseServerError { message, .. }
            | Error::DockerStreamError { error: message } => {
                if message.contains("no space left on device") {
                    EngineProblem::DiskFull
                } else {
                    EngineProblem::Refused {
                        engine: self.kind,
                        action,
                        message,
                    }
                }
            }
            error => self.lost(error),
        }
    }

    pub(super) fn lost(&self, error: Error) -> EngineProblem {
        let endpoint = self.endpoint();
        let nature = nature(&error);
        let source = Some(error.into());
        match nature {
            Nature::Foreign => EngineProblem::BadEndpoint { endpoint, source },
            _ => EngineProblem::Lost { endpoint, source },
        }
    }

    pub(super) fn silent(&self, limit: Duration) -> EngineProblem {
        EngineProblem::Silent {
            endpoint: self.endpoint(),
            limit,
        }
    }
}

fn nature(error: &Error) -> Nature {
    if matches!(
        error,
        Error::JsonDataError { .. } | Error::JsonSerdeError { .. } | Error::StrParseError { .. }
    ) {
        return Nature::Foreign;
    }
    // These two pass over what they wrap when asked for their source.
    let mut cause: Option<&(dyn StdError + 'static)> = match error {
        Error::IOError { err } => Some(err),
        Error::HyperResponseError { err } => Some(err),
        error => Some(error),
    };
    while let Some(error) = cause {
        if let Some(nature) = error.downcast_ref::<io::Error>().and_then(nature_of_io) {
            return nature;
        }
        if error
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
        {
            return Nature::Foreign;
        }
        cause = error.source();
    }
    Nature::Cut
}

fn nature_of_io(error: &io::Error) -> Option<Nature> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Some(Nature::Absent),
        io::ErrorKind::PermissionDenied => Some(Nature::Forbidden),
        io::ErrorKind::InvalidData => Some(Nature::Foreign),
        _ => None,
    }
}

/// Whether what answers is a server of Go's that was spoken to without TLS: it says so in
/// HTTP (`net/http`, 400).
pub(super) fn wants_tls(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 400, message }
        if message.contains("HTTP request to an HTTPS server"))
}

fn spawn_failed(error: &Error) -> bool {
    matches!(error, Error::IOError { err } if err.kind() == io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use std::io;

    use bollard::errors::Error;

    use super::{Nature, nature};

    #[test]
    fn the_cause_is_found_by_its_number() {
        for (number, expected) in [
            (2, Nature::Absent),
            (111, Nature::Absent),
            (13, Nature::Forbidden),
            (104, Nature::Cut),
        ] {
            let error = Error::from(io::Error::from_raw_os_error(number));
            assert_eq!(nature(&error), expected, "os error {number}");
        }
    }
}
