use std::path::PathBuf;

/// Why a service's image can't be made as the Compose file and the Dockerfile say.
#[derive(Debug, thiserror::Error)]
pub enum SourceProblem {
    /// The classic builder takes the base that is at hand, of whatever platform.
    #[error("service `{service}` is to be for {wanted}, and what was built is for {there}")]
    OtherPlatform {
        service: String,
        wanted: String,
        there: String,
    },
    /// The image that a service only names is at hand, for another platform.
    #[error("service `{service}` is to be for {wanted}, and `{image}` is for {there}")]
    OtherImage {
        service: String,
        image: String,
        wanted: String,
        there: String,
    },
    /// What FROM or `--from` names is no stage of the Dockerfile, nor an image that can be had.
    #[error("{place}: `{before}{name}` names no stage, and there is no image `{name}`")]
    NoStage {
        place: String,
        /// What stands before the name: `FROM ` or `--from=`.
        before: &'static str,
        name: String,
        nearest: String,
    },
    #[error("service `{service}`: there is no Dockerfile `{path}`")]
    DockerfileMissing { service: String, path: PathBuf },
    #[error("service `{service}`: there is no build context `{path}`")]
    ContextMissing { service: String, path: PathBuf },
}
