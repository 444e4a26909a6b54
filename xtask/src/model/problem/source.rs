use std::path::PathBuf;

use crate::model::Place;

/// Why a service's image can't be made as the Compose file and the Dockerfile say.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum SourceProblem {
    /// The classic builder takes the base that is at hand, of whatever platform.
    OtherPlatform {
        service: String,
        wanted: String,
        there: String,
    },
    /// The image that a service only names is at hand, for another platform.
    OtherImage {
        service: String,
        image: String,
        wanted: String,
        there: String,
    },
    /// What FROM or `--from` names is no stage of the Dockerfile, nor an image that can be had.
    NoStage {
        place: Place,
        /// What stands before the name: `FROM ` or `--from=`.
        before: &'static str,
        name: String,
        nearest: String,
    },
    DockerfileMissing {
        service: String,
        path: PathBuf,
    },
    /// A build secret without a value: `what` is a variable or a file.
    SecretMissing {
        service: String,
        what: String,
    },
    /// The engine's platform is none of those that the service lists.
    NoPlatform {
        service: String,
        platforms: Vec<String>,
        engine: String,
    },
    Circle {
        services: Vec<String>,
    },
    ContextMissing {
        service: String,
        path: PathBuf,
    },
}
